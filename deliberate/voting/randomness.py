"""Values of public randomness as people type them, each brought to one canonical form. Pure.

A vote says at sealing which shape its value will have; two persons type it after the draw, and
what decides is whether their canonical forms are the same, not how they typed it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from deliberate.kernel.refusals import Refusal
from deliberate.kernel.texts import N_

LONGEST = 200  # characters typed; no shape needs more
FEWEST_DIGITS = 6
HEX_DIGITS = 64  # a round of drand: SHA-256
LOTTO_NUMBERS, LOTTO_LAST = 6, 49

NOT_LOTTO = Refusal(
    "lots.not_lotto",
    N_("Wpisz sześć różnych liczb od 1 do 49, na przykład: 4, 8, 15, 16, 23, 42."),
)
NOT_DIGITS = Refusal(
    "lots.not_digits", N_("Wpisz same cyfry, co najmniej sześć, na przykład: 0493817.")
)
NOT_HEX = Refusal(
    "lots.not_hex",
    N_("Wpisz 64 znaki: cyfry od 0 do 9 i litery od a do f, tak jak podaje je źródło."),
)


class Shape(StrEnum):
    """What the source gives."""

    LOTTO = "lotto"  # six numbers of 1–49; their order of drawing means nothing
    DIGITS = "digits"  # a run of digits
    HEX = "hex"  # the randomness of a drand round


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A shape for forms: its name, an example, and how it is read."""

    label: str
    example: str
    read: Callable[[str], str | Refusal]


def parse(shape: Shape, typed: str) -> str | Refusal:
    """Return the canonical form of what somebody typed, or why it is no value of the shape."""
    return KINDS[shape].read(typed[: LONGEST + 1])


def _lotto(typed: str) -> str | Refusal:
    if not re.fullmatch(r"\s*\d{1,2}(?:[\s,;.–-]+\d{1,2}){5}\s*", typed, re.ASCII):
        return NOT_LOTTO
    numbers = sorted({int(each) for each in re.findall(r"\d+", typed)})
    if len(numbers) != LOTTO_NUMBERS or numbers[0] < 1 or numbers[-1] > LOTTO_LAST:
        return NOT_LOTTO
    return ",".join(map(str, numbers))


def _digits(typed: str) -> str | Refusal:
    run = "".join(typed.split())
    fits = run.isascii() and run.isdigit() and FEWEST_DIGITS <= len(run) <= LONGEST
    return run if fits else NOT_DIGITS


def _hex(typed: str) -> str | Refusal:
    run = "".join(typed.split()).lower()
    return run if re.fullmatch(f"[0-9a-f]{{{HEX_DIGITS}}}", run) else NOT_HEX


KINDS: Mapping[Shape, Kind] = MappingProxyType(
    {
        Shape.LOTTO: Kind(
            label=N_("sześć liczb od 1 do 49 (Lotto)"), example="4, 8, 15, 16, 23, 42", read=_lotto
        ),
        Shape.DIGITS: Kind(label=N_("ciąg cyfr"), example="0493817", read=_digits),
        Shape.HEX: Kind(
            label=N_("64 znaki szesnastkowe (runda drand)"), example="8f3a…", read=_hex
        ),
    }
)
