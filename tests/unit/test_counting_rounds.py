"""Instant run-off, Scottish STV and Schulze, by cases worked out by hand and published ones."""

from collections.abc import Mapping
from fractions import Fraction

import pytest

from deliberate.algorithms.counting import METHODS, Outcome, Terms
from deliberate.algorithms.counting.method import LotsNeeded, Ranking, Round, Step
from deliberate.algorithms.counting.stv import VOTE

# Voters of four cities choose the capital of Tennessee; each prefers what is nearer. The example of
# Wikipedia's articles on ways of voting: Memphis, Nashville, Chattanooga, Knoxville.
TENNESSEE = {"MNCK": 42, "NCKM": 26, "CKNM": 15, "KCNM": 17}


def ballots(groups: Mapping[str, int]) -> list[Ranking]:
    """Write rankings as words of one-letter options, each with its number of voters."""
    return [tuple(word) for word, times in groups.items() for _ in range(times)]


def count(method: str, options: str, groups: Mapping[str, int], **terms: object) -> Outcome:
    return METHODS[method].count(tuple(options), ballots(groups), Terms(**terms))  # type: ignore[arg-type]


def steps(outcome: Outcome) -> list[tuple[str, str]]:
    return [(str(round_.step), "".join(round_.options)) for round_ in outcome.rounds]


def places(outcome: Outcome) -> list[str]:
    return ["".join(sorted(place)) for place in outcome.places]


def last(outcome: Outcome, step: Step) -> Round:
    return [round_ for round_ in outcome.rounds if round_.step is step][-1]


def votes(**figures: str | int) -> dict[str, Fraction]:
    return {option: Fraction(figure) for option, figure in figures.items()}


# Instant run-off.


def test_run_off_makes_knoxville_the_capital() -> None:
    outcome = count("irv", "MNCK", TENNESSEE)

    assert places(outcome) == ["K", "M", "N", "C"]
    assert outcome.score == votes(M=42, N=26, C=15, K=58)
    assert outcome.elected == ("K",)
    assert steps(outcome) == [
        ("tally", ""),
        ("excluded", "C"),
        ("transferred", "C"),
        ("excluded", "N"),
        ("transferred", "N"),
        ("elected", "K"),
    ]
    first, second = (r for r in outcome.rounds if r.step is Step.TRANSFERRED)
    assert (first.figures, first.moved, first.lost) == (votes(M=42, N=26, K=32), votes(K=15), 0)
    assert (second.figures, second.moved) == (votes(M=42, K=58), votes(K=26))
    assert {round_.needed for round_ in outcome.rounds[:-1]} == {51}


def test_more_than_half_of_the_votes_that_still_count_is_enough() -> None:
    """Nine vote, five are needed; two ballots name nobody who is still in, and four will do."""
    outcome = count("irv", "abc", {"a": 4, "b": 3, "c": 2})

    assert outcome.elected == ("a",)
    assert outcome.rounds[0].needed == 5
    transfer = last(outcome, Step.TRANSFERRED)
    assert (transfer.moved, transfer.lost, transfer.needed) == ({}, 2, 4)


def test_half_of_the_votes_is_no_majority() -> None:
    outcome = count("irv", "abc", {"a": 4, "b": 3, "cb": 1}, lots=("a", "b", "c"))

    assert places(outcome) == ["ab", "c"]
    assert outcome.elected == ("a",)
    assert outcome.drawn == {"a", "b"}


def test_two_with_half_of_the_votes_each_are_a_tie_that_stays_open() -> None:
    outcome = count("irv", "ab", {"a": 2, "b": 2})

    assert (outcome.winners, outcome.elected, outcome.drawn) == ({"a", "b"}, (), set())


def test_a_blank_ballot_is_in_no_majority() -> None:
    outcome = count("irv", "ab", {"a": 2, "b": 1, "": 9})

    assert outcome.elected == ("a",)
    assert outcome.rounds[0].needed == 2


def test_last_ones_whom_no_order_could_save_leave_together() -> None:
    """Charter (e): c and d have two votes together, b has three."""
    outcome = count("irv", "abcde", {"a": 4, "b": 3, "cb": 1, "db": 1})

    assert outcome.elected == ("b",)
    assert steps(outcome)[1:5] == [
        ("excluded", "e"),
        ("excluded", "cd"),
        ("transferred", "cd"),
        ("elected", "b"),
    ]
    assert places(outcome) == ["b", "a", "cd", "e"]
    assert outcome.drawn == set()


