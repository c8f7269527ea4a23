"""Reading notices and decisions. All begin with the tenant."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import abort
from sqlalchemy import ColumnElement, and_, case, exists, func, select
from sqlalchemy.orm import aliased

from deliberate.kernel.db import db
from deliberate.kernel.pagination import PER_PAGE, PageOf
from deliberate.moderation.models import Decision, Notice, NoticeState, Passed
from deliberate.moderation.reasons import URGENT
from deliberate.subjects.states import SHOWN
from deliberate.tenancy.models import Municipality

Scope = frozenset[int] | None  # consultations; None: the whole municipality


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """What stays where a hidden thing was (texts.md no. 34)."""

    decision_id: int
    reason: str | None
    rule: int | None
    at: datetime
    who: str


def list_traces(tenant_id: int, kind: str, ids: Collection[int]) -> Mapping[int, Trace]:
    """Return the standing restriction of each thing that has one, in one query."""
    if not ids:
        return {}
    standing = (
        select(func.max(Decision.id))
        .where(
            Decision.tenant_id == tenant_id,
            Decision.subject_kind == kind,
            Decision.subject_id.in_(ids),
            Decision.undone_at.is_(None),
        )
        .group_by(Decision.subject_id)
    )
    found = db.session.scalars(
        select(Decision).where(
            Decision.id.in_(standing),
            Decision.tenant_id == tenant_id,
            Decision.to_state.not_in(sorted(SHOWN)),
        )
    )
    return {
        decision.subject_id: Trace(
            decision_id=decision.id,
            reason=decision.reason,
            rule=decision.rule,
            at=decision.at,
            who=decision.decider_label,
        )
        for decision in found
    }


# Notices.


def next_number(tenant_id: int) -> int:
    """Return the number of the next notice here; the unique key settles races."""
    found = db.session.scalar(select(func.max(Notice.number)).where(Notice.tenant_id == tenant_id))
    return (found or 0) + 1


def get_notice(tenant: Municipality, number: int) -> Notice:
    wanted = select(Notice).where(Notice.tenant_id == tenant.id, Notice.number == number)
    return db.session.scalar(wanted) or abort(404)


def list_open_notices(tenant_id: int, kind: str, subject_id: int) -> Sequence[Notice]:
    """Return the notices of a thing that wait for a decision, the oldest first."""
    return db.session.scalars(
        select(Notice)
        .where(
            Notice.tenant_id == tenant_id,
            Notice.subject_kind == kind,
            Notice.subject_id == subject_id,
            Notice.state == NoticeState.RECEIVED,
        )
        .order_by(Notice.id)
    ).all()


def list_notices_of(tenant_id: int, decision_id: int) -> Sequence[Notice]:
    """Return the notices that a decision answered."""
    return db.session.scalars(
        select(Notice)
        .where(Notice.tenant_id == tenant_id, Notice.decision_id == decision_id)
        .order_by(Notice.id)
    ).all()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """A thing with notices that wait, and the first of their reasons."""

    kind: str
    subject_id: int
    notices: int
    since: datetime
    reason: str
    is_urgent: bool


def list_reported(
    tenant_id: int, scope: Scope, kinds: Collection[str], limit: int = 100
) -> Sequence[Reported]:
    """Return the things with open notices: urgent first, then like beside like, then by age."""
    urgent = func.max(case((Notice.reason.in_(sorted(URGENT)), 1), else_=0))
    first = func.min(Notice.reason)
    rows = db.session.execute(
        select(
            Notice.subject_kind,
            Notice.subject_id,
            func.count(),
            func.min(Notice.at),
            first,
            urgent,
        )
        .where(*_open_in(tenant_id, scope), Notice.subject_kind.in_(sorted(kinds)))
        .group_by(Notice.subject_kind, Notice.subject_id)
        .order_by(urgent.desc(), first, func.min(Notice.id))
        .limit(limit)
    )
    return [
        Reported(
            kind=kind,
            subject_id=subject_id,
            notices=notices,
            since=since,
            reason=reason,
            is_urgent=bool(is_urgent),
        )
        for kind, subject_id, notices, since, reason, is_urgent in rows
    ]


def _open_in(tenant_id: int, scope: Scope) -> list[ColumnElement[bool]]:
    open_here = [Notice.tenant_id == tenant_id, Notice.state == NoticeState.RECEIVED]
    if scope is not None:
        open_here.append(Notice.consultation_id.in_(sorted(scope)))
    return open_here


# Decisions.


def get_decision(tenant: Municipality, decision_id: int) -> Decision:
    wanted = select(Decision).where(Decision.tenant_id == tenant.id, Decision.id == decision_id)
    return db.session.scalar(wanted) or abort(404)


def find_decision(tenant: Municipality, decision_id: int | None) -> Decision | None:
    if decision_id is None:
        return None
    return db.session.scalar(
        select(Decision).where(Decision.tenant_id == tenant.id, Decision.id == decision_id)
    )


def list_decisions(tenant_id: int, kind: str, subject_id: int) -> Sequence[Decision]:
    """Return all decisions about a thing, the latest first, also those undone."""
    return db.session.scalars(
        select(Decision)
        .where(
            Decision.tenant_id == tenant_id,
            Decision.subject_kind == kind,
            Decision.subject_id == subject_id,
        )
        .order_by(Decision.id.desc())
    ).all()


def list_hidden(tenant: Municipality, scope: Scope, page: int) -> PageOf[Decision]:
    """Return the standing decisions by which something is hidden now, the latest first."""
    later = aliased(Decision)
    wanted = [
        Decision.tenant_id == tenant.id,
        Decision.undone_at.is_(None),
        Decision.to_state.not_in(sorted(SHOWN)),
        ~exists().where(
            later.tenant_id == Decision.tenant_id,
            later.subject_kind == Decision.subject_kind,
            later.subject_id == Decision.subject_id,
            later.turn > Decision.turn,
            later.undone_at.is_(None),
        ),
        *([Decision.consultation_id.in_(sorted(scope))] if scope is not None else []),
    ]
    total = db.session.scalars(select(func.count()).where(*wanted)).one()
    found = db.session.scalars(
        select(Decision)
        .where(*wanted)
        .order_by(Decision.id.desc())
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    ).all()
    return PageOf(items=found, number=page, total=total)


def count_turns(tenant_id: int, kind: str, subject_id: int) -> int:
    return db.session.scalars(
        select(func.count()).where(
            Decision.tenant_id == tenant_id,
            Decision.subject_kind == kind,
            Decision.subject_id == subject_id,
        )
    ).one()


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What facilitators decided, in numbers: everybody may see it. ``hidden``: by reason."""

    hidden: Mapping[str, int]
    restored: int
    notices: int
    waiting: int

    @property
    def all_hidden(self) -> int:
        return sum(self.hidden.values())


