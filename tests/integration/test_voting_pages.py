"""The ballot from the first look to "głos przyjęty", through requests."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from deliberate.accounts.models import Residence, ResidenceState
from deliberate.accounts.standing import Needs
from deliberate.consultations.models import Consultation, State
from deliberate.kernel import clock
from deliberate.kernel.db import db, transaction
from deliberate.subjects.gate import Activity
from deliberate.voting import queries
from deliberate.voting.models import Ballot, Participation
from tests import make, sql

PAGE = "/konsultacje/rynek/glosowanie"
CHOICE = {"wybor-1": ["1", "3"]}
HIDDEN = re.compile(r'name="klucz" value="([^"]+)"')


@pytest.fixture
def consultation(app: Flask, tenant: int) -> int:
    return make.consultation(app, tenant, opens=[Activity.VOTE])


@pytest.fixture
def poll(app: Flask, tenant: int, consultation: int) -> int:
    return make.poll(app, tenant, consultation)


@pytest.fixture
def voter(app: Flask, tenant: int, poll: int) -> FlaskClient:
    return make.client(app, signed_in=make.person(app, resident_of=tenant))


def review(voter: FlaskClient, choice: dict[str, list[str]] = CHOICE) -> dict[str, object]:
    """Go as far as the page that asks to check, and return what its form would send."""
    answer = voter.post(f"{PAGE}/sprawdzenie", data=choice)
    assert answer.status_code == 200
    found = HIDDEN.search(answer.text)
    assert found
    return {**choice, "klucz": found[1]}


def votes(app: Flask) -> tuple[int, int]:
    with app.app_context():
        return (
            db.session.scalars(select(func.count()).select_from(Participation)).one(),
            db.session.scalars(select(func.count()).select_from(Ballot)).one(),
        )


def test_a_resident_votes(app: Flask, voter: FlaskClient) -> None:
    first = voter.get(PAGE)
    sent = review(voter)
    answer = voter.post(f"{PAGE}/glos", data=sent)
    page = voter.get(answer.location)

    assert "Głos nie jest jeszcze oddany." in first.text
    assert "To nie jest referendum." in first.text
    assert answer.status_code == 303
    assert "Głos przyjęty" in page.text
    assert "Projekt 1" not in page.text
    assert votes(app) == (1, 1)
    with app.app_context():
        assert db.session.scalars(select(Ballot.choices)).one() == "[1,3]"


def test_reloading_says_the_same_and_the_ballot_says_that_a_vote_is_there(
    app: Flask, voter: FlaskClient
) -> None:
    received = voter.post(f"{PAGE}/glos", data=review(voter)).location

    assert "Głos przyjęty" in voter.get(received).text
    assert without_tokens(voter.get(received).text) == without_tokens(voter.get(received).text)
    assert "Jedna osoba głosuje raz." in voter.get(f"{PAGE}/przyjety").text
    again = voter.get(PAGE)
    assert "Jedna osoba głosuje raz." in again.text
    assert 'type="checkbox"' not in again.text


def without_tokens(page: str) -> str:
    """Leave out the tokens of forms, which hold the second in which they were made."""
    return re.sub(r'(?:value|content)="[\w.-]{40,}"', "", page)


def test_nothing_is_kept_before_the_vote_is_cast(app: Flask, voter: FlaskClient) -> None:
    review(voter)

    assert votes(app) == (0, 0)
    assert voter.get(f"{PAGE}/przyjety").location.endswith(PAGE)


def test_the_way_back_keeps_the_choices(voter: FlaskClient) -> None:
    answer = voter.post(PAGE, data=review(voter))

    assert answer.status_code == 200
    assert ticked(answer.text) == ["1", "3"]


def ticked(page: str) -> list[str]:
    return re.findall(r'value="(\d+)" checked', page)


def test_the_same_form_sent_again_is_the_same_vote(app: Flask, voter: FlaskClient) -> None:
    sent = review(voter)

    assert voter.post(f"{PAGE}/glos", data=sent).status_code == 303
    assert voter.post(f"{PAGE}/glos", data=sent).status_code == 303
    assert votes(app) == (1, 1)


def test_a_second_vote_is_refused_with_the_day(app: Flask, voter: FlaskClient) -> None:
    first, second = review(voter), review(voter)
    voter.post(f"{PAGE}/glos", data=first)
    answer = voter.post(f"{PAGE}/glos", data=second)

    assert answer.status_code == 409
    assert "Głos z tymi danymi został przyjęty" in answer.text
    assert str(clock.local(clock.now()).day) in answer.text
    assert voter.post(f"{PAGE}/sprawdzenie", data=CHOICE).status_code == 409
    assert votes(app) == (1, 1)


@pytest.mark.first_on_both
@pytest.mark.parametrize(
    ("values", "words"),
    [
        (["1", "2", "3"], "Możesz wybrać najwyżej 2, a zaznaczone: 3."),
        ([], "Wybierz co najmniej: 1."),
        (["99"], "Na karcie nie ma pozycji"),
        (["1", "nic"], "Na karcie nie ma pozycji"),
        (["-1"], "Na karcie nie ma pozycji"),
        (["٣"], "Na karcie nie ma pozycji"),
        (["1" * 400], "Na karcie nie ma pozycji"),
        (["1'; DROP TABLE ballot"], "Na karcie nie ma pozycji"),
        (["\x00"], "Na karcie nie ma pozycji"),
    ],
)
def test_what_is_no_ballot_comes_back_with_the_reason(
    app: Flask, voter: FlaskClient, values: list[str], words: str
) -> None:
    key = review(voter)["klucz"]
    reviewed = voter.post(f"{PAGE}/sprawdzenie", data={"wybor-1": values})
    cast = voter.post(f"{PAGE}/glos", data={"wybor-1": values, "klucz": key})

    for answer in (reviewed, cast):
        assert answer.status_code == 422
        assert words in answer.text
        assert ticked(answer.text) == [value for value in values if value in {"1", "2", "3"}]
    assert votes(app) == (0, 0)


def test_a_number_sent_twice_is_chosen_once(app: Flask, voter: FlaskClient) -> None:
    voter.post(f"{PAGE}/glos", data=review(voter, {"wybor-1": ["2", "2", "2"]}))

    with app.app_context():
        assert db.session.scalars(select(Ballot.choices)).one() == "[2]"


@pytest.mark.first_on_both
@pytest.mark.parametrize("key", [None, "", "krotki", "x" * 101])
def test_a_form_without_its_key_is_checked_again(
    app: Flask, voter: FlaskClient, key: str | None
) -> None:
    sent = {**CHOICE, **({"klucz": key} if key is not None else {})}
    answer = voter.post(f"{PAGE}/glos", data=sent)

    assert answer.status_code == 422
    assert "Sprawdź swój wybór" in answer.text
    assert votes(app) == (0, 0)


def test_visitors_read_the_projects_and_are_asked_to_sign_in(app: Flask, poll: int) -> None:
    visitor = make.client(app)
    page = visitor.get(PAGE)

    assert "Projekt 1" in page.text
    assert "Zaloguj się, żeby zagłosować" in page.text
    assert 'type="checkbox"' not in page.text
    assert "csrf_token" not in page.text
    assert "Set-Cookie" not in page.headers
    for path in ("", "/sprawdzenie", "/glos"):
        assert visitor.post(PAGE + path, data=CHOICE).status_code == 401


def test_whoever_has_not_declared_keeps_the_choices_and_sees_the_way(
    app: Flask, tenant: int, poll: int
) -> None:
    guest = make.client(app, signed_in=make.person(app))
    answer = guest.post(f"{PAGE}/sprawdzenie", data=CHOICE)

    assert answer.status_code == 409
    assert ticked(answer.text) == ["1", "3"]
    assert "/konto/zamieszkanie" in answer.text
    cast = guest.post(f"{PAGE}/glos", data={**CHOICE, "klucz": "k" * 30})
    assert cast.status_code == 409
    assert votes(app) == (0, 0)


def test_residence_refused_after_the_review_stops_the_vote(
    app: Flask, tenant: int, poll: int
) -> None:
    person = make.person(app, resident_of=tenant)
    voter = make.client(app, signed_in=person)
    sent = review(voter)
    with app.app_context(), transaction():
        row = db.session.scalars(select(Residence).where(Residence.person_id == person)).one()
        row.state, row.reason = ResidenceState.REFUSED, "Pod tym adresem nikt nie mieszka."
    answer = voter.post(f"{PAGE}/glos", data=sent)

    assert answer.status_code == 409
    assert "nie potwierdził zamieszkania" in answer.text
    assert votes(app) == (0, 0)


def test_a_poll_for_confirmed_residents_asks_for_confirmation(
    app: Flask, tenant: int, consultation: int
) -> None:
    make.poll(app, tenant, consultation, needs=Needs.CONFIRMED)
    declared = make.client(app, signed_in=make.person(app, resident_of=tenant))
    confirmed = make.client(app, signed_in=make.person(app, resident_of=tenant, confirmed=True))

    assert declared.post(f"{PAGE}/sprawdzenie", data=CHOICE).status_code == 409
    assert confirmed.post(f"{PAGE}/glos", data=review(confirmed)).status_code == 303


def test_too_early_says_when_and_shows_the_projects(
    app: Flask, tenant: int, consultation: int
) -> None:
    make.poll(app, tenant, consultation, began=timedelta(days=-2))
    voter = make.client(app, signed_in=make.person(app, resident_of=tenant))
    page = voter.get(PAGE)

    assert "Głosowanie zacznie się" in page.text
    assert "Projekt 1" in page.text
    assert 'type="checkbox"' not in page.text
    assert voter.post(f"{PAGE}/sprawdzenie", data=CHOICE).status_code == 409
    assert voter.post(f"{PAGE}/glos", data={**CHOICE, "klucz": "k" * 30}).status_code == 409
    assert votes(app) == (0, 0)


def test_too_late_says_so_and_keeps_nothing(app: Flask, tenant: int, consultation: int) -> None:
    make.poll(app, tenant, consultation, left=timedelta(seconds=-1))
    voter = make.client(app, signed_in=make.person(app, resident_of=tenant))

    assert "Głosowanie trwało do" in voter.get(PAGE).text
    answer = voter.post(f"{PAGE}/glos", data={**CHOICE, "klucz": "k" * 30})
    assert answer.status_code == 409
    assert votes(app) == (0, 0)


def test_a_vote_that_came_in_is_acknowledged_again_after_the_end(
    app: Flask, tenant: int, consultation: int
) -> None:
    make.poll(app, tenant, consultation, left=timedelta(seconds=2))
    voter = make.client(app, signed_in=make.person(app, resident_of=tenant))
    sent = review(voter)
    voter.post(f"{PAGE}/glos", data=sent)
    with app.app_context(), transaction():
        db.session.get_one(Consultation, consultation).state = State.SUSPENDED

    assert voter.post(f"{PAGE}/glos", data=sent).status_code == 303


def test_a_consultation_suspended_while_a_vote_is_on_its_way_takes_none(
    app: Flask, voter: FlaskClient, consultation: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The request has what it kept of the consultation; under the lock it asks again."""
    sent = review(voter)
    as_it_was = queries.get_sealed_brief

    def then_somebody_suspends(*args: int) -> tuple[int, str]:
        with app.app_context(), transaction():
            db.session.get_one(Consultation, consultation).state = State.SUSPENDED
        return as_it_was(*args)

    monkeypatch.setattr(queries, "get_sealed_brief", then_somebody_suspends)
    answer = voter.post(f"{PAGE}/glos", data=sent)

    assert answer.status_code == 409
    assert "wstrzymane albo odwołane" in answer.text
    assert votes(app) == (0, 0)


