"""Organisations: signed up by their people, verified by the office, heard in their own name."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from deliberate.accounts.models import Person
from deliberate.audit.models import AuditEntry
from deliberate.authorship.capacities import find_voice, list_voices
from deliberate.authorship.models import Capacity
from deliberate.discussion.models import Contribution
from deliberate.kernel.actor import Role
from deliberate.kernel.db import db, transaction
from deliberate.kernel.models import Outbox
from deliberate.organisations import personal
from deliberate.organisations.models import Organisation, OrganisationMember
from deliberate.proposals.models import Proposal
from deliberate.subjects.states import ContentState
from deliberate.tenancy.models import Municipality
from deliberate.topics import actions as topics
from tests import make
from tests.sql import counted

ENTRY = {
    "name": "Fundacja Most Sąsiedzki",
    "kind": "foundation",
    "register": "krs",
    "number": "0009990002",
    "seat": "Lubowierz",
    "about": "Pomagamy się poznać.",
    "function": "prezeska",
    "topics": ["wolontariat", "migracja-i-integracja"],
}
SLUG = "fundacja-most-sasiedzki"


@pytest.fixture
def world(app: Flask) -> SimpleNamespace:
    tenant = make.municipality(app)
    with app.app_context(), transaction():
        topics.install_topics()
    return SimpleNamespace(
        tenant=tenant,
        officer=make.staff(app, tenant, Role.OFFICER),
        founder=make.person(app, resident_of=tenant),
    )


def browser(app: Flask, person: int | None = None, slug: str = "lubowierz") -> FlaskClient:
    return make.client(app, slug=slug, signed_in=person)


def sign_up(app: Flask, person: int, **change: object) -> int:
    return browser(app, person).post("/organizacje/nowa", data={**ENTRY, **change}).status_code


def organisation(app: Flask, slug: str = SLUG) -> Organisation:
    with app.app_context():
        return db.session.scalars(select(Organisation).where(Organisation.slug == slug)).one()


def voices(app: Flask, tenant: int, person: int) -> list[str]:
    with app.test_request_context():
        place, row = db.session.get_one(Municipality, tenant), db.session.get_one(Person, person)
        return [voice.label for voice in list_voices(place, row)]


def test_an_organisation_waits_unseen_until_the_office_verifies_it(
    app: Flask, world: SimpleNamespace
) -> None:
    assert sign_up(app, world.founder) == 303
    visitor, officer = browser(app), browser(app, world.officer)
    assert visitor.get(f"/organizacje/{SLUG}").status_code == 404
    assert "Most Sąsiedzki" not in visitor.get("/organizacje").text
    assert "Czeka na sprawdzenie" in browser(app, world.founder).get(f"/organizacje/{SLUG}").text
    assert voices(app, world.tenant, world.founder)[1:] == []

    assert "Most Sąsiedzki" in officer.get("/urzad/organizacje").text
    assert officer.post(f"/urzad/organizacje/{SLUG}/potwierdzenie").status_code == 303

    assert "Most Sąsiedzki" in visitor.get("/organizacje").text
    page = visitor.get(f"/organizacje/{SLUG}").text
    assert "0009990002" in page
    assert "wolontariat" in page
    assert voices(app, world.tenant, world.founder)[1:] == ["Fundacja Most Sąsiedzki"]
    with app.app_context():
        entry = db.session.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.actor) == ("organisation.verified", f"person:{world.officer}")


def test_a_refusal_has_a_reason_and_can_be_mended(app: Flask, world: SimpleNamespace) -> None:
    sign_up(app, world.founder)
    officer, founder = browser(app, world.officer), browser(app, world.founder)
    refuse = f"/urzad/organizacje/{SLUG}/odmowa"

    assert officer.post(refuse, data={"reason": "nie"}).status_code == 422
    reason = "Numer KRS należy do innej organizacji."
    assert officer.post(refuse, data={"reason": reason}).status_code == 303
    assert reason in founder.get(f"/organizacje/{SLUG}").text

    mended = {**ENTRY, "number": "0009990003"}
    assert founder.post(f"/organizacje/{SLUG}/zmiana", data=mended).status_code == 303
    row = organisation(app)
    assert (row.register_number, row.refused_reason) == ("0009990003", None)


@pytest.mark.first_on_both
@pytest.mark.parametrize(
    "change",
    [
        {"number": "123"},
        {"number": ""},
        {"name": ""},
        {"name": "x" * 161},
        {"kind": "company"},
        {"register": "none"},
        {"topics": ["polityka"]},
        {"function": ""},
    ],
)
def test_what_cannot_be_right_comes_back_with_what_was_typed(
    app: Flask, world: SimpleNamespace, change: dict[str, object]
) -> None:
    client = browser(app, world.founder)

    answer = client.post("/organizacje/nowa", data={**ENTRY, **change})

    assert answer.status_code == 422
    assert "Pomagamy się poznać." in answer.text
    with app.app_context():
        assert db.session.scalars(select(Organisation)).all() == []


def test_a_form_sent_twice_enters_one_and_a_name_may_be_had_by_two(
    app: Flask, world: SimpleNamespace
) -> None:
    assert sign_up(app, world.founder) == 303
    assert sign_up(app, world.founder) == 409
    assert sign_up(app, make.person(app), name="Nowa") == 303
    assert sign_up(app, make.person(app)) == 303

    assert organisation(app, f"{SLUG}-2").name == organisation(app).name
    assert organisation(app, "nowa-2").name == "Nowa"


def test_one_number_is_verified_once(app: Flask, world: SimpleNamespace) -> None:
    sign_up(app, world.founder)
    sign_up(app, make.person(app))
    officer = browser(app, world.officer)
    officer.post(f"/urzad/organizacje/{SLUG}/potwierdzenie")

    assert officer.post(f"/urzad/organizacje/{SLUG}-2/potwierdzenie").status_code == 409
    assert "ma już sprawdzona organizacja" in officer.get(f"/urzad/organizacje/{SLUG}-2").text


def test_nobody_verifies_their_own_organisation(app: Flask, world: SimpleNamespace) -> None:
    sign_up(app, world.officer)
    officer = browser(app, world.officer)

    assert "sprawdza ją inna osoba" in officer.get(f"/urzad/organizacje/{SLUG}").text
    assert officer.post(f"/urzad/organizacje/{SLUG}/potwierdzenie").status_code == 409


def test_a_verified_organisation_changes_its_words_not_its_number(
    app: Flask, world: SimpleNamespace
) -> None:
    organisation_id = make.organisation(app, world.tenant, member=world.founder)
    with app.app_context():
        verified = db.session.get_one(Organisation, organisation_id)
    slug, number = verified.slug, verified.register_number
    client = browser(app, world.founder)
    assert 'name="number"' not in client.get(f"/organizacje/{slug}/zmiana").text

    data = {**ENTRY, "about": "Nowy opis.", "topics": ["wolontariat"]}
    assert client.post(f"/organizacje/{slug}/zmiana", data=data).status_code == 303

    row = organisation(app, slug)
    assert (row.about, row.register_number) == ("Nowy opis.", number)


def invite(app: Flask, world: SimpleNamespace, email: str) -> str:
    client = browser(app, world.founder)
    data = {"email": email, "function": "wolontariusz"}
    assert client.post(f"/organizacje/{SLUG}/osoby", data=data).status_code == 303
    with app.app_context():
        body = db.session.scalars(select(Outbox.body).order_by(Outbox.id.desc())).first()
    found = re.search(r"/g/lubowierz(/organizacje/\S+/zaproszenie/\S+)", body or "")
    assert found is not None
    return found[1]


def test_a_member_invites_and_the_invited_accepts(app: Flask, world: SimpleNamespace) -> None:
    sign_up(app, world.founder)
    link = invite(app, world, "Jan@poczta.example")
    invited, other = make.person(app, email="jan@poczta.example"), make.person(app)

    assert browser(app).get(link).status_code == 401
    assert "inny adres" in browser(app, other).get(link).text
    assert browser(app, other).post(link).status_code == 409
    assert browser(app, invited).post(link).status_code == 303
    assert browser(app, invited).post(link).status_code == 409
    assert "wolontariusz" in browser(app, invited).get(f"/organizacje/{SLUG}/osoby").text


def test_who_left_is_out_at_once_and_an_old_link_does_not_let_back(
    app: Flask, world: SimpleNamespace
) -> None:
    sign_up(app, world.founder)
    browser(app, world.officer).post(f"/urzad/organizacje/{SLUG}/potwierdzenie")
    link = invite(app, world, "jan@poczta.example")
    invited = make.person(app, email="jan@poczta.example")
    client = browser(app, invited)
    client.post(link)
    key = f"organisation:{organisation(app).id}"

    assert client.post(f"/organizacje/{SLUG}/osoby/{world.founder}/odejscie").status_code == 409
    founder = browser(app, world.founder)
    assert founder.post(f"/organizacje/{SLUG}/osoby/{invited}/odejscie").status_code == 303

    assert client.get(f"/organizacje/{SLUG}/osoby").status_code == 404
    with app.test_request_context():
        place = db.session.get_one(Municipality, world.tenant)
        assert find_voice(place, db.session.get_one(Person, invited), key) is None
    assert client.post(link).status_code == 409
    assert client.post(invite(app, world, "jan@poczta.example")).status_code == 303


def test_a_link_that_was_touched_or_is_of_another_organisation_is_nothing(
    app: Flask, world: SimpleNamespace
) -> None:
    sign_up(app, world.founder)
    sign_up(app, world.founder, name="Klub", number="0009990009")
    link = invite(app, world, "jan@poczta.example")
    client = browser(app, make.person(app, email="jan@poczta.example"))

    assert client.post(f"{link}x").status_code == 404
    assert client.post(link.replace(SLUG, "klub")).status_code == 404
    assert client.get(link).status_code == 200


def test_inner_pages_are_for_members_only(app: Flask, world: SimpleNamespace) -> None:
    sign_up(app, world.founder)
    for path in ("zmiana", "osoby"):
        assert browser(app).get(f"/organizacje/{SLUG}/{path}").status_code == 401
        page = browser(app, world.officer).get(f"/organizacje/{SLUG}/{path}")
        assert page.status_code == 404
    there = make.municipality(app, slug="wrzosowiany", name="Wrzosowiany")
    foreign = make.staff(app, there, Role.OFFICER)
    client = browser(app, foreign, slug="wrzosowiany")
    assert client.post(f"/urzad/organizacje/{SLUG}/potwierdzenie").status_code == 404
    assert client.get(f"/urzad/organizacje/{SLUG}").status_code == 404
    facilitator = make.staff(app, world.tenant, Role.FACILITATOR)
    assert browser(app, facilitator).get("/urzad/organizacje").status_code == 403


def test_bodies_of_the_municipality_speak_in_their_capacity(
    app: Flask, world: SimpleNamespace
) -> None:
    make.organisation(
        app, world.tenant, name="Rada Miasta", kind="city_council", member=world.founder
    )
    make.organisation(app, world.tenant, name="Klub", member=world.founder, verified=False)

    assert voices(app, world.tenant, world.founder)[1:] == ["prezeska, Rada Miasta"]


def test_the_list_is_paged_and_asks_the_same_for_many(app: Flask, world: SimpleNamespace) -> None:
    def statements() -> int:
        browser(app).get("/organizacje")  # the municipality is read anew after a change
        with counted(app) as found:
            assert browser(app).get("/organizacje").status_code == 200
        return len(found)

    make.organisation(app, world.tenant)
    few = statements()
    for number in range(25):
        make.organisation(app, world.tenant, name=f"Koło {number:02}")
    assert statements() == few <= 8
    assert "Koło 24" in browser(app).get("/organizacje?strona=2").text
    assert "Koło 24" in browser(app).get("/organizacje?strona=99").text
    assert browser(app).get("/organizacje?strona=x").status_code == 200


@pytest.mark.parametrize("text", ["<script>x()</script>", '"><img src=x onerror=x()>'])
def test_what_people_write_is_shown_as_text(app: Flask, world: SimpleNamespace, text: str) -> None:
    sign_up(app, world.founder, name=f"Klub {text}", seat=text, about=text, function=text)
    with app.app_context():
        slug = db.session.scalars(select(Organisation.slug)).one()
    officer = browser(app, world.officer)
    pages = [officer.get("/urzad/organizacje").text, officer.get(f"/urzad/organizacje/{slug}").text]
    officer.post(f"/urzad/organizacje/{slug}/potwierdzenie")
    founder = browser(app, world.founder)
    public = (f"/organizacje/{slug}", f"/organizacje/{slug}/osoby", "/organizacje")
    pages += [founder.get(path).text for path in public]

    assert all(text not in page for page in pages)


def test_a_person_sees_their_organisations_and_leaves_them_with_the_account(
    app: Flask, world: SimpleNamespace
) -> None:
    make.organisation(app, world.tenant, member=world.founder)
    with app.app_context():
        person = db.session.get_one(Person, world.founder)
        assert [row["function"] for row in personal.my_organisations(person)] == ["prezeska"]
        with transaction():
            personal.forget_person(world.founder)
        assert db.session.scalars(select(OrganisationMember)).all() == []


def test_too_many_invitations_are_stopped(app: Flask, world: SimpleNamespace) -> None:
    sign_up(app, world.founder)
    client = browser(app, world.founder)
    answers = [
        client.post(
            f"/organizacje/{SLUG}/osoby", data={"email": f"a{n}@x.example", "function": "ktoś"}
        ).status_code
        for n in range(21)
    ]

    assert answers == [303] * 20 + [429]


def test_a_page_shows_what_was_said_in_its_name_and_is_shown(
    app: Flask, world: SimpleNamespace
) -> None:
    made = make.organisation(app, world.tenant)
    consultation = make.consultation(app, world.tenant)
    seen = make.proposal(app, world.tenant, consultation, title="Ławki w cieniu")
    hidden = make.proposal(app, world.tenant, consultation, title="Słowo ukryte")
    make.proposal(app, world.tenant, consultation, title="Cudza sprawa")
    with app.app_context():
        thread = db.session.get_one(Proposal, seen).thread_id
    assert thread is not None
    said = make.contribution(app, world.tenant, thread, body="Popieramy drzewa w gruncie.")
    led = make.contribution(app, world.tenant, thread, body="Proszę podać źródło.")
    with app.app_context(), transaction():
        for row in (db.session.get_one(Proposal, seen), db.session.get_one(Proposal, hidden)):
            row.organisation_id = made
        db.session.get_one(Proposal, hidden).content_state = ContentState.HIDDEN
        for key, capacity in ((said, Capacity.ORGANISATION), (led, Capacity.FACILITATOR)):
            contribution = db.session.get_one(Contribution, key)
            contribution.organisation_id, contribution.capacity = made, capacity
        slug = db.session.get_one(Organisation, made).slug

    page = browser(app).get(f"/organizacje/{slug}").text

    assert "Ławki w cieniu" in page
    assert "Popieramy drzewa w gruncie." in page
    for other in ("Słowo ukryte", "Cudza sprawa", "Proszę podać źródło."):
        assert other not in page
    with counted(app) as found:
        browser(app).get(f"/organizacje/{slug}")
    assert len(found) <= 8
