"""What a survey may ask, how it is kept, what a sheet may say: no database, no request."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliberate.accounts.standing import DECLARE
from deliberate.algorithms.branching import Condition
from deliberate.kernel.refusals import Refusal
from deliberate.subjects.gate import Gate
from deliberate.surveys import definition as definitions
from deliberate.surveys.definition import Definition, Question
from deliberate.surveys.kinds import QuestionKind, State
from deliberate.surveys.rules import answering, building
from deliberate.surveys.rules.answering import AnswerFacts, Reply, Wrong
from deliberate.surveys.words import decimal, differences, said, words_key

NOON = datetime(2026, 5, 12, 10, tzinfo=UTC)
OPEN = Gate(is_open=True, opens_at=None, ends_at=NOON, needs="declared")
RESIDENT = AnswerFacts(state=State.OFFERED, gate=OPEN, lacks=None, answered_on=None, is_final=True)
TEXT = Question(kind=QuestionKind.TEXT, text="Co?", longest=5)
ONE = Question(kind=QuestionKind.SINGLE, text="Czy?", options=("Tak", "Nie"), is_required=True)
SOME = Question(kind=QuestionKind.MULTIPLE, text="Które?", options=tuple("ABC"), least=2, most=2)
ORDER = Question(kind=QuestionKind.RANKING, text="Ułóż", options=tuple("ABC"), most=2)
GRID = Question(
    kind=QuestionKind.MATRIX, text="Oceń", rows=("X", "Y"), options=("źle", "dobrze"),
    is_required=True,
)  # fmt: skip
SCALE = Question(kind=QuestionKind.SCALE, text="Ile?", least=0, most=3, most_label="dużo")


def read(question: Question, lenient: bool = False, **given: list[str]) -> Reply | Wrong | None:
    sent = {name.replace("_", "-"): values for name, values in given.items()}
    sheet = answering.read_sheet(
        Definition(title="A", questions=(question,)), sent, lenient=lenient
    )
    return sheet.replies.get(1) or sheet.wrong.get(1)


@pytest.mark.parametrize(
    ("question", "given", "found"),
    [
        (ONE, {"p1": ["2"]}, Reply(chosen=(2,))),
        (ONE, {}, Wrong(answering.REQUIRED)),
        (ONE, {"p1": ["3"]}, Wrong(answering.NOT_ONE_OF)),
        (ONE, {"p1": ["1", "2"]}, Wrong(answering.NOT_ONE_OF)),
        (ONE, {"p1": ["jeden"]}, Wrong(answering.NOT_ONE_OF)),
        (SCALE, {"p1": ["0"]}, Reply(chosen=(0,))),
        (SCALE, {"p1": ["4"]}, Wrong(answering.NOT_ONE_OF)),
        (SOME, {}, None),
        (SOME, {"p1": ["3", "1", "1"]}, Reply(chosen=(1, 3))),
        (SOME, {"p1": ["1"]}, Wrong(answering.TOO_FEW, 2)),
        (SOME, {"p1": ["1", "2", "3"]}, Wrong(answering.TOO_MANY, 2)),
        (TEXT, {"p1": ["ponad"]}, Reply(body="ponad")),
        (TEXT, {"p1": ["za długi"]}, Wrong(answering.TOO_LONG, 5)),
        (ORDER, {"p1_1": ["2"], "p1_3": ["1"], "p1_2": [""]}, Reply(chosen=(3, 1))),
        (ORDER, {"p1_1": ["1"], "p1_2": ["1"]}, Wrong(answering.SAME_PLACE)),
        (ORDER, {"p1_1": ["2"]}, Wrong(answering.SKIPPED_PLACE)),
        (ORDER, {"p1_1": ["3"]}, Wrong(answering.NOT_ONE_OF)),
        (GRID, {"p1_1": ["1"], "p1_2": ["2"]}, Reply(chosen={1: 1, 2: 2})),
        (GRID, {"p1_1": ["1"]}, Wrong(answering.EVERY_ROW)),
        (GRID, {"p1_1": ["7"]}, Wrong(answering.NOT_ONE_OF)),
    ],
)
def test_what_a_form_says(
    question: Question, given: dict[str, list[str]], found: Reply | Wrong | None
) -> None:
    assert read(question, **given) == found


def test_paper_may_lack_what_a_form_may_not() -> None:
    assert read(ONE, lenient=True) is None
    assert read(SOME, lenient=True, p1=["1"]) == Reply(chosen=(1,))
    assert read(GRID, lenient=True, p1_1=["1"]) == Reply(chosen={1: 1})
    assert read(SOME, lenient=True, p1=["1", "2", "3"]) == Wrong(answering.TOO_MANY, 2)


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        (RESIDENT, None),
        (replace(RESIDENT, gate=replace(OPEN, stopped=True)), answering.STOPPED),
        (replace(RESIDENT, state=State.PUBLISHED), answering.TOO_LATE),
        (replace(RESIDENT, state=State.DRAFT), answering.NOT_HERE),
        (replace(RESIDENT, gate=replace(OPEN, is_open=False)), answering.TOO_LATE),
        (
            replace(RESIDENT, gate=replace(OPEN, is_open=False, opens_at=NOON)),
            answering.TOO_EARLY,
        ),
        (replace(RESIDENT, lacks=DECLARE), DECLARE),
        (
            replace(RESIDENT, answered_on=date(2026, 5, 11), lacks=DECLARE),
            answering.ALREADY.with_values(day=date(2026, 5, 11)),
        ),
        (replace(RESIDENT, answered_on=date(2026, 5, 11), is_final=False), None),
    ],
)
def test_who_may_answer_and_why_not(facts: AnswerFacts, refusal: Refusal | None) -> None:
    assert answering.answer_refusal(facts) == refusal


def test_a_survey_is_over_when_no_stretch_of_it_comes() -> None:
    closed = replace(OPEN, is_open=False)

    assert building.is_over(closed, now=NOON)
    assert not building.is_over(OPEN, now=NOON)
    assert not building.is_over(replace(closed, opens_at=NOON), now=NOON)
    assert not building.is_over(replace(closed, ends_at=None), now=NOON)


words = st.text(alphabet="aąb „”", min_size=1, max_size=5)
questions = st.builds(
    Question,
    kind=st.sampled_from(QuestionKind),
    text=words,
    hint=words | st.just(""),
    is_required=st.booleans(),
    options=st.lists(words, max_size=3).map(tuple),
    rows=st.lists(words, max_size=3).map(tuple),
    least=st.integers(0, 3),
    most=st.integers(0, 3),
    longest=st.integers(0, 9),
    shown_if=st.none() | st.builds(Condition, st.integers(1, 3), st.frozensets(st.integers(0, 9))),
)
surveys = st.builds(
    Definition, title=words, intro=words, questions=st.lists(questions, max_size=4).map(tuple)
)


@given(surveys)
def test_what_is_written_is_read_again(survey: Definition) -> None:
    assert definitions.read(definitions.write(survey)) == survey


@given(surveys, st.data())
def test_other_words_change_nothing_that_is_asked(survey: Definition, data: st.DataObject) -> None:
    places = sorted(survey.texts())
    changed = dict.fromkeys(data.draw(st.sets(st.sampled_from(places))), "inaczej")
    corrected = survey.with_texts({**changed, "q99-text": "obce"})

    assert corrected.texts() == {**survey.texts(), **changed}
    blank = survey.mapped(lambda _place, _text: "")
    assert corrected.mapped(lambda _place, _text: "") == blank


def test_moving_there_and_back_is_not_moving() -> None:
    last = replace(TEXT, shown_if=Condition(1, frozenset({1})))
    survey = Definition(title="A", questions=(ONE, SCALE, last))
    moved = building.moved(survey, 3, 2)

    assert moved.questions[1].shown_if == Condition(1, frozenset({1}))
    assert building.moved(moved, 2, 3) == survey
    assert building.branching_refusal(building.moved(survey, 3, 1)) is not None


def test_a_survey_is_said_in_one_language_or_another() -> None:
    survey = Definition(title="Park", questions=(ONE,))
    there = {words_key(text): f"EN {text}" for text in survey.texts().values()}

    assert said(survey, there, "en").definition.questions[0].options == ("EN Tak", "EN Nie")
    del there[words_key("Nie")]
    assert said(survey, there, "en").language == "pl"


def test_a_correction_shows_both_texts() -> None:
    before, after = Definition(title="Prak"), Definition(title="Park")

    assert differences(definitions.write(before), definitions.write(after)) == [("Prak", "Park")]


@pytest.mark.parametrize(
    ("number", "text"), [(Fraction(17, 4), "4,3"), (Fraction(4), "4,0"), (Fraction(1, 30), "0,0")]
)
def test_a_mean_has_one_decimal(number: Fraction, text: str) -> None:
    assert decimal(number, "pl") == text
