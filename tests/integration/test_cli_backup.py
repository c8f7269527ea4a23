"""Backup and restore: what comes back is what was there, and nothing else is accepted."""

import io
import json
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import NullPool, create_engine, text

from deliberate.kernel.db import transaction
from tests import make
from tests.databases import Databases
from tests.terminal import Terminal


@pytest.fixture
def filled(app: Flask, databases: Databases) -> Terminal:
    """Give a terminal at an installation with a municipality, acts in its record, and a file."""
    folder: Path = app.extensions["deliberate.settings"].folder
    terminal = Terminal(database_url=databases.url, folder=folder)
    make.municipality(app)
    with app.app_context(), transaction():
        app.extensions["deliberate.storage"].put(b"drzewa w gruncie")
    for name in ("Halina K.", "Marek T."):
        email = f"{name[:3].lower()}@poczta.example"
        words = ("--email", email, "--name", name, "--role", "officer")
        assert terminal.run("people", "add", "--municipality", "lubowierz", *words).code == 0
    return terminal


@pytest.fixture
def elsewhere(databases: Databases, tmp_path: Path) -> Terminal:
    """Give a terminal at an empty installation."""
    return Terminal(database_url=databases.new_empty("restored"), folder=tmp_path / "other")


@pytest.fixture
def archive(filled: Terminal, tmp_path: Path) -> Path:
    archive = tmp_path / "copy.tar"
    said = filled.run("backup", archive)
    assert (said.code, said.err) == (0, "")
    return archive


def test_everything_comes_back(filled: Terminal, elsewhere: Terminal, archive: Path) -> None:
    said = elsewhere.run("restore", archive)

    assert (said.code, said.err) == (0, "")
    for words in (
        ("municipality", "list"),
        ("people", "list", "--municipality", "lubowierz"),
        ("audit", "verify"),
        ("db", "check"),
    ):
        assert elsewhere.run(*words) == filled.run(*words)
    assert stored(elsewhere.folder) == stored(filled.folder) == {b"drzewa w gruncie"}


def test_guards_come_back_too(elsewhere: Terminal, archive: Path) -> None:
    elsewhere.run("restore", archive)

    with pytest.raises(Exception, match="append_only"):
        execute(elsewhere, "DELETE FROM audit_entry")


def test_the_archive_is_read_by_its_owner_only(archive: Path) -> None:
    assert archive.stat().st_mode & 0o777 == 0o600


def test_keys_are_not_in_the_archive(filled: Terminal, tmp_path: Path) -> None:
    keys = filled.folder / "keys"
    keys.mkdir()
    (keys / "poll-1-link.key").write_bytes(b"k" * 32)

    filled.run("backup", tmp_path / "with-keys.tar")

    with tarfile.open(tmp_path / "with-keys.tar") as tar:
        assert not [name for name in tar.getnames() if "key" in name]


def test_nothing_is_overwritten_by_a_backup(filled: Terminal, archive: Path) -> None:
    before = archive.read_bytes()

    said = filled.run("backup", archive)

    assert (said.code, said.err) == (1, f"Plik {archive} już istnieje.\n")
    assert archive.read_bytes() == before


def test_a_folder_that_is_not_there_is_one_sentence(filled: Terminal, tmp_path: Path) -> None:
    said = filled.run("backup", tmp_path / "nowhere" / "copy.tar")

    assert (said.code, said.err) == (1, f"Nie ma folderu {tmp_path / 'nowhere'}.\n")


def test_a_database_that_holds_something_is_not_restored_over(
    filled: Terminal, archive: Path
) -> None:
    for path in sorted((filled.folder / "files").glob("??/*")):
        path.unlink()

    said = filled.run("restore", archive)

    assert said.code == 1
    assert "odtwarzamy tylko do pustej" in said.err
    assert filled.run("audit", "verify").code == 0


