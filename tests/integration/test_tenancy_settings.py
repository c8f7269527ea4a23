"""What an administrator sets for the municipality, and what the record keeps of it."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from deliberate.audit.models import AuditDetail, AuditEntry
from deliberate.kernel.actor import Role
from deliberate.kernel.db import db
from deliberate.tenancy.models import Area, DiscussionRules, Municipality, OrgUnit
from tests import make
from tests.sql import counted

CONTACT = {
    "office_name": "Urząd Miasta w Lubowierzu",
    "office_address": "plac Ratuszowy 1, 00-001 Lubowierz",
    "office_phone": "(00) 123 45 67",
    "office_email": "rozmowa@lubowierz.example",
}


@pytest.fixture
def world(app: Flask) -> SimpleNamespace:
    tenant = make.municipality(app)
    administrator = make.staff(app, tenant, Role.ADMINISTRATOR)
    return SimpleNamespace(
        tenant=tenant, client=make.client(app, signed_in=administrator), person=administrator
    )


def municipality(app: Flask, world: SimpleNamespace) -> Municipality:
    with app.app_context():
        return db.session.get_one(Municipality, world.tenant)


def details(app: Flask) -> list[tuple[str, dict[str, object]]]:
    with app.app_context():
        rows = db.session.execute(
            select(AuditEntry.action, AuditDetail.body).join(AuditDetail).order_by(AuditEntry.seq)
        )
        return [(action, json.loads(body or "{}")) for action, body in rows]


def test_a_change_is_kept_and_recorded_with_old_and_new(app: Flask, world: SimpleNamespace) -> None:
    assert world.client.post("/urzad/gmina/kontakt", data=CONTACT).status_code == 303

    assert municipality(app, world).office_phone == "(00) 123 45 67"
    ((action, detail),) = details(app)
    assert action == "municipality.changed"
    assert detail["old"]["office_phone"] == "(00) 123 45 00"  # type: ignore[index]
    assert detail["new"]["office_phone"] == "(00) 123 45 67"  # type: ignore[index]
    assert "office_email" not in detail["new"]  # type: ignore[operator]


def test_saving_what_is_there_records_nothing(app: Flask, world: SimpleNamespace) -> None:
    world.client.post("/urzad/gmina/kontakt", data=CONTACT)
    world.client.post("/urzad/gmina/kontakt", data=CONTACT)

    assert len(details(app)) == 1


def test_a_form_sets_its_own_columns_and_no_other(app: Flask, world: SimpleNamespace) -> None:
    extra = {**CONTACT, "slug": "inny", "host": "zly.example", "version": "999", "id": "7"}
    world.client.post("/urzad/gmina/kontakt", data=extra)

    row = municipality(app, world)
    assert (row.slug, row.host, row.id) == ("lubowierz", "lubowierz.example", world.tenant)


@pytest.mark.first_on_both
@pytest.mark.parametrize(
    "change",
    [
        {"office_email": "nie adres"},
        {"office_name": ""},
        {"office_phone": "1" * 41},
        {"office_name": "\x00\u202e"},
    ],
)
def test_what_cannot_be_right_comes_back(
    app: Flask, world: SimpleNamespace, change: dict[str, str]
) -> None:
    answer = world.client.post("/urzad/gmina/kontakt", data={**CONTACT, **change})

    assert answer.status_code == 422
    assert "plac Ratuszowy 1, 00-001 Lubowierz" in answer.text
    assert details(app) == []


@pytest.mark.first_on_both
@pytest.mark.parametrize("section", ["nazwy", "kontakt", "praktyka", "barwy"])
def test_each_section_opens_filled_in_and_saves_as_it_is(
    app: Flask, world: SimpleNamespace, section: str
) -> None:
    page = world.client.get(f"/urzad/gmina/{section}")
    assert page.status_code == 200
    if section == "nazwy":
        assert 'value="w Lubowierzu"' in page.text
    if section == "praktyka":
        assert page.text.count(" checked") == 3


def test_polish_is_always_among_the_languages(app: Flask, world: SimpleNamespace) -> None:
    data = {"legal_basis": "uchwała nr XXI/214", "languages": ["uk"]}
    assert world.client.post("/urzad/gmina/praktyka", data=data).status_code == 303

    assert municipality(app, world).languages == "pl,uk"
    wrong = {**data, "languages": ["de"]}
    assert world.client.post("/urzad/gmina/praktyka", data=wrong).status_code == 422


def test_a_colour_that_cannot_be_read_is_refused_with_its_ratio(
    app: Flask, world: SimpleNamespace
) -> None:
    answer = world.client.post("/urzad/gmina/barwy", data={"brand": "#ffcc00", "accent": ""})

    assert answer.status_code == 422
    assert "1,29 : 1" in answer.text
    assert 'value="#ffcc00"' in answer.text
    assert municipality(app, world).brand is None
    for wrong in ("red", "#fff", "#0f5257}body{", "javascript:x"):
        assert world.client.post("/urzad/gmina/barwy", data={"brand": wrong}).status_code == 422


def test_colours_are_served_as_a_sheet_that_may_be_kept(app: Flask, world: SimpleNamespace) -> None:
    visitor = make.client(app)
    assert visitor.get("/barwy.css").text == ""

    data = {"brand": "#0A4A6E", "accent": "#8a1c4b"}
    assert world.client.post("/urzad/gmina/barwy", data=data).status_code == 303

    sheet = visitor.get("/barwy.css?v=0a4a6e8a1c4b")
    assert sheet.content_type.startswith("text/css")
    assert "--brand: light-dark(#0a4a6e, #" in sheet.text
    assert "immutable" in sheet.headers["Cache-Control"]
    assert visitor.get("/barwy.css?v=stare").headers["Cache-Control"] == "no-cache"
    assert "Set-Cookie" not in sheet.headers


def test_areas_are_added_renamed_and_put_in_order(app: Flask, world: SimpleNamespace) -> None:
    path = "/urzad/gmina/czesci"
    for name, position in (("Zatorze", "2"), ("Łęgi", "1")):
        data = {"name": name, "kind": "osiedle", "residents": "4840", "position": position}
        assert world.client.post(path, data=data).status_code == 303
    page = world.client.get(path).text
    assert page.index(">Łęgi<") < page.index(">Zatorze<")
    assert "Suma się nie zgadza" in page

    with app.app_context():
        row = db.session.scalars(select(Area).where(Area.slug == "legi")).one()
    data = {"name": "Łęgi Nowe", "kind": "osiedle", "residents": "", "position": "1"}
    assert world.client.post(f"{path}/{row.id}", data=data).status_code == 303
    with app.app_context():
        renamed = db.session.get_one(Area, row.id)
    assert (renamed.name, renamed.slug, renamed.residents) == ("Łęgi Nowe", "legi", None)
    assert "sumy nie liczymy" in world.client.get(path).text
    assert [action for action, _ in details(app)] == ["area.added", "area.added", "area.changed"]


def test_two_areas_of_one_name_have_two_addresses(app: Flask, world: SimpleNamespace) -> None:
    for _ in range(2):
        world.client.post("/urzad/gmina/czesci", data={"name": "Borek", "kind": "osiedle"})

    with app.app_context():
        assert set(db.session.scalars(select(Area.slug))) == {"borek", "borek-2"}


def test_an_area_cannot_lie_in_itself_or_abroad(app: Flask, world: SimpleNamespace) -> None:
    upper = make.area(app, world.tenant, name="Góra")
    lower = make.area(app, world.tenant, name="Dół")
    there = make.municipality(app, slug="wrzosowiany", name="Wrzosowiany")
    foreign = make.area(app, there, name="Obca")
    data = {"name": "x y", "kind": "osiedle"}

    def put(area: int, parent: int) -> int:
        answer = world.client.post(
            f"/urzad/gmina/czesci/{area}", data={**data, "parent_id": str(parent)}
        )
        return int(answer.status_code)

    assert put(lower, upper) == 303
    assert put(upper, lower) == 409
    assert put(upper, upper) == 422
    assert put(upper, foreign) == 422
    assert put(foreign, upper) == 404


@pytest.mark.first_on_both
@pytest.mark.parametrize(
    "change", [{"residents": "-1"}, {"residents": "dużo"}, {"residents": "9" * 30}, {"name": "x"}]
)
def test_an_area_has_a_name_and_a_number(
    app: Flask, world: SimpleNamespace, change: dict[str, str]
) -> None:
    data = {"name": "Borek", "kind": "osiedle", "residents": "120", **change}

    assert world.client.post("/urzad/gmina/czesci", data=data).status_code == 422


def test_units_have_names_of_their_own(app: Flask, world: SimpleNamespace) -> None:
    path = "/urzad/gmina/wydzialy"
    for name in ("Wydział Zieleni", "Wydział Edukacji"):
        assert world.client.post(path, data={"name": name}).status_code == 303
    assert world.client.post(path, data={"name": "Wydział Zieleni"}).status_code == 409
    with app.app_context():
        row = db.session.scalars(select(OrgUnit).where(OrgUnit.name == "Wydział Edukacji")).one()

    assert (
        world.client.post(f"{path}/{row.id}", data={"name": "Wydział Zieleni"}).status_code == 409
    )
    assert world.client.post(f"{path}/{row.id}", data={"name": "Wydział Szkół"}).status_code == 303
    assert "Wydział Szkół" in world.client.get(path).text


def test_new_rules_are_a_new_version(app: Flask, world: SimpleNamespace) -> None:
    path = "/urzad/gmina/zasady"
    typed = "1. Mówimy o sprawie.\n2. Bez gróźb.\n3. Podajemy źródło."
    assert world.client.post(path, data={"text": typed}).status_code == 303
    assert world.client.post(path, data={"text": typed}).status_code == 409
    assert world.client.post(path, data={"text": "Bądźmy mili."}).status_code == 422

    with app.app_context():
        rows = db.session.scalars(select(DiscussionRules).order_by(DiscussionRules.version)).all()
    assert [row.version for row in rows] == [1, 2]
    assert rows[1].text == "Mówimy o sprawie.\nBez gróźb.\nPodajemy źródło."
    assert rows[0].text == make.RULES


@pytest.mark.first_on_both
@pytest.mark.parametrize("role", [Role.OFFICER, Role.APPROVER, Role.FACILITATOR, Role.AUDITOR])
def test_settings_need_the_role(app: Flask, world: SimpleNamespace, role: Role) -> None:
    client: FlaskClient = make.client(app, signed_in=make.staff(app, world.tenant, role))
    for path in ("", "/kontakt", "/czesci", "/wydzialy", "/zasady"):
        answer = client.get(f"/urzad/gmina{path}")
        assert answer.status_code == 403
        assert "administracja portalu" in answer.text
        if path:
            assert client.post(f"/urzad/gmina{path}", data=CONTACT).status_code == 403
    assert make.client(app).get("/urzad/gmina").status_code == 401


def test_the_settings_change_only_their_own_municipality(
    app: Flask, world: SimpleNamespace
) -> None:
    there = make.municipality(app, slug="wrzosowiany", name="Wrzosowiany")
    stranger = make.client(app, slug="wrzosowiany", signed_in=world.person, second_factor=True)

    assert stranger.post("/urzad/gmina/kontakt", data=CONTACT).status_code == 403
    with app.app_context():
        assert db.session.get_one(Municipality, there).office_phone == "(00) 123 45 00"


def test_the_overview_asks_little(app: Flask, world: SimpleNamespace) -> None:
    with counted(app) as found:
        assert world.client.get("/urzad/gmina").status_code == 200
    assert len(found) <= 12
