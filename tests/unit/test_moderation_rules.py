"""Who may decide and what a decision must hold: no database, no application."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deliberate.kernel.refusals import Refusal
from deliberate.moderation import reasons, rules
from deliberate.moderation.reasons import Reason
from deliberate.moderation.rules import CaseFacts, UndoFacts
from deliberate.subjects.states import STEPS, ContentState, is_shown

CASE = CaseFacts(
    is_own=False,
    has_spoken=False,
    state=ContentState.VISIBLE,
    now_is="a",
    seen="a",
)
HIDDEN = replace(CASE, state=ContentState.HIDDEN)


@pytest.mark.parametrize(
    ("facts", "leave", "hide", "restore"),
    [
        (CASE, None, None, rules.SHOWN_AGAIN),
        (replace(CASE, is_own=True), rules.OWN, rules.OWN, rules.OWN),
        (replace(CASE, has_spoken=True), rules.CONFLICT, rules.CONFLICT, rules.CONFLICT),
        (
            replace(CASE, seen="b"),
            rules.CHANGED_MEANWHILE,
            rules.CHANGED_MEANWHILE,
            rules.CHANGED_MEANWHILE,
        ),
        (HIDDEN, None, rules.NOT_SHOWN, None),
        (replace(CASE, state=ContentState.ERASED), None, rules.NOT_SHOWN, rules.NOT_SHOWN),
    ],
)
def test_who_may_decide_what(
    facts: CaseFacts, leave: Refusal | None, hide: Refusal | None, restore: Refusal | None
) -> None:
    assert rules.leave_refusal(facts) == leave
    assert rules.hide_refusal(facts) == hide
    assert rules.restore_refusal(facts) == restore


@pytest.mark.parametrize(
    ("facts", "decided", "refusal"),
    [
        (HIDDEN, False, None),
        (HIDDEN, True, rules.DECIDED_BY_YOU),
        (CASE, False, rules.SHOWN_AGAIN),
        (replace(HIDDEN, is_own=True), False, rules.OWN),
        (replace(HIDDEN, has_spoken=True), False, rules.CONFLICT),
    ],
)
def test_an_objection_is_heard_by_another_person(
    facts: CaseFacts, decided: bool, refusal: Refusal | None
) -> None:
    assert rules.review_refusal(facts, decided=decided) == refusal


@settings(deadline=None)  # the machine may be busy
@given(st.sampled_from(ContentState))
def test_nothing_can_be_both_hidden_and_restored(state: ContentState) -> None:
    facts = replace(CASE, state=state)
    both = rules.hide_refusal(facts) is None and rules.restore_refusal(facts) is None

    assert not (both and is_shown(state))


SEEN = datetime(2026, 5, 12, 10, 0, tzinfo=UTC)
UNDO = UndoFacts(
    now=SEEN, told_after=SEEN + timedelta(seconds=30), is_undone=False, is_decider=True
)


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        (UNDO, None),
        (replace(UNDO, now=SEEN + timedelta(seconds=29.9)), None),
        (replace(UNDO, now=SEEN + timedelta(seconds=30)), rules.UNDO_LATE),
        (replace(UNDO, is_undone=True), rules.UNDONE),
        (replace(UNDO, is_decider=False), rules.UNDO_OTHERS),
    ],
)
def test_a_decision_is_undone_by_its_maker_within_thirty_seconds(
    facts: UndoFacts, refusal: Refusal | None
) -> None:
    assert rules.undo_refusal(facts) == refusal


@pytest.mark.parametrize("end", [ContentState.HIDDEN, ContentState.VISIBLE])
@pytest.mark.parametrize("start", list(ContentState))
def test_undoing_takes_a_step_that_exists(start: ContentState, end: ContentState) -> None:
    assert rules.state_before(start, end) in (*STEPS[end], ContentState.VISIBLE)


@pytest.mark.parametrize(
    ("text", "passage", "stands"),
    [
        ("Zadzwońcie do niej sami.", "do niej sami", True),
        ("Zadzwońcie do niej sami.", "do niego sami", False),
        ("Zadzwońcie\ndo  niej", "Zadzwońcie do niej", True),
        ("To **ważne** zdanie", "To ważne zdanie", True),
        ("To **ważne** zdanie", "**ważne**", True),
        ("- pierwsza\n- druga", "pierwsza", True),
        ("Cokolwiek", "", False),
        ("Cokolwiek", "   ", False),
    ],
)
def test_the_passage_stands_in_the_text_as_written_or_as_shown(
    text: str, passage: str, stands: bool
) -> None:
    assert rules.is_passage_of(text, passage) is stands


@settings(deadline=None)  # the machine may be busy
@given(st.text(min_size=1, max_size=200), st.data())
def test_every_word_of_a_text_is_a_passage_of_it(text: str, data: st.DataObject) -> None:
    words = text.split()
    if words:
        assert rules.is_passage_of(text, data.draw(st.sampled_from(words)))


@pytest.mark.parametrize(
    ("reason", "words", "error"),
    [
        (Reason.INSULT, "", None),
        (Reason.INSULT, "krótko", None),
        (Reason.PERSONAL_DATA, "x" * 20, None),
        (Reason.UNLAWFUL, "", (rules.EXPLAIN, 20)),
        (Reason.UNLAWFUL, "art. 190 Kodeksu karnego", None),
        (Reason.OTHER, "x" * 49, (rules.EXPLAIN, 50)),
        (Reason.OTHER, "x" * 50, None),
        (Reason.OFF_TOPIC, "x" * 100, (rules.HIDES_NOT, 0)),
        (Reason.DUPLICATE, "x" * 100, (rules.HIDES_NOT, 0)),
    ],
)
def test_what_must_be_explained(reason: Reason, words: str, error: tuple[str, int] | None) -> None:
    assert rules.explanation_error(reason, words) == error


def test_every_explanation_that_passes_is_long_enough_for_the_table() -> None:
    for reason in reasons.HIDING:
        for words in ("", "x" * 20, "x" * 50):
            if rules.explanation_error(reason, words) is None:
                assert len(rules.explanation(reason, words)) >= 20


def test_every_reason_has_its_label_and_the_two_that_move_never_hide() -> None:
    assert set(reasons.LABELS) == set(Reason)
    assert set(reasons.HIDING) == set(Reason) - {Reason.OFF_TOPIC, Reason.DUPLICATE}


def test_the_fingerprint_tells_another_state_and_another_text_apart() -> None:
    prints = {
        rules.fingerprint(state, text) for state in ("visible", "hidden") for text in ("a", "b")
    }

    assert len(prints) == 4
