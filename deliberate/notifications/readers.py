"""Whom a letter to many goes to: those who live here, and those who take part in a consultation.

What taking part means, each feature says of its own things (``register``, in its ``feature.py``).
"""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask, current_app
from sqlalchemy import CompoundSelect, Select, select, union

from deliberate.accounts.models import Residence, ResidenceState

Takers = Callable[[int, int], Select[int] | Select[int | None]]


def register(app: Flask, *takers: Takers) -> None:
    """Each of ``takers(tenant_id, consultation_id)`` selects ids of people."""
    app.extensions.setdefault("deliberate.readers", []).extend(takers)


def select_participants(tenant_id: int, consultation_id: int) -> CompoundSelect[int]:
    """Select everybody who takes part in a consultation, in whatever way, each once."""
    known: list[Takers] = current_app.extensions.get("deliberate.readers", [])
    return union(*(takers(tenant_id, consultation_id) for takers in known))


def select_residents(tenant_id: int) -> Select[int]:
    """Select who declared to live in a municipality and was not refused."""
    return select(Residence.person_id).where(
        Residence.tenant_id == tenant_id, Residence.state != ResidenceState.REFUSED
    )
