"""``deliberate backup``, ``restore`` and ``drill``: database and files in one archive.

Keys of the installation (``keys/``) are never inside: they are kept apart from the data. While a
vote is not counted or can still be contested, the archive is locked with its backup key – of each
such vote, so that the end of any one makes the copy unreadable.
"""

from __future__ import annotations

import secrets
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import click
from sqlalchemy import NullPool, create_engine, inspect, make_url, select, text
from sqlalchemy.exc import SQLAlchemyError

from deliberate.audit import entries
from deliberate.cli import archive, dumps
from deliberate.cli.application import Refusal, opened, settings
from deliberate.cli.archive import DATABASE, FILES, Manifest
from deliberate.cli.keys import STATES
from deliberate.config import Settings
from deliberate.kernel import migrate
from deliberate.kernel.db import db
from deliberate.voting import keys, wholeness
from deliberate.voting.models import Poll
from deliberate.voting.states import PollState

ARCHIVE = click.argument(
    "copy", metavar="ARCHIVE", type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
KEYS = click.option(
    "--keys",
    "keys_folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder z kluczami głosowań; bez tego keys/ instalacji.",
)


@click.command()
@click.argument("target", metavar="ARCHIVE", type=click.Path(dir_okay=False, path_type=Path))
def backup(target: Path) -> None:
    """Zapisz bazę i pliki do ARCHIVE; serwer może w tym czasie działać."""
    if target.exists():
        raise Refusal(f"Plik {target} już istnieje.")
    if not target.absolute().parent.is_dir():
        raise Refusal(f"Nie ma folderu {target.absolute().parent}.")
    chosen = settings()
    with _working_folder(chosen) as folder:
        moment = dumps.dump(chosen.database_url, folder / DATABASE)
        stored = _stored_files(chosen)
        parts = {DATABASE: folder / DATABASE, **{f"{FILES}/{path.name}": path for path in stored}}
        manifest: Manifest = {
            "kind": dumps.kind(chosen.database_url),
            "step": migrate.state(chosen.database_url)[0],
            "heads": moment.heads,
        }
        locks = {keys.backup_name(no): _lock(chosen, no) for no in moment.polls}
        archive.write(target, manifest, parts, locks)
    click.echo(f"Zapisano {target}: baza i pliki ({len(stored)}).")
    if locks:
        click.echo(
            f"Kopia jest zaszyfrowana. Odczytają ją tylko klucze: {', '.join(locks)}; "
            "trzymaj ich odpis z dala od kopii."
        )


@click.command()
@ARCHIVE
@KEYS
def restore(copy: Path, keys_folder: Path | None) -> None:
    """Odtwórz bazę i pliki z ARCHIVE do pustej bazy i pustego folderu."""
    chosen = settings()
    _refuse_occupied(chosen)
    with _working_folder(chosen) as folder:
        manifest = _unpack(chosen, copy, folder, keys_folder)
        dumps.load(chosen.database_url, folder / DATABASE)
        for path in sorted((folder / FILES).glob("*")):
            target = chosen.folder / FILES / path.name[:2] / path.name
            target.parent.mkdir(parents=True, exist_ok=True)
            path.replace(target)
    _check_restored(chosen, manifest)
    click.echo("Odtworzono; sumy, krok bazy i dziennik zdarzeń się zgadzają.")


@click.command()
@ARCHIVE
@KEYS
def drill(copy: Path, keys_folder: Path | None) -> None:
    """Odtwórz ARCHIVE na próbę w bazie obok, sprawdź ją i usuń; niczego innego nie zmienia."""
    began, chosen = time.monotonic(), settings()
    with _working_folder(chosen) as folder:
        manifest = _unpack(chosen, copy, folder, keys_folder)
        click.echo(f"Sumy się zgadzają: baza i pliki ({len(manifest['sums']) - 1}).")
        with _scratch(chosen, folder) as scratch_url:
            dumps.load(scratch_url, folder / DATABASE)
            restored = replace(chosen, database_url=scratch_url, folder=folder)
            _check_restored(restored, manifest)
            click.echo(f"Krok bazy: {manifest['step']}. Dziennik zdarzeń jest bez usterek.")
            faults = _look_at_votes(restored)
    seconds = f"{time.monotonic() - began:.1f}".replace(".", ",")
    if faults:
        raise Refusal(f"Głosowania, z którymi jest coś nie tak: {faults}. Czas próby: {seconds} s.")
    click.echo(f"Kopia jest dobra. Czas próby: {seconds} s.")


def _lock(chosen: Settings, poll_id: int) -> bytes:
    """Return the backup key of a vote; one that was lost is made anew, so that copies go on."""
    path = chosen.folder / "keys" / keys.backup_name(poll_id)
    if keys.make_backup_key(path):
        click.echo(
            f"Klucza {path.name} nie było: zrobiono nowy. Kopii zaszyfrowanych dawnym "
            "nie odczyta nikt, kto nie ma jego odpisu.",
            err=True,
        )
    return archive.read_key(path)


@contextmanager
def _working_folder(chosen: Settings) -> Iterator[Path]:
    """Give a folder beside the live data: what is readable stays on the disk where it lies."""
    chosen.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="backup-", dir=chosen.folder) as name:
        yield Path(name)


