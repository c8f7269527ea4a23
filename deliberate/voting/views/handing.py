"""A code given at the counter against a declaration: one a person, whichever it is."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, Field
from wtforms.validators import DataRequired, ValidationError

from deliberate.access.decorators import never_cached, requires
from deliberate.approvals import rules as approvals
from deliberate.kernel import i18n
from deliberate.kernel.actor import current_actor
from deliberate.kernel.db import transaction
from deliberate.kernel.forms import Form, line
from deliberate.kernel.i18n import say
from deliberate.kernel.refusals import Refusal, Refused
from deliberate.kernel.texts import N_
from deliberate.subjects import registry
from deliberate.tenancy.current import current_tenant
from deliberate.voting import addressee_rules, addressees, electorate_rules, queries
from deliberate.voting.actions import addressing
from deliberate.voting.declared_forms import LONGEST_FLAT, LONGEST_NAME, LONGEST_STREET, NO_NUMBER
from deliberate.voting.desk_forms import MUST_SAY_SO, SAYS_SO
from deliberate.voting.identity import read_address
from deliberate.voting.models import Poll
from deliberate.voting.permissions import Permission
from deliberate.voting.states import UNCOUNTED, Electorate, PollState
from deliberate.voting.views.cards import bp
from deliberate.voting.views.office import load


class HandForm(Form):
    """Who gets a code, as they declare it."""

    given_name = line(N_("Imię"), longest=LONGEST_NAME)
    surname = line(N_("Nazwisko"), longest=LONGEST_NAME)
    address = line(N_("Ulica i numer domu"), longest=LONGEST_STREET)
    flat = line(N_("Mieszkanie"), longest=LONGEST_FLAT, required=False)
    town = line(N_("Miejscowość"), longest=LONGEST_NAME)
    says_so = BooleanField(SAYS_SO, validators=[DataRequired(MUST_SAY_SO)])

    def validate_address(self, field: Field) -> None:
        if read_address(field.data) is None:
            raise ValidationError(NO_NUMBER)

    @property
    def mark(self) -> str:
        """Return by what this person is known again, sent to or handed to."""
        name = f"{self.given_name.data} {self.surname.data}"
        street = f"{self.address.data}/{self.flat.data}" if self.flat.data else self.address.data
        return addressee_rules.home_mark(name, street, self.town.data)


@bp.get("/kod")
@never_cached
@requires(Permission.PREPARE, on=load)
def hand_code(poll: Poll) -> ResponseReturnValue:
    return _page(poll, _blank())


@bp.post("/kod")
@never_cached
@requires(Permission.PREPARE, on=load)
def give_code(poll: Poll) -> ResponseReturnValue:
    """Note that this person has a code, and forget what was typed."""
    form = HandForm()
    if not form.validate_on_submit():
        return _page(poll, form, code=422)
    try:
        with transaction():
            here = queries.get_poll(poll.tenant_id, poll.id)
            addressing.hand(here, form.mark, actor=current_actor())
    except Refused as refused:
        return _page(poll, form, refusal=refused.refusal, code=409)
    return _page(poll, _blank(), is_given=True)


def _blank() -> HandForm:
    form = HandForm(formdata=None)
    form.town.data = current_tenant().name
    return form


def _page(
    poll: Poll,
    form: HandForm,
    *,
    is_given: bool = False,
    refusal: Refusal | None = None,
    code: int = 200,
) -> ResponseReturnValue:
    poll = queries.get_poll(poll.tenant_id, poll.id)  # read again: a refusal has rolled back
    closed = electorate_rules.order_refusal(
        has_codes=poll.electorate == Electorate.CODES,
        is_sealed=queries.present_state(poll) in UNCOUNTED - {PollState.WORKING_UP},
    )
    form.says_so.label.text = say(SAYS_SO, where=current_tenant().where_in(i18n.locale()))
    rendered = render_template(
        "voting/hand_code.html",
        card=registry.get_card(poll.tenant_id, poll.subject_kind, poll.subject_id),
        poll=poll,
        form=form,
        closed=closed,
        is_given=is_given,
        left=addressees.count_to_hand(poll) - addressees.count_handed(poll),
        refusal=refusal if refusal != closed else None,
        proof=approvals.proof_refusal(
            lacks_factor=not current_actor().has_second_factor, is_stale=False
        ),
        back=request.path,
    )
    return rendered, code
