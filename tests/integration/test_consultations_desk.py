"""The officer's way: four cards, six fields, a preview, a second person; then changes in public."""

from __future__ import annotations

import io
from datetime import date, datetime, time, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from deliberate.answers.models import Answer
from deliberate.approvals.models import Approval
from deliberate.audit.models import AuditEntry
from deliberate.authorship.models import Translation
from deliberate.consultations.models import (
    Announcement,
    ChangeNotice,
    Consultation,
    SlugRedirect,
)
from deliberate.consultations.states import State
from deliberate.discussion.models import Thread
from deliberate.kernel import clock
from deliberate.kernel.actor import Role
from deliberate.kernel.db import db, transaction, writer
from deliberate.kernel.models import Outbox, StoredFile, Task
from deliberate.notifications.models import OneLetter
from deliberate.subjects.gate import Activity
from deliberate.tenancy.models import LegalRule
from tests import make

DESK = "/urzad/konsultacje"
REASON = "Sala na spotkanie była zajęta, przenosimy je."
LONG_AFTER = "2028-01-31"


@pytest.fixture
def world(app: Flask) -> SimpleNamespace:
    return city(app)


def city(app: Flask) -> SimpleNamespace:
    """A city with an officer, somebody who approves and somebody who hears appeals."""
    tenant = make.municipality(app)
    officer = make.staff(app, tenant, Role.OFFICER)
    return SimpleNamespace(
        tenant=tenant,
        officer=officer,
        approver=make.staff(app, tenant, Role.APPROVER),
        reviewer=make.staff(app, tenant, Role.REVIEWER),
        desk=make.client(app, signed_in=officer),
    )


def today() -> date:
    return clock.local(clock.now()).date()


def day(offset: int) -> str:
    return (today() + timedelta(days=offset)).isoformat()


def fields(world: SimpleNamespace, **more: Any) -> dict[str, Any]:
    """Return what a browser sends from the form that is filled in well."""
    sent: dict[str, Any] = {
        "revision": "0",
        "title": "Plac Targowy: jak ma wyglądać?",
        "summary": "Wymieniamy kanalizację pod placem.",
        "can_change": "- zieleń i cień",
        "cannot_change": "- termin wymiany",
        "area_id": "0",
        "phases-0-title": "Zbieramy propozycje",
        "phases-0-first": day(1),
        "phases-0-last": day(28),
        "phases-0-opens": ["propose", "support", "discuss"],
        "effect": "advises",
        "decided_by": "Rada Miasta",
        "answer_due": day(60),
        "unit_id": "0",
        "organisation_id": "0",
        "appeal_person_id": str(world.reviewer),
        "contact": "Biuro Partycypacji",
        "propose_needs": "declared",
        "support_needs": "declared",
        "discuss_needs": "email",
        "vote_needs": "declared",
        "picture": "",
    }
    return {**sent, **more}


def drafted(world: SimpleNamespace, **more: Any) -> TestResponse:
    answer: TestResponse = world.desk.post(f"{DESK}/nowe/pomysly", data=fields(world, **more))
    return answer


def row(app: Flask, slug: str = "plac-targowy-jak-ma-wygladac") -> Consultation:
    with app.app_context():
        found = db.session.scalars(select(Consultation).where(Consultation.slug == slug)).one()
        _ = found.phases  # loaded while there is a session
        return found


def ask(world: SimpleNamespace, slug: str = "plac-targowy-jak-ma-wygladac") -> TestResponse:
    answer: TestResponse = world.desk.post(
        f"{DESK}/{slug}/zatwierdzenie", data={"asked_of": world.approver, "note": ""}
    )
    return answer


def token(app: Flask) -> str:
    with app.app_context():
        found = db.session.scalars(select(Approval.token).order_by(Approval.id.desc())).first()
        assert found is not None
        return found


