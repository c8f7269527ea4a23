"""An activity that ends later than its phase said: told by lower packages, kept by consultations.

A vote that was paused lasts longer; the phase that opens it then says so wherever it is shown.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import Flask, current_app

from deliberate.kernel.actor import Actor
from deliberate.subjects.activities import Activity


@dataclass(frozen=True, slots=True, kw_only=True)
class Later:
    """What ends later, and why; ``former`` is the first moment outside it as was said before."""

    activity: Activity
    former: datetime
    ends_at: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """What keeps the phases.

    ``hold(tenant_id, consultation_id)`` locks them: before anything that follows them is locked,
    as whoever moves a phase does. ``prolong(tenant_id, consultation_id, later, actor, now)`` has
    the phase that ended with the activity end with it again, with a public notice; False where no
    phase did.
    """

    hold: Callable[[int, int], None]
    prolong: Callable[[int, int, Later, Actor, datetime], bool]


def register_schedule(app: Flask, schedule: Schedule) -> None:
    app.extensions["deliberate.schedule"] = schedule


def get_schedule() -> Schedule:
    found: Schedule = current_app.extensions["deliberate.schedule"]
    return found
