"""What a counting method is, and what a count gives."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction


class BallotKind(StrEnum):
    """What a voter fills in. The form and the validation follow from it, not from the method."""

    APPROVAL = "approval"  # frozenset of options


@dataclass(frozen=True, slots=True)
class Outcome:
    """``score`` is exact (a Fraction), so that a tie is a tie. ``winners`` has all who tie."""

    score: Mapping[str, Fraction]
    winners: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class CountingMethod:
    """A way to count one kind of ballots. How a tie is broken is not its business."""

    key: str  # stored with each result; never reused, never renamed
    version: int  # raised when the same ballots could give another outcome
    ballots: BallotKind
    source: str  # the paper, statute or standard that defines it
    count: Callable[[Sequence[str], Sequence[frozenset[str]]], Outcome]
