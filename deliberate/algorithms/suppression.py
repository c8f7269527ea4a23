"""Which numbers of a published table stay hidden, so that nobody learns what a few people said.

A count from 1 to 4 is hidden. Alone it would follow from the total, so others are hidden with it.
Which ones must not give it away either: readers know this algorithm. Therefore cells are hidden
by their value alone, all of one value together, until two different values are hidden. Whoever
swaps two hidden numbers gets a table that is published in the same way, so no hidden number
follows from what is shown (tests/properties tries every small table).

The rule of small counts: "threshold rule" with complementary suppression, as in Hundepool et al.,
Statistical Disclosure Control (2012), ch. 4. Choosing whole classes of values is ours: the usual
choice of the smallest neighbour can be undone by someone who knows that choice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

SMALL = 5  # the smallest count that is shown
FEWEST = 10  # answers of which a table is made at all


@dataclass(frozen=True, slots=True)
class Row:
    """One table: a count or None (hidden) for each cell; ``total`` None where it is hidden too."""

    cells: tuple[int | None, ...]
    total: int | None

    @property
    def is_whole(self) -> bool:
        """Tell whether nothing is hidden, so that what is computed from all cells may be shown."""
        return self.total is not None and None not in self.cells


def suppress(counts: Sequence[int], total: int, *, ceiling: int | None = None) -> Row:
    """Hide what must be hidden of one table whose total is shown beside it.

    counts: at least two numbers from 0, one for each answer, none above the ceiling.
    total: how many people answered; where each chose one answer it is the sum of counts.
    ceiling: given where the cells do not add up to the total (several may be chosen, or the
    cells are points): the highest number a cell can have. A count just below it says as much as
    a small one – all but three chose it – and is hidden like it.

    Below ten answers, or two for each cell, everything is hidden; below ten the total as well.
    """
    if any(count < 0 for count in counts) or len(counts) < 2:
        raise ValueError(f"Not a table: {counts}")
    if total == 0:
        return Row(tuple(0 for _ in counts), 0)
    nothing = tuple(None for _ in counts)
    if total < FEWEST:
        return Row(nothing, None)
    if total < 2 * len(counts):  # else one answer in each cell could be told from their number
        return Row(nothing, total)
    values = {count for count in counts if count > 0}
    hidden = {count for count in values if _is_sensitive(count, ceiling)}
    if not hidden:
        return Row(tuple(counts), total)
    if len(hidden) == 1:
        others = values - hidden
        if not others:
            return Row(nothing, total)
        hidden.add(min(others))
    return Row(tuple(None if count in hidden else count for count in counts), total)


def follows(row: Row, values: frozenset[int], *, parts: bool) -> bool:
    """Tell whether the number of those who chose one of ``values`` tells nothing new.

    For what is asked only of them: how many were asked stands beside their answers.
    row: the published table of the question that they answered; values: cells, from 0.
    parts: whether each person chose one cell, so that all cells make the total.
    """
    hidden = {place for place, cell in enumerate(row.cells) if cell is None}
    if row.total is None:
        return False
    return not values & hidden or (parts and hidden <= values)


def _is_sensitive(count: int, ceiling: int | None) -> bool:
    if 0 < count < SMALL:
        return True
    return ceiling is not None and 0 < ceiling - count < SMALL
