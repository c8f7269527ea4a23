"""Statutory procedures: what is said at step 1, what stops publication, where it is announced."""

from __future__ import annotations

import io
import re
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, OperationalError
from werkzeug.test import TestResponse

from deliberate.accounts.standing import Needs
from deliberate.consultations.models import Announcement, Consultation
from deliberate.consultations.procedures import BY_ADDRESS, Content, Demand, Procedure
from deliberate.consultations.rules.positions import PositionFacts, position_refusal
from deliberate.consultations.states import State
from deliberate.documents.models import Document, Remark
from deliberate.kernel import clock, ids
from deliberate.kernel.actor import Role
from deliberate.kernel.db import db, transaction
from deliberate.organisations.models import OrganisationMember
from deliberate.subjects.activities import Activity
from deliberate.tenancy.models import LegalRule
from tests import make
from tests.sql import counted

DESK = "/urzad/konsultacje"
SLUG = "plan-ogolny-co-sie-zmieni"
NEVER = (IntegrityError, OperationalError)


@pytest.fixture
def world(app: Flask) -> SimpleNamespace:
    tenant = make.municipality(app)
    officer = make.staff(app, tenant, Role.OFFICER)
    return SimpleNamespace(
        tenant=tenant,
        officer=officer,
        approver=make.staff(app, tenant, Role.APPROVER),
        reviewer=make.staff(app, tenant, Role.REVIEWER),
        desk=make.client(app, signed_in=officer),
    )


def day(offset: int) -> str:
    return (clock.local(clock.now()).date() + timedelta(days=offset)).isoformat()


def draft(world: SimpleNamespace, name: str, **more: Any) -> TestResponse:
    sent: dict[str, Any] = {
        "revision": "0",
        "title": "Plan ogólny: co się zmieni?",
        "summary": "Gmina przygotowuje plan ogólny.",
        "can_change": "- strefy",
        "cannot_change": "- granice gminy",
        "area_id": "0",
        "phases-0-title": "Zbieramy uwagi",
        "phases-0-first": day(1),
        "phases-0-last": day(40),
        "phases-0-opens": ["remark"],
        "effect": "advises",
        "decided_by": "Rada Miasta",
        "answer_due": day(80),
        "contact": "Biuro Planowania",
        "propose_needs": "email",
        "forms": ["open_meeting", "survey"],
        "upload": (io.BytesIO(b"%PDF-1.7\nplan"), "plan.pdf"),
        "file_alt": "Projekt",
        **more,
    }
    answer: TestResponse = world.desk.post(
        f"{DESK}/nowe/{name}", data=sent, content_type="multipart/form-data"
    )
    return answer


def preview(world: SimpleNamespace) -> str:
    answer = world.desk.get(f"{DESK}/{SLUG}/podglad")
    assert answer.status_code == 200
    text: str = answer.text
    return text


def must(page: str) -> str:
    """Return what stops publication."""
    return page.partition("Musi być")[2].partition("Możesz uzupełnić")[0]


def verify(app: Flask, procedure: Procedure, demand: Demand) -> None:
    """Let the municipality have compared a rule with its source."""
    with app.app_context(), transaction():
        wanted = select(LegalRule).where(LegalRule.key == f"procedure.{procedure}.{demand}")
        for row in db.session.scalars(wanted):
            row.verified = True


# What the law says.


def test_the_country_s_rules_are_there_with_their_sources(app: Flask) -> None:
    with app.app_context():
        rows = db.session.scalars(
            select(LegalRule).where(LegalRule.key.startswith("procedure."))
        ).all()

    assert {(row.tenant_id, bool(row.source)) for row in rows} == {(None, True)}
    unverified = {row.key for row in rows if not row.verified}
    # What nobody read in the act itself.
    assert unverified == {
        "procedure.spatial_plan.remarks.days",
        "procedure.revitalisation.remarks.days",
        "procedure.revitalisation.notice.days",
        "procedure.revitalisation.forms.other",
        "procedure.development_strategy.remarks.days",
        "procedure.development_strategy.report.days",
    }


