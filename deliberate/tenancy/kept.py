"""Municipalities as this process last read them, for pages that only read.

A municipality's row is wide, every page needs it, and it changes a few times a year. Its version
rises with every change of anything public (tenancy.versions), so a GET asks for the version alone
and takes the rest from here; a consultation, which all pages below it need, is kept with it. What
is kept belongs to no session: whoever changes something does so in a POST or a command, which
always read the row itself.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TypeVar

from flask import current_app, g
from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import InstrumentedAttribute

from deliberate.kernel.db import db, fetch_rows
from deliberate.kernel.tables import Base
from deliberate.tenancy.models import Area, Municipality

T = TypeVar("T")

NAME = "deliberate.kept_municipalities"  # in app.extensions: an application has one database


@dataclass(slots=True)
class Kept:
    """``areas`` and ``others`` are read when a page first asks for them."""

    municipality: Municipality
    areas: Sequence[Area] | None = None
    others: dict[Hashable, Base] = field(default_factory=dict)  # by keys that their readers choose
    empty: set[Hashable] = field(default_factory=set)  # where somebody looked and found nothing
    found: dict[Hashable, object] = field(default_factory=dict)  # plain values, by such keys


def read(column: InstrumentedAttribute[str], value: str) -> Municipality | None:
    """Return the municipality of this host or slug; one query while nothing has changed."""
    place = (column.key, value)
    kept = _all().get(place)
    if kept is not None:
        found = fetch_rows(_select_version(column), {"value": value})
        if found and found[0].version == kept.municipality.version:
            return kept.municipality
    municipality = db.session.scalar(select(Municipality).where(column == value))
    if municipality is None:
        _all().pop(place, None)
        return None
    db.session.expunge(municipality)
    _all()[place] = Kept(municipality)
    return municipality


def areas_of(municipality: Municipality) -> Sequence[Area] | None:
    """Return the areas kept with this very object; None where it is not a kept one."""
    kept = _of(municipality)
    if kept is None:
        return None
    if kept.areas is None:
        areas = db.session.scalars(select_areas(municipality.id)).all()
        for area in areas:
            db.session.expunge(area)
        kept.areas = areas
    return kept.areas


def recall(municipality: Municipality, key: Hashable) -> Base | None:
    """Return what was kept with this very object under a key; None where nothing was."""
    kept = _of(municipality)
    return kept.others.get(key) if kept is not None else None


def keep(municipality: Municipality, *keys: Hashable, row: Base) -> None:
    """Keep a row with this very object until its version changes; do nothing for any other.

    The row leaves its session with what it holds loaded: only what belongs to it may be asked of
    it later. Every change of it must raise the version, as changes of all ``public`` tables do.
    """
    kept = _of(municipality)
    if kept is not None:
        db.session.expunge(row)
        kept.others.update(dict.fromkeys(keys, row))


def look_unless_empty(key: Hashable, look: Callable[[], Sequence[T]]) -> Sequence[T]:
    """Return what ``look`` finds in this request's municipality; not asked where it found nothing.

    Most consultations have no survey, no meeting and no link, and each of their pages would ask.
    What is looked for must lie in ``public`` tables and must not come or go by the clock.
    """
    municipality: Municipality | None = g.get("tenant")
    kept = _of(municipality) if municipality is not None else None
    if kept is None:
        return look()
    if key in kept.empty:
        return ()
    found = look()
    if not found:
        kept.empty.add(key)
    return found


def look_once(key: Hashable, look: Callable[[], T]) -> T:
    """Return what ``look`` finds in this request's municipality; asked once while nothing changes.

    Plain values only – numbers, texts, rows, objects that belong to no session –, out of
    ``public`` tables, and nothing that comes or goes by the clock.
    """
    municipality: Municipality | None = g.get("tenant")
    kept = _of(municipality) if municipality is not None else None
    if kept is None:
        return look()
    if key not in kept.found:
        kept.found[key] = look()
    return kept.found[key]  # type: ignore[return-value]  # each key has one reader, of one type


def select_areas(tenant_id: int) -> Select[Area]:
    """Return the areas in the municipality's own order."""
    wanted = select(Area).where(Area.tenant_id == tenant_id)
    return wanted.order_by(Area.position, Area.name, Area.id)


def _of(municipality: Municipality) -> Kept | None:
    return next((each for each in _all().values() if each.municipality is municipality), None)


def _all() -> dict[tuple[str, str], Kept]:
    found: dict[tuple[str, str], Kept] = current_app.extensions.setdefault(NAME, {})
    return found


@cache
def _select_version(column: InstrumentedAttribute[str]) -> Select[int]:
    row = Municipality.__table__.c
    return select(row.version).where(row[column.key] == bindparam("value"))
