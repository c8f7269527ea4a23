"""The files of a counted vote: what a stranger downloads is enough to check it, and no more."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Flask
from sqlalchemy import select
from werkzeug.serving import make_server

from deliberate.accounts.models import Person, Residence
from deliberate.algorithms.counting import BallotKind
from deliberate.kernel import clock
from deliberate.kernel.actor import SYSTEM
from deliberate.kernel.db import db, transaction
from deliberate.subjects.gate import Activity
from deliberate.tenancy.models import Municipality
from deliberate.voting import files, keys, receipts, verify
from deliberate.voting.actions import casting, counting, heading
from deliberate.voting.ballot_rules import Written
from deliberate.voting.models import Poll, VoteCase, VoteVerdict
from deliberate.voting.states import CaseKind, Publication, Verdict
from tests import make, sql
from tests.terminal import run

PAGE = "/konsultacje/rynek/glosowanie"
VOTERS = 126  # options tie in some parts, so that lots decide
QUESTIONS = BallotKind.QUESTIONS

Folder = Path
# A published vote takes seconds to make, and nothing changes it: once a database and a kind.
_made: dict[tuple[str, Publication, int], bytes] = {}


def sections() -> list[Any]:
    """Describe a ballot of a section each that adds up in its own way, and one that has rounds."""
    return [
        make.section(title="Projekty", options=3, first=1),
        make.section(QUESTIONS, title="Pytania", options=2, first=4, method="questions"),
        make.section(BallotKind.SCORE, title="Oceny", options=3, first=6),
        make.section(BallotKind.POINTS, title="Punkty", options=3, first=9),
        make.section(BallotKind.RANKED, title="Kolejność", options=3, first=12),
        make.section(BallotKind.RANKED, title="Rundy", options=3, first=15, method="irv"),
    ]


def choices(number: int) -> dict[int, Written]:
    """Return what the voter of this number chooses; few of them choose the same."""
    first, second = number % 3, (number // 3) % 3
    ranking = {12 + first: "1"} | ({12 + second: "2"} if first != second else {})
    return {
        1: Written(marked=frozenset({1 + first, 1 + second})),
        2: Written(said={4: ("yes", "no", "abstain")[first]} | ({5: "yes"} if second else {})),
        3: Written(said={6 + first: str(number % 6), 6 + second: str(number % 6)}),
        4: Written(said={9 + first: str(1 + number % 7)}),
        5: Written(said=ranking),
        6: Written(said={no + 3: place for no, place in ranking.items()}),
    }


def make_published(
    app: Flask,
    tenant: int,
    kind: Publication,
    *,
    voters: int = VOTERS,
    heads: bool = True,
    out: int = 0,
) -> int:
    """Make a vote of the past with heads on two mornings, counted and published."""
    now = clock.now()
    consultation = make.consultation(app, tenant, opens=[Activity.VOTE])
    poll_id = make.poll(
        app,
        tenant,
        consultation,
        began=timedelta(days=9),
        left=timedelta(days=-1),
        sections=sections(),
        publication=kind,
        randomness_source="Lotto, losowanie po końcu głosowania",
        randomness_shape="lotto",
        randomness_at=now - timedelta(hours=12),
    )
    people = make.residents(app, tenant, voters)
    settle(app, tenant, people)
    for day, half in ((6, people[: voters // 2]), (5, people[voters // 2 :])):
        with clock.at(now - timedelta(days=day)), app.app_context(), transaction():
            db.session.get_one(Municipality, tenant)
            poll = db.session.get_one(Poll, poll_id)
            for person in half:
                form = casting.Form(idem=f"form of {person}", browser=f"{person:032x}")
                voter = db.session.get_one(Person, person)
                casting.cast(poll.id, voter, choices(people.index(person)), form)
        with clock.at(now - timedelta(days=day - 1)), app.app_context(), transaction():
            if heads:
                heading.add_daily(db.session.get_one(Poll, poll_id), now=clock.now())
    take_out(app, tenant, poll_id, people[:out])
    make.drawn(app, tenant, poll_id, "3 14 15 22 35 49")
    with app.app_context():
        rules_hash = db.session.get_one(Poll, poll_id).rules_hash
    make.approval(app, tenant, "poll.count", poll_id, rules_hash or "")
    with app.app_context(), transaction():
        counting.count(db.session.get_one(Municipality, tenant), poll_id, actor=SYSTEM)
    make.publish_poll(app, tenant, poll_id)
    return poll_id


def settle(app: Flask, tenant: int, people: list[int]) -> None:
    """Have people live in two large areas and in a hamlet, and of some nobody know where."""
    places = (
        make.area(app, tenant, name="Śródmieście", residents=9_000),
        make.area(app, tenant, name="Nadrzecze", residents=4_000),
        make.area(app, tenant, name="Wólka", residents=120),
    )
    hamlet = dict.fromkeys(people[1:4], places[2])
    homes = dict.fromkeys(people[4::2], places[0]) | hamlet
    homes |= dict.fromkeys(people[5::2], places[1])
    with app.app_context(), transaction():
        for residence in db.session.scalars(select(Residence)):
            residence.area_id = homes.get(residence.person_id)


def take_out(app: Flask, tenant: int, poll_id: int, people: list[int]) -> None:
    """Have two persons decide that these votes are not counted."""
    one, other = make.person(app), make.person(app)
    now = clock.now()
    with app.app_context(), transaction():
        for person in people:
            case = VoteCase(
                tenant_id=tenant,
                poll_id=poll_id,
                kind=CaseKind.DISPUTED,
                person_key=keys.person_key(tenant, poll_id, person),
                opened_at=now,
            )
            db.session.add(case)
            db.session.flush()
            verdict = VoteVerdict(
                tenant_id=tenant,
                case_id=case.id,
                verdict=Verdict.TAKE_OUT,
                reason="Te dane podał ktoś inny.",
                said_by=one,
                said_at=now,
            )
            db.session.add(verdict)
            db.session.flush()
            verdict.confirmed_by, verdict.confirmed_at = other, now


@pytest.fixture
def download(app: Flask, tenant: int, database_kind: str, tmp_path: Path) -> Callable[..., Folder]:
    """Give a way to get the unpacked files of a vote that publishes in some way."""

    def download(kind: Publication, voters: int = VOTERS) -> Folder:
        place = (database_kind, kind, voters)
        if place not in _made:
            make_published(app, tenant, kind, voters=voters)
            answer = make.client(app).get(f"{PAGE}/pliki.zip")
            assert answer.status_code == 200
            _made[place] = answer.data
        ZipFile(io.BytesIO(_made[place])).extractall(tmp_path)
        return tmp_path / "glosowanie-rynek"

    return download


def check(folder: Folder, *known: str) -> tuple[int, str]:
    """Run the program that came with the files, with nothing of ours and nothing installed."""
    said = subprocess.run(
        [sys.executable, "-I", "-S", str(folder / "verify.py"), str(folder), *known],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={"PYTHONIOENCODING": "utf-8"},
    )
    return said.returncode, said.stdout + said.stderr


EVERY = pytest.mark.parametrize("kind", list(Publication))


@EVERY
def test_a_stranger_finds_that_all_holds(
    download: Callable[..., Folder], kind: Publication
) -> None:
    folder = download(kind)
    code, said = check(folder)

    assert code == 0, said
    assert "NIE ZGADZA SIĘ" not in said
    assert "wpis 1 z dnia" in said
    assert "wpis 3 z dnia" in said
    if kind is Publication.TOTALS:
        assert "nie sprawdzono  część 1: sumy" in said
    else:
        assert "zgadza się  część 5: sumy" in said
        assert "zgadza się  część 2: odpowiedzi na pytanie 5" in said
        assert "nie sprawdzono  część 6: rundy metody irv" in said
        assert "nie sprawdzono  część 1: wybrane spośród miejsc, losy" in said


@pytest.mark.first_on_both
@EVERY
def test_the_command_counts_every_method_again(
    download: Callable[..., Folder], kind: Publication
) -> None:
    said = run("verify", download(kind), environment={})

    assert said.code == 0, said
    is_there = kind is not Publication.TOTALS
    assert ("część 6, metoda irv: policzona od nowa, runda po rundzie" in said.out) == is_there


@pytest.mark.parametrize("voters", [VOTERS, 24])
def test_the_last_head_says_who_took_part_where_and_hides_the_hamlet(
    app: Flask, tenant: int, download: Callable[..., Folder], voters: int
) -> None:
    """Śródmieście has more voters than Nadrzecze, which alone the hamlet's three can hide among."""
    folder = download(Publication.TOTALS, voters)
    last = json.loads(json.loads((folder / "heads.json").read_text())["heads"][-1]["body"])
    result = json.loads((folder / "result.json").read_text())
    first = (voters - 4 + 1) // 2

    assert last["areas"] == result["areas"] == [["Śródmieście", first], ["", voters - first]]
    assert sum(last["channels"].values()) == voters
    assert "Wólka" not in (folder / "heads.json").read_text()


