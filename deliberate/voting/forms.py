"""What a ballot sends: choices travel in the form, from page to page; the server keeps none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from werkzeug.datastructures import MultiDict

if TYPE_CHECKING:
    from deliberate.voting.models import Section

IDEM = "klucz"
LONGEST_IDEM = 100
NO_OPTION = -1  # stands for whatever is no number: the rule says that it is on no ballot


def field(section_no: int) -> str:
    return f"wybor-{section_no}"


def read_choices(
    sections: Sequence[Section], form: MultiDict[str, str]
) -> dict[int, frozenset[int]]:
    """Return the chosen numbers of each section; a number sent twice is chosen once."""
    return {
        section.no: frozenset(_number(text) for text in form.getlist(field(section.no)))
        for section in sections
    }


def read_idem(form: MultiDict[str, str]) -> str | None:
    """Return the form's own key, or None where the form is not ours."""
    key = form.get(IDEM, "")
    return key if 20 <= len(key) <= LONGEST_IDEM else None


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else NO_OPTION
