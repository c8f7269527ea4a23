"""The officer's ballot: from ticks to a sealed card, and after the vote to the count."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from deliberate.algorithms.lots import draw_order
from deliberate.approvals.models import Approval
from deliberate.audit.models import AuditEntry
from deliberate.consultations.actions.dates import change_dates
from deliberate.consultations.models import Consultation
from deliberate.kernel import clock, jobs
from deliberate.kernel.actor import Actor, Role
from deliberate.kernel.db import db, transaction
from deliberate.kernel.models import Outbox
from deliberate.kernel.refusals import Refused
from deliberate.proposals.models import Proposal, State
from deliberate.subjects.gate import Activity
from deliberate.voting import canonical, queries
from deliberate.voting.models import Option, Poll
from tests import make, sql

STAKES = {"formally_secret": "nie", "high_stakes": "nie"}
DESK = "/urzad/konsultacje/rynek/glosowanie"
PAGE = "/konsultacje/rynek/glosowanie"
REASON = "Teren należy do spółki, a miasto nie może tam niczego budować."


@pytest.fixture
def consultation(app: Flask, tenant: int) -> int:
    consultation = make.consultation(app, tenant)
    now = clock.now()
    make.phase(
        app,
        tenant,
        consultation,
        starts=now + timedelta(days=20),
        ends=now + timedelta(days=30),
        opens=[Activity.VOTE],
        title="Głosujemy",
        position=2,
    )
    return consultation


@pytest.fixture
def proposals(app: Flask, tenant: int, consultation: int) -> list[int]:
    return [make.proposal(app, tenant, consultation, title=f"Projekt {n}") for n in range(1, 5)]


@pytest.fixture
def officer(app: Flask, tenant: int, proposals: list[int]) -> FlaskClient:
    return make.client(app, signed_in=make.staff(app, tenant, Role.OFFICER))


@pytest.fixture
def approver(app: Flask, tenant: int, proposals: list[int]) -> FlaskClient:
    return make.client(app, signed_in=make.staff(app, tenant, Role.APPROVER))


def card(*numbers: int, **changes: str) -> dict[str, object]:
    due = clock.local(clock.now() + timedelta(days=40)).date().isoformat()
    filled = {"least": "1", "most": "2", "result_due": due}
    return {"numer": [str(number) for number in numbers], **filled, **changes}


def ballot(app: Flask) -> list[tuple[int, str]]:
    with app.app_context():
        rows = db.session.scalars(select(Option).order_by(Option.no)).all()
        return [(row.no, row.title) for row in rows]


def state_of(app: Flask, number: int) -> str:
    with app.app_context():
        return db.session.scalars(select(Proposal.state).where(Proposal.number == number)).one()


def token(app: Flask) -> str:
    with app.app_context():
        return db.session.scalars(select(Approval.token).order_by(Approval.id.desc())).first() or ""


def turn_down(officer: FlaskClient, number: int) -> int:
    address = f"{DESK}/propozycje/{number}/niedopuszczenie"
    return officer.post(address, data={"reason": REASON}).status_code


def test_a_saved_ballot_stands_in_the_drawn_order(app: Flask, officer: FlaskClient) -> None:
    assert officer.post(DESK, data=card(1, 2, 3, 4)).status_code == 303

    with app.app_context():
        seed = db.session.scalars(select(Poll.order_seed)).one()
    drawn = draw_order([1, 2, 3, 4], seed)
    assert ballot(app) == [(no, f"Projekt {number}") for no, number in enumerate(drawn, start=1)]
    page = officer.get(DESK).text
    assert seed in page
    assert "Podgląd zapisanej karty" in page


def test_the_seed_is_drawn_once(app: Flask, officer: FlaskClient) -> None:
    officer.post(DESK, data=card(1, 2, 3, 4))
    first = ballot(app)
    officer.post(DESK, data=card(1, 2))
    officer.post(DESK, data=card(4, 3, 2, 1))

    assert ballot(app) == first


def test_a_draft_changes_nothing_that_people_see(app: Flask, officer: FlaskClient) -> None:
    officer.post(DESK, data=card(1, 2))

    assert state_of(app, 1) == State.OPEN
    assert "nie jest jeszcze gotowa" in make.client(app).get(PAGE).text


@pytest.mark.first_on_both
@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"most": "0"}, "Od 1 do 50."),
        ({"most": "51"}, "Od 1 do 50."),
        ({"least": "3"}, "Nie może być mniej"),
        ({"least": "x"}, "Do poprawy"),
        ({"result_due": ""}, "Uzupełnij to pole."),
        ({"result_due": "jutro"}, "Do poprawy"),
    ],
)
def test_wrong_limits_come_back_with_the_ticks(
    app: Flask, officer: FlaskClient, changes: dict[str, str], words: str
) -> None:
    answer = officer.post(DESK, data=card(1, 3, **changes))

    assert answer.status_code == 422
    assert words in answer.text
    assert answer.text.count(" checked") == 2
    assert ballot(app) == []


@pytest.mark.parametrize("number", ["77", "0", "x", "-1", "9" * 20])
def test_a_number_that_is_no_candidate_is_refused(
    app: Flask, officer: FlaskClient, number: str
) -> None:
    answer = officer.post(DESK, data={**card(1), "numer": ["1", number]})

    assert answer.status_code == 409
    assert ballot(app) == []


def test_not_admitted_is_said_with_its_reason_on_the_page_and_in_a_letter(
    app: Flask, officer: FlaskClient
) -> None:
    assert turn_down(officer, 4) == 303

    assert REASON in make.client(app).get("/konsultacje/rynek/propozycje/4").text
    with app.app_context():
        letter = db.session.scalars(select(Outbox).where(Outbox.kind == "answered")).one()
        assert REASON in letter.body
        assert db.session.scalars(select(AuditEntry.action)).all() == ["proposal.not_admitted"]
    assert officer.post(DESK, data=card(1, 4)).status_code == 409


def test_a_reason_too_short_comes_back(app: Flask, officer: FlaskClient) -> None:
    address = f"{DESK}/propozycje/4/niedopuszczenie"
    answer = officer.post(address, data={"reason": "Nie i już."})

    assert answer.status_code == 422
    assert "Nie i już." in answer.text
    assert state_of(app, 4) == State.OPEN


def test_what_stands_on_the_ballot_is_not_turned_down_and_what_was_can_come_back(
    app: Flask, officer: FlaskClient
) -> None:
    officer.post(DESK, data=card(1, 2))

    assert turn_down(officer, 1) == 409
    assert turn_down(officer, 3) == 303
    assert officer.post(f"{DESK}/propozycje/3/przywrocenie").status_code == 303
    assert state_of(app, 3) == State.OPEN


def test_everything_off_the_ballot_needs_a_reason_before_sealing(officer: FlaskClient) -> None:
    officer.post(DESK, data=card(1, 2))
    turn_down(officer, 3)
    answer = officer.post(f"{DESK}/zapieczetowanie", data=STAKES)

    assert answer.status_code == 409
    assert "Bez decyzji są numery: 4." in answer.text


@pytest.fixture
def sealed(app: Flask, officer: FlaskClient, approver: FlaskClient) -> None:
    officer.post(DESK, data=card(1, 2, 3))
    turn_down(officer, 4)
    officer.post(f"{DESK}/zapieczetowanie", data=STAKES)
    page = approver.get(f"/zatwierdzanie/{token(app)}")
    assert "Projekt 1" in page.text
    assert "Czy ustawa albo statut nakazuje tajne wybory? Nie." in page.text
    answer = approver.post(f"/zatwierdzanie/{token(app)}/zgoda")
    assert answer.status_code == 303


@pytest.mark.usefixtures("sealed")
def test_two_persons_seal_the_ballot(app: Flask, officer: FlaskClient) -> None:
    with app.app_context():
        poll = db.session.scalars(select(Poll)).one()
        assert poll.state == "sealed"
        assert poll.rules_hash == canonical.digest(poll.rules)
        assert poll.rules_hash == canonical.digest(queries.rules_text(poll))
        rules_hash = poll.rules_hash
        assert "poll.sealed" in db.session.scalars(select(AuditEntry.action)).all()
    assert [state_of(app, number) for number in (1, 2, 3, 4)] == [State.ADMITTED] * 3 + [
        State.NOT_ADMITTED
    ]
    page = officer.get(DESK).text
    assert rules_hash in page
    assert "Zapisz kartę" not in page
    assert "Głosowanie zacznie się" in make.client(app).get(PAGE).text


@pytest.mark.usefixtures("sealed")
def test_a_sealed_ballot_is_read_only(app: Flask, officer: FlaskClient) -> None:
    before = ballot(app)

    assert officer.post(DESK, data=card(1, 2)).status_code == 409
    assert officer.post(f"{DESK}/zapieczetowanie", data=STAKES).status_code == 409
    assert turn_down(officer, 3) == 409
    assert officer.post(f"{DESK}/propozycje/4/przywrocenie").status_code == 409
    assert officer.post(f"{DESK}/policzenie").status_code == 409
    assert officer.post(f"{DESK}/ogloszenie").status_code == 409
    assert ballot(app) == before


def test_one_person_cannot_seal_alone(app: Flask, tenant: int, proposals: list[int]) -> None:
    both = make.staff(app, tenant, Role.OFFICER)
    make.membership(app, tenant, both, Role.APPROVER)
    client = make.client(app, signed_in=both)
    client.post(DESK, data=card(1, 2, 3, 4))
    client.post(f"{DESK}/zapieczetowanie", data=STAKES)
    answer = client.post(f"/zatwierdzanie/{token(app)}/zgoda")

    assert answer.status_code == 409
    with app.app_context():
        assert db.session.scalars(select(Poll.state)).one() == "draft"


def test_a_ballot_changed_after_asking_is_not_sealed(
    app: Flask, officer: FlaskClient, approver: FlaskClient
) -> None:
    officer.post(DESK, data=card(1, 2, 3, 4))
    officer.post(f"{DESK}/zapieczetowanie", data=STAKES)
    asked = token(app)
    officer.post(DESK, data=card(1, 2, 3, 4, most="3"))
    answer = approver.post(f"/zatwierdzanie/{asked}/zgoda")

    assert answer.status_code == 409
    assert "Treść zmieniła się po wysłaniu prośby" in answer.text


def test_a_proposal_changed_after_saving_is_not_sealed(
    app: Flask, officer: FlaskClient, proposals: list[int]
) -> None:
    officer.post(DESK, data=card(1, 2, 3, 4))
    with app.app_context(), transaction():
        db.session.get_one(Proposal, proposals[1]).title = "Zupełnie co innego"
    answer = officer.post(f"{DESK}/zapieczetowanie", data=STAKES)

    assert answer.status_code == 409
    assert "Propozycja nr 2 zmieniła się" in answer.text


def test_a_hidden_proposal_is_not_sealed(
    app: Flask, officer: FlaskClient, proposals: list[int]
) -> None:
    officer.post(DESK, data=card(1, 2, 3, 4))
    make.hidden(app, "proposal", proposals[0])

    assert "Propozycji nr 1 nie można" in officer.post(f"{DESK}/zapieczetowanie", data=STAKES).text


def test_a_moved_vote_is_not_sealed(app: Flask, officer: FlaskClient) -> None:
    officer.post(DESK, data=card(1, 2, 3, 4))
    with app.app_context(), transaction():
        db.session.scalars(select(Poll)).one().ends_at -= timedelta(days=1)

    assert "Termin głosowania" in officer.post(f"{DESK}/zapieczetowanie", data=STAKES).text


def test_without_a_phase_of_voting_there_is_no_ballot(app: Flask, tenant: int) -> None:
    make.consultation(app, tenant, slug="plac")
    officer = make.client(app, signed_in=make.staff(app, tenant, Role.OFFICER))
    desk = "/urzad/konsultacje/plac/glosowanie"

    assert "nie ma głosowania" in officer.get(desk).text
    assert officer.post(desk, data=card()).status_code == 409
    assert officer.post(f"{desk}/zapieczetowanie", data=STAKES).status_code == 404


def test_after_the_end_two_persons_count_and_two_publish(app: Flask, tenant: int) -> None:
    consultation = make.consultation(app, tenant, opens=[Activity.VOTE])
    poll = make.poll(app, tenant, consultation, left=timedelta(seconds=-1))
    officer = make.client(app, signed_in=make.staff(app, tenant, Role.OFFICER))
    approver = make.client(app, signed_in=make.staff(app, tenant, Role.APPROVER))

    assert "Poproś o policzenie" in officer.get(DESK).text
    officer.post(f"{DESK}/policzenie")
    assert "Policzymy głosy." in approver.get(f"/zatwierdzanie/{token(app)}").text
    assert approver.post(f"/zatwierdzanie/{token(app)}/zgoda").status_code == 303
    with app.app_context():
        jobs.run_due()
    assert officer.post(f"{DESK}/ogloszenie").status_code == 303
    with app.app_context():
        assert db.session.get_one(Poll, poll).state == "counted"
    assert approver.post(f"/zatwierdzanie/{token(app)}/zgoda").status_code == 303
    with app.app_context():
        assert db.session.get_one(Poll, poll).state == "published"
    assert "Nikt nie zagłosował" in make.client(app).get(f"{PAGE}/wynik").text


def test_who_may_prepare_a_ballot(
    app: Flask, tenant: int, proposals: list[int], approver: FlaskClient
) -> None:
    resident = make.client(app, signed_in=make.person(app, resident_of=tenant))
    there = make.municipality(app, slug="wrzosowiany", name="Wrzosowiany")
    stranger = make.client(app, slug="wrzosowiany", signed_in=make.staff(app, there, Role.OFFICER))

    for path in ("", "/zapieczetowanie", "/policzenie", "/ogloszenie"):
        assert resident.post(DESK + path).status_code == 403
        assert approver.post(DESK + path).status_code == 403
        assert make.client(app).post(DESK + path).status_code == 401
        assert stranger.post(DESK + path).status_code == 404


@pytest.mark.parametrize("number", [4, 60])
def test_the_desk_takes_few_statements_however_many_proposals(
    app: Flask, tenant: int, consultation: int, number: int
) -> None:
    for _ in range(number):
        make.proposal(app, tenant, consultation)
    officer = make.client(app, signed_in=make.staff(app, tenant, Role.OFFICER))
    officer.post(DESK, data=card(1, 2, 3))

    with sql.counted(app) as statements:
        officer.get(DESK)
    assert len(statements) <= 12, statements


def extend(app: Flask, consultation: int, days: int) -> None:
    """Move the last day of the phase of voting, as the officer's page does."""
    with app.app_context(), transaction():
        row = db.session.get_one(Consultation, consultation)
        new = [
            (clock.local(phase.starts_at).date(), clock.last_day(phase.ends_at))
            for phase in row.phases
        ]
        new[-1] = (new[-1][0], new[-1][1] + timedelta(days=days))
        change_dates(
            row,
            new,
            None,
            reason="Serwer nie działał przez cały dzień, więc dodajemy czas.",
            stamp=row.revision,
            actor=Actor(tenant_id=row.tenant_id),
            now=clock.now(),
        )


