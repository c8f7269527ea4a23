"""What a contribution may be, and what pages call it. No database, no request."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from deliberate.kernel.texts import N_


class ContributionKind(StrEnum):
    """What a contribution is, if its author says; a voice in the conversation by default."""

    VOICE = "voice"
    FOR = "for"
    AGAINST = "against"
    QUESTION = "question"
    EXPERIENCE = "experience"
    SOURCE = "source"
    OFFICIAL = "official"  # an answer of the office
    NOTE = "note"  # of a facilitator


KIND_LABELS: Mapping[str, str] = MappingProxyType(
    {
        ContributionKind.VOICE: N_("Głos w rozmowie"),
        ContributionKind.FOR: N_("Argument za"),
        ContributionKind.AGAINST: N_("Argument przeciw"),
        ContributionKind.QUESTION: N_("Pytanie"),
        ContributionKind.EXPERIENCE: N_("Doświadczenie"),
        ContributionKind.SOURCE: N_("Źródło"),
        ContributionKind.OFFICIAL: N_("Odpowiedź urzędu"),
        ContributionKind.NOTE: N_("Od prowadzących rozmowę"),
    }
)

# These two follow from in whose name one writes; nobody chooses them.
OF_STAFF = frozenset({ContributionKind.OFFICIAL, ContributionKind.NOTE})
CHOSEN = tuple(kind for kind in ContributionKind if kind not in OF_STAFF)


class Order(StrEnum):
    """In which order a conversation is read; the value stands in the address."""

    OLDEST = "najstarsze"
    NEWEST = "najnowsze"
    UNANSWERED = "pytania"


ORDER_LABELS: Mapping[str, str] = MappingProxyType(
    {
        Order.OLDEST: N_("Od początku"),
        Order.NEWEST: N_("Od najnowszych"),
        Order.UNANSWERED: N_("Pytania bez odpowiedzi"),
    }
)


def order_named(text: str | None) -> Order:
    """Return the order with this name, or from the beginning for anything else."""
    return Order(text) if text in set(Order) else Order.OLDEST
