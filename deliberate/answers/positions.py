"""What the office can decide about a thing, how it is said of each kind, and read back. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
    ANSWERED = "answered"  # of a question: there was nothing to accept


# Of whatever has no words of its own below.
LABELS: Mapping[Position, str] = MappingProxyType(
    {
        Position.ACCEPTED: N_("przyjęta"),
        Position.PARTLY: N_("przyjęta częściowo"),
        Position.NOT_ACCEPTED: N_("nieprzyjęta"),
        Position.OUT_OF_SCOPE: N_("poza zakresem"),
        Position.ANSWERED: N_("odpowiedź na pytanie"),
    }
)
# Of a remark offices say "uwzględniona", and so does the report of a consultation.
REMARK_LABELS: Mapping[Position, str] = MappingProxyType(
    {
        Position.ACCEPTED: N_("uwzględniona"),
        Position.PARTLY: N_("uwzględniona częściowo"),
        Position.NOT_ACCEPTED: N_("nieuwzględniona"),
        Position.OUT_OF_SCOPE: N_("poza zakresem"),
        Position.ANSWERED: N_("odpowiedź na pytanie"),
    }
)
_LABELS_OF: Mapping[str, Mapping[Position, str]] = MappingProxyType({"remark": REMARK_LABELS})
# Tone of a pill in macros/ui.html.
TONES: Mapping[Position, str] = MappingProxyType(
    {
        Position.ACCEPTED: "go",
        Position.PARTLY: "now",
        Position.NOT_ACCEPTED: "no",
        Position.OUT_OF_SCOPE: "",
        Position.ANSWERED: "now",
    }
)


def label(kind: str, position: str) -> str:
    """Return the source text that says a position of a thing of this kind."""
    return _LABELS_OF.get(kind, LABELS)[Position(position)]


def labels_of(kinds: Iterable[str]) -> Mapping[Position, str]:
    """Return the words to choose from for one answer to things of these kinds."""
    of_each = [_LABELS_OF.get(kind, LABELS) for kind in kinds]
    return of_each[0] if of_each and all(each is of_each[0] for each in of_each) else LABELS


# As offices write it, folded; the report of a consultation says "uwzględniona". In English and
# Ukrainian too: who works in another language writes what the page shows.
_WORDS: Mapping[str, Position] = MappingProxyType(
    {
        fold(word): position
        for position, words in {
            Position.ACCEPTED: (
                "przyjęta", "przyjęto", "tak", "uwzględniona", "uwzględniono",
                "accepted", "yes", "taken into account",
                "прийнято", "прийнята", "так", "враховано", "врахована",
            ),
            Position.PARTLY: (
                "przyjęta częściowo", "częściowo przyjęta", "przyjęto częściowo", "częściowo",
                "uwzględniona częściowo", "częściowo uwzględniona",
                "uwzględniono częściowo",
                "partly", "partly accepted", "accepted partly", "accepted in part",
                "taken into account in part", "partly taken into account",
                "враховано частково", "частково враховано",
                "прийнято частково", "частково прийнято", "прийнята частково", "частково",
            ),
            Position.NOT_ACCEPTED: (
                "nieprzyjęta", "nie przyjęta", "nie przyjęto", "nie", "nieuwzględniona",
                "nie uwzględniona", "nieuwzględniono", "nie uwzględniono",
                "not_accepted", "not accepted", "rejected", "no", "not taken into account",
                "не враховано", "не врахована",
                "не прийнято", "неприйнято", "не прийнята", "ні",
            ),
            Position.OUT_OF_SCOPE: (
                "poza zakresem", "nie dotyczy", "out_of_scope", "out of scope", "поза межами",
                "не стосується",
            ),
            Position.ANSWERED: (
                "odpowiedź na pytanie", "odpowiedź", "wyjaśnienie", "answered",
                "answer to a question", "відповідь на запитання", "відповідь",
            ),
        }.items()
        for word in words
    }
)  # fmt: skip


def read_position(text: str) -> Position | None:
    """Return what a cell says, whatever its case and marks; None where it says nothing known."""
    return _WORDS.get(" ".join(fold(text).split()))
