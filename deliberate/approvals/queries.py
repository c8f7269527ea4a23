"""Reading requests, each through its municipality."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask import abort
from sqlalchemy import Select, select

from deliberate.approvals import rules
from deliberate.approvals.models import Approval
from deliberate.kernel import clock
from deliberate.kernel.db import db


def get_approval(tenant_id: int, token: str) -> Approval:
    """Return the request with this link; 404 for another municipality's."""
    wanted = select(Approval).where(Approval.tenant_id == tenant_id, Approval.token == token)
    return db.session.scalar(wanted) or abort(404)


def find_open(tenant_id: int, act: str, subject_kind: str, subject_id: int) -> Approval | None:
    """Return the request that waits for a decision; it may have expired."""
    return db.session.scalar(
        _about(tenant_id, act, subject_kind, subject_id).where(
            Approval.decided_at.is_(None), Approval.closed_at.is_(None)
        )
    )


def find_last(tenant_id: int, act: str, subject_kind: str, subject_id: int) -> Approval | None:
    """Return the newest request, whatever became of it: its ``reason`` says what to mend."""
    about = _about(tenant_id, act, subject_kind, subject_id)
    return db.session.scalar(about.order_by(Approval.id.desc()).limit(1))


def list_open(tenant_id: int, now: datetime) -> Sequence[Approval]:
    """Return what waits for a decision in the municipality, the oldest first."""
    return db.session.scalars(
        select(Approval)
        .where(
            Approval.tenant_id == tenant_id,
            Approval.decided_at.is_(None),
            Approval.closed_at.is_(None),
            Approval.expires_at > now,
        )
        .order_by(Approval.asked_at, Approval.id)
    ).all()


def list_decided(tenant_id: int, most: int = 20) -> Sequence[Approval]:
    """Return the last decisions, the newest first."""
    return db.session.scalars(
        select(Approval)
        .where(Approval.tenant_id == tenant_id, Approval.decided_at.is_not(None))
        .order_by(Approval.decided_at.desc(), Approval.id.desc())
        .limit(most)
    ).all()


def is_usually_same_day(tenant_id: int, now: datetime) -> bool:
    """Tell whether "Odpowiedź zwykle przychodzi tego samego dnia" was true for 30 days."""
    waits = db.session.execute(
        select(Approval.asked_at, Approval.decided_at).where(
            Approval.tenant_id == tenant_id, Approval.decided_at > now - timedelta(days=30)
        )
    )
    days = [
        (clock.local(decided).date() - clock.local(asked).date()).days
        for asked, decided in waits
        if decided is not None
    ]
    return rules.usually_same_day(days)


def _about(tenant_id: int, act: str, subject_kind: str, subject_id: int) -> Select[Approval]:
    return select(Approval).where(
        Approval.tenant_id == tenant_id,
        Approval.act == act,
        Approval.subject_kind == subject_kind,
        Approval.subject_id == subject_id,
    )
