"""What the office can decide about a thing, and how tables say it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from deliberate.algorithms.folding import fold
from deliberate.kernel.texts import N_


class Position(StrEnum):
    """What the office decided."""

    ACCEPTED = "accepted"
    PARTLY = "partly"
    NOT_ACCEPTED = "not_accepted"
    OUT_OF_SCOPE = "out_of_scope"


LABELS: Mapping[Position, str] = MappingProxyType(
    {
        Position.ACCEPTED: N_("przyjęta"),
        Position.PARTLY: N_("przyjęta częściowo"),
        Position.NOT_ACCEPTED: N_("nieprzyjęta"),
        Position.OUT_OF_SCOPE: N_("poza zakresem"),
    }
)
# Tone of a pill in macros/ui.html.
TONES: Mapping[Position, str] = MappingProxyType(
    {
        Position.ACCEPTED: "go",
        Position.PARTLY: "now",
        Position.NOT_ACCEPTED: "no",
        Position.OUT_OF_SCOPE: "",
    }
)

# As offices write it, folded; the report of a consultation says "uwzględniona". In English and
# Ukrainian too: who works in another language writes what the page shows.
_WORDS: Mapping[str, Position] = MappingProxyType(
    {
        fold(word): position
        for position, words in {
            Position.ACCEPTED: (
                "przyjęta", "przyjęto", "tak", "uwzględniona", "uwzględniono",
                "accepted", "yes", "прийнято", "прийнята", "так",
            ),
            Position.PARTLY: (
                "przyjęta częściowo", "częściowo przyjęta", "przyjęto częściowo", "częściowo",
                "uwzględniona częściowo", "częściowo uwzględniona",
                "partly", "partly accepted", "accepted partly", "accepted in part",
                "прийнято частково", "частково прийнято", "прийнята частково", "частково",
            ),
            Position.NOT_ACCEPTED: (
                "nieprzyjęta", "nie przyjęta", "nie przyjęto", "nie", "nieuwzględniona",
                "nie uwzględniona",
                "not_accepted", "not accepted", "rejected", "no",
                "не прийнято", "неприйнято", "не прийнята", "ні",
            ),
            Position.OUT_OF_SCOPE: (
                "poza zakresem", "nie dotyczy", "out_of_scope", "out of scope", "поза межами",
                "не стосується",
            ),
        }.items()
        for word in words
    }
)  # fmt: skip


def read_position(text: str) -> Position | None:
    """Return what a cell says, whatever its case and marks; None where it says nothing known."""
    return _WORDS.get(" ".join(fold(text).split()))
