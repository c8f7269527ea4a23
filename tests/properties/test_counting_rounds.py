"""What instant run-off, Scottish STV and Schulze keep in each round, whatever the votes."""

from collections import Counter
from fractions import Fraction
from itertools import combinations_with_replacement, pairwise, permutations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from deliberate.algorithms.counting import METHODS, Outcome, Terms
from deliberate.algorithms.counting.method import LotsNeeded, Ranking, Step

OPTIONS = ("a", "b", "c", "d", "e")
WHOLE = st.permutations(OPTIONS).map(tuple)
SHORT = st.lists(st.sampled_from(OPTIONS), unique=True).map(tuple)
LOTS = WHOLE
# Few opinions among few voters, so that ties are common; more of them, so that decimals are.
BALLOTS = st.lists(WHOLE | SHORT, max_size=8) | st.lists(SHORT, min_size=15, max_size=40)

each_transferring = pytest.mark.parametrize("method", ["irv", "stv"])
each_method = pytest.mark.parametrize("method", ["irv", "stv", "schulze"])


def count(method: str, ballots: list[Ranking], lots: Ranking = (), seats: int = 1) -> Outcome:
    return METHODS[method].count(OPTIONS, ballots, Terms(lots=lots, seats=seats))


def seats_for(method: str) -> st.SearchStrategy[int]:
    return st.just(1) if method == "irv" else st.integers(1, 4)


@each_transferring
@given(data=st.data())
def test_no_vote_comes_from_nowhere_and_none_vanishes(method: str, data: st.DataObject) -> None:
    ballots = data.draw(BALLOTS)
    outcome = count(method, ballots, data.draw(LOTS), data.draw(seats_for(method)))

    valid = sum(1 for ballot in ballots if ballot)
    lost = Fraction(0)
    for round_ in outcome.rounds:
        lost += round_.lost
        if round_.figures:  # the last ones of a run-off only name whom lots and votes elect
            assert sum(round_.figures.values()) + lost == valid
        assert min(round_.figures.values(), default=0) >= 0
        assert round_.lost >= 0


@each_transferring
@given(data=st.data())
def test_what_is_moved_is_what_the_others_gain(method: str, data: st.DataObject) -> None:
    ballots = data.draw(BALLOTS)
    outcome = count(method, ballots, data.draw(LOTS), data.draw(seats_for(method)))

    for before, after in pairwise(outcome.rounds):
        if after.step is not Step.TRANSFERRED:
            assert not after.moved
            continue
        for option, votes in after.figures.items():
            if option not in after.options:
                assert votes == before.figures[option] + after.moved.get(option, 0)


@each_transferring
@given(data=st.data())
def test_who_is_excluded_had_no_more_votes_than_any_who_stays(
    method: str, data: st.DataObject
) -> None:
    ballots = data.draw(BALLOTS)
    outcome = count(method, ballots, data.draw(LOTS), data.draw(seats_for(method)))

    decided: set[str] = set()
    for round_ in outcome.rounds:
        if round_.step is Step.EXCLUDED:
            staying = [o for o in round_.figures if o not in {*round_.options, *decided}]
            most = max(round_.figures[option] for option in round_.options)
            assert all(round_.figures[option] >= most for option in staying)
        if round_.step in {Step.EXCLUDED, Step.ELECTED}:
            decided.update(round_.options)


@each_method
@given(data=st.data())
def test_lots_that_decided_nothing_could_have_been_any(method: str, data: st.DataObject) -> None:
    ballots, seats = data.draw(BALLOTS), data.draw(seats_for(method))
    outcome = count(method, ballots, data.draw(LOTS), seats)
    assume(not outcome.drawn)

    without = count(method, ballots, (), seats)

    assert (without.places, set(without.elected)) == (outcome.places, set(outcome.elected))
    assert [r.figures for r in without.rounds] == [r.figures for r in outcome.rounds]


