"""Where a one-time code goes: a telephone or an e-mail, each in one way of writing. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

_EMAIL = re.compile(r"[^@\s,;<>()]{1,64}@[^@\s,;<>()]+\.[^@\s,;<>().]{2,}")
_BETWEEN = re.compile(r"[\s\-().]+")


class ContactKind(StrEnum):
    """By what a code is sent."""

    EMAIL = "email"
    SMS = "sms"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A proven way to somebody: "anna@poczta.pl" or "+48600100200"."""

    kind: ContactKind
    address: str


def read_contact(typed: str) -> Contact | None:
    """Return the contact that was meant, or None. Nine digits are a Polish telephone."""
    text = typed.strip()
    if _EMAIL.fullmatch(text) and len(text) <= 254:
        return Contact(kind=ContactKind.EMAIL, address=text.casefold())
    number = _BETWEEN.sub("", text)
    number = f"+{number[2:]}" if number.startswith("00") else number
    if re.fullmatch(r"[1-9][0-9]{8}", number):
        number = f"+48{number}"
    elif re.fullmatch(r"48[1-9][0-9]{8}", number):
        number = f"+{number}"
    if re.fullmatch(r"\+[1-9][0-9]{7,14}", number):
        return Contact(kind=ContactKind.SMS, address=number)
    return None