def test_step_one_says_what_each_takes(world: SimpleNamespace) -> None:
    page = world.desk.get(f"{DESK}/nowe").text

    for words in (
        "Plan ogólny albo plan miejscowy",
        "Uwagi co najmniej 28 dni",
        "Ogłoszenie w 4 miejscach",
        "art. 8i",
        "Uchwalenie do dnia: 30.11",
        "Niesprawdzone – sprawdź w ustawie.",
        "Najwcześniej, gdy ogłosicie jutro",
    ):
        assert words in page


@pytest.mark.first_on_both
@pytest.mark.parametrize("name", BY_ADDRESS)
def test_each_procedure_opens_a_form_that_its_own_dates_satisfy(
    app: Flask, world: SimpleNamespace, name: str
) -> None:
    for demand in (Demand.REMARK_DAYS, Demand.NOTICE_DAYS):
        verify(app, BY_ADDRESS[name], demand)

    answer = world.desk.get(f"{DESK}/nowe/{name}")

    assert answer.status_code == 200
    first, last = (
        answer.text.partition(f'id="phases-0-{which}"')[2].partition('value="')[2][:10]
        for which in ("first", "last")
    )
    assert draft(world, name, **{"phases-0-first": first, "phases-0-last": last}).status_code == 303
    assert "trwa za krótko" not in preview(world)
    assert "musi wyprzedzać" not in preview(world)


@pytest.mark.first_on_both
@pytest.mark.parametrize(
    ("name", "who", "source"),
    [
        ("plan", "Rada Miasta", "art. 18 ust. 2 pkt 5 ustawy o samorządzie gminnym"),
        ("rewitalizacja", "Rada Miasta", "art. 14 ust. 1 ustawy o rewitalizacji"),
        ("strategia", "Rada Miasta", "art. 10f ust. 4 ustawy o samorządzie gminnym"),
        ("program-wspolpracy", "Rada Miasta", "art. 5a ust. 1 ustawy o działalności pożytku"),
        ("prawo-dla-organizacji", "Rada Miasta", "art. 41 ust. 1 ustawy o samorządzie gminnym"),
        ("dokument", "Prezydentka Miasta Lubowierza", ""),
    ],
)
def test_who_the_law_has_decide_is_proposed_with_its_source(
    world: SimpleNamespace, name: str, who: str, source: str
) -> None:
    page = world.desk.get(f"{DESK}/nowe/{name}").text

    field = page.partition('<label for="decided_by"')[2].partition("</div>")[0]
    assert f'value="{who}"' in field
    assert (f"Uchwala rada: {source}" in field) is bool(source)


def test_a_missing_group_of_forms_stops_publication(world: SimpleNamespace) -> None:
    draft(world, "plan", forms=["open_meeting"])

    page = must(preview(world))

    assert "Brakuje formy z grupy: spotkanie plenerowe, spacer studyjny, ankieta" in page
    assert "art. 8i" in page
    asked = {"asked_of": world.approver, "note": ""}
    assert world.desk.post(f"{DESK}/{SLUG}/zatwierdzenie", data=asked).status_code == 409


def test_remarks_for_residents_only_stop_a_spatial_plan(world: SimpleNamespace) -> None:
    draft(world, "plan", propose_needs="declared")

    page = must(preview(world))

    assert "Uwagi ma móc złożyć każda osoba" in page
    assert "art. 8e ust. 3" in page


def test_a_number_that_nobody_checked_advises_and_stops_nothing(
    app: Flask, world: SimpleNamespace
) -> None:
    draft(world, "plan", **{"phases-0-last": day(21)})

    page = preview(world)

    assert "trwa za krótko" not in must(page)
    assert "Dni: 21, wymagane co najmniej: 28. Najwcześniejszy koniec:" in page
    assert "Niesprawdzone – sprawdź w ustawie." in page

    verify(app, Procedure.SPATIAL_PLAN, Demand.REMARK_DAYS)

    assert "trwa za krótko" in must(preview(world))


