"""All dates of a municipality in one calendar: meetings, phases, promised answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask import url_for

from deliberate.consultations import queries as consultations
from deliberate.consultations.calendar import Appointment, Entry
from deliberate.consultations.models import Consultation
from deliberate.consultations.states import State as ConsultationState
from deliberate.consultations.tiles import Tile, tiles
from deliberate.kernel import clock
from deliberate.kernel.i18n import say
from deliberate.kernel.texts import N_
from deliberate.meetings import queries, words
from deliberate.meetings.kinds import Kind, State
from deliberate.meetings.models import Meeting
from deliberate.meetings.queries import Listed
from deliberate.tenancy.links import absolute
from deliberate.tenancy.models import Municipality

PHASES, ANSWERS, MEETINGS = "etapy", "odpowiedzi", "spotkania"
DEAD = frozenset({ConsultationState.CANCELLED, ConsultationState.SUSPENDED})
FEED_BACK = timedelta(days=365)  # a feed remembers the last year


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What the calendar is narrowed to; an unknown value narrows nothing."""

    area_id: int | None = None
    kind: str = ""  # "", one of the three above, or a kind of meeting

    @property
    def any(self) -> bool:
        return self.area_id is not None or bool(self.kind)

    @property
    def meeting_kind(self) -> str | None:
        return self.kind if self.kind in set(Kind) else None

    @property
    def wants_meetings(self) -> bool:
        return self.kind not in (PHASES, ANSWERS)

    def wants(self, part: str) -> bool:
        return self.kind in ("", part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing on one day. ``meeting``: None for a date of a consultation."""

    on: date
    at: datetime
    title: str
    url: str
    what: str
    lang: str | None = None
    meeting: Meeting | None = None


def list_month(
    tenant: Municipality, first: date, filters: Filters, now: datetime
) -> list[tuple[date, list[Item]]]:
    """Return the days of a month on which something is, in order, each with its things."""
    after = next_month(first)
    since, until = clock.start_of_day(first), clock.start_of_day(after)
    found: list[Item] = []
    if filters.wants_meetings:
        listed = queries.list_public(
            tenant,
            since=since,
            until=until,
            area_id=filters.area_id,
            kind=filters.meeting_kind,
        )
        found += [_of_meeting(each, first) for each in listed]
    if filters.wants(PHASES) or filters.wants(ANSWERS):
        for tile in _tiles(tenant, filters, now):
            found += [item for item in _of_tile(tile, filters) if first <= item.on < after]
    found.sort(key=lambda item: (item.on, item.at, item.title))
    days: dict[date, list[Item]] = {}
    for item in found:
        days.setdefault(item.on, []).append(item)
    return list(days.items())


def next_month(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)


def month_before(first: date) -> date:
    return (first - timedelta(days=1)).replace(day=1)


def _tiles(tenant: Municipality, filters: Filters, now: datetime) -> list[Tile]:
    wanted = [
        each
        for each in consultations.list_public(tenant)
        if each.state not in DEAD
        and (filters.area_id is None or each.area_id in (filters.area_id, None))
    ]
    return tiles(wanted, now)


def _of_meeting(listed: Listed, first: date) -> Item:
    meeting = listed.meeting
    begins = clock.local(meeting.starts_at).date()
    what = words.kind_name(meeting.kind)
    return Item(
        # What began before this month and still goes on stands on its first day.
        on=max(begins, first),
        at=meeting.starts_at,
        title=meeting.title,
        url=url_for("meetings.show", meeting_id=meeting.id),
        what=what,
        meeting=meeting,
    )


def _of_tile(tile: Tile, filters: Filters) -> list[Item]:
    consultation = tile.consultation
    url = url_for("consultations.show", slug=consultation.slug)

    def item(on: date, what: str) -> Item:
        at = clock.start_of_day(on)
        return Item(on=on, at=at, title=tile.words.title, url=url, what=what, lang=tile.words.lang)

    found = []
    if filters.wants(PHASES):
        for phase in consultations.phase_times(consultation):
            title = say(phase.title)
            found.append(item(phase.first_day, say(N_("zaczyna się: %(phase)s"), phase=title)))
            if phase.last_day != phase.first_day:
                found.append(item(phase.last_day, say(N_("ostatni dzień: %(phase)s"), phase=title)))
    if filters.wants(ANSWERS) and consultation.answer_due is not None:
        found.append(item(consultation.answer_due, say(N_("urząd odpowie do tego dnia"))))
    return found


# As a file for calendars.


def feed(tenant: Municipality, filters: Filters, now: datetime) -> list[Appointment | Entry]:
    """Return all that is ahead and what the last year held."""
    found: list[Appointment | Entry] = []
    since = now - FEED_BACK
    if filters.wants_meetings:
        listed = queries.list_public(
            tenant, since=since, area_id=filters.area_id, kind=filters.meeting_kind
        )
        found += [appointment(tenant, each.meeting) for each in listed]
    if filters.wants(PHASES) or filters.wants(ANSWERS):
        for tile in _tiles(tenant, filters, now):
            found += _entries(tenant, tile.consultation, tile.words.title, filters, since)
    return found


def appointment(tenant: Municipality, meeting: Meeting) -> Appointment:
    url = absolute(tenant, "meetings.show", meeting_id=meeting.id)
    where = ", ".join(each for each in (meeting.place, meeting.address) if each)
    called_off, to_bring = say(N_("Odwołane")), say(N_("Co ze sobą zabrać"))
    parts = [
        f"{called_off}: {meeting.state_reason}" if meeting.state == State.CANCELLED else "",
        meeting.about,
        meeting.hours,
        f"{to_bring}: {meeting.bring}" if meeting.bring else "",
        meeting.online_url,
    ]
    return Appointment(
        uid=f"meeting-{meeting.id}@{tenant.host}",
        title=meeting.title,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        url=url,
        place=where or meeting.online_url,
        text="\n\n".join(part for part in parts if part),
        sequence=meeting.revision,
        is_cancelled=meeting.state == State.CANCELLED,
    )


def _entries(
    tenant: Municipality,
    consultation: Consultation,
    title: str,
    filters: Filters,
    since: datetime,
) -> list[Entry]:
    """Return the same entries, under the same names, as the consultation's own file has."""
    url = absolute(tenant, "consultations.show", slug=consultation.slug)
    found = []
    if filters.wants(PHASES):
        found += [
            Entry(
                uid=f"phase-{phase.id}@{tenant.host}",
                title=f"{title} – {say(phase.title)}",
                first=consultations.times(phase).first_day,
                last=consultations.times(phase).last_day,
                url=url,
            )
            for phase in consultation.phases
            if phase.ends_at > since
        ]
    due, answer = consultation.answer_due, say(N_("Odpowiedź urzędu"))
    if filters.wants(ANSWERS) and due is not None and clock.end_of_day(due) > since:
        found.append(
            Entry(
                uid=f"answer-{consultation.id}@{tenant.host}",
                title=f"{title} – {answer}",
                first=due,
                last=due,
                url=url,
            )
        )
    return found