def test_pages_say_who_took_part_where(app: Flask, tenant: int) -> None:
    make_published(app, tenant, Publication.TOTALS, voters=24, heads=False)
    visitor = make.client(app)
    page, protocol = visitor.get(f"{PAGE}/wynik").text, visitor.get(f"{PAGE}/protokol").text
    said = visitor.get(f"{PAGE}/wynik.json").json["areas"]

    assert said == [{"name": "Śródmieście", "people": 10}, {"name": None, "people": 14}]
    for text in (page, protocol):
        assert "Śródmieście" in text
        assert "Wólka" not in text
    assert "Inne części i nieznane" in page
    assert "inne części i nieznane" in protocol


def test_what_is_published_is_what_the_kind_says(download: Callable[..., Folder]) -> None:
    always = {
        "README.txt",
        "codes.txt",
        "heads.json",
        "result.json",
        "rules.json",
        "verify.py",
    }
    for kind, more in (
        (Publication.TOTALS, set()),
        (Publication.LINKED, {"linked.jsonl"}),
        (Publication.APART, {f"ballots-{no}.txt" for no in range(1, 7)}),
    ):
        folder = download(kind)
        assert {path.name for path in folder.iterdir()} == always | more
        for path in folder.iterdir():
            path.unlink()


def test_apart_nothing_joins_codes_and_ballots(download: Callable[..., Folder]) -> None:
    folder = download(Publication.APART)

    codes = (folder / "codes.txt").read_text().splitlines()
    leaves = [line.split()[1] for line in codes]
    first, second = leaves[:60], leaves[60:120]
    assert first == sorted(first)
    assert second == sorted(second)
    assert [line.split()[0] for line in codes] == [receipts.code(leaf) for leaf in leaves]
    for no in range(1, 7):
        lines = (folder / f"ballots-{no}.txt").read_text().splitlines()
        assert len(lines) == VOTERS
        assert lines != sorted(lines)  # a drawn order, of neither codes nor choices
    everything = b"".join(path.read_bytes() for path in folder.glob("ballots-*"))
    assert not any(leaf.encode() in everything for leaf in leaves)


