"""Borda, instant run-off, Scottish STV and Schulze beside votelib and pref_voting."""

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import combinations, permutations

import pytest

from deliberate.algorithms.counting import Outcome
from deliberate.algorithms.counting.method import LotsNeeded, Step
from tests.oracles.conftest import Ask
from tests.oracles.profiles import Profile, numbers, short_rankings, whole_rankings

Profiles = Callable[[], Iterator[Profile]]
EACH_LENGTH = pytest.mark.parametrize("profiles", [whole_rankings, short_rankings])


@EACH_LENGTH
def test_borda_has_the_winners_of_pref_voting(ask: Ask, profiles: Profiles) -> None:
    for profile in profiles():
        ours = numbers(profile.count_rankings("borda").winners)

        assert ours == ask("borda by pref_voting", profile.options, profile.ballots), profile


def test_borda_has_the_winners_of_votelib(ask: Ask) -> None:
    """Whole rankings only: to an option left out votelib gives nothing, we the average."""
    for profile in whole_rankings():
        ours = numbers(profile.count_rankings("borda").winners)

        assert ours == ask("borda by votelib", profile.options, profile.ballots), profile


@EACH_LENGTH
def test_run_off_elects_whom_some_lots_elect_at_pref_voting(ask: Ask, profiles: Profiles) -> None:
    """pref_voting tells all who win by some lots; we count by one order of lots, or by none."""
    ties = 0
    for profile in profiles():
        theirs = ask("irv by pref_voting", profile.options, profile.ballots)
        assert theirs is not None

        (elected,) = numbers(profile.count_rankings("irv", lots=profile.drawn()).elected)
        assert elected in theirs, profile
        try:
            assert numbers(profile.count_rankings("irv").winners) == theirs, profile
        except LotsNeeded:
            ties += 1
            if profile.options <= 4:
                assert elected_by_any_lots(profile) == theirs, profile
    assert 100 < ties < 1_000


@EACH_LENGTH
def test_run_off_elects_whom_votelib_elects(ask: Ask, profiles: Profiles) -> None:
    """An equal last is no answer to votelib: we go on by lot, or let both leave at once."""
    answered = 0
    for profile in profiles():
        theirs = ask("irv by votelib", profile.options, profile.ballots)
        if theirs is not None:
            answered += 1
            assert numbers(profile.count_rankings("irv").winners) == theirs, profile
    assert answered > 1_000


@EACH_LENGTH
def test_scottish_stv_elects_whom_pref_voting_elects(ask: Ask, profiles: Profiles) -> None:
    """The same lots for both. Two differences are known; only the first is met here.

    Where three are last, and an earlier stage leaves two of them, we draw between the two; it draws
    among the three again, and may exclude whom that stage saved. So in such a draw whom we exclude
    is put last in the lots of both. And what decimals leave of a surplus, it transfers once more.

    (votelib knows no Scottish rules: no decimals are ignored, all surpluses go at once.)
    """
    by_lot = narrowed = several = 0
    for profile in profiles():
        lots = profile.drawn()
        ours = profile.count_rankings("stv", seats=profile.seats, lots=lots)
        if last := [option for option in lots if option in drawn_among_fewer(ours)]:
            narrowed += 1
            lots = (*(option for option in lots if option not in last), *last)
            ours = profile.count_rankings("stv", seats=profile.seats, lots=lots)
        theirs = ask(
            "stv by pref_voting",
            profile.options,
            profile.ballots,
            seats=profile.seats,
            lots=[int(option) for option in lots],
        )

        assert numbers(ours.elected) == theirs, profile
        by_lot += bool(ours.drawn)
        several += sum(round_.step is Step.TRANSFERRED for round_ in ours.rounds) > 1
    assert by_lot > 100
    assert narrowed < 100
    assert several > 100


@EACH_LENGTH
def test_scottish_stv_for_one_seat_elects_whom_votelib_elects(ask: Ask, profiles: Profiles) -> None:
    """With one seat no surplus is transferred, and votelib's rules are the same but for ties."""
    answered = 0
    for profile in profiles():
        theirs = ask("irv by votelib", profile.options, profile.ballots)
        if theirs is not None:
            answered += 1
            assert numbers(profile.count_rankings("stv").elected) == theirs, profile
    assert answered > 1_000


