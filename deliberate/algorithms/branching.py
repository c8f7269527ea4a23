"""Which questions of a survey are asked, when some are asked only after certain answers.

A condition looks back at one question and names some of its answers. So every road through a
survey goes forward, and each question lies on one: what it depends on is asked on some road, and
one of the answers named can be given there. ``faults`` is what keeps that true.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Condition:
    """Ask only who gave one of ``values`` to ``question``, counted from 1."""

    question: int
    values: frozenset[int]


class Fault(StrEnum):
    """Why a question would never be asked, or could not be decided about in time."""

    NOT_BACKWARD = "not_backward"  # it looks at itself or at what is asked later
    NO_SUCH_QUESTION = "no_such_question"
    NO_VALUES = "no_values"  # no answer would ever open it
    NO_SUCH_VALUE = "no_such_value"


def faults(
    conditions: Sequence[Condition | None], values: Sequence[frozenset[int]]
) -> list[tuple[int, Fault]]:
    """Return what is wrong with the conditions, as (number of the question, fault), in order.

    conditions: one for each question, None for what is asked of everybody.
    values: for each question the answers that a condition may name; empty for a free text.
    """
    found: list[tuple[int, Fault]] = []
    for number, condition in enumerate(conditions, start=1):
        if condition is None:
            continue
        if fault := _fault(number, condition, values):
            found.append((number, fault))
    return found


def asked(
    conditions: Sequence[Condition | None], chosen: Mapping[int, frozenset[int]]
) -> frozenset[int]:
    """Return the numbers of the questions asked of somebody who chose ``chosen``.

    An answer to a question that is not asked opens nothing, whatever it says: it was given on a
    road that was left. The conditions must have no faults.
    """
    found: set[int] = set()
    for number, condition in enumerate(conditions, start=1):
        if condition is None or (
            condition.question in found
            and condition.values & chosen.get(condition.question, frozenset())
        ):
            found.add(number)
    return frozenset(found)


def _fault(number: int, condition: Condition, values: Sequence[frozenset[int]]) -> Fault | None:
    if not 1 <= condition.question <= len(values):
        return Fault.NO_SUCH_QUESTION
    if condition.question >= number:
        return Fault.NOT_BACKWARD
    if not condition.values:
        return Fault.NO_VALUES
    if not condition.values <= values[condition.question - 1]:
        return Fault.NO_SUCH_VALUE
    return None
