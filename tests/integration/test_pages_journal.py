"""The reading room of the audit."""

from __future__ import annotations

from flask import Flask

from deliberate.audit import entries as audit
from deliberate.kernel import clock
from deliberate.kernel.actor import Actor, Role
from deliberate.kernel.db import transaction
from tests import make
from tests.sql import counted

UNIT = "Biuro Partycypacji"


def record(app: Flask, tenant: int, *acts: tuple[str, str], person: int, **detail: str) -> None:
    actor = Actor(person_id=person, tenant_id=tenant)
    with app.app_context(), transaction():
        for action, subject in acts:
            audit.record(action, subject, actor=actor, at=clock.now(), capacity=UNIT, **detail)


def journal(app: Flask, tenant: int, query: str = "") -> str:
    client = make.client(app, signed_in=make.staff(app, tenant, Role.AUDITOR))
    answer = client.get(f"/urzad/dziennik{query}")
    assert answer.status_code == 200
    return answer.text


def test_an_act_is_said_in_words_with_who_and_about_what(app: Flask, tenant: int) -> None:
    consultation = make.consultation(app, tenant, title="Plac Targowy")
    bozena = make.person(app, name="Bożena W.")
    record(app, tenant, ("consultation.published", f"consultation:{consultation}"), person=bozena)

    text = journal(app, tenant)

    assert "Bożena W." in text
    assert UNIT in text
    assert "ogłoszenie konsultacji" in text
    assert ">Plac Targowy</a>" in text


def test_details_stay_inside(app: Flask, tenant: int) -> None:
    act = ("residence.refused", "residence:1")
    record(app, tenant, act, person=make.person(app), reason="Kanarek: adres sąsiadki")

    assert "Kanarek" not in journal(app, tenant)


def test_of_a_hidden_thing_there_is_neither_title_nor_link(app: Flask, tenant: int) -> None:
    consultation = make.consultation(app, tenant)
    proposal = make.proposal(app, tenant, consultation, title="Kanarek w tytule")
    record(app, tenant, ("moderation.hidden", f"proposal:{proposal}"), person=make.person(app))
    assert "Kanarek w tytule" in journal(app, tenant)

    make.hidden(app, "proposal", proposal)
    text = journal(app, tenant)

    assert "Kanarek w tytule" not in text
    assert f"propozycja nr {proposal}" in text


def test_another_municipality_has_a_journal_of_its_own(app: Flask, tenant: int) -> None:
    other = make.municipality(app, slug="inna", name="Inna")
    somebody = make.person(app, name="Obca O.")
    record(app, other, ("unit.added", "org_unit:1"), person=somebody)

    text = journal(app, tenant)

    assert "Obca O." not in text
    assert "Dziennik jest pusty" in text


def test_fifty_entries_a_page_newest_first_and_the_last_page_holds_the_rest(
    app: Flask, tenant: int
) -> None:
    acts = [("unit.added", f"org_unit:{1000 + n}") for n in range(51)]
    record(app, tenant, *acts, person=make.person(app))

    first, last = journal(app, tenant), journal(app, tenant, "?strona=99")

    assert first.count('role="rowheader"') == 50
    assert first.index("1050") < first.index("1001")
    assert " 1000<" not in first
    assert last.count('role="rowheader"') == 1
    assert " 1000<" in last


def test_refusals_are_there_for_the_auditor(app: Flask, tenant: int) -> None:
    nosy = make.person(app, name="Ciekawska C.")
    client = make.client(app, signed_in=nosy)
    client.get("/urzad/dziennik")
    client.get("/urzad/dziennik")

    text = journal(app, tenant)

    refusals = text.partition('id="refusals"')[2]
    assert "Ciekawska C." in refusals
    assert "pages.journal" in refusals
    assert '<td role="cell" data-l="Ile razy" class="r">2</td>' in refusals


def test_the_page_takes_twelve_queries_whatever_it_shows(app: Flask, tenant: int) -> None:
    consultation = make.consultation(app, tenant)
    proposals = [make.proposal(app, tenant, consultation) for _ in range(10)]
    person = make.person(app)
    acts = [("moderation.hidden", f"proposal:{each}") for each in proposals]
    record(
        app, tenant, ("consultation.saved", f"consultation:{consultation}"), *acts, person=person
    )
    client = make.client(app, signed_in=make.staff(app, tenant, Role.AUDITOR))

    with counted(app) as statements:
        client.get("/urzad/dziennik")

    assert len(statements) <= 12, statements
