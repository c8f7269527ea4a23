"""A closed list at the office: sent as a table, looked at, added to by two persons."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.file import FileField, FileRequired
from wtforms import StringField

from deliberate.access.decorators import requires
from deliberate.accounts import staff
from deliberate.accounts.rules import fold_email
from deliberate.approvals import rules as approvals
from deliberate.kernel import htmx
from deliberate.kernel.actor import current_actor
from deliberate.kernel.db import transaction
from deliberate.kernel.forms import Form, line
from deliberate.kernel.incoming import read_table
from deliberate.kernel.refusals import Refusal, Refused
from deliberate.kernel.sheets import BadTable
from deliberate.kernel.texts import N_
from deliberate.subjects import registry
from deliberate.tenancy.current import current_tenant
from deliberate.voting import electorates, queries, roll_rules
from deliberate.voting.actions import enrolling
from deliberate.voting.models import Poll
from deliberate.voting.permissions import Permission
from deliberate.voting.roll_rules import Line, Problem
from deliberate.voting.states import PollState
from deliberate.voting.views.electorate import bp
from deliberate.voting.views.office import load

MOST_PROBLEMS = 50  # shown at once; who mends fifty sends the table again
LONGEST_EMAIL = 254


class RollForm(Form):
    """The table."""

    table = FileField(
        N_("Tabela: CSV albo XLSX, z kolumnami „imię i nazwisko” oraz „e-mail”"),
        validators=[FileRequired(N_("Wybierz plik."))],
    )


class PersonForm(Form):
    """Somebody who belongs on the list after all."""

    name: StringField = line(N_("Imię i nazwisko"), longest=roll_rules.LONGEST_NAME)
    email: StringField = line(N_("E-mail"), longest=LONGEST_EMAIL)


def load_line(slug: str, no: int) -> Poll:  # noqa: ARG001 - the line is read under its poll
    return load(slug)


@bp.get("/lista")
@requires(Permission.WITNESS, on=load)
def roll(poll: Poll) -> ResponseReturnValue:
    return _page(poll)


@bp.post("/lista")
@requires(Permission.PREPARE, on=load)
def send_roll(poll: Poll) -> ResponseReturnValue:
    """Put the list in place of the former one: all of it, or nothing."""
    form = RollForm()
    if not form.validate_on_submit():
        return _page(poll, roll_form=form, code=422)
    with form.table.data.stream as upload:
        data = upload.read()
    try:
        sheet = read_table(data, form.table.data.filename or "")
    except BadTable as bad:
        problem = Refusal("roll.bad_table", bad.message).with_values(**bad.values)
        return _page(poll, refusal=problem, code=422)
    lines, problems = roll_rules.read_lines(sheet.header, sheet.rows, sheet.numbers)
    if problems:
        return _page(poll, problems=problems, code=422)
    return _do(
        poll,
        lambda: enrolling.put(current_tenant(), poll.id, lines),
        N_("Lista zapisana. Zapieczętuje ją karta."),
    )


@bp.post("/lista/osoby")
@requires(Permission.PREPARE, on=load)
def add_to_roll(poll: Poll) -> ResponseReturnValue:
    form = PersonForm()
    if not form.validate_on_submit():
        return _page(poll, person_form=form, code=422)
    person = Line(form.name.data, fold_email(form.email.data))
    if problem := roll_rules.line_problem(person, 1, {}):
        return _page(poll, person_form=form, problems=[problem], code=422)
    return _do(
        poll,
        lambda: enrolling.add(current_tenant(), poll.id, person, actor=current_actor()),
        N_("Zapisane. Ta osoba zagłosuje, gdy wpis potwierdzi ktoś drugi."),
    )


@bp.post("/lista/osoby/<int(max=100000):no>/potwierdzenie")
@requires(Permission.WITNESS, on=load_line)
def confirm_line(poll: Poll) -> ResponseReturnValue:
    no = int((request.view_args or {})["no"])
    return _do(
        poll,
        lambda: enrolling.confirm(current_tenant(), poll.id, no, actor=current_actor()),
        N_("Osoba dopisana. Ile osób dopisano, widać na karcie."),
    )


def _do(poll: Poll, act: Callable[[], None], status: str) -> ResponseReturnValue:
    try:
        with transaction():
            act()
    except Refused as refused:
        return _page(poll, refusal=refused.refusal, code=409)
    return htmx.done(status, to=_address(poll))


def _page(
    poll: Poll,
    *,
    roll_form: RollForm | None = None,
    person_form: PersonForm | None = None,
    problems: Sequence[Problem] = (),
    refusal: Refusal | None = None,
    code: int = 200,
) -> ResponseReturnValue:
    actor = current_actor()
    poll = queries.get_poll(poll.tenant_id, poll.id)  # read again: a refusal has rolled back
    lines = queries.list_roll(poll)
    rendered = render_template(
        "voting/roll.html",
        card=registry.get_card(poll.tenant_id, poll.subject_kind, poll.subject_id),
        poll=poll,
        is_draft=poll.state == PollState.DRAFT,
        lines=lines,
        terms=electorates.read(poll.electorate_terms),
        names=staff.list_names({row.added_by for row in lines}),
        me=actor.person_id,
        roll_form=roll_form or RollForm(formdata=None),
        person_form=person_form or PersonForm(formdata=None),
        problems=problems[:MOST_PROBLEMS],
        refusal=refusal,
        proof=approvals.proof_refusal(
            lacks_factor=not actor.has_second_factor, is_stale=not actor.is_fresh
        ),
        back=_address(poll),
    )
    return rendered, code


def _address(poll: Poll) -> str:
    card = registry.get_card(poll.tenant_id, poll.subject_kind, poll.subject_id)
    return url_for("voting_electorate.roll", slug=card.name)