def test_a_suspended_consultation_takes_no_votes(
    app: Flask, consultation: int, voter: FlaskClient
) -> None:
    sent = review(voter)
    with app.app_context(), transaction():
        db.session.get_one(Consultation, consultation).state = State.SUSPENDED
    answer = voter.post(f"{PAGE}/glos", data=sent)

    assert answer.status_code == 409
    assert "wstrzymane" in answer.text
    assert votes(app) == (0, 0)


def test_a_draft_ballot_is_seen_by_nobody(app: Flask, tenant: int, consultation: int) -> None:
    make.poll(app, tenant, consultation, sealed=False)
    voter = make.client(app, signed_in=make.person(app, resident_of=tenant))

    assert "nie jest jeszcze gotowa" in voter.get(PAGE).text
    assert "Projekt 1" not in voter.get(PAGE).text
    assert "nie jest jeszcze gotowa" in voter.get(f"{PAGE}/wynik").text
    assert voter.post(f"{PAGE}/glos", data=CHOICE).status_code == 404


def test_where_no_vote_is_planned_there_is_no_page(app: Flask, tenant: int) -> None:
    make.consultation(app, tenant, opens=[Activity.DISCUSS])

    assert make.client(app).get(PAGE).status_code == 404
    assert make.client(app).get(f"{PAGE}/wynik").status_code == 404


