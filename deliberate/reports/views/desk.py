"""The desk of a report: texts of the office, what is missing, versions and their making."""

from __future__ import annotations

from dataclasses import dataclass

from flask import abort, render_template, url_for
from flask.typing import ResponseReturnValue

from deliberate.access.decorators import may, requires
from deliberate.consultations import queries as consultations
from deliberate.consultations.models import Consultation
from deliberate.consultations.states import UNPUBLISHED
from deliberate.kernel import clock, htmx
from deliberate.kernel.actor import current_actor
from deliberate.kernel.db import transaction
from deliberate.kernel.texts import N_
from deliberate.reports import actions, queries, rules
from deliberate.reports.forms import DraftForm, VersionForm
from deliberate.reports.kinds import State
from deliberate.reports.models import Report
from deliberate.reports.permissions import Permission
from deliberate.reports.views import bp
from deliberate.reports.views.public import contents, send
from deliberate.tenancy.current import current_tenant

DESK = "/urzad/konsultacje/<slug>/raport"
VERSION = DESK + "/<int(max=2147483647):no>"
MOST_NAMED = 40  # of what still waits for a position


@dataclass(frozen=True, slots=True, kw_only=True)
class Versioned:
    """One version of a consultation's report."""

    consultation: Consultation
    report: Report

    @property
    def consultation_scope(self) -> int:
        return self.consultation.id


@dataclass(frozen=True, slots=True, kw_only=True)
class FileOf:
    """One file of a version."""

    versioned: Versioned
    name: str

    @property
    def consultation_scope(self) -> int:
        return self.versioned.consultation_scope


def load(slug: str) -> Consultation:
    """Load for @requires: whatever has been published, through the municipality."""
    found = consultations.get_any(current_tenant(), slug)
    return found if found.state not in UNPUBLISHED else abort(404)


def load_version(slug: str, no: int) -> Versioned:
    consultation = load(slug)
    return Versioned(consultation=consultation, report=queries.get_version(consultation, no))


def load_file(slug: str, no: int, name: str) -> FileOf:
    return FileOf(versioned=load_version(slug, no), name=name)


@bp.get(DESK)
@requires(Permission.SEE, on=load)
def desk(consultation: Consultation) -> ResponseReturnValue:
    draft = queries.find_draft(consultation)
    form = DraftForm(formdata=None, obj=draft, data={"revision": 0} if draft is None else None)
    form.responsible.data = queries.responsible(consultation, draft)
    form.case_number.data = queries.case_number(consultation, draft)
    return _page(consultation, form)


@bp.post(DESK)
@requires(Permission.EDIT, on=load)
def save(consultation: Consultation) -> ResponseReturnValue:
    form = DraftForm()
    if not form.validate_on_submit():
        return _page(consultation, form, code=422)
    draft = queries.find_draft(consultation)
    if form.revision.data != (draft.revision if draft else 0):
        # What was typed stays in the fields; saved again, it replaces what another tab wrote.
        form.revision.raw_data = None
        form.revision.data = draft.revision if draft else 0
        return _page(consultation, form, code=409)
    with transaction():
        actions.save_draft(
            consultation,
            form.texts,
            revision=form.revision.data,
            actor=current_actor(),
            now=clock.now(),
        )
    return htmx.done(N_("Teksty raportu zapisane."), to=_desk_url(consultation))


@bp.post(DESK + "/wersje")
@requires(Permission.EDIT, on=load)
def make(consultation: Consultation) -> ResponseReturnValue:
    form = VersionForm()
    if not form.validate_on_submit():
        abort(400)
    with transaction():
        actions.ask_version(
            consultation, reason=form.reason.data or "", actor=current_actor(), now=clock.now()
        )
    return htmx.done(
        N_("Raport powstaje. Odśwież stronę, żeby zobaczyć postęp."), to=_desk_url(consultation)
    )


@bp.get(VERSION)
@requires(Permission.SEE, on=load_version)
def preview(versioned: Versioned) -> ResponseReturnValue:
    if versioned.report.state == State.MAKING:
        abort(404)
    return render_template(
        "reports/desk/preview.html",
        may_publish=may(Permission.PUBLISH, versioned),
        may_edit=may(Permission.EDIT, versioned),
        **contents(versioned.consultation, versioned.report),
    )


@bp.get(VERSION + "/pliki/<name>")
@requires(Permission.SEE, on=load_file)
def desk_file(wanted: FileOf) -> ResponseReturnValue:
    report = wanted.versioned.report
    found = next((each for each in queries.list_files(report) if each.name == wanted.name), None)
    return send(report, found or abort(404))


@bp.post(VERSION + "/porzucenie")
@requires(Permission.EDIT, on=load_version)
def drop(versioned: Versioned) -> ResponseReturnValue:
    consultation, no = versioned.consultation, versioned.report.no
    with transaction():
        actions.drop_version(
            consultation,
            queries.get_version(consultation, no),
            actor=current_actor(),
            now=clock.now(),
        )
    return htmx.done(N_("Wersja porzucona."), to=_desk_url(consultation))


@bp.post(VERSION + "/ogloszenie")
@requires(Permission.PUBLISH, on=load_version)
def publish(versioned: Versioned) -> ResponseReturnValue:
    consultation, no = versioned.consultation, versioned.report.no
    with transaction():
        actions.publish(
            consultation,
            queries.get_version(consultation, no),
            actor=current_actor(),
            now=clock.now(),
        )
    return htmx.done(
        N_("Raport ogłoszony. Kto brał udział, dostanie list."),
        to=url_for("reports.show", slug=consultation.slug, no=no),
    )


def _desk_url(consultation: Consultation) -> str:
    return url_for("reports.desk", slug=consultation.slug)


def _page(consultation: Consultation, form: DraftForm, *, code: int = 200) -> ResponseReturnValue:
    versions = queries.list_versions(consultation)
    waiting = next((report for report in versions if report.state != State.PUBLISHED), None)
    lacking = queries.list_lacking(consultation)
    facts = queries.make_facts(consultation, reason=None, unanswered=len(lacking), now=clock.now())
    rendered = render_template(
        "reports/desk/desk.html",
        consultation=consultation,
        form=form,
        was_changed=code == 409,
        version_form=VersionForm(formdata=None),
        published=[report for report in versions if report.state == State.PUBLISHED],
        waiting=waiting,
        progress=queries.progress(waiting) if waiting else None,
        lacking=lacking[:MOST_NAMED],
        lacking_count=len(lacking),
        refusal=None if waiting else rules.make_refusal(facts),
        may_edit=may(Permission.EDIT, consultation),
        may_publish=may(Permission.PUBLISH, consultation),
    )
    return rendered, code
