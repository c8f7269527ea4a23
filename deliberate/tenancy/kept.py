"""Municipalities as this process last read them, for pages that only read.

A municipality's row is wide, every page needs it, and it changes a few times a year. Its version
rises with every change of anything public (tenancy.versions), so a GET asks for the version alone
and takes the rest from here. What is kept belongs to no session: whoever changes a municipality
does so in a POST or a command, which always read the row itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from flask import current_app
from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import InstrumentedAttribute

from deliberate.kernel.db import db
from deliberate.tenancy.models import Area, Municipality

NAME = "deliberate.kept_municipalities"  # in app.extensions: an application has one database


@dataclass(slots=True)
class Kept:
    """``areas`` are read when a page first asks for them."""

    municipality: Municipality
    areas: Sequence[Area] | None = None


def read(column: InstrumentedAttribute[str], value: str) -> Municipality | None:
    """Return the municipality of this host or slug; one query while nothing has changed."""
    place = (column.key, value)
    kept = _all().get(place)
    if kept is not None:
        version = db.session.scalar(_select_version(column), {"value": value})
        if version == kept.municipality.version:
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
    kept = next((each for each in _all().values() if each.municipality is municipality), None)
    if kept is None:
        return None
    if kept.areas is None:
        areas = db.session.scalars(select_areas(municipality.id)).all()
        for area in areas:
            db.session.expunge(area)
        kept.areas = areas
    return kept.areas


def select_areas(tenant_id: int) -> Select[Area]:
    """Return the areas in the municipality's own order."""
    wanted = select(Area).where(Area.tenant_id == tenant_id)
    return wanted.order_by(Area.position, Area.name, Area.id)


def _all() -> dict[tuple[str, str], Kept]:
    found: dict[tuple[str, str], Kept] = current_app.extensions.setdefault(NAME, {})
    return found


@cache
def _select_version(column: InstrumentedAttribute[str]) -> Select[int]:
    row = Municipality.__table__.c
    return select(row.version).where(row[column.key] == bindparam("value"))
