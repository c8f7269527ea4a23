"""A copy from the days of a vote: noise without the keys, tried as a whole with one command."""

import re
import sqlite3
import tarfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import NullPool, create_engine, inspect, make_url, text

from deliberate.accounts.models import Person
from deliberate.kernel import clock, lockedfile
from deliberate.kernel.actor import SYSTEM
from deliberate.kernel.db import db, transaction
from deliberate.subjects.activities import Activity
from deliberate.tenancy.models import Municipality
from deliberate.voting import jobs, retention
from deliberate.voting.actions import casting, counting, heading, stopping
from deliberate.voting.models import Poll
from tests import make
from tests.databases import Databases
from tests.terminal import Said, Terminal

VOTERS = 60


@dataclass(frozen=True, kw_only=True)
class Town:
    """A municipality with a vote, and the terminal of its operator."""

    app: Flask
    tenant: int
    poll: int
    terminal: Terminal

    @property
    def keys(self) -> Path:
        return self.terminal.folder / "keys"

    @property
    def key(self) -> Path:
        return self.keys / f"poll-{self.poll}-backup.key"


@pytest.fixture
def town(app: Flask, databases: Databases) -> Town:
    """Give a vote that receives, with voters and one head of its log."""
    tenant = make.municipality(app)
    poll_id = make.poll(app, tenant, make.consultation(app, tenant, opens=[Activity.VOTE]))
    people = make.residents(app, tenant, VOTERS)
    with app.app_context(), transaction():
        row = db.session.get_one(Poll, poll_id)
        for person in people:
            voter, form = db.session.get_one(Person, person), casting.Form(idem=f"of {person}")
            casting.cast(row.id, voter, make.marks(1), form)
        heading.add_daily(row, now=clock.now())
    folder = app.extensions["deliberate.settings"].folder
    terminal = Terminal(database_url=databases.url, folder=folder)
    return Town(app=app, tenant=tenant, poll=poll_id, terminal=terminal)


@pytest.fixture
def elsewhere(databases: Databases, tmp_path: Path) -> Terminal:
    return Terminal(database_url=databases.new_empty("restored"), folder=tmp_path / "other")


@pytest.fixture
def archive(town: Town, tmp_path: Path) -> Path:
    archive = tmp_path / "copy"
    said = town.terminal.run("backup", archive)
    assert (said.code, said.err) == (0, "")
    assert town.key.name in said.out
    return archive


def is_refused(said: Said, elsewhere: Terminal) -> bool:
    """Tell whether it was refused in a sentence, and nothing was restored, not even half."""
    one_sentence = (said.code, said.out, said.err.count("\n")) == (1, "", 1)
    left = [path for path in elsewhere.folder.rglob("*") if path.is_file()]
    return one_sentence and left == [] and is_empty(elsewhere)


# The lock.


def test_a_copy_from_the_days_of_a_vote_is_noise(archive: Path) -> None:
    assert b"manifest.json" not in archive.read_bytes()  # every tar of ours begins with it
    assert archive.stat().st_mode & 0o777 == 0o600
    assert not tarfile.is_tarfile(archive)


def test_nothing_readable_is_left_beside_it_or_beside_the_database(
    town: Town, archive: Path
) -> None:
    assert [path.name for path in archive.parent.iterdir() if path.is_file()] == ["copy"]
    assert list(town.terminal.folder.glob("backup-*")) == []


def test_with_the_keys_everything_comes_back(
    town: Town, elsewhere: Terminal, archive: Path
) -> None:
    said = elsewhere.run("restore", archive, "--keys", town.keys)

    assert (said.code, said.err) == (0, "")
    assert scalar(elsewhere, "SELECT count(*) FROM ballot") == VOTERS
    assert elsewhere.run("audit", "verify") == town.terminal.run("audit", "verify")


def test_keys_that_lie_where_they_belong_are_found(
    town: Town, elsewhere: Terminal, archive: Path
) -> None:
    elsewhere.folder.mkdir()
    town.keys.rename(elsewhere.folder / "keys")

    assert elsewhere.run("restore", archive).code == 0


def test_without_the_key_nobody_reads_it(town: Town, elsewhere: Terminal, archive: Path) -> None:
    said = elsewhere.run("restore", archive)

    assert is_refused(said, elsewhere)
    assert f"brakuje kluczy: {town.key.name}" in said.err


