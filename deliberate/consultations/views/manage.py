"""What the office may change after publication, each change in public and with its reason."""

from __future__ import annotations

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from deliberate.access.decorators import requires
from deliberate.accounts.current import get_person
from deliberate.consultations import publishing, queries, translations
from deliberate.consultations.actions import addresses, corrections, drafts, steps
from deliberate.consultations.actions.dates import change_dates
from deliberate.consultations.components import components
from deliberate.consultations.forms import (
    AddressForm,
    CorrectionForm,
    DatesForm,
    FileForm,
    Press,
    StepForm,
)
from deliberate.consultations.models import Consultation
from deliberate.consultations.permissions import Permission
from deliberate.consultations.rules.dates import may_correct_slip
from deliberate.consultations.states import STEPS, State
from deliberate.consultations.tiles import STATE_NAMES, tile
from deliberate.consultations.views import bp
from deliberate.consultations.views.common import load, load_published
from deliberate.kernel import clock, files, htmx
from deliberate.kernel.actor import current_actor
from deliberate.kernel.db import transaction
from deliberate.kernel.filetypes import BadFile
from deliberate.kernel.forms import Form
from deliberate.kernel.i18n import LANGUAGES, say
from deliberate.kernel.models import StoredFile
from deliberate.kernel.refusals import Refusal, Refused
from deliberate.kernel.texts import N_
from deliberate.tenancy.current import current_tenant

CORRECTED = ("title", "summary", "can_change", "cannot_change", "easy_text", "contact")
STEP_NAMES = {
    "wstrzymanie": State.SUSPENDED,
    "wznowienie": State.PUBLISHED,
    "odwolanie": State.CANCELLED,
    "archiwum": State.ARCHIVED,
}
STEP_DONE = {
    State.SUSPENDED: N_("Konsultacje wstrzymane."),
    State.PUBLISHED: N_("Konsultacje wznowione."),
    State.CANCELLED: N_("Konsultacje odwołane."),
    State.ARCHIVED: N_("Konsultacje są w archiwum. Nadal można je czytać."),
}


def load_for_step(slug: str, name: str) -> Consultation:
    return load_published(slug) if name in STEP_NAMES else abort(404)


def load_for_file(slug: str, token: str) -> Consultation:
    consultation = load(slug)
    return consultation if _file(consultation, token) else abort(404)


def _file(consultation: Consultation, token: str) -> StoredFile | None:
    found = files.find_file(consultation.tenant_id, token)
    mine = (queries.KIND, consultation.id)
    return found if found and (found.subject_kind, found.subject_id) == mine else None


@bp.get("/urzad/konsultacje/<slug>/prowadzenie")
@requires(Permission.EDIT, on=load_published)
def desk_manage(consultation: Consultation) -> ResponseReturnValue:
    return _page(consultation)


@bp.post("/urzad/konsultacje/<slug>/terminy")
@requires(Permission.EDIT, on=load_published)
def desk_dates(consultation: Consultation) -> ResponseReturnValue:
    form = DatesForm()
    given = {row.form.phase_id.data: row.form for row in form.rows}
    if not form.validate_on_submit() or set(given) != {each.id for each in consultation.phases}:
        return _page(consultation, dates=form, code=422)
    try:
        with transaction():
            change_dates(
                consultation,
                [
                    (given[phase.id].first.data, given[phase.id].last.data)
                    for phase in consultation.phases
                ],
                form.answer_due.data,
                reason=form.reason.data,
                stamp=form.revision.data,
                actor=current_actor(),
                now=clock.now(),
            )
    except Refused as refused:
        return _page(consultation, refusal=refused.refusal, dates=form, code=409)
    return _done(consultation, N_("Nowe terminy są widoczne dla wszystkich."))


@bp.post("/urzad/konsultacje/<slug>/sprostowanie")
@requires(Permission.EDIT, on=load_published)
def desk_correct(consultation: Consultation) -> ResponseReturnValue:
    form = CorrectionForm()
    if not form.validate_on_submit():
        return _page(consultation, correction=form, code=422)
    try:
        with transaction():
            corrections.correct_typing(
                consultation,
                {name: form[name].data or "" for name in CORRECTED},
                reason=form.reason.data,
                stamp=form.revision.data,
                actor=current_actor(),
                now=clock.now(),
            )
    except Refused as refused:
        return _page(consultation, refusal=refused.refusal, correction=form, code=409)
    return _done(consultation, N_("Poprawka jest widoczna, razem z powodem."))


@bp.post("/urzad/konsultacje/<slug>/stan/<name>")
@requires(Permission.EDIT, on=load_for_step)
def desk_step(consultation: Consultation) -> ResponseReturnValue:
    target, form = STEP_NAMES[(request.view_args or {})["name"]], StepForm()
    if not form.validate_on_submit():
        return _page(consultation, step=form, code=422)
    try:
        with transaction():
            steps.step(
                consultation,
                target,
                reason=form.reason.data,
                actor=current_actor(),
                now=clock.now(),
            )
    except Refused as refused:
        return _page(consultation, refusal=refused.refusal, step=form, code=409)
    return _done(consultation, STEP_DONE[target])