def test_another_municipality_has_no_such_vote(app: Flask, poll: int) -> None:
    there = make.municipality(app, slug="wrzosowiany", name="Wrzosowiany")
    person = make.person(app, resident_of=there)
    stranger = make.client(app, slug="wrzosowiany", signed_in=person)

    assert stranger.get(PAGE).status_code == 404
    assert stranger.post(f"{PAGE}/glos", data=CHOICE).status_code == 404


def test_a_missing_key_is_said_to_be_trouble_of_ours(app: Flask, voter: FlaskClient) -> None:
    sent = review(voter)
    for path in (app.extensions["deliberate.settings"].folder / "keys").glob("municipality*"):
        path.chmod(0o600)
        path.unlink()
    answer = voter.post(f"{PAGE}/glos", data=sent)

    assert answer.status_code == 503
    assert "Retry-After" in answer.headers
    assert votes(app) == (0, 0)


def test_a_hidden_proposal_keeps_its_number_and_loses_its_words(
    app: Flask, voter: FlaskClient
) -> None:
    make.hidden(app, "proposal", 2)
    page = voter.get(PAGE).text

    assert "Projekt 2" not in page
    assert "Treść ukryta" in page
    assert 'value="2"' in page
    assert "Projekt 2" not in voter.post(f"{PAGE}/sprawdzenie", data={"wybor-1": ["2"]}).text


