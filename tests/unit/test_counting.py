"""Counting by adding up, by cases worked out by hand; rounds have a file of their own."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import pytest

from deliberate.algorithms.counting import METHODS, Outcome, Terms
from deliberate.algorithms.counting.method import Answer, Band, Denominator, Step, Verdict

ABC = ("a", "b", "c")
HALF = Fraction(1, 2)


def count(
    key: str, ballots: Sequence[object], *, options: Sequence[str] = ABC, **terms: Any
) -> Outcome:
    return METHODS[key].count(options, ballots, Terms(**terms))


def places(outcome: Outcome) -> list[str]:
    """Write places as words of one-letter options."""
    return ["".join(sorted(place)) for place in outcome.places]


def marks(*ballots: str) -> list[frozenset[str]]:
    return [frozenset(ballot) for ballot in ballots]


def rankings(*ballots: str) -> list[tuple[str, ...]]:
    """Write rankings as words: "7 acb" are seven who want a most."""
    cast: list[tuple[str, ...]] = []
    for ballot in ballots:
        times, _, ranking = ballot.rpartition(" ")
        cast += [tuple(ranking)] * int(times or 1)
    return cast


def points(*ballots: Mapping[str, int]) -> list[frozenset[tuple[str, int]]]:
    return [frozenset(ballot.items()) for ballot in ballots]


def graded(grades: Mapping[str, Sequence[int]]) -> list[frozenset[tuple[str, int]]]:
    """Write ballots by how often each option got each grade, from 0 upwards."""
    columns = {
        option: [grade for grade, times in enumerate(own) for _ in range(times)]
        for option, own in grades.items()
    }
    return points(
        *(dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True))
    )


@pytest.mark.parametrize(
    ("cast", "score", "in_order"),
    [
        (marks("a", "b", "a", ""), {"a": 2, "b": 1, "c": 0}, ["a", "b", "c"]),
        (marks("a", "b"), {"a": 1, "b": 1, "c": 0}, ["ab", "c"]),
        (marks("", ""), {"a": 0, "b": 0, "c": 0}, ["abc"]),
    ],
)
def test_plurality(cast: list[frozenset[str]], score: dict[str, int], in_order: list[str]) -> None:
    outcome = count("plurality", cast)

    assert (outcome.score, places(outcome)) == (score, in_order)


@pytest.mark.parametrize(
    ("cast", "score", "in_order"),
    [
        (marks("a", "ab", "c"), {"a": 2, "b": 1, "c": 1}, ["a", "bc"]),
        (marks("ab", "bc", "ca", ""), {"a": 2, "b": 2, "c": 2}, ["abc"]),
        (marks("ab", "ab", "c"), {"a": 2, "b": 2, "c": 1}, ["ab", "c"]),
        (marks("", ""), {"a": 0, "b": 0, "c": 0}, ["abc"]),
        (marks(), {"a": 0, "b": 0, "c": 0}, ["abc"]),
    ],
)
def test_approval(cast: list[frozenset[str]], score: dict[str, int], in_order: list[str]) -> None:
    outcome = count("approval", cast)

    assert (outcome.score, places(outcome)) == (score, in_order)


def test_approval_reads_its_ballots_once_so_they_may_come_one_after_another() -> None:
    assert count("approval", iter(marks("a", "ab"))).score == {"a": 2, "b": 1, "c": 0}  # type: ignore[arg-type]


def test_points_are_added_up_and_may_stay_unspent() -> None:
    outcome = count("points", points({"a": 10}, {"b": 4, "c": 6}, {"b": 7}, {}))

    assert outcome.score == {"a": 10, "b": 11, "c": 6}
    assert places(outcome) == ["b", "a", "c"]


def test_an_option_that_is_not_scored_gets_the_lowest_score() -> None:
    # c is praised by one and unknown to two: −2 + 3 − 2 = −1.
    cast = points({"a": 2, "b": -2}, {"a": -1, "b": 0, "c": 3}, {"a": 1, "b": 1})
    outcome = count("score", cast, scale=(-2, 3))

    assert outcome.score == {"a": 2, "b": -1, "c": -1}
    assert places(outcome) == ["a", "bc"]


def test_bordas_own_example() -> None:
    """Twenty-one voters of his memoir: A has most first places, C his prize.

    He gives 3, 2 and 1 points: 37, 42 and 47. We give 2, 1 and 0, that is 21 less to each.
    """
    outcome = count("borda", rankings("1 abc", "7 acb", "7 bca", "6 cba"))

    assert outcome.score == {"a": 37 - 21, "b": 42 - 21, "c": 47 - 21}
    assert places(outcome) == ["c", "b", "a"]


def test_options_left_out_of_a_ranking_share_the_average_of_the_places_that_remain() -> None:
    # 3 to a, and (2 + 1 + 0) / 3 to each other; then 3 to b, 2 to c, and (1 + 0) / 2 to a and d.
    outcome = count("borda", rankings("a", "bc"), options="abcd")

    assert outcome.score == {"a": 3 + HALF, "b": 4, "c": 3, "d": 1 + HALF}
    assert sum(outcome.score.values()) == 2 * (3 + 2 + 1 + 0)


def test_a_blank_ranking_prefers_nobody() -> None:
    assert count("borda", rankings("ab", "")).score == {"a": 3, "b": 2, "c": 1}


def test_positional_points_end_with_the_last_weight() -> None:
    weights = (Fraction(3), Fraction(3, 2))
    outcome = count("positional", rankings("2 abc", "bca", "c"), weights=weights)

    assert outcome.score == {"a": 6, "b": 3 + 3, "c": Fraction(3, 2) + 3}
    assert places(outcome) == ["ab", "c"]


def test_more_weights_than_options_are_no_trouble() -> None:
    weights = tuple(Fraction(weight) for weight in (5, 3, 2, 1))

    assert count("positional", rankings("ab"), options="ab", weights=weights).score == {
        "a": 5,
        "b": 3,
    }


# Majority judgement.


def test_of_two_middle_grades_the_lower_counts_and_the_next_one_breaks_the_tie() -> None:
    """X: good, good, fair, poor; Y: excellent, fair, fair, fair. Without one "fair": X good."""
    cast = graded({"x": (0, 1, 1, 2, 0), "y": (0, 0, 3, 0, 1)})
    outcome = count("majority_judgement", cast, options="xy", scale=(0, 4))

    assert outcome.score == {"x": 2, "y": 2}
    assert places(outcome) == ["x", "y"]
    tally, compared, elected = outcome.rounds
    assert (tally.step, tally.figures) == (Step.TALLY, {"x": 2, "y": 2})
    assert (compared.step, compared.taken) == (Step.COMPARED, 1)
    assert (compared.options, compared.among) == (("x",), ("x", "y"))
    assert compared.figures == {"x": 3, "y": 2}
    assert (elected.step, elected.options) == (Step.ELECTED, ("x",))


@pytest.mark.parametrize(
    ("e", "f", "taken", "differ"),
    [
        # Majority values 2 2 3 1 3 and 2 2 3 2 3; then 2 3 2 3 0 4 and 2 3 2 3 1 3.
        ((0, 1, 2, 2, 0), (0, 0, 3, 2, 0), 3, {"e": 1, "f": 2}),
        ((1, 0, 2, 2, 1), (0, 1, 2, 3, 0), 4, {"e": 0, "f": 1}),
    ],
    ids=["an odd number of voters", "an even number"],
)
def test_middle_grades_are_taken_away_one_by_one(
    e: tuple[int, ...], f: tuple[int, ...], taken: int, differ: dict[str, int]
) -> None:
    outcome = count("majority_judgement", graded({"e": e, "f": f}), options="ef")

    assert places(outcome) == ["f", "e"]
    compared = outcome.rounds[1]
    assert (compared.taken, compared.figures) == (taken, differ)


def test_ten_thousand_grades_with_the_same_middle_one() -> None:
    """The example of the French Wikipedia: A and B have the same middle grade, 3.

    A has 4,159 grades below it and 3,870 above, B 4,927 and 3,778. The first of these four borders
    on the way outwards is B's lower one.
    """
    cast = graded(
        {
            "a": (1484, 1763, 912, 1971, 2128, 1742),
            "b": (2427, 1158, 1342, 1295, 2073, 1705),
            "c": (2500, 2500, 1500, 1500, 1000, 1000),
        }
    )
    outcome = count("majority_judgement", cast)

    assert outcome.score == {"a": 3, "b": 3, "c": 1}
    assert places(outcome) == ["a", "b", "c"]
    compared = outcome.rounds[1]
    # Of the 5,000 grades in B's lower half 73 are a 3; with those of the upper one 146 are taken.
    assert (compared.taken, compared.figures) == (2 * (5000 - 4927), {"a": 3, "b": 2})


def test_an_option_that_is_not_graded_gets_the_lowest_grade() -> None:
    outcome = count("majority_judgement", points({"a": 1}, {"a": 1, "b": 5}, {"b": 5}, {}))

    assert outcome.score == {"a": 0, "b": 0, "c": 0}
    assert places(outcome) == ["b", "a", "c"]


# Questions.

BANDS = (
    Band(key="to_do", least=Fraction(80, 100)),
    Band(key="to_examine", least=Fraction(65, 100)),
)


def answers(*, yes: int = 0, no: int = 0, abstain: int = 0, blank: int = 0) -> list[object]:
    said = [(Answer.YES, yes), (Answer.NO, no), (Answer.ABSTAIN, abstain)]
    cast: list[object] = [frozenset({("q", answer)}) for answer, n in said for _ in range(n)]
    return [*cast, *([frozenset()] * blank)]


def judge(cast: list[object], **terms: Any) -> Verdict:
    return count("questions", cast, options="q", **{"bands": BANDS, **terms}).verdicts["q"]


@pytest.mark.parametrize(
    ("cast", "band"),
    [
        (answers(yes=40, no=10), "to_do"),  # exactly 80 %
        (answers(yes=3999, no=1001), "to_examine"),  # 79.98 %
        (answers(yes=13, no=7), "to_examine"),  # exactly 65 %
        (answers(yes=6499, no=3501), None),  # 64.99 %
        (answers(yes=1), "to_do"),
        (answers(no=1), None),
    ],
)
def test_a_band_begins_at_its_border_and_not_below_it(cast: list[object], band: str | None) -> None:
    assert judge(cast).band == band


@pytest.mark.parametrize(
    ("denominator", "base", "share", "band"),
    [
        (Denominator.YES_AND_NO, 50, Fraction(4, 5), "to_do"),
        (Denominator.ANSWERED, 56, Fraction(5, 7), "to_examine"),
        (Denominator.BALLOTS, 60, Fraction(2, 3), "to_examine"),
        (Denominator.ENTITLED, 100, Fraction(2, 5), None),
    ],
)
def test_the_denominator_decides_of_what_a_share_is(
    denominator: Denominator, base: int, share: Fraction, band: str | None
) -> None:
    cast = answers(yes=40, no=10, abstain=6, blank=4)
    verdict = judge(cast, denominator=denominator, entitled=100)

    assert (verdict.base, verdict.share, verdict.band) == (base, share, band)
    assert (verdict.yes, verdict.no, verdict.abstain, verdict.blank) == (40, 10, 6, 4)


def test_a_quorum_is_a_least_number_of_ballots_blank_ones_too() -> None:
    cast = answers(yes=9, blank=1)

    assert judge(cast, quorum=10).band == "to_do"
    missed = judge(cast, quorum=11)
    assert (missed.has_quorum, missed.band, missed.share) == (False, None, 1)


def test_where_nobody_said_yes_or_no_there_is_no_share() -> None:
    verdict = judge(answers(abstain=2))

    assert (verdict.base, verdict.share, verdict.band) == (0, None, None)


def test_questions_do_not_stand_against_each_other() -> None:
    cast = [frozenset({("a", Answer.YES), ("b", Answer.NO)}), frozenset({("a", Answer.YES)})]
    outcome = count("questions", cast, lots=("c", "b", "a"), seats=2)

    assert outcome.score == {"a": 2, "b": 0, "c": 0}
    assert places(outcome) == ["a", "bc"]
    assert (outcome.elected, outcome.drawn) == ((), frozenset())


# Seats and lots.


def test_without_lots_a_tie_at_the_border_stays_open() -> None:
    outcome = count("approval", marks("a", "bc", "a"), seats=2)

    assert places(outcome) == ["a", "bc"]
    assert (outcome.elected, outcome.drawn) == (("a",), frozenset())
    assert [step.step for step in outcome.rounds] == [Step.TALLY, Step.ELECTED]


def test_a_lot_decides_only_between_equals_at_the_border() -> None:
    outcome = count("approval", marks("a", "bc", "a"), seats=2, lots=("c", "b", "a"))

    assert (outcome.elected, outcome.drawn) == (("a", "c"), {"b", "c"})
    tally, drawn, elected = outcome.rounds
    assert (tally.step, tally.figures) == (Step.TALLY, outcome.score)
    assert (drawn.step, drawn.options, drawn.among) == (Step.DRAWN, ("c",), ("c", "b"))
    assert (elected.step, elected.options) == (Step.ELECTED, ("a", "c"))


def test_equals_who_all_get_a_seat_need_no_lot() -> None:
    outcome = count("approval", marks("ab"), seats=2, lots=("c", "b", "a"))

    assert (outcome.elected, outcome.drawn) == (("b", "a"), frozenset())


# What cannot be counted is refused, and named.

RANKED = ("borda", "positional")
GRADED = ("points", "score", "majority_judgement")
WEIGHTS = (Fraction(1),)


@pytest.mark.parametrize(
    ("keys", "cast", "says"),
    [
        (("plurality",), marks("a", "ca"), r"More than one mark on a ballot: \['a', 'c'\]"),
        (("plurality", "approval"), [frozenset({"z"}), frozenset({"y"})], r"\['y', 'z'\]"),
        (("approval",), [frozenset({"a", 5})], r"\[5\]"),
        (("approval",), [frozenset({"z", 5})], r"\['z', 5\]"),
        (RANKED, rankings("azb"), r"\['z'\]"),
        (RANKED, rankings("ab", "aba"), r"ranked twice on a ballot: \['a'\]"),
        (GRADED, points({"a": 1, "z": 1}), r"\['z'\]"),
        (GRADED, [frozenset({("a", 1), ("a", 2), ("b", 1)})], r"points twice on a ballot: \['a'\]"),
        (GRADED, points({"a": 1}, {"a": True}), r"no whole numbers: True"),
        (GRADED, points({"a": 1}, {"a": 1.0}), r"no whole numbers: 1.0"),  # type: ignore[dict-item]
        (GRADED, points({"a": 0.5}), r"no whole numbers: 0.5"),  # type: ignore[dict-item]
        (GRADED, points({"a": "1"}), r"no whole numbers: '1'"),  # type: ignore[dict-item]
        (GRADED, points({"a": -1, "b": 2}, {"a": -7}), r"\[-7, -1\]"),
        (GRADED[1:], points({"a": 5}, {"a": 6}), r"\(0 to 5\): \[6\]"),
        (("questions",), [frozenset({("z", Answer.NO)})], r"\['z'\]"),
        (("questions",), [frozenset({("a", "maybe")})], r"No such answers: \['maybe'\]"),
        (
            ("questions",),
            [frozenset({("a", Answer.YES), ("a", Answer.NO)})],
            r"answered twice on a ballot: \['a'\]",
        ),
    ],
)
def test_ballots_that_cannot_be_are_refused_by_name(
    keys: tuple[str, ...], cast: list[object], says: str
) -> None:
    for key in keys:
        with pytest.raises(ValueError, match=says):
            count(key, cast, weights=WEIGHTS)


@pytest.mark.parametrize(
    ("key", "terms", "says"),
    [
        ("approval", {"seats": 0}, "Seats: 0"),
        ("approval", {"lots": ("a", "b")}, "lots"),
        ("positional", {}, "Weights are missing"),
        ("positional", {"weights": (Fraction(1), Fraction(2))}, r"rise: \['1', '2'\]"),
        ("positional", {"weights": (Fraction(1), Fraction(-1, 2))}, r"\['1', '-1/2'\]"),
        ("positional", {"weights": (Fraction(0),)}, r"\['0'\]"),
        ("positional", {"weights": (2.5, Fraction(1))}, r"not exact: \[2.5\]"),
        ("positional", {"weights": (True,)}, r"not exact: \[True\]"),
        ("score", {"scale": (5, 5)}, r"\(5, 5\)"),
        ("majority_judgement", {"scale": (5, 0)}, r"\(5, 0\)"),
        ("score", {"scale": (0, 2.5)}, r"\(0, 2.5\)"),
        ("questions", {"quorum": -1}, "quorum: -1"),
        ("questions", {"bands": (Band(key="x", least=Fraction(0)),)}, r"\['0'\]"),
        ("questions", {"bands": (Band(key="x", least=Fraction(3, 2)),)}, r"\['3/2'\]"),
        ("questions", {"bands": (Band(key="x", least=0.8),)}, r"\['0.8'\]"),  # type: ignore[arg-type]
        ("questions", {"bands": (BANDS[0], BANDS[0])}, "alike"),
        ("questions", {"denominator": Denominator.ENTITLED}, "entitled: None"),
    ],
)
def test_terms_that_cannot_be_are_refused_by_name(
    key: str, terms: dict[str, Any], says: str
) -> None:
    with pytest.raises(ValueError, match=says):
        count(key, [], **terms)


def test_more_ballots_than_entitled_are_refused() -> None:
    with pytest.raises(ValueError, match="3 ballots of so many entitled: 2"):
        judge(answers(yes=3), denominator=Denominator.ENTITLED, entitled=2)


# Outcomes and the registry.


def test_an_exact_count_is_exact_and_cannot_be_changed_afterwards() -> None:
    for key, method in METHODS.items():
        outcome = method.count(ABC, [], Terms(lots=ABC, weights=WEIGHTS))

        assert isinstance(outcome.score["a"], Fraction), key
        with pytest.raises(TypeError):
            outcome.score["a"] = Fraction(2)  # type: ignore[index]


def test_the_registry_knows_each_method_by_its_own_key() -> None:
    assert all(METHODS[method.key] is method for method in METHODS.values())
    assert all(method.source and method.version >= 1 for method in METHODS.values())
    assert all(method.ballots and method.uses for method in METHODS.values())
    assert METHODS.keys() >= {
        "plurality",
        "approval",
        "points",
        "score",
        "borda",
        "positional",
        "majority_judgement",
        "questions",
    }


def test_a_method_uses_only_terms_that_there_are() -> None:
    terms = set(Terms.__dataclass_fields__)

    assert {name for method in METHODS.values() for name in method.uses} <= terms