def tally(tenant: Municipality, consultation_id: int | None) -> Tally:
    """Count decisions and notices here, of one consultation or of all; no text, no names."""

    def here(model: type[Decision | Notice]) -> ColumnElement[bool]:
        of_tenant = model.tenant_id == tenant.id
        if consultation_id is None:
            return of_tenant
        return and_(of_tenant, model.consultation_id == consultation_id)

    standing = and_(here(Decision), Decision.undone_at.is_(None))
    hidden = db.session.execute(
        select(Decision.reason, func.count())
        .where(standing, Decision.to_state.not_in(sorted(SHOWN)))
        .group_by(Decision.reason)
        .order_by(Decision.reason)
    )
    restored, notices, waiting = db.session.execute(
        select(
            select(func.count())
            .where(standing, Decision.to_state.in_(sorted(SHOWN)))
            .scalar_subquery(),
            select(func.count()).select_from(Notice).where(here(Notice)).scalar_subquery(),
            select(func.count())
            .select_from(Notice)
            .where(here(Notice), Notice.state == NoticeState.RECEIVED)
            .scalar_subquery(),
        )
    ).one()
    return Tally(
        hidden={str(reason): number for reason, number in hidden},
        restored=restored,
        notices=notices,
        waiting=waiting,
    )


def find_passed(tenant_id: int, kind: str, subject_id: int) -> Passed | None:
    return db.session.scalar(
        select(Passed).where(
            Passed.tenant_id == tenant_id,
            Passed.subject_kind == kind,
            Passed.subject_id == subject_id,
        )
    )