@each_transferring
@given(ballots=BALLOTS, data=st.data())
def test_a_count_without_lots_stops_only_where_they_would_decide(
    method: str, ballots: list[Ranking], data: st.DataObject
) -> None:
    seats = data.draw(seats_for(method))
    try:
        without = count(method, ballots, (), seats)
    except LotsNeeded:
        assert count(method, ballots, data.draw(LOTS), seats).drawn
    else:
        assert without.drawn == frozenset()


@given(ballots=BALLOTS, lots=LOTS)
def test_a_run_off_ends_with_more_than_half_or_with_a_tie(
    ballots: list[Ranking], lots: Ranking
) -> None:
    outcome = count("irv", ballots, lots)

    end = [round_ for round_ in outcome.rounds if round_.figures][-1]
    votes = sum(end.figures.values())
    (elected,) = outcome.elected
    if len(outcome.winners) == 1:
        assert end.figures[elected] * 2 > votes
    else:
        assert all(end.figures[o] * len(outcome.winners) == votes for o in outcome.winners)


@given(ballots=BALLOTS)
def test_one_seat_of_stv_goes_to_the_winner_of_the_run_off(ballots: list[Ranking]) -> None:
    """The rules agree but for ties: STV asks earlier stages first, and knows no leaving at once."""
    try:
        run_off, stv = count("irv", ballots), count("stv", ballots)
    except LotsNeeded:
        assume(False)
    assume(not any(len(r.options) > 1 or r.among for r in [*run_off.rounds, *stv.rounds]))

    assert run_off.elected == stv.elected


@given(ballots=BALLOTS, lots=LOTS, seats=st.integers(1, 5))
def test_stv_fills_every_seat_by_quota_or_as_the_last(
    ballots: list[Ranking], lots: Ranking, seats: int
) -> None:
    outcome = count("stv", ballots, lots, seats)

    quota = outcome.rounds[0].needed
    assert quota == sum(1 for ballot in ballots if ballot) // (seats + 1) + 1
    assert len(outcome.elected) == len(set(outcome.elected)) == seats
    elections = [round_ for round_ in outcome.rounds if round_.step is Step.ELECTED]
    assert sorted(option for r in elections for option in r.options) == sorted(outcome.elected)
    for at, round_ in enumerate(outcome.rounds):
        if round_.step is Step.ELECTED and any(round_.figures[o] < quota for o in round_.options):
            assert Step.TRANSFERRED not in {later.step for later in outcome.rounds[at:]}  # rule 52
        if round_.step is Step.EXCLUDED:
            assert not set(round_.options) & set(outcome.elected)


@given(ballots=BALLOTS, lots=LOTS, seats=st.integers(1, 4))
def test_stv_keeps_votes_to_five_decimals_and_the_elected_at_the_quota(
    ballots: list[Ranking], lots: Ranking, seats: int
) -> None:
    outcome = count("stv", ballots, lots, seats)

    quota = outcome.rounds[0].needed
    elected: set[str] = set()
    for round_ in outcome.rounds:
        assert all((votes * 100_000).denominator == 1 for votes in round_.figures.values())
        if round_.step is Step.TRANSFERRED and elected.issuperset(round_.options):
            (option,) = round_.options
            assert round_.figures[option] == quota
            assert not elected & set(round_.moved)
        if round_.step is Step.ELECTED:
            elected.update(round_.options)


