"""Whether an activity is open now: asked by lower packages, answered by consultations.

A thread, a ballot box or an answer knows the id of its consultation, not the consultation.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import Flask, current_app

from deliberate.subjects.activities import Activity

__all__ = ["Activity", "Gate", "gate", "is_stopped", "register_gatekeeper"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """One activity of one consultation at one moment.

    ``opens_at``: the next beginning, ``ends_at``: the end of the present stretch or, when none is
    open, of the last one. ``needs``: key of accounts.standing.Needs. ``stopped``: suspended,
    cancelled, archived or not published, whatever the dates say.
    """

    is_open: bool
    opens_at: datetime | None
    ends_at: datetime | None
    needs: str
    stopped: bool = False


GateKeeper = Callable[[int, int, Activity, datetime], Gate]
StopKeeper = Callable[[int, int], bool]


def register_gatekeeper(app: Flask, keeper: GateKeeper, stop_keeper: StopKeeper) -> None:
    """``keeper(tenant_id, consultation_id, activity, now)``; there is exactly one.

    ``stop_keeper(tenant_id, consultation_id)`` answers ``is_stopped``.
    """
    app.extensions["deliberate.gatekeeper"] = keeper
    app.extensions["deliberate.stop_keeper"] = stop_keeper


def gate(tenant_id: int, consultation_id: int, activity: Activity, *, now: datetime) -> Gate:
    keeper: GateKeeper = current_app.extensions["deliberate.gatekeeper"]
    return keeper(tenant_id, consultation_id, activity, now)


def is_stopped(tenant_id: int, consultation_id: int) -> bool:
    """Return ``Gate.stopped`` alone: what has dates of its own asks no more."""
    keeper: StopKeeper = current_app.extensions["deliberate.stop_keeper"]
    return keeper(tenant_id, consultation_id)
