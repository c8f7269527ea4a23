"""``deliberate backup`` and ``deliberate restore``: database and files in one archive.

The archive is a tar with ``database`` (an SQLite file or pg_dump's custom format), ``files/…`` and
``manifest.json``: kind of database, step, sums of every file, heads of the audit chains. Keys of
the installation (``keys/``) are not inside: they are kept apart from the data.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import click
from sqlalchemy import Connection, NullPool, create_engine, inspect, make_url, select, text

from deliberate.audit import entries
from deliberate.audit.models import AuditHead
from deliberate.cli.application import Refusal, opened, settings
from deliberate.config import Settings
from deliberate.kernel import migrate

MANIFEST = "manifest.json"
DATABASE = "database"
FILES = "files"

Heads = dict[str, list[object]]  # chain → [seq, hash]


@click.command()
@click.argument("archive", type=click.Path(dir_okay=False, path_type=Path))
def backup(archive: Path) -> None:
    """Zapisz bazę i pliki do ARCHIVE (tar); serwer może w tym czasie działać."""
    if archive.exists():
        raise Refusal(f"Plik {archive} już istnieje.")
    chosen, beside = settings(), archive.absolute().parent
    if not beside.is_dir():
        raise Refusal(f"Nie ma folderu {beside}.")
    with tempfile.TemporaryDirectory(dir=beside) as name:
        folder = Path(name)
        heads = _dump(chosen, folder / DATABASE)
        stored = _stored_files(chosen)
        manifest = {
            "kind": _kind(chosen),
            "step": migrate.state(chosen.database_url)[0],
            "heads": heads,
            "sums": {DATABASE: _sum(folder / DATABASE)}
            | {f"{FILES}/{path.name}": _sum(path) for path in stored},
        }
        (folder / MANIFEST).write_text(json.dumps(manifest, indent=1, sort_keys=True))
        whole = folder / "whole.tar"
        with tarfile.open(whole, "w") as tar:
            tar.add(folder / MANIFEST, MANIFEST)
            tar.add(folder / DATABASE, DATABASE)
            for path in stored:
                tar.add(path, f"{FILES}/{path.name}")
        os.chmod(whole, 0o600)  # noqa: PTH101 - whoever may read it may read everything
        whole.replace(archive)
    click.echo(f"Zapisano {archive}: baza i pliki ({len(stored)}).")


@click.command()
@click.argument("archive", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def restore(archive: Path) -> None:
    """Odtwórz bazę i pliki z ARCHIVE do pustej bazy i pustego folderu."""
    chosen = settings()
    _refuse_occupied(chosen)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        manifest = _unpack(archive, folder)
        if manifest["kind"] != _kind(chosen):
            raise Refusal(f"Kopia jest z bazy {manifest['kind']}, a ustawiona jest inna.")
        _load(chosen, folder / DATABASE)
        for path in sorted((folder / FILES).glob("*")) if (folder / FILES).is_dir() else ():
            target = chosen.folder / FILES / path.name[:2] / path.name
            target.parent.mkdir(parents=True, exist_ok=True)
            path.replace(target)
    _check_restored(chosen, manifest)
    click.echo("Odtworzono; sumy, krok bazy i dziennik zdarzeń się zgadzają.")


def _kind(chosen: Settings) -> str:
    return "sqlite" if chosen.database_url.startswith("sqlite") else "postgresql"


def _dump(chosen: Settings, target: Path) -> Heads:
    """Write one moment of the database; returns the heads of the audit chains at that moment."""
    if _kind(chosen) == "sqlite":
        source = Path(make_url(chosen.database_url).database or "")
        if not source.is_file():
            raise Refusal(f"Nie ma bazy {source}.")
        with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(target)) as copy:
            live.backup(copy)
        return _heads(f"sqlite:///{target}")
    engine = create_engine(
        chosen.database_url, poolclass=NullPool, isolation_level="REPEATABLE READ"
    )
    with engine.connect() as connection:  # held until pg_dump has read the same moment
        heads = _read_heads(connection)
        snapshot = connection.scalar(text("SELECT pg_export_snapshot()"))
        _run(
            [
                "pg_dump",
                "--format=custom",
                "--no-owner",
                f"--snapshot={snapshot}",
                f"--file={target}",
            ],
            chosen,
        )
    engine.dispose()
    return heads


def _load(chosen: Settings, source: Path) -> None:
    if _kind(chosen) == "sqlite":
        target = Path(make_url(chosen.database_url).database or "")
        target.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(source)) as copy, closing(sqlite3.connect(target)) as live:
            copy.backup(live)
        return
    _run(["pg_restore", "--no-owner", "--exit-on-error", "--dbname=", str(source)], chosen)


def _run(command: list[str], chosen: Settings) -> None:
    """Run one of PostgreSQL's own programs: fixed words and our own paths, never a shell."""
    url = make_url(chosen.database_url)
    where = {
        "PGHOST": url.host or str(url.query.get("host", "")),
        "PGPORT": str(url.port or url.query.get("port", "")),
        "PGUSER": url.username or str(url.query.get("user", "")),
        "PGPASSWORD": url.password or "",
        "PGDATABASE": url.database or "",
    }
    environment = os.environ | {name: value for name, value in where.items() if value}
    command = [part.replace("--dbname=", f"--dbname={url.database}") for part in command]
    try:
        subprocess.run(command, check=True, env=environment, capture_output=True)  # noqa: S603
    except FileNotFoundError as error:
        raise Refusal(f"Brakuje programu {command[0]} (Debian: postgresql-client).") from error
    except subprocess.CalledProcessError as error:
        last = error.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        raise Refusal(f"{command[0]}: {last}") from error


