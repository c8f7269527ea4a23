"""The officer's pages of surveys: those of a consultation, one as a whole, its states."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from deliberate.access.decorators import requires
from deliberate.consultations.models import Consultation
from deliberate.consultations.permissions import Permission
from deliberate.kernel import clock, htmx
from deliberate.kernel.actor import current_actor
from deliberate.kernel.db import transaction
from deliberate.kernel.i18n import LANGUAGES, locale
from deliberate.kernel.refusals import Refusal, Refused
from deliberate.kernel.texts import N_
from deliberate.subjects.activities import Activity
from deliberate.surveys import queries
from deliberate.surveys.actions import building as actions
from deliberate.surveys.definition import Definition
from deliberate.surveys.forms import NewSurveyForm, QuestionForm, SettingsForm, StampForm
from deliberate.surveys.kinds import (
    KIND_HINTS,
    KIND_LABELS,
    STATE_LABELS,
    STATE_TONES,
    QuestionKind,
)
from deliberate.surveys.models import Survey
from deliberate.surveys.rules import answering, building
from deliberate.surveys.views.common import (
    DESK,
    DESK_ONE,
    OnDesk,
    bp,
    desk_of,
    load_consultation,
    load_survey,
)
from deliberate.tenancy.current import current_tenant


@bp.get(DESK)
@requires(Permission.EDIT, on=load_consultation)
def desk(consultation: Consultation) -> ResponseReturnValue:
    return _desk_page(consultation, NewSurveyForm(formdata=None))


@bp.post(DESK)
@requires(Permission.EDIT, on=load_consultation)
def create(consultation: Consultation) -> ResponseReturnValue:
    form = NewSurveyForm()
    if not form.validate_on_submit():
        return _desk_page(consultation, form), 422
    definition = Definition(title=form.title.data, intro=form.intro.data or "")
    with transaction():
        survey = actions.create(
            consultation,
            definition,
            is_anonymous=form.is_anonymous,
            actor=current_actor(),
            now=clock.now(),
        )
    return htmx.done(
        N_("Szkic ankiety jest zapisany. Dodaj pytania."),
        to=url_for("surveys.build", slug=consultation.slug, number=survey.number),
    )


def _desk_page(consultation: Consultation, form: NewSurveyForm) -> str:
    return render_template(
        "surveys/desk/index.html",
        consultation=consultation,
        surveys=queries.list_surveys(consultation),
        sheets=queries.count_sheets_in(consultation),
        state_labels=STATE_LABELS,
        state_tones=STATE_TONES,
        form=form,
    )


@bp.get(DESK_ONE)
@requires(Permission.EDIT, on=load_survey)
def build(there: OnDesk) -> ResponseReturnValue:
    return build_page(there)


@bp.post(DESK_ONE)
@requires(Permission.EDIT, on=load_survey)
def save_settings(there: OnDesk) -> ResponseReturnValue:
    form = SettingsForm()
    if not form.validate_on_submit():
        return build_page(there, form=form, code=422)
    definition = replace(
        there.survey.definition, title=form.title.data, intro=form.intro.data or ""
    )
    return change(there, definition, form, is_anonymous=form.is_anonymous)


def change(
    there: OnDesk,
    definition: Definition,
    form: SettingsForm | StampForm | QuestionForm,
    *,
    is_anonymous: bool | None = None,
) -> ResponseReturnValue:
    survey = there.survey
    try:
        with transaction():
            actions.change(
                survey,
                definition,
                is_anonymous=survey.is_anonymous if is_anonymous is None else is_anonymous,
                stamp=form.revision.data or 0,
                actor=current_actor(),
                now=clock.now(),
            )
    except Refused as refused:
        return build_page(there, refusal=refused.refusal, code=409)
    return htmx.done(N_("Ankieta jest zapisana."), to=desk_of(there))


def build_page(
    there: OnDesk,
    *,
    form: SettingsForm | None = None,
    refusal: Refusal | None = None,
    code: int = 200,
) -> ResponseReturnValue:
    consultation, survey, now = there.consultation, there.survey, clock.now()
    definition, facts = survey.definition, queries.build_facts(survey)
    rendered = render_template(
        "surveys/desk/build.html",
        consultation=consultation,
        survey=survey,
        definition=definition,
        form=form or _settings(survey),
        refusal=refusal,
        locked=building.change_refusal(facts),
        is_answered=facts.is_answered,
        incomplete=building.offer_refusal(definition),
        sheets=queries.count_sheets(survey),
        gate=queries.survey_gate(survey, now=now),
        opens=any(Activity.SURVEY in phase.opens for phase in consultation.phases),
        is_over=building.is_over(queries.survey_gate(survey, now=now), now=now),
        kinds=[(kind.value, KIND_LABELS[kind], KIND_HINTS[kind]) for kind in QuestionKind],
        kind_labels=KIND_LABELS,
        state_labels=STATE_LABELS,
        state_tones=STATE_TONES,
        languages=_languages(survey),
    )
    return rendered, code


def _settings(survey: Survey) -> SettingsForm:
    definition = survey.definition
    return SettingsForm(
        formdata=None,
        data={
            "title": definition.title,
            "intro": definition.intro,
            "anonymous": "tak" if survey.is_anonymous else "nie",
            "revision": survey.revision,
        },
    )


def _languages(survey: Survey) -> list[tuple[str, str, bool]]:
    """Return the municipality's other languages, and whether the survey is whole in each."""
    return [
        (lang, LANGUAGES[lang], queries.is_translated(survey, lang))
        for lang in current_tenant().language_list
        if lang != "pl"
    ]


# States.


@bp.post(DESK_ONE + "/udostepnienie")
@requires(Permission.EDIT, on=load_survey)
def offer(there: OnDesk) -> ResponseReturnValue:
    return _step(there, actions.offer, N_("Ankieta jest udostępniona."), to=desk_of(there))


@bp.post(DESK_ONE + "/cofniecie")
@requires(Permission.EDIT, on=load_survey)
def take_back(there: OnDesk) -> ResponseReturnValue:
    return _step(there, actions.take_back, N_("Ankieta jest znowu szkicem."), to=desk_of(there))


@bp.post(DESK_ONE + "/usuniecie")
@requires(Permission.EDIT, on=load_survey)
def remove(there: OnDesk) -> ResponseReturnValue:
    to = url_for("surveys.desk", slug=there.consultation.slug)
    return _step(there, actions.remove, N_("Szkic ankiety jest usunięty."), to=to)


def _step(there: OnDesk, step: Callable[..., None], status: str, *, to: str) -> ResponseReturnValue:
    """Do what a button asks; a refusal stands on the page of the survey."""
    try:
        with transaction():
            step(there.survey, actor=current_actor(), now=clock.now())
    except Refused as refused:
        return build_page(there, refusal=refused.refusal, code=409)
    return htmx.done(status, to=to)


@bp.get(DESK_ONE + "/podglad")
@requires(Permission.SEE_DRAFTS, on=load_survey)  # who approves reads the questions here
def preview(there: OnDesk) -> ResponseReturnValue:
    return render_template(
        "surveys/desk/preview.html",
        consultation=there.consultation,
        survey=there.survey,
        said=queries.say(there.survey, locale()),
        given={},
        wrong={},
        field=answering.field,
    )
