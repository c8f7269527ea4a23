"""What meetings put on the pages of a consultation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from flask import g, url_for

from deliberate.consultations.components import Component, Trouble, Way
from deliberate.consultations.models import Consultation
from deliberate.consultations.procedures import Form
from deliberate.kernel.actor import Actor
from deliberate.kernel.i18n import say
from deliberate.kernel.texts import N_
from deliberate.meetings import queries, words
from deliberate.meetings.actions import planning
from deliberate.meetings.kinds import State
from deliberate.meetings.models import Meeting
from deliberate.subjects.activities import Activity
from deliberate.tenancy import kept

ANCHOR = "spotkania"


def ways(consultation: Consultation, _opened: frozenset[Activity], now: datetime) -> Sequence[Way]:
    """Lead to the meetings that are still ahead."""
    ahead = [
        each
        for each in _meetings(consultation)
        if each.ends_at > now and each.state != State.CANCELLED
    ]
    if not ahead:
        return []
    here = url_for("consultations.show", slug=consultation.slug, _anchor=ANCHOR)
    label = say(N_("Spotkania przed nami: %(n)s"), n=len(ahead))
    return [Way(icon="calendar-days", url=here, label=label)]


def context(consultation: Consultation, now: datetime) -> Mapping[str, object]:
    listed = _meetings(consultation)
    if not listed:
        return {}
    return {
        "ahead": [each for each in listed if each.ends_at > now],
        "past": [each for each in reversed(listed) if each.ends_at <= now],
        "words": words,
    }


def desk(consultation: Consultation) -> Sequence[Way]:
    url = url_for("meetings.desk_in", slug=consultation.slug)
    return [Way(icon="calendar-days", url=url, label=say(N_("Spotkania")))]


def forms(consultation: Consultation) -> frozenset[Form]:
    """Return in which forms people are asked by what is entered already."""
    return frozenset(Form(kind) for kind in queries.kinds_in(consultation))


def troubles(consultations: Sequence[Consultation], now: datetime) -> list[Trouble]:
    """Return meetings of which nobody can know whether they will get in."""
    ids = [each.id for each in consultations]
    return [
        Trouble(
            consultation_id=meeting.consultation_id,
            text=say(N_("Spotkanie bez informacji o dostępności")),
            url=url_for("meetings.desk_show", meeting_id=meeting.id),
        )
        for meeting in queries.list_without_access(consultations[0].tenant_id, ids, now)
        if meeting.consultation_id is not None
    ]


def call_off(consultation: Consultation, reason: str, actor: Actor, now: datetime) -> None:
    """Call off what has been announced and has not begun, for the consultation's own reason."""
    for meeting in queries.list_to_come(consultation, now):
        planning.cancel(meeting, reason=reason, actor=actor, now=now)


def _meetings(consultation: Consultation) -> Sequence[Meeting]:
    """Return the announced ones; asked twice for one page, they are read once."""
    known: dict[int, Sequence[Meeting]] = g.setdefault("meetings_of_consultation", {})
    if consultation.id not in known:
        known[consultation.id] = kept.look_unless_empty(
            ("meetings", consultation.id), lambda: queries.list_public_of(consultation)
        )
    return known[consultation.id]


COMPONENT = Component(
    key="meetings",
    ways=ways,
    section="meetings/_section.html",
    context=context,
    desk=desk,
    forms=forms,
    troubles=troubles,
    call_off=call_off,
)
