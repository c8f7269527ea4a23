"""What the count, the files and the pages say of votes that were changed."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from zipfile import ZipFile

import pytest
from flask import Flask
from sqlalchemy import inspect, select

from deliberate.accounts.models import Person
from deliberate.kernel import clock
from deliberate.kernel.actor import SYSTEM
from deliberate.kernel.db import db, transaction
from deliberate.subjects.activities import Activity
from deliberate.tenancy.models import Municipality
from deliberate.voting import jobs, receipts, wholeness
from deliberate.voting.actions import casting, counting, heading
from deliberate.voting.models import (
    FinalReceipt,
    LogHead,
    Poll,
    PollResult,
    Receipt,
    ReplacedReceipt,
)
from deliberate.voting.states import PollState, Publication
from tests import make
from tests.integration.test_voting_files import take_out
from tests.terminal import run

PAGE = "/konsultacje/rynek/glosowanie"
VOTERS, CHANGED = 120, 16
FIRST, SECOND, OTHERS = 1, 2, 3  # what those who change choose at first and then, and all others

KINDS = pytest.mark.parametrize("kind", list(Publication))


def _vote(app: Flask, poll_id: int, people: list[int], choice: int, *, form: str) -> dict[int, str]:
    """Return person → leaf."""
    with app.app_context(), transaction():
        return {
            person: casting.cast(
                poll_id,
                db.session.get_one(Person, person),
                make.marks(choice),
                casting.Form(idem=f"{form} {person}"),
            ).leaf
            for person in people
        }


def _head(app: Flask, poll_id: int) -> None:
    with app.app_context(), transaction():
        heading.add_daily(db.session.get_one(Poll, poll_id), now=clock.now())


def cast_and_changed(
    app: Flask, tenant: int, kind: Publication = Publication.APART
) -> tuple[int, list[int], dict[int, str]]:
    """Make a vote that has ended. Return it, who changed their vote, and their former leaves."""
    now = clock.now()
    consultation = make.consultation(app, tenant, opens=[Activity.VOTE])
    poll = make.poll(
        app,
        tenant,
        consultation,
        began=timedelta(days=9),
        left=timedelta(days=-1),
        publication=kind,
        revote=True,
    )
    people = make.residents(app, tenant, VOTERS)
    changing = people[:CHANGED]
    with clock.at(now - timedelta(days=6)):
        former = _vote(app, poll, changing, FIRST, form="a")
        _vote(app, poll, people[CHANGED : VOTERS // 2], OTHERS, form="a")
        _head(app, poll)
    with clock.at(now - timedelta(days=5)):
        _vote(app, poll, changing, SECOND, form="b")
        _vote(app, poll, people[VOTERS // 2 :], OTHERS, form="a")
        _head(app, poll)
    return poll, changing, former


def count(app: Flask, tenant: int, poll: int) -> None:
    with app.app_context():
        rules_hash = db.session.get_one(Poll, poll).rules_hash
    make.approval(app, tenant, "poll.count", poll, rules_hash or "")
    with app.app_context(), transaction():
        counting.count(db.session.get_one(Municipality, tenant), poll, actor=SYSTEM)


def download(app: Flask, folder: Path) -> Path:
    content = make.client(app).get(f"{PAGE}/pliki.zip").data
    ZipFile(io.BytesIO(content)).extractall(folder)
    return folder / "glosowanie-rynek"


def check(folder: Path) -> tuple[int, str]:
    said = subprocess.run(
        [sys.executable, "-I", "-S", str(folder / "verify.py"), str(folder)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={"PYTHONIOENCODING": "utf-8"},
    )
    return said.returncode, said.stdout + said.stderr


@KINDS
def test_a_stranger_finds_that_all_holds(
    app: Flask, tenant: int, tmp_path: Path, kind: Publication
) -> None:
    poll, _, former = cast_and_changed(app, tenant, kind)
    count(app, tenant, poll)
    make.publish_poll(app, tenant, poll)
    folder = download(app, tmp_path)
    lines = [line.split() for line in (folder / "codes.txt").read_text().splitlines()]
    code, said = check(folder)

    assert code == 0, said
    assert f"kodów: {VOTERS}, zmian: {CHANGED}" in said
    assert run("verify", folder, environment={}).code == 0
    assert sorted(line[1] for line in lines if line[2:]) == sorted(former.values())
    assert {line[2] for line in lines if line[2:]} == {"replaced"}
    assert len(lines) == VOTERS + CHANGED
    if kind is Publication.LINKED:
        assert not any(leaf in (folder / "linked.jsonl").read_text() for leaf in former.values())


def test_the_last_votes_are_counted_and_the_number_is_told(app: Flask, tenant: int) -> None:
    poll, _, _ = cast_and_changed(app, tenant)
    count(app, tenant, poll)
    make.publish_poll(app, tenant, poll)

    with app.app_context():
        row = db.session.get_one(Poll, poll)
        result = db.session.get_one(PollResult, poll)
        last = db.session.scalars(select(LogHead).order_by(LogHead.no.desc()).limit(1)).one()
        assert json.loads(result.outcome)["1"]["score"] == {
            str(FIRST): "0",
            str(SECOND): str(CHANGED),
            str(OTHERS): str(VOTERS - CHANGED),
        }
        assert (result.participations, result.replaced) == (VOTERS, CHANGED)
        assert json.loads(last.body)["replaced"][0] == CHANGED
        assert last.leaves == VOTERS + CHANGED
        assert list(wholeness.list_faults(row)) == []
    visitor = make.client(app)
    assert "Zmienionych głosów" in visitor.get("/konsultacje/rynek/glosowanie/wynik").text
    protocol = visitor.get(f"{PAGE}/protokol").text
    assert "W tym kody głosów zmienionych" in protocol


@pytest.mark.parametrize("kind", [Publication.APART, Publication.LINKED])
def test_a_former_code_says_that_the_vote_was_replaced_and_opens_nothing(
    app: Flask, tenant: int, kind: Publication
) -> None:
    poll, changing, former = cast_and_changed(app, tenant, kind)
    with app.app_context():
        receipt = db.session.scalars(select(Receipt.leaf).limit(1)).one()
    count(app, tenant, poll)
    make.publish_poll(app, tenant, poll)
    visitor = make.client(app)
    page = visitor.post(f"{PAGE}/kod", data={"kod": receipts.code(former[changing[0]])}).text
    present = visitor.post(f"{PAGE}/kod", data={"kod": receipts.code(receipt)}).text

    assert "Ten głos zastąpiono." in page
    assert "Projekt 1" not in page
    assert "Dowód" not in page
    assert "policzonych" not in page
    assert "Ten głos zastąpiono." not in present
    assert "znajduje się wśród" in present


def test_nothing_leads_from_a_former_leaf_to_the_next(app: Flask, tenant: int) -> None:
    poll, _, former = cast_and_changed(app, tenant, Publication.LINKED)
    with app.app_context():
        columns = {column.key for column in inspect(ReplacedReceipt).column_attrs}
    assert columns == {"leaf", "tenant_id", "poll_id", "idem_hash", "batch"}
    count(app, tenant, poll)

    with app.app_context():
        rows = db.session.scalars(select(FinalReceipt).where(FinalReceipt.replaced)).all()
        assert sorted(row.leaf for row in rows) == sorted(former.values())
        # The nonce would let anyone try which of few choices a former leaf was made of.
        assert {row.nonce for row in rows} == {None}
        assert not db.session.scalars(select(ReplacedReceipt.leaf)).all()


def test_a_changed_vote_that_is_taken_out_leaves_its_former_leaf(
    app: Flask, tenant: int, tmp_path: Path
) -> None:
    poll, changing, _ = cast_and_changed(app, tenant)
    take_out(app, tenant, poll, changing[:3])
    count(app, tenant, poll)
    make.publish_poll(app, tenant, poll)
    folder = download(app, tmp_path)
    marks = [line.split()[2:] for line in (folder / "codes.txt").read_text().splitlines()]
    code, said = check(folder)

    assert code == 0, said
    assert marks.count(["replaced"]) == CHANGED
    with app.app_context():
        result = db.session.get_one(PollResult, poll)
        assert (result.participations, result.replaced) == (VOTERS - 3, CHANGED)
        assert list(wholeness.list_faults(db.session.get_one(Poll, poll))) == []


def test_of_a_vote_that_is_called_off_former_leaves_go_too(app: Flask, tenant: int) -> None:
    poll, _, _ = cast_and_changed(app, tenant)
    with app.app_context():
        rules_hash = db.session.get_one(Poll, poll).rules_hash
    make.approval(app, tenant, "poll.cancel", poll, rules_hash or "")
    with app.app_context(), transaction():
        row = db.session.get_one(Poll, poll)
        row.state, row.stop_reason = PollState.CANCELLED, "Błąd na karcie do głosowania."
    with app.app_context():
        jobs.finish({"tenant_id": tenant, "poll_id": poll})

    with app.app_context():
        assert not db.session.scalars(select(ReplacedReceipt.leaf)).all()


# Faults. Each changes what a published folder says; the program finds it.


def _codes(folder: Path, change: Callable[[list[str]], list[str]]) -> None:
    path = folder / "codes.txt"
    path.write_text("".join(change(path.read_text().splitlines(keepends=True))))


def _first(lines: list[str], *, replaced: bool) -> int:
    return next(no for no, line in enumerate(lines) if ("replaced" in line) == replaced)


def mark_goes(lines: list[str]) -> list[str]:
    at = _first(lines, replaced=True)
    lines[at] = lines[at].replace(" replaced", "")
    return lines


def mark_says_otherwise(lines: list[str]) -> list[str]:
    at = _first(lines, replaced=True)
    lines[at] = lines[at].replace("replaced", "taken-out")
    return lines


def mark_comes(lines: list[str]) -> list[str]:
    at = _first(lines, replaced=False)
    lines[at] = lines[at].replace("\n", " replaced\n")
    return lines


def mark_moves(lines: list[str]) -> list[str]:
    one, other = _first(lines, replaced=True), _first(lines, replaced=False)
    lines[one] = lines[one].replace(" replaced", "")
    lines[other] = lines[other].replace("\n", " replaced\n")
    return lines


def leaf_goes(lines: list[str]) -> list[str]:
    del lines[_first(lines, replaced=True)]
    return lines


_made: dict[str, bytes] = {}


@pytest.fixture
def folder(app: Flask, tenant: int, database_kind: str, tmp_path: Path) -> Path:
    """Give the files of a vote whose codes and ballots nothing joins; made once a database."""
    if database_kind not in _made:
        poll, _, _ = cast_and_changed(app, tenant)
        count(app, tenant, poll)
        make.publish_poll(app, tenant, poll)
        _made[database_kind] = make.client(app).get(f"{PAGE}/pliki.zip").data
    ZipFile(io.BytesIO(_made[database_kind])).extractall(tmp_path)
    return tmp_path / "glosowanie-rynek"


@pytest.mark.parametrize(
    "fault", [mark_goes, mark_says_otherwise, mark_comes, mark_moves, leaf_goes]
)
def test_planted_faults_are_found(folder: Path, fault: Callable[[list[str]], list[str]]) -> None:
    _codes(folder, fault)
    code, said = check(folder)

    assert code == 1, said
    assert "NIE ZGADZA SIĘ" in said
    assert run("verify", folder, environment={}).code != 0
