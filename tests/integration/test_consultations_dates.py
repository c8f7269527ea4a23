"""Dates after publication: they move in public, whole days at a time."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from types import SimpleNamespace

import pytest
from flask import Flask
from sqlalchemy import select

from deliberate.consultations.models import ChangeNotice, Consultation
from deliberate.discussion.models import Thread
from deliberate.kernel import clock
from deliberate.kernel.db import db, writer
from tests import make
from tests.integration.consultation_desk import (
    REASON,
    approve,
    ask,
    city,
    day,
    drafted,
    fields,
    published,
    row,
    slug_url,
    today,
)

LONG_AFTER = "2028-01-31"


@pytest.fixture
def world(app: Flask) -> SimpleNamespace:
    return city(app)


def dates(app: Flask, **more: str) -> dict[str, str]:
    made = row(app)
    return {
        "dates-revision": str(made.revision),
        "dates-rows-0-phase_id": str(made.phases[0].id),
        "dates-rows-0-first": day(1),
        "dates-rows-0-last": day(35),
        "dates-answer_due": day(60),
        "dates-reason": REASON,
        **more,
    }


def age(app: Flask, **by: float) -> None:
    """Let time pass since publication: the trigger freezes the column, so it is set aside."""
    with app.app_context():
        moment = clock.now() - timedelta(**by)
        with writer().begin() as connection:
            sqlite = connection.dialect.name == "sqlite"
            drop = "DROP TRIGGER consultation_is_frozen"
            connection.exec_driver_sql(drop if sqlite else f"{drop} ON consultation")
            connection.execute(Consultation.__table__.update().values(published_at=moment))


def test_the_draft_form_is_closed_after_publication(app: Flask, world: SimpleNamespace) -> None:
    published(app, world)

    assert world.desk.get(slug_url("")[:-1]).status_code == 302
    late = world.desk.post(slug_url("")[:-1], data=fields(world, revision="1", title="Inny?"))
    assert late.status_code == 409
    assert row(app).title == "Plac Targowy: jak ma wyglądać?"


def test_an_extension_is_public_with_its_reason(app: Flask, world: SimpleNamespace) -> None:
    published(app, world)
    age(app, hours=3)

    answer = world.desk.post(slug_url("terminy"), data=dates(app))

    assert answer.status_code == 303
    assert row(app).phases[0].ends_at == clock.end_of_day(today() + timedelta(days=35))
    changes = make.client(app).get("/konsultacje/plac-targowy-jak-ma-wygladac/zmiany").text
    assert "Etap „Zbieramy propozycje” – wydłużenie" in changes
    assert REASON in changes


def midnight(moment: datetime) -> bool:
    return clock.local(moment).time() == time.min


# On 25 October 2026 the day has 25 hours, on 28 March 2027 it has 23.
@pytest.mark.first_on_both
@pytest.mark.parametrize(
    ("today_is", "drafted_to", "slipped_to", "extended_to"),
    [
        ("2026-10-20", "2026-10-24", "2026-10-25", "2026-10-26"),
        ("2026-10-20", "2026-10-26", "2026-10-24", "2026-10-25"),
        ("2027-03-23", "2027-03-27", "2027-03-28", "2027-03-29"),
        ("2027-03-23", "2027-03-29", "2027-03-27", "2027-03-28"),
        ("2026-10-20", "2026-10-25", "2026-10-24", "2027-03-28"),
    ],
)
def test_every_act_on_dates_gives_whole_days_of_warsaw(
    app: Flask, today_is: str, drafted_to: str, slipped_to: str, extended_to: str
) -> None:
    """A draft, a slip, an extension and a repetition, each sent as a browser sends it."""
    morning = clock.start_of_day(date.fromisoformat(today_is)) + timedelta(hours=9)
    with clock.at(morning):
        world = city(app)
        drafted(world, **{"phases-0-last": drafted_to, "answer_due": LONG_AFTER})
        form = world.desk.get(slug_url("")[:-1]).text
        ask(world)
        approve(app, world.approver)
        first = row(app).phases[0]
        assert f'value="{drafted_to}"' in form
        assert first.ends_at == clock.end_of_day(date.fromisoformat(drafted_to))
    for moment, last, kind in (
        (morning + timedelta(hours=1), slipped_to, "slip"),
        (morning + timedelta(hours=3), extended_to, "extension"),
    ):
        with clock.at(moment):
            desk = make.client(app, signed_in=world.officer)
            sent = dates(app, **{"dates-rows-0-last": last, "dates-answer_due": LONG_AFTER})
            answer = desk.post(slug_url("terminy"), data=sent)
            moved = row(app).phases[0]
            page = desk.get(slug_url("prowadzenie")).text
        assert answer.status_code == 303, kind
        assert moved.ends_at == clock.end_of_day(date.fromisoformat(last))
        assert moved.starts_at == first.starts_at
        assert f'value="{last}"' in page
    with clock.at(morning + timedelta(hours=4)):
        desk = make.client(app, signed_in=world.officer)
        again = desk.post(slug_url("powtorzenie"), data={"sure": "y"})
        copied = row(app, again.location.rsplit("/", 1)[-1]).phases[0]
    assert midnight(copied.starts_at)
    assert midnight(copied.ends_at)
    assert clock.last_day(copied.ends_at) - clock.local(copied.starts_at).date() == (
        clock.last_day(moved.ends_at) - clock.local(moved.starts_at).date()
    )
    with app.app_context():
        kinds = db.session.scalars(select(ChangeNotice.kind).order_by(ChangeNotice.id)).all()
    assert kinds == ["slip", "extension"]


@pytest.mark.parametrize(
    ("today_is", "days", "new", "code"),
    [
        ("2026-10-20", ("2026-10-24", "2026-10-26"), ("2027-03-27", "2027-03-29"), 303),
        ("2026-10-20", ("2026-10-25", "2026-10-25"), ("2027-03-28", "2027-03-28"), 303),
        ("2026-10-20", ("2026-10-24", "2026-10-26"), ("2027-03-27", "2027-03-28"), 409),
        ("2027-03-23", ("2027-03-27", "2027-03-29"), ("2027-10-30", "2027-11-01"), 303),
    ],
)
def test_what_has_not_begun_moves_whole_over_a_change_of_clocks(
    app: Flask, today_is: str, days: tuple[str, str], new: tuple[str, str], code: int
) -> None:
    morning = clock.start_of_day(date.fromisoformat(today_is)) + timedelta(hours=9)
    with clock.at(morning):
        world = city(app)
        drafted(
            world, **{"phases-0-first": days[0], "phases-0-last": days[1], "answer_due": LONG_AFTER}
        )
        ask(world)
        approve(app, world.approver)
    with clock.at(morning + timedelta(hours=3)):
        sent = {"dates-rows-0-first": new[0], "dates-rows-0-last": new[1]}
        sent["dates-answer_due"] = LONG_AFTER
        desk = make.client(app, signed_in=world.officer)
        answer = desk.post(slug_url("terminy"), data=dates(app, **sent))
    phase = row(app).phases[0]
    expected = [date.fromisoformat(day) for day in (new if code == 303 else days)]

    assert answer.status_code == code
    assert phase.starts_at == clock.start_of_day(expected[0])
    assert phase.ends_at == clock.end_of_day(expected[1])


def test_a_phase_is_not_shortened(app: Flask, world: SimpleNamespace) -> None:
    published(app, world)
    age(app, hours=3)

    answer = world.desk.post(slug_url("terminy"), data=dates(app, **{"dates-rows-0-last": day(20)}))

    assert answer.status_code == 409
    assert "Po ogłoszeniu etap można tylko wydłużyć." in answer.text
    assert REASON in answer.text  # what was typed is kept
    assert row(app).phases[0].ends_at == clock.end_of_day(today() + timedelta(days=28))


def test_a_slip_is_corrected_until_somebody_contributes(app: Flask, world: SimpleNamespace) -> None:
    published(app, world)
    shorter = {"dates-rows-0-last": day(20)}

    assert world.desk.post(slug_url("terminy"), data=dates(app, **shorter)).status_code == 303
    with app.app_context():
        assert db.session.scalars(select(ChangeNotice.kind)).all() == ["slip"]
        thread = db.session.scalars(select(Thread.id)).one()
    make.contribution(app, world.tenant, thread)
    still_shorter = {"dates-rows-0-last": day(19)}
    again = world.desk.post(slug_url("terminy"), data=dates(app, **still_shorter))

    assert again.status_code == 409


@pytest.mark.first_on_both
@pytest.mark.parametrize(
    "broken",
    [
        {"dates-reason": "krótko"},
        {"dates-rows-0-phase_id": "999999"},
        {"dates-rows-0-phase_id": "x"},
        {"dates-rows-0-last": "kiedyś"},
        {"dates-rows-0-last": "2020-01-01"},
    ],
)
def test_wrong_dates_change_nothing(
    app: Flask, world: SimpleNamespace, broken: dict[str, str]
) -> None:
    published(app, world)

    answer = world.desk.post(slug_url("terminy"), data=dates(app, **broken))

    assert answer.status_code == 422
    assert row(app).phases[0].ends_at == clock.end_of_day(today() + timedelta(days=28))
