"""Instant run-off: the last one leaves, and its votes go on, until one has more than half."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from types import MappingProxyType

from deliberate.algorithms.counting.concluding import by_places
from deliberate.algorithms.counting.method import (
    BallotKind,
    CountingMethod,
    LotsNeeded,
    Outcome,
    Ranking,
    Round,
    Step,
    Terms,
)
from deliberate.algorithms.counting.places import check_lots, places_of
from deliberate.algorithms.counting.rankings import group

SOURCE = "San Francisco Charter, § 13.102 (d)–(f), 2002"


def count_irv(options: Sequence[str], ballots: Sequence[Ranking], terms: Terms) -> Outcome:
    """Exclude the option with the fewest votes and transfer its votes, until one has a majority.

    options: m ≥ 1 distinct keys; their order decides nothing. ballots: n rankings of keys from
    ``options``, the most wanted first, as short as a voter likes. terms: lots; one seat.
    Each ballot counts one for its highest option that is still in. One that names none of these is
    *lost*; a blank one never counted. The count stops where an option has more than half of the
    votes that still count (``needed`` is the least number that is), or is the only one left.
    Equals: options that are last with the same number of votes leave together where all their
    votes are fewer than those of the next one, for then no order among them could save any (§
    13.102 (e)). Else a lot says who leaves, the one drawn latest; earlier rounds are not asked,
    because the Charter does not ask them. Two that remain with half of the votes each are a tie:
    both are first, and a lot elects.
    Score: votes when an option left, or at the end; the greater, the longer it stayed. Equal scores
    share a place. Rounds: TALLY of first preferences; for each exclusion DRAWN if by lot, EXCLUDED,
    TRANSFERRED if there was anything to transfer; at the end DRAWN if by lot, ELECTED.
    Raises ValueError as ``rankings.group`` and ``places.check_lots`` do, and for more than one
    seat; LotsNeeded where a lot must say who leaves and there are none, also where the same one
    would win in the end: the rounds between would be others.
    Source: San Francisco Charter § 13.102 (d) exclusion, majority of continuing ballots, (e)
    several at once, (f) ties by State law, that is by lot (California Elections Code § 15651).
    """
    groups = group(options, ballots)
    check_lots(terms.lots, options)
    if terms.seats != 1:
        raise ValueError(f"Instant run-off elects one, not {terms.seats}")

    piles: dict[str, Counter[Ranking]] = {option: Counter() for option in sorted(options)}
    for ranking, times in groups.items():
        piles[ranking[0]][ranking] = times
    figures = {option: Fraction(pile.total()) for option, pile in piles.items()}
    score = dict(figures)
    drawn: set[str] = set()
    rounds = [Round(step=Step.TALLY, figures=_frozen(figures), needed=_majority(figures))]

    while not _is_decided(figures):
        last = _last(figures)
        if len(last) > 1 and not _leave_together(last, figures):
            if not terms.lots:
                raise LotsNeeded(f"Equal and last, one must leave: {last}")
            by_lot = sorted(last, key=terms.lots.index)
            leaving = by_lot[-1:]
            drawn.update(last)
            rounds.append(_round(Step.DRAWN, leaving, figures, among=by_lot))
        else:
            leaving = last
        rounds.append(_round(Step.EXCLUDED, leaving, figures))
        moved, lost = _transfer(piles, leaving)
        figures = {option: Fraction(pile.total()) for option, pile in piles.items()}
        score.update(figures)
        if moved or lost:
            rounds.append(_round(Step.TRANSFERRED, leaving, figures, moved=moved, lost=lost))

    outcome = by_places(places_of(score), MappingProxyType(score), rounds, terms)
    return replace(outcome, drawn=outcome.drawn | drawn)


def _majority(figures: dict[str, Fraction]) -> Fraction:
    return sum(figures.values(), Fraction(0)) // 2 + Fraction(1)


def _is_decided(figures: dict[str, Fraction]) -> bool:
    """Tell whether one has the majority, two share all votes, or there are none at all."""
    most = max(figures.values())
    return most >= _majority(figures) or len(figures) <= 2 or most == 0


def _last(figures: dict[str, Fraction]) -> list[str]:
    fewest = min(figures.values())
    return [option for option, votes in figures.items() if votes == fewest]


def _leave_together(last: list[str], figures: dict[str, Fraction]) -> bool:
    others = [votes for option, votes in figures.items() if option not in last]
    return bool(others) and sum(figures[option] for option in last) < min(others)


def _transfer(
    piles: dict[str, Counter[Ranking]], leaving: Sequence[str]
) -> tuple[dict[str, Fraction], Fraction]:
    """Move the ballots of those who leave; return what each other one got, and what is lost."""
    moved: Counter[str] = Counter()
    lost = 0
    for pile in [piles.pop(option) for option in leaving]:
        for ranking, times in pile.items():
            heir = next((option for option in ranking if option in piles), None)
            if heir is None:
                lost += times
            else:
                piles[heir][ranking] += times
                moved[heir] += times
    return {option: Fraction(votes) for option, votes in sorted(moved.items())}, Fraction(lost)


def _round(
    step: Step,
    options: Sequence[str],
    figures: dict[str, Fraction],
    *,
    among: Sequence[str] = (),
    moved: dict[str, Fraction] | None = None,
    lost: Fraction = Fraction(0),
) -> Round:
    return Round(
        step=step,
        options=tuple(options),
        among=tuple(among),
        figures=_frozen(figures),
        moved=_frozen(moved or {}),
        lost=lost,
        needed=_majority(figures),
    )


def _frozen(figures: dict[str, Fraction]) -> MappingProxyType[str, Fraction]:
    return MappingProxyType(dict(figures))


IRV = CountingMethod(
    key="irv",
    version=1,
    ballots=frozenset({BallotKind.RANKED}),
    uses=frozenset({"lots"}),
    source=SOURCE,
    promises=frozenset({"majority", "condorcet_loser"}),
    count=count_irv,
)
