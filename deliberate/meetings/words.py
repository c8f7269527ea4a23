"""How meetings are said in the reader's language: dates, changes, kinds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from deliberate.kernel import clock, i18n, texts
from deliberate.kernel.i18n import say
from deliberate.kernel.texts import N_
from deliberate.meetings.content import LABELS, STATE, WHEN
from deliberate.meetings.kinds import ACCESS, KIND_LABELS, KNOWN_LABELS, Kind, Known, State
from deliberate.meetings.models import Meeting, MeetingChange

TONES = {State.PLANNED: "go", State.MOVED: "wait", State.CANCELLED: "bad", State.HELD: ""}
STATES = {
    State.PLANNED: N_("planowane"),
    State.MOVED: N_("zmieniony termin albo miejsce"),
    State.CANCELLED: N_("odwołane"),
    State.HELD: N_("odbyło się"),
}


def kind_name(kind: str) -> str:
    return say(KIND_LABELS[Kind(kind)])


def state_name(meeting: Meeting) -> str:
    return say(STATES[State(meeting.state)])


def when(meeting: Meeting) -> str:
    """Return "sobota 5 grudnia, 10:00–12:00", or both days where it lasts for several."""
    return span(meeting.starts_at, meeting.ends_at, whole_days=bool(meeting.hours))


def hours(meeting: Meeting) -> str:
    """Return "10:00–12:00" where the day is said already; both days where it lasts for several."""
    first, last = clock.local(meeting.starts_at), clock.closing_time(meeting.ends_at)
    if first.date() != last.date():
        return when(meeting)
    return f"{_hour(first)}–{_hour(last)}"


def span(starts_at: datetime, ends_at: datetime, *, whole_days: bool = False) -> str:
    locale, today = i18n.locale(), clock.local(clock.now()).date()
    first, last = clock.local(starts_at), clock.closing_time(ends_at)
    if first.date() == last.date():
        day = texts.long_date(first.date(), locale, today=today)
        return f"{day}, {hour(starts_at)}–{_hour(last)}"
    since = texts.day_in_sentence(first.date(), locale, today=today)
    until = texts.day_in_sentence(last.date(), locale, today=today)
    if not whole_days:
        since, until = f"{since}, {hour(starts_at)}", f"{until}, {_hour(last)}"
    return say(N_("od %(since)s do %(until)s"), since=since, until=until)


def hour(moment: datetime) -> str:
    return _hour(clock.local(moment))


def _hour(local: datetime) -> str:
    digits = f"{local.hour:02}" if i18n.locale() == "en" else str(local.hour)
    return f"{digits}:{local.minute:02}"


def place(meeting: Meeting) -> str:
    """Return where it is, in one line."""
    where = ", ".join(each for each in (meeting.place, meeting.address) if each)
    return where or (say(N_("w internecie")) if meeting.online_url else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A public change in words; ``old`` and ``new`` may be empty."""

    what: str
    old: str
    new: str
    reason: str
    at: datetime


def change(row: MeetingChange) -> Change:
    label = say(N_("Stan")) if row.field == STATE else say(LABELS[row.field])
    return Change(
        what=label,
        old=_value(row.field, row.old),
        new=_value(row.field, row.new),
        reason=row.reason,
        at=row.at,
    )


def _value(field: str, stored: str) -> str:
    if not stored:
        return say(N_("nie podano"))
    if field == STATE:
        return say(STATES[State(stored)])
    if field == "kind":
        return kind_name(stored)
    if field == WHEN:
        starts, ends = stored.split("/")
        return span(datetime.fromisoformat(starts), datetime.fromisoformat(ends))
    if field == "sign_up_until":
        day = clock.last_day(datetime.fromisoformat(stored))
        return texts.day_text(day, i18n.locale(), today=clock.local(clock.now()).date())
    if field == "has_sign_up" or field in ACCESS:
        return say(KNOWN_LABELS[Known(stored)])
    return stored


def access(meeting: Meeting) -> list[tuple[str, str, str]]:
    """Return each access fact: its name, what is known of it, and the code of that."""
    return [
        (say(label), say(KNOWN_LABELS[Known(getattr(meeting, column))]), getattr(meeting, column))
        for column, label in ACCESS.items()
    ]


def month(first: date) -> str:
    """Return "listopad 2026", by which a calendar calls a page."""
    return f"{say(MONTHS[first.month - 1])} {first.year}"


def month_of(meeting: Meeting) -> date:
    """Return the first day of the month in which a meeting begins."""
    return clock.local(meeting.starts_at).date().replace(day=1)


MONTHS = (
    N_("styczeń"),
    N_("luty"),
    N_("marzec"),
    N_("kwiecień"),
    N_("maj"),
    N_("czerwiec"),
    N_("lipiec"),
    N_("sierpień"),
    N_("wrzesień"),
    N_("październik"),
    N_("listopad"),
    N_("grudzień"),
)
