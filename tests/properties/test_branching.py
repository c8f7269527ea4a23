"""Every question can be asked of somebody, and what was not asked decides nothing."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from deliberate.algorithms.branching import Condition, Fault, asked, faults

MOST = 6


@st.composite
def surveys(draw: st.DrawFn) -> tuple[list[Condition | None], list[frozenset[int]]]:
    """Draw conditions, good and bad, over questions with answers 1 … n or with none."""
    count = draw(st.integers(1, MOST))
    values = [frozenset(range(1, draw(st.integers(0, 4)) + 1)) for _ in range(count)]
    conditions = st.builds(
        Condition, st.integers(0, count + 1), st.frozensets(st.integers(0, 5), max_size=3)
    )
    return [draw(st.none() | conditions) for _ in range(count)], values


@given(surveys())
def test_each_question_of_a_survey_without_faults_is_asked_on_some_road(
    survey: tuple[list[Condition | None], list[frozenset[int]]],
) -> None:
    conditions, values = survey
    if faults(conditions, values):
        return

    for number in range(1, len(conditions) + 1):
        chosen: dict[int, frozenset[int]] = {}
        at: int | None = number
        while at is not None and (condition := conditions[at - 1]) is not None:
            chosen[condition.question] = frozenset({min(condition.values)})
            at = condition.question
        assert number in asked(conditions, chosen)


@given(surveys())
def test_a_faulty_question_is_one_that_looks_wrongly(
    survey: tuple[list[Condition | None], list[frozenset[int]]],
) -> None:
    conditions, values = survey
    found = dict(faults(conditions, values))

    for number, condition in enumerate(conditions, start=1):
        good = condition is None or (
            1 <= condition.question < number
            and bool(condition.values)
            and condition.values <= values[condition.question - 1]
        )
        assert (number not in found) == good


@given(surveys(), st.data())
def test_an_answer_that_was_not_asked_for_opens_nothing(
    survey: tuple[list[Condition | None], list[frozenset[int]]], data: st.DataObject
) -> None:
    conditions, values = survey
    if faults(conditions, values):
        return
    chosen = {
        number: data.draw(st.frozensets(st.sampled_from(sorted(answers))))
        for number, answers in enumerate(values, start=1)
        if answers
    }
    road = asked(conditions, chosen)

    kept = {number: answers for number, answers in chosen.items() if number in road}
    assert asked(conditions, kept) == road


def test_each_fault_is_told_apart() -> None:
    answers = [frozenset({1, 2})] * 2

    def fault(condition: Condition) -> Fault | None:
        return dict(faults([None, condition], answers)).get(2)

    assert fault(Condition(1, frozenset({2}))) is None
    assert fault(Condition(2, frozenset({1}))) is Fault.NOT_BACKWARD
    assert fault(Condition(9, frozenset({1}))) is Fault.NO_SUCH_QUESTION
    assert fault(Condition(1, frozenset())) is Fault.NO_VALUES
    assert fault(Condition(1, frozenset({3}))) is Fault.NO_SUCH_VALUE