@given(solid=st.integers(2, 4), others=st.lists(SHORT, max_size=10), lots=LOTS, data=st.data())
def test_a_group_with_enough_quotas_gets_its_seats(
    solid: int, others: list[Ranking], lots: Ranking, data: st.DataObject
) -> None:
    """Proportionality for solid coalitions (Dummett): k quotas of voters elect k of their own.

    Held to whole quotas and one vote, for the decimals that are ignored.
    """
    mine = OPTIONS[:solid]
    seats, entitled = 3, data.draw(st.integers(1, min(solid, 3)))
    others = [ballot for ballot in others if ballot]
    fans = 0  # as many as it takes, beside the others, for ``entitled`` quotas and one vote
    while fans < entitled * ((fans + len(others)) // (seats + 1) + 1) + 1:
        fans += 1
        assume(fans < 200)
    tails = [tuple(o for o in OPTIONS if o not in mine), ()]
    own = st.permutations(mine).flatmap(lambda head: st.sampled_from([(*head, *t) for t in tails]))
    ballots = [*others, *data.draw(st.lists(own, min_size=fans, max_size=fans))]

    outcome = count("stv", ballots, lots, seats)

    assert len(set(outcome.elected) & set(mine)) >= entitled


# Schulze.


@given(ballots=BALLOTS)
def test_links_are_the_strongest_of_all_paths(ballots: list[Ranking]) -> None:
    """By definition: over each way through the others, its weakest victory; of these the best."""
    tables: dict[Step, dict[tuple[str, str], Fraction]] = {Step.COMPARED: {}, Step.LINKED: {}}
    for round_ in count("schulze", ballots).rounds:
        if round_.step in tables:
            (one,) = round_.options
            tables[round_.step] |= {(one, other): n for other, n in round_.figures.items()}
    wanted, links = tables.values()
    victory = {pair: votes if votes > wanted[pair[::-1]] else 0 for pair, votes in wanted.items()}

    for start, end in wanted:
        between = [option for option in OPTIONS if option not in {start, end}]
        ways = [
            (start, *through, end)
            for length in range(len(between) + 1)
            for through in permutations(between, length)
        ]
        assert links[start, end] == max(min(victory[s] for s in pairwise(way)) for way in ways)


def raised(ballot: Ranking, option: str) -> list[Ranking]:
    """Return the ballots on which one option stands higher, and the others as they did."""
    rest = tuple(other for other in ballot if other != option)
    place = ballot.index(option) if option in ballot else len(ballot) + 1
    return [(*rest[:at], option, *rest[at:]) for at in range(min(place, len(rest) + 1))]


def test_schulze_is_monotone_on_every_small_profile() -> None:
    """Three options, up to three voters, every ballot: a winner who is raised still wins."""
    options = OPTIONS[:3]
    every = [ballot for length in range(4) for ballot in permutations(options, length)]

    def winners(ballots: tuple[Ranking, ...]) -> frozenset[str]:
        return METHODS["schulze"].count(options, ballots, Terms()).winners

    known = {
        frozenset(Counter(ballots).items()): winners(ballots)
        for voters in range(1, 4)
        for ballots in combinations_with_replacement(every, voters)
    }
    looked_at = 0
    for voters in range(1, 4):
        for ballots in combinations_with_replacement(every, voters):
            for winner in known[frozenset(Counter(ballots).items())]:
                for at, ballot in enumerate(ballots):
                    for better in raised(ballot, winner):
                        after = (*ballots[:at], better, *ballots[at + 1 :])
                        assert winner in known[frozenset(Counter(after).items())], (ballots, after)
                        looked_at += 1
    assert looked_at > 2_000


@given(data=st.data())
def test_a_clone_helps_and_harms_nobody_else(data: st.DataObject) -> None:
    """An option put beside another on every ballot changes nothing for the rest (Schulze, 4.6)."""
    three = OPTIONS[:3]
    before = data.draw(st.lists(st.permutations(three).map(tuple), min_size=1, max_size=9))
    pairs = data.draw(
        st.lists(st.permutations(("a", "d")), min_size=len(before), max_size=len(before))
    )
    after = [
        tuple(o for option in ballot for o in (pair if option == "a" else [option]))
        for ballot, pair in zip(before, pairs, strict=True)
    ]

    old = METHODS["schulze"].count(three, before, Terms()).winners
    new = METHODS["schulze"].count((*three, "d"), after, Terms()).winners

    assert new - {"a", "d"} == old - {"a"}
    assert bool(new & {"a", "d"}) == ("a" in old)