def approve(app: Flask, person: int) -> TestResponse:
    answer: TestResponse = make.client(app, signed_in=person).post(
        f"/zatwierdzanie/{token(app)}/zgoda"
    )
    return answer


def published(app: Flask, world: SimpleNamespace) -> None:
    drafted(world)
    ask(world)
    assert approve(app, world.approver).status_code == 303


# A draft.


def test_four_cards_lead_to_the_forms(world: SimpleNamespace) -> None:
    page = world.desk.get(f"{DESK}/nowe").text

    for words in ("Zapytać o zdanie", "Zebrać uwagi", "Zebrać pomysły", "Powtórzyć poprzednie"):
        assert words in page


@pytest.mark.first_on_both
@pytest.mark.parametrize("name", ["zdanie", "dokument", "pomysly"])
def test_the_form_comes_with_dates_from_tomorrow(world: SimpleNamespace, name: str) -> None:
    page = world.desk.get(f"{DESK}/nowe/{name}").text

    assert f'value="{day(1)}"' in page
    assert "rozmowa@lubowierz.example" in page
    assert "uchwała nr XXI/214" in page


def test_an_unknown_template_is_not_there(world: SimpleNamespace) -> None:
    assert world.desk.get(f"{DESK}/nowe/cokolwiek").status_code == 404


def test_a_draft_is_saved_and_previewed(app: Flask, world: SimpleNamespace) -> None:
    answer = drafted(world)

    assert answer.status_code == 303
    assert answer.headers["Location"].endswith("/plac-targowy-jak-ma-wygladac/podglad")
    made = row(app)
    assert (made.state, made.created_by, made.published_at) == (State.DRAFT, world.officer, None)
    phase = made.phases[0]
    assert phase.starts_at == clock.start_of_day(today() + timedelta(days=1))
    assert phase.ends_at == clock.end_of_day(today() + timedelta(days=28))
    assert phase.activities == "propose,support,discuss"
    preview = world.desk.get(f"{DESK}/{made.slug}/podglad").text
    assert "Wyślij do zatwierdzenia" in preview
    assert "Wszystko jest." in preview


@pytest.mark.first_on_both
@pytest.mark.parametrize(
    "broken",
    [
        {"title": ""},
        {"title": "x" * 121},
        {"title": "\u202e \x00"},
        {"summary": "x" * 6001},
        {"area_id": "999999"},
        {"area_id": "abc"},
        {"unit_id": "-1"},
        {"effect": "obeys"},
        {"phases-0-first": "31.02.2026"},
        {"phases-0-first": "0001-01-01"},
        {"phases-0-last": ""},
        {"phases-0-last": "2020-01-01"},
        {"phases-0-opens": ["hack"]},
        {"phases-0-title": "x" * 121},
        {"sign_video_url": "javascript:alert(1)"},
        {"sign_video_url": "http://film.example/pjm"},
        {"appeal_person_id": "1000000"},
        {"propose_needs": "anything"},
        {"topics": ["nieznany"]},
        {"revision": "x"},
    ],
)
def test_a_wrong_field_is_named_and_the_rest_is_kept(
    app: Flask, world: SimpleNamespace, broken: dict[str, Any]
) -> None:
    answer = drafted(world, **{"cannot_change": "- to, co wpisane", **broken})

    assert answer.status_code == 422
    assert "Do poprawy:" in answer.text
    assert "- to, co wpisane" in answer.text
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Consultation)) == 0


def test_ids_of_another_municipality_are_no_choice(app: Flask, world: SimpleNamespace) -> None:
    other = make.municipality(app, slug="wrzosowiany", name="Wrzosowiany")
    foreign = {
        "area_id": make.area(app, other),
        "unit_id": make.unit(app, other),
        "appeal_person_id": make.staff(app, other, Role.REVIEWER),
    }

    for name, value in foreign.items():
        assert drafted(world, **{name: str(value)}).status_code == 422