@bp.post("/urzad/konsultacje/<slug>/adres")
@requires(Permission.EDIT, on=load_published)
def desk_move(consultation: Consultation) -> ResponseReturnValue:
    form = AddressForm()
    if not form.validate_on_submit():
        return _page(consultation, address=form, code=422)
    try:
        with transaction():
            addresses.move(current_tenant(), consultation, form.slug.data, actor=current_actor())
    except Refused as refused:
        return _page(consultation, refusal=refused.refusal, address=form, code=409)
    return _done(consultation, N_("Strona ma nowy adres. Dawny prowadzi do nowego."))


@bp.post("/urzad/konsultacje/<slug>/pliki")
@requires(Permission.EDIT, on=load_published)
def desk_add_file(consultation: Consultation) -> ResponseReturnValue:
    form, tenant, by = FileForm(), current_tenant(), get_person().id
    try:
        file = files.receive(form.upload.data, form.file_token.data, tenant_id=tenant.id, by=by)
    except BadFile as bad:
        form.validate()
        form.upload.errors = [bad.message]
        return _page(consultation, file_form=form, code=422)
    form.file_token.data = file.token if file else ""
    good = form.validate_on_submit()
    if file is None:
        form.upload.errors = [N_("Wybierz plik.")]
    if not good or file is None:
        return _page(consultation, file_form=form, received=file, code=422)
    with transaction():
        corrections.add_published_file(
            consultation, file, form.file_alt.data, actor=current_actor(), now=clock.now()
        )
    return _done(consultation, N_("Plik jest widoczny na stronie konsultacji."))


@bp.post("/urzad/konsultacje/<slug>/pliki/<token>/usuniecie")
@requires(Permission.EDIT, on=load_for_file)
def desk_remove_file(consultation: Consultation) -> ResponseReturnValue:
    if not Press().validate_on_submit():
        abort(400)
    token = (request.view_args or {})["token"]
    with transaction():
        file = _file(consultation, token) or abort(404)
        drafts.remove_file(consultation, file)
    return htmx.done(
        N_("Plik usunięty."), to=url_for("consultations.desk_edit", slug=consultation.slug)
    )


def _page(
    consultation: Consultation,
    *,
    refusal: Refusal | None = None,
    dates: DatesForm | None = None,
    correction: CorrectionForm | None = None,
    step: StepForm | None = None,
    address: AddressForm | None = None,
    file_form: FileForm | None = None,
    received: StoredFile | None = None,
    code: int = 200,
) -> ResponseReturnValue:
    tenant, now = current_tenant(), clock.now()
    facts = publishing.correction_facts(consultation, now)
    shown: list[Form | None] = [dates, correction, step, address, file_form]
    rendered = render_template(
        "consultations/desk/manage.html",
        consultation=consultation,
        tile=tile(consultation, now),
        refusal=refusal,
        wrong=next((form for form in shown if form is not None), None),
        dates=dates or _dates_form(consultation),
        correction=correction or CorrectionForm(formdata=None, obj=consultation),
        step=step or StepForm(formdata=None),
        address=address or AddressForm(formdata=None, slug=consultation.slug),
        file_form=file_form or FileForm(formdata=None),
        received=received,
        press=Press(formdata=None),
        kept=files.list_files(tenant.id, queries.KIND, consultation.id),
        file_name=files.url_name,
        endings=files.ENDINGS,
        titles={phase.id: say(phase.title) for phase in consultation.phases},
        may_slip=may_correct_slip(facts),
        steps=[name for name, state in STEP_NAMES.items() if state in STEPS[consultation.state]],
        state_name=say(STATE_NAMES[State(consultation.state)]),
        languages=_languages(consultation),
        component_links=[way for each in components() for way in each.desk(consultation)],
    )
    return rendered, code


def _dates_form(consultation: Consultation) -> DatesForm:
    return DatesForm(
        formdata=None,
        revision=consultation.revision,
        answer_due=consultation.answer_due,
        rows=[
            {
                "phase_id": phase.id,
                "first": times.first_day,
                "last": times.last_day,
            }
            for phase, times in zip(
                consultation.phases, queries.phase_times(consultation), strict=True
            )
        ],
    )


def _languages(consultation: Consultation) -> list[tuple[str, str, bool]]:
    tenant = current_tenant()
    missing = translations.missing_languages(tenant, consultation)
    return [
        (lang, LANGUAGES[lang], lang not in missing)
        for lang in tenant.language_list
        if lang != "pl"
    ]


def _done(consultation: Consultation, status: str) -> ResponseReturnValue:
    return htmx.done(status, to=url_for("consultations.desk_manage", slug=consultation.slug))
