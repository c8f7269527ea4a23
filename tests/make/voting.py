"""Votes: sealed, drawn for, published."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask import Flask

from deliberate.accounts.standing import Needs
from deliberate.consultations.models import Effect
from deliberate.kernel import clock
from deliberate.kernel.actor import SYSTEM
from deliberate.kernel.db import db, transaction
from deliberate.tenancy.models import Municipality
from deliberate.voting import canonical, keys
from deliberate.voting import queries as voting
from deliberate.voting.actions import enrolling, publishing
from deliberate.voting.actions import preparing as preparing_polls
from deliberate.voting.actions.preparing import PollDraft, SectionDraft
from deliberate.voting.models import Poll, SeedTyping
from deliberate.voting.roll_rules import Line
from deliberate.voting.states import AgeRule, Electorate, PollState
from tests.make.approvals import approval
from tests.make.ballots import section
from tests.make.people import person
from tests.make.proposals import proposal


def poll(
    app: Flask,
    tenant: int,
    consultation: int,
    *,
    options: int = 3,
    least: int = 1,
    most: int = 2,
    sections: Sequence[SectionDraft] = (),
    began: timedelta = timedelta(days=1),
    left: timedelta = timedelta(days=9),
    needs: Needs = Needs.DECLARED,
    electorate: Electorate = Electorate.RESIDENTS,
    electorate_terms: str = "{}",
    roll: Sequence[Line] = (),
    age_rule: AgeRule = AgeRule.NONE,
    age: int | None = None,
    revote: bool = False,
    sealed: bool = True,
    **more: Any,
) -> int:
    """Make a vote on new proposals, numbered from 1; sealed by two and, by its dates, receiving.

    roll: of a closed list. sections: of ``section`` below, in place of the proposals. more: of a
    PollDraft.
    """
    now = clock.now()
    if not sections:
        proposals = [
            proposal(app, tenant, consultation, title=f"Projekt {no}")
            for no in range(1, options + 1)
        ]
        sections = [section(options=options, least=least, most=most, proposals=proposals)]
    draft = PollDraft(
        consultation_id=consultation,
        title="Wybierz projekty",
        needs=needs,
        effect=Effect.ADVISES,
        decided_by="Rada Miasta",
        decision_due=None,
        result_due=clock.local(now + left + timedelta(days=7)).date(),
        opens_at=now - began,
        ends_at=now + left,
        order_seed="ziarno",
        sections=sections,
        **more,
    )
    with app.app_context(), transaction():
        row = preparing_polls.prepare(db.session.get_one(Municipality, tenant), draft)
        row.electorate, row.electorate_terms = electorate, electorate_terms
        row.age_rule, row.age, row.revote = age_rule, age, revote
        if roll:
            enrolling.put(db.session.get_one(Municipality, tenant), row.id, roll)
        poll_id, rules = row.id, voting.rules_text(row)
    if sealed:
        approval(app, tenant, "poll.seal", poll_id, canonical.digest(rules))
        with app.app_context(), transaction():
            row = db.session.get_one(Poll, poll_id)
            row.rules, row.rules_hash = rules, canonical.digest(rules)
            row.state, row.sealed_at = PollState.SEALED, now
            keys.make(tenant, poll_id, is_first=True)
    return poll_id


def drawn(app: Flask, tenant: int, poll_id: int, value: str) -> None:
    """Have two persons type the drawn value, in its canonical form."""
    two = [person(app), person(app)]
    with app.app_context(), transaction():
        row = db.session.get_one(Poll, poll_id)
        row.state = PollState.WORKING_UP
        db.session.add_all(
            SeedTyping(
                tenant_id=tenant, poll_id=poll_id, person_id=each, value=value, typed_at=clock.now()
            )
            for each in two
        )
        db.session.flush()
        row.seed = value


def publish_poll(app: Flask, tenant: int, poll_id: int) -> None:
    """Have two persons publish a counted result."""
    with app.app_context():
        rules_hash = db.session.get_one(Poll, poll_id).rules_hash
    approval(app, tenant, "poll.publish", poll_id, rules_hash or "")
    with app.app_context(), transaction():
        publishing.publish(db.session.get_one(Municipality, tenant), poll_id, actor=SYSTEM)
