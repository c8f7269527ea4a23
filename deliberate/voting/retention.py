"""How long it is kept who voted without an account, and codes that nobody used."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Select, delete, func, select

from deliberate.kernel.db import db
from deliberate.kernel.retention import RetentionRule
from deliberate.kernel.texts import N_
from deliberate.voting.models import ContactCode, Poll, RollLine, Voter
from deliberate.voting.states import PollState

PROTESTS = timedelta(days=30)  # domain.md 2.4
KEPT_AFTER_PROTESTS = timedelta(days=30)
KEPT_CODES = timedelta(days=1)


def _ended(now: datetime) -> Select[int]:
    """Select the votes whose voters nobody needs to know any more."""
    return select(Poll.id).where(
        (Poll.published_at < now - PROTESTS - KEPT_AFTER_PROTESTS)
        | (Poll.state == PollState.CANCELLED)
    )


def _count_voters(now: datetime) -> int:
    return sum(
        db.session.scalars(select(func.count()).where(model.poll_id.in_(_ended(now)))).one()
        for model in (Voter, RollLine)
    )


def _remove_voters(now: datetime) -> int:
    gone = [
        db.session.execute(delete(model).where(model.poll_id.in_(_ended(now))))
        for model in (Voter, RollLine)
    ]
    return sum(each.rowcount for each in gone)  # type: ignore[attr-defined]


def _count_codes(now: datetime) -> int:
    old = select(func.count()).where(ContactCode.expires_at < now - KEPT_CODES)
    return db.session.scalars(old).one()


def _remove_codes(now: datetime) -> int:
    gone = db.session.execute(delete(ContactCode).where(ContactCode.expires_at < now - KEPT_CODES))
    return gone.rowcount  # type: ignore[attr-defined, no-any-return]


RULES = (
    RetentionRule(
        key="voting.voters",
        label=N_("Imiona, nazwiska i adresy osób, które głosowały bez konta albo z listy"),
        keeps=N_("60 dni od ogłoszenia wyniku: 30 na protesty i 30 na odpowiedzi"),
        count=_count_voters,
        remove=_remove_voters,
    ),
    RetentionRule(
        key="voting.codes",
        label=N_("Niewykorzystane kody do głosowania"),
        keeps=N_("dzień po wygaśnięciu"),
        count=_count_codes,
        remove=_remove_codes,
    ),
)