def test_the_municipality_s_own_rule_stands_before_the_country_s(
    app: Flask, world: SimpleNamespace
) -> None:
    make.add(
        app,
        LegalRule(
            tenant_id=world.tenant,
            key="procedure.spatial_plan.remarks.days",
            value="42",
            unit="dni",
            source="uchwała nr 9",
            verified=True,
            valid_from=date(2024, 1, 1),
        ),
    )
    draft(world, "plan")

    assert "Dni: 40, wymagane co najmniej: 42." in must(preview(world))
    other = make.municipality(app, slug="inne", name="Inne")
    foreign = make.client(app, slug="inne", signed_in=make.staff(app, other, Role.OFFICER)).get(
        f"{DESK}/nowe"
    )
    assert "uchwała nr 9" not in foreign.text


def test_a_programme_of_cooperation_needs_its_parts(world: SimpleNamespace) -> None:
    all_but_two = [content.value for content in Content][2:]
    draft(world, "program-wspolpracy", contents=all_but_two)
    assert "Zaznacz obowiązkowe części dokumentu. Brakuje: 2." in must(preview(world))

    outline = world.desk.get(f"{DESK}/nowe/program-wspolpracy/konspekt.txt")

    assert outline.status_code == 200
    assert outline.text.count("Rozdział") == 11
    assert world.desk.get(f"{DESK}/nowe/plan/konspekt.txt").status_code == 404


def test_residents_are_never_told_an_unverified_number(app: Flask, world: SimpleNamespace) -> None:
    consultation = make.consultation(app, world.tenant, opens=[Activity.REMARK])
    with app.app_context(), transaction():
        db.session.get_one(Consultation, consultation).case_number = "BP.0530.7.2026"
        # Only while it is prepared: the guard keeps it afterwards.

    page = make.client(app).get("/konsultacje/rynek").text

    assert "BP.0530.7.2026" in page
    assert "Niesprawdzone" not in page
    assert "28" not in page.partition("Kto prowadzi, kto decyduje")[2].partition("</section>")[0]


def test_the_law_of_a_published_consultation_never_changes(
    app: Flask, world: SimpleNamespace
) -> None:
    published = make.consultation(app, world.tenant)

    with pytest.raises(NEVER, match="frozen"), app.app_context(), transaction():
        db.session.get_one(Consultation, published).procedure = Procedure.SPATIAL_PLAN


@pytest.mark.first_on_both
@pytest.mark.parametrize(
    "wrong",
    [
        {"procedure": "referendum"},
        {"forms": ["telepathy"]},
        {"contents": ["everything"]},
        {"case_number": "x" * 81},
    ],
)
def test_what_no_list_holds_is_refused_with_the_page(
    world: SimpleNamespace, wrong: dict[str, Any]
) -> None:
    answer = draft(world, "plan", **wrong)

    assert answer.status_code == 422
    assert "Plan ogólny: co się zmieni?" in answer.text


# Announcements.


@pytest.fixture
def plan(app: Flask, world: SimpleNamespace) -> int:
    consultation = make.consultation(
        app, world.tenant, state=State.DRAFT, opens=[Activity.REMARK], began=-3
    )
    with app.app_context(), transaction():
        db.session.get_one(Consultation, consultation).procedure = Procedure.SPATIAL_PLAN
    publish(app, world, consultation)
    return consultation


def publish(app: Flask, world: SimpleNamespace, consultation: int) -> None:
    with app.app_context(), transaction():
        db.session.get_one(Consultation, consultation).state = State.AWAITING_APPROVAL
    make.approval(
        app, world.tenant, "consultation.publish", consultation, "0" * 64, kind="consultation"
    )
    with app.app_context(), transaction():
        db.session.get_one(Consultation, consultation).state = State.PUBLISHED


PAGE = f"{DESK}/rynek/ogloszenia"


def announce(world: SimpleNamespace, channel: str, **more: Any) -> TestResponse:
    sent = {f"{channel}-{name}": value for name, value in more.items()}
    answer: TestResponse = world.desk.post(
        f"{PAGE}/{channel}", data=sent, content_type="multipart/form-data"
    )
    return answer


@pytest.mark.usefixtures("plan")
def test_what_is_missing_stands_on_the_checklist_and_on_the_desk(world: SimpleNamespace) -> None:
    page = world.desk.get(PAGE).text
    assert "Brakuje ogłoszeń: 4" in page
    assert "art. 8h" in page
    assert "Ogłoszenia bez dnia i dowodu: 4" in world.desk.get("/urzad").text

    announce(world, "press", done_on=day(0), words="Gazeta Lubowierska nr 12, s. 5")
    announce(world, "board", planned_on=day(2))
    announce(world, "website_bip", done_on=day(-1), url="https://bip.lubowierz.example/1")

    assert "Brakuje ogłoszeń: 2" in world.desk.get(PAGE).text
    assert "Ogłoszenia bez dnia i dowodu: 2" in world.desk.get("/urzad").text