def test_with_another_key_nobody_reads_it(
    town: Town, elsewhere: Terminal, archive: Path, tmp_path: Path
) -> None:
    others = tmp_path / "others"
    others.mkdir()
    (others / town.key.name).write_bytes(bytes(range(32)))

    said = elsewhere.run("restore", archive, "--keys", others)

    assert is_refused(said, elsewhere)
    assert "Klucze nie pasują" in said.err


def test_two_votes_at_once_lock_it_with_both_keys(
    town: Town, elsewhere: Terminal, tmp_path: Path
) -> None:
    other = make.poll(town.app, town.tenant, make.consultation(town.app, town.tenant, slug="park"))
    archive, folder = tmp_path / "both", town.keys
    town.terminal.run("backup", archive)
    assert lockedfile.names(archive) == [f"poll-{no}-backup.key" for no in (town.poll, other)]

    for no in (town.poll, other):
        path = folder / f"poll-{no}-backup.key"
        away = path.rename(tmp_path / path.name)
        assert is_refused(elsewhere.run("restore", archive, "--keys", folder), elsewhere)
        away.rename(path)
    assert elsewhere.run("restore", archive, "--keys", folder).code == 0


def cut(content: bytes) -> bytes:
    return content[:-1]


def cut_to_whole_pieces(content: bytes) -> bytes:
    start = content.index(b"\n", len(lockedfile.FIRST_LINE)) + 1
    whole = lockedfile.PIECE + lockedfile.TAG
    return content[: start + (len(content) - start - 1) // whole * whole]


def add(content: bytes) -> bytes:
    return content + b"\0" * 512


def change(content: bytes) -> bytes:
    return content[:-100] + bytes([content[-100] ^ 1]) + content[-99:]


def change_names(content: bytes) -> bytes:
    return content.replace(b'"poll-', b'"../poll-', 1)


def lose_the_second_line(content: bytes) -> bytes:
    return lockedfile.FIRST_LINE + content[content.index(b"\n", len(lockedfile.FIRST_LINE)) :]


@pytest.mark.first_on_both
@pytest.mark.parametrize(
    "spoil", [cut, cut_to_whole_pieces, add, change, change_names, lose_the_second_line]
)
def test_a_changed_copy_is_refused_and_nothing_is_restored(
    town: Town, elsewhere: Terminal, archive: Path, spoil: Callable[[bytes], bytes]
) -> None:
    archive.write_bytes(spoil(archive.read_bytes()))

    said = elsewhere.run("restore", archive, "--keys", town.keys)

    assert is_refused(said, elsewhere)
    assert "Kopia jest ucięta albo zmieniona" in said.err


def test_a_lost_key_is_made_anew_so_that_copies_go_on(
    town: Town, elsewhere: Terminal, archive: Path, tmp_path: Path
) -> None:
    town.key.unlink()

    said = town.terminal.run("backup", tmp_path / "next")

    assert (said.code, said.err.count("\n")) == (0, 1)
    assert "zrobiono nowy" in said.err
    keys = town.keys
    assert is_refused(elsewhere.run("restore", archive, "--keys", keys), elsewhere)
    assert elsewhere.run("restore", tmp_path / "next", "--keys", keys).code == 0


# Until when.


def count(town: Town) -> None:
    with town.app.app_context():
        rules_hash = db.session.get_one(Poll, town.poll).rules_hash or ""
    make.approval(town.app, town.tenant, "poll.count", town.poll, rules_hash)
    with town.app.app_context(), clock.at(clock.now() + timedelta(days=10)), transaction():
        counting.count(db.session.get_one(Municipality, town.tenant), town.poll, actor=SYSTEM)


def publish(town: Town) -> None:
    count(town)
    make.publish_poll(town.app, town.tenant, town.poll)


def cancel(town: Town) -> None:
    with town.app.app_context():
        rules_hash = db.session.get_one(Poll, town.poll).rules_hash or ""
    make.approval(town.app, town.tenant, "poll.cancel", town.poll, rules_hash)
    with town.app.app_context(), transaction():
        there = db.session.get_one(Municipality, town.tenant)
        stopping.cancel(there, town.poll, "Pomylono projekty.", actor=SYSTEM)


def finish(town: Town) -> None:
    with town.app.app_context():
        jobs.finish({"tenant_id": town.tenant, "poll_id": town.poll})


def nothing(town: Town) -> None:
    pass


def publish_and_finish(town: Town) -> None:
    publish(town)
    finish(town)


def cancel_and_finish(town: Town) -> None:
    cancel(town)
    finish(town)


def count_and_finish(town: Town) -> None:
    count(town)
    finish(town)


@pytest.mark.parametrize(
    ("become", "days", "is_locked"),
    [
        (nothing, 0, True),
        (nothing, 400, True),  # nobody counted it
        (count_and_finish, 100, True),  # nobody published it, so nobody could protest yet
        (publish_and_finish, 29, True),
        (publish_and_finish, 31, False),
        (publish, 31, True),  # the steps after the count were not done: links may still be there
        (cancel, 0, True),
        (cancel_and_finish, 0, False),
    ],
)
def test_a_copy_is_locked_while_a_vote_can_be_read_or_contested(
    town: Town, tmp_path: Path, become: Callable[[Town], None], days: int, is_locked: bool
) -> None:
    become(town)
    later = clock.now() + timedelta(days=days)

    with clock.at(later):
        said = town.terminal.run("backup", tmp_path / "copy")
    with town.app.app_context(), clock.at(later):
        spent = retention._count_backup_keys(later)

    assert said.code == 0
    assert lockedfile.is_locked(tmp_path / "copy") is is_locked
    assert spent == (0 if is_locked else 1)


def test_a_vote_declared_void_before_its_result_keeps_the_time_from_its_count(town: Town) -> None:
    count_and_finish(town)
    with town.app.app_context():
        rules_hash = db.session.get_one(Poll, town.poll).rules_hash or ""
    make.approval(town.app, town.tenant, "poll.annul", town.poll, rules_hash)
    with town.app.app_context(), transaction():
        there = db.session.get_one(Municipality, town.tenant)
        stopping.annul(there, town.poll, "Pomylono projekty.", actor=SYSTEM)

    counted_at = clock.now() + timedelta(days=10)
    for days, spent in ((29, 0), (31, 1)):
        with town.app.app_context():
            assert retention._count_backup_keys(counted_at + timedelta(days=days)) == spent
    for days, is_over in ((59, False), (61, True)):
        with town.app.app_context():
            ended = retention._ended(counted_at + timedelta(days=days))
            assert (town.poll in db.session.scalars(ended).all()) is is_over


def test_retention_destroys_the_key_and_with_it_every_copy(
    town: Town, elsewhere: Terminal, archive: Path
) -> None:
    publish_and_finish(town)
    keys = town.keys

    with clock.at(clock.now() + timedelta(days=29)):
        town.terminal.run("retention", "run")
    assert town.key.exists()

    with clock.at(clock.now() + timedelta(days=31)):
        said = town.terminal.run("retention", "run")
    assert "     1  Klucze, bez których nikt nie odczyta kopii" in said.out
    assert list(keys.glob("poll-*")) == []
    assert is_refused(elsewhere.run("restore", archive, "--keys", keys), elsewhere)


def test_a_key_of_a_vote_that_is_just_being_sealed_stays(town: Town) -> None:
    park = make.consultation(town.app, town.tenant, slug="park")
    draft = make.poll(town.app, town.tenant, park, sealed=False)
    path = town.keys / f"poll-{draft}-backup.key"
    path.write_bytes(bytes(range(32)))

    with clock.at(clock.now() + timedelta(days=400)):
        town.terminal.run("retention", "run")

    assert path.exists()


# The drill.


def test_a_drill_says_that_a_copy_is_good_and_leaves_nothing(town: Town, archive: Path) -> None:
    before = live(town.terminal)

    said = town.terminal.run("drill", archive)

    assert (said.code, said.err) == (0, "")
    assert "Kopia jest dobra. Czas próby: " in said.out
    assert f"Głosowanie {town.poll} (zapieczętowane): udział, kody i podpisy" in said.out
    # How many voted is nobody's knowledge; the time that it took may be any number.
    assert re.findall(rf"\b{VOTERS}\b", said.out.partition("Czas próby")[0]) == []
    assert live(town.terminal) == before


@pytest.mark.parametrize("become", [count_and_finish, publish_and_finish, cancel_and_finish])
def test_a_drill_knows_votes_that_are_over(
    town: Town, tmp_path: Path, become: Callable[[Town], None]
) -> None:
    become(town)
    town.terminal.run("backup", tmp_path / "copy")

    assert town.terminal.run("drill", tmp_path / "copy").code == 0


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("DELETE FROM receipt WHERE leaf = (SELECT min(leaf) FROM receipt)", "osób i kodów"),
        ("DELETE FROM ballot WHERE id = (SELECT min(id) FROM ballot)", "osób i kart"),
        ("UPDATE log_head SET signature = 'AAAA' || substr(signature, 5)", "podpis albo skrót"),
        ("UPDATE log_head SET body = replace(body, 'leaves\":60', 'leaves\":50')", "podpis"),
        ("UPDATE receipt SET batch = NULL WHERE leaf = (SELECT max(leaf) FROM receipt)", "kody"),
        ("UPDATE poll SET rules = replace(rules, 'Projekt', 'Pomysł')", "zasady"),
    ],
)
def test_a_drill_finds_what_is_not_whole(
    town: Town, tmp_path: Path, statement: str, words: str
) -> None:
    spoil(town.terminal, statement)
    town.terminal.run("backup", tmp_path / "copy")

    said = town.terminal.run("drill", tmp_path / "copy")

    assert said.code == 1
    assert words in said.err
    assert "Głosowania, z którymi jest coś nie tak: 1." in said.err
    assert "Kopia jest dobra" not in said.out


