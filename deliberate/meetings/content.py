"""What the office says of a meeting: the fields it may write, and how a change of one is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from types import MappingProxyType

from deliberate.kernel.texts import N_
from deliberate.meetings.kinds import ACCESS
from deliberate.meetings.models import Meeting

WHEN = "when"  # both ends together: one line for people
STATE = "state"


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """All that the editing form writes, under the names of the columns."""

    kind: str
    title: str
    about: str
    starts_at: datetime
    ends_at: datetime
    hours: str
    place: str
    address: str
    directions: str
    online_url: str
    access: Mapping[str, str]  # by the columns of kinds.ACCESS
    access_contact: str
    bring: str
    leader: str
    area_id: int | None
    has_sign_up: bool
    seats: int | None
    slot_minutes: int | None
    sign_up_until: datetime | None

    def columns(self) -> dict[str, object]:
        plain = {name: getattr(self, name) for name in _PLAIN}
        return {**plain, **self.access}


_PLAIN = tuple(each.name for each in fields(Content) if each.name != "access")

# What people were told, in the order in which a change is listed; the part of the municipality is
# for filters alone.
LABELS: Mapping[str, str] = MappingProxyType(
    {
        "title": N_("Tytuł"),
        "kind": N_("Rodzaj spotkania"),
        WHEN: N_("Kiedy"),
        "hours": N_("Godziny otwarcia"),
        "place": N_("Miejsce"),
        "address": N_("Adres"),
        "directions": N_("Jak dojechać"),
        "online_url": N_("Adres w internecie"),
        "leader": N_("Kto prowadzi"),
        "about": N_("O czym rozmawiamy"),
        "bring": N_("Co ze sobą zabrać"),
        **ACCESS,
        "access_contact": N_("Kontakt w sprawie dostępności"),
        "has_sign_up": N_("Zapisy"),
        "seats": N_("Liczba miejsc"),
        "slot_minutes": N_("Ile minut trwa jedna wizyta"),
        "sign_up_until": N_("Zapisy do"),
    }
)
MOVES = frozenset({WHEN, "place", "address", "online_url"})


def said(columns: Mapping[str, object]) -> dict[str, str]:
    """Return what is told of each field, in a form that words.py reads: empty where nothing is."""
    told = {name: _text(columns[name]) for name in LABELS if name != WHEN}
    return {**told, WHEN: f"{_text(columns['starts_at'])}/{_text(columns['ends_at'])}"}


def columns_of(meeting: Meeting) -> dict[str, object]:
    return {name: getattr(meeting, name) for name in (*_PLAIN, *ACCESS)}


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case datetime():
            return value.isoformat()
    return str(value)