def test_a_folder_that_holds_files_is_not_restored_over(elsewhere: Terminal, archive: Path) -> None:
    there = elsewhere.folder / "files" / "aa"
    there.mkdir(parents=True)
    (there / ("a" * 64)).write_bytes(b"something else")

    said = elsewhere.run("restore", archive)

    assert (said.code, said.err.count("\n")) == (1, 1)
    assert elsewhere.run("db", "check").code == 1


def test_what_is_no_archive_is_refused(elsewhere: Terminal, tmp_path: Path) -> None:
    nonsense = tmp_path / "nonsense.tar"
    nonsense.write_bytes(b"nonsense " * 200)

    said = elsewhere.run("restore", nonsense)

    assert (said.code, said.err.count("\n")) == (1, 1)


Change = Callable[[dict[str, bytes]], None]


def change_file(parts: dict[str, bytes]) -> None:
    name = next(name for name in parts if name.startswith("files/"))
    parts[name] += b"!"


def change_database(parts: dict[str, bytes]) -> None:
    parts["database"] = parts["database"][:-1] + b"!"


def leave_file_out(parts: dict[str, bytes]) -> None:
    del parts[next(name for name in parts if name.startswith("files/"))]


def add_file(parts: dict[str, bytes]) -> None:
    parts["files/" + "f" * 64] = b"not in the manifest"


def climb_out(parts: dict[str, bytes]) -> None:
    parts["../outside"] = b"out of the folder"


def forget_manifest(parts: dict[str, bytes]) -> None:
    del parts["manifest.json"]


def change_heads(parts: dict[str, bytes]) -> None:
    manifest = json.loads(parts["manifest.json"])
    manifest["heads"]["m:1"] = [99, "0" * 64]
    parts["manifest.json"] = json.dumps(manifest).encode()


def change_step(parts: dict[str, bytes]) -> None:
    manifest = json.loads(parts["manifest.json"])
    manifest["step"] = "0000"
    parts["manifest.json"] = json.dumps(manifest).encode()


def change_kind(parts: dict[str, bytes]) -> None:
    manifest = json.loads(parts["manifest.json"])
    manifest["kind"] = "papyrus"
    parts["manifest.json"] = json.dumps(manifest).encode()


@pytest.mark.first_on_both
@pytest.mark.parametrize(
    "change",
    [
        change_file,
        change_database,
        leave_file_out,
        add_file,
        climb_out,
        forget_manifest,
        change_heads,
        change_step,
        change_kind,
    ],
)
def test_a_changed_archive_is_refused_in_one_sentence(
    elsewhere: Terminal, archive: Path, tmp_path: Path, change: Change
) -> None:
    changed = rewrite(archive, tmp_path / "changed.tar", change)

    said = elsewhere.run("restore", changed)

    assert (said.code, said.out, said.err.count("\n")) == (1, "", 1)
    assert not (tmp_path / "outside").exists()


@pytest.mark.postgres
def test_without_the_programs_of_postgresql_the_missing_one_is_named(
    filled: Terminal, tmp_path: Path
) -> None:
    said = filled.run("backup", tmp_path / "copy.tar", PATH="")

    assert said.err == "Brakuje programu pg_dump (Debian: postgresql-client).\n"
    assert list(tmp_path.glob("copy.tar*")) == []


def stored(folder: Path) -> set[bytes]:
    return {path.read_bytes() for path in (folder / "files").glob("??/*")}


def execute(terminal: Terminal, statement: str) -> None:
    url = terminal.environment["DELIBERATE_DATABASE_URL"]
    with create_engine(url, poolclass=NullPool).begin() as connection:
        connection.execute(text(statement))


def rewrite(archive: Path, target: Path, change: Change) -> Path:
    with tarfile.open(archive) as tar:
        parts = {name: tar.extractfile(name).read() for name in tar.getnames()}  # type: ignore[union-attr]
    change(parts)
    with tarfile.open(target, "w") as tar:
        for name, content in parts.items():
            part = tarfile.TarInfo(name)
            part.size = len(content)
            tar.addfile(part, io.BytesIO(content))
    return target
