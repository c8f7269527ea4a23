"""The page of six fields where a draft is written."""

from __future__ import annotations

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms.fields import SelectChoice

from deliberate.access.decorators import requires
from deliberate.accounts.current import current_memberships, get_person
from deliberate.accounts.standing import Needs
from deliberate.consultations import plans, queries, requirements
from deliberate.consultations.actions import drafts
from deliberate.consultations.forms import MOST_PHASES, DraftForm, PhaseForm
from deliberate.consultations.laws import adoption_day, law
from deliberate.consultations.models import Consultation
from deliberate.consultations.permissions import Permission
from deliberate.consultations.procedures import BY_ADDRESS, DEFINITIONS, Procedure, split
from deliberate.consultations.rules.phases import PhaseTimes
from deliberate.consultations.states import UNPUBLISHED, Template
from deliberate.consultations.tiles import DRAWN
from deliberate.consultations.views import bp
from deliberate.consultations.views.common import last_request, load
from deliberate.kernel import clock, files, htmx
from deliberate.kernel.actor import Role, current_actor
from deliberate.kernel.db import transaction
from deliberate.kernel.filetypes import BadFile
from deliberate.kernel.i18n import locale, say
from deliberate.kernel.models import StoredFile
from deliberate.kernel.refusals import Refusal, Refused
from deliberate.kernel.texts import N_
from deliberate.subjects.activities import Activity
from deliberate.tenancy import queries as tenancy
from deliberate.tenancy.current import current_tenant
from deliberate.tenancy.models import Municipality
from deliberate.topics import queries as topics

# The names of templates in addresses; a document may be asked about by several laws.
TEMPLATES = {
    "zdanie": Template.ASK,
    "pomysly": Template.IDEAS,
    **dict.fromkeys(BY_ADDRESS, Template.DOCUMENT),
}
COLUMNS = (
    "title",
    "summary",
    "can_change",
    "cannot_change",
    "effect",
    "decided_by",
    "decision_due",
    "answer_due",
    "contact",
    "legal_basis",
    "easy_text",
    "sign_video_url",
    "propose_needs",
    "support_needs",
    "discuss_needs",
    "vote_needs",
    "procedure",
    "case_number",
    "responsible_person",
)
REFERENCES = ("area_id", "unit_id", "organisation_id", "appeal_person_id")


@bp.get("/urzad/konsultacje/nowe/<name>")
@requires(Permission.EDIT)
def desk_draft(name: str) -> ResponseReturnValue:
    template = _template(name)
    tenant = current_tenant()
    return _write(tenant, template, _blank(tenant, template, _procedure(name)), None)


@bp.post("/urzad/konsultacje/nowe/<name>")
@requires(Permission.EDIT)
def desk_create(name: str) -> ResponseReturnValue:
    template, tenant = _template(name), current_tenant()
    form = _offer(DraftForm(data={"procedure": _procedure(name)}), tenant)
    file = _received(form, tenant)
    if _wants_more(form):
        return _write(tenant, template, form, None, file=file)
    if not _is_good(form):
        return _write(tenant, template, form, None, file=file, code=422)
    with transaction():
        made = drafts.create(
            tenant, template, _draft(form, tenant), actor=current_actor(), now=clock.now()
        )
    return htmx.done(
        N_("Szkic zapisany. Widzi go tylko urząd."),
        to=url_for("consultations.desk_preview", slug=made.slug),
    )


@bp.get("/urzad/konsultacje/<slug>")
@requires(Permission.EDIT, on=load)
def desk_edit(consultation: Consultation) -> ResponseReturnValue:
    if consultation.state not in UNPUBLISHED:
        return redirect(url_for("consultations.desk_manage", slug=consultation.slug))
    tenant = current_tenant()
    return _write(tenant, consultation.template, _from_draft(tenant, consultation), consultation)


