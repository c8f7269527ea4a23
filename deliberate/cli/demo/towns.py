"""The municipalities of the demo world as rows: areas, units, rules of discussion."""

from __future__ import annotations

from datetime import datetime

from deliberate.audit import entries
from deliberate.cli.demo.places import PLACES, Place
from deliberate.kernel.actor import SYSTEM
from deliberate.kernel.db import db
from deliberate.kernel.urls import slugify
from deliberate.tenancy.models import Area, DiscussionRules, Municipality, OrgUnit
from deliberate.tenancy.rules import USUAL_RULES


def build(now: datetime) -> dict[str, Municipality]:
    """Add every municipality, as the operator would; by slug."""
    return {place.slug: _add(place, now) for place in PLACES}


def _add(place: Place, now: datetime) -> Municipality:
    row = Municipality(slug=place.slug, created_at=now, **place.names)
    db.session.add(row)
    db.session.flush()
    entries.record(
        "municipality.added", f"municipality:{row.id}", actor=SYSTEM, at=now, slug=place.slug
    )
    db.session.add_all(
        Area(
            tenant_id=row.id,
            slug=slugify(name),
            kind=place.area_kind,
            name=name,
            residents=residents,
            position=position,
        )
        for position, (name, residents) in enumerate(place.areas, start=1)
    )
    db.session.add_all(
        OrgUnit(tenant_id=row.id, name=name, position=position)
        for position, name in enumerate(place.units, start=1)
    )
    db.session.add(
        DiscussionRules(tenant_id=row.id, version=1, text="\n".join(USUAL_RULES), valid_from=now)
    )
    return row
