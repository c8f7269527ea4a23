"""How long it is kept who voted without an account, unused codes, and what copies are read with."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, delete, func, or_, select, union_all

from deliberate.kernel.db import db
from deliberate.kernel.retention import RetentionRule
from deliberate.kernel.tables import Base
from deliberate.kernel.texts import N_
from deliberate.voting import addressee_rules, forgetting, keys
from deliberate.voting.actions import addressing
from deliberate.voting.models import (
    CaseExplanation,
    CaseLetter,
    CodeAddressee,
    CodeBatch,
    ContactCode,
    DecisionLetter,
    Poll,
    PollStep,
    RollLine,
    VoteCase,
    Voter,
)
from deliberate.voting.states import UNCOUNTED, PollState

PROTESTS = timedelta(days=30)  # domain.md 2.4
KEPT_AFTER_PROTESTS = timedelta(days=30)
KEPT_CODES = timedelta(days=1)
EMPTIED = "reclaim_space"  # the step (jobs.STEPS) after which the database holds no link any more


def _ended(now: datetime) -> Select[int]:
    """Select the votes whose voters nobody needs to know any more."""
    return select(Poll.id).where(
        (Poll.state == PollState.CANCELLED) | _is_since(now - PROTESTS - KEPT_AFTER_PROTESTS)
    )


def _is_since(moment: datetime) -> ColumnElement[bool]:
    """Tell whether a vote has had its result since before a moment.

    One that was declared void before anyone saw its result has had its count since.
    """
    result_at = func.coalesce(Poll.published_at, Poll.counted_at)
    return and_(Poll.state.in_((PollState.PUBLISHED, PollState.ANNULLED)), result_at < moment)


def _kept_of_voters(now: datetime) -> list[tuple[type[Base], ColumnElement[bool]]]:
    """Return the tables with names, or with what people explained, each with its old rows."""
    ended = _ended(now)
    cases = select(VoteCase.id).where(VoteCase.poll_id.in_(ended))
    return [
        (CaseExplanation, CaseExplanation.case_id.in_(cases)),
        (CaseLetter, CaseLetter.case_id.in_(cases)),
        (DecisionLetter, DecisionLetter.case_id.in_(cases)),
        (Voter, Voter.poll_id.in_(ended)),
        (RollLine, RollLine.poll_id.in_(ended)),
    ]


def _count_voters(now: datetime) -> int:
    counts = [
        select(func.count()).select_from(model).where(is_old)
        for model, is_old in _kept_of_voters(now)
    ]
    return sum(db.session.scalars(union_all(*counts)))


def _remove_voters(now: datetime) -> int:
    gone = [
        db.session.execute(delete(model).where(is_old).execution_options(synchronize_session=False))
        for model, is_old in _kept_of_voters(now)
    ]
    return sum(each.rowcount for each in gone)  # type: ignore[attr-defined]


def _settled(now: datetime) -> Select[int]:
    """Select the votes against which nobody can protest, and whose protests are answered."""
    return select(Poll.id).where(_is_since(now - PROTESTS - KEPT_AFTER_PROTESTS))


def _count_persons(now: datetime) -> int:
    return forgetting.count(_settled(now))


def _remove_persons(now: datetime) -> int:
    return forgetting.forget(_settled(now), now=now)


# Lists of addressees whose letters were not made.


def _list_stale(now: datetime) -> list[CodeBatch]:
    found = db.session.execute(
        select(CodeBatch, Poll)
        .join(Poll, Poll.id == CodeBatch.poll_id)
        .where(CodeBatch.id.in_(select(CodeAddressee.batch_id)))
        .order_by(CodeBatch.id)
    )
    return [
        batch
        for batch, poll in found
        if poll.state not in UNCOUNTED
        or now
        >= addressee_rules.kept_until(
            opens_at=poll.opens_at, ends_at=poll.ends_at, ordered_at=batch.ordered_at
        )
    ]


def _count_addressees(now: datetime) -> int:
    stale = [batch.id for batch in _list_stale(now)]
    if not stale:
        return 0
    counted = select(func.count()).where(CodeAddressee.batch_id.in_(stale))
    return db.session.scalars(counted).one()


def _remove_addressees(now: datetime) -> int:
    count = _count_addressees(now)
    for batch in _list_stale(now):
        addressing.forget(batch, has_codes=False)
    return count


def _count_codes(now: datetime) -> int:
    old = select(func.count()).where(ContactCode.expires_at < now - KEPT_CODES)
    return db.session.scalars(old).one()


def _remove_codes(now: datetime) -> int:
    gone = db.session.execute(delete(ContactCode).where(ContactCode.expires_at < now - KEPT_CODES))
    return gone.rowcount  # type: ignore[attr-defined, no-any-return]


# Copies of the database: while a vote can be contested they are locked with its backup key.


def select_locking(now: datetime) -> Select[int]:
    """Select the votes whose key locks a copy made now, in their order.

    Runs on a copy too, of any step of the database: it asks for columns, never for a whole row.
    """
    return select(Poll.id).where(Poll.state != PollState.DRAFT, ~_is_over(now)).order_by(Poll.id)


def _is_over(now: datetime) -> ColumnElement[bool]:
    """Tell whether the days of a vote need no guard any more: emptied, and nobody can protest.

    Against a vote that was called off nobody can: it has no result.
    """
    return and_(
        Poll.id.in_(select(PollStep.poll_id).where(PollStep.step == EMPTIED)),
        or_(Poll.state == PollState.CANCELLED, _is_since(now - PROTESTS)),
    )


def _list_spent_keys(now: datetime) -> list[int]:
    over = db.session.scalars(select(Poll.id).where(_is_over(now)).order_by(Poll.id))
    return [poll_id for poll_id in over if keys.has_backup_key(poll_id)]


def _count_backup_keys(now: datetime) -> int:
    return len(_list_spent_keys(now))


def _destroy_backup_keys(now: datetime) -> int:
    spent = _list_spent_keys(now)
    for poll_id in spent:
        keys.destroy_backup_key(poll_id)
    return len(spent)


RULES = (
    RetentionRule(
        key="voting.voters",
        label=N_(
            "Imiona, nazwiska, adresy i wyjaśnienia osób, które głosowały bez konta albo z listy"
        ),
        keeps=N_("60 dni od ogłoszenia wyniku: 30 na protesty i 30 na odpowiedzi"),
        count=_count_voters,
        remove=_remove_voters,
    ),
    RetentionRule(
        key="voting.persons",
        label=N_("Kto mógł głosować, kto wziął udział, czyje głosy wyjaśniano i komu dano kod"),
        keeps=N_("60 dni od ogłoszenia wyniku: 30 na protesty i 30 na odpowiedzi; zostają liczby"),
        count=_count_persons,
        remove=_remove_persons,
    ),
    RetentionRule(
        key="voting.addressees",
        label=N_("Adresy osób, którym trzeba wysłać kody do głosowania"),
        keeps=N_("do wysłania, najdłużej 7 dni od otwarcia albo od zamówienia"),
        count=_count_addressees,
        remove=_remove_addressees,
    ),
    RetentionRule(
        key="voting.codes",
        label=N_("Niewykorzystane kody do głosowania"),
        keeps=N_("dzień po wygaśnięciu"),
        count=_count_codes,
        remove=_remove_codes,
    ),
    RetentionRule(
        key="voting.backup_keys",
        label=N_("Klucze, bez których nikt nie odczyta kopii bazy z dni głosowania"),
        keeps=N_("30 dni od ogłoszenia wyniku: czas na protesty"),
        count=_count_backup_keys,
        remove=_destroy_backup_keys,
    ),
)
