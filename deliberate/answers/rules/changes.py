"""When a published answer may be put differently. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from deliberate.kernel.refusals import Refusal
from deliberate.kernel.texts import N_

SHORTEST_WHY, LONGEST_WHY = 10, 1000  # characters; everybody reads it

NOT_PUBLISHED = Refusal(
    "answer_change.not_published",
    N_("Ta odpowiedź nie jest jeszcze ogłoszona. Popraw szkic, bez podawania powodu."),
)
SAME = Refusal(
    "answer_change.same", N_("Stanowisko i uzasadnienie są takie same. Nie ma czego zmieniać.")
)
NONE_WAITS = Refusal(
    "answer_change.none_waits", N_("Na ogłoszenie nie czeka żadna zmiana tej odpowiedzi.")
)
OWN = Refusal(
    "answer_change.own", N_("Zmianę ogłasza druga osoba. Nie można ogłosić własnej zmiany.")
)
OUTDATED = Refusal(
    "answer_change.outdated",
    N_("Zmiana wygląda już inaczej niż na stronie, którą masz otwartą. Przeczytaj ją jeszcze raz."),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WritingFacts:
    is_published: bool
    is_same: bool  # nothing of what people read would differ


def writing_refusal(facts: WritingFacts) -> Refusal | None:
    """Return why a change may not be written, or None."""
    if not facts.is_published:
        return NOT_PUBLISHED
    return SAME if facts.is_same else None


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishingFacts:
    waits: bool
    is_writer: bool
    is_as_read: bool  # what waits is what the person has before their eyes


def publishing_refusal(facts: PublishingFacts) -> Refusal | None:
    """Return why the person may not make a change public, or None."""
    if not facts.waits:
        return NONE_WAITS
    if facts.is_writer:
        return OWN
    return None if facts.is_as_read else OUTDATED