def _stored_files(chosen: Settings) -> list[Path]:
    return sorted(path for path in (chosen.folder / FILES).glob("??/*") if len(path.name) == 64)


def _unpack(archive: Path, folder: Path) -> dict[str, object]:
    """Unpack what the manifest names, check every sum; anything else inside is refused."""
    try:
        with tarfile.open(archive, "r:") as tar:
            names = tar.getnames()
            if MANIFEST not in names:
                raise Refusal("To nie jest kopia zapisana przez deliberate backup.")
            tar.extractall(folder, filter="data")
    except tarfile.TarError as error:
        raise Refusal("Kopia jest uszkodzona albo nie jest archiwum tar.") from error
    manifest: dict[str, object] = json.loads((folder / MANIFEST).read_text())
    sums = manifest["sums"]
    if not isinstance(sums, dict) or set(names) != {MANIFEST, *sums}:
        raise Refusal("Kopia ma inne pliki niż jej spis.")
    for name, expected in sums.items():
        if _sum(folder / name) != expected:
            raise Refusal(f"Kopia jest uszkodzona: {name}.")
    return manifest


def _refuse_occupied(chosen: Settings) -> None:
    if _stored_files(chosen):
        raise Refusal(f"Folder {chosen.folder / FILES} nie jest pusty.")
    if _kind(chosen) == "sqlite":
        if Path(make_url(chosen.database_url).database or "").exists():
            raise Refusal("Ta baza już istnieje; odtwarzamy tylko do pustej.")
        return
    engine = create_engine(chosen.database_url, poolclass=NullPool)
    with engine.connect() as connection:
        tables = inspect(connection).get_table_names()
    engine.dispose()
    if tables:
        raise Refusal("Ta baza nie jest pusta; odtwarzamy tylko do pustej.")


def _check_restored(chosen: Settings, manifest: dict[str, object]) -> None:
    at, _newest = migrate.state(chosen.database_url)
    if at != manifest["step"]:
        raise Refusal(f"Odtworzona baza jest na kroku {at}, a kopia mówi {manifest['step']}.")
    if _heads(chosen.database_url) != manifest["heads"]:
        raise Refusal("Dziennik zdarzeń odtworzonej bazy nie zgadza się z kopią.")
    with opened(chosen):
        faults = list(entries.verify())
    if faults:
        raise Refusal(f"Dziennik zdarzeń ma usterki: {len(faults)}.")


def _heads(database_url: str) -> Heads:
    engine = create_engine(database_url, poolclass=NullPool)
    with engine.connect() as connection:
        heads = _read_heads(connection)
    engine.dispose()
    return heads


def _read_heads(connection: Connection) -> Heads:
    rows = connection.execute(select(AuditHead.chain, AuditHead.seq, AuditHead.hash))
    return {chain: [seq, head] for chain, seq, head in rows}


def _sum(path: Path) -> str:
    digest = hashlib.sha256()
    for block in _blocks(path):
        digest.update(block)
    return digest.hexdigest()


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            yield block
