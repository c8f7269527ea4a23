"""One page of a long list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")
PER_PAGE = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class PageOf(Generic[T]):
    """``items`` of page ``number`` (from 1) out of ``total`` things."""

    items: Sequence[T]
    number: int
    total: int
    per_page: int = PER_PAGE

    @property
    def last(self) -> int:
        return max(1, -(-self.total // self.per_page))

    @property
    def has_next(self) -> bool:
        return self.number < self.last

    @property
    def has_previous(self) -> bool:
        return self.number > 1

    @property
    def numbers(self) -> list[int | None]:
        """Return which page numbers to show; None stands for a gap."""
        near = {1, self.last, *range(self.number - 1, self.number + 2)}
        shown = sorted(number for number in near if 1 <= number <= self.last)
        row: list[int | None] = []
        for number in shown:
            if row and row[-1] is not None and number - row[-1] > 1:
                row.append(None)
            row.append(number)
        return row


def page_number(text: str | None) -> int:
    """Read ``strona`` of a URL: anything that is not a page from 1 to 100,000 is page 1."""
    return int(text) if text and text.isascii() and text.isdigit() and 0 < int(text) < 10**5 else 1
