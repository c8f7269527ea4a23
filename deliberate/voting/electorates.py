"""The terms of an electorate that are no column of a poll: between its row and the rules. Pure."""

from __future__ import annotations

import json
from dataclasses import dataclass

from deliberate.voting.canonical import canonical

PERSONS_A_CONTACT = 4  # a family shares a telephone


@dataclass(frozen=True, slots=True, kw_only=True)
class ElectorateTerms:
    """What the rules say of who may take part, beside the kind.

    persons_a_contact: votes confirmed with one telephone or address; who comes after them is asked
    to call the office.
    Of a closed list also how many lines it has and the hash over all of them (rolls.hash_of).
    places: where and when people vote on paper or with help, as pages say it; empty: nowhere.
    """

    persons_a_contact: int = PERSONS_A_CONTACT
    roll_lines: int = 0
    roll_hash: str = ""
    places: str = ""

    @property
    def has_paper(self) -> bool:
        """Tell whether people may also vote on paper, and at a counter with help."""
        return bool(self.places)


def write(terms: ElectorateTerms) -> str:
    """Return the terms as a poll keeps them: only what is not as usual."""
    said: dict[str, object] = {}
    if terms.persons_a_contact != PERSONS_A_CONTACT:
        said["persons_a_contact"] = terms.persons_a_contact
    if terms.roll_hash:
        said["roll"] = {"lines": terms.roll_lines, "hash": terms.roll_hash}
    if terms.places:
        said["places"] = terms.places
    return canonical(said)


def read(text: str) -> ElectorateTerms:
    said = json.loads(text)
    roll = said.get("roll", {})
    return ElectorateTerms(
        persons_a_contact=said.get("persons_a_contact", PERSONS_A_CONTACT),
        roll_lines=roll.get("lines", 0),
        roll_hash=roll.get("hash", ""),
        places=said.get("places", ""),
    )
