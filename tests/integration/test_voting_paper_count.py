"""Cards are counted with the votes of the web, and every number is compared."""

import json
import subprocess
import sys
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from deliberate.kernel import clock
from deliberate.kernel.actor import SYSTEM, Role
from deliberate.kernel.db import db, transaction
from deliberate.kernel.refusals import Refused
from deliberate.subjects.gate import Activity
from deliberate.tenancy.models import Municipality
from deliberate.voting import jobs, queries, rules, wholeness
from deliberate.voting.actions import counting, stopping
from deliberate.voting.models import (
    Ballot,
    Card,
    CardBatch,
    CardKeying,
    FinalBallot,
    Participation,
    Poll,
    PollResult,
)
from deliberate.voting.states import Electorate, Publication
from tests import make
from tests.integration import by_word
from tests.integration.cards import (
    ANNA,
    DESK,
    KEY,
    PAGE,
    PLACES,
    after_the_end,
    box,
    count,
    hand,
    key,
    keyed,
    number_cards,
    result,
    rows,
    settle,
)


@pytest.fixture
def consultation(app: Flask, tenant: int) -> int:
    return make.consultation(app, tenant, opens=[Activity.VOTE])


@pytest.fixture
def poll(app: Flask, tenant: int, consultation: int) -> int:
    return make.poll(
        app, tenant, consultation, electorate=Electorate.DECLARED, electorate_terms=PLACES
    )


@pytest.fixture
def clerks(app: Flask, tenant: int) -> list[int]:
    """Three persons who may key cards: two of the office, one who approves."""
    roles = (Role.OFFICER, Role.OFFICER, Role.APPROVER)
    return [make.staff(app, tenant, role) for role in roles]


@pytest.fixture
def clerk(app: Flask, poll: int, clerks: list[int]) -> FlaskClient:
    return make.client(app, signed_in=clerks[0])


def refused_count(app: Flask, tenant: int, poll: int) -> str:
    with pytest.raises(Refused) as refused:
        count(app, tenant, poll)
    return refused.value.refusal.code


def test_paper_help_and_web_are_counted_together_and_compared(
    app: Flask, tenant: int, poll: int, clerk: FlaskClient, clerks: list[int]
) -> None:
    by_word.vote(app, make.client(app))  # 1 and 3
    clerk.post(
        f"{DESK}/z-pomoca",
        data={**ANNA, "given_name": "Ola", "klucz": KEY + "h", "wybor-1": ["1"]},
    )
    keyed(app, clerk, 3)
    with after_the_end(app, clerks) as (first, other, _):
        assert refused_count(app, tenant, poll) == "count.unsettled_boxes"
        settle([first, other], 1, 2, 1, 1, 6)  # three took one, one did not leave it in the box
        assert refused_count(app, tenant, poll) == "count.unkeyed_cards"
        for serial, typed in ((1, "1 2"), (4, "")):
            void = {"niewazna-1": "y"} if not typed else {}
            assert key(first, serial, typed, **void)[0] == 303
            assert key(other, serial, typed, **void)[0] == 303
        count(app, tenant, poll)

    counted = result(app, poll)
    outcome = json.loads(counted.outcome)["1"]
    assert outcome["ballots"] == 3
    assert outcome["score"] == {"1": "3", "2": "1", "3": "1"}
    assert counted.participations == 5
    assert json.loads(counted.channels) == {"assisted": 1, "paper": 3, "web": 1}
    assert json.loads(counted.paper) == {"cards": 2, "missing": 1, "invalid": {"1": 1}}
    assert (rows(app, Card), rows(app, CardKeying), rows(app, Ballot)) == (0, 0, 0)
    assert rows(app, FinalBallot) == 3
    assert rows(app, CardBatch) == 1


def test_a_copy_of_a_vote_with_cards_is_whole_at_every_stage(
    app: Flask, tenant: int, poll: int, clerk: FlaskClient, clerks: list[int]
) -> None:
    def faults() -> list[str]:
        with app.app_context():
            return list(wholeness.list_faults(db.session.get_one(Poll, poll)))

    by_word.vote(app, make.client(app))
    keyed(app, clerk, 2)
    found = [faults()]
    with after_the_end(app, clerks) as (first, other, _):
        settle([first, other], 1, 2, 0, 0, 8)
        for serial in (1, 2):
            key(first, serial, "1")
            key(other, serial, "1")
            found.append(faults())
        count(app, tenant, poll)
    found.append(faults())

    assert found == [[], [], [], []]


def test_as_many_people_as_cards_or_no_count(
    app: Flask, tenant: int, poll: int, clerk: FlaskClient, clerks: list[int]
) -> None:
    keyed(app, clerk, 1)
    with after_the_end(app, clerks) as (first, other, _):
        settle([first, other], 1, 2, 0, 0, 8)
        for serial in (1, 2):
            key(first, serial, "1")
            key(other, serial, "1")
        assert refused_count(app, tenant, poll) == "count.unequal_paper"
        # One of the two was not handed out after all: counted anew, and confirmed anew.
        assert box(first, 1, 1, 0, 0, 9) == 409  # fewer than are keyed
    assert rows(app, PollResult) == 0


