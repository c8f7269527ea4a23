"""Money as people type it: "12 500 zł", "1.200,50", "800"; kept in whole grosze. Pure."""

from __future__ import annotations

import re

MOST = 100_000_000_000  # grosze: a milliard of zlotys, more than any budget that this decides on

_SPACES = re.compile(r"[\s\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}]+")
# Whole numbers plain or in threes parted by full stops, then grosze after a comma.
_AMOUNT = re.compile(r"(?P<whole>[0-9]{1,10}|[0-9]{1,3}(?:\.[0-9]{3})+)(?:,(?P<rest>[0-9]{1,2}))?")
# A full stop with two digits after it is a decimal one, as on a calculator.
_CALCULATOR = re.compile(r"(?P<whole>[0-9]{1,10})\.(?P<rest>[0-9]{2})")


def parse(text: str) -> int | None:
    """Return the amount in grosze; None for what is not one or is above ``MOST``."""
    bare = _SPACES.sub("", text).lower().removesuffix("zł").removesuffix("pln")
    found = _AMOUNT.fullmatch(bare) or _CALCULATOR.fullmatch(bare)
    if found is None:
        return None
    whole, rest = found["whole"].replace(".", ""), (found["rest"] or "0").ljust(2, "0")
    grosze = int(whole) * 100 + int(rest)
    return grosze if grosze <= MOST else None


def write(grosze: int | None) -> str:
    """Return the amount as a field shows it: "12500", "12500,50"; nothing for None."""
    if grosze is None:
        return ""
    zloty, rest = divmod(grosze, 100)
    return f"{zloty},{rest:02}" if rest else str(zloty)
