"""``deliberate keys``, and a server that does not start with keys that are wrong or lacking."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from deliberate.audit.models import AuditEntry
from deliberate.cli.keys import LOSS
from deliberate.kernel.db import db, transaction
from deliberate.voting import custody, keys
from deliberate.voting.models import Poll
from tests import make
from tests.databases import Databases
from tests.terminal import Terminal


@pytest.fixture
def poll(app: Flask, tenant: int) -> int:
    return make.poll(app, tenant, make.consultation(app, tenant))


@pytest.fixture
def folder(app: Flask, poll: int) -> Path:
    return app.extensions["deliberate.settings"].folder / "keys"


@pytest.fixture
def terminal(app: Flask, databases: Databases, poll: int) -> Terminal:
    return Terminal(database_url=databases.url, folder=app.extensions["deliberate.settings"].folder)


def write(path: Path, content: bytes, mode: int = 0o400) -> None:
    path.chmod(0o600)
    path.write_bytes(content)
    path.chmod(mode)


def test_the_list_says_whose_each_file_is_and_never_what_is_in_it(
    terminal: Terminal, folder: Path
) -> None:
    said = terminal.run("keys", "list")

    assert said.code == 0
    lines = {line.split("\t")[0]: line.split("\t")[1:] for line in said.out.splitlines()}
    assert lines["municipality-1-person.key"] == ["person", "–", "0400", "0 dni"]
    assert lines["poll-1-link.key"] == ["link", "zapieczętowane", "0400", "0 dni"]
    assert any(line.startswith("publiczny ") for line in lines)
    for path in folder.glob("*.key"):
        assert path.read_bytes().hex() not in said.out


def short(folder: Path) -> None:
    write(folder / "poll-1-link.key", b"x" * 31)


def readable(folder: Path) -> None:
    (folder / "poll-1-link.key").chmod(0o440)


def equal(folder: Path) -> None:
    write(folder / "poll-1-link.key", (folder / "poll-1-nonce.key").read_bytes())


def example(folder: Path) -> None:
    write(folder / "poll-1-link.key", b"\0" * 32)


def gone(folder: Path) -> None:
    (folder / "poll-1-link.key").unlink()


@pytest.mark.first_on_both
@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (short, "ma 31 bajtów zamiast 32"),
        (readable, "chmod 400"),
        (equal, "są takie same"),
        (example, "nie jest kluczem"),
        (gone, "Brakuje kluczy głosowań: poll-1-link.key"),
    ],
)
def test_the_server_does_not_start_with_a_wrong_key(
    terminal: Terminal, folder: Path, spoil: Callable[[Path], None], words: str
) -> None:
    spoil(folder)
    said = terminal.run("serve", "--port", "1")

    assert said.code == 1
    assert words in said.err
    assert said.err.count("\n") == 1


def test_with_whole_keys_it_gets_as_far_as_its_port(terminal: Terminal) -> None:
    """The control: the same command with keys as they were made is stopped by its port only."""
    assert "Klucz" not in terminal.run("serve", "--host", "203.0.113.1", "--port", "1").err


def test_a_lost_key_can_be_overruled_so_that_the_vote_is_called_off(
    terminal: Terminal, folder: Path
) -> None:
    gone(folder)
    said = terminal.run("serve", "--host", "203.0.113.1", "--port", "1", "--despite-missing-keys")
    assert "Brakuje" not in said.err


def test_after_a_rotation_the_running_poll_keeps_its_key_and_a_new_one_gets_the_new(
    app: Flask, terminal: Terminal, folder: Path, tenant: int, poll: int
) -> None:
    with app.app_context():
        former = db.session.get_one(Poll, poll).signing_key
        before = keys.sign(tenant, "tekst", public=former)
    said = terminal.run("keys", "rotate", "lubowierz")
    with app.app_context():
        new = keys.signing_key(tenant)
        assert new != former
        assert new in said.out
        assert keys.sign(tenant, "tekst", public=former) == before
        assert [public for public, _ in custody.list_public(tenant)] == [former]
        assert "keys.rotated" in db.session.scalars(select(AuditEntry.action)).all()
    other = make.poll(app, tenant, make.consultation(app, tenant, slug="park"))
    with app.app_context():
        assert db.session.get_one(Poll, other).signing_key == new
    assert former in terminal.run("keys", "list").out


def test_a_former_key_goes_when_no_poll_needs_it(
    app: Flask, terminal: Terminal, folder: Path, tenant: int, poll: int
) -> None:
    make.approval(app, tenant, "poll.cancel", poll, _hash(app, poll))
    with app.app_context(), transaction():
        row = db.session.get_one(Poll, poll)
        row.state, row.stop_reason = "cancelled", "Pomylono projekty."
    terminal.run("keys", "rotate", "lubowierz")

    assert not list(folder.glob("municipality-1-signing-*"))


def _hash(app: Flask, poll: int) -> str:
    with app.app_context():
        return db.session.get_one(Poll, poll).rules_hash or ""


def test_an_unknown_municipality_is_one_sentence(terminal: Terminal) -> None:
    said = terminal.run("keys", "rotate", "nigdzie")
    assert (said.code, said.err) == (1, "Nie ma samorządu nigdzie.\n")


def test_the_loss_of_every_kind_is_explained(terminal: Terminal) -> None:
    said = terminal.run("keys", "loss").out
    assert set(LOSS) == {keys.PERSON, keys.SIGNING, keys.BACKUP, *keys.OF_POLL}
    assert all(f"{kind}: " in said for kind in LOSS)
