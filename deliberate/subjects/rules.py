"""Which two things may be tied to each other. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from deliberate.kernel.refusals import Refusal
from deliberate.kernel.texts import N_
from deliberate.subjects.relations import LATER, ONE_KIND, Relation

ITSELF = Refusal("link.itself", N_("Nic nie może wskazywać na siebie."))
TWO_KINDS = Refusal("link.two_kinds", N_("Tak łączymy tylko rzeczy tego samego rodzaju."))
NOT_EARLIER = Refusal("link.not_earlier", N_("Wskazać można tylko to, co zaczęło się wcześniej."))
THERE = Refusal("link.there", N_("To powiązanie już jest."))
BACKWARDS = Refusal("link.backwards", N_("Te dwie rzeczy są już powiązane, w drugą stronę."))


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkFacts:
    """The two ends as they are now; ``ends_first``: what is pointed at began before."""

    relation: Relation
    is_itself: bool
    is_one_kind: bool
    ends_first: bool
    is_there: bool
    is_there_backwards: bool


def link_refusal(facts: LinkFacts) -> Refusal | None:
    """Return why the two may not be tied so, or None."""
    if facts.is_itself:
        return ITSELF
    if facts.relation in ONE_KIND and not facts.is_one_kind:
        return TWO_KINDS
    if facts.is_there_backwards:
        return BACKWARDS
    # A later thing points at an earlier one, so these never run in a circle.
    if facts.relation in LATER and not facts.ends_first:
        return NOT_EARLIER
    return THERE if facts.is_there else None
