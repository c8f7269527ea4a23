"""A facilitator decides: from the queue to the row, the letter, the trace and the journal."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from werkzeug.test import TestResponse

from deliberate.audit.models import AuditDetail, AuditEntry
from deliberate.discussion.models import Contribution
from deliberate.kernel import clock
from deliberate.kernel.actor import Role
from deliberate.kernel.db import db, transaction
from deliberate.kernel.models import Outbox
from deliberate.moderation import rules
from deliberate.moderation.models import Decision, Notice
from tests import make

WORDS = "Wszyscy wiedzą, że mieszkanie przy Łącznej 7 dostała pani Iksińska. Sprawdźcie."
PASSAGE = "mieszkanie przy Łącznej 7 dostała pani Iksińska"


@dataclass
class Case:
    """A contribution that somebody reported, and the desk of a facilitator."""

    app: Flask
    tenant: int
    consultation: int
    thread: int
    author: int
    said: int
    facilitator: int
    desk: FlaskClient

    @property
    def url(self) -> str:
        return f"/urzad/moderacja/contribution/{self.said}"

    def seen(self) -> str:
        row = self.row()
        return rules.fingerprint(row.content_state, row.body)

    def row(self) -> Contribution:
        with self.app.app_context():
            return db.session.get_one(Contribution, self.said)

    def hide(self, desk: FlaskClient | None = None, **form: object) -> TestResponse:
        data = {
            "quick": "personal_data",
            "passage": PASSAGE,
            "words": "",
            "rule": 4,
            "seen": self.seen(),
            "step": "decyzja",
            **form,
        }
        return (desk or self.desk).post(
            f"{self.url}/ukrycie",
            data={name: value for name, value in data.items() if value is not None},
        )

    def decisions(self) -> list[Decision]:
        with self.app.app_context():
            return list(db.session.scalars(select(Decision).order_by(Decision.id)))

    def letters(self) -> list[Outbox]:
        with self.app.app_context():
            return list(db.session.scalars(select(Outbox).order_by(Outbox.id)))

    def acts(self) -> list[str]:
        with self.app.app_context():
            return list(db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.seq)))


@pytest.fixture
def case(app: Flask) -> Case:
    tenant = make.municipality(app)
    consultation = make.consultation(app, tenant)
    thread = make.thread_of(app, tenant, "consultation", consultation)
    author = make.person(app, email="autor@poczta.example", resident_of=tenant, locale="pl")
    said = make.contribution(app, tenant, thread, author=author, body=WORDS)
    facilitator = make.staff(app, tenant, Role.FACILITATOR, consultation=consultation)
    make.notice(app, tenant, "contribution", said, consultation=consultation)
    return Case(
        app=app,
        tenant=tenant,
        consultation=consultation,
        thread=thread,
        author=author,
        said=said,
        facilitator=facilitator,
        desk=make.client(app, signed_in=facilitator),
    )


def later(monkeypatch: pytest.MonkeyPatch, by: timedelta) -> None:
    """Have the clock show a later moment from now on."""
    now = datetime.now

    class Clock(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            return now(tz) + by  # type: ignore[arg-type]

    monkeypatch.setattr(clock, "datetime", Clock)


# The queue.


def test_the_queue_has_three_numbers_and_what_is_urgent_first(case: Case) -> None:
    new = make.contribution(case.app, case.tenant, case.thread, body="Nikt tego nie czytał.")
    threat = make.contribution(case.app, case.tenant, case.thread, body="Pożałujecie tego.")
    make.notice(
        case.app,
        case.tenant,
        "contribution",
        threat,
        consultation=case.consultation,
        reason="threat",
    )
    page = case.desk.get("/urzad/moderacja").text
    order = [
        int(n) for n in re.findall(r'work-t">\s*<a href="/urzad/moderacja/contribution/(\d+)', page)
    ]

    assert re.findall(r"(Pilne|zgłoszone|nieprzeczytane): <strong>(\d+)<", page) == [
        ("Pilne", "1"),
        ("zgłoszone", "1"),
        ("nieprzeczytane", "1"),
    ]
    assert order == [threat, case.said, new]


def test_a_case_shows_the_words_what_is_around_and_why_and_never_who_reported(
    case: Case,
) -> None:
    make.contribution(case.app, case.tenant, case.thread, body="Wypowiedź po tamtej.")
    page = case.desk.get(case.url).text

    assert PASSAGE in page
    assert "Wypowiedź po tamtej." in page
    assert "To są dane mojej sąsiadki." in page
    assert "zglaszajaca@poczta.example" not in page
    assert "autor@poczta.example" not in page


def test_the_queue_takes_the_same_statements_for_few_and_for_many(case: Case) -> None:
    from tests.sql import counted

    counts = []
    for _ in range(2):
        for n in range(10):
            row = make.contribution(case.app, case.tenant, case.thread, body=f"Głos {n}.")
            make.notice(case.app, case.tenant, "contribution", row, consultation=case.consultation)
        case.desk.get("/urzad/moderacja")  # the municipality is kept from one reading to the next
        with counted(case.app) as statements:
            assert case.desk.get("/urzad/moderacja").status_code == 200
        counts.append(len(statements))

    assert counts[0] == counts[1] <= 12


def test_later_leads_to_the_next_case_and_after_the_last_to_the_queue(case: Case) -> None:
    other = make.contribution(case.app, case.tenant, case.thread, body="Następna.")
    onward = case.desk.get(f"/urzad/moderacja/nastepna?po=contribution-{case.said}")
    last = case.desk.get(f"/urzad/moderacja/nastepna?po=contribution-{other}")

    assert onward.location == f"/urzad/moderacja/contribution/{other}"
    assert last.location == "/urzad/moderacja"


# Leaving.


def test_what_stays_leaves_the_queue_and_the_reporter_is_told(case: Case) -> None:
    data = {"seen": case.seen(), "words": "To pytanie o zasady przydziału."}
    answer = case.desk.post(f"{case.url}/zostaje", data=data)

    assert answer.status_code == 303
    assert case.row().content_state == "visible"
    assert case.decisions() == []
    assert case.acts() == ["moderation.left"]
    letter = case.letters()[0]
    assert letter.address == "zglaszajaca@poczta.example"
    assert "Zostaje" in letter.body
    assert "To pytanie o zasady przydziału." in letter.body
    assert "Nic nie czeka" in case.desk.get("/urzad/moderacja").text


def test_what_was_read_comes_back_when_it_is_changed(case: Case) -> None:
    case.desk.post(f"{case.url}/zostaje", data={"seen": case.seen()})
    with case.app.app_context(), transaction():
        db.session.get_one(Contribution, case.said).edited_at = clock.now()

    assert f"/urzad/moderacja/contribution/{case.said}" in case.desk.get("/urzad/moderacja").text


# Hiding.


def test_first_comes_the_letter_to_read_and_nothing_changes(case: Case) -> None:
    answer = case.hide(step="podglad")

    assert answer.status_code == 200
    assert "ukryliśmy Twój wpis" in answer.text
    assert f"„{PASSAGE}”" in answer.text
    assert "Nie publikujemy danych innych osób." in answer.text
    assert "Ukryj i wyślij" in answer.text
    assert case.decisions() == []
    assert case.row().content_state == "visible"


def test_the_letter_is_in_the_language_of_whoever_gets_it(case: Case) -> None:
    from deliberate.accounts.models import Person

    with case.app.app_context(), transaction():
        db.session.get_one(Person, case.author).locale = "uk"

    assert '<article class="letter" lang="uk">' in case.hide(step="podglad").text


def test_hiding_is_a_row_a_state_a_letter_and_an_entry_at_once(case: Case) -> None:
    answer = case.hide(words="Pytanie o zasady przydziału możesz zadać bez nazwisk.")

    decision = case.decisions()[0]
    assert answer.status_code == 303
    assert case.row().content_state == "hidden"
    assert (decision.from_state, decision.to_state, decision.reason, decision.rule) == (
        "visible",
        "hidden",
        "personal_data",
        4,
    )
    assert (decision.rules_version, decision.passage, decision.turn) == (1, PASSAGE, 1)
    assert decision.explanation == (
        "Ten fragment podaje dane osoby prywatnej. "
        "Pytanie o zasady przydziału możesz zadać bez nazwisk."
    )
    assert (decision.decided_by, decision.author_id) == (case.facilitator, case.author)
    reporter, author = case.letters()
    assert (author.address, author.kind, author.dedupe) == (
        "autor@poczta.example",
        "moderated",
        f"decision:{decision.id}",
    )
    assert author.not_before == reporter.not_before == decision.at + timedelta(seconds=30)
    assert PASSAGE in author.body
    assert f"/g/lubowierz/decyzja/{decision.id}" in author.body
    assert reporter.address == "zglaszajaca@poczta.example"
    assert PASSAGE not in reporter.body
    assert case.acts() == ["moderation.hidden"]


def test_the_page_keeps_a_trace_with_the_reason_the_rule_and_who(case: Case) -> None:
    case.hide()
    page = make.client(case.app).get("/konsultacje/rynek").text

    assert "Wpis ukryty" in page
    assert "dane innej osoby (zasada 4)" in page
    assert "osoba prowadząca rozmowę" in page
    assert PASSAGE not in page
    assert "/decyzja/" not in page


@pytest.mark.first_on_both
@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"quick": None}, "Wybierz powód."),
        ({"quick": "rudeness"}, "Wybierz powód."),
        ({"quick": "off_topic"}, "Wybierz powód."),
        ({"quick": "duplicate"}, "Wybierz powód."),
        ({"passage": ""}, "Uzupełnij to pole."),
        ({"passage": "tego tu nie ma"}, "Zaznacz fragment"),
        ({"passage": "x" * 1001}, "najwyżej 1000 znaków"),
        ({"quick": None, "reason": "unlawful"}, "co najmniej 20 znaków"),
        ({"quick": None, "reason": "other", "words": "x" * 49}, "co najmniej 50 znaków"),
    ],
)
def test_nothing_is_hidden_without_reason_passage_and_explanation(
    case: Case, form: dict[str, object], told: str
) -> None:
    answer = case.hide(**form)

    assert answer.status_code == 422
    assert told in answer.text
    assert case.decisions() == []
    assert case.row().content_state == "visible"


def test_a_reason_of_the_list_needs_words_when_it_has_none_of_its_own(case: Case) -> None:
    answer = case.hide(
        quick=None, reason="unlawful", words="art. 190 Kodeksu karnego: groźba.", rule=0
    )

    assert answer.status_code == 303
    decision = case.decisions()[0]
    assert (decision.reason, decision.rule, decision.rules_version) == ("unlawful", None, None)
    assert decision.explanation == "art. 190 Kodeksu karnego: groźba."


def test_a_change_in_between_is_noticed(case: Case) -> None:
    seen = case.seen()
    with case.app.app_context(), transaction():
        db.session.get_one(Contribution, case.said).body = f"Poprawione. {PASSAGE}"
    answers = [case.hide(seen=seen), case.desk.post(f"{case.url}/zostaje", data={"seen": seen})]

    assert [answer.status_code for answer in answers] == [409, 409]
    assert all("zmieniona w międzyczasie" in answer.text for answer in answers)
    assert "Poprawione." in answers[0].text
    assert case.decisions() == []


def test_the_second_of_two_facilitators_is_told(case: Case) -> None:
    seen = case.seen()
    colleague = make.staff(case.app, case.tenant, Role.FACILITATOR)
    case.hide()
    answer = case.hide(make.client(case.app, signed_in=colleague), seen=seen)

    assert answer.status_code == 409
    assert "zmieniona w międzyczasie" in answer.text
    assert len(case.decisions()) == 1


def test_two_decisions_of_one_turn_are_impossible_in_the_database(case: Case) -> None:
    case.hide()
    with pytest.raises(DBAPIError), case.app.app_context(), transaction():
        first = db.session.get_one(Decision, 1)
        columns = {c.key: getattr(first, c.key) for c in Decision.__table__.c if c.key != "id"}
        db.session.add(Decision(**columns))


def test_the_next_case_loads_itself_with_thirty_seconds_to_undo(case: Case) -> None:
    other = make.contribution(case.app, case.tenant, case.thread, body="Następna.")
    answer = case.hide()
    page = case.desk.get(answer.location)

    assert answer.location == f"/urzad/moderacja/contribution/{other}?cofnij=1"
    assert "/decyzja/1/cofniecie" in page.text


# Undoing and restoring.


def test_undone_in_time_nobody_gets_a_letter_and_the_case_waits_again(case: Case) -> None:
    case.hide()
    answer = case.desk.post("/decyzja/1/cofniecie")

    assert answer.status_code == 303
    assert case.row().content_state == "visible"
    assert case.decisions()[0].undone_at is not None
    assert all(letter.cancelled_at is not None for letter in case.letters())
    with case.app.app_context():
        assert db.session.scalars(select(Notice.state)).all() == ["received"]
    assert case.acts() == ["moderation.hidden", "moderation.undone"]
    assert case.desk.post("/decyzja/1/cofniecie").status_code == 409


def test_after_thirty_seconds_it_is_too_late(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    case.hide()
    later(monkeypatch, timedelta(seconds=31))
    answer = case.desk.post("/decyzja/1/cofniecie")

    assert answer.status_code == 409
    assert "Minęło 30 sekund" in answer.text
    assert case.row().content_state == "hidden"


def test_a_colleague_cannot_undo_but_can_restore(case: Case) -> None:
    case.hide()
    colleague = make.client(case.app, signed_in=make.staff(case.app, case.tenant, Role.FACILITATOR))
    undone = colleague.post("/decyzja/1/cofniecie")
    restored = colleague.post(
        f"{case.url}/przywrocenie",
        data={"explanation": "Krytyka pracy urzędu jest dozwolona.", "seen": case.seen()},
    )

    assert undone.status_code == 409
    assert restored.status_code == 303
    assert (case.row().content_state, case.row().body) == ("visible", WORDS)
    assert [d.turn for d in case.decisions()] == [1, 2]
    letter = case.letters()[-1]
    assert letter.address == "autor@poczta.example"
    assert "Krytyka pracy urzędu jest dozwolona." in letter.body
    assert "Wpis ukryty" not in make.client(case.app).get("/konsultacje/rynek").text


def test_restoring_without_an_explanation_comes_back(case: Case) -> None:
    case.hide()
    data = {"explanation": "bo tak", "seen": case.seen()}
    answer = case.desk.post(f"{case.url}/przywrocenie", data=data)

    assert answer.status_code == 422
    assert case.row().content_state == "hidden"


# Who may not.


def test_whoever_speaks_for_themselves_in_the_thread_does_not_decide_and_it_is_written_down(
    case: Case,
) -> None:
    make.contribution(case.app, case.tenant, case.thread, author=case.facilitator, body="A ja…")
    answer = case.hide()

    assert answer.status_code == 409
    assert "masz własną wypowiedź" in answer.text
    assert case.decisions() == []
    assert case.acts() == ["moderation.conflict_refused"]
    assert "masz własną wypowiedź" in case.desk.get(case.url).text


def test_nobody_decides_about_their_own_words(case: Case) -> None:
    with case.app.app_context(), transaction():
        db.session.get_one(Contribution, case.said).author_id = case.facilitator
    answer = case.hide()

    assert answer.status_code == 409
    assert "O własnym tekście zdecyduje ktoś inny." in answer.text


def test_the_database_refuses_a_decision_about_own_words(case: Case) -> None:
    case.hide()
    with pytest.raises(DBAPIError), case.app.app_context(), transaction():
        first = db.session.get_one(Decision, 1)
        columns = {c.key: getattr(first, c.key) for c in Decision.__table__.c if c.key != "id"}
        db.session.add(Decision(**{**columns, "turn": 2, "author_id": case.facilitator}))


@pytest.mark.parametrize("reason", ["off_topic", "duplicate", None])
def test_the_database_hides_for_no_reason_that_only_moves(case: Case, reason: str | None) -> None:
    case.hide()
    with pytest.raises(DBAPIError), case.app.app_context(), transaction():
        first = db.session.get_one(Decision, 1)
        columns = {c.key: getattr(first, c.key) for c in Decision.__table__.c if c.key != "id"}
        db.session.add(Decision(**{**columns, "turn": 2, "reason": reason}))


def test_a_facilitator_sees_and_decides_only_what_was_given_to_them(case: Case) -> None:
    other = make.consultation(case.app, case.tenant, slug="inne")
    stranger = make.client(
        case.app,
        signed_in=make.staff(case.app, case.tenant, Role.FACILITATOR, consultation=other),
    )
    assert PASSAGE in case.desk.get("/urzad/moderacja").text
    assert PASSAGE not in stranger.get("/urzad/moderacja").text

    case.hide()
    for method, path in (
        ("get", case.url),
        ("post", f"{case.url}/ukrycie"),
        ("post", f"{case.url}/zostaje"),
        ("post", f"{case.url}/przywrocenie"),
        ("post", "/decyzja/1/cofniecie"),
    ):
        answer = getattr(stranger, method)(path)
        assert answer.status_code == 403, path
        assert PASSAGE not in answer.text
    assert stranger.get("/decyzja/1").status_code == 404


@pytest.mark.first_on_both
@pytest.mark.parametrize("role", [None, Role.OFFICER, Role.APPROVER, Role.ADMINISTRATOR])
def test_no_other_role_moderates(case: Case, role: Role | None) -> None:
    person = make.staff(case.app, case.tenant, role) if role else case.author
    client = make.client(case.app, signed_in=person)
    answer = client.get("/urzad/moderacja")

    assert answer.status_code == 403
    assert "osoba prowadząca rozmowę" in answer.text
    assert case.hide(client).status_code == 403


def test_a_visitor_is_asked_to_sign_in(case: Case) -> None:
    visitor = make.client(case.app)

    assert visitor.get("/urzad/moderacja").status_code == 401
    assert case.hide(visitor).status_code == 401
    assert visitor.get("/decyzja/1").status_code == 401


def test_another_municipality_has_no_such_case(case: Case) -> None:
    case.hide()
    other = make.municipality(case.app, slug="inna", name="Inna")
    facilitator = make.staff(case.app, other, Role.FACILITATOR)
    there = make.client(case.app, slug="inna", signed_in=facilitator)

    assert there.get(case.url).status_code == 404
    assert there.post(f"{case.url}/zostaje").status_code == 404
    assert there.get("/decyzja/1").status_code == 404
    assert there.post("/decyzja/1/cofniecie").status_code == 404


# The author, and everybody.


def test_the_author_reads_the_decision_the_whole_text_and_how_to_object(case: Case) -> None:
    case.hide()
    browser = make.client(case.app, signed_in=case.author)
    page = browser.get("/decyzja/1").text

    assert "ukryliśmy Twój wpis" in page
    assert WORDS in page
    assert "rozmowa@lubowierz.example" in page
    assert "/decyzja/1" in browser.get("/konsultacje/rynek").text


def test_the_named_person_hears_objections(case: Case) -> None:
    from deliberate.consultations.models import Consultation

    reviewer = make.person(case.app, name="Ewa Odwołańska")
    with case.app.app_context(), transaction():
        db.session.get_one(Consultation, case.consultation).appeal_person_id = reviewer
    case.hide()

    browser = make.client(case.app, signed_in=case.author)
    assert "Ewa Odwołańska" in browser.get("/decyzja/1").text
    assert "Ewa Odwołańska" in case.letters()[-1].body


def test_nobody_else_reads_the_decision(case: Case) -> None:
    case.hide()
    for person in (
        make.person(case.app, resident_of=case.tenant),
        make.staff(case.app, case.tenant, Role.OFFICER),
    ):
        assert make.client(case.app, signed_in=person).get("/decyzja/1").status_code == 404


def test_everybody_reads_how_much_was_hidden_and_why_and_no_words(case: Case) -> None:
    case.hide()
    visitor = make.client(case.app)
    page = visitor.get("/moderacja").text
    one = visitor.get(f"/moderacja?konsultacje={case.consultation}").text

    for shown in (page, one):
        assert "Dane innej osoby" in shown
        assert PASSAGE not in shown
    assert visitor.get("/moderacja?konsultacje=999").status_code == 404
    assert visitor.get("/moderacja?konsultacje=x").status_code == 200


# Guards.


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("reason", "insult"),
        ("explanation", "coś zupełnie innego i dłuższego"),
        ("to_state", "removed"),
        ("passage", ""),
        ("rule", 1),
        ("turn", 9),
        ("author_id", None),
        ("decider_label", "ktoś inny"),
        ("told_after", datetime(2030, 1, 1, tzinfo=UTC)),
    ],
)
def test_a_decision_never_changes(case: Case, column: str, value: object) -> None:
    case.hide()
    with pytest.raises(DBAPIError, match="frozen"), case.app.app_context(), transaction():
        setattr(db.session.get_one(Decision, 1), column, value)


def test_a_decision_is_never_removed(case: Case) -> None:
    case.hide()
    with pytest.raises(DBAPIError, match="append_only"), case.app.app_context(), transaction():
        db.session.execute(text("DELETE FROM decision"))


def test_a_decision_is_undone_once_and_in_time_also_in_the_database(case: Case) -> None:
    case.hide()

    def set_undone(value: datetime | None) -> None:
        with case.app.app_context(), transaction():
            db.session.get_one(Decision, 1).undone_at = value

    at = case.decisions()[0].at
    with pytest.raises(DBAPIError, match="undone once"):
        set_undone(at + timedelta(seconds=30))
    set_undone(at + timedelta(seconds=29))
    with pytest.raises(DBAPIError, match="undone once"):
        set_undone(at + timedelta(seconds=28))
    with pytest.raises(DBAPIError, match="undone once"):
        set_undone(None)


def test_the_journal_keeps_the_explanation_in_the_part_that_can_be_erased(case: Case) -> None:
    case.hide()
    with case.app.app_context():
        entry = db.session.scalars(select(AuditEntry)).one()
        detail = db.session.scalars(select(AuditDetail)).one()

    assert entry.subject == f"contribution:{case.said}"
    assert "dane osoby prywatnej" in (detail.body or "")
