"""The database as a file and back: an SQLite file, or what pg_dump writes."""

from __future__ import annotations

import os
import sqlite3
import subprocess
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, NullPool, create_engine, make_url, select, text

from deliberate.audit.models import AuditHead
from deliberate.cli.application import Refusal
from deliberate.kernel import clock
from deliberate.voting import retention

Heads = dict[str, list[object]]  # chain → [seq, hash]


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """What the database held when it was dumped."""

    heads: Heads  # of the audit chains
    polls: Sequence[int]  # those whose keys lock a copy


def kind(database_url: str) -> str:
    return "sqlite" if database_url.startswith("sqlite") else "postgresql"


def dump(database_url: str, target: Path) -> Moment:
    """Write one moment of the database, and say what was in it at that very moment."""
    if kind(database_url) == "sqlite":
        source = Path(make_url(database_url).database or "")
        if not source.is_file():
            raise Refusal(f"Nie ma bazy {source}.")
        with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(target)) as copy:
            live.backup(copy)
        return look_at(f"sqlite:///{target}")
    engine = create_engine(database_url, poolclass=NullPool, isolation_level="REPEATABLE READ")
    with engine.connect() as connection:  # held until pg_dump has read the same moment
        moment = _read(connection)
        snapshot = connection.scalar(text("SELECT pg_export_snapshot()"))
        _run(
            [
                "pg_dump",
                "--format=custom",
                "--no-owner",
                f"--snapshot={snapshot}",
                f"--file={target}",
            ],
            database_url,
        )
    engine.dispose()
    return moment


def load(database_url: str, source: Path) -> None:
    """Put a dump into an empty database."""
    if kind(database_url) == "sqlite":
        target = Path(make_url(database_url).database or "")
        target.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(source)) as copy, closing(sqlite3.connect(target)) as live:
            copy.backup(live)
        return
    name = make_url(database_url).database
    words = ["pg_restore", "--no-owner", "--exit-on-error", f"--dbname={name}", str(source)]
    _run(words, database_url)


def look_at(database_url: str) -> Moment:
    engine = create_engine(database_url, poolclass=NullPool)
    with engine.connect() as connection:
        moment = _read(connection)
    engine.dispose()
    return moment


def _read(connection: Connection) -> Moment:
    rows = connection.execute(select(AuditHead.chain, AuditHead.seq, AuditHead.hash))
    return Moment(
        heads={chain: [seq, head] for chain, seq, head in rows},
        polls=connection.scalars(retention.select_locking(clock.now())).all(),
    )


def _run(command: list[str], database_url: str) -> None:
    """Run one of PostgreSQL's own programs: fixed words and our own paths, never a shell."""
    url = make_url(database_url)
    where = {
        "PGHOST": url.host or str(url.query.get("host", "")),
        "PGPORT": str(url.port or url.query.get("port", "")),
        "PGUSER": url.username or str(url.query.get("user", "")),
        "PGPASSWORD": url.password or "",
        "PGDATABASE": url.database or "",
    }
    environment = os.environ | {name: value for name, value in where.items() if value}
    try:
        subprocess.run(command, check=True, env=environment, capture_output=True)  # noqa: S603
    except FileNotFoundError as error:
        raise Refusal(f"Brakuje programu {command[0]} (Debian: postgresql-client).") from error
    except subprocess.CalledProcessError as error:
        last = error.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        raise Refusal(f"{command[0]}: {last}") from error
