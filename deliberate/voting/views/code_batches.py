"""Codes at the office: ordered by two, printed once, made void, and accounted for."""

from __future__ import annotations

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import IntegerField, SelectChoice, SelectField
from wtforms.validators import InputRequired, NumberRange
from wtforms.validators import Optional as MayBeEmpty

from deliberate.access.decorators import requires
from deliberate.approvals import actions as approvals
from deliberate.kernel import clock, htmx
from deliberate.kernel.actor import current_actor
from deliberate.kernel.db import transaction
from deliberate.kernel.forms import REQUIRED, Form, text
from deliberate.kernel.i18n import say
from deliberate.kernel.refusals import Refusal, Refused
from deliberate.kernel.texts import N_
from deliberate.subjects import registry
from deliberate.tenancy.current import current_tenant
from deliberate.voting import addressees, code_letters, code_mail, codes, queries
from deliberate.voting.actions import addressing, coding
from deliberate.voting.code_letters import Sheet
from deliberate.voting.models import CodeBatch, Poll
from deliberate.voting.permissions import Permission
from deliberate.voting.states import UNCOUNTED, PollState
from deliberate.voting.views.electorate import bp
from deliberate.voting.views.office import load

BATCH = "/kody/<int(max=100000):no>"
MOST_CODES = 1_000
SHORTEST_REASON, LONGEST_REASON = 10, 300
NO_BATCH = "nie"


class OrderForm(Form):
    """How many codes, and whether in the place of void ones."""

    codes = IntegerField(
        N_("Ile kodów"),
        validators=[
            InputRequired(REQUIRED),
            NumberRange(1, MOST_CODES, N_("Wpisz liczbę od 1 do 1000.")),
        ],
    )
    instead_of = SelectField(N_("Zamiast unieważnionych kodów"), default=NO_BATCH)


class VoidForm(Form):
    """Which code goes, or which ones in a row, and why."""

    serial = IntegerField(
        N_("Numer listu w tej partii"),
        validators=[
            InputRequired(REQUIRED),
            NumberRange(1, MOST_CODES, N_("Wpisz liczbę od 1 do 1000.")),
        ],
    )
    last = IntegerField(
        N_("Do numeru"),
        validators=[
            MayBeEmpty(),
            NumberRange(1, MOST_CODES, N_("Wpisz liczbę od 1 do 1000.")),
        ],
    )
    reason = text(N_("Dlaczego"), shortest=SHORTEST_REASON, longest=LONGEST_REASON)


def load_batch(slug: str, no: int) -> Poll:  # noqa: ARG001 - the batch is read under its poll
    return load(slug)


@bp.get("/kody")
@requires(Permission.PREPARE, on=load)
def list_batches(poll: Poll) -> ResponseReturnValue:
    return _page(poll)


@bp.post("/kody")
@requires(Permission.PREPARE, on=load)
def order(poll: Poll) -> ResponseReturnValue:
    form = _order_form(poll, OrderForm())
    if not form.validate_on_submit():
        return _page(poll, order_form=form, code=422)
    try:
        with transaction():
            here = queries.get_poll(poll.tenant_id, poll.id)
            said = form.instead_of.data
            coding.order(
                here,
                form.codes.data,
                instead_of=int(said) if said != NO_BATCH else None,
                actor=current_actor(),
                now=clock.now(),
            )
    except Refused as refused:
        return _page(poll, order_form=form, refusal=refused.refusal, code=409)
    return _done(poll, N_("Prośba o zgodę na kody wysłana."))


@bp.post(BATCH + "/druk")
@requires(Permission.PREPARE, on=load_batch)
def print_batch(poll: Poll) -> ResponseReturnValue:
    """Make the codes, show them once as letters, and keep their hashes.

    The letters are typeset first: hashes of codes that nobody has seen are worth nothing. Who gets
    which code is known until this request ends, and nowhere else.
    """
    batch = codes.get_batch(poll, _no())
    try:
        if batch.list_hash is None:
            return _print(poll, batch)
        return _send(poll, batch)
    except Refused as refused:
        return _page(poll, refusal=refused.refusal, code=409)


def _print(poll: Poll, batch: CodeBatch) -> ResponseReturnValue:
    no, made = batch.no, coding.draw(batch.codes)
    sheets = [Sheet(serial=serial, code=code) for serial, code in enumerate(made, start=1)]
    pdf = code_letters.letters(current_tenant(), poll, no, sheets)
    with transaction():
        here = queries.get_poll(poll.tenant_id, poll.id)
        coding.issue(here, no, made, actor=current_actor())
    return _file(pdf, no)