def test_a_drill_without_the_key_is_one_sentence(town: Town, archive: Path) -> None:
    town.key.unlink()
    said = town.terminal.run("drill", archive)
    assert (said.code, said.out, said.err.count("\n")) == (1, "", 1)


@pytest.mark.postgres
def test_a_user_who_may_make_no_database_is_told(
    town: Town, archive: Path, databases: Databases
) -> None:
    spoil(town.terminal, "DROP ROLE IF EXISTS only_reads", "CREATE ROLE only_reads LOGIN")
    url = make_url(databases.url).set(username="only_reads").render_as_string(hide_password=False)

    said = town.terminal.run("drill", archive, DELIBERATE_DATABASE_URL=url)

    assert said.code == 1
    assert said.err.startswith("Nie da się założyć próbnej bazy")


def is_empty(terminal: Terminal) -> bool:
    url = make_url(terminal.environment["DELIBERATE_DATABASE_URL"])
    if url.drivername == "sqlite":
        return not Path(url.database or "").exists()
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        return not inspect(connection).get_table_names()


def scalar(terminal: Terminal, statement: str) -> object:
    url = terminal.environment["DELIBERATE_DATABASE_URL"]
    with create_engine(url, poolclass=NullPool).connect() as connection:
        return connection.scalar(text(statement))


def spoil(terminal: Terminal, *statements: str) -> None:
    """Change what triggers guard, as whoever owns the database can."""
    url = terminal.environment["DELIBERATE_DATABASE_URL"]
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(make_url(url).database or "")) as connection:
            found = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            for (name,) in found.fetchall():
                connection.execute(f'DROP TRIGGER "{name}"')
            for statement in statements:
                connection.execute(statement)
            connection.commit()
        return
    with create_engine(url, poolclass=NullPool).begin() as connection:
        connection.execute(text("SET session_replication_role = replica"))
        for statement in statements:
            connection.execute(text(statement.replace(":", r"\:")))


def live(terminal: Terminal) -> list[object]:
    """Return what a drill must not change: rows that change with any act, files, databases."""
    files = sorted(path.name for path in terminal.folder.rglob("*"))
    heads = scalar(terminal, "SELECT max(seq) FROM audit_head")
    receipts = scalar(terminal, "SELECT count(*) FROM receipt")
    if terminal.environment["DELIBERATE_DATABASE_URL"].startswith("sqlite"):
        return [files, heads, receipts]
    names = "SELECT string_agg(datname, ',' ORDER BY datname) FROM pg_database"
    return [files, heads, receipts, scalar(terminal, names)]