@pytest.mark.usefixtures("plan")
def test_people_see_where_it_was_announced(app: Flask, world: SimpleNamespace) -> None:
    announce(world, "press", done_on=day(0), words="Gazeta <b>Lubowierska</b> nr 12")
    announce(world, "board", planned_on=day(2), words="tablica przy wejściu")
    scan = (io.BytesIO(b"%PDF-1.7\nskan"), "skan.pdf")
    announce(world, "customary", done_on=day(0), upload=scan)
    visitor = make.client(app)

    page = visitor.get("/konsultacje/rynek").text

    assert "Gazeta &lt;b&gt;Lubowierska&lt;/b&gt; nr 12" in page
    assert "tablica przy wejściu" not in page
    link = page.partition("sposób zwyczajowo przyjęty")[2].partition('href="')[2].partition('"')[0]
    assert visitor.get(link.removeprefix("/g/lubowierz")).data == b"%PDF-1.7\nskan"


@pytest.mark.first_on_both
@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ({}, 409),
        ({"done_on": "jutro"}, 422),
        ({"done_on": "DAY1", "words": "nr 12"}, 409),
        ({"done_on": "DAY0"}, 409),
        ({"done_on": "DAY0", "url": "javascript:alert(1)"}, 422),
        ({"done_on": "DAY0", "words": "x" * 301}, 422),
        ({"planned_on": "DAY1"}, 303),
    ],
)
@pytest.mark.usefixtures("plan")
def test_a_line_needs_its_day_and_evidence(
    world: SimpleNamespace, sent: dict[str, str], code: int
) -> None:
    known = {"DAY0": day(0), "DAY1": day(1)}
    answer = announce(world, "press", **{name: known.get(v, v) for name, v in sent.items()})

    assert answer.status_code == code


def test_an_announcement_that_was_made_stays(app: Flask, world: SimpleNamespace, plan: int) -> None:
    announce(world, "board", planned_on=day(2))
    announce(world, "press", done_on=day(0), words="nr 12")

    assert world.desk.post(f"{PAGE}/board/usuniecie").status_code == 303
    assert world.desk.post(f"{PAGE}/board/usuniecie").status_code == 404
    assert world.desk.post(f"{PAGE}/press/usuniecie").status_code == 409
    assert announce(world, "press", planned_on=day(2)).status_code == 409
    assert announce(world, "press", done_on=day(0), words="nr 13").status_code == 303
    with app.app_context():
        row = db.session.scalars(
            select(Announcement).where(Announcement.consultation_id == plan)
        ).one()
        assert (row.words, row.ticked_by) == ("nr 13", world.officer)
    with pytest.raises(NEVER, match="append_only"), app.app_context(), transaction():
        db.session.delete(db.session.get_one(Announcement, row.id))


@pytest.mark.usefixtures("plan")
def test_a_broken_file_keeps_what_was_typed(world: SimpleNamespace) -> None:
    broken = (io.BytesIO(b"MZ\x00\x00"), "skan.pdf")

    answer = announce(world, "press", done_on=day(0), words="Gazeta nr 12", upload=broken)

    assert answer.status_code == 422
    assert "Gazeta nr 12" in answer.text


@pytest.mark.usefixtures("plan")
def test_a_channel_of_no_list_is_not_there(world: SimpleNamespace) -> None:
    assert announce(world, "radio", planned_on=day(1)).status_code == 404
    assert world.desk.post(f"{PAGE}/radio/usuniecie").status_code == 404


def test_a_hidden_draft_s_evidence_is_not_public(app: Flask, world: SimpleNamespace) -> None:
    draft(world, "plan")
    scan = (io.BytesIO(b"%PDF-1.7\nskan"), "skan.pdf")
    sent = {"press-done_on": day(0), "press-upload": scan}
    world.desk.post(
        f"{DESK}/{SLUG}/ogloszenia/press", data=sent, content_type="multipart/form-data"
    )

    page = world.desk.get(f"{DESK}/{SLUG}/ogloszenia").text
    link = "/pliki/" + page.partition("/pliki/")[2].partition('"')[0]

    assert world.desk.get(link).status_code == 200
    assert make.client(app).get(link).status_code == 404