def _unpack(chosen: Settings, copy: Path, folder: Path, keys_folder: Path | None) -> Manifest:
    manifest = archive.read(copy, folder, keys_folder or chosen.folder / "keys")
    if manifest["kind"] != dumps.kind(chosen.database_url):
        raise Refusal(f"Kopia jest z bazy {manifest['kind']}, a ustawiona jest inna.")
    return manifest


def _stored_files(chosen: Settings) -> list[Path]:
    return sorted(path for path in (chosen.folder / FILES).glob("??/*") if len(path.name) == 64)


def _refuse_occupied(chosen: Settings) -> None:
    if _stored_files(chosen):
        raise Refusal(f"Folder {chosen.folder / FILES} nie jest pusty.")
    if dumps.kind(chosen.database_url) == "sqlite":
        if Path(make_url(chosen.database_url).database or "").exists():
            raise Refusal("Ta baza już istnieje; odtwarzamy tylko do pustej.")
        return
    engine = create_engine(chosen.database_url, poolclass=NullPool)
    with engine.connect() as connection:
        tables = inspect(connection).get_table_names()
    engine.dispose()
    if tables:
        raise Refusal("Ta baza nie jest pusta; odtwarzamy tylko do pustej.")


def _check_restored(chosen: Settings, manifest: Manifest) -> None:
    at, _newest = migrate.state(chosen.database_url)
    if at != manifest["step"]:
        raise Refusal(f"Odtworzona baza jest na kroku {at}, a kopia mówi {manifest['step']}.")
    if dumps.look_at(chosen.database_url).heads != manifest["heads"]:
        raise Refusal("Dziennik zdarzeń odtworzonej bazy nie zgadza się z kopią.")
    with opened(chosen):
        faults = list(entries.verify())
    if faults:
        raise Refusal(f"Dziennik zdarzeń ma usterki: {len(faults)}.")


@contextmanager
def _scratch(chosen: Settings, folder: Path) -> Iterator[str]:
    """Give an empty database that is gone afterwards; one on a server is named, should it stay."""
    if dumps.kind(chosen.database_url) == "sqlite":
        yield f"sqlite:///{folder / 'drill.db'}"
        return
    name = f"deliberate_drill_{secrets.token_hex(4)}"
    engine = create_engine(chosen.database_url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            connection.execute(text(f'CREATE DATABASE "{name}" TEMPLATE template0'))
    except SQLAlchemyError as error:
        msg = "Nie da się założyć próbnej bazy (ALTER ROLE … CREATEDB): docs/operations.md."
        raise Refusal(msg) from error
    click.echo(f"Próbna baza: {name}.")
    try:
        url = make_url(chosen.database_url).set(database=name)
        yield url.render_as_string(hide_password=False)
    finally:
        with engine.connect() as connection:
            connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
        engine.dispose()


def _look_at_votes(restored: Settings) -> int:
    """Say a line a vote; return how many are not whole."""
    broken = 0
    with opened(restored):
        sealed = select(Poll).where(Poll.state != PollState.DRAFT).order_by(Poll.id)
        for poll in db.session.scalars(sealed).all():
            faults = list(wholeness.list_faults(poll))
            state = STATES[PollState(poll.state)]
            for fault in faults:
                click.echo(f"Głosowanie {poll.id} ({state}): {fault}.", err=True)
            if not faults:
                click.echo(f"Głosowanie {poll.id} ({state}): udział, kody i podpisy zgadzają się.")
            broken += bool(faults)
    return broken
