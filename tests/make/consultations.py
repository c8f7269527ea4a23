"""Consultations and their phases."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from flask import Flask

from deliberate.accounts.standing import Needs
from deliberate.consultations.guards import GUARDS as CONSULTATION_GUARDS
from deliberate.consultations.models import Consultation, Effect, Phase, State, Template
from deliberate.kernel import clock
from deliberate.kernel.db import db
from deliberate.subjects.gate import Activity
from tests.make.base import add, run
from tests.make.discussion import thread

ADDED_LATER = "phase_comes_for_a_vote_done_again"


def consultation(
    app: Flask,
    tenant: int,
    *,
    slug: str = "rynek",
    title: str = "Rynek: jak ma wyglądać po przebudowie?",
    state: State = State.PUBLISHED,
    opens: Iterable[Activity] = (Activity.PROPOSE, Activity.SUPPORT, Activity.DISCUSS),
    days_left: float = 19,
    began: float = 9,
    needs: Needs = Needs.DECLARED,
) -> int:
    """Make a consultation with one phase that opens ``opens`` from ``began`` days ago."""
    now = clock.now()
    consultation_id = add(
        app,
        Consultation(
            tenant_id=tenant,
            slug=slug,
            template=Template.IDEAS,
            state=state,
            title=title,
            summary="W przyszłym roku wymieniamy pod rynkiem kanalizację.",
            can_change="Zieleń i cień.",
            cannot_change="Terminu wymiany kanalizacji.",
            effect=Effect.ADVISES,
            decided_by="Rada Miasta",
            propose_needs=needs,
            support_needs=needs,
            discuss_needs=Needs.EMAIL,
            vote_needs=needs,
            created_at=now,
            published_at=now,
        ),
    )
    thread(app, tenant, consultation_id, "consultation", consultation_id)
    phase(
        app,
        tenant,
        consultation_id,
        starts=now - timedelta(days=began),
        ends=now + timedelta(days=days_left),
        opens=opens,
    )
    return consultation_id


def phase(
    app: Flask,
    tenant: int,
    consultation: int,
    *,
    starts: datetime,
    ends: datetime,
    opens: Iterable[Activity],
    title: str = "Zbieramy propozycje",
    position: int = 1,
) -> int:
    """Make a phase as if it had been there before the consultation was published."""
    row = Phase(
        tenant_id=tenant,
        consultation_id=consultation,
        position=position,
        title=title,
        starts_at=starts,
        ends_at=ends,
        activities=",".join(opens),
    )
    if position == 1:
        return add(app, row)
    guard = next(each for each in CONSULTATION_GUARDS if each.name == ADDED_LATER)
    with app.app_context():
        dialect = db.engine.dialect.name
        run(guard.drop(dialect))
        try:
            return add(app, row)
        finally:
            run(guard.ddl(dialect))