@pytest.mark.usefixtures("plan")
def test_pages_of_a_procedure_cost_what_they_may(app: Flask, world: SimpleNamespace) -> None:
    for channel in ("press", "board", "website_bip", "customary"):
        announce(world, channel, done_on=day(0), words="jest")
    for path in (f"{DESK}/nowe", f"{DESK}/nowe/plan", PAGE):
        world.desk.get(path)  # what is kept is read once after a change
        with counted(app) as statements:
            assert world.desk.get(path).status_code == 200
        assert len(statements) <= 12, statements


# One official position of each organisation.


@pytest.fixture
def programme(app: Flask, world: SimpleNamespace) -> SimpleNamespace:
    """A programme of cooperation that runs, and an organisation with two representatives."""
    consultation = make.consultation(
        app, world.tenant, state=State.DRAFT, opens=[Activity.REMARK], needs=Needs.EMAIL
    )
    with app.app_context(), transaction():
        db.session.get_one(Consultation, consultation).procedure = Procedure.NGO_PROGRAMME
    publish(app, world, consultation)
    first = make.person(app, name="Anna K.", resident_of=world.tenant)
    second = make.person(app, name="Jan R.", resident_of=world.tenant)
    organisation = make.organisation(app, world.tenant, member=first)
    with app.app_context(), transaction():
        member = OrganisationMember(
            tenant_id=world.tenant,
            organisation_id=organisation,
            person_id=second,
            function="członek zarządu",
            since=clock.now() - timedelta(days=1),
        )
        db.session.add(member)
    return SimpleNamespace(
        document=make.document(app, world.tenant, consultation),
        first=make.client(app, signed_in=first),
        second=make.client(app, signed_in=second),
        voice=f"organisation:{organisation}",
    )


def remark(
    programme: SimpleNamespace, client: FlaskClient, *, unit: int, own: bool = False
) -> TestResponse:
    page = client.get("/konsultacje/rynek/uwagi/nowa").text
    voices = re.findall(r'name="voice"[^>]*value="([^"]+)"|<option[^>]*value="([^"]+)"', page)
    named = {name for pair in voices for name in pair if name}
    voice = "resident" if own else next(name for name in named if name.startswith("org"))
    sent = {
        "place": f"{programme.document}:1:{unit}",
        "kind": "change",
        "wording": f"§ {unit}. Na zadania jest więcej.",
        "body": f"Zadań przybyło, dlatego zmiana {unit}, {own}.",
        "language": "pl",
        "voice": voice,
        "form_key": ids.new_token(),
        "mine": "y",
    }
    return client.post("/konsultacje/rynek/uwagi/nowa", data=sent)


def test_an_organisation_has_one_position_and_residents_their_own(
    programme: SimpleNamespace,
) -> None:
    assert remark(programme, programme.first, unit=1).status_code == 303
    assert remark(programme, programme.first, unit=2).status_code == 303

    again = remark(programme, programme.first, unit=2)
    other = remark(programme, programme.second, unit=1)

    assert (again.status_code, "złożyła już uwagę nr 2" in again.text) == (409, True)
    assert (other.status_code, "(uwaga nr 1)" in other.text) == (409, True)
    assert remark(programme, programme.second, unit=1, own=True).status_code == 303


def test_a_withdrawn_position_makes_room(programme: SimpleNamespace) -> None:
    remark(programme, programme.first, unit=1)
    back = programme.first.post(
        "/konsultacje/rynek/uwagi/1/wycofanie", data={"reason": "Zmieniliśmy zdanie."}
    )
    assert back.status_code == 303

    assert remark(programme, programme.second, unit=1).status_code == 303


