"""Voices, drafts, versions and names, on the database."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from deliberate.accounts import closing, mydata
from deliberate.accounts.models import Form, Person, Residence, ResidenceState
from deliberate.authorship import drafts, versions
from deliberate.authorship.capacities import find_voice, list_voices
from deliberate.authorship.models import Capacity, Draft
from deliberate.kernel import clock, retention
from deliberate.kernel.actor import Role
from deliberate.kernel.db import db, transaction
from deliberate.tenancy.models import Municipality
from tests import make


def voices(
    app: Flask, tenant: int, person: int, consultation: int | None = None
) -> list[tuple[Capacity, str]]:
    with app.app_context():
        here, who = db.session.get_one(Municipality, tenant), db.session.get_one(Person, person)
        found = list_voices(here, who, consultation_id=consultation)
        return [(voice.capacity, voice.label) for voice in found]


# In whose name.


def test_who_declared_an_area_speaks_from_there(app: Flask, tenant: int) -> None:
    person = make.person(app, resident_of=tenant)
    area = make.area(app, tenant)
    with app.app_context(), transaction():
        db.session.scalars(select(Residence)).one().area_id = area
        db.session.get_one(Person, person).form = Form.FEMININE

    assert voices(app, tenant, person) == [(Capacity.RESIDENT, "mieszkanka, Nadrzecze")]


def test_who_has_not_declared_anything_is_a_guest(app: Flask, tenant: int) -> None:
    elsewhere = make.municipality(app, slug="wrzosowiany", name="Wrzosowiany")
    person = make.person(app, resident_of=elsewhere)

    assert voices(app, tenant, person) == [(Capacity.GUEST, "gościnnie")]


def test_who_was_refused_is_a_guest(app: Flask, tenant: int) -> None:
    person = make.person(app, resident_of=tenant)
    with app.app_context(), transaction():
        row = db.session.scalars(select(Residence)).one()
        row.state, row.reason = ResidenceState.REFUSED, "Adres jest w innej gminie."

    assert voices(app, tenant, person) == [(Capacity.GUEST, "gościnnie")]


def test_officer_may_speak_for_the_office_and_nobody_else_may(app: Flask, tenant: int) -> None:
    officer = make.staff(app, tenant, Role.OFFICER, unit=make.unit(app, tenant))
    approver = make.staff(app, tenant, Role.APPROVER)

    assert (Capacity.OFFICE, "Urząd Miasta Lubowierz, Wydział Inwestycji") in voices(
        app, tenant, officer
    )
    assert [capacity for capacity, _ in voices(app, tenant, approver)] == [Capacity.GUEST]


def test_a_role_in_one_consultation_is_a_voice_there_only(app: Flask, tenant: int) -> None:
    here = make.consultation(app, tenant)
    there = make.consultation(app, tenant, slug="inne")
    person = make.staff(app, tenant, Role.FACILITATOR, consultation=here)
    voice = (Capacity.FACILITATOR, "osoba prowadząca rozmowę")

    assert voice in voices(app, tenant, person, here)
    assert voice not in voices(app, tenant, person, there)
    assert voice not in voices(app, tenant, person)


def test_a_role_that_ended_is_no_voice(app: Flask, tenant: int) -> None:
    officer = make.staff(app, tenant, Role.OFFICER)
    with app.app_context(), transaction():
        from deliberate.accounts.models import Membership

        db.session.scalars(select(Membership)).one().ends_at = clock.now()

    assert [capacity for capacity, _ in voices(app, tenant, officer)] == [Capacity.GUEST]


def test_a_key_that_is_not_theirs_is_no_voice(app: Flask, tenant: int) -> None:
    officer = make.staff(app, tenant, Role.OFFICER)
    person = make.person(app, resident_of=tenant)
    with app.app_context():
        here = db.session.get_one(Municipality, tenant)
        key = next(
            voice.key
            for voice in list_voices(here, db.session.get_one(Person, officer))
            if voice.capacity is Capacity.OFFICE
        )

        assert find_voice(here, db.session.get_one(Person, officer), key)
        assert find_voice(here, db.session.get_one(Person, person), key) is None
        assert find_voice(here, db.session.get_one(Person, person), "") is None


# Drafts.


def test_a_draft_is_replaced_found_and_dropped(app: Flask, tenant: int) -> None:
    person, now = make.person(app), clock.now()
    with app.app_context():
        for title in ("Ławka", "Ławki"):
            with transaction():
                drafts.save(tenant, person, "proposal", "consultation:1", {"title": title}, at=now)
        kept = drafts.find(tenant, person, "proposal", "consultation:1")
        assert kept == {"title": "Ławki"}
        assert drafts.find(tenant, person + 1, "proposal", "consultation:1") is None
        assert drafts.find(tenant + 1, person, "proposal", "consultation:1") is None
        assert len(mydata.collect(db.session.get_one(Person, person))["drafts"]) == 1
        with transaction():
            drafts.drop(tenant, person, "proposal", "consultation:1")
        assert drafts.find(tenant, person, "proposal", "consultation:1") is None


def test_a_draft_nobody_came_back_to_goes_after_180_days(app: Flask, tenant: int) -> None:
    person, now = make.person(app), clock.now()
    with app.app_context():
        for place, days in (("consultation:1", 179), ("consultation:2", 181)):
            with transaction():
                drafts.save(tenant, person, "proposal", place, {}, at=now - timedelta(days=days))
        due = {found.rule.key: found.count for found in retention.preview(now)}
        with transaction():
            assert drafts.forget_old(now) == 1

        assert due["drafts"] == 1
        assert [row.place for row in db.session.scalars(select(Draft))] == ["consultation:1"]


# Names.


def test_a_closed_account_leaves_versions_without_a_name_and_no_drafts(
    app: Flask, tenant: int
) -> None:
    person, other, now = make.person(app), make.person(app, name="Ola"), clock.now()
    with app.app_context():
        with transaction():
            drafts.save(tenant, person, "proposal", "consultation:1", {}, at=now)
            versions.save(tenant, "proposal", 1, 1, {"title": "A"}, person, "Halina K.", now)
            versions.save(tenant, "proposal", 1, 2, {"title": "B"}, other, "Ola", now, "Literówka")
        with transaction():
            closing.run(person)
        kept = versions.list_versions(tenant, "proposal", 1)

        assert [(v.no, v.author_label) for v in kept] == [(2, "Ola"), (1, "konto usunięte")]
        assert versions.fields_of(kept[0]) == {"title": "B"}
        assert versions.list_versions(tenant + 1, "proposal", 1) == []
        assert drafts.find(tenant, person, "proposal", "consultation:1") is None
