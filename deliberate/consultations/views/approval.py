"""Before publication: the preview, the two lists, and the second person who is asked."""

from __future__ import annotations

from collections.abc import Mapping

from flask import abort, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms.fields import SelectChoice

from deliberate.access.decorators import requires
from deliberate.accounts.current import get_person
from deliberate.accounts.models import Person
from deliberate.approvals import queries as approvals
from deliberate.approvals.models import Approval
from deliberate.consultations import publishing, queries
from deliberate.consultations.actions.publication import (
    PUBLISH,
    ask_publication,
    take_back_request,
)
from deliberate.consultations.components import components
from deliberate.consultations.forms import AskForm, Press
from deliberate.consultations.models import Consultation
from deliberate.consultations.permissions import Permission
from deliberate.consultations.rules.publication import SHOWN_MUSTS, Gap, mays, musts
from deliberate.consultations.states import UNPUBLISHED
from deliberate.consultations.views import bp
from deliberate.consultations.views.common import last_request, load
from deliberate.consultations.views.public import page
from deliberate.kernel import clock, htmx
from deliberate.kernel.actor import Role, current_actor
from deliberate.kernel.db import db, transaction
from deliberate.kernel.i18n import LANGUAGES, say
from deliberate.kernel.texts import N_
from deliberate.tenancy.current import current_tenant


@bp.get("/urzad/konsultacje/<slug>/podglad")
@requires(Permission.SEE_DRAFTS, on=load)
def desk_preview(consultation: Consultation) -> ResponseReturnValue:
    return _preview(consultation, _ask_form())


@bp.post("/urzad/konsultacje/<slug>/zatwierdzenie")
@requires(Permission.ASK_APPROVAL, on=load)
def desk_ask(consultation: Consultation) -> ResponseReturnValue:
    form = _ask_form(filled=True)
    if not form.validate_on_submit():
        return _preview(consultation, form, code=422)
    with transaction():
        ask_publication(
            current_tenant(),
            consultation,
            asked_of=form.asked_of.data,
            note=form.note.data,
            actor=current_actor(),
            now=clock.now(),
        )
    return htmx.done(
        N_("Wysłane do zatwierdzenia."),
        to=url_for("consultations.desk_preview", slug=consultation.slug),
    )


@bp.post("/urzad/konsultacje/<slug>/zatwierdzenie/wycofanie")
@requires(Permission.ASK_APPROVAL, on=load)
def desk_unask(consultation: Consultation) -> ResponseReturnValue:
    if not Press().validate_on_submit():
        abort(400)
    with transaction():
        take_back_request(consultation, actor=current_actor(), now=clock.now())
    return htmx.done(
        N_("Prośba wycofana. To znowu szkic."),
        to=url_for("consultations.desk_edit", slug=consultation.slug),
    )


# Parts.


def _ask_form(*, filled: bool = False) -> AskForm:
    form = AskForm() if filled else AskForm(formdata=None)
    colleagues = queries.list_colleagues(current_tenant(), Role.APPROVER, clock.now())
    form.asked_of.choices = [
        SelectChoice(each.person_id, ", ".join(filter(None, (each.name, each.job_title))))
        for each in colleagues
        if each.person_id != get_person().id
    ]
    return form


def _preview(consultation: Consultation, form: AskForm, *, code: int = 200) -> ResponseReturnValue:
    tenant, now = current_tenant(), clock.now()
    facts = publishing.publication_facts(tenant, consultation, now)
    lacking = musts(facts)
    parts = {each.key: list(each.desk(consultation)) for each in components()}
    urls = {key: ways[0].url for key, ways in parts.items() if ways}
    asked = approvals.find_open(tenant.id, PUBLISH, queries.KIND, consultation.id)
    rendered = render_template(
        "consultations/desk/preview.html",
        form=form,
        press=Press(formdata=None),
        musts=[_line(each, urls) for each in lacking[:SHOWN_MUSTS]],
        more_musts=max(0, len(lacking) - SHOWN_MUSTS),
        mays=[_line(each, urls) for each in mays(facts)],
        is_draft=consultation.state in UNPUBLISHED,
        component_links=[way for ways in parts.values() for way in ways],
        asked=asked,
        asked_name=_name(asked),
        last=last_request(consultation),
        usually_same_day=approvals.is_usually_same_day(tenant.id, now),
        **page(consultation, now),
    )
    return rendered, code


def _line(gap: Gap, urls: Mapping[str, str]) -> dict[str, object]:
    """Say a gap; ``urls``: where components mend theirs, by their key, which is its field."""
    values = dict(gap.values)
    if "language" in values:
        values["language"] = LANGUAGES[str(values["language"])]
    return {
        "field": gap.field,
        "text": say(gap.text, **values),
        "source": gap.source,
        "unverified": gap.unverified,
        "url": urls.get(gap.field),
    }


def _name(approval: Approval | None) -> str:
    """Return whom was asked by name; nothing when anybody who approves was."""
    named = db.session.get(Person, approval.asked_of) if approval and approval.asked_of else None
    return named.display_name if named else ""
