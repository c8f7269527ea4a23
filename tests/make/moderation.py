"""Notices, and what a decision has hidden."""

from __future__ import annotations

from flask import Flask

from deliberate.discussion.models import Contribution, Summary
from deliberate.documents import actions as remarks
from deliberate.documents.models import Remark
from deliberate.kernel import clock
from deliberate.kernel.db import db, transaction
from deliberate.moderation.models import Notice
from deliberate.proposals.models import Proposal
from deliberate.subjects.states import ContentState
from tests.make.base import add, numbers


def notice(
    app: Flask,
    tenant: int,
    kind: str,
    subject: int,
    *,
    consultation: int | None = None,
    reason: str = "personal_data",
) -> int:
    """Make a notice by somebody who left an address."""
    return add(
        app,
        Notice(
            tenant_id=tenant,
            number=next(numbers),
            consultation_id=consultation,
            subject_kind=kind,
            subject_id=subject,
            reason=reason,
            text="To są dane mojej sąsiadki.",
            reporter_email="zglaszajaca@poczta.example",
            locale="pl",
            at=clock.now(),
        ),
    )


def hidden(app: Flask, kind: str, subject: int) -> None:
    """Hide a contribution, a summary, a proposal or a remark, as a decision would leave it."""
    if kind == "remark":
        with app.app_context(), transaction():
            row = db.session.get_one(Remark, subject)
            remarks.restrict(row.tenant_id, row.id, ContentState.HIDDEN)
        return
    model = {"contribution": Contribution, "summary": Summary, "proposal": Proposal}[kind]
    with app.app_context(), transaction():
        db.session.get_one(model, subject).content_state = ContentState.HIDDEN