def test_small_sections_give_only_totals(
    app: Flask, tenant: int, download: Callable[..., Folder]
) -> None:
    folder = download(Publication.APART, files.FEWEST - 1)
    code, said = check(folder)

    assert not list(folder.glob("ballots-*"))
    assert code == 0, said
    assert "nie sprawdzono  część 1: sumy" in said


@pytest.mark.first_on_both
@pytest.mark.parametrize(
    ("kind", "voters", "shown"),
    [
        (Publication.TOTALS, files.FEWEST, False),
        (Publication.APART, files.FEWEST - 1, False),
        (Publication.APART, files.FEWEST, True),
        (Publication.LINKED, 4, True),
    ],
)
def test_the_result_has_a_hash_of_ballots_only_where_ballots_come_out(
    app: Flask, tenant: int, kind: Publication, voters: int, shown: bool
) -> None:
    make_published(app, tenant, kind, voters=voters, heads=False)

    assert ("Skrót kart" in make.client(app).get(f"{PAGE}/wynik").text) is shown


def test_the_page_says_why_ballots_are_not_there(app: Flask, tenant: int) -> None:
    make_published(app, tenant, Publication.APART, voters=4, heads=False)
    page = make.client(app).get(f"{PAGE}/lista-kontrolna").text

    assert "mniej niż sto" in page
    assert "„Projekty”" in page
    assert "ballots-1.txt" not in page


@pytest.mark.parametrize("kind", [Publication.APART, Publication.LINKED])
def test_votes_taken_out_stay_on_the_list_marked(
    app: Flask, tenant: int, tmp_path: Path, kind: Publication
) -> None:
    """All votes of the first day but a few are in its head, so that some of these stay."""
    make_published(app, tenant, kind, out=12)
    visitor = make.client(app)
    ZipFile(io.BytesIO(visitor.get(f"{PAGE}/pliki.zip").data)).extractall(tmp_path)
    folder = tmp_path / "glosowanie-rynek"
    codes = [line.split() for line in _lines(folder / "codes.txt")]
    marked = [line[0] for line in codes if line[2:] == ["taken-out"]]
    code, said = check(folder)

    assert code == 0, said
    assert 9 <= len(marked) <= 12
    assert len(codes) - len(marked) == VOTERS - 12
    assert run("verify", folder, environment={}).code == 0
    answer = visitor.post(f"{PAGE}/kod", data={"kod": marked[0]}).text
    assert "Jest na liście, ale nie został policzony." in answer