def test_a_row_is_added_without_a_script_and_nothing_is_lost(
    app: Flask, world: SimpleNamespace
) -> None:
    answer = drafted(world, more="phase")

    assert answer.status_code == 200
    assert "phases-1-title" in answer.text
    assert "Plac Targowy: jak ma wyglądać?" in answer.text
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Consultation)) == 0


def test_an_upload_outlives_a_mistake_elsewhere(app: Flask, world: SimpleNamespace) -> None:
    pdf = (io.BytesIO(b"%PDF-1.7\nplan"), "plan.pdf")
    first = world.desk.post(
        f"{DESK}/nowe/pomysly",
        data=fields(world, title="", upload=pdf, file_alt="Plan placu"),
        content_type="multipart/form-data",
    )
    assert first.status_code == 422
    assert "Mamy już plik: plan.pdf" in first.text
    with app.app_context():
        kept = db.session.scalars(select(StoredFile.token)).one()
    assert kept in first.text

    assert drafted(world, file_token=kept, file_alt="Plan placu").status_code == 303

    with app.app_context():
        file = db.session.scalars(select(StoredFile)).one()
        assert (file.subject_kind, file.alt) == ("consultation", "Plan placu")


def test_a_wrong_file_is_refused_at_its_field(app: Flask, world: SimpleNamespace) -> None:
    svg = (io.BytesIO(b"<svg onload='alert(1)'/>"), "plan.svg")

    answer = world.desk.post(
        f"{DESK}/nowe/pomysly", data=fields(world, upload=svg), content_type="multipart/form-data"
    )

    assert answer.status_code == 422
    assert "Takiego pliku nie przyjmujemy." in answer.text
    assert "Wymieniamy kanalizację pod placem." in answer.text


def test_a_file_needs_words_for_those_who_do_not_see_it(world: SimpleNamespace) -> None:
    pdf = (io.BytesIO(b"%PDF-1.7\nplan"), "plan.pdf")

    answer = world.desk.post(
        f"{DESK}/nowe/pomysly", data=fields(world, upload=pdf), content_type="multipart/form-data"
    )

    assert answer.status_code == 422
    assert "ktoś może go nie widzieć" in answer.text


def test_the_same_title_gets_another_address(app: Flask, world: SimpleNamespace) -> None:
    drafted(world)
    drafted(world)
    drafted(world, title="Nowe")

    with app.app_context():
        slugs = set(db.session.scalars(select(Consultation.slug)))
    assert slugs == {
        "plac-targowy-jak-ma-wygladac",
        "plac-targowy-jak-ma-wygladac-2",
        "nowe-2",  # /urzad/konsultacje/nowe is ours
    }


def test_two_tabs_do_not_overwrite_each_other(app: Flask, world: SimpleNamespace) -> None:
    drafted(world)
    url = f"{DESK}/plac-targowy-jak-ma-wygladac"
    first = world.desk.post(url, data=fields(world, revision="1", summary="Z pierwszej karty."))
    assert first.status_code == 303

    second = world.desk.post(url, data=fields(world, revision="1", summary="Z drugiej karty."))

    assert second.status_code == 409
    assert "w międzyczasie" in second.text
    assert "Z drugiej karty." in second.text
    assert row(app).summary == "Z pierwszej karty."


def test_a_photograph_is_the_picture_until_a_drawn_one_takes_its_place(
    app: Flask, world: SimpleNamespace
) -> None:
    photo = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(photo, "PNG")
    photo.seek(0)
    world.desk.post(
        f"{DESK}/nowe/pomysly",
        data=fields(world, upload=(photo, "plac.png"), file_alt="Plac z lotu ptaka"),
        content_type="multipart/form-data",
    )
    made = row(app)
    assert len(made.picture) > 30
    assert made.picture_alt == "Plac z lotu ptaka"
    url = f"{DESK}/{made.slug}"

    world.desk.post(url, data=fields(world, revision="1"))
    assert row(app).picture == made.picture
    world.desk.post(url, data=fields(world, revision="2", picture="square"))
    assert (row(app).picture, row(app).picture_alt) == ("square", "")
    world.desk.post(url, data=fields(world, revision="3"))
    assert row(app).picture == ""