@bp.post("/urzad/konsultacje/<slug>")
@requires(Permission.EDIT, on=load)
def desk_save(consultation: Consultation) -> ResponseReturnValue:
    tenant, template = current_tenant(), consultation.template
    form = _offer(DraftForm(data={"procedure": consultation.procedure}), tenant)
    file = _received(form, tenant)
    if _wants_more(form):
        return _write(tenant, template, form, consultation, file=file)
    if not _is_good(form):
        return _write(tenant, template, form, consultation, file=file, code=422)
    try:
        with transaction():
            drafts.save(
                tenant,
                consultation,
                _draft(form, tenant, consultation),
                stamp=form.revision.data,
                actor=current_actor(),
                now=clock.now(),
            )
    except Refused as refused:
        # What was typed stays on the page, whatever the reason.
        return _write(
            tenant, template, form, consultation, file=file, refusal=refused.refusal, code=409
        )
    return htmx.done(
        N_("Szkic zapisany."), to=url_for("consultations.desk_preview", slug=consultation.slug)
    )


def _template(name: str) -> Template:
    return TEMPLATES.get(name) or abort(404)


def _procedure(name: str) -> Procedure:
    return BY_ADDRESS.get(name, Procedure.GENERAL)


def _write(
    tenant: Municipality,
    template: str,
    form: DraftForm,
    consultation: Consultation | None,
    *,
    file: StoredFile | None = None,
    refusal: Refusal | None = None,
    code: int = 200,
) -> ResponseReturnValue:
    kept = files.list_files(tenant.id, queries.KIND, consultation.id) if consultation else []
    if not form.phases.entries:
        form.phases.append_entry()
    today = clock.local(clock.now()).date()
    procedure = _chosen(form)
    page_of_form = render_template(
        "consultations/desk/write.html",
        form=form,
        consultation=consultation,
        template=template,
        kept=kept,
        received=file,
        refusal=refusal,
        law=law(procedure, requirements.by_procedure(tenant, today)[procedure], today=today),
        asks_contents=procedure is Procedure.NGO_PROGRAMME,
        last=last_request(consultation),
        endings=files.ENDINGS,
        may_add_phase=len(form.phases) < MOST_PHASES,
    )
    return page_of_form, code


def _chosen(form: DraftForm) -> Procedure:
    known = form.procedure.data in list(Procedure)
    return Procedure(form.procedure.data) if known else Procedure.GENERAL


def _offer(form: DraftForm, tenant: Municipality) -> DraftForm:
    """Fill in what may be chosen here; whatever else is sent is refused."""
    now = clock.now()
    form.area_id.choices = [
        SelectChoice(0, say(N_("cała gmina"))),
        *(SelectChoice(area.id, area.name) for area in tenancy.list_areas(tenant)),
    ]
    form.unit_id.choices = [
        SelectChoice(0, tenant.lead_unit or tenant.office_name),
        *(SelectChoice(unit.id, unit.name) for unit in tenancy.list_units(tenant)),
    ]
    form.organisation_id.choices = [
        SelectChoice(0, say(N_("urząd"))),
        *(SelectChoice(each.id, each.name) for each in queries.list_organisations(tenant)),
    ]
    form.appeal_person_id.choices = [
        SelectChoice(0, say(N_("wybierz osobę"))),
        *(
            SelectChoice(each.person_id, each.name)
            for each in queries.list_colleagues(tenant, Role.REVIEWER, now)
        ),
    ]
    form.topics.choices = [
        SelectChoice(topic.key, topic.name_in(locale())) for topic in topics.list_topics()
    ]
    return form