def test_elsewhere_organisations_speak_as_they_like(
    app: Flask, world: SimpleNamespace, programme: SimpleNamespace
) -> None:
    remark(programme, programme.first, unit=1)
    with app.app_context():
        consultation = db.session.scalars(select(Consultation)).one()
        facts = PositionFacts(
            procedure=Procedure.GENERAL, speaks_for_organisation=True, by_another=1, here=1
        )
        assert consultation.tenant_id == world.tenant
        assert position_refusal(facts) is None


# Last year's, once more.


def test_a_repeated_one_has_the_documents_by_title_and_nothing_that_people_wrote(
    app: Flask, world: SimpleNamespace
) -> None:
    former = make.consultation(
        app, world.tenant, opens=[Activity.REMARK], began=300, days_left=-270
    )
    document = make.document(app, world.tenant, former, title="Projekt programu na 2026 rok")
    make.remark(app, world.tenant, former, document=document, unit=1)

    assert world.desk.post(f"{DESK}/rynek/powtorzenie").status_code == 303

    with app.app_context():
        made = db.session.scalars(
            select(Consultation).where(Consultation.repeats_id == former)
        ).one()
        documents = db.session.scalars(
            select(Document).where(Document.consultation_id == made.id)
        ).all()
        assert [(each.title, each.version_no) for each in documents] == [
            ("Projekt programu na 2026 rok", 0)
        ]
        remarks = db.session.scalars(select(Remark).where(Remark.consultation_id == made.id))
        assert remarks.all() == []
        assert made.last_number == 0


def test_remarks_without_a_document_stand_on_the_desk(app: Flask, world: SimpleNamespace) -> None:
    bare = make.consultation(app, world.tenant, opens=[Activity.REMARK])

    assert "Zbieranie uwag bez dokumentu" in world.desk.get("/urzad").text
    make.document(app, world.tenant, bare)
    assert "Zbieranie uwag bez dokumentu" not in world.desk.get("/urzad").text


# The municipality's own rules.

LAWS = "/urzad/gmina/przepisy"


def set_law(client: FlaskClient, **more: str) -> TestResponse:
    sent = {
        "procedure": "spatial_plan",
        "demand": "remarks.days",
        "number": "28",
        "valid_from": day(0),
        "source": "ustawa, art. 8g, tekst z 1 września 2026 r.",
        "verified": "y",
        **more,
    }
    return client.post(LAWS, data=sent)


def test_a_number_that_the_office_compared_stops_publication(
    app: Flask, world: SimpleNamespace
) -> None:
    administrator = make.client(app, signed_in=make.staff(app, world.tenant, Role.ADMINISTRATOR))
    draft(world, "plan", **{"phases-0-last": day(21)})
    assert "trwa za krótko" not in must(preview(world))

    assert set_law(administrator).status_code == 303

    assert "tekst z 1 września 2026 r." in must(preview(world))
    assert "tekst z 1 września 2026 r." in administrator.get(LAWS).text
    # Taken back: the same day, and nobody compared it.
    assert set_law(administrator, verified="").status_code == 303
    assert "trwa za krótko" not in must(preview(world))
    with app.app_context():
        own = select(LegalRule).where(LegalRule.tenant_id == world.tenant)
        assert len(db.session.scalars(own).all()) == 1


def test_a_former_rule_holds_until_the_new_one_begins(app: Flask, world: SimpleNamespace) -> None:
    administrator = make.client(app, signed_in=make.staff(app, world.tenant, Role.ADMINISTRATOR))
    set_law(administrator, number="30", valid_from=day(-100))
    set_law(administrator, number="40", valid_from=day(100))

    assert "Uwagi co najmniej 30 dni" in world.desk.get(f"{DESK}/nowe").text


@pytest.mark.first_on_both
@pytest.mark.parametrize(
    "wrong",
    [
        {"number": ""},
        {"number": "-1"},
        {"number": "4000"},
        {"number": "dużo"},
        {"source": ""},
        {"valid_from": "dziś"},
        {"procedure": "referendum"},
        {"demand": "forms"},
    ],
)
def test_a_rule_without_number_or_source_is_refused(
    app: Flask, world: SimpleNamespace, wrong: dict[str, str]
) -> None:
    administrator = make.client(app, signed_in=make.staff(app, world.tenant, Role.ADMINISTRATOR))

    assert set_law(administrator, **wrong).status_code == 422
    assert set_law(world.desk).status_code == 403