def test_a_file_of_a_draft_can_be_removed(app: Flask, world: SimpleNamespace) -> None:
    pdf = (io.BytesIO(b"%PDF-1.7\nplan"), "plan.pdf")
    world.desk.post(
        f"{DESK}/nowe/pomysly",
        data=fields(world, upload=pdf, file_alt="Plan"),
        content_type="multipart/form-data",
    )
    with app.app_context():
        kept = db.session.scalars(select(StoredFile.token)).one()
    url = f"{DESK}/plac-targowy-jak-ma-wygladac/pliki"

    assert world.desk.post(f"{url}/cudzy/usuniecie").status_code == 404
    assert world.desk.post(f"{url}/{kept}/usuniecie").status_code == 303

    with app.app_context():
        assert db.session.scalars(select(StoredFile.subject_id)).one() is None


# Who may.


@pytest.mark.first_on_both
@pytest.mark.parametrize("role", [None, Role.FACILITATOR, Role.APPROVER, Role.AUDITOR])
def test_only_officers_write(app: Flask, world: SimpleNamespace, role: Role | None) -> None:
    drafted(world)
    person = make.person(app) if role is None else make.staff(app, world.tenant, role)
    client = make.client(app, signed_in=person)

    for path in ("nowe", "nowe/pomysly", "plac-targowy-jak-ma-wygladac"):
        answer = client.get(f"{DESK}/{path}")
        assert answer.status_code == 403
    sent = client.post(f"{DESK}/plac-targowy-jak-ma-wygladac", data=fields(world, revision="1"))
    assert sent.status_code == 403
    assert row(app).revision == 1


def test_nobody_signed_out_sees_the_desk(app: Flask, world: SimpleNamespace) -> None:
    drafted(world)
    client = make.client(app)

    for path in ("", "/nowe", "/plac-targowy-jak-ma-wygladac/podglad"):
        assert client.get(f"{DESK}{path}").status_code in (302, 401)


def test_an_officer_elsewhere_finds_nothing(app: Flask, world: SimpleNamespace) -> None:
    drafted(world)
    other = make.municipality(app, slug="wrzosowiany", name="Wrzosowiany")
    officer = make.staff(app, other, Role.OFFICER)
    client = make.client(app, slug="wrzosowiany")
    make.sign_in(app, client, officer, slug="wrzosowiany")

    for path in ("", "/podglad", "/prowadzenie", "/tlumaczenia/en"):
        assert client.get(f"{DESK}/plac-targowy-jak-ma-wygladac{path}").status_code == 404


# Two persons.


def test_what_is_missing_is_named_and_nothing_is_sent(app: Flask, world: SimpleNamespace) -> None:
    drafted(world, answer_due="", contact="", can_change="", cannot_change="")
    preview = world.desk.get(f"{DESK}/plac-targowy-jak-ma-wygladac/podglad").text
    assert preview.count('<li class="no">') == 3
    assert "Potem jeszcze: 1" in preview

    answer = ask(world)

    assert answer.status_code == 409
    assert row(app).state == State.DRAFT


def test_asking_sends_one_letter_and_shows_whom(app: Flask, world: SimpleNamespace) -> None:
    drafted(world)

    assert ask(world).status_code == 303

    assert row(app).state == State.AWAITING_APPROVAL
    with app.app_context():
        letters = db.session.scalars(select(Outbox)).all()
        assert [letter.person_id for letter in letters] == [world.approver]
        assert f"/zatwierdzanie/{token(app)}" in letters[0].body
    preview = world.desk.get(f"{DESK}/plac-targowy-jak-ma-wygladac/podglad").text
    assert "Tę czynność zatwierdza druga osoba. Poproszono:" in preview
    assert "Approver P." in preview


