"""The public journal of changes of a consultation, for lower packages: kept by consultations.

A vote that is paused, cancelled or annulled says so there, whoever reads it first.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import Flask, current_app

from deliberate.kernel.actor import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What changed, in words: ``what``, ``old`` and ``new`` are Polish source texts."""

    what: str
    old: str
    new: str
    reason: str


Journal = Callable[[int, int, Line, Actor, datetime], None]


def register_journal(app: Flask, journal: Journal) -> None:
    """``journal(tenant_id, consultation_id, line, actor, now)``; there is exactly one."""
    app.extensions["deliberate.journal"] = journal


def note(tenant_id: int, consultation_id: int, line: Line, *, actor: Actor, now: datetime) -> None:
    """Add a public line to the journal, in the caller's transaction."""
    journal: Journal = current_app.extensions["deliberate.journal"]
    journal(tenant_id, consultation_id, line, actor, now)
