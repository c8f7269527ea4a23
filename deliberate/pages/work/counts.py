"""Numbers of what waits in different places, in one statement: a desk costs few."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from deliberate.access.decorators import admits
from deliberate.accounts.models import Residence, ResidenceState
from deliberate.kernel import clock
from deliberate.kernel.db import db
from deliberate.petitions import queries as registers
from deliberate.tenancy.models import Municipality


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """``letters`` with a code to print; ``matters`` in the registers, with the first date."""

    letters: int = 0
    matters: int = 0
    unpublished: int = 0
    first_due: date | None = None


def count_waiting(tenant: Municipality) -> Counts:
    """Return numbers for those desks only that the person may open."""
    prints, keeps = admits("accounts.desk"), admits("petitions.desk")
    if not (prints or keeps):
        return Counts()
    letters = (
        select(func.count())
        .where(
            Residence.tenant_id == tenant.id,
            Residence.letter_asked_at.is_not(None),
            Residence.letter_sent_at.is_(None),
            Residence.state == ResidenceState.DECLARED,
        )
        .scalar_subquery()
    )
    waiting = registers.select_waiting(tenant.id, clock.local(clock.now()).date()).subquery()
    row = db.session.execute(select(letters, *waiting.c)).one()
    return Counts(
        letters=row[0] if prints else 0,
        matters=row[1] if keeps else 0,
        unpublished=row[2] if keeps else 0,
        first_due=row[3] if keeps else None,
    )