def test_a_second_person_publishes(app: Flask, world: SimpleNamespace) -> None:
    make.add(
        app,
        OneLetter(
            tenant_id=world.tenant,
            email="kto@poczta.example",
            about="next_consultation",
            locale="pl",
            asked_at=clock.now(),
        ),
    )

    published(app, world)

    made = row(app)
    assert made.state == State.PUBLISHED
    assert made.published_at is not None
    assert make.client(app).get(f"/konsultacje/{made.slug}").status_code == 200
    with app.app_context():
        thread = db.session.scalars(select(Thread)).one()
        assert (thread.subject_kind, thread.subject_id) == ("consultation", made.id)
        acts = set(db.session.scalars(select(AuditEntry.action)))
        assert {"consultation.drafted", "consultation.published", "approval.given"} <= acts
        assert "notifications.one_letters" in set(db.session.scalars(select(Task.kind)))


def test_the_asker_cannot_approve_whatever_they_send(app: Flask, world: SimpleNamespace) -> None:
    make.membership(app, world.tenant, world.officer, Role.APPROVER)
    drafted(world)
    own = world.desk.post(
        f"{DESK}/plac-targowy-jak-ma-wygladac/zatwierdzenie", data={"asked_of": world.officer}
    )
    assert own.status_code == 422  # is not among those to choose from
    ask(world)

    assert approve(app, world.officer).status_code == 409

    assert row(app).state == State.AWAITING_APPROVAL


def test_a_stranger_cannot_be_asked(app: Flask, world: SimpleNamespace) -> None:
    drafted(world)
    for person in (make.person(app), world.reviewer, 10**6, "x"):
        answer = world.desk.post(
            f"{DESK}/plac-targowy-jak-ma-wygladac/zatwierdzenie", data={"asked_of": person}
        )
        assert answer.status_code == 422


def test_no_field_of_the_form_publishes(app: Flask, world: SimpleNamespace) -> None:
    drafted(world, state="published", published_at="2026-01-01", created_by="1")

    assert row(app).state == State.DRAFT
    step = world.desk.post(
        f"{DESK}/plac-targowy-jak-ma-wygladac/stan/wznowienie", data={"step-reason": REASON}
    )
    assert step.status_code == 404
    assert row(app).state == State.DRAFT


def test_what_changed_after_asking_is_not_published(app: Flask, world: SimpleNamespace) -> None:
    drafted(world)
    ask(world)
    with app.app_context(), transaction():
        made = db.session.scalars(select(Consultation)).one()
        made.phases[0].title = "Coś innego"

    assert approve(app, world.approver).status_code == 409
    assert row(app).state == State.AWAITING_APPROVAL


def test_saving_takes_the_request_back(app: Flask, world: SimpleNamespace) -> None:
    drafted(world)
    ask(world)

    world.desk.post(
        f"{DESK}/plac-targowy-jak-ma-wygladac",
        data=fields(world, revision="1", summary="Inaczej."),
    )

    assert row(app).state == State.DRAFT
    assert approve(app, world.approver).status_code == 409


def test_the_asker_takes_the_request_back(app: Flask, world: SimpleNamespace) -> None:
    drafted(world)
    ask(world)

    world.desk.post(f"{DESK}/plac-targowy-jak-ma-wygladac/zatwierdzenie/wycofanie")

    assert row(app).state == State.DRAFT


def test_days_that_passed_since_asking_stop_publication(app: Flask, world: SimpleNamespace) -> None:
    drafted(world, **{"phases-0-first": day(0)})
    with app.app_context(), transaction():
        made = db.session.scalars(select(Consultation)).one()
        made.phases[0].starts_at = clock.now() - timedelta(days=3)
    assert ask(world).status_code == 409