def _send(poll: Poll, batch: CodeBatch) -> ResponseReturnValue:
    no, letters = batch.no, addressing.letters(poll, batch)
    sheets = [
        Sheet(serial=each.serial, code=each.code, to=each.to.lines)
        for each in letters
        if each.to.contact is None
    ]
    pdf = code_letters.letters(current_tenant(), poll, no, sheets) if sheets else None
    by_wire = code_mail.prepare(current_tenant(), poll, no, letters)
    with transaction():
        here = queries.get_poll(poll.tenant_id, poll.id)
        addressing.send(here, no, letters, by_wire, actor=current_actor())
    if pdf is None:
        return _done(poll, N_("Kody wysłane. Adresów już nie ma."))
    return _file(pdf, no)


def _file(pdf: bytes, no: int) -> ResponseReturnValue:
    headers = {
        "Content-Type": "application/pdf",
        "Content-Disposition": f'attachment; filename="kody-{no}.pdf"',
        "Cache-Control": "no-store",
    }
    return pdf, 200, headers


@bp.post(BATCH + "/uniewaznienie")
@requires(Permission.PREPARE, on=load_batch)
def void(poll: Poll) -> ResponseReturnValue:
    form, no = VoidForm(), _no()
    if not form.validate_on_submit():
        return _page(poll, void_form=form, void_no=no, code=422)
    try:
        with transaction():
            here = queries.get_poll(poll.tenant_id, poll.id)
            coding.void(
                here,
                no,
                form.serial.data,
                form.reason.data,
                last=form.last.data,
                actor=current_actor(),
            )
    except Refused as refused:
        return _page(poll, void_form=form, void_no=no, refusal=refused.refusal, code=409)
    return _done(poll, N_("Unieważnione."))


def instead_choices(poll: Poll) -> list[SelectChoice]:
    """Return the batches with void codes that nothing has come in the place of."""
    return [
        SelectChoice(NO_BATCH, N_("nie, to nowe kody")),
        *(
            SelectChoice(
                str(issue.batch.no),
                say(
                    N_("tak, z partii %(no)s (najwyżej %(most)s)"),
                    no=issue.batch.no,
                    most=issue.to_replace,
                ),
            )
            for issue in codes.list_issues(poll)
            if issue.to_replace > 0
        ),
    ]


def _order_form(poll: Poll, form: OrderForm) -> OrderForm:
    form.instead_of.choices = instead_choices(poll)
    return form


def _no() -> int:
    """Return which batch the address names: the view itself gets the poll."""
    return int((request.view_args or {})["no"])


def _done(poll: Poll, status: str) -> ResponseReturnValue:
    return htmx.done(status, to=url_for(".list_batches", slug=_slug(poll)))


def _page(
    poll: Poll,
    *,
    order_form: OrderForm | None = None,
    void_form: VoidForm | None = None,
    void_no: int | None = None,
    refusal: Refusal | None = None,
    code: int = 200,
) -> ResponseReturnValue:
    poll = queries.get_poll(poll.tenant_id, poll.id)  # read again: a refusal has rolled back
    state = queries.present_state(poll)
    rendered = render_template(
        "voting/code_batches.html",
        card=registry.get_card(poll.tenant_id, poll.subject_kind, poll.subject_id),
        poll=poll,
        issues=codes.list_issues(poll),
        agreed=codes.list_agreed(poll),
        may_order=state in UNCOUNTED - {PollState.WORKING_UP},
        # While people vote, how many codes are used would say how many have voted.
        tells_used=state not in UNCOUNTED - {PollState.WORKING_UP},
        order_form=order_form or _order_form(poll, OrderForm(formdata=None)),
        handed=addressees.count_handed(poll),
        to_hand=addressees.count_to_hand(poll),
        stuck=addressees.list_stuck(poll),
        void_form=void_form or VoidForm(formdata=None),
        void_no=void_no,
        refusal=refusal,
        proof=approvals.asking_refusal(codes.ORDER, current_actor()),
        back=url_for(".list_batches", slug=_slug(poll)),
    )
    return rendered, code


def _slug(poll: Poll) -> str:
    return registry.get_card(poll.tenant_id, poll.subject_kind, poll.subject_id).name
