"""How one thing is tied to another: the closed list, and its words at both ends. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from deliberate.kernel.texts import N_


class Relation(StrEnum):
    """What the thing at the beginning of a link is to the thing at its end. Stored."""

    CONTINUES = "continues"
    GREW_FROM = "grew_from"  # a consultation from a conclusion, a proposal from a conversation
    MERGED_INTO = "merged_into"
    ANSWERS = "answers"
    CONCERNS = "concerns"


# Each word stands before the title of the other thing.
FORWARD: Mapping[Relation, str] = MappingProxyType(
    {
        Relation.CONTINUES: N_("To dalszy ciąg:"),
        Relation.GREW_FROM: N_("Powstało z:"),
        Relation.MERGED_INTO: N_("Połączone z:"),
        Relation.ANSWERS: N_("Odpowiada na:"),
        Relation.CONCERNS: N_("Dotyczy:"),
    }
)
BACKWARD: Mapping[Relation, str] = MappingProxyType(
    {
        Relation.CONTINUES: N_("Dalszy ciąg:"),
        Relation.GREW_FROM: N_("Co z tego powstało:"),
        Relation.MERGED_INTO: N_("Dołączono tu:"),
        Relation.ANSWERS: N_("Odpowiedź na to:"),
        Relation.CONCERNS: N_("Tego dotyczy:"),
    }
)

ONE_KIND = frozenset({Relation.CONTINUES, Relation.MERGED_INTO})  # a proposal into a proposal
LATER = frozenset({Relation.CONTINUES, Relation.GREW_FROM, Relation.ANSWERS})  # than its end