@pytest.mark.usefixtures("sealed")
def test_a_vote_moved_over_a_change_of_clocks_ends_at_midnight(
    app: Flask, consultation: int
) -> None:
    """There are at most 217 days between two changes: whenever this runs, one is passed."""
    extend(app, consultation, 220)

    with app.app_context():
        poll = db.session.scalars(select(Poll)).one()
        phase = db.session.get_one(Consultation, consultation).phases[-1]
        assert poll.ends_at == phase.ends_at
        assert clock.local(poll.ends_at).strftime("%H:%M") == "00:00"


@pytest.mark.usefixtures("sealed")
def test_the_end_of_a_sealed_vote_follows_its_phase_and_only_grows(
    app: Flask, consultation: int
) -> None:
    with app.app_context():
        before = db.session.scalars(select(Poll.ends_at)).one()
    extend(app, consultation, 2)

    with app.app_context():
        poll = db.session.scalars(select(Poll)).one()
        phases = db.session.get_one(Consultation, consultation).phases
        assert poll.ends_at == phases[-1].ends_at > before
        assert "poll.extended" in db.session.scalars(select(AuditEntry.action)).all()
    with pytest.raises(Refused):
        extend(app, consultation, -1)


@pytest.mark.parametrize(
    ("answers", "code", "words"),
    [
        ({}, 422, "Odpowiedz na to pytanie."),
        ({**STAKES, "formally_secret": "tak"}, 409, "Belenios"),
        ({**STAKES, "high_stakes": "tak"}, 409, "na papierze"),
    ],
)
def test_some_votes_belong_elsewhere(
    app: Flask, officer: FlaskClient, answers: dict[str, str], code: int, words: str
) -> None:
    officer.post(DESK, data=card(1, 2, 3))
    turn_down(officer, 4)
    answer = officer.post(f"{DESK}/zapieczetowanie", data=answers)

    assert answer.status_code == code
    assert words in answer.text
    with app.app_context():
        assert db.session.scalars(select(Approval)).all() == []
