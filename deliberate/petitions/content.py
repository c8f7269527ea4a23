"""What people write into the forms of the registers, as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A request for a consultation: what about, in which form, why, and for which part."""

    title: str
    text: str
    form: str
    reason: str
    area_id: int | None
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What came to the office, before redaction."""

    title: str
    text: str
    name: str
    contact: str
    name_is_public: bool
    language: str = "pl"
    received_on: date | None = None
