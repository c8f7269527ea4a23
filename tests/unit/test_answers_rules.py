"""What the office may decide, and when it is late."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest

from deliberate.answers.positions import (
    LABELS,
    REMARK_LABELS,
    Position,
    label,
    labels_of,
    read_position,
)
from deliberate.answers.rules import answers


@pytest.mark.parametrize("words", [LABELS, REMARK_LABELS])
@pytest.mark.parametrize("position", list(Position))
def test_what_goes_out_comes_back(position: Position, words: Mapping[Position, str]) -> None:
    assert read_position(words[position].upper()) is position
    assert read_position(f"  {words[position]} ") is position


def test_a_remark_is_uwzgledniona_and_a_proposal_przyjeta() -> None:
    assert label("remark", Position.ACCEPTED) == "uwzględniona"
    assert label("proposal", Position.ACCEPTED) == "przyjęta"
    assert labels_of(["remark", "remark"]) is REMARK_LABELS
    assert labels_of(["remark", "proposal"]) is LABELS


def test_an_answer_is_the_same_whatever_spaces_a_program_puts_in() -> None:
    stand = answers.Stand(position=Position.PARTLY, reason="Drzewa zostają.\n- dąb", unit_id=4)

    assert replace(stand, reason="Drzewa  zostają.\r\n- dąb ").mark == stand.mark
    assert replace(stand, reason="Drzewa zostaną.").mark != stand.mark
    assert replace(stand, unit_id=None).mark != stand.mark
    assert replace(stand, position=Position.ACCEPTED).mark != stand.mark


@pytest.mark.parametrize("text", ["", "chyba", "przyjęta?", "=1+1"])
def test_unknown_words_are_no_position(text: str) -> None:
    assert read_position(text) is None


@pytest.mark.parametrize(
    ("due", "is_complete", "late"),
    [
        (None, False, 0),
        (date(2027, 5, 4), False, 0),
        (date(2027, 5, 3), False, 1),
        (date(2027, 4, 4), False, 30),
        (date(2027, 4, 4), True, 0),
    ],
)
def test_lateness_is_counted_in_days_until_all_is_out(
    due: date | None, is_complete: bool, late: int
) -> None:
    assert answers.days_late(due, date(2027, 5, 4), is_complete=is_complete) == late
