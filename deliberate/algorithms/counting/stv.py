"""Scottish STV: votes above the quota and votes of the last go on, at a value, to the next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from types import MappingProxyType

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
from deliberate.algorithms.counting.places import check_lots, choose
from deliberate.algorithms.counting.rankings import group

SOURCE = (
    "Scottish Local Government Elections Order 2007, SSI 2007/42, Schedule 1 Part III rules 45–52"
)
# Rule 48 (3): values are taken to five decimal places, the rest is ignored. So all votes are whole
# numbers of hundred-thousandths, and nothing is ever rounded that the rules do not round.
VOTE = 100_000


def count_stv(options: Sequence[str], ballots: Sequence[Ranking], terms: Terms) -> Outcome:
    """Elect ``seats`` options so that each needs a quota, and few votes are wasted.

    options: m ≥ 1 distinct keys; their order decides nothing. ballots: n rankings of keys from
    ``options``, the most wanted first, as short as a voter likes; a blank one is not valid and
    counts for no quota. terms: seats, lots. With as many seats as options, or more, all are
    elected. Votes are exact multiples of 0.00001.
    Equals: which surplus goes first, and who is excluded, is said by the latest stage at which they
    differed (rules 49 (2), 51 (2)(a)); where several share the extreme of that stage, the rule is
    asked again among those. Equal at all stages: a lot (49 (3), 51 (2)(b)); the option drawn
    earlier transfers first, the one drawn latest is excluded. Beyond the letter, because the lot
    could change nothing: options without any votes are excluded together.
    Places: elected options by stage, in one stage by votes; then those who stayed to the end, by
    votes; then the excluded, the last excluded first. Those whom only a lot at the very end
    separates share a place. Score: how many options stand on lower places (votes are in the rounds,
    for a later stage has larger ones for all).
    Rounds: TALLY (45); ELECTED (47, 52); TRANSFERRED with what went on, and as ``lost`` papers with
    no further preference and the decimals that rule 48 (3) ignores; DRAWN; EXCLUDED (50). Votes of
    all figures and all that was lost are the valid papers at each stage; ``needed`` is the quota.
    Raises ValueError as ``rankings.group`` and ``places`` do; LotsNeeded where the count
    cannot go on without a lot. A tie for the last seats is no such case: they stay open.
    Source: the Scottish Local Government Elections Order 2007 (SSI 2007/42), Schedule 1 Part III,
    rules 45-52; the rule stands beside each step below.
    """
    groups = group(options, ballots)
    check_lots(terms.lots, options)
    if terms.seats < 1:
        raise ValueError(f"Seats: {terms.seats}")
    count = _Count(options, groups, terms)
    count.note(Step.TALLY)
    while not count.is_over():
        if count.waiting:
            count.transfer_surplus()
        else:
            count.exclude()
    return count.outcome(terms)


class _Count:
    """The table on which the papers lie, and what was decided at it so far."""

    def __init__(self, options: Sequence[str], groups: Counter[Ranking], terms: Terms) -> None:
        self.vacancies = terms.seats
        self.lots = terms.lots
        self.continuing = sorted(options)
        # Rule 45: a parcel for each option. Papers of one ranking and one value lie together.
        self.parcels: dict[str, Counter[tuple[Ranking, int]]] = {
            option: Counter() for option in self.continuing
        }
        for ranking, times in groups.items():
            self.parcels[ranking[0]][ranking, VOTE] = times
        self.votes = {option: VOTE * self.parcels[option].total() for option in self.continuing}
        # Rule 46: divided by one more than the seats, decimals ignored, and one more.
        self.quota = VOTE * (groups.total() // (terms.seats + 1) + 1)
        self.stages = [dict(self.votes)]
        self.waiting: list[str] = []  # elected, their surplus not yet transferred
        self.elected: list[frozenset[str]] = []
        self.excluded: list[frozenset[str]] = []
        self.drawn: set[str] = set()
        self.rounds: list[Round] = []

    def is_over(self) -> bool:
        """Elect whom votes or vacancies elect, and tell whether no vacancy remains to decide."""
        # Rule 47: the quota is enough at any stage.
        reached = [option for option in self.continuing if self.votes[option] >= self.quota]
        self.elect(reached)
        self.waiting += [option for option in reached if self.votes[option] > self.quota]
        # Rule 52: as many as there are vacancies are elected, and nothing is transferred any more.
        if len(self.continuing) <= self.vacancies:
            self.elect(self.continuing)
        return not self.vacancies or not self.continuing

    def elect(self, options: Iterable[str]) -> None:
        by_votes = self.by_votes(options)
        if not by_votes:
            return
        self.elected += by_votes
        in_order = [option for equals in by_votes for option in sorted(equals)]
        self.continuing = [option for option in self.continuing if option not in in_order]
        self.vacancies -= len(in_order)
        self.note(Step.ELECTED, in_order)

    def transfer_surplus(self) -> None:
        # Rule 49 (1): the highest surplus first.
        most = max(self.votes[option] for option in self.waiting)
        equals = [option for option in self.waiting if self.votes[option] == most]
        highest = self.recall(equals, max)  # rule 49 (2)
        if len(highest) > 1:
            highest = [self.draw(highest, min)]  # rule 49 (3)
        (option,) = highest
        self.waiting.remove(option)
        surplus, total = self.votes[option] - self.quota, self.votes[option]
        # Rule 48 (3): surplus times the value of the paper when received, divided by all votes.
        moved = self.hand_on(option, lambda value: surplus * value // total)
        self.votes[option] = self.quota
        self.end_stage([option], moved, surplus - moved.total())

    def exclude(self) -> None:
        # Rule 50 (1): no surplus is left, so the one with the fewest votes goes.
        fewest = min(self.votes[option] for option in self.continuing)
        equals = [option for option in self.continuing if self.votes[option] == fewest]
        last = self.recall(equals, min)  # rule 51 (2)(a)
        spare = len(self.continuing) - self.vacancies
        if len(last) > spare and (spare == 1 or not fewest):
            self.close(last, spare)
            return
        if len(last) > 1 and fewest:
            last = [self.draw(last, max)]  # rule 51 (2)(b)
        self.note(Step.EXCLUDED, last, among=equals)
        self.leave(last)
        if len(self.continuing) == self.vacancies:
            return  # rule 52 (2): no further transfer
        if not fewest:
            for option in last:
                del self.votes[option]
            return
        (option,) = last
        given = self.votes.pop(option)
        moved = self.hand_on(option, lambda value: value)  # rule 50 (4): at the value it had
        self.end_stage(last, moved, given - moved.total())

    def close(self, last: list[str], spare: int) -> None:
        """Fill the last vacancies where ``spare`` of the equal ``last`` must go: nothing follows.

        Either one must go, and rule 52 elects the others; or none of them has any votes, so
        whoever goes, nothing is transferred.
        """
        self.elect(option for option in self.continuing if option not in last)
        self.elected.append(frozenset(last))
        if self.lots:
            by_lot = sorted(last, key=self.lots.index)
            lucky = by_lot[:-spare]
            self.drawn.update(last)
            self.note(Step.DRAWN, lucky, among=by_lot)
            self.note(Step.ELECTED, lucky)
        self.continuing = []

    def recall(self, equals: list[str], extreme: Callable[[Iterable[int]], int]) -> list[str]:
        """Return those of the equals whom the latest stage at which they differed picks."""
        for stage in reversed(self.stages):
            picked = extreme(stage[option] for option in equals)
            equals = [option for option in equals if stage[option] == picked]
        return equals

    def draw(self, equals: list[str], pick: Callable[..., str]) -> str:
        if not self.lots:
            raise LotsNeeded(f"Equal at all stages, a lot must decide: {equals}")
        drawn = pick(equals, key=self.lots.index)
        self.drawn.update(equals)
        self.note(Step.DRAWN, [drawn], among=sorted(equals, key=self.lots.index))
        return drawn

    def hand_on(self, giver: str, value_of: Callable[[int], int]) -> Counter[str]:
        """Give each paper to its next continuing option; return the votes that each one got."""
        moved: Counter[str] = Counter()
        continuing = frozenset(self.continuing)
        for (ranking, value), times in self.parcels.pop(giver).items():
            heir = next((option for option in ranking if option in continuing), None)
            worth = value_of(value)
            if heir is not None and worth:
                self.parcels[heir][ranking, worth] += times
                moved[heir] += times * worth
        for heir, votes in moved.items():
            self.votes[heir] += votes
        return moved

    def leave(self, options: list[str]) -> None:
        self.continuing = [option for option in self.continuing if option not in options]
        self.excluded.append(frozenset(options))

    def end_stage(self, givers: list[str], moved: Counter[str], lost: int) -> None:
        self.stages.append(dict(self.votes))
        self.note(Step.TRANSFERRED, givers, moved=moved, lost=lost)

    def by_votes(self, options: Iterable[str]) -> list[frozenset[str]]:
        """Return the options by votes, the most first; equal ones in one set."""
        equals: dict[int, set[str]] = {}
        for option in options:
            equals.setdefault(self.votes[option], set()).add(option)
        return [frozenset(equals[votes]) for votes in sorted(equals, reverse=True)]

    def note(
        self,
        step: Step,
        options: Sequence[str] = (),
        *,
        among: Sequence[str] = (),
        moved: Counter[str] | None = None,
        lost: int = 0,
    ) -> None:
        self.rounds.append(
            Round(
                step=step,
                options=tuple(options),
                among=tuple(among) if len(among) > len(options) else (),
                figures=_in_votes(self.votes),
                moved=_in_votes(moved or {}),
                lost=Fraction(lost, VOTE),
                needed=Fraction(self.quota, VOTE),
            )
        )

    def outcome(self, terms: Terms) -> Outcome:
        places = (*self.elected, *self.by_votes(self.continuing), *reversed(self.excluded))
        score: dict[str, Fraction] = {}
        for place in reversed(places):
            score |= dict.fromkeys(place, Fraction(len(score)))
        elected, _ = choose(places, seats=terms.seats, lots=terms.lots)
        return Outcome(
            score=MappingProxyType(score),
            places=places,
            elected=elected,
            drawn=frozenset(self.drawn),
            rounds=tuple(self.rounds),
        )


def _in_votes(units: dict[str, int]) -> MappingProxyType[str, Fraction]:
    return MappingProxyType({option: Fraction(own, VOTE) for option, own in sorted(units.items())})


STV = CountingMethod(
    key="stv",
    version=1,
    ballots=frozenset({BallotKind.RANKED}),
    uses=frozenset({"seats", "lots"}),
    source=SOURCE,
    promises=frozenset({"majority", "condorcet_loser"}),
    count=count_stv,
)
