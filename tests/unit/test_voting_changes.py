"""Whether a vote that is in can be changed, and by which rules at all."""

from dataclasses import replace
from datetime import date

import pytest

from deliberate.voting import change_rules
from deliberate.voting.change_rules import MOST_A_DAY, ChangeFacts
from deliberate.voting.states import Channel, Electorate

ALLOWED = ChangeFacts(day=date(2027, 5, 4), is_offered=True, was=Channel.WEB, now=Channel.WEB)


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({}, None),
        ({"was": Channel.CODE, "now": Channel.CODE}, None),
        ({"changed_today": MOST_A_DAY - 1}, None),
        ({"is_offered": False}, "cast.already"),
        ({"now": Channel.PAPER}, "cast.already"),
        ({"now": Channel.ASSISTED}, "cast.already"),
        ({"was": Channel.PAPER}, "change.final"),
        ({"was": Channel.ASSISTED}, "change.final"),
        ({"is_looked_at": True}, "change.looked_at"),
        ({"is_other_area": True}, "change.other_area"),
        ({"changed_today": MOST_A_DAY}, "change.too_often"),
        # What nobody can goes before what this one cannot now.
        ({"is_offered": False, "was": Channel.PAPER}, "cast.already"),
        ({"was": Channel.PAPER, "is_looked_at": True}, "change.final"),
        ({"is_looked_at": True, "changed_today": MOST_A_DAY}, "change.looked_at"),
    ],
)
def test_who_may_change_a_vote(facts: dict[str, object], code: str | None) -> None:
    refusal = change_rules.change_refusal(replace(ALLOWED, **facts))

    assert (refusal.code if refusal else None) == code
    if refusal is not None:
        assert "%(" not in refusal.message % refusal.values


@pytest.mark.parametrize("electorate", list(Electorate))
def test_without_an_account_a_contact_that_changes_votes_is_one_persons(
    electorate: Electorate,
) -> None:
    alone = change_rules.offer_refusal(electorate, persons_a_contact=1)
    shared = change_rules.offer_refusal(electorate, persons_a_contact=2)

    assert alone is None
    assert (shared is not None) == (electorate is Electorate.DECLARED)
