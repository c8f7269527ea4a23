"""A calendar file (RFC 5545) of days and of moments. Pure: it knows texts, nothing of us."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

LONGEST_LINE = 75  # octets, without the line's end


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One event of whole days; ``last`` is its last day."""

    uid: str
    title: str
    first: date
    last: date
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Appointment:
    """One event from moment to moment.

    ``uid`` never changes and ``sequence`` rises with each change, so that a calendar that has an
    older version takes the newer one (sections 3.8.4.7 and 3.8.7.4).
    """

    uid: str
    title: str
    starts_at: datetime
    ends_at: datetime
    url: str
    place: str = ""
    text: str = ""
    sequence: int = 0
    is_cancelled: bool = False


def calendar(name: str, entries: Iterable[Entry | Appointment], *, stamp: datetime) -> str:
    """Return the file's text; ``stamp``: when it was made."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Deliberate//Konsultacje//PL",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{escape(name)}",
    ]
    for entry in entries:
        lines += ["BEGIN:VEVENT", f"UID:{entry.uid}", f"DTSTAMP:{_moment(stamp)}"]
        lines += _days(entry) if isinstance(entry, Entry) else _moments(entry)
        lines += [f"SUMMARY:{escape(entry.title)}", f"URL:{entry.url}", "END:VEVENT"]
    lines.append("END:VCALENDAR")
    return "".join(f"{folded}\r\n" for line in lines for folded in fold(line))


def _days(entry: Entry) -> Iterator[str]:
    yield f"DTSTART;VALUE=DATE:{entry.first:%Y%m%d}"
    # The end is the first day outside, as with our own intervals.
    yield f"DTEND;VALUE=DATE:{entry.last + timedelta(days=1):%Y%m%d}"


def _moments(entry: Appointment) -> Iterator[str]:
    # In UTC: a moment that happens once needs no rules of summer time beside it.
    yield f"DTSTART:{_moment(entry.starts_at)}"
    yield f"DTEND:{_moment(entry.ends_at)}"
    yield f"SEQUENCE:{entry.sequence}"
    yield f"STATUS:{'CANCELLED' if entry.is_cancelled else 'CONFIRMED'}"
    if entry.place:
        yield f"LOCATION:{escape(entry.place)}"
    if entry.text:
        yield f"DESCRIPTION:{escape(entry.text)}"


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def escape(text: str) -> str:
    """Write a text so that it stays one value on one line (section 3.3.11)."""
    for sign in "\\;,":
        text = text.replace(sign, "\\" + sign)
    return "\\n".join(text.splitlines())


def fold(line: str) -> list[str]:
    """Part a line into pieces of at most 75 octets, never inside a letter (section 3.1)."""
    pieces, room = [""], LONGEST_LINE
    for letter in line:
        size = len(letter.encode())
        if size > room:
            pieces.append(" ")  # the space says that the line goes on; it counts
            room = LONGEST_LINE - 1
        pieces[-1] += letter
        room -= size
    return pieces
