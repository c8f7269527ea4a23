"""Voting with a code from a letter, in three screens: the ballot, the code, and "głos przyjęty"."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, StringField
from wtforms.validators import DataRequired, Length

from deliberate.access.decorators import never_cached, public
from deliberate.accounts.forms import LIVES_HERE
from deliberate.kernel import clock, i18n, ids, ratelimit
from deliberate.kernel.db import transaction
from deliberate.kernel.forms import Form, clean_line
from deliberate.kernel.ratelimit import TooMany
from deliberate.kernel.refusals import Refusal, Refused
from deliberate.kernel.security import csrf
from deliberate.kernel.texts import N_
from deliberate.tenancy.current import current_tenant
from deliberate.voting import forms, queries, rules
from deliberate.voting.actions import casting, coding
from deliberate.voting.ballot_rules import Written
from deliberate.voting.clock import db_now
from deliberate.voting.declared_forms import MUST_DECLARE
from deliberate.voting.states import Electorate
from deliberate.voting.views import choosing
from deliberate.voting.views.ballot import already_page, ballot_page
from deliberate.voting.views.common import Paper, bp, get_sealed_paper

Choices = Mapping[int, Written]


class LetterCodeForm(Form):
    """The code of a letter, and that one lives here."""

    code = StringField(
        N_("Kod z listu"),
        filters=[clean_line],
        validators=[DataRequired(N_("Wpisz kod z listu.")), Length(max=40)],
    )
    lives_here = BooleanField(LIVES_HERE, validators=[DataRequired(MUST_DECLARE)])


@bp.post("/kod-z-listu")
@never_cached
@public
def letter_code(slug: str) -> ResponseReturnValue:
    """Ask for the code, below what was chosen."""
    paper, choices = _read(slug)
    facts = queries.cast_facts(paper.poll, None, now=db_now())
    if refusal := rules.window_refusal(facts):
        return ballot_page(paper, None, choices, db_now(), refusal), 409
    area_id = choosing.inferred_area(paper, choices)
    refusal, _ = choosing.find_refusal(paper, choices, area_id=area_id)
    if refusal is not None:
        return ballot_page(paper, None, choices, db_now(), refusal), 422
    return _page(paper, choices, LetterCodeForm(formdata=None))


@bp.post("/kod-z-listu/wybor")
@never_cached
@public
def choose_before_code(slug: str) -> ResponseReturnValue:
    """Show the ballot again with the choices. Nothing is kept."""
    paper, choices = _read(slug)
    return ballot_page(paper, None, choices, db_now())


@bp.post("/kod-z-listu/glos")
@never_cached
@public
def cast_with_code(slug: str) -> ResponseReturnValue:
    paper, choices = _read(slug)
    form, idem = LetterCodeForm(), forms.read_idem(request.form)
    if idem is None or not form.validate():
        return _page(paper, choices, form), 422
    try:
        with transaction():
            taken = coding.cast(
                paper.poll,
                form.code.data,
                choices,
                form=casting.Form(idem=idem, browser=forms.read_browser(request.form)),
                network=ratelimit.address(),
                area_id=choosing.inferred_area(paper, choices),
            )
    except TooMany as trouble:
        return _page(paper, choices, form, trouble=trouble), 429
    except Refused as refused:
        return _refused(get_sealed_paper(slug), choices, refused.refusal)
    if isinstance(taken, Refusal):
        return _page(paper, choices, form, refusal=taken), 422
    return redirect(f"{url_for('.received', slug=slug)}?{forms.IDEM}={quote(idem)}", code=303)


# From the ballot, which every visitor reads alike, no form brings a token. These two only show
# what they were sent.
csrf.exempt(letter_code)
csrf.exempt(choose_before_code)


def _read(slug: str) -> tuple[Paper, Choices]:
    paper = get_sealed_paper(slug, electorate=Electorate.CODES)
    return paper, forms.read_choices(paper.sections, request.form)


def _page(
    paper: Paper,
    choices: Choices,
    form: LetterCodeForm,
    *,
    refusal: Refusal | None = None,
    trouble: TooMany | None = None,
) -> str:
    where = current_tenant().where_in(i18n.locale())
    form.lives_here.label.text = i18n.say(LIVES_HERE, where=where)
    area_id = choosing.inferred_area(paper, choices)
    return render_template(
        "voting/letter_code.html",
        paper=paper,
        poll=paper.poll,
        sections=choosing.as_chosen(paper, choices, area_id=area_id),
        carried=forms.as_sent(paper.sections, choices),
        form=form,
        refusal=refusal,
        retry_at=clock.local(trouble.retry_at) if trouble else None,
        idem_field=forms.IDEM,
        idem=forms.read_idem(request.form) or ids.new_token(),
        browser_field=forms.BROWSER,
        browser=forms.read_browser(request.form),
    )


def _refused(paper: Paper, choices: Choices, refusal: Refusal) -> ResponseReturnValue:
    if refusal.code == rules.ALREADY.code:
        return already_page(paper, refusal), 409
    status = 422 if refusal.code.startswith("ballot.") else 409
    return ballot_page(paper, None, choices, db_now(), refusal), status
