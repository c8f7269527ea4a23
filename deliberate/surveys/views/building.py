"""The officer's pages: surveys of a consultation, their questions, words and states."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from flask import abort, render_template, request, url_for
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
from deliberate.surveys import forms, queries
from deliberate.surveys.actions import building as actions
from deliberate.surveys.definition import Definition, Question
from deliberate.surveys.forms import (
    NewSurveyForm,
    QuestionForm,
    ReasonForm,
    SettingsForm,
    StampForm,
)
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
    NUMBER,
    OnDesk,
    bp,
    desk_of,
    load_consultation,
    load_question,
    load_survey,
)
from deliberate.surveys.words import words_key
from deliberate.tenancy.current import current_tenant

QUESTION = f"{DESK_ONE}/pytania/<{NUMBER}:no>"


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
    return _build_page(there)


@bp.post(DESK_ONE)
@requires(Permission.EDIT, on=load_survey)
def save_settings(there: OnDesk) -> ResponseReturnValue:
    form = SettingsForm()
    if not form.validate_on_submit():
        return _build_page(there, form=form, code=422)
    definition = replace(
        there.survey.definition, title=form.title.data, intro=form.intro.data or ""
    )
    return _change(there, definition, form, is_anonymous=form.is_anonymous)


@bp.post(QUESTION + "/miejsce")
@requires(Permission.EDIT, on=load_question)
def move(there: OnDesk) -> ResponseReturnValue:
    """Move a question one place up, or down where the button says so."""
    form = StampForm()
    if not form.validate_on_submit():
        abort(422)
    step = 1 if "nizej" in request.form else -1
    definition = building.moved(there.survey.definition, there.no, there.no + step)
    return _change(there, definition, form)


@bp.post(QUESTION + "/usuniecie")
@requires(Permission.EDIT, on=load_question)
def remove_question(there: OnDesk) -> ResponseReturnValue:
    form = StampForm()
    if not form.validate_on_submit():
        abort(422)
    definition = building.removed(there.survey.definition, there.no)
    if isinstance(definition, Refusal):
        return _build_page(there, refusal=definition, code=409)
    return _change(there, definition, form)


def _change(
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
        return _build_page(there, refusal=refused.refusal, code=409)
    return htmx.done(N_("Ankieta jest zapisana."), to=desk_of(there))


def _build_page(
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


# Questions.


def load_new(slug: str, number: int, kind: str) -> OnDesk:
    return load_survey(slug, number) if kind in set(QuestionKind) else abort(404)


@bp.get(DESK_ONE + "/pytania/nowe/<kind>")
@requires(Permission.EDIT, on=load_new)
def new_question(there: OnDesk) -> ResponseReturnValue:
    form = QuestionForm(formdata=None, data={"revision": there.survey.revision})
    kind = _kind_named()
    if kind is QuestionKind.SCALE:
        form.least.data, form.most.data = 1, 5
    return _question_page(there, kind, form)


@bp.post(DESK_ONE + "/pytania/nowe/<kind>")
@requires(Permission.EDIT, on=load_new)
def add_question(there: OnDesk) -> ResponseReturnValue:
    kind, form = _kind_named(), QuestionForm()
    form.offer_answers(there.survey.definition.questions)
    question = form.read(kind)
    if question is None:
        return _question_page(there, kind, form, code=422)
    return _change(there, building.added(there.survey.definition, question), form)


@bp.get(QUESTION)
@requires(Permission.EDIT, on=load_question)
def question(there: OnDesk) -> ResponseReturnValue:
    form = QuestionForm(formdata=None, data={"revision": there.survey.revision})
    form.fill(there.question)
    return _question_page(there, there.question.kind, form)


@bp.post(QUESTION)
@requires(Permission.EDIT, on=load_question)
def save_question(there: OnDesk) -> ResponseReturnValue:
    kind, form = there.question.kind, QuestionForm()
    form.offer_answers(_before(there))
    changed = form.read(kind)
    if changed is None:
        return _question_page(there, kind, form, code=422)
    return _change(there, building.changed(there.survey.definition, there.no, changed), form)


def _kind_named() -> QuestionKind:
    return QuestionKind((request.view_args or {})["kind"])


def _before(there: OnDesk) -> Sequence[Question]:
    """Return the questions on which this one may depend."""
    questions = there.survey.definition.questions
    return questions[: there.no - 1] if there.no else questions


def _question_page(
    there: OnDesk, kind: QuestionKind, form: QuestionForm, *, code: int = 200
) -> ResponseReturnValue:
    form.offer_answers(_before(there))
    rendered = render_template(
        "surveys/desk/question.html",
        consultation=there.consultation,
        survey=there.survey,
        no=there.no,
        kind=kind,
        kind_label=KIND_LABELS[kind],
        kind_hint=KIND_HINTS[kind],
        before=list(enumerate(_before(there), start=1)),
        form=form,
        locked=building.change_refusal(queries.build_facts(there.survey)),
    )
    return rendered, code


# States.


@bp.post(DESK_ONE + "/udostepnienie")
@requires(Permission.EDIT, on=load_survey)
def offer(there: OnDesk) -> ResponseReturnValue:
    try:
        with transaction():
            actions.offer(there.survey, actor=current_actor(), now=clock.now())
    except Refused as refused:
        return _build_page(there, refusal=refused.refusal, code=409)
    return htmx.done(N_("Ankieta jest udostępniona."), to=desk_of(there))


@bp.post(DESK_ONE + "/cofniecie")
@requires(Permission.EDIT, on=load_survey)
def take_back(there: OnDesk) -> ResponseReturnValue:
    try:
        with transaction():
            actions.take_back(there.survey, actor=current_actor(), now=clock.now())
    except Refused as refused:
        return _build_page(there, refusal=refused.refusal, code=409)
    return htmx.done(N_("Ankieta jest znowu szkicem."), to=desk_of(there))


@bp.post(DESK_ONE + "/usuniecie")
@requires(Permission.EDIT, on=load_survey)
def remove(there: OnDesk) -> ResponseReturnValue:
    try:
        with transaction():
            actions.remove(there.survey, actor=current_actor(), now=clock.now())
    except Refused as refused:
        return _build_page(there, refusal=refused.refusal, code=409)
    return htmx.done(
        N_("Szkic ankiety jest usunięty."), to=url_for("surveys.desk", slug=there.consultation.slug)
    )


@bp.get(DESK_ONE + "/podglad")
@requires(Permission.EDIT, on=load_survey)
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


# Words.


@bp.get(DESK_ONE + "/poprawka")
@requires(Permission.EDIT, on=load_survey)
def correction(there: OnDesk) -> ResponseReturnValue:
    return _correction_page(there, ReasonForm(formdata=None), there.survey.definition.texts())


@bp.post(DESK_ONE + "/poprawka")
@requires(Permission.EDIT, on=load_survey)
def correct(there: OnDesk) -> ResponseReturnValue:
    form, texts = ReasonForm(), forms.read_texts(there.survey.definition, request.form)
    too_long = forms.long_texts(texts)
    if not form.validate_on_submit() or too_long:
        return _correction_page(there, form, texts, too_long=too_long, code=422)
    try:
        with transaction():
            actions.correct(
                there.survey,
                texts,
                reason=form.reason.data,
                actor=current_actor(),
                now=clock.now(),
            )
    except Refused as refused:
        return _correction_page(there, form, texts, refusal=refused.refusal, code=409)
    return htmx.done(N_("Poprawka jest widoczna, razem z powodem."), to=desk_of(there))


def _correction_page(
    there: OnDesk,
    form: ReasonForm,
    texts: dict[str, str],
    *,
    too_long: Sequence[str] = (),
    refusal: Refusal | None = None,
    code: int = 200,
) -> ResponseReturnValue:
    facts = queries.build_facts(there.survey)
    rendered = render_template(
        "surveys/desk/correction.html",
        consultation=there.consultation,
        survey=there.survey,
        form=form,
        texts=texts,
        too_long=too_long,
        refusal=refusal or building.correction_refusal(facts),
        corrections=queries.list_corrections(there.survey),
    )
    return rendered, code


def load_for_language(slug: str, number: int, lang: str) -> OnDesk:
    known = lang in current_tenant().language_list and lang != "pl"
    return load_survey(slug, number) if known else abort(404)


@bp.get(DESK_ONE + "/tlumaczenia/<lang>")
@requires(Permission.EDIT, on=load_for_language)
def translation(there: OnDesk) -> ResponseReturnValue:
    lang = _language_named()
    there_already = queries.translations(there.survey, lang)
    texts = {
        place: there_already.get(words_key(text), "")
        for place, text in there.survey.definition.texts().items()
    }
    return _translation_page(there, lang, texts)


@bp.post(DESK_ONE + "/tlumaczenia/<lang>")
@requires(Permission.EDIT, on=load_for_language)
def translate(there: OnDesk) -> ResponseReturnValue:
    lang, texts = _language_named(), forms.read_texts(there.survey.definition, request.form)
    if too_long := forms.long_texts(texts):
        return _translation_page(there, lang, texts, too_long=too_long, code=422)
    with transaction():
        actions.translate(there.survey, lang, texts, actor=current_actor(), now=clock.now())
    return htmx.done(N_("Tłumaczenie zapisane."), to=desk_of(there))


def _language_named() -> str:
    return str((request.view_args or {})["lang"])


def _translation_page(
    there: OnDesk,
    lang: str,
    texts: dict[str, str],
    *,
    too_long: Sequence[str] = (),
    code: int = 200,
) -> ResponseReturnValue:
    rendered = render_template(
        "surveys/desk/translation.html",
        consultation=there.consultation,
        survey=there.survey,
        lang=lang,
        language=LANGUAGES[lang],
        polish=there.survey.definition.texts(),
        texts=texts,
        too_long=too_long,
    )
    return rendered, code
