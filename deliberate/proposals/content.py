"""What a proposal says: the part that its authors write and change, whole at each version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from deliberate.algorithms.folding import words
from deliberate.kernel.texts import N_
from deliberate.proposals import cost
from deliberate.proposals.models import Proposal

# Keys of a version's fields, in the order in which pages show them.
FIELD_LABELS: Mapping[str, str] = MappingProxyType(
    {
        "title": N_("Co"),
        "place": N_("Gdzie"),
        "reason": N_("Dlaczego"),
        "details": N_("Szczegóły"),
        "cost": N_("Koszt w złotych"),
        "area": N_("Część gminy"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """Three questions first; ``cost`` in grosze, ``language`` of the text itself."""

    title: str
    place: str
    reason: str
    details: str = ""
    cost: int | None = None
    area_id: int | None = None
    language: str = "pl"

    @property
    def folded(self) -> str:
        """Return the words by which the proposal is found."""
        return " ".join(words(f"{self.title} {self.place} {self.reason} {self.details}"))

    def fields(self, area: str) -> dict[str, str]:
        """Return the texts that a version keeps; ``area`` is the name of the place."""
        return {
            "title": self.title,
            "place": self.place,
            "reason": self.reason,
            "details": self.details,
            "cost": cost.write(self.cost),
            "area": area,
        }


def content_of(proposal: Proposal) -> Content:
    """Return what the proposal says now."""
    return Content(
        title=proposal.title,
        place=proposal.place,
        reason=proposal.reason,
        details=proposal.details,
        cost=proposal.cost,
        area_id=proposal.area_id,
        language=proposal.language,
    )


def write_into(proposal: Proposal, content: Content) -> None:
    proposal.title = content.title
    proposal.place = content.place
    proposal.reason = content.reason
    proposal.details = content.details
    proposal.cost = content.cost
    proposal.area_id = content.area_id
    proposal.language = content.language
    proposal.folded = content.folded