# Faults. Each changes what a published folder says; the program and the command both find it.

Fault = Callable[[Folder], None]


def _lines(path: Path) -> list[str]:
    return path.read_text("utf-8").splitlines(keepends=True)


def changed_ballot(folder: Folder) -> None:
    path = folder / "ballots-1.txt"
    text = path.read_text()
    path.write_text(text.replace("[1]", "[2]", 1))


def removed_ballot(folder: Folder) -> None:
    path = folder / "ballots-1.txt"
    path.write_text("".join(_lines(path)[1:]))


def added_ballot(folder: Folder) -> None:
    path = folder / "ballots-1.txt"
    path.write_text(path.read_text() + "[2]\n")


def ballot_beyond_limits(folder: Folder) -> None:
    path = folder / "ballots-4.txt"
    lines = _lines(path)
    path.write_text("".join(["[[9,1000]]\n", *lines[1:]]))


def swapped_sections(folder: Folder) -> None:
    first, second = folder / "ballots-5.txt", folder / "ballots-6.txt"
    one, two = first.read_bytes(), second.read_bytes()
    first.write_bytes(two)
    second.write_bytes(one)


def removed_section(folder: Folder) -> None:
    (folder / "ballots-3.txt").unlink()


def changed_linked_ballot(folder: Folder) -> None:
    path = folder / "linked.jsonl"
    path.write_text(path.read_text().replace('"choices":[[1,[1]]', '"choices":[[1,[2]]', 1))


def removed_linked_ballot(folder: Folder) -> None:
    path = folder / "linked.jsonl"
    path.write_text("".join(_lines(path)[:-1]))


def added_linked_ballot(folder: Folder) -> None:
    path = folder / "linked.jsonl"
    path.write_text(path.read_text() + _lines(path)[0])


def swapped_nonces(folder: Folder) -> None:
    path = folder / "linked.jsonl"
    rows = [json.loads(line) for line in _lines(path)]
    rows[0]["nonce"], rows[1]["nonce"] = rows[1]["nonce"], rows[0]["nonce"]
    path.write_text("".join(json.dumps(row, separators=(",", ":")) + "\n" for row in rows))


def _heads(folder: Folder, change: Callable[[dict[str, Any]], None]) -> None:
    path = folder / "heads.json"
    heads = json.loads(path.read_text())
    change(heads)
    path.write_text(json.dumps(heads))


def altered_head(folder: Folder) -> None:
    def alter(heads: dict[str, Any]) -> None:
        head = heads["heads"][0]
        head["body"] = head["body"].replace('"leaves":60', '"leaves":50')
        head["hash"] = hashlib.sha256(head["body"].encode()).hexdigest()

    _heads(folder, alter)


def removed_head(folder: Folder) -> None:
    _heads(folder, lambda heads: heads["heads"].pop(0))


def foreign_signature(folder: Folder) -> None:
    key = Ed25519PrivateKey.generate()

    def sign(heads: dict[str, Any]) -> None:
        for head in heads["heads"]:
            head["signature"] = base64.b64encode(key.sign(head["body"].encode())).decode()

    _heads(folder, sign)


def wrong_total(folder: Folder) -> None:
    path = folder / "result.json"
    result = json.loads(path.read_text())
    score = result["outcome"]["1"]["score"]
    score["1"] = str(int(score["1"]) + 1)
    path.write_text(json.dumps(result))


def wrong_participations(folder: Folder) -> None:
    path = folder / "result.json"
    result = json.loads(path.read_text())
    result["participations"] += 1
    path.write_text(json.dumps(result))


def wrong_area(folder: Folder) -> None:
    """Say of an area what is true of another; the sum stays."""
    path = folder / "result.json"
    result = json.loads(path.read_text())
    (one, many), (other, few) = result["areas"]
    result["areas"] = [[one, few], [other, many]] if few != many else [[one, many - 1], [other, 1]]
    path.write_text(json.dumps(result))


def hidden_areas(folder: Folder) -> None:
    path = folder / "result.json"
    result = json.loads(path.read_text())
    del result["areas"]
    path.write_text(json.dumps(result))