def _blank(tenant: Municipality, template: Template, procedure: Procedure) -> DraftForm:
    """Return the form as the municipality, the template and the law fill it in."""
    now = clock.now()
    today = clock.local(now).date()
    demanded = requirements.by_procedure(tenant, today)[procedure]
    proposed = plans.schedule(template, today=today, requirements=demanded)
    definition = DEFINITIONS[procedure]
    reviewers = queries.list_colleagues(tenant, Role.REVIEWER, now)
    units = [each.unit_id for each in current_memberships() if each.unit_id is not None]
    contact = ", ".join(filter(None, (tenant.lead_unit, tenant.office_phone, tenant.office_email)))
    form = DraftForm(
        formdata=None,
        revision=0,
        phases=[
            {
                "title": phase.title,
                "first": phase.first,
                "last": phase.last,
                "opens": list(phase.opens),
            }
            for phase in proposed.phases
        ],
        answer_due=proposed.answer_due,
        decided_by=tenant.council if definition.council_by else tenant.executive,
        decision_due=adoption_day(demanded, after=proposed.phases[-1].last),
        contact=contact,
        procedure=procedure,
        responsible_person=get_person().display_name,
        legal_basis="; ".join(filter(None, (definition.basis, tenant.legal_basis)))
        if procedure is not Procedure.GENERAL
        else tenant.legal_basis,
        propose_needs=Needs.EMAIL if definition.for_anyone else Needs.DECLARED,
        unit_id=units[0] if units else 0,
        appeal_person_id=reviewers[0].person_id if reviewers else 0,
    )
    return _offer(form, tenant)


def _from_draft(tenant: Municipality, consultation: Consultation) -> DraftForm:
    values = {name: getattr(consultation, name) for name in COLUMNS}
    values |= {name: getattr(consultation, name) or 0 for name in REFERENCES}
    form = DraftForm(
        formdata=None,
        revision=consultation.revision,
        phases=[
            {
                "title": phase.title,
                "first": phase.first_day,
                "last": phase.last_day,
                "opens": sorted(phase.opens, key=list(Activity).index),
            }
            for phase in queries.phase_times(consultation)
        ],
        topics=[topic.key for topic in topics.list_of(tenant, queries.KIND, consultation.id)],
        picture=consultation.picture if consultation.picture in DRAWN else "",
        forms=split(consultation.planned_forms),
        contents=split(consultation.contents),
        **values,
    )
    return _offer(form, tenant)


def _received(form: DraftForm, tenant: Municipality) -> StoredFile | None:
    """Keep the upload before anything else is judged, so that no mistake elsewhere loses it."""
    try:
        file = files.receive(
            form.upload.data, form.file_token.data, tenant_id=tenant.id, by=get_person().id
        )
    except BadFile as bad:
        form.bad_file = bad.message
        return None
    form.file_token.data = file.token if file else ""
    return file


def _wants_more(form: DraftForm) -> bool:
    """Answer "Dodaj etap", which works without a script: the same page, one row more."""
    if request.form.get("more") != "phase":
        return False
    if len(form.phases) < MOST_PHASES:
        form.phases.append_entry()
    return True


def _is_good(form: DraftForm) -> bool:
    good = form.validate_on_submit()
    if form.bad_file:
        form.upload.errors = [form.bad_file]
        return False
    if form.file_token.data and not form.file_alt.data:
        form.file_alt.errors = [N_("Napisz, co jest w pliku: ktoś może go nie widzieć.")]
        return False
    return bool(good)


def _draft(
    form: DraftForm, tenant: Municipality, consultation: Consultation | None = None
) -> drafts.Draft:
    columns: dict[str, object] = {name: form[name].data for name in COLUMNS}
    columns |= {name: form[name].data or None for name in REFERENCES}
    columns |= {"planned_forms": ",".join(form.forms.data or ())}
    columns |= {"contents": ",".join(form.contents.data or ())}
    former = consultation.picture if consultation else ""
    if form.picture.data != former and (form.picture.data or former in DRAWN):
        # A photograph stays until a drawn picture takes its place.
        columns |= {"picture": form.picture.data, "picture_alt": ""}
    person = get_person()
    return drafts.Draft(
        columns=columns,
        phases=[_times(row) for row in form.written_phases],
        topics=form.topics.data or [],
        file=files.find_unattached(tenant.id, form.file_token.data, by=person.id),
        file_alt=form.file_alt.data or "",
    )


def _times(row: PhaseForm) -> PhaseTimes:
    first, last = row.first.data, row.last.data
    if first is None or last is None:
        raise ValueError("A phase without days is not valid, so it never comes here.")
    return PhaseTimes.on_days(
        title=row.title.data,
        first=first,
        last=last,
        opens=(Activity(name) for name in row.opens.data or ()),
    )