def test_participation_knows_no_choice_and_the_ballot_no_person() -> None:
    columns = {table: set(table.__table__.columns.keys()) for table in (Participation, Ballot)}

    assert columns[Participation] & {"choices", "section_no"} == set()
    assert columns[Ballot] == {
        "id",
        "tenant_id",
        "poll_id",
        "section_no",
        "choices",
        "link_tag",
    }
    assert {key.column.table.name for key in Ballot.__table__.foreign_keys} == {"poll"}


@pytest.mark.parametrize("options", [3, 40])
def test_pages_take_few_statements_however_many_projects(
    app: Flask, tenant: int, consultation: int, options: int
) -> None:
    make.poll(app, tenant, consultation, options=options)
    voter = make.client(app, signed_in=make.person(app, resident_of=tenant))

    with sql.counted(app) as statements:
        make.client(app).get(PAGE)
    assert len(statements) <= 8, statements
    with sql.counted(app) as statements:
        voter.get(PAGE)
    assert len(statements) <= 12, statements


def test_an_account_stays_until_its_vote_is_counted(app: Flask, voter: FlaskClient) -> None:
    """Whoever closed theirs and came back with the same address would vote again."""
    voter.post(f"{PAGE}/glos", data=review(voter))

    answer = voter.post("/konto/zamkniecie", data={"understood": "y"})

    assert answer.status_code == 409
    assert "nie jest jeszcze policzony" in answer.text
    assert voter.get("/konto").status_code == 200
    assert votes(app) == (1, 1)