def test_schulze_has_the_order_of_pref_voting(ask: Ask) -> None:
    for profile in whole_rankings():
        ours = profile.count_rankings("schulze")
        unbeaten = ask("schulze by pref_voting", profile.options, profile.ballots)
        beaten_by = ask("schulze defeats by pref_voting", profile.options, profile.ballots)

        assert numbers(ours.winners) == unbeaten, profile
        assert order(profile, ours) == beaten_by, profile


def test_schulze_of_short_rankings_has_the_order_of_pref_voting(ask: Ask) -> None:
    """Of two victories with as many votes, to Schulze that is stronger to which fewer objected.

    pref_voting calls them equal, so it may find more options unbeaten; where no two victories are
    of that kind, the order is the same. (Of whole rankings none are.)
    """
    finer = 0
    for profile in short_rankings():
        ours = profile.count_rankings("schulze")
        unbeaten = ask("schulze by pref_voting", profile.options, profile.ballots)
        beaten_by = ask("schulze defeats by pref_voting", profile.options, profile.ballots)

        assert unbeaten is not None
        assert set(numbers(ours.winners)) <= set(unbeaten), profile
        if objections_decide(ours):
            finer += order(profile, ours) != beaten_by
        else:
            assert order(profile, ours) == beaten_by, profile
            assert numbers(ours.winners) == unbeaten, profile
    assert 0 < finer < 200


@EACH_LENGTH
def test_schulze_has_the_winner_of_votelib(ask: Ask, profiles: Profiles) -> None:
    """Of several unbeaten, votelib elects those that beat the most others, we call all first.

    Of victories with as many votes it thinks as pref_voting does. It knows only options that some
    ballot names, and answers nobody where among these all paths are as strong as those back.
    """
    compared = 0
    for profile in profiles():
        ours = profile.count_rankings("schulze")
        theirs = ask("schulze by votelib", profile.options, profile.ballots)

        assert theirs is not None
        if not theirs:
            named = {str(option) for ballot in profile.ballots for option in ballot}
            paths = table(ours, Step.LINKED)
            pairs = list(permutations(named, 2))
            assert all(paths[pair] == paths[pair[::-1]] for pair in pairs), profile
        elif not objections_decide(ours):
            compared += 1
            assert set(theirs) <= set(numbers(ours.winners)), profile
            assert len(ours.winners) > 1 or theirs == numbers(ours.winners), profile
    assert compared > 800


def elected_by_any_lots(profile: Profile) -> list[int]:
    keys: set[str] = set()
    for lots in permutations(profile.keys):
        keys.update(profile.count_rankings("irv", lots=lots).elected)
    return numbers(keys)


def drawn_among_fewer(outcome: Outcome) -> set[str]:
    """Return whom lots excluded after an earlier stage had saved others with as many votes."""
    return {
        round_.among[-1]
        for round_ in outcome.rounds
        if round_.step is Step.DRAWN
        and len(round_.among)
        < sum(votes == round_.figures[round_.among[0]] for votes in round_.figures.values())
    }


def order(profile: Profile, outcome: Outcome) -> list[int]:
    """Return how many options stand before each one."""
    return [profile.options - 1 - int(outcome.score[key]) for key in profile.keys]


def objections_decide(outcome: Outcome) -> bool:
    """Tell whether there are victories with as many votes for, and not as many against."""
    counts = set(victories(outcome).values())
    return any(one[0] == other[0] for one, other in combinations(counts, 2))


def victories(outcome: Outcome) -> dict[tuple[str, str], tuple[Fraction, Fraction]]:
    """Return for each option and one that it beats the votes for and against."""
    wanted = table(outcome, Step.COMPARED)
    return {
        (one, other): (votes, wanted[other, one])
        for (one, other), votes in wanted.items()
        if votes > wanted[other, one]
    }


def table(outcome: Outcome, step: Step) -> dict[tuple[str, str], Fraction]:
    return {
        (round_.options[0], other): votes
        for round_ in outcome.rounds
        if round_.step is step
        for other, votes in round_.figures.items()
    }
