"""Somebody met a barrier: a form without an account, a letter to the office, a clock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from flask import Flask, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import ColumnElement, delete, func, select
from wtforms import StringField, TextAreaField

from deliberate.access.decorators import never_cached, public, requires
from deliberate.audit import entries as audit
from deliberate.kernel import clock, forms, htmx, ratelimit, retention
from deliberate.kernel.actor import current_actor
from deliberate.kernel.db import db, transaction
from deliberate.kernel.texts import N_
from deliberate.kernel.urls import safe_next
from deliberate.notifications.actions import must_tell
from deliberate.notifications.links import absolute
from deliberate.pages.blueprint import bp
from deliberate.pages.permissions import Permission
from deliberate.tenancy.current import current_tenant
from deliberate.tenancy.models import BarrierReport, Municipality

REPORTS = ratelimit.Limit(bucket="barrier", most=10, per=timedelta(hours=1))
# Art. 18 of the act of 4 April 2019: without delay, at most 7 days; later only with a reason.
ANSWER_WITHIN = timedelta(days=7)
KEPT_AFTER_ANSWER = timedelta(days=365)


class BarrierForm(forms.Form):
    page = forms.line(N_("Na jakiej stronie"), longest=300)
    text: TextAreaField = forms.text(N_("Co przeszkadza"), longest=2000, shortest=10)
    contact = forms.line(N_("Jak Ci odpowiedzieć"), longest=300)
    # People do not see it; programs that fill in everything do.
    website = StringField(N_("Zostaw puste"))


class AnsweredForm(forms.Form):
    """One button and its token."""


def install(app: Flask) -> None:
    rule = retention.RetentionRule(
        key="pages.barriers",
        label=N_("Zgłoszenia barier, z adresem do odpowiedzi"),
        keeps=N_("rok po odpowiedzi"),
        count=count_old,
        remove=remove_old,
    )
    retention.register(app, rule)


@bp.get("/zglos-bariere")
@never_cached
@public
def barrier() -> ResponseReturnValue:
    current_tenant()
    form = BarrierForm(formdata=None, page=safe_next(request.args.get("strona")) or "")
    return render_template("pages/barrier.html", form=form)


@bp.post("/zglos-bariere")
@public
def report_barrier() -> ResponseReturnValue:
    tenant, form = current_tenant(), BarrierForm()
    if not form.validate_on_submit():
        return render_template("pages/barrier.html", form=form), 422
    ratelimit.check(REPORTS, ratelimit.address())
    if not form.website.data:
        with transaction():
            ratelimit.count(REPORTS, ratelimit.address())
            report(tenant, form, now=clock.now())
    return htmx.done(
        N_("Dziękujemy. Zgłoszenie jest w urzędzie, odpowiedź przyjdzie najpóźniej za 7 dni."),
        to=url_for("pages.barrier"),
    )


@bp.get("/urzad/bariery")
@requires(Permission.EDIT_DECLARATION)
def barriers() -> ResponseReturnValue:
    return render_template(
        "pages/barriers.html", reports=list_reports(current_tenant()), due=due, today=_today()
    )


@bp.post("/urzad/bariery/<int(max=2147483647):report_id>/odpowiedz")
@requires(Permission.EDIT_DECLARATION)
def answer_barrier(report_id: int) -> ResponseReturnValue:
    if not AnsweredForm().validate_on_submit():
        abort(400)
    tenant, now = current_tenant(), clock.now()
    with transaction():
        row = _get_report(tenant, report_id)
        row.answered_at = row.answered_at or now
        audit.record("barrier.answered", f"barrier:{row.id}", actor=current_actor(), at=now)
    return htmx.done(N_("Oznaczone jako załatwione."), to=url_for("pages.barriers"))


def report(tenant: Municipality, form: BarrierForm, *, now: datetime) -> None:
    """Keep a report and write to the office, in the caller's transaction."""
    row = BarrierReport(
        tenant_id=tenant.id,
        page=form.page.data,
        text=form.text.data,
        contact=form.contact.data,
        reported_at=now,
    )
    db.session.add(row)
    db.session.flush()
    must_tell(
        tenant.office_email,
        tenant=tenant,
        locale="pl",
        kind="barrier",
        subject=N_("Zgłoszenie bariery w dostępności"),
        template="pages/barrier",
        values={"report": row, "due": due(row), "url": absolute(tenant, "pages.barriers")},
        dedupe=f"barrier:{row.id}",
    )


def due(row: BarrierReport) -> date:
    """Return the last day for an answer."""
    return clock.local(row.reported_at + ANSWER_WITHIN).date()


def list_reports(tenant: Municipality) -> Sequence[BarrierReport]:
    """Return what waits for an answer, the longest waiting first, then what was answered."""
    return db.session.scalars(
        select(BarrierReport)
        .where(BarrierReport.tenant_id == tenant.id)
        .order_by(BarrierReport.answered_at.is_not(None), BarrierReport.id)
        .limit(200)
    ).all()


def count_old(now: datetime) -> int:
    return db.session.scalars(
        select(func.count()).select_from(BarrierReport).where(_old(now))
    ).one()


def remove_old(now: datetime) -> int:
    gone = db.session.execute(delete(BarrierReport).where(_old(now)))
    return gone.rowcount  # type: ignore[attr-defined, no-any-return]


def _old(now: datetime) -> ColumnElement[bool]:
    return BarrierReport.answered_at < now - KEPT_AFTER_ANSWER


def _get_report(tenant: Municipality, report_id: int) -> BarrierReport:
    return db.session.scalar(
        select(BarrierReport).where(
            BarrierReport.tenant_id == tenant.id, BarrierReport.id == report_id
        )
    ) or abort(404)


def _today() -> date:
    return clock.local(clock.now()).date()