def test_last_ones_with_as_many_votes_as_the_next_do_not_leave_together() -> None:
    """Together c and d would draw level with b, and one of them could stay in its place."""
    groups = {"a": 4, "b": 2, "c": 1, "dc": 1}

    assert count("irv", "abcd", groups, lots=("d", "b", "a", "c")).drawn == {"c", "d"}
    with pytest.raises(LotsNeeded, match=r"\['c', 'd'\]"):
        count("irv", "abcd", groups)


def test_a_lot_says_which_of_equal_last_ones_leaves() -> None:
    groups = {"a": 5, "b": 3, "cb": 3}

    outcome = count("irv", "abc", groups, lots=("b", "a", "c"))
    other = count("irv", "abc", groups, lots=("c", "a", "b"))

    assert (outcome.elected, outcome.drawn) == (("b",), {"b", "c"})
    assert steps(outcome)[1:3] == [("drawn", "c"), ("excluded", "c")]
    assert last(outcome, Step.DRAWN).among == ("b", "c")
    assert other.elected == ("a",)


def test_earlier_rounds_do_not_say_who_leaves() -> None:
    """Here b had fewer first preferences than c. STV asks that, the Charter does not."""
    groups = {"a": 5, "b": 2, "c": 3, "db": 1}
    lots = ("b", "a", "d", "c")

    assert steps(count("irv", "abcd", groups, lots=lots))[3:5] == [
        ("drawn", "c"),
        ("excluded", "c"),
    ]
    assert steps(count("stv", "abcd", groups, lots=lots))[3] == ("excluded", "b")


@pytest.mark.parametrize("groups", [{"a": 5, "b": 3, "cb": 3}, {"ab": 1, "bc": 1, "ca": 1}])
def test_run_off_cannot_go_on_between_equals_without_lots(groups: dict[str, int]) -> None:
    with pytest.raises(LotsNeeded, match="one must leave"):
        count("irv", "abc", groups)


def test_run_off_elects_one() -> None:
    with pytest.raises(ValueError, match="elects one, not 2"):
        count("irv", "abc", {"a": 1}, seats=2)


# Scottish STV.


def test_a_surplus_goes_on_by_five_decimals_and_the_rest_is_lost() -> None:
    """Fourteen papers, two seats: a quota of 14 // 3 + 1 = 5.

    a has 7, so each of its papers goes on at 2/7 = 0.28571(4…). Four go to b, two to c, one names
    nobody else. Lost: that one's 0.28571 and the decimals of seven papers, 2 - 7 × 0.28571.
    """
    groups = {"ab": 4, "ac": 2, "a": 1, "b": 2, "c": 3, "dc": 2}

    outcome = count("stv", "abcd", groups, seats=2)

    assert outcome.elected == ("a", "c")
    assert places(outcome) == ["a", "c", "b", "d"]
    assert outcome.score == votes(a=3, c=2, b=1, d=0)
    surplus, exclusion = (r for r in outcome.rounds if r.step is Step.TRANSFERRED)
    assert surplus.options == ("a",)
    assert surplus.moved == votes(b="1.14284", c="0.57142")
    assert surplus.figures == votes(a=5, b="3.14284", c="3.57142", d=2)
    assert surplus.lost == Fraction("0.28574")
    assert exclusion.options == ("d",)
    assert exclusion.figures == votes(a=5, b="3.14284", c="5.57142")
    assert {round_.needed for round_ in outcome.rounds} == {5}


def test_a_paper_goes_on_at_a_part_of_the_value_at_which_it_came() -> None:
    """Rule 48 (3). Nineteen papers, three seats, quota 5. a has 9: 4/9 = 0.44444 a paper.

    b gets nine of these and has 5.99996. Of its surplus of 0.99996 a paper from a carries
    0.99996 × 0.44444 / 5.99996 = 0.07407, one of its own 0.99996 / 5.99996 = 0.16666.
    """
    groups = {"abc": 9, "bd": 2, "c": 3, "d": 3, "ed": 1, "e": 1}

    outcome = count("stv", "abcde", groups, seats=3)

    first, second, third = (r for r in outcome.rounds if r.step is Step.TRANSFERRED)
    assert (first.options, first.moved) == (("a",), votes(b="3.99996"))
    assert (second.options, second.moved) == (("b",), votes(c="0.66663", d="0.33332"))
    assert (third.options, third.moved, third.lost) == (("e",), votes(d=1), 1)
    assert third.figures == votes(a=5, b=5, c="3.66663", d="4.33332")
    # Rule 52: one seat and, without c, one left. It needs no quota, and nothing is transferred.
    assert steps(outcome)[-2:] == [("excluded", "c"), ("elected", "d")]
    assert outcome.elected == ("a", "b", "d")


