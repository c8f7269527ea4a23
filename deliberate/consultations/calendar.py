"""A calendar file (RFC 5545) of whole days. Pure: it knows days and texts, nothing of us."""

from __future__ import annotations

from collections.abc import Iterable
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


def calendar(name: str, entries: Iterable[Entry], *, stamp: datetime) -> str:
    """Return the file's text; ``stamp``: when it was made."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Deliberate//Konsultacje//PL",
        f"X-WR-CALNAME:{escape(name)}",
    ]
    for entry in entries:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{entry.uid}",
            f"DTSTAMP:{stamp.astimezone(UTC):%Y%m%dT%H%M%SZ}",
            f"DTSTART;VALUE=DATE:{entry.first:%Y%m%d}",
            # The end is the first day outside, as with our own intervals.
            f"DTEND;VALUE=DATE:{entry.last + timedelta(days=1):%Y%m%d}",
            f"SUMMARY:{escape(entry.title)}",
            f"URL:{entry.url}",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "".join(f"{folded}\r\n" for line in lines for folded in fold(line))


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
