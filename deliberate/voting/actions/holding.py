"""Votes held for a person to explain: by one person of the office, with a letter to each voter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from deliberate.audit import entries
from deliberate.kernel.actor import Actor
from deliberate.kernel.db import db, lock
from deliberate.kernel.refusals import Refused
from deliberate.tenancy.models import Municipality
from deliberate.voting import (
    cases,
    held_letters,
    quarantine,
    quarantine_rules,
    queries,
)
from deliberate.voting.actions import coding, pausing
from deliberate.voting.clock import db_now
from deliberate.voting.models import CaseLetter, Poll, VoteCase
from deliberate.voting.proof import proven
from deliberate.voting.states import CaseKind, LetterWay
from deliberate.voting.suspicions import Group


def hold(tenant: Municipality, poll: Poll, group_id: str, reason: str, *, actor: Actor) -> int:
    """Hold the votes of a group that nobody holds yet, and write to each voter. Returns how many.

    Decides nothing: whether such a vote counts is said by two persons, after its voter was heard.
    """
    person_id = proven(actor)
    now = _begin(poll)
    group = quarantine.find_group(poll, group_id)
    if group is None:
        raise Refused(quarantine_rules.GONE)
    if group.is_hint:
        raise Refused(quarantine_rules.HINT_ONLY)
    held = quarantine.list_held_keys(poll)
    person_keys = [key for key in group.members if key not in held]
    if not person_keys:
        raise Refused(quarantine_rules.ALL_HELD)
    if quarantine.is_any_on_paper(poll, person_keys):
        raise Refused(quarantine_rules.ON_PAPER)
    opened = _open_cases(poll, group, person_keys, reason, person_id=person_id, now=now)
    _write_letters(tenant, poll, opened, now=now)
    entries.record(
        "votes.held",
        f"poll:{poll.id}",
        actor=actor,
        at=now,
        tenant_id=poll.tenant_id,
        grounds=group.kind,
        votes=len(opened),
        reason=reason,
    )
    return len(opened)


def note_printed(
    poll: Poll, made: Mapping[int, str], *, anew: bool, written_at: datetime, actor: Actor
) -> None:
    """Keep the hashes of codes that have just been put on paper, a case each.

    From this moment on the voters have their five days. anew: in place of a letter that was sent
    and did not come; its code is worth nothing any more.
    """
    proven(actor)
    _begin(poll)
    for case_id, code in sorted(made.items()):
        lock(CaseLetter, case_id)
        letter = db.session.get_one(CaseLetter, case_id)
        facts = quarantine.held_facts(poll, cases.get_case(poll, case_id), now=written_at)
        if refusal := quarantine_rules.letter_refusal(facts):
            raise Refused(refusal)
        if letter.written_at is not None and not anew:  # somebody else has just printed it
            raise Refused(quarantine_rules.NO_LETTERS)
        letter.way, letter.code_hash = LetterWay.PAPER, quarantine.hash_of(poll, code)
        letter.written_at = written_at
        letter.answer_until = quarantine_rules.answer_until(written_at)
    db.session.flush()
    entries.record(
        "votes.letters_printed",
        f"poll:{poll.id}",
        actor=actor,
        at=written_at,
        tenant_id=poll.tenant_id,
        cases=sorted(made),
    )


def _begin(poll: Poll) -> datetime:
    """Hold the poll between its end and its count, note that it is there, and return the moment."""
    pausing.note_lapsed(poll)
    queries.lock(poll)
    now = db_now()
    state = queries.present_state(poll, now=now)
    if refusal := quarantine_rules.hold_refusal(state):
        raise Refused(refusal)
    poll.state = state
    db.session.flush()
    return now


def _open_cases(
    poll: Poll,
    group: Group,
    person_keys: Sequence[str],
    reason: str,
    *,
    person_id: int,
    now: datetime,
) -> list[VoteCase]:
    opened = [
        VoteCase(
            tenant_id=poll.tenant_id,
            poll_id=poll.id,
            kind=CaseKind.SUSPICION,
            person_key=key,
            opened_at=now,
            opened_by=person_id,
            grounds=group.kind,
            reason=reason,
        )
        for key in person_keys
    ]
    db.session.add_all(opened)
    db.session.flush()
    return opened


def _write_letters(
    tenant: Municipality, poll: Poll, opened: Sequence[VoteCase], *, now: datetime
) -> None:
    """Write to those whose contact is known; letters to the others wait to be printed."""
    voters = quarantine.list_voters(poll, [case.person_key for case in opened])
    for case, code in zip(opened, coding.draw(len(opened)), strict=True):
        voter = voters.get(case.person_key)
        contact = quarantine.open_contact(poll, voter) if voter is not None else None
        letter = CaseLetter(tenant_id=poll.tenant_id, case_id=case.id, way=LetterWay.PAPER)
        if voter is not None and contact is not None:
            letter.way, letter.code_hash = contact.kind, quarantine.hash_of(poll, code)
            letter.written_at = now
            letter.answer_until = quarantine_rules.answer_until(now)
            notice = held_letters.Notice(
                number=cases.number_of(case), code=code, until=letter.answer_until
            )
            held_letters.send(tenant, poll, contact, notice, locale=voter.locale)
        db.session.add(letter)
    db.session.flush()
