"""What everyone reads: the list, a consultation in each of its states, its addresses, its dates."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from flask import Flask

from deliberate.authorship.models import Translation
from deliberate.consultations import queries
from deliberate.consultations.models import ChangeNotice, Consultation, SlugRedirect
from deliberate.consultations.states import State
from deliberate.kernel import clock, texts
from deliberate.kernel.actor import Role
from deliberate.kernel.db import db, transaction
from deliberate.subjects.gate import Activity, gate
from tests import make

CANARY = "Kanarek w szkicu"


@pytest.fixture
def lubowierz(app: Flask) -> int:
    return make.municipality(app)


def change(app: Flask, consultation: int, **columns: object) -> None:
    with app.app_context(), transaction():
        row = db.session.get_one(Consultation, consultation)
        for name, value in columns.items():
            setattr(row, name, value)


def test_a_running_consultation_says_what_stage_it_is_and_until_when(
    app: Flask, lubowierz: int
) -> None:
    make.consultation(app, lubowierz)

    page = make.client(app).get("/konsultacje/rynek").text

    assert "zbieramy propozycje" in page
    assert "zostało 19" in page
    assert "Zieleń i\u00a0cień." in page
    assert "Terminu wymiany kanalizacji." in page
    assert "Wynik jest opinią. Decyzję podejmie Rada Miasta i ją uzasadni." in page


@pytest.mark.first_on_both
@pytest.mark.parametrize(
    ("language", "before"), [("pl", "Zaczynamy "), ("en", "We begin "), ("uk", "Починаємо ")]
)
@pytest.mark.parametrize("ahead", range(1, 8))
def test_whatever_the_day_of_the_week_the_beginning_is_said_right(
    app: Flask, lubowierz: int, language: str, before: str, ahead: int
) -> None:
    """The weekday needs a case of its own, and its preposition, after these words."""
    make.consultation(app, lubowierz, began=-ahead, days_left=30)
    today = clock.local(clock.now()).date()
    begins = clock.local(clock.now() + timedelta(days=ahead)).date()
    visitor = make.client(app)
    visitor.set_cookie("jezyk", language)

    pages = [
        visitor.get(path).text.replace("&nbsp;", "\u00a0")
        for path in ("/konsultacje/rynek", "/konsultacje/rynek/propozycje/nowa")
    ]

    when = texts.day_when(begins, language, today=today)
    assert f"{before}{when}:" in pages[0]
    if language == "pl":
        assert f"Zacznie się {when}." in pages[1]


def test_the_list_shows_what_runs_and_what_does_not(app: Flask, lubowierz: int) -> None:
    make.consultation(app, lubowierz, slug="trwa", title="To trwa?")
    make.consultation(app, lubowierz, slug="bedzie", title="To będzie?", began=-3, days_left=9)
    make.consultation(app, lubowierz, slug="bylo", title="To było?", began=30, days_left=-5)

    page = make.client(app).get("/konsultacje").text

    running, rest = page.split("Zaczną się niedługo")
    assert "To trwa?" in running
    assert "To będzie?" in rest.split("Czekają na odpowiedź urzędu")[0]
    assert "To było?" in rest.split("Czekają na odpowiedź urzędu")[1]


def test_an_empty_list_names_the_next_one_and_offers_one_letter(app: Flask, lubowierz: int) -> None:
    make.consultation(app, lubowierz, title="To będzie?", began=-3, days_left=9)

    page = make.client(app).get("/konsultacje").text

    assert "Teraz nie ma otwartych konsultacji" in page
    assert "Następne: „To będzie?”" in page
    assert "/jeden-list" in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("szukaj=SWIETLICA", True),  # neither case nor Polish letters matter
        ("szukaj=świetlica+remont", True),
        ("szukaj=plac", False),
        ("etap=trwaja", True),
        ("etap=czekaja", False),
        ("etap=nonsens", True),
        ("miejsce=abc", True),
        ("miejsce=999999", False),
        ("temat=nieznany", False),
        ("strona=-1", True),
        ("szukaj=%00%F0%9F%98%80", False),
    ],
)
def test_the_list_is_narrowed(app: Flask, lubowierz: int, query: str, found: bool) -> None:
    make.consultation(app, lubowierz, title="Świetlica: remont czy nowe miejsce?")

    answer = make.client(app).get(f"/konsultacje?{query}")

    assert answer.status_code == 200
    assert ("Świetlica: remont" in answer.text) is found


def test_a_draft_is_on_no_surface(app: Flask, lubowierz: int) -> None:
    for state in (State.DRAFT, State.AWAITING_APPROVAL):
        make.consultation(app, lubowierz, slug=f"szkic-{state[:3]}", title=CANARY, state=state)
    resident = make.person(app, resident_of=lubowierz)

    for client in (make.client(app), make.client(app, signed_in=resident)):
        assert CANARY not in client.get("/konsultacje").text
        assert CANARY not in client.get("/konsultacje?szukaj=kanarek").text
        for slug in ("szkic-dra", "szkic-awa"):
            for part in ("", "/zmiany", "/prywatnosc", "/terminy.ics"):
                answer = client.get(f"/konsultacje/{slug}{part}")
                assert answer.status_code == 404
                assert CANARY not in answer.text


@pytest.mark.first_on_both
@pytest.mark.parametrize("role", [Role.OFFICER, Role.APPROVER, Role.AUDITOR])
def test_whoever_may_see_drafts_sees_one_with_a_banner(
    app: Flask, lubowierz: int, role: Role
) -> None:
    make.consultation(app, lubowierz, slug="szkic", title=CANARY, state=State.DRAFT)
    client = make.client(app, signed_in=make.staff(app, lubowierz, role))

    page = client.get("/konsultacje/szkic")

    assert page.status_code == 200
    assert "To jest szkic. Nie widzi go nikt poza urzędem." in page.text


def test_a_draft_of_another_consultation_stays_closed_to_a_scoped_role(
    app: Flask, lubowierz: int
) -> None:
    mine = make.consultation(app, lubowierz, slug="moja", state=State.DRAFT)
    make.consultation(app, lubowierz, slug="cudza", title=CANARY, state=State.DRAFT)
    officer = make.staff(app, lubowierz, Role.OFFICER, consultation=mine)
    client = make.client(app, signed_in=officer)

    assert client.get("/konsultacje/moja").status_code == 200
    assert client.get("/konsultacje/cudza").status_code == 404


def test_another_municipality_answers_as_if_it_were_not_there(app: Flask, lubowierz: int) -> None:
    make.municipality(app, slug="wrzosowiany", name="Wrzosowiany")
    make.consultation(app, lubowierz)
    elsewhere = make.client(app, slug="wrzosowiany")

    assert elsewhere.get("/konsultacje/rynek").status_code == 404
    assert "Rynek: jak ma wyglądać" not in elsewhere.get("/konsultacje").text


def test_a_former_address_leads_to_the_present_one(app: Flask, lubowierz: int) -> None:
    consultation = make.consultation(app, lubowierz)
    make.add(app, SlugRedirect(tenant_id=lubowierz, slug="stary", consultation_id=consultation))
    client = make.client(app)

    for path, target in (
        ("/konsultacje/stary", "/konsultacje/rynek"),
        ("/konsultacje/stary/zmiany", "/konsultacje/rynek/zmiany"),
        ("/konsultacje/stary?strona=2", "/konsultacje/rynek?strona=2"),
    ):
        answer = client.get(path)
        assert answer.status_code == 301
        assert answer.headers["Location"].endswith(target)


def test_a_former_address_of_a_draft_leads_nowhere(app: Flask, lubowierz: int) -> None:
    draft = make.consultation(app, lubowierz, slug="szkic", state=State.DRAFT)
    make.add(app, SlugRedirect(tenant_id=lubowierz, slug="stary", consultation_id=draft))

    assert make.client(app).get("/konsultacje/stary").status_code == 404


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (State.SUSPENDED, "Konsultacje wstrzymano"),
        (State.CANCELLED, "Konsultacje odwołano"),
    ],
)
def test_what_is_stopped_says_why(app: Flask, lubowierz: int, state: State, words: str) -> None:
    consultation = make.consultation(app, lubowierz, state=state)
    change(app, consultation, closing_reason="Wojewoda stwierdził nieważność uchwały.")

    page = make.client(app).get("/konsultacje/rynek").text

    assert words in page
    assert "Wojewoda stwierdził nieważność uchwały." in page
    assert "Zgłoś propozycję" not in page


def test_a_late_answer_is_counted_in_days(app: Flask, lubowierz: int) -> None:
    consultation = make.consultation(app, lubowierz, began=40, days_left=-20)
    due = clock.local(clock.now()).date() - timedelta(days=3)
    change(app, consultation, answer_due=due)

    page = make.client(app).get("/konsultacje/rynek").text

    assert "3 dni po terminie" in page


def test_an_answered_consultation_says_so(app: Flask, lubowierz: int) -> None:
    consultation = make.consultation(app, lubowierz, began=40, days_left=-20, state=State.ANSWERED)
    change(app, consultation, answered_at=clock.now(), answer_due=date(2026, 1, 1))

    page = make.client(app).get("/konsultacje/rynek").text

    assert "Jest odpowiedź urzędu." in page
    assert "po terminie" not in page


def test_a_missing_translation_is_shown_as_missing(app: Flask, lubowierz: int) -> None:
    consultation = make.consultation(app, lubowierz)
    translated = Translation(
        tenant_id=lubowierz,
        kind="consultation",
        subject_id=consultation,
        field="title",
        lang="uk",
        text="Площа: якою вона має бути?",
        at=clock.now(),
    )
    with app.app_context(), transaction():
        db.session.add(translated)
    client = make.client(app)
    client.set_cookie("jezyk", "uk")

    page = client.get("/konsultacje/rynek").text

    assert "Площа: якою вона має бути?" in page
    assert "Переклад готується" in page
    assert "W przyszłym roku wymieniamy" in page


def test_every_change_is_listed_with_its_reason(app: Flask, lubowierz: int) -> None:
    consultation = make.consultation(app, lubowierz)
    make.add(
        app,
        ChangeNotice(
            tenant_id=lubowierz,
            consultation_id=consultation,
            kind="typing",
            field="title",
            old="Rynke?",
            new="<b>Rynek?</b>",
            reason="Literówka w tytule konsultacji.",
            at=clock.now(),
        ),
    )

    page = make.client(app).get("/konsultacje/rynek/zmiany").text

    assert "Tytuł – poprawka pisowni" in page
    assert "Rynke?" in page
    assert "&lt;b&gt;Rynek?&lt;/b&gt;" in page
    assert "Literówka w tytule konsultacji." in page


def test_the_privacy_notice_follows_the_settings(app: Flask, lubowierz: int) -> None:
    make.consultation(app, lubowierz, slug="glos", opens=[Activity.VOTE])
    make.consultation(app, lubowierz, slug="info", opens=[Activity.INFORM])
    client = make.client(app)

    assert "Gdy głosujesz" in client.get("/konsultacje/glos/prywatnosc").text
    assert "Gdy głosujesz" not in client.get("/konsultacje/info/prywatnosc").text
    assert "Gdy coś piszesz" not in client.get("/konsultacje/glos/prywatnosc").text


def test_the_dates_come_as_a_calendar(app: Flask, lubowierz: int) -> None:
    make.consultation(app, lubowierz, title="Rynek, plac; i co dalej?")

    answer = make.client(app).get("/konsultacje/rynek/terminy.ics")

    assert answer.mimetype == "text/calendar"
    assert "SUMMARY:Rynek\\, plac\\; i co dalej? – Zbieramy propozycje" in answer.text
    assert answer.text.count("\r\n") == answer.text.count("\n")


def test_a_text_with_markup_stays_text(app: Flask, lubowierz: int) -> None:
    attack = "<script>alert(1)</script>"
    consultation = make.consultation(app, lubowierz, title=attack)
    change(
        app,
        consultation,
        summary=attack,
        can_change=attack,
        cannot_change=attack,
        easy_text=attack,
        contact=attack,
        legal_basis=attack,
        decided_by=attack,
        picture="../../secret",
    )
    client = make.client(app)

    for path in ("", "/rynek", "/rynek/prywatnosc", "/rynek/zmiany"):
        assert "<script>alert" not in client.get(f"/konsultacje{path}").text


def test_the_gate_follows_the_phase_and_the_state(app: Flask, lubowierz: int) -> None:
    consultation = make.consultation(app, lubowierz, opens=[Activity.DISCUSS])
    elsewhere = make.municipality(app, slug="wrzosowiany", name="Wrzosowiany")
    now = clock.now()

    def asked(activity: Activity, tenant: int = lubowierz, at: datetime = now) -> tuple[bool, bool]:
        with app.app_context():
            found = gate(tenant, consultation, activity, now=at)
            return found.is_open, found.stopped

    assert asked(Activity.DISCUSS) == (True, False)
    assert asked(Activity.VOTE) == (False, False)
    assert asked(Activity.DISCUSS, elsewhere) == (False, True)
    assert asked(Activity.DISCUSS, at=now + timedelta(days=40)) == (False, False)
    for state in (State.SUSPENDED,):
        change(app, consultation, state=state)
        assert asked(Activity.DISCUSS) == (False, True)


def test_loading_the_gate_of_a_loaded_consultation_costs_nothing(
    app: Flask, lubowierz: int
) -> None:
    from tests.sql import counted

    make.consultation(app, lubowierz)
    with app.test_request_context("/", environ_base={"deliberate.slug": "lubowierz"}):
        from deliberate.tenancy.queries import find_municipality

        tenant = find_municipality("lubowierz")
        assert tenant is not None
        consultation = queries.get_consultation(tenant, "rynek")
        with counted(app) as statements:
            gate(tenant.id, consultation.id, Activity.DISCUSS, now=clock.now())

    assert not statements
