"""Reading what looks odd about votes, and how far those have come that are held for it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, func, select

from deliberate.algorithms.folding import words
from deliberate.kernel.db import db, fetch_rows
from deliberate.voting import cases, codes, electorates, keys, suspicions
from deliberate.voting.contacts import Contact, ContactKind
from deliberate.voting.models import (
    CaseExplanation,
    CaseLetter,
    CodeBatch,
    DecisionLetter,
    Participation,
    Poll,
    VoteCase,
    Voter,
    VoteSignal,
    VoteVerdict,
    VotingCode,
)
from deliberate.voting.quarantine_rules import HeldFacts
from deliberate.voting.states import CaseKind, Channel, LetterWay, PollState, SignalKind
from deliberate.voting.suspicions import Group, Row, Thresholds

WHAT = "explanation"  # of which the municipality's key makes hashes


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressee:
    """Who hears that their vote is held: as they said it, or the number of their letter."""

    case_id: int
    number: str  # of the case
    voter: Voter | None
    code: str  # "2/17": batch and letter of whoever voted with a code


def find_groups(poll: Poll) -> list[Group]:
    """Return what the votes that came without an account have in common."""
    limit = electorates.read(poll.electorate_terms).persons_a_contact
    return suspicions.find(_rows(poll), Thresholds.for_limit(limit), ends_at=poll.ends_at)


def find_group(poll: Poll, group_id: str) -> Group | None:
    return next((group for group in find_groups(poll) if group.id == group_id), None)


def _rows(poll: Poll) -> list[Row]:
    surnames = {
        key: " ".join(words(surname))
        for key, surname in fetch_rows(
            select(Voter.person_key, Voter.surname).where(
                Voter.tenant_id == poll.tenant_id, Voter.poll_id == poll.id
            )
        )
    }
    hours: dict[str, datetime] = {}
    values: dict[str, dict[str, str]] = {}
    for key, kind, value, hour in fetch_rows(
        select(
            VoteSignal.person_key, VoteSignal.kind, VoteSignal.value_hash, VoteSignal.hour
        ).where(VoteSignal.tenant_id == poll.tenant_id, VoteSignal.poll_id == poll.id)
    ):
        hours[key] = hour
        values.setdefault(key, {})[kind] = value
    return [
        Row(
            person_key=key,
            hour=hours[key],
            surname=surnames.get(key, ""),
            contact=own.get(SignalKind.CONTACT, ""),
            home=own.get(SignalKind.HOME, ""),
            network=own.get(SignalKind.NETWORK, ""),
        )
        for key, own in sorted(values.items())
    ]


def list_held_keys(poll: Poll) -> frozenset[str]:
    """Return whose votes are held, or were until two persons decided."""
    found = select(VoteCase.person_key).where(
        VoteCase.tenant_id == poll.tenant_id,
        VoteCase.poll_id == poll.id,
        VoteCase.kind == CaseKind.SUSPICION,
    )
    return frozenset(db.session.scalars(found))


def list_voters(poll: Poll, person_keys: Collection[str]) -> Mapping[str, Voter]:
    """Return what people said of themselves, by person key; holders of codes said nothing."""
    found = select(Voter).where(
        Voter.tenant_id == poll.tenant_id,
        Voter.poll_id == poll.id,
        Voter.person_key.in_(person_keys),
    )
    return {voter.person_key: voter for voter in db.session.scalars(found)}


def open_contact(poll: Poll, voter: Voter) -> Contact | None:
    """Return by what somebody can be written to, while the poll's contact key is there."""
    address = keys.open_contact(poll.id, voter.contact_sealed, person=voter.person_key)
    return Contact(kind=ContactKind(voter.contact_kind), address=address) if address else None


def list_codes(poll: Poll, person_keys: Collection[str]) -> Mapping[str, str]:
    """Return "batch/letter" of the codes with which people voted, by person key."""
    rows = db.session.execute(
        select(VotingCode.person_key, CodeBatch.no, VotingCode.serial)
        .join(CodeBatch, CodeBatch.id == VotingCode.batch_id)
        .where(VotingCode.poll_id == poll.id, VotingCode.person_key.in_(person_keys))
    )
    return {key: f"{no}/{serial}" for key, no, serial in rows if key is not None}


def is_any_on_paper(poll: Poll, person_keys: Collection[str]) -> bool:
    found = select(Participation.person_key).where(
        Participation.tenant_id == poll.tenant_id,
        Participation.poll_id == poll.id,
        Participation.channel == Channel.PAPER,
        Participation.person_key.in_(person_keys),
    )
    return db.session.scalar(found.limit(1)) is not None


