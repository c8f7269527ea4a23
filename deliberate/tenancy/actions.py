"""Changing what a municipality set for itself. Each change is recorded with old and new."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError

from deliberate.audit import entries as audit
from deliberate.kernel.actor import Actor
from deliberate.kernel.db import db
from deliberate.kernel.refusals import Refused
from deliberate.kernel.tables import Base
from deliberate.kernel.urls import slugify
from deliberate.tenancy import queries, rules
from deliberate.tenancy.models import Area, DiscussionRules, Municipality, OrgUnit


def change(
    tenant: Municipality, fields: Mapping[str, object], actor: Actor, *, now: datetime
) -> None:
    """Set columns of the municipality; the form says which, nothing else can be set."""
    _set(tenant, fields, f"municipality:{tenant.id}", actor, now)


def add_area(
    tenant: Municipality, fields: Mapping[str, object], actor: Actor, *, now: datetime
) -> Area:
    area = Area(tenant_id=tenant.id, slug=_area_slug(tenant, str(fields["name"])), **fields)
    with _unless_taken():
        db.session.add(area)
    audit.record("area.added", f"area:{area.id}", actor=actor, at=now, new=dict(fields))
    return area


def change_area(
    tenant: Municipality,
    area: Area,
    fields: Mapping[str, Any],
    actor: Actor,
    *,
    now: datetime,
) -> None:
    """Change an area; its address stays, because posters and links lead there."""
    parents = {row.id: row.parent_id for row in queries.list_areas(tenant)}
    if refusal := rules.circle_refusal(area.id, fields.get("parent_id"), parents):
        raise Refused(refusal)
    _set(area, fields, f"area:{area.id}", actor, now)


def add_unit(
    tenant: Municipality, fields: Mapping[str, object], actor: Actor, *, now: datetime
) -> OrgUnit:
    unit = OrgUnit(tenant_id=tenant.id, **fields)
    with _unless_taken():
        db.session.add(unit)
    audit.record("unit.added", f"org_unit:{unit.id}", actor=actor, at=now, new=dict(fields))
    return unit


def change_unit(
    unit: OrgUnit, fields: Mapping[str, object], actor: Actor, *, now: datetime
) -> None:
    """Change a unit; answers already signed with its name keep the name they were signed with."""
    with _unless_taken():
        _set(unit, fields, f"org_unit:{unit.id}", actor, now)


def publish_rules(
    tenant: Municipality, lines: Sequence[str], actor: Actor, *, now: datetime
) -> DiscussionRules:
    """Put new rules of discussion in force; former decisions keep the version they rest on."""
    former = queries.current_rules(tenant)
    text = "\n".join(lines)
    if former is not None and former.text == text:
        raise Refused(rules.SAME_RULES)
    version = former.version + 1 if former is not None else 1
    row = DiscussionRules(tenant_id=tenant.id, version=version, text=text, valid_from=now)
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError as error:
        raise Refused(rules.RULES_AT_ONCE) from error
    audit.record(
        "rules.published",
        f"discussion_rules:{row.id}",
        actor=actor,
        at=now,
        old=former.text if former is not None else None,
        new=text,
    )
    return row


def _set(
    row: Base, fields: Mapping[str, object], subject: str, actor: Actor, now: datetime
) -> None:
    changed = {name: value for name, value in fields.items() if getattr(row, name) != value}
    if not changed:
        return
    old = {name: getattr(row, name) for name in changed}
    for name, value in changed.items():
        setattr(row, name, value)
    db.session.flush()
    action = f"{subject.partition(':')[0]}.changed"
    audit.record(action, subject, actor=actor, at=now, old=old, new=changed)


@contextmanager
def _unless_taken() -> Iterator[None]:
    try:
        with db.session.begin_nested():
            yield
            db.session.flush()
    except IntegrityError as error:
        raise Refused(rules.NAME_TAKEN) from error


def _area_slug(tenant: Municipality, name: str) -> str:
    taken = {area.slug for area in queries.list_areas(tenant)}
    wanted = slug = slugify(name)
    number = 2
    while slug in taken:
        slug, number = f"{wanted}-{number}", number + 1
    return slug
