"""Who somebody says they are, and when two such sayings mean the same person. Pure.

A name and an address, as little as a vote needs: no PESEL and no date of birth. Two people of one
name in one home are told apart by an ordinal, and only after two persons looked (cases).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from deliberate.algorithms.folding import words

MOST_OF_A_HOUSEHOLD = 4  # people of one name in one home, who each vote

# What people write before the name of a street, or leave out.
_KINDS_OF_STREET = frozenset(
    {
        *("ul", "ulica", "al", "aleja", "aleje", "os", "osiedle", "pl", "plac"),
        *("rondo", "skwer", "bulw", "bulwar", "вул", "вулиця"),
    }
)
# What people write before a number, or leave out.
_BEFORE_NUMBERS = frozenset(
    {"nr", "numer", "dom", "m", "mieszkanie", "mieszkania", "lok", "lokal", "lokalu"}
)
_LETTER = re.compile(r"(\d) ([^\W\d_])(?!\w)")  # "12 a" is "12a"
_NUMBER = re.compile(
    r"^(?P<street>.*?\S)[\s,]+(?:nr\s*)?(?P<house>\d+\s?[^\W\d_]?(?:-\d+)?)"
    r"(?:\s*(?:/|m\.?|lok\.?|mieszk\w*\.?)\s*(?P<flat>\d+\s?[^\W\d_]?))?$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """A person as they said it, word for word."""

    given_name: str
    surname: str
    street: str
    house_no: str
    flat: str = ""

    @property
    def parts(self) -> tuple[str, str]:
        """Return what makes two sayings the same person's: the name and the home.

        Case, accents, "ul." and the order of names decide nothing: names typed into each other's
        fields are no second person. Nor does what parts a house from a flat: "5/3", "5 lokal 3"
        and a flat in its own field are one home.
        """
        names = sorted([*words(self.given_name), *words(self.surname)])
        street = words(self.street)
        while len(street) > 1 and street[0] in _KINDS_OF_STREET:
            street = street[1:]
        said = " ".join([*street, *words(self.house_no), *words(self.flat)])
        numbers = [word for word in said.split() if word not in _BEFORE_NUMBERS]
        home = _LETTER.sub(r"\1\2", " ".join(word.lstrip("0") for word in numbers))
        return (" ".join(names), home)


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A line such as "Rynek 5/3", in its parts."""

    street: str
    house_no: str
    flat: str


def read_address(line: str, flat: str = "") -> Address | None:
    """Take a line apart; None where it has no number. A flat of its own field goes first."""
    found = _NUMBER.match(line.strip())
    if found is None:
        return None
    return Address(
        street=found["street"],
        house_no=found["house"].strip(),
        flat=flat.strip() or found["flat"] or "",
    )
