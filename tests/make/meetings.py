"""Meetings."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from deliberate.kernel import clock
from deliberate.meetings.kinds import Kind as MeetingKind
from deliberate.meetings.models import Meeting
from tests.make.base import add


def meeting(
    app: Flask,
    tenant: int,
    *,
    consultation: int | None = None,
    title: str = "Spotkanie mieszkańców",
    days_left: float = 10,
    hours: float = 2,
    published: bool = True,
    seats: int | None = None,
    has_sign_up: bool = True,
    **more: object,
) -> int:
    """Make a meeting that begins in ``days_left`` days, announced and with sign-up."""
    now = clock.now()
    starts = now + timedelta(days=days_left)
    columns: dict[str, object] = {
        "kind": MeetingKind.OPEN_MEETING,
        "starts_at": starts,
        "ends_at": starts + timedelta(hours=hours),
        "place": "Dom Kultury",
        "address": "ul. Szkolna 4",
        **more,
    }
    row = Meeting(
        tenant_id=tenant,
        consultation_id=consultation,
        title=title,
        seats=seats,
        has_sign_up=has_sign_up,
        created_at=now,
        published_at=now if published else None,
        **columns,
    )
    return add(app, row)
