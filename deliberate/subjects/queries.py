"""Reading links, from either end."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from flask import abort
from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    SQLColumnExpression,
    bindparam,
    exists,
    literal,
    or_,
    select,
    union_all,
)

from deliberate.kernel.db import db, fetch_rows
from deliberate.subjects.models import Link
from deliberate.subjects.registry import Entries, kinds
from deliberate.subjects.relations import BACKWARD, FORWARD, Relation


@dataclass(frozen=True, slots=True, kw_only=True)
class Related:
    """The other end of a link, as a page shows it. ``words`` is a Polish source text."""

    link_id: int
    begins_here: bool
    words: str
    kind: str
    id: int
    title: str
    language: str
    url: str


def list_related(tenant_id: int, kind: str, subject_id: int) -> list[Related]:
    """Return what is tied to a thing and may be shown, in the order of tying. One query."""
    listed = {key: other.entries for key, other in kinds().items() if other.entries is not None}
    place = {"tenant_id": tenant_id, "kind": kind, "subject_id": subject_id}
    return [
        Related(
            link_id=row.link_id,
            begins_here=row.begins_here,
            words=(FORWARD if row.begins_here else BACKWARD)[Relation(row.relation)],
            kind=row.kind,
            id=row.id,
            title=row.title,
            language=row.language,
            url=listed[row.kind].url(row.slug, row.number),
        )
        for row in fetch_rows(_select_related(tuple(listed.items())), place)
    ]


def is_tied(
    kind: str, tenant_id: SQLColumnExpression[int], subject_id: SQLColumnExpression[int]
) -> ColumnElement[bool]:
    """Return as SQL whether any link begins or ends at a thing: most have none to be listed."""
    of_tenant = Link.tenant_id == tenant_id
    begins = exists().where(of_tenant, Link.from_kind == kind, Link.from_id == subject_id)
    ends = exists().where(of_tenant, Link.to_kind == kind, Link.to_id == subject_id)
    return or_(begins, ends)


def find_link(
    tenant_id: int, from_end: tuple[str, int], relation: Relation, to_end: tuple[str, int]
) -> Link | None:
    return db.session.scalar(
        select(Link).where(
            Link.tenant_id == tenant_id,
            Link.from_kind == from_end[0],
            Link.from_id == from_end[1],
            Link.relation == relation,
            Link.to_kind == to_end[0],
            Link.to_id == to_end[1],
        )
    )


def get_link(tenant_id: int, from_kind: str, from_id: int, link_id: int) -> Link:
    """Return a link that begins at a thing."""
    return db.session.scalar(
        select(Link).where(
            Link.tenant_id == tenant_id,
            Link.id == link_id,
            Link.from_kind == from_kind,
            Link.from_id == from_id,
        )
    ) or abort(404)


@cache  # two pages of three ask it, and making it takes longer than asking
def _select_related(listed: tuple[tuple[str, Entries], ...]) -> CompoundSelect[*tuple[Any, ...]]:
    parts = [
        _select_part(kind, entries, begins_here=begins_here)
        for kind, entries in listed
        for begins_here in (True, False)
    ]
    return union_all(*parts).order_by("link_id")


def _select_part(
    other_kind: str, entries: Entries, *, begins_here: bool
) -> Select[*tuple[Any, ...]]:
    """Select the links of one direction whose other end is of one kind, with that end."""
    entry = entries.select().subquery()
    ends = (Link.from_kind, Link.from_id), (Link.to_kind, Link.to_id)
    here, there = ends if begins_here else ends[::-1]
    return (
        select(
            Link.id.label("link_id"),
            literal(begins_here).label("begins_here"),
            Link.relation,
            literal(other_kind).label("kind"),
            entry.c.id,
            entry.c.title,
            entry.c.language,
            entry.c.slug,
            entry.c.number,
        )
        .join(entry, (entry.c.tenant_id == Link.tenant_id) & (entry.c.id == there[1]))
        .where(
            Link.tenant_id == bindparam("tenant_id"),
            here[0] == bindparam("kind"),
            here[1] == bindparam("subject_id"),
            there[0] == other_kind,
        )
    )