def test_a_card_keyed_while_votes_are_read_is_counted(
    app: Flask, tenant: int, poll: int, clerk: FlaskClient, clerks: list[int]
) -> None:
    keyed(app, clerk, 2)
    with after_the_end(app, clerks) as (first, other, _):
        settle([first, other], 1, 2, 0, 0, 8)
        key(first, 1, "1")
        key(other, 1, "1")
        with app.app_context():
            before = counting.rehearse(db.session.get_one(Poll, poll), lambda _done, _of: None)
        key(first, 2, "2")
        key(other, 2, "2")
        count(app, tenant, poll, rehearsed=before)

    assert before.outcome["1"]["score"] == {"1": "1", "2": "0", "3": "0"}
    assert json.loads(result(app, poll).outcome)["1"]["score"] == {"1": "1", "2": "1", "3": "0"}


def test_a_vote_on_the_web_is_taken_out_beside_cards(
    app: Flask, tenant: int, poll: int, clerk: FlaskClient, clerks: list[int]
) -> None:
    by_word.vote(app, make.client(app), given_name="Anna", surname="Wilk", address="Rynek 7/2")
    hand(clerk, claim="not_mine")
    number_cards(clerk, 5)
    with after_the_end(app, clerks) as (first, other, _):
        settle([first, other], 1, 1, 0, 0, 4)
        key(first, 1, "2")
        key(other, 1, "2")
        desk = "/urzad/konsultacje/rynek/glosowanie/uprawnieni/sprawy/1"
        said = {"sprawa-1-verdict": "take_out", "sprawa-1-reason": "Osoba była u nas z dowodem."}
        assert first.post(f"{desk}/decyzja", data=said).status_code == 303
        seen = {"verdict": "take_out", "reason": "Osoba była u nas z dowodem."}
        assert other.post(f"{desk}/potwierdzenie", data=seen).status_code == 303
        count(app, tenant, poll)

    assert json.loads(result(app, poll).outcome)["1"]["score"] == {"1": "0", "2": "1", "3": "0"}
    assert json.loads(result(app, poll).channels) == {"paper": 1}


def test_codes_with_ballots_and_paper_do_not_go_together(
    app: Flask, tenant: int, consultation: int
) -> None:
    poll = make.poll(
        app,
        tenant,
        consultation,
        electorate=Electorate.DECLARED,
        electorate_terms=PLACES,
        publication=Publication.LINKED,
        began=-timedelta(hours=1),
        sealed=False,
    )
    with app.app_context():
        row = db.session.get_one(Poll, poll)
        assert rules.seal_refusal(queries.seal_facts(row, now=clock.now())) == rules.LINKED_PAPER


def test_a_stranger_checks_a_vote_with_cards(
    app: Flask,
    tenant: int,
    clerk: FlaskClient,
    clerks: list[int],
    tmp_path: Path,
) -> None:
    """And a card that was put aside afterwards is found."""
    by_word.vote(app, make.client(app))
    keyed(app, clerk, 2)
    with after_the_end(app, clerks) as (first, other, _):
        settle([first, other], 1, 2, 0, 0, 8)
        for serial, typed in ((1, "1 2"), (4, "")):
            void = {"niewazna-1": "y"} if not typed else {}
            key(first, serial, typed, **void)
            key(other, serial, typed, **void)
        with app.app_context():
            poll = db.session.scalars(select(Poll.id)).one()
        count(app, tenant, poll)
        make.publish_poll(app, tenant, poll)
        answer = make.client(app).get(f"{PAGE}/pliki.zip")
        protocol = make.client(app).get(f"{PAGE}/protokol").text
    with ZipFile(BytesIO(answer.data)) as archive:
        archive.extractall(tmp_path)
    folder = next(tmp_path.iterdir())

    def check() -> int:
        program = [sys.executable, str(folder / "verify.py"), str(folder)]
        return subprocess.run(program, check=False, capture_output=True).returncode

    assert check() == 0
    said = json.loads((folder / "result.json").read_text())
    assert said["paper"] == {"cards": 2, "invalid": {"1": 1}, "missing": 0}
    assert "Karty na papierze" in protocol
    changed = {**said, "paper": {"cards": 2, "invalid": {}, "missing": 0}}
    (folder / "result.json").write_text(json.dumps(changed))
    assert check() == 1


def test_a_vote_called_off_keeps_no_card(
    app: Flask, tenant: int, poll: int, clerk: FlaskClient, clerks: list[int]
) -> None:
    keyed(app, clerk, 2)
    with after_the_end(app, clerks) as (first, other, _):
        settle([first, other], 1, 2, 0, 0, 8)
        key(first, 1, "1")
        key(other, 1, "1")
        key(first, 2, "2")
        with app.app_context():
            rules_hash = db.session.get_one(Poll, poll).rules_hash or ""
        make.approval(app, tenant, "poll.cancel", poll, rules_hash)
        with app.app_context(), transaction():
            here = db.session.get_one(Municipality, tenant)
            stopping.cancel(here, poll, "Karty z jednej urny zamokły.", actor=SYSTEM)
        with app.app_context():
            jobs.finish({"tenant_id": tenant, "poll_id": poll})

    gone = [rows(app, model) for model in (Card, CardKeying, Ballot, Participation)]
    assert gone == [0, 0, 0, 0]
    assert rows(app, CardBatch) == 1
