"""The triggers bite, whoever writes: two persons, steps, public dates, lines that stay."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, text, update
from sqlalchemy.exc import DBAPIError

from deliberate.approvals.models import Approval
from deliberate.consultations.models import ChangeNotice, Consultation, Phase
from deliberate.consultations.states import STEPS, State
from deliberate.kernel import clock
from deliberate.kernel.actor import Role
from deliberate.kernel.db import db, transaction
from tests import make


@pytest.fixture
def lubowierz(app: Flask) -> int:
    return make.municipality(app)


def write(app: Flask, statement: Any, tenant: int) -> None:
    with app.app_context(), transaction():
        db.session.execute(statement.execution_options(touches=tenant))


def set_state(app: Flask, tenant: int, consultation: int, state: State) -> None:
    statement = update(Consultation).where(Consultation.id == consultation).values(state=state)
    write(app, statement, tenant)


def approval(app: Flask, tenant: int, consultation: int, **columns: Any) -> int:
    now = clock.now()
    columns.setdefault("asked_by", make.staff(app, tenant, Role.OFFICER))
    row = Approval(
        tenant_id=tenant,
        token=f"token-{columns.get('asked_by')}",
        act=columns.pop("act", "consultation.publish"),
        subject_kind="consultation",
        subject_id=columns.pop("subject_id", consultation),
        payload_sha256="0" * 64,
        asked_at=now,
        expires_at=now + timedelta(days=14),
        **columns,
    )
    return make.add(app, row)


def decided(app: Flask, tenant: int, *, approved: bool = True) -> dict[str, Any]:
    person = make.staff(app, tenant, Role.APPROVER)
    return {"decided_by": person, "decided_at": clock.now(), "approved": approved}


def test_nothing_is_published_without_an_approval(app: Flask, lubowierz: int) -> None:
    waiting = make.consultation(app, lubowierz, state=State.AWAITING_APPROVAL)

    with pytest.raises(DBAPIError, match="two_persons"):
        set_state(app, lubowierz, waiting, State.PUBLISHED)


@pytest.mark.parametrize(
    "wrong", ["undecided", "refused", "spent", "other act", "other consultation", "other tenant"]
)
def test_not_every_approval_will_do(app: Flask, lubowierz: int, wrong: str) -> None:
    waiting = make.consultation(app, lubowierz, state=State.AWAITING_APPROVAL)
    columns = decided(app, lubowierz, approved=wrong != "refused")
    tenant = lubowierz
    if wrong == "undecided":
        columns = {}
    elif wrong == "spent":
        columns["spent_at"] = clock.now()
    elif wrong == "other act":
        columns["act"] = "poll.seal"
    elif wrong == "other consultation":
        columns["subject_id"] = waiting + 1
    elif wrong == "other tenant":
        tenant = make.municipality(app, slug="wrzosowiany", name="Wrzosowiany")
    approval(app, tenant, waiting, **columns)

    with pytest.raises(DBAPIError, match="two_persons"):
        set_state(app, lubowierz, waiting, State.PUBLISHED)


def test_an_approval_of_a_second_person_opens_the_way(app: Flask, lubowierz: int) -> None:
    waiting = make.consultation(app, lubowierz, state=State.AWAITING_APPROVAL)
    approval(app, lubowierz, waiting, **decided(app, lubowierz))

    set_state(app, lubowierz, waiting, State.PUBLISHED)

    with app.app_context():
        assert db.session.get_one(Consultation, waiting).state == State.PUBLISHED


@pytest.mark.parametrize("start", list(State))
def test_only_the_written_steps_are_taken(app: Flask, lubowierz: int, start: State) -> None:
    consultation = make.consultation(app, lubowierz, state=start)

    for target in State:
        if target == start or target in STEPS[start]:
            continue
        with pytest.raises(DBAPIError, match=r"transition|two_persons"):
            set_state(app, lubowierz, consultation, target)


def test_what_was_published_keeps_its_day_and_template(app: Flask, lubowierz: int) -> None:
    published = make.consultation(app, lubowierz)
    for values in ({"published_at": clock.now()}, {"template": "ask"}):
        statement = update(Consultation).where(Consultation.id == published).values(**values)
        with pytest.raises(DBAPIError, match="frozen"):
            write(app, statement, lubowierz)


def test_a_published_consultation_and_its_phases_never_go(app: Flask, lubowierz: int) -> None:
    published = make.consultation(app, lubowierz)
    with pytest.raises(DBAPIError, match="frozen"):
        write(app, delete(Phase).where(Phase.consultation_id == published), lubowierz)
    with app.app_context(), pytest.raises(DBAPIError), transaction():
        db.session.execute(text("DELETE FROM consultation WHERE id = :id"), {"id": published})


def test_a_phase_of_a_draft_may_go(app: Flask, lubowierz: int) -> None:
    draft = make.consultation(app, lubowierz, state=State.DRAFT)

    write(app, delete(Phase).where(Phase.consultation_id == draft), lubowierz)


def move_end(app: Flask, tenant: int, consultation: int, by: timedelta) -> None:
    with app.app_context():
        end: datetime = db.session.scalars(
            db.select(Phase.ends_at).where(Phase.consultation_id == consultation)
        ).one()
    statement = update(Phase).where(Phase.consultation_id == consultation)
    write(app, statement.values(ends_at=end + by), tenant)


def notice(app: Flask, tenant: int, consultation: int, kind: str) -> int:
    row = ChangeNotice(
        tenant_id=tenant,
        consultation_id=consultation,
        kind=kind,
        field="phase:Zbieramy propozycje",
        old="",
        new="",
        reason="Sala na spotkanie była zajęta.",
        at=clock.now(),
    )
    return make.add(app, row)


def test_published_dates_move_only_with_a_public_line(app: Flask, lubowierz: int) -> None:
    published = make.consultation(app, lubowierz)
    week = timedelta(days=7)
    with pytest.raises(DBAPIError, match="frozen"):
        move_end(app, lubowierz, published, week)

    notice(app, lubowierz, published, "extension")
    move_end(app, lubowierz, published, week)

    with pytest.raises(DBAPIError, match="later, never sooner"):
        move_end(app, lubowierz, published, -week)
    notice(app, lubowierz, published, "slip")
    move_end(app, lubowierz, published, -week)


def test_dates_of_a_draft_are_free(app: Flask, lubowierz: int) -> None:
    draft = make.consultation(app, lubowierz, state=State.DRAFT)

    move_end(app, lubowierz, draft, -timedelta(days=7))


def test_a_public_line_is_never_changed_nor_removed(app: Flask, lubowierz: int) -> None:
    published = make.consultation(app, lubowierz)
    line = notice(app, lubowierz, published, "extension")

    for statement in (
        update(ChangeNotice).where(ChangeNotice.id == line).values(reason="Nic się nie stało."),
        delete(ChangeNotice).where(ChangeNotice.id == line),
    ):
        with pytest.raises(DBAPIError, match="append_only"):
            write(app, statement, lubowierz)