def wrong_area_signed(folder: Folder) -> None:
    """Let the last head, signed anew with a key of one's own, say more people than voted."""
    path = folder / "result.json"
    result = json.loads(path.read_text())
    result["areas"][0][1] += 1
    path.write_text(json.dumps(result))
    _forge(folder, areas=result["areas"])


def changed_rules(folder: Folder) -> None:
    path = folder / "rules.json"
    path.write_text(path.read_text().replace('"most":3', '"most":2', 1))


def removed_code(folder: Folder) -> None:
    path = folder / "codes.txt"
    path.write_text("".join(_lines(path)[1:]))


def wrong_code(folder: Folder) -> None:
    """Show a voter their code beside somebody else's leaf."""
    path = folder / "codes.txt"
    lines = _lines(path)
    lines[0] = lines[1][:14] + lines[0][14:]
    path.write_text("".join(lines))


def not_a_file(folder: Folder) -> None:
    (folder / "codes.txt").unlink()


EVERYWHERE = (
    altered_head,
    removed_head,
    foreign_signature,
    wrong_total,
    wrong_participations,
    wrong_area,
    hidden_areas,
    wrong_area_signed,
    changed_rules,
    removed_code,
    wrong_code,
    not_a_file,
)
OF_APART = (
    changed_ballot,
    removed_ballot,
    added_ballot,
    ballot_beyond_limits,
    swapped_sections,
    removed_section,
)
OF_LINKED = (changed_linked_ballot, removed_linked_ballot, added_linked_ballot, swapped_nonces)
FAULTS = [
    *((Publication.APART, fault) for fault in (*EVERYWHERE, *OF_APART)),
    *((Publication.LINKED, fault) for fault in (*EVERYWHERE, *OF_LINKED)),
    *((Publication.TOTALS, fault) for fault in EVERYWHERE),
]


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("kind", "fault"), FAULTS, ids=[f"{kind}-{fault.__name__}" for kind, fault in FAULTS]
)
def test_a_fault_is_found(download: Callable[..., Folder], kind: Publication, fault: Fault) -> None:
    folder = download(kind)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    fault(folder)
    after = {path.name: path.read_bytes() for path in folder.iterdir()}
    code, said = check(folder)
    told = run("verify", folder, environment={})

    assert before != after  # the fault was planted
    assert code == 1, said
    assert "NIE ZGADZA SIĘ" in said
    assert "Traceback" not in said
    assert told.code == 1, told


@pytest.mark.one_database
def test_who_replaces_everything_is_found_by_what_was_kept_elsewhere(
    download: Callable[..., Folder],
) -> None:
    """A forger with a key of their own signs other files whole; only what others keep tells."""
    folder = download(Publication.TOTALS)
    heads = json.loads((folder / "heads.json").read_text())
    true_key, true_hash = heads["signing_key"], heads["heads"][0]["hash"]
    assert check(folder, true_key, true_hash)[0] == 0

    _forge(folder)

    assert check(folder)[0] == 0
    for kept in (true_key, true_hash):
        code, said = check(folder, kept)
        assert code == 1
        assert "skądinąd" in said
        assert run("verify", folder, kept, environment={}).code == 1


def _forge(folder: Folder, **final: object) -> None:
    """Sign all heads with another key; the last one says what is given."""
    key = Ed25519PrivateKey.generate()
    public = base64.b64encode(key.public_key().public_bytes_raw()).decode()
    rules_path, heads_path = folder / "rules.json", folder / "heads.json"
    heads = json.loads(heads_path.read_text())
    rules = rules_path.read_text().replace(heads["signing_key"], public)
    rules_path.write_text(rules)
    heads["signing_key"], previous = public, ""
    for head in heads["heads"]:
        body = json.loads(head["body"]) | {"previous": previous}
        body |= final if "outcome" in body else {}
        if "rules" in body:
            body["rules"] = hashlib.sha256(rules.encode()).hexdigest()
        head["body"] = verify.compact(body)
        head["hash"] = previous = hashlib.sha256(head["body"].encode()).hexdigest()
        head["signature"] = base64.b64encode(key.sign(head["body"].encode())).decode()
    heads_path.write_text(json.dumps(heads))


# The addresses.


