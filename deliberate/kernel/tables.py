"""The base of every table: column types, constraint names, frequent columns. No Flask."""

from __future__ import annotations

from datetime import UTC, date, datetime
from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    ForeignKeyConstraint,
    MetaData,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator


class UTCDateTime(TypeDecorator[datetime]):
    """A timezone-aware moment. Refuses naive values; SQLite, which drops the zone, gets it back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError(f"A naive datetime cannot be stored: {value!r}")
        return value.astimezone(UTC) if value is not None else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value


class Base(DeclarativeBase):
    """``public = False`` marks a table whose changes no public page shows (see kernel.db)."""

    public = True

    type_annotation_map = {datetime: UTCDateTime, date: Date, str: Text}
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class OfTenant:
    """A row that belongs to one municipality. ``id`` is unique alone; the pair is for references.

    A table that others refer to lists ``pair()`` among its constraints; a reference that would
    be grave across municipalities uses ``same_tenant()`` instead of a plain foreign key.
    """

    tenant_id: Mapped[int] = mapped_column(ForeignKey("municipality.id"), index=True)


def pair() -> UniqueConstraint:
    """Let other tables refer to (tenant_id, id), so that a reference cannot leave the tenant."""
    return UniqueConstraint("tenant_id", "id")


def same_tenant(column: str, table: str) -> ForeignKeyConstraint:
    """Refer to a row of the same municipality: a foreign one is impossible in the database."""
    return ForeignKeyConstraint(["tenant_id", column], [f"{table}.tenant_id", f"{table}.id"])


def one_of(column: str, values: type[StrEnum]) -> CheckConstraint:
    """Hold a column to a closed list."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)