def test_the_highest_surplus_goes_first_and_of_equal_ones_that_of_an_earlier_lead() -> None:
    """Rule 49. Quota 22 // 5 + 1 = 5. z brings x to 7, as many as y had from the beginning."""
    groups = {"zx": 10, "yw": 7, "xw": 2, "v": 3}

    outcome = count("stv", "vwxyz", groups, seats=4)

    givers = [r.options for r in outcome.rounds if r.step is Step.TRANSFERRED]
    assert givers == [("z",), ("y",), ("x",)]
    assert outcome.drawn == set()


def test_a_lot_says_which_of_equal_surpluses_goes_first() -> None:
    groups = {"ac": 5, "bc": 5, "c": 1, "d": 2}  # quota 13 // 4 + 1 = 4

    outcome = count("stv", "abcd", groups, seats=3, lots=("b", "a", "c", "d"))

    assert next(r.options for r in outcome.rounds if r.step is Step.TRANSFERRED) == ("b",)
    assert outcome.drawn == {"a", "b"}
    with pytest.raises(LotsNeeded, match="Equal at all stages"):
        count("stv", "abcd", groups, seats=3)


def test_the_latest_stage_at_which_equals_differed_says_who_is_excluded() -> None:
    """Rule 51 (2)(a): b and c both have 3, but before d left, b had 2."""
    groups = {"a": 5, "b": 2, "c": 3, "db": 1}

    outcome = count("stv", "abcd", groups)

    exclusion = [r for r in outcome.rounds if r.step is Step.EXCLUDED][1]
    assert (exclusion.options, exclusion.among) == (("b",), ("b", "c"))
    assert outcome.drawn == set()


def test_of_the_stages_at_which_equals_differed_the_latest_counts() -> None:
    """First b leads c by 4 to 3; e leaves, c leads by 5 to 4; d leaves, and both have 5."""
    groups = {"a": 6, "b": 4, "c": 3, "d": 2, "db": 1, "ec": 2}

    outcome = count("stv", "abcde", groups)

    excluded = [r.options for r in outcome.rounds if r.step is Step.EXCLUDED]
    assert excluded == [("e",), ("d",), ("b",), ("c",)]
    assert outcome.drawn == set()


def test_a_lot_is_drawn_only_among_those_whom_earlier_stages_leave() -> None:
    """Quota 5 // 4 + 1 = 2. a, c, d have one each, c had it from the beginning: it is safe."""
    groups = {"bdca": 2, "cabd": 1, "badc": 2}

    outcome = count("stv", "abcd", groups, seats=3, lots=("b", "a", "d", "c"))

    assert outcome.elected == ("b", "c", "a")
    assert outcome.drawn == {"a", "d"}
    assert places(outcome) == ["b", "c", "ad"]


def test_a_tie_for_the_last_seat_stays_open_without_lots() -> None:
    outcome = count("stv", "abc", {"a": 3, "b": 1, "c": 1}, seats=2)

    assert outcome.elected == ("a",)
    assert (places(outcome), outcome.drawn) == (["a", "bc"], set())


def test_a_lot_says_who_is_excluded_of_those_who_were_equal_at_all_stages() -> None:
    groups = {"a": 4, "b": 3, "cb": 1, "d": 1}

    outcome = count("stv", "abcd", groups, lots=("d", "b", "a", "c"))

    assert steps(outcome)[1:4] == [("drawn", "c"), ("excluded", "c"), ("transferred", "c")]
    assert last(outcome, Step.DRAWN).among == ("d", "c")
    assert outcome.drawn == {"c", "d"}


def test_stv_cannot_go_on_between_equals_without_lots() -> None:
    with pytest.raises(LotsNeeded, match=r"\['c', 'd'\]"):
        count("stv", "abcd", {"a": 3, "b": 2, "c": 1, "d": 1})


def test_options_without_votes_are_excluded_together_and_no_lot_is_drawn() -> None:
    outcome = count("stv", "abcde", {"a": 3, "b": 2, "ca": 1})

    assert steps(outcome)[1:3] == [("excluded", "de"), ("excluded", "c")]
    assert outcome.elected == ("a",)
    assert places(outcome) == ["a", "b", "c", "de"]


def test_lots_fill_seats_for_which_nobody_voted() -> None:
    outcome = count("stv", "abcde", {"a": 1}, seats=3, lots=("e", "d", "c", "b", "a"))

    assert outcome.elected == ("a", "e", "d")
    assert outcome.drawn == {"b", "c", "d", "e"}


