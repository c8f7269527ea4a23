"""Barriers that people reported, and the declaration that the law demands."""

from __future__ import annotations

from flask import url_for
from sqlalchemy import func, select

from deliberate.access.decorators import admits
from deliberate.kernel import clock
from deliberate.kernel.db import db
from deliberate.kernel.i18n import say
from deliberate.kernel.texts import N_
from deliberate.pages.barriers import ANSWER_WITHIN
from deliberate.pages.work.rows import Work, counted
from deliberate.tenancy.models import BarrierReport, Declaration, Municipality


def list_accessibility(tenant: Municipality) -> list[Work]:
    if not admits("pages.barriers"):
        return []
    found = []
    waiting = db.session.execute(
        select(func.count(), func.min(BarrierReport.reported_at)).where(
            BarrierReport.tenant_id == tenant.id, BarrierReport.answered_at.is_(None)
        )
    ).one()
    declared = db.session.scalar(
        select(Declaration.id).where(Declaration.tenant_id == tenant.id).limit(1)
    )
    if waiting[0]:
        words = (N_("zgłoszona bariera"), N_("zgłoszone bariery"), N_("zgłoszonych barier"))
        found.append(
            Work(
                kind=say(N_("Dostępność")),
                icon="accessibility",
                title=counted(waiting[0], *words),
                sub=say(N_("odpowiedź należy się w 7 dni")),
                verb=say(N_("Odpowiedz")),
                url=url_for("pages.barriers"),
                due=clock.local(waiting[1] + ANSWER_WITHIN).date(),
            )
        )
    if declared is None:
        found.append(
            Work(
                kind=say(N_("Dostępność")),
                icon="accessibility",
                title=say(N_("Nie ma deklaracji dostępności")),
                sub=say(N_("wymaga jej ustawa; na stronie jest napisane, że jej brakuje")),
                verb=say(N_("Uzupełnij")),
                url=url_for("pages.edit_declaration"),
                later=True,
            )
        )
    return found
