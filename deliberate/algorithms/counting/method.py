"""What a counting method is, what it is told beside the ballots, and what a count gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType
from typing import Any

# What a voter filled in. Hashable and canonical: equal choices are equal values, so that a count
# may group them. Options are keys (text); the order in which a voter clicked is in none of them
# but a ranking, where it is the vote.
Marks = frozenset[str]
Ranking = tuple[str, ...]  # the most wanted first; options left out stand below all that are named
Points = frozenset[tuple[str, int]]  # (option, points); an option stands in it once
Answers = frozenset[tuple[str, "Answer"]]  # (question, answer); a question left blank is not there


class Answer(StrEnum):
    """What a voter may say to a question."""

    YES = "yes"
    NO = "no"
    ABSTAIN = "abstain"


class BallotKind(StrEnum):
    """What a voter fills in. The form and the validation follow from it, not from the method."""

    SINGLE = "single"  # Marks: one option, or none
    APPROVAL = "approval"  # Marks
    KNAPSACK = "knapsack"  # Marks whose costs together stay within a budget
    RANKED = "ranked"  # Ranking
    SCORE = "score"  # Points: each option judged for itself on one scale
    POINTS = "points"  # Points: a sum to hand out among the options
    QUESTIONS = "questions"  # Answers


class Denominator(StrEnum):
    """Of what a share of "yes" is a share; each resolution says which."""

    YES_AND_NO = "yes_and_no"  # those who said one or the other
    ANSWERED = "answered"  # and those who abstained
    BALLOTS = "ballots"  # and those who left the question blank
    ENTITLED = "entitled"  # and those who did not come


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """A promise that begins at a share: "≥ 80 %: do wykonania"."""

    key: str
    least: Fraction  # of the denominator; the share itself is in


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What the rules of a vote say beside its kind; a method reads what it ``uses``.

    seats: how many options are chosen. lots: all options in drawn order; between equals the one
    drawn earlier is preferred; empty where lots are not drawn (yet). scale: the lowest and the
    highest score, both whole numbers. weights: points for the first, second, … place. denominator,
    quorum, bands, entitled: of questions; a quorum is a least number of ballots.
    """

    seats: int = 1
    lots: tuple[str, ...] = ()
    scale: tuple[int, int] = (0, 5)
    weights: tuple[Fraction, ...] = ()
    denominator: Denominator = Denominator.YES_AND_NO
    quorum: int = 0
    bands: tuple[Band, ...] = ()
    entitled: int | None = None


class Step(StrEnum):
    """What happened in a round; a page has a sentence for each."""

    TALLY = "tally"  # votes added up, nothing decided yet
    ELECTED = "elected"
    EXCLUDED = "excluded"
    TRANSFERRED = "transferred"  # a surplus, or the votes of an excluded option
    DRAWN = "drawn"  # a lot decided between equals
    COMPARED = "compared"  # options with each other; what the figures are, says the method
    LINKED = "linked"  # the strongest path from the option to each other one (Schulze)


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One step on the way to the outcome, so that anyone can follow it with a pencil.

    options: whom the step is about, in the order in which it happened. among: between whom it was
    decided, where that is more. figures: each option's figure after the step. moved: votes that
    went from the options of the step to each other one. lost: votes that found no further choice.
    needed: the quota or threshold in force, where there is one. taken: how many middle grades were
    taken away from each option before the step (majority judgement).
    """

    step: Step
    options: tuple[str, ...] = ()
    among: tuple[str, ...] = ()
    figures: Mapping[str, Fraction] = field(default_factory=lambda: MappingProxyType({}))
    moved: Mapping[str, Fraction] = field(default_factory=lambda: MappingProxyType({}))
    lost: Fraction = Fraction(0)
    needed: Fraction | None = None
    taken: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What became of one question."""

    yes: int
    no: int
    abstain: int
    blank: int
    base: int  # the denominator as a number
    share: Fraction | None  # of ``base``; None where nobody is in it
    has_quorum: bool
    band: str | None  # the highest reached, if there is a quorum


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of a count. Figures are exact, so that a tie is a tie.

    score: each option's figure, the greater the better; what it counts is said by the method.
    places: all options, the best first; those of one set are equal by the ballots alone, or, where
    a lot had to be drawn for the count to go on, by the ballots after it.
    elected: ``seats`` options or fewer, the best first, lots applied; shorter where equals stand
    at the border and no lots were given. drawn: those for or against whom a lot decided.
    """

    score: Mapping[str, Fraction]
    places: tuple[frozenset[str], ...]
    elected: tuple[str, ...]
    drawn: frozenset[str] = frozenset()
    rounds: tuple[Round, ...] = ()
    verdicts: Mapping[str, Verdict] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def winners(self) -> frozenset[str]:
        """Return all who are first by the ballots alone: more than one is a tie."""
        return self.places[0]


class LotsNeeded(ValueError):
    """A method cannot go on between equals, and no lots were given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CountingMethod:
    """A way to count one kind of ballots."""

    key: str  # stored with each result; never reused, never renamed
    version: int  # raised when the same ballots could give another outcome
    ballots: frozenset[BallotKind]
    uses: frozenset[str]  # fields of Terms that it reads
    source: str  # the paper, statute or standard that defines it
    promises: frozenset[str]  # properties that tests hold it to, beside those of every method
    # Any: a method takes the values of its own kinds of ballots.
    count: Callable[[Sequence[str], Sequence[Any], Terms], Outcome]