def test_all_are_elected_where_there_are_seats_for_all() -> None:
    outcome = count("stv", "abc", {"a": 1, "b": 3}, seats=5)

    assert outcome.elected == ("b", "a", "c")
    assert [round_.step for round_ in outcome.rounds][:2] == [Step.TALLY, Step.ELECTED]


def test_a_blank_paper_raises_no_quota() -> None:
    assert count("stv", "ab", {"a": 2, "b": 1, "": 9}).rounds[0].needed == 2


@pytest.mark.parametrize("seats", [0, -1])
def test_stv_needs_a_seat(seats: int) -> None:
    with pytest.raises(ValueError, match=f"Seats: {seats}"):
        count("stv", "ab", {"a": 1}, seats=seats)


def test_votes_are_counted_to_five_decimals() -> None:
    assert VOTE == 10**5


# Schulze.


def test_schulze_makes_nashville_the_capital() -> None:
    assert places(count("schulze", "MNCK", TENNESSEE)) == ["N", "C", "K", "M"]


# Markus Schulze's own first example, of 45 voters; both tables and the order as he gives them
# (Wikipedia, "User:MarkusSchulze/Schulze method examples").
SCHULZE_45 = {
    "ACBED": 5,
    "ADECB": 5,
    "BEDAC": 8,
    "CABED": 3,
    "CAEBD": 7,
    "CBADE": 2,
    "DCEBA": 7,
    "EBADC": 8,
}
WANTED = {
    "A": "20 26 30 22",
    "B": "25 16 33 18",
    "C": "19 29 17 24",
    "D": "15 12 28 14",
    "E": "23 27 21 31",
}
PATHS = {
    "A": "28 28 30 24",
    "B": "25 28 33 24",
    "C": "25 29 29 24",
    "D": "25 28 28 24",
    "E": "25 28 28 31",
}


@pytest.mark.parametrize(("step", "table"), [(Step.COMPARED, WANTED), (Step.LINKED, PATHS)])
def test_the_tables_of_schulze_are_those_of_his_example(step: Step, table: dict[str, str]) -> None:
    outcome = count("schulze", "ABCDE", SCHULZE_45)

    rows = {
        round_.options[0]: " ".join(str(round_.figures[other]) for other in sorted(round_.figures))
        for round_ in outcome.rounds
        if round_.step is step
    }
    assert rows == table


def test_the_order_of_schulze_is_that_of_his_example() -> None:
    outcome = count("schulze", "ABCDE", SCHULZE_45, seats=2)

    assert places(outcome) == ["E", "A", "C", "B", "D"]
    assert outcome.score == votes(E=4, A=3, C=2, B=1, D=0)
    assert outcome.elected == ("E", "A")


def test_of_victories_with_as_many_votes_that_is_stronger_to_which_fewer_object() -> None:
    """A circle of victories with four votes each: to that of a over b three object, else two."""
    groups = {"bc": 2, "ca": 2, "ab": 1, "a": 1, "b": 1}

    outcome = count("schulze", "abc", groups)

    wanted = {r.options[0]: r.figures for r in outcome.rounds if r.step is Step.COMPARED}
    assert wanted == {"a": votes(b=4, c=2), "b": votes(a=3, c=4), "c": votes(a=4, b=2)}
    assert places(outcome) == ["b", "c", "a"]


def test_drawn_comparisons_are_all_alike() -> None:
    """Two votes each for a and b, one each for b and c: of such draws no chain is made."""
    outcome = count("schulze", "abc", {"a": 2, "b": 1, "cb": 1})

    assert places(outcome) == ["ab", "c"]


def test_options_left_out_stand_below_all_that_are_named_and_are_equal() -> None:
    outcome = count("schulze", "abcd", {"a": 1})

    assert places(outcome) == ["a", "bcd"]


def test_schulze_leaves_a_perfect_circle_open() -> None:
    groups = {"abc": 1, "bca": 1, "cab": 1}

    assert count("schulze", "abc", groups).winners == {"a", "b", "c"}
    assert count("schulze", "abc", groups).elected == ()
    assert count("schulze", "abc", groups, lots=("b", "c", "a")).elected == ("b",)


@pytest.mark.parametrize("method", ["irv", "stv", "schulze"])
def test_rankings_that_name_an_option_twice_are_refused(method: str) -> None:
    with pytest.raises(ValueError, match=r"twice on a ballot: \['a'\]"):
        count(method, "ab", {"ab": 1, "aba": 1})