def test_a_request_sent_back_shows_its_reason(app: Flask, world: SimpleNamespace) -> None:
    drafted(world)
    ask(world)
    back = make.client(app, signed_in=world.approver).post(
        f"/zatwierdzanie/{token(app)}/odeslanie", data={"reason": "Brakuje kosztu przebudowy."}
    )
    assert back.status_code == 303

    page = world.desk.get(f"{DESK}/plac-targowy-jak-ma-wygladac").text

    assert "Odesłano do poprawy" in page
    assert "Brakuje kosztu przebudowy." in page


def test_a_document_waits_for_its_legal_days(app: Flask, world: SimpleNamespace) -> None:
    rule = LegalRule(
        key="consultation.remarks.days",
        value="35",
        unit="days",
        source="uchwała nr 7, § 3",
        verified=True,
        valid_from=date(2020, 1, 1),
    )
    make.add(app, rule)
    pdf = (io.BytesIO(b"%PDF-1.7\nplan"), "plan.pdf")
    sent = fields(world, upload=pdf, file_alt="Projekt", **{"phases-0-opens": ["remark"]})
    world.desk.post(f"{DESK}/nowe/dokument", data=sent, content_type="multipart/form-data")

    preview = world.desk.get(f"{DESK}/plac-targowy-jak-ma-wygladac/podglad").text

    assert "Dni: 28, wymagane co najmniej: 35." in preview
    assert "uchwała nr 7, § 3" in preview
    assert ask(world).status_code == 409


# After publication.


def slug_url(part: str) -> str:
    return f"{DESK}/plac-targowy-jak-ma-wygladac/{part}"


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


def corrected(app: Flask, **more: str) -> dict[str, str]:
    made = row(app)
    return {
        "correction-revision": str(made.revision),
        "correction-title": made.title,
        "correction-summary": made.summary,
        "correction-can_change": made.can_change,
        "correction-cannot_change": made.cannot_change,
        "correction-easy_text": "",
        "correction-contact": made.contact,
        "correction-reason": "Literówka w słowie kanalizacja.",
        **more,
    }


def test_a_correction_of_typing_is_listed(app: Flask, world: SimpleNamespace) -> None:
    published(app, world)

    answer = world.desk.post(
        slug_url("sprostowanie"),
        data=corrected(app, **{"correction-summary": "Wymieniamy kanalizację."}),
    )

    assert answer.status_code == 303
    page = make.client(app).get("/konsultacje/plac-targowy-jak-ma-wygladac/zmiany").text
    assert "O co chodzi – poprawka pisowni" in page
    assert "Literówka w słowie kanalizacja." in page


def test_two_tabs_do_not_correct_over_each_other(app: Flask, world: SimpleNamespace) -> None:
    published(app, world)
    stale = corrected(app, **{"correction-title": "Plac Targowy: z drugiej karty?"})
    world.desk.post(
        slug_url("sprostowanie"), data=corrected(app, **{"correction-contact": "Pokój 12"})
    )

    answer = world.desk.post(slug_url("sprostowanie"), data=stale)

    assert answer.status_code == 409
    assert "z drugiej karty" in answer.text
    assert row(app).title == "Plac Targowy: jak ma wyglądać?"


def test_suspending_resuming_and_cancelling_give_their_reasons(
    app: Flask, world: SimpleNamespace
) -> None:
    published(app, world)

    def step(name: str, reason: str = REASON) -> int:
        answer: TestResponse = world.desk.post(
            slug_url(f"stan/{name}"), data={"step-reason": reason}
        )
        return answer.status_code

    assert step("wznowienie") == 409
    assert step("wstrzymanie", "krótko") == 422
    assert step("wstrzymanie") == 303
    assert row(app).state == State.SUSPENDED
    assert REASON in make.client(app).get("/konsultacje/plac-targowy-jak-ma-wygladac").text
    assert step("wznowienie") == 303
    assert (row(app).state, row(app).closing_reason) == (State.PUBLISHED, "")
    assert step("odwolanie") == 303
    assert row(app).state == State.CANCELLED
    assert step("wznowienie") == 409
    assert step("usuniecie") == 404
    assert step("archiwum") == 303
    assert (row(app).state, row(app).closing_reason) == (State.ARCHIVED, REASON)
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(ChangeNotice)) == 4


