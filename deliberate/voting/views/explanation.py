"""Explaining a vote that is held: with the code of a letter, without an account."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue
from wtforms import StringField
from wtforms.validators import DataRequired, Length

from deliberate.access.decorators import never_cached, public
from deliberate.kernel import clock, ratelimit
from deliberate.kernel.db import transaction
from deliberate.kernel.forms import Form, clean_line, text
from deliberate.kernel.ratelimit import TooMany
from deliberate.kernel.refusals import Refusal
from deliberate.kernel.texts import N_
from deliberate.subjects.registry import Card
from deliberate.voting import cases, held_letters, quarantine, quarantine_rules, queries
from deliberate.voting.actions import explaining
from deliberate.voting.clock import db_now
from deliberate.voting.models import Poll
from deliberate.voting.views.common import bp, get_card

LONGEST_CODE = 40


class ExplanationForm(Form):
    """The code of a letter, and what its reader has to say."""

    kod = StringField(
        N_("Kod z listu"),
        filters=[clean_line],
        validators=[DataRequired(N_("Wpisz kod z listu.")), Length(max=LONGEST_CODE)],
    )
    text = text(N_("Twoje wyjaśnienie"), shortest=1, longest=quarantine_rules.LONGEST_EXPLANATION)


@bp.get("/wyjasnienie")
@never_cached
@public
def explanation(slug: str) -> ResponseReturnValue:
    """Ask for an explanation; the address in a letter by e-mail fills the code in."""
    card, poll = _get(slug)
    typed = request.args.get(held_letters.CODE, "")[:LONGEST_CODE]
    form = ExplanationForm(formdata=None, kod=typed)
    return _page(card, poll, form, refusal=_look_at(poll, typed) if typed else None)


@bp.post("/wyjasnienie")
@never_cached
@public
def explain(slug: str) -> ResponseReturnValue:
    card, poll = _get(slug)
    form = ExplanationForm()
    if not form.validate_on_submit():
        return _page(card, poll, form), 422
    try:
        with transaction():
            refusal = explaining.explain(
                queries.get_poll(poll.tenant_id, poll.id),
                form.kod.data,
                form.text.data,
                network=ratelimit.address(),
            )
    except TooMany as trouble:
        return _page(card, poll, form, trouble=trouble), 429
    if refusal is not None:
        status = 422 if refusal == quarantine_rules.NO_CODE else 409
        return _page(card, poll, form, refusal=refusal), status
    case = quarantine.find_by_code(poll, form.kod.data)
    number = cases.number_of(case) if case is not None else ""
    return render_template("voting/explained.html", card=card, poll=poll, number=number)


def _get(slug: str) -> tuple[Card, Poll]:
    card = get_card(slug)
    return card, queries.get_sealed(card.tenant_id, card.id)


def _look_at(poll: Poll, typed: str) -> Refusal | None:
    """Say before anybody writes that there is nothing to explain any more."""
    case = quarantine.find_by_code(poll, typed)
    if case is None:
        return quarantine_rules.NO_CODE
    facts = quarantine.held_facts(poll, case, now=db_now())
    return quarantine_rules.explanation_refusal(facts)


def _page(
    card: Card,
    poll: Poll,
    form: ExplanationForm,
    *,
    refusal: Refusal | None = None,
    trouble: TooMany | None = None,
) -> str:
    return render_template(
        "voting/explanation.html",
        card=card,
        poll=poll,
        form=form,
        refusal=refusal,
        can_write=refusal is None or refusal == quarantine_rules.NO_CODE,
        retry_at=clock.local(trouble.retry_at) if trouble else None,
    )