# Letters.


def list_addressees(poll: Poll, case_id: int | None = None) -> list[Addressee]:
    """Return to whom letters wait to be printed; or who one case is about, printed or not."""
    wanted = (
        (CaseLetter.way == LetterWay.PAPER, CaseLetter.written_at.is_(None))
        if case_id is None
        else (CaseLetter.case_id == case_id,)
    )
    found = db.session.scalars(
        select(VoteCase)
        .join(CaseLetter, CaseLetter.case_id == VoteCase.id)
        .where(VoteCase.tenant_id == poll.tenant_id, VoteCase.poll_id == poll.id, *wanted)
        .order_by(VoteCase.id)
    ).all()
    return _addressees(poll, found)


def _addressees(poll: Poll, found: Sequence[VoteCase]) -> list[Addressee]:
    person_keys = [case.person_key for case in found]
    voters, used = list_voters(poll, person_keys), list_codes(poll, person_keys)
    return [
        Addressee(
            case_id=case.id,
            number=cases.number_of(case),
            voter=voters.get(case.person_key),
            code=used.get(case.person_key, ""),
        )
        for case in found
    ]


def list_decided(poll: Poll) -> list[tuple[Addressee, VoteVerdict]]:
    """Return whom a letter on paper tells what was decided: those that wait, else all of them."""
    rows = db.session.execute(
        select(VoteCase, VoteVerdict, DecisionLetter.written_at)
        .join(VoteVerdict, VoteVerdict.case_id == VoteCase.id)
        .join(DecisionLetter, DecisionLetter.case_id == VoteCase.id)
        .where(
            VoteCase.tenant_id == poll.tenant_id,
            VoteCase.poll_id == poll.id,
            DecisionLetter.way == LetterWay.PAPER,
        )
        .order_by(VoteCase.id)
    ).all()
    wanted = [row for row in rows if row[2] is None] or rows
    verdicts = [verdict for _, verdict, _ in wanted]
    return list(zip(_addressees(poll, [case for case, _, _ in wanted]), verdicts, strict=True))


def count_untold(poll: Poll) -> tuple[int, int]:
    """Return how many letters of decision there are on paper: to be printed, and all of them."""
    waiting, every = db.session.execute(
        select(func.count().filter(DecisionLetter.written_at.is_(None)), func.count())
        .select_from(DecisionLetter)
        .join(VoteCase, VoteCase.id == DecisionLetter.case_id)
        .where(
            VoteCase.tenant_id == poll.tenant_id,
            VoteCase.poll_id == poll.id,
            DecisionLetter.way == LetterWay.PAPER,
        )
    ).one()
    return waiting, every


def count_unprinted(poll: Poll) -> int:
    waiting = (
        select(func.count())
        .select_from(CaseLetter)
        .join(VoteCase, VoteCase.id == CaseLetter.case_id)
        .where(
            VoteCase.tenant_id == poll.tenant_id,
            VoteCase.poll_id == poll.id,
            CaseLetter.written_at.is_(None),
        )
    )
    return db.session.scalars(waiting).one()


def hash_of(poll: Poll, code: str) -> str:
    """Return what is kept of the code of a letter; the same code in another poll is another."""
    return keys.hashed(poll.tenant_id, poll.id, WHAT, code)


def find_by_code(poll: Poll, typed: str) -> VoteCase | None:
    """Return the case to whose letter a code belongs; None too for a code that was cut short."""
    code = codes.read_code(typed)
    if code is None:
        return None
    return db.session.scalar(
        select(VoteCase)
        .join(CaseLetter, CaseLetter.case_id == VoteCase.id)
        .where(
            VoteCase.tenant_id == poll.tenant_id,
            VoteCase.poll_id == poll.id,
            CaseLetter.code_hash == hash_of(poll, code),
        )
    )


def held_facts(poll: Poll, case: VoteCase, *, now: datetime) -> HeldFacts:
    """Gather how far one held vote has come."""
    until, is_explained, has_verdict = db.session.execute(
        select(
            CaseLetter.answer_until,
            exists().where(CaseExplanation.case_id == case.id),
            exists().where(VoteVerdict.case_id == case.id),
        ).where(CaseLetter.case_id == case.id)
    ).one()
    return HeldFacts(
        now=now,
        answer_until=until,
        is_explained=is_explained,
        has_verdict=has_verdict,
        is_working_up=poll.state == PollState.WORKING_UP,
    )


def first_of(groups: Sequence[Group], most: int) -> list[str]:
    """Return the person keys that a page names: the first ones of each group."""
    return sorted({key for group in groups for key in group.members[:most]})