def test_a_new_address_leaves_the_old_one_working(app: Flask, world: SimpleNamespace) -> None:
    published(app, world)

    assert world.desk.post(slug_url("adres"), data={"slug": "Plac Targowy"}).status_code == 303

    with app.app_context():
        assert db.session.scalars(select(SlugRedirect.slug)).one() == "plac-targowy-jak-ma-wygladac"
    answer = make.client(app).get("/konsultacje/plac-targowy-jak-ma-wygladac")
    assert answer.status_code == 301
    # A former address is never given to another consultation.
    drafted(world)
    with app.app_context():
        slugs = set(db.session.scalars(select(Consultation.slug)))
    assert slugs == {"plac-targowy", "plac-targowy-jak-ma-wygladac-2"}


def test_a_translation_is_kept_and_can_be_emptied(app: Flask, world: SimpleNamespace) -> None:
    drafted(world)
    url = slug_url("tlumaczenia/en")
    sent = {"title": "What should the square be like?", "summary": "We replace the sewers."}

    assert world.desk.post(url, data=sent).status_code == 303
    assert "We replace the sewers." in world.desk.get(url).text
    world.desk.post(url, data={**sent, "summary": ""})

    with app.app_context():
        kept = db.session.scalars(select(Translation.field)).all()
    assert kept == ["title"]
    assert world.desk.get(slug_url("tlumaczenia/pl")).status_code == 404
    assert world.desk.get(slug_url("tlumaczenia/de")).status_code == 404


def test_a_file_added_later_is_listed_as_a_change(app: Flask, world: SimpleNamespace) -> None:
    published(app, world)
    pdf = (io.BytesIO(b"%PDF-1.7\nplan"), "plan.pdf")

    answer = world.desk.post(
        slug_url("pliki"),
        data={"upload": pdf, "file_alt": "Rzut placu"},
        content_type="multipart/form-data",
    )

    assert answer.status_code == 303
    public = make.client(app)
    assert "Rzut placu" in public.get("/konsultacje/plac-targowy-jak-ma-wygladac").text
    assert "Rzut placu" in public.get("/konsultacje/plac-targowy-jak-ma-wygladac/zmiany").text


def test_a_file_without_words_is_kept_for_the_second_try(
    app: Flask, world: SimpleNamespace
) -> None:
    published(app, world)
    pdf = (io.BytesIO(b"%PDF-1.7\nplan"), "plan.pdf")

    answer = world.desk.post(
        slug_url("pliki"), data={"upload": pdf}, content_type="multipart/form-data"
    )

    assert answer.status_code == 422
    assert "Mamy już plik: plan.pdf" in answer.text


def test_a_consultation_is_repeated_a_year_later_on_the_same_weekdays(
    app: Flask, world: SimpleNamespace
) -> None:
    drafted(
        world,
        case_number="BP.0530.1",
        responsible_person="Bożena W.",
        forms=["survey", "study_walk"],
    )
    ask(world)
    assert approve(app, world.approver).status_code == 303
    world.desk.post(slug_url("ogloszenia/press"), data={"press-planned_on": day(1)})
    world.desk.post(
        slug_url("ogloszenia/board"), data={"board-done_on": day(0), "board-words": "przy wejściu"}
    )

    answer = world.desk.post(slug_url("powtorzenie"))

    assert answer.status_code == 303
    copy = row(app, "plac-targowy-jak-ma-wygladac-2")
    former = row(app)
    assert (copy.state, copy.repeats_id, copy.summary) == (State.DRAFT, former.id, former.summary)
    first = clock.local(copy.phases[0].starts_at).date()
    before = clock.local(former.phases[0].starts_at).date()
    assert first.weekday() == before.weekday()
    assert abs((first - before).days - 365) <= 4
    assert copy.phases[0].ends_at == clock.end_of_day(first + timedelta(days=27))
    assert (copy.planned_forms, copy.responsible_person) == ("study_walk,survey", "Bożena W.")
    assert copy.case_number == ""
    with app.app_context():
        rows = db.session.scalars(
            select(Announcement)
            .where(Announcement.consultation_id == copy.id)
            .order_by(Announcement.channel)
        )
        planned = [(each.channel, each.planned_on, each.done_on, each.words) for each in rows]
    assert planned == [("board", first, None, ""), ("press", first, None, "")]


