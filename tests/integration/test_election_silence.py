"""Election silence: a line on each page, conversations as the office set it, votes untouched."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from deliberate.discussion.models import Contribution, Thread
from deliberate.kernel import clock
from deliberate.kernel.actor import Role
from deliberate.kernel.db import db, transaction
from deliberate.kernel.models import Outbox
from deliberate.moderation import rules
from deliberate.subjects.activities import Activity
from deliberate.tenancy.models import Municipality, SilenceMode
from deliberate.voting.models import Participation
from tests import make
from tests.sql import counted

WORDS = "Czy sieć pod placem pozwala sadzić drzewa wszędzie?"
SETTING = "/urzad/gmina/cisza"


@pytest.fixture
def world(app: Flask) -> SimpleNamespace:
    tenant = make.municipality(app)
    consultation = make.consultation(
        app, tenant, opens=[Activity.PROPOSE, Activity.SUPPORT, Activity.DISCUSS, Activity.VOTE]
    )
    person = make.person(app, resident_of=tenant)
    return SimpleNamespace(
        app=app,
        tenant=tenant,
        consultation=consultation,
        thread=make.thread_of(app, tenant, "consultation", consultation),
        person=person,
        browser=make.client(app, signed_in=person),
    )


def keep_silence(
    world: SimpleNamespace, mode: SilenceMode, *, began: float = -1, left: float = 24
) -> None:
    """Set the silence by hours around now."""
    hour = clock.now().replace(minute=0, second=0, microsecond=0)
    with world.app.app_context(), transaction():
        row = db.session.get_one(Municipality, world.tenant)
        row.silence_from = hour + timedelta(hours=began)
        row.silence_until = hour + timedelta(hours=left)
        row.silence_mode = mode


def say(world: SimpleNamespace, **more: object) -> TestResponse:
    sent = {
        "body": WORDS,
        "kind": "voice",
        "voice": "resident",
        "language": "pl",
        "rules_version": 1,
        "rules": "y",
        **more,
    }
    answer: TestResponse = world.browser.post(f"/rozmowy/{world.thread}/glosy", data=sent)
    return answer


def said(world: SimpleNamespace) -> Contribution:
    with world.app.app_context():
        return db.session.scalars(select(Contribution).order_by(Contribution.id.desc())).first()  # type: ignore[return-value]


def page(world: SimpleNamespace) -> str:
    text: str = make.client(world.app).get("/konsultacje/rynek").text
    return text


@pytest.mark.first_on_both
@pytest.mark.parametrize("mode", SilenceMode)
def test_every_page_says_it_while_it_lasts(world: SimpleNamespace, mode: SilenceMode) -> None:
    visitor = make.client(world.app)
    before = visitor.get("/konsultacje")
    keep_silence(world, mode)

    during = visitor.get("/konsultacje", headers={"If-None-Match": before.headers["ETag"]})

    assert "Trwa cisza wyborcza" not in before.text
    assert "Trwa cisza wyborcza" in during.text
    assert "Głosowania, uwagi i poparcia działają jak zwykle." in during.text


@pytest.mark.parametrize(("began", "left"), [(1, 24), (-24, 0)], ids=["ahead", "over"])
def test_outside_of_its_hours_nothing_changes(
    world: SimpleNamespace, began: int, left: int
) -> None:
    keep_silence(world, SilenceMode.READ_ONLY, began=began, left=left)

    assert "Trwa cisza wyborcza" not in page(world)
    assert say(world).status_code == 303
    assert said(world).content_state == "visible"


def test_the_line_costs_no_statement(world: SimpleNamespace) -> None:
    visitor, costs = make.client(world.app), []
    for mode in (None, SilenceMode.BANNER):
        if mode is not None:
            keep_silence(world, mode)
        visitor.get("/konsultacje")
        with counted(world.app) as statements:
            visitor.get("/konsultacje")
        costs.append(len(statements))

    assert costs[0] == costs[1]


def test_read_only_refuses_with_the_end_and_keeps_the_words(world: SimpleNamespace) -> None:
    keep_silence(world, SilenceMode.READ_ONLY)

    answer = say(world)

    assert answer.status_code == 409
    assert WORDS in answer.text
    with world.app.app_context():
        until = db.session.get_one(Municipality, world.tenant).silence_until
        assert until is not None
        assert f"do {clock.closing_time(until):%d.%m.%Y, %H:%M} rozmowy można" in answer.text
        assert db.session.scalars(select(func.count()).select_from(Contribution)).one() == 0
    assert "rozmowy można tylko czytać" in page(world)


def test_read_only_holds_for_the_office_too(world: SimpleNamespace) -> None:
    keep_silence(world, SilenceMode.READ_ONLY)
    world.browser = make.client(
        world.app, signed_in=make.staff(world.app, world.tenant, Role.OFFICER)
    )
    voices = re.findall(
        r'name="voice"[^>]*value="([^"]+)"|<option[^>]*value="(office[^"]*)"',
        world.browser.get(f"/rozmowy/{world.thread}/glosy/nowy").text,
    )

    assert say(world, voice="office").status_code in (409, 422)
    assert said(world) is None
    assert voices == [] or "cisza" in page(world)


@pytest.mark.parametrize("mode", [SilenceMode.READ_ONLY, SilenceMode.PRE_MODERATION])
def test_what_was_said_is_not_changed_meanwhile(world: SimpleNamespace, mode: SilenceMode) -> None:
    say(world)
    keep_silence(world, mode)
    sent = {"body": "Głosuj na listę nr 7", "version": "1", "note": ""}

    answer = world.browser.post(f"/glos/{said(world).id}/poprawka", data=sent)

    assert answer.status_code == 409
    assert said(world).body == WORDS
    assert world.browser.post(f"/glos/{said(world).id}/wycofanie").status_code == 303


def test_with_a_banner_only_people_speak_as_always(world: SimpleNamespace) -> None:
    keep_silence(world, SilenceMode.BANNER)

    assert say(world).status_code == 303
    assert WORDS in page(world)


# Read before it is shown.


def decide(world: SimpleNamespace, act: str, **form: object) -> TestResponse:
    row = said(world)
    desk = make.client(world.app, signed_in=make.staff(world.app, world.tenant, Role.FACILITATOR))
    answer: TestResponse = desk.post(
        f"/urzad/moderacja/contribution/{row.id}/{act}",
        data={"seen": rules.fingerprint(row.content_state, row.body), **form},  # type: ignore[arg-type]
    )
    return answer


def test_a_held_voice_is_on_no_page_until_somebody_has_read_it(world: SimpleNamespace) -> None:
    keep_silence(world, SilenceMode.PRE_MODERATION)

    answer = say(world)

    assert answer.status_code == 303
    assert "pokażemy ją po sprawdzeniu" in world.browser.get(answer.location).text
    assert said(world).content_state == "held"
    assert WORDS not in page(world)
    assert WORDS not in make.client(world.app).get("/szukaj?q=drzewa").text
    assert make.client(world.app).get(f"/glos/{said(world).id}").status_code in (302, 404)

    desk = make.client(world.app, signed_in=make.staff(world.app, world.tenant, Role.FACILITATOR))
    assert "Czy sieć pod placem" in desk.get("/urzad/moderacja").text
    case = desk.get(f"/urzad/moderacja/contribution/{said(world).id}").text
    assert "Czeka na sprawdzenie" in case
    assert "Pokaż" in case

    assert decide(world, "zostaje").status_code == 303
    assert said(world).content_state == "visible"
    assert WORDS in page(world)
    assert "Czy sieć pod placem" not in desk.get("/urzad/moderacja").text


def test_a_held_voice_may_be_hidden_and_was_never_counted(world: SimpleNamespace) -> None:
    keep_silence(world, SilenceMode.PRE_MODERATION)
    proposal = make.proposal(world.app, world.tenant, world.consultation)
    world.thread = make.thread_of(world.app, world.tenant, "proposal", proposal)
    say(world)
    form = {
        "quick": "personal_data",
        "passage": "Czy sieć pod placem",
        "words": "To jest opis dla testu.",
        "rule": 4,
        "step": "decyzja",
    }

    assert decide(world, "ukrycie", **form).status_code == 303

    assert said(world).content_state == "hidden"
    with world.app.app_context():
        counts = db.session.execute(
            select(Thread.last_number).where(Thread.id == world.thread)
        ).one()
        assert counts[0] == 1
    assert "Rozmowa 0" not in page(world)


def test_whoever_was_answered_is_told_only_when_the_answer_is_shown(
    world: SimpleNamespace,
) -> None:
    other = make.person(world.app, resident_of=world.tenant)
    make.contribution(world.app, world.tenant, world.thread, author=other)
    keep_silence(world, SilenceMode.PRE_MODERATION)
    say(world, answers=1)

    def letters() -> int:
        with world.app.app_context():
            wanted = select(func.count()).where(Outbox.person_id == other)
            return db.session.scalars(wanted).one()

    assert letters() == 0
    decide(world, "zostaje")
    assert letters() == 1


# Votes, support and remarks are untouched.


@pytest.mark.parametrize("mode", SilenceMode)
def test_votes_and_support_go_on(world: SimpleNamespace, mode: SilenceMode) -> None:
    poll = make.poll(world.app, world.tenant, world.consultation)
    keep_silence(world, mode)
    ballot = "/konsultacje/rynek/glosowanie"

    checked = world.browser.post(f"{ballot}/sprawdzenie", data={"wybor-1": ["1"]})
    key = re.search(r'name="klucz" value="([^"]+)"', checked.text)
    assert key
    cast = world.browser.post(f"{ballot}/glos", data={"wybor-1": ["1"], "klucz": key[1]})
    support = world.browser.post("/konsultacje/rynek/propozycje/1/poparcie")

    assert (cast.status_code, support.status_code) == (303, 303)
    with world.app.app_context():
        wanted = select(func.count()).where(Participation.poll_id == poll)
        assert db.session.scalars(wanted).one() == 1


# The setting.


@pytest.fixture
def office(world: SimpleNamespace) -> SimpleNamespace:
    person = make.staff(world.app, world.tenant, Role.ADMINISTRATOR)
    return SimpleNamespace(client=make.client(world.app, signed_in=person), **vars(world))


def silence(world: SimpleNamespace) -> tuple[datetime | None, datetime | None, str]:
    with world.app.app_context():
        row = db.session.get_one(Municipality, world.tenant)
        return row.silence_from, row.silence_until, row.silence_mode


def test_the_office_sets_it_in_the_time_of_warsaw(office: SimpleNamespace) -> None:
    sent = {
        "silence_from": "2027-10-09T00:00",
        "silence_until": "2027-10-10T21:00",
        "silence_mode": "read_only",
    }

    assert office.client.post(SETTING, data=sent).status_code == 303

    began, until, mode = silence(office)
    assert began is not None
    assert until is not None
    assert (began.isoformat(), until.isoformat(), mode) == (
        "2027-10-08T22:00:00+00:00",
        "2027-10-10T19:00:00+00:00",
        "read_only",
    )
    assert 'value="2027-10-10T21:00"' in office.client.get(SETTING).text
    taken = {"silence_from": "", "silence_until": "", "silence_mode": "banner"}
    assert office.client.post(SETTING, data=taken).status_code == 303
    assert silence(office) == (None, None, "banner")


@pytest.mark.first_on_both
@pytest.mark.parametrize(
    "wrong",
    [
        {"silence_until": ""},
        {"silence_from": ""},
        {"silence_from": "2027-10-10T21:00"},
        {"silence_from": "2027-10-09T00:30"},
        {"silence_from": "kiedyś"},
        {"silence_from": "0001-01-01T00:00"},
        {"silence_mode": "off"},
    ],
)
def test_hours_that_cannot_be_are_refused(office: SimpleNamespace, wrong: dict[str, str]) -> None:
    sent = {
        "silence_from": "2027-10-09T00:00",
        "silence_until": "2027-10-10T21:00",
        "silence_mode": "banner",
        **wrong,
    }

    assert office.client.post(SETTING, data=sent).status_code == 422
    assert silence(office)[0] is None


@pytest.mark.parametrize("mode", SilenceMode)
def test_remarks_go_on(app: Flask, mode: SilenceMode) -> None:
    tenant = make.municipality(app)
    consultation = make.consultation(app, tenant, opens=[Activity.REMARK])
    document = make.document(app, tenant, consultation)
    keep_silence(SimpleNamespace(app=app, tenant=tenant), mode)
    browser = make.client(app, signed_in=make.person(app, resident_of=tenant))
    sent = {
        "place": f"{document}:1:2",
        "kind": "change",
        "wording": "§ 2. Na zadania jest 800 000 zł.",
        "body": "Zadań przybyło.",
        "language": "pl",
        "voice": "resident",
        "form_key": "k" * 43,
    }

    assert browser.post("/konsultacje/rynek/uwagi/nowa", data=sent).status_code == 303
