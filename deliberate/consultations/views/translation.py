"""The public texts in other languages: what lacks one is shown in Polish, and as lacking."""

from __future__ import annotations

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from deliberate.access.decorators import requires
from deliberate.consultations import translations
from deliberate.consultations.actions.translations import translate
from deliberate.consultations.forms import TranslationForm
from deliberate.consultations.models import Consultation
from deliberate.consultations.permissions import Permission
from deliberate.consultations.views import bp
from deliberate.consultations.views.common import load
from deliberate.kernel import clock, htmx
from deliberate.kernel.actor import current_actor
from deliberate.kernel.db import transaction
from deliberate.kernel.i18n import LANGUAGES
from deliberate.kernel.texts import N_
from deliberate.tenancy.current import current_tenant


def load_for_language(slug: str, lang: str) -> Consultation:
    known = lang in current_tenant().language_list and lang != "pl"
    return load(slug) if known else abort(404)


@bp.get("/urzad/konsultacje/<slug>/tlumaczenia/<lang>")
@requires(Permission.EDIT, on=load_for_language)
def desk_translation(consultation: Consultation) -> ResponseReturnValue:
    lang = (request.view_args or {})["lang"]
    there = translations.texts_in(consultation.tenant_id, [consultation.id], lang)
    form = TranslationForm(formdata=None, data=dict(there.get(consultation.id, {})))
    return _translation_page(consultation, lang, form)


@bp.post("/urzad/konsultacje/<slug>/tlumaczenia/<lang>")
@requires(Permission.EDIT, on=load_for_language)
def desk_translate(consultation: Consultation) -> ResponseReturnValue:
    lang, form = (request.view_args or {})["lang"], TranslationForm()
    if not form.validate_on_submit():
        return _translation_page(consultation, lang, form, code=422)
    with transaction():
        translate(
            consultation,
            lang,
            {field: form[field].data or "" for field in translations.TRANSLATED},
            actor=current_actor(),
            now=clock.now(),
        )
    return htmx.done(
        N_("Tłumaczenie zapisane."),
        to=url_for("consultations.desk_edit", slug=consultation.slug),
    )


def _translation_page(
    consultation: Consultation, lang: str, form: TranslationForm, *, code: int = 200
) -> ResponseReturnValue:
    rendered = render_template(
        "consultations/desk/translation.html",
        consultation=consultation,
        lang=lang,
        language=LANGUAGES[lang],
        form=form,
    )
    return rendered, code
