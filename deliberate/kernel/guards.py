"""Triggers that keep what must never be false: their names, tables and texts for each database.

A migration installs them with their text written out (it never imports this package); a test
compares what is installed with this registry after every step. Alembic's batch mode on SQLite
drops triggers silently: a migration that rebuilds a table must create them again.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """One trigger. ``events``: "UPDATE", "DELETE", "INSERT", "UPDATE OF state".

    ``refuse_when`` is SQL over OLD and NEW that both databases understand; true refuses the
    change with ``message``, whose first word is a stable code. Where they read something in
    different words (JSON), ``on_postgresql`` says the same in PostgreSQL's.

    ``after``: looks at what is left when rows came or went, for tables where many do at once.
    PostgreSQL then asks once a statement, about all its rows: a call for each of 100,000 takes
    seconds.
    """

    name: str
    table: str
    event: str
    message: str
    refuse_when: str = "TRUE"
    on_postgresql: str | None = None
    after: bool = False

    def ddl(self, dialect: str) -> tuple[str, ...]:
        """Return the statements that install the guard."""
        if dialect == "sqlite":
            trigger = (
                f"CREATE TRIGGER {self.name} {'AFTER' if self.after else 'BEFORE'} {self.event} "
                f"ON {self.table} FOR EACH ROW WHEN {self._condition('sqlite')} "
                f"BEGIN SELECT RAISE(ABORT, '{self.message}'); END"
            )
            return (trigger,)
        if self.after:
            return self._on_statements()
        result = "OLD" if self.event.startswith("DELETE") else "NEW"
        function = (
            f"CREATE FUNCTION {self.name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF {self._condition('postgresql')} THEN RAISE EXCEPTION '{self.message}' "
            f"USING ERRCODE = 'check_violation'; END IF; RETURN {result}; END $$"
        )
        trigger = (
            f"CREATE TRIGGER {self.name} BEFORE {self.event} ON {self.table} "
            f"FOR EACH ROW EXECUTE FUNCTION {self.name}()"
        )
        return (function, trigger)

    def text(self, dialect: str) -> str:
        """Return what ``list_installed`` says of it when it is there and whole."""
        first = self.ddl(dialect)[0]
        return first if dialect == "sqlite" else first.split("$$")[1]

    def drop(self, dialect: str) -> tuple[str, ...]:
        """Return the statements that remove it."""
        if dialect == "sqlite":
            return (f"DROP TRIGGER {self.name}",)
        return (f"DROP TRIGGER {self.name} ON {self.table}", f"DROP FUNCTION {self.name}()")

    def _on_statements(self) -> tuple[str, ...]:
        gone = self.event == "DELETE"
        old, row, rows = ("OLD", "gone", "OLD TABLE") if gone else ("NEW", "come", "NEW TABLE")
        condition = self._condition("postgresql").replace(f"{old}.", f"{row}.")
        function = (
            f"CREATE FUNCTION {self.name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "  # noqa: S608
            f"IF EXISTS (SELECT 1 FROM {row} WHERE {condition}) THEN "
            f"RAISE EXCEPTION '{self.message}' USING ERRCODE = 'check_violation'; END IF; "
            "RETURN NULL; END $$"
        )
        trigger = (
            f"CREATE TRIGGER {self.name} AFTER {self.event} ON {self.table} "
            f"REFERENCING {rows} AS {row} FOR EACH STATEMENT EXECUTE FUNCTION {self.name}()"
        )
        return (function, trigger)

    def _condition(self, dialect: str) -> str:
        if dialect == "sqlite":  # SQLite's IS NOT compares NULLs; PostgreSQL says it in words
            return self.refuse_when.replace(" IS DISTINCT FROM ", " IS NOT ")
        return self.on_postgresql or self.refuse_when


def list_installed(connection: Connection) -> dict[str, str]:
    """Return name and text of each trigger in a database (on PostgreSQL its function's text)."""
    if connection.dialect.name == "sqlite":
        query = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
    else:
        query = (
            "SELECT t.tgname, p.prosrc FROM pg_trigger AS t "
            "JOIN pg_proc AS p ON p.oid = t.tgfoid WHERE NOT t.tgisinternal"
        )
    return {row[0]: row[1] for row in connection.exec_driver_sql(query)}


def append_only(table: str) -> tuple[Guard, ...]:
    """Refuse every change and every removal: a correction is a new row."""
    return (
        Guard(
            name=f"{table}_never_changes",
            table=table,
            event="UPDATE",
            message=f"append_only: {table} rows are never changed",
        ),
        Guard(
            name=f"{table}_never_goes",
            table=table,
            event="DELETE",
            message=f"append_only: {table} rows are never removed",
        ),
    )


def frozen(table: str, *columns: str, when: str = "TRUE") -> Guard:
    """Refuse a change of ``columns`` in rows for which ``when`` (SQL over OLD) holds."""
    changed = " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in columns)
    return Guard(
        name=f"{table}_is_frozen",
        table=table,
        event="UPDATE",
        message=f"frozen: {table} can no longer be changed",
        refuse_when=f"({when}) AND ({changed})",
    )


def transitions(table: str, column: str, allowed: dict[str, tuple[str, ...]]) -> Guard:
    """Hold a state column to the written transitions; staying is always allowed."""
    steps = " OR ".join(
        f"(OLD.{column} = '{start}' AND NEW.{column} IN ({_listed(ends)}))"
        for start, ends in allowed.items()
        if ends
    )
    return Guard(
        name=f"{table}_{column}_steps",
        table=table,
        event=f"UPDATE OF {column}",
        message=f"transition: no such step of {table}.{column}",
        refuse_when=f"OLD.{column} <> NEW.{column} AND NOT ({steps})",
    )


def _listed(values: tuple[str, ...]) -> str:
    return ", ".join(f"'{value}'" for value in values)
