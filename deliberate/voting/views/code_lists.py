"""Lists of people to whom codes go: sent as a table, looked at, agreed to, or withdrawn."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.file import FileField, FileRequired
from wtforms import SelectField

from deliberate.access.decorators import never_cached, requires
from deliberate.approvals import actions as approvals
from deliberate.kernel import clock, htmx
from deliberate.kernel.actor import current_actor
from deliberate.kernel.db import transaction
from deliberate.kernel.forms import Form
from deliberate.kernel.incoming import read_table
from deliberate.kernel.refusals import Refusal, Refused
from deliberate.kernel.sheets import BadTable
from deliberate.kernel.texts import N_
from deliberate.subjects import registry
from deliberate.voting import addressee_rules, addressees, codes, electorate_rules, queries
from deliberate.voting.actions import addressing
from deliberate.voting.addressee_rules import Problem
from deliberate.voting.models import Poll
from deliberate.voting.permissions import Permission
from deliberate.voting.states import UNCOUNTED, Electorate, PollState
from deliberate.voting.views.code_batches import BATCH, NO_BATCH, instead_choices, load_batch
from deliberate.voting.views.electorate import bp
from deliberate.voting.views.office import load

MOST_PROBLEMS = 50  # shown at once; who mends fifty sends the table again


class ListForm(Form):
    """The table, and whether its codes come in the place of void ones."""

    table = FileField(N_("Tabela: CSV albo XLSX"), validators=[FileRequired(N_("Wybierz plik."))])
    instead_of = SelectField(N_("Zamiast unieważnionych kodów"), default=NO_BATCH)


@bp.get("/kody/lista")
@never_cached
@requires(Permission.PREPARE, on=load)
def code_list(poll: Poll) -> ResponseReturnValue:
    return _page(poll)


@bp.post("/kody/lista")
@never_cached
@requires(Permission.PREPARE, on=load)
def send_code_list(poll: Poll) -> ResponseReturnValue:
    """Keep the list to be looked at: all of it, or nothing."""
    form = _form(poll, ListForm())
    if not form.validate_on_submit():
        return _page(poll, form=form, code=422)
    with form.table.data.stream as upload:
        data = upload.read()
    try:
        sheet = read_table(data, form.table.data.filename or "")
    except BadTable as bad:
        problem = Refusal("addressees.bad_table", bad.message).with_values(**bad.values)
        return _page(poll, form=form, refusal=problem, code=422)
    people, problems = addressee_rules.read_lines(sheet.header, sheet.rows, sheet.numbers)
    instead_of = _instead_of(form)
    if not problems and instead_of is None:
        problems = addressees.list_doubled(poll, people)
    if problems:
        return _page(poll, form=form, problems=problems, code=422)
    try:
        with transaction():
            here = queries.get_poll(poll.tenant_id, poll.id)
            batch = addressing.propose(
                here, people, instead_of=instead_of, actor=current_actor(), now=clock.now()
            )
            no = batch.no
    except Refused as refused:
        return _page(poll, form=form, refusal=refused.refusal, code=409)
    empty = ",".join(map(str, addressee_rules.list_empty_rows(sheet.numbers)[:MOST_PROBLEMS]))
    return htmx.done(
        N_("Lista wczytana. Sprawdź ją, zanim poprosisz o zgodę."),
        to=url_for(".code_list_preview", slug=_slug(poll), no=no, puste=empty or None),
    )


@bp.get(BATCH)
@never_cached
@requires(Permission.PREPARE, on=load_batch)
def code_list_preview(poll: Poll) -> ResponseReturnValue:
    """Show to whom codes will go, as long as it is known."""
    return _preview(poll)


@bp.post(BATCH + "/zgoda")
@requires(Permission.PREPARE, on=load_batch)
def ask_for_codes(poll: Poll) -> ResponseReturnValue:
    return _do(
        poll,
        lambda here: addressing.ask(here, _no(), actor=current_actor(), now=clock.now()),
        N_("Prośba o zgodę na kody wysłana."),
    )


@bp.post(BATCH + "/wycofanie")
@requires(Permission.PREPARE, on=load_batch)
def withdraw_codes(poll: Poll) -> ResponseReturnValue:
    return _do(
        poll,
        lambda here: addressing.withdraw(here, _no(), actor=current_actor(), now=clock.now()),
        N_("Partia wycofana. Adresów już nie ma."),
    )


def _do(poll: Poll, act: Callable[[Poll], object], status: str) -> ResponseReturnValue:
    try:
        with transaction():
            act(queries.get_poll(poll.tenant_id, poll.id))
    except Refused as refused:
        return _preview(poll, refusal=refused.refusal, code=409)
    return htmx.done(status, to=url_for(".list_batches", slug=_slug(poll)))


def _page(
    poll: Poll,
    *,
    form: ListForm | None = None,
    problems: Sequence[Problem] = (),
    refusal: Refusal | None = None,
    code: int = 200,
) -> ResponseReturnValue:
    poll = queries.get_poll(poll.tenant_id, poll.id)  # read again: a refusal has rolled back
    closed = electorate_rules.order_refusal(
        has_codes=poll.electorate == Electorate.CODES,
        is_sealed=poll.state in UNCOUNTED - {PollState.WORKING_UP},
    )
    rendered = render_template(
        "voting/code_list.html",
        card=registry.get_card(poll.tenant_id, poll.subject_kind, poll.subject_id),
        poll=poll,
        form=form or _form(poll, ListForm(formdata=None)),
        problems=problems[:MOST_PROBLEMS],
        more=max(0, len(problems) - MOST_PROBLEMS),
        closed=closed,
        refusal=refusal if refusal != closed else None,
        columns=[known[0] for known in addressee_rules.COLUMNS.values()],
    )
    return rendered, code


def _preview(poll: Poll, *, refusal: Refusal | None = None, code: int = 200) -> ResponseReturnValue:
    poll = queries.get_poll(poll.tenant_id, poll.id)
    batch = codes.get_batch(poll, _no())
    rendered = render_template(
        "voting/code_list_preview.html",
        card=registry.get_card(poll.tenant_id, poll.subject_kind, poll.subject_id),
        poll=poll,
        batch=batch,
        people=addressees.list_of(poll, batch),
        empty=[row for row in request.args.get("puste", "").split(",") if row.isdigit()],
        kept_until=addressee_rules.kept_until(
            opens_at=poll.opens_at, ends_at=poll.ends_at, ordered_at=batch.ordered_at
        ),
        is_agreed=batch.id in codes.list_agreed(poll),
        is_asked=codes.is_asked(poll, batch),
        refusal=refusal,
        proof=approvals.asking_refusal(codes.ORDER, current_actor()),
        back=url_for(".code_list_preview", slug=_slug(poll), no=batch.no),
    )
    return rendered, code


def _form(poll: Poll, form: ListForm) -> ListForm:
    form.instead_of.choices = instead_choices(poll)
    return form


def _instead_of(form: ListForm) -> int | None:
    said = form.instead_of.data
    return int(said) if said != NO_BATCH else None


def _no() -> int:
    """Return which batch the address names: the view itself gets the poll."""
    return int((request.view_args or {})["no"])


def _slug(poll: Poll) -> str:
    return registry.get_card(poll.tenant_id, poll.subject_kind, poll.subject_id).name
