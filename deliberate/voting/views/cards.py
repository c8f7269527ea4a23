"""Cards on paper at the office: numbered, printed, counted at the table, keyed by two."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from deliberate.access.decorators import requires
from deliberate.accounts import staff
from deliberate.algorithms.counting import BallotKind
from deliberate.approvals import rules as approvals
from deliberate.kernel import htmx
from deliberate.kernel.actor import current_actor
from deliberate.kernel.db import transaction
from deliberate.kernel.refusals import Refusal, Refused
from deliberate.kernel.texts import N_
from deliberate.subjects import registry
from deliberate.tenancy.current import current_tenant
from deliberate.voting import card_print, card_rules, cards, electorates, queries
from deliberate.voting.actions import carding
from deliberate.voting.actions.carding import Figures
from deliberate.voting.card_rules import Wrong
from deliberate.voting.desk_forms import (
    LONGEST_TYPED,
    BatchForm,
    BoxForm,
    KeyingForm,
    invalid_name,
    keying_form,
    typed_name,
)
from deliberate.voting.models import Poll
from deliberate.voting.permissions import Permission
from deliberate.voting.states import UNCOUNTED, CardState, PollState
from deliberate.voting.views.office import load

bp = Blueprint("voting_desk", __name__, url_prefix="/urzad/konsultacje/<slug>/glosowanie/papier")
BATCH = "/partie/<int(max=100000):no>"
CARD = "/karty/<int(max=10000000):serial>"
SAID = {
    CardState.ONCE: N_("Karta nr %(serial)s zapisana. Teraz wpisuje ją ktoś drugi."),
    CardState.AGREED: N_("Karta nr %(serial)s: dwie osoby wpisały to samo."),
    CardState.DISPUTED: N_(
        "Karta nr %(serial)s: dwie osoby wpisały co innego. Rozstrzygnie trzecia."
    ),
    CardState.DECIDED: N_("Karta nr %(serial)s rozstrzygnięta."),
}


def load_batch(slug: str, no: int) -> Poll:  # noqa: ARG001 - the batch is read under its poll
    return load(slug)


def load_card(slug: str, serial: int) -> Poll:  # noqa: ARG001 - the card is read under its poll
    return load(slug)


@bp.get("")
@requires(Permission.WITNESS, on=load)
def batches(poll: Poll) -> ResponseReturnValue:
    return _batches_page(poll)


@bp.post("/partie")
@requires(Permission.PREPARE, on=load)
def order(poll: Poll) -> ResponseReturnValue:
    form = BatchForm()
    if not form.validate_on_submit():
        return _batches_page(poll, batch_form=form, code=422)

    def act(here: Poll) -> None:
        carding.order(here, form.place.data, form.number.data, actor=current_actor())

    try:
        with transaction():
            act(queries.get_poll(poll.tenant_id, poll.id))
    except Refused as refused:
        return _batches_page(poll, batch_form=form, refusal=refused.refusal, code=409)
    return htmx.done(N_("Karty mają numery. Możesz je wydrukować."), to=_address(poll))


@bp.get(BATCH + "/karty.pdf")
@requires(Permission.PREPARE, on=load_batch)
def print_cards(poll: Poll) -> ResponseReturnValue:
    batch = cards.get_batch(poll, int((request.view_args or {})["no"]))
    pdf = card_print.cards(current_tenant(), poll, batch)
    headers = {
        "Content-Type": "application/pdf",
        "Content-Disposition": f'attachment; filename="karty-{batch.no}.pdf"',
        "Cache-Control": "no-store",
    }
    return pdf, 200, headers


@bp.post(BATCH + "/urna")
@requires(Permission.WITNESS, on=load_batch)
def settle(poll: Poll) -> ResponseReturnValue:
    no = int((request.view_args or {})["no"])
    form = _box_form(no)
    if not form.validate_on_submit():
        return _batches_page(poll, box_form=form, box_no=no, code=422)

    def act(here: Poll) -> None:
        carding.settle(here, no, form.figures, actor=current_actor())

    return _do(poll, act, N_("Zapisane. Te liczby potwierdza druga osoba."), form=form, no=no)


@bp.post(BATCH + "/potwierdzenie")
@requires(Permission.WITNESS, on=load_batch)
def confirm(poll: Poll) -> ResponseReturnValue:
    no = int((request.view_args or {})["no"])
    sent = [request.form.get(name, "") for name in ("in_box", "spoiled", "missing", "unused")]
    numbers = [int(text) if text.isascii() and text.isdigit() else -1 for text in sent]
    seen = Figures(in_box=numbers[0], spoiled=numbers[1], missing=numbers[2], unused=numbers[3])

    def act(here: Poll) -> None:
        carding.confirm(here, no, seen, actor=current_actor())

    return _do(poll, act, N_("Potwierdzone. Z tej urny można wpisywać karty."))


# Keying.


@bp.get("/karty")
@requires(Permission.WITNESS, on=load)
def keying(poll: Poll) -> ResponseReturnValue:
    return _keying_page(poll)


@bp.post("/karty")
@requires(Permission.WITNESS, on=load)
def key(poll: Poll) -> ResponseReturnValue:
    sections = queries.list_sections(poll)
    form = keying_form(sections)
    if not form.validate_on_submit():
        return _keying_page(poll, form=form, code=422)
    typed = {s.no: (form[typed_name(s.no)].data or "")[:LONGEST_TYPED] for s in sections}
    invalid = frozenset(s.no for s in sections if form[invalid_name(s.no)].data)
    judged = card_rules.judge(
        queries.section_rules(sections, queries.list_options(poll)),
        queries.areas_of(poll, sections),
        typed,
        invalid,
    )
    if isinstance(judged, Wrong):
        return _keying_page(poll, form=form, wrong=judged, code=422)
    return _keyed(
        poll,
        lambda here: carding.key(here, form.serial.data, judged, actor=current_actor()),
        form.serial.data,
        form=form,
    )


@bp.post(CARD + "/zgoda")
@requires(Permission.WITNESS, on=load_card)
def agree(poll: Poll) -> ResponseReturnValue:
    serial, seen = _serial(), request.form.get("choices", "")
    return _keyed(
        poll, lambda here: carding.agree(here, serial, seen, actor=current_actor()), serial
    )


@bp.post(CARD + "/cofniecie")
@requires(Permission.WITNESS, on=load_card)
def withdraw(poll: Poll) -> ResponseReturnValue:
    serial = _serial()
    try:
        with transaction():
            here = queries.get_poll(poll.tenant_id, poll.id)
            carding.withdraw(here, serial, actor=current_actor())
    except Refused as refused:
        return _keying_page(poll, refusal=refused.refusal, code=409)
    return htmx.done(N_("Wpis cofnięty."), to=_keying_address(poll))


def _serial() -> int:
    """Return which card the address names: the view itself gets the poll."""
    return int((request.view_args or {})["serial"])


def _keyed(
    poll: Poll,
    act: Callable[[Poll], CardState],
    serial: int,
    *,
    form: KeyingForm | None = None,
) -> ResponseReturnValue:
    try:
        with transaction():
            state = act(queries.get_poll(poll.tenant_id, poll.id))
    except Refused as refused:
        return _keying_page(poll, form=form, refusal=refused.refusal, code=409)
    return htmx.done(SAID[state], to=_keying_address(poll), serial=serial)


def _do(
    poll: Poll,
    act: Callable[[Poll], None],
    status: str,
    *,
    form: BoxForm | None = None,
    no: int | None = None,
) -> ResponseReturnValue:
    try:
        with transaction():
            act(queries.get_poll(poll.tenant_id, poll.id))
    except Refused as refused:
        return _batches_page(poll, box_form=form, box_no=no, refusal=refused.refusal, code=409)
    return htmx.done(status, to=_address(poll))


# The pages.


def _batches_page(
    poll: Poll,
    *,
    batch_form: BatchForm | None = None,
    box_form: BoxForm | None = None,
    box_no: int | None = None,
    refusal: Refusal | None = None,
    code: int = 200,
) -> ResponseReturnValue:
    poll = queries.get_poll(poll.tenant_id, poll.id)  # read again: a refusal has rolled back
    state, actor = queries.present_state(poll), current_actor()
    rows = cards.list_batches(poll)
    rendered = render_template(
        "voting/cards.html",
        card=registry.get_card(poll.tenant_id, poll.subject_kind, poll.subject_id),
        poll=poll,
        batches=rows,
        names=staff.list_names({row.said_by for row in rows} | {row.confirmed_by for row in rows}),
        has_paper=electorates.read(poll.electorate_terms).has_paper,
        before_the_end=state in UNCOUNTED - {PollState.WORKING_UP},
        is_open=state is PollState.RECEIVING,
        is_ahead=state is PollState.SEALED,
        is_worked_up=state is PollState.WORKING_UP,
        progress=cards.progress(poll),
        batch_form=batch_form or BatchForm(formdata=None),
        forms_of={
            row.no: box_form if box_form is not None and box_no == row.no else _box_form(row.no, 0)
            for row in rows
        },
        box_form=box_form,
        me=actor.person_id,
        refusal=refusal,
        proof=approvals.proof_refusal(
            lacks_factor=not actor.has_second_factor, is_stale=not actor.is_fresh
        ),
        back=_address(poll),
    )
    return rendered, code


def _keying_page(
    poll: Poll,
    *,
    form: KeyingForm | None = None,
    wrong: Wrong | None = None,
    refusal: Refusal | None = None,
    code: int = 200,
) -> ResponseReturnValue:
    poll = queries.get_poll(poll.tenant_id, poll.id)
    actor, sections = current_actor(), queries.list_sections(poll)
    progress = cards.progress(poll)
    kinds = {section.no: BallotKind(section.kind) for section in sections}
    rendered = render_template(
        "voting/keying.html",
        card=registry.get_card(poll.tenant_id, poll.subject_kind, poll.subject_id),
        poll=poll,
        sections=sections,
        examples={no: card_rules.EXAMPLES[kind] for no, kind in kinds.items()},
        typed_name=typed_name,
        invalid_name=invalid_name,
        is_worked_up=queries.present_state(poll) is PollState.WORKING_UP,
        all_settled=cards.count_unsettled(poll) == 0,
        progress=progress,
        waiting=cards.list_open(poll, CardState.ONCE),
        disputed=cards.list_open(poll, CardState.DISPUTED),
        as_typed=partial(card_rules.as_typed, kinds),
        form=form or keying_form(sections, formdata=None),
        wrong=wrong,
        me=actor.person_id,
        refusal=refusal,
        proof=approvals.proof_refusal(lacks_factor=not actor.has_second_factor, is_stale=False),
        back=_keying_address(poll),
    )
    return rendered, code


def _box_form(no: int, blank: int | None = None) -> BoxForm:
    """Return a form whose fields have names of their own: the page has one a batch."""
    prefix = f"partia-{no}"
    return BoxForm(formdata=None, prefix=prefix) if blank is not None else BoxForm(prefix=prefix)


def _address(poll: Poll) -> str:
    return url_for("voting_desk.batches", slug=_slug(poll))


def _keying_address(poll: Poll) -> str:
    return url_for("voting_desk.keying", slug=_slug(poll))


def _slug(poll: Poll) -> str:
    return registry.get_card(poll.tenant_id, poll.subject_kind, poll.subject_id).name
