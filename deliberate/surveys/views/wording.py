"""The words of a survey: put right after it was answered, and written in other languages."""

from __future__ import annotations

from collections.abc import Sequence

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from deliberate.access.decorators import requires
from deliberate.consultations.permissions import Permission
from deliberate.kernel import clock, htmx
from deliberate.kernel.actor import current_actor
from deliberate.kernel.db import transaction
from deliberate.kernel.i18n import LANGUAGES
from deliberate.kernel.refusals import Refusal, Refused
from deliberate.kernel.texts import N_
from deliberate.surveys import forms, queries
from deliberate.surveys.actions import building as actions
from deliberate.surveys.forms import ReasonForm
from deliberate.surveys.rules import building
from deliberate.surveys.views.common import DESK_ONE, OnDesk, bp, desk_of, load_survey
from deliberate.surveys.words import words_key
from deliberate.tenancy.current import current_tenant


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
