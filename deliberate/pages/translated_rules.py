"""The office's own rules of discussion in another language, beside the Polish."""

from __future__ import annotations

from flask import abort, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import FieldList

from deliberate.access.decorators import requires
from deliberate.authorship import translated_rules
from deliberate.kernel import clock, htmx
from deliberate.kernel.actor import current_actor
from deliberate.kernel.db import transaction
from deliberate.kernel.forms import Form, line
from deliberate.kernel.i18n import LANGUAGES, say
from deliberate.kernel.texts import N_
from deliberate.pages.blueprint import bp
from deliberate.tenancy import queries as tenancy
from deliberate.tenancy.current import current_tenant
from deliberate.tenancy.models import DiscussionRules
from deliberate.tenancy.permissions import Permission
from deliberate.tenancy.rules import LONGEST_RULE, MOST_RULES

PATH = "/urzad/gmina/zasady/tlumaczenia/<lang>"


class RulesTranslationForm(Form):
    """A field for each rule, in their order."""

    rules = FieldList(
        line(N_("Zasada"), longest=LONGEST_RULE, required=False), max_entries=MOST_RULES
    )


@bp.get(PATH)
@requires(Permission.EDIT)
def rules_translation(lang: str) -> ResponseReturnValue:
    rules = _rules_for(lang)
    there = translated_rules.translations(current_tenant(), lang)
    lines = rules.text.splitlines()
    form = RulesTranslationForm(formdata=None, data={"rules": [there.get(line) for line in lines]})
    return _page(rules, lang, form)


@bp.post(PATH)
@requires(Permission.EDIT)
def translate_rules(lang: str) -> ResponseReturnValue:
    rules, form = _rules_for(lang), RulesTranslationForm()
    lines = rules.text.splitlines()
    if not form.validate_on_submit() or len(form.rules.entries) != len(lines):
        while len(form.rules.entries) < len(lines):
            form.rules.append_entry()
        return _page(rules, lang, form, code=422)
    with transaction():
        translated_rules.translate(
            current_tenant(),
            rules,
            lang,
            dict(zip(lines, form.rules.data, strict=True)),
            actor=current_actor(),
            now=clock.now(),
        )
    return htmx.done(N_("Tłumaczenie zapisane."), to=url_for("tenancy.discussion_rules"))


def _rules_for(lang: str) -> DiscussionRules:
    """Return the rules in force, where the municipality speaks that language; else 404."""
    tenant = current_tenant()
    known = lang in tenant.language_list and lang != "pl"
    return (tenancy.current_rules(tenant) if known else None) or abort(404)


def _page(
    rules: DiscussionRules, lang: str, form: RulesTranslationForm, *, code: int = 200
) -> ResponseReturnValue:
    lines = rules.text.splitlines()
    for number, field in enumerate(form.rules.entries, start=1):
        field.label.text = say(N_("Zasada %(number)s"), number=number)
    rendered = render_template(
        "pages/translate_rules.html",
        lang=lang,
        language=LANGUAGES[lang],
        form=form,
        pairs=[
            (line, translated_rules.ours(line, lang), field)
            for line, field in zip(lines, form.rules.entries, strict=False)
        ],
    )
    return rendered, code
