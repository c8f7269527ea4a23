"""Acts that a second person has approved."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from deliberate.approvals.models import Approval
from deliberate.kernel import clock, ids
from tests.make.base import add
from tests.make.people import person


def approval(
    app: Flask, tenant: int, act: str, subject: int, payload: str, *, kind: str = "poll"
) -> int:
    """Make a request that a second person approved and that is not spent yet."""
    now = clock.now()
    return add(
        app,
        Approval(
            tenant_id=tenant,
            token=ids.new_token(),
            act=act,
            subject_kind=kind,
            subject_id=subject,
            payload_sha256=payload,
            asked_by=person(app),
            asked_at=now,
            decided_by=person(app),
            decided_at=now,
            approved=True,
            expires_at=now + timedelta(days=14),
        ),
    )
