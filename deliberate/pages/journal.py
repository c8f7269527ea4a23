"""The reading room of the audit: who did what, in words; details and personal data stay inside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from deliberate.access.decorators import requires
from deliberate.accounts import staff
from deliberate.audit.entries import chain_of
from deliberate.audit.models import AccessRefusal, AuditEntry, AuditHead
from deliberate.kernel.db import db
from deliberate.kernel.i18n import say
from deliberate.kernel.pagination import PageOf, page_number
from deliberate.pages.acts import ACTS, SYSTEM, THINGS
from deliberate.pages.blueprint import bp
from deliberate.pages.permissions import Permission
from deliberate.subjects.registry import kinds
from deliberate.subjects.states import is_shown
from deliberate.tenancy.current import current_tenant
from deliberate.tenancy.models import Municipality

PER_PAGE = 50
MOST_REFUSALS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One entry as it is read: ``url`` leads to the thing where there is a page of it."""

    seq: int
    at: datetime
    who: str
    capacity: str
    words: str
    subject: str
    url: str | None
    hash: str


@bp.get("/urzad/dziennik")
@requires(Permission.READ_AUDIT)
def journal() -> ResponseReturnValue:
    tenant = current_tenant()
    return render_template(
        "pages/journal.html", lines=list_lines(tenant), refusals=list_refusals(tenant)
    )


def list_lines(tenant: Municipality) -> PageOf[Line]:
    """Return a page of the municipality's chain, the newest first.

    The chain has no gaps, so its head says how many there are and where each page begins.
    """
    head = db.session.get(AuditHead, chain_of(tenant.id))
    total = head.seq if head is not None else 0
    last = max(1, -(-total // PER_PAGE))
    number = min(page_number(request.args.get("strona")), last)
    first = total - (number - 1) * PER_PAGE
    entries = db.session.scalars(
        select(AuditEntry)
        .where(
            AuditEntry.chain == chain_of(tenant.id),
            AuditEntry.seq <= first,
            AuditEntry.seq > first - PER_PAGE,
        )
        .order_by(AuditEntry.seq.desc())
    ).all()
    names = staff.list_names({_person(entry.actor) for entry in entries})
    titles = _places(tenant, {entry.subject for entry in entries})
    items = [_line(entry, names, titles) for entry in entries]
    return PageOf(items=items, number=number, total=total, per_page=PER_PAGE)


def list_refusals(tenant: Municipality) -> list[tuple[str, str, datetime, int]]:
    """Return the latest refusals of pages: who, where, in which hour, how many times."""
    rows = db.session.scalars(
        select(AccessRefusal)
        .where(AccessRefusal.tenant_id == tenant.id)
        .order_by(AccessRefusal.hour.desc(), AccessRefusal.person_id, AccessRefusal.endpoint)
        .limit(MOST_REFUSALS)
    ).all()
    names = staff.list_names({row.person_id for row in rows})
    return [(names.get(row.person_id, "–"), row.endpoint, row.hour, row.n) for row in rows]


def _line(
    entry: AuditEntry, names: dict[int, str], places: dict[str, tuple[str, str | None]]
) -> Line:
    person = _person(entry.actor)
    who = names.get(person, entry.actor) if person is not None else say(SYSTEM)
    subject, url = places[entry.subject]
    words = ACTS.get(entry.action)
    return Line(
        seq=entry.seq,
        at=entry.at,
        who=who,
        capacity=entry.capacity,
        words=say(words) if words is not None else entry.action,
        subject=subject,
        url=url,
        hash=entry.hash,
    )


def _places(tenant: Municipality, subjects: set[str]) -> dict[str, tuple[str, str | None]]:
    """Return what to call each subject and its page, one query a kind.

    What may not be read has neither title nor link here: the journal is no way round.
    """
    places: dict[str, tuple[str, str | None]] = {}
    by_kind: dict[str, list[int]] = {}
    for subject in subjects:
        kind, _, number = subject.partition(":")
        places[subject] = (f"{say(THINGS.get(kind, kind))} {number}".strip(), None)
        if kind in kinds() and number.isdigit():
            by_kind.setdefault(kind, []).append(int(number))
    for kind, ids in sorted(by_kind.items()):
        for card in kinds()[kind].load_many(tenant.id, ids):
            if is_shown(card.state):
                places[f"{kind}:{card.id}"] = (card.title, card.url)
    return places


def _person(actor: str) -> int | None:
    kind, _, number = actor.partition(":")
    return int(number) if kind == "person" and number.isdigit() else None