def test_each_file_is_there_alone_and_the_same_as_in_the_archive(app: Flask, tenant: int) -> None:
    make_published(app, tenant, Publication.APART, voters=104)
    visitor = make.client(app)
    packed = ZipFile(io.BytesIO(visitor.get(f"{PAGE}/pliki.zip").data))
    page = visitor.get(f"{PAGE}/lista-kontrolna").text

    for name in packed.namelist():
        short = name.rpartition("/")[2]
        answer = visitor.get(f"{PAGE}/pliki/{short}")
        assert answer.status_code == 200
        assert answer.data == packed.read(name)
        assert f"/pliki/{short}" in page
    assert visitor.get(f"{PAGE}/pliki/linked.jsonl").status_code == 404
    assert visitor.get(f"{PAGE}/pliki/nic.txt").status_code == 404
    assert visitor.get(f"{PAGE}/pliki/verify.py").data == Path(verify.__file__).read_bytes()
    heads = visitor.get(f"{PAGE}/lista-kontrolna.json").data
    assert heads == visitor.get(f"{PAGE}/pliki/heads.json").data


@pytest.mark.one_database
@pytest.mark.parametrize("page", ["", "/wynik", "/lista-kontrolna?nr=0", "/pliki.zip"])
def test_the_command_takes_the_files_from_any_page_of_the_vote(
    app: Flask, tenant: int, page: str
) -> None:
    make_published(app, tenant, Publication.LINKED, voters=12, heads=False)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    here = f"http://127.0.0.1:{server.server_port}/g/lubowierz"
    try:
        said = run("verify", f"{here}{PAGE}{page}", environment={})
        nowhere = run("verify", f"{here}/konsultacje/nie-ma/glosowanie", environment={})
        elsewhere = run("verify", f"{here}/konsultacje", environment={})
    finally:
        server.shutdown()
        thread.join()
        server.server_close()

    assert said.code == 0, said
    assert "część 6, metoda irv: policzona od nowa, runda po rundzie" in said.out
    assert (nowhere.code, elsewhere.code) == (1, 1)
    assert "Nie ma tam plików głosowania" in nowhere.err
    assert "Podaj adres strony głosowania" in elsewhere.err


@pytest.mark.one_database
def test_a_folder_that_is_none_is_said(tmp_path: Path) -> None:
    said = run("verify", tmp_path / "nic", environment={})

    assert said.code == 1
    assert "nie da się odczytać" in said.err


def test_the_rules_file_is_the_sealed_text(app: Flask, tenant: int) -> None:
    poll = make_published(app, tenant, Publication.TOTALS, voters=2, heads=False)
    sent = make.client(app).get(f"{PAGE}/pliki/rules.json").data

    with app.app_context():
        rules_hash = db.session.get_one(Poll, poll).rules_hash
    assert hashlib.sha256(sent).hexdigest() == rules_hash


def test_files_are_read_a_page_at_a_time(
    app: Flask, tenant: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many rows a page has, a file is the same."""
    make_published(app, tenant, Publication.LINKED, voters=23, heads=False)
    visitor = make.client(app)
    names = ("codes.txt", "linked.jsonl")
    whole = [visitor.get(f"{PAGE}/pliki/{name}").data for name in names]
    monkeypatch.setattr(files, "PAGE", 5)

    assert [visitor.get(f"{PAGE}/pliki/{name}").data for name in names] == whole
    assert len(whole[0].splitlines()) == 23


def test_before_the_result_is_out_there_are_no_files(app: Flask, tenant: int) -> None:
    consultation = make.consultation(app, tenant, opens=[Activity.VOTE])
    make.poll(app, tenant, consultation)
    visitor = make.client(app)

    assert visitor.get(f"{PAGE}/pliki.zip").status_code == 404
    for name in ("codes.txt", "result.json", "rules.json"):
        assert visitor.get(f"{PAGE}/pliki/{name}").status_code == 404
    assert "verify.py" not in visitor.get(f"{PAGE}/lista-kontrolna").text


def test_the_program_is_short_and_needs_nothing() -> None:
    text = Path(verify.__file__).read_text("utf-8")
    imported = set(re.findall(r"^(?:import|from) (\w+)", text, re.MULTILINE))

    assert len(text.splitlines()) <= 200
    assert imported <= sys.stdlib_module_names


def test_pages_take_few_statements_however_many_heads(app: Flask, tenant: int) -> None:
    make_published(app, tenant, Publication.APART, voters=104)
    visitor = make.client(app)
    visitor.get(f"{PAGE}/lista-kontrolna")

    with sql.counted(app) as statements:
        visitor.get(f"{PAGE}/lista-kontrolna")
    assert len(statements) <= 9, statements
    with sql.counted(app) as statements:
        visitor.get(f"{PAGE}/pliki/codes.txt")
    assert len(statements) <= 8, statements
