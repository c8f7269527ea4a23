"""Which two things may be tied, as a table."""

from dataclasses import replace

import pytest

from deliberate.kernel.refusals import Refusal
from deliberate.subjects import rules
from deliberate.subjects.relations import BACKWARD, FORWARD, Relation
from deliberate.subjects.rules import LinkFacts, link_refusal

CONTINUATION = LinkFacts(
    relation=Relation.CONTINUES,
    is_itself=False,
    is_one_kind=True,
    ends_first=True,
    is_there=False,
    is_there_backwards=False,
)


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({}, None),
        ({"is_itself": True}, rules.ITSELF),
        ({"is_one_kind": False}, rules.TWO_KINDS),
        ({"relation": Relation.MERGED_INTO, "is_one_kind": False}, rules.TWO_KINDS),
        ({"relation": Relation.GREW_FROM, "is_one_kind": False}, None),
        ({"relation": Relation.CONCERNS, "is_one_kind": False}, None),
        ({"ends_first": False}, rules.NOT_EARLIER),
        ({"relation": Relation.ANSWERS, "ends_first": False}, rules.NOT_EARLIER),
        ({"relation": Relation.MERGED_INTO, "ends_first": False}, None),
        ({"is_there": True}, rules.THERE),
        ({"is_there_backwards": True, "ends_first": False}, rules.BACKWARDS),
        ({"is_itself": True, "is_there": True}, rules.ITSELF),
    ],
)
def test_two_things_are_tied_or_the_reason_is_said(
    changed: dict[str, object], refusal: Refusal | None
) -> None:
    assert link_refusal(replace(CONTINUATION, **changed)) == refusal


def test_every_relation_has_words_at_both_ends() -> None:
    assert set(FORWARD) == set(BACKWARD) == set(Relation)