def test_the_desk_lists_drafts_and_what_runs(app: Flask, world: SimpleNamespace) -> None:
    drafted(world)
    make.consultation(app, world.tenant, opens=[Activity.DISCUSS])

    page = world.desk.get(DESK).text

    assert "Plac Targowy: jak ma wyglądać?" in page
    assert "szkic" in page
    assert "Trwają" in page


def client_of(app: Flask, person: int) -> FlaskClient:
    return make.client(app, signed_in=person)


def test_an_approver_previews_a_draft(app: Flask, world: SimpleNamespace) -> None:
    drafted(world)
    ask(world)
    approver = client_of(app, world.approver)

    assert "Tak to zobaczą ludzie" in approver.get(slug_url("podglad")).text
    page = approver.get(f"/zatwierdzanie/{token(app)}").text
    assert "Wymieniamy kanalizację pod placem." in page
    assert "Zatwierdzam" in page


# The end.


def ended(app: Flask, world: SimpleNamespace) -> int:
    consultation = make.consultation(
        app, world.tenant, began=40, days_left=-10, opens=[Activity.PROPOSE]
    )
    return make.proposal(app, world.tenant, consultation)


def answered(app: Flask, world: SimpleNamespace, proposal: int) -> None:
    with app.app_context():
        parent = db.session.scalars(select(Consultation.id)).one()
    row_ = Answer(
        tenant_id=world.tenant,
        consultation_id=parent,
        subject_kind="proposal",
        subject_id=proposal,
        position="accepted",
        justification="Ławki staną przy fontannie, bo tam jest najwięcej cienia.",
        signed_as="Urząd Miasta Lubowierz",
        saved_at=clock.now(),
    )
    make.add(app, row_)


def test_the_end_waits_for_every_answer_and_lists_what_lacks(
    app: Flask, world: SimpleNamespace
) -> None:
    ended(app, world)
    approver = make.client(app, signed_in=world.approver)

    page = approver.get(f"{DESK}/rynek/zakonczenie").text
    assert "Bez stanowiska urzędu: 1" in page
    assert "Ławki na rynku" in page
    assert "Ogłoś odpowiedzi i zakończ" not in page
    assert approver.post(f"{DESK}/rynek/zakonczenie").status_code == 409
    assert row(app, "rynek").state == State.PUBLISHED


def test_the_approver_ends_it_and_the_answers_come_out(app: Flask, world: SimpleNamespace) -> None:
    answered(app, world, ended(app, world))
    assert world.desk.post(f"{DESK}/rynek/zakonczenie").status_code == 403  # the officer

    answer = make.client(app, signed_in=world.approver).post(f"{DESK}/rynek/zakonczenie")

    assert answer.status_code == 303
    assert row(app, "rynek").state == State.ANSWERED
    with app.app_context():
        assert db.session.scalars(select(Answer.published_at)).one() is not None
    public = make.client(app).get("/konsultacje/rynek").text
    assert "Jest odpowiedź urzędu." in public
    assert "Co z tego wynikło" in public


def test_what_still_runs_is_not_ended(app: Flask, world: SimpleNamespace) -> None:
    make.consultation(app, world.tenant)

    answer = make.client(app, signed_in=world.approver).post(f"{DESK}/rynek/zakonczenie")

    assert answer.status_code == 409
