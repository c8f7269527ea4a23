"""The course of a vote at the office: pause, lots, calling off, declaring void, repeating."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, abort, render_template, url_for
from flask.typing import ResponseReturnValue

from deliberate.access.decorators import requires
from deliberate.accounts import staff
from deliberate.approvals import rules as approval_rules
from deliberate.kernel import clock, htmx
from deliberate.kernel.actor import current_actor
from deliberate.kernel.db import transaction
from deliberate.kernel.forms import Form, line, text
from deliberate.kernel.refusals import Refusal, Refused
from deliberate.kernel.texts import N_
from deliberate.subjects import registry
from deliberate.tenancy.current import current_tenant
from deliberate.voting import course, course_rules, queries, randomness, underway
from deliberate.voting.actions import drawing, pausing, repeating, stopping
from deliberate.voting.clock import db_now
from deliberate.voting.models import Poll
from deliberate.voting.permissions import Permission

bp = Blueprint(
    "voting_office", __name__, url_prefix="/urzad/konsultacje/<slug>/glosowanie/przebieg"
)
LONGEST_REASON = 500
AGREED = N_("Obie wartości są takie same. Można liczyć głosy.")
KEPT = N_("Zapisane. Los rozstrzyga, gdy druga osoba wpisze to samo.")
WRONG_VALUES = frozenset(
    each.code for each in (randomness.NOT_LOTTO, randomness.NOT_DIGITS, randomness.NOT_HEX)
)


class PauseForm(Form):
    """Why the vote stops."""

    reason = text(
        N_("Dlaczego głosowanie staje – zobaczą to wszyscy"),
        shortest=course_rules.SHORTEST_REASON,
        longest=LONGEST_REASON,
    )


class StopForm(Form):
    """Why the vote is called off or void."""

    stop_reason = text(
        N_("Powód – zobaczą go wszyscy"),
        shortest=course_rules.SHORTEST_REASON,
        longest=LONGEST_REASON,
    )


class LotsForm(Form):
    """The drawn value, as the source gives it."""

    value = line(N_("Wylosowana wartość"), longest=randomness.LONGEST)


def load(slug: str) -> Poll:
    """Load for @requires: the latest vote of a consultation in any state."""
    tenant = current_tenant()
    card = registry.get_named(tenant.id, queries.CONSULTATION, slug)
    return queries.find_poll(tenant.id, card.id) or abort(404)


@bp.get("")
@requires(Permission.WITNESS, on=load)
def show(poll: Poll) -> ResponseReturnValue:
    return _page(poll)


@bp.get("/liczenie")
@requires(Permission.WITNESS, on=load)
def counting(poll: Poll) -> ResponseReturnValue:
    """Show how far the count is; a browser with HTMX asks for this part again and again."""
    template = "voting/_counting.html" if htmx.is_htmx() else "voting/counting.html"
    return render_template(
        template,
        card=registry.get_card(poll.tenant_id, poll.subject_kind, poll.subject_id),
        poll=poll,
        underway=underway.find(poll),
    )


@bp.post("/wstrzymanie")
@requires(Permission.PREPARE, on=load)
def pause(poll: Poll) -> ResponseReturnValue:
    form = PauseForm()
    if not form.validate_on_submit():
        return _page(poll, pause_form=form, code=422)
    return _do(
        poll,
        lambda: pausing.pause(current_tenant(), poll.id, form.reason.data, actor=current_actor()),
        N_("Głosowanie wstrzymane. W ciągu 24 godzin potwierdza to druga osoba."),
        pause_form=form,
    )


@bp.post("/wstrzymanie/potwierdzenie")
@requires(Permission.WITNESS, on=load)
def confirm_pause(poll: Poll) -> ResponseReturnValue:
    return _do(
        poll,
        lambda: pausing.confirm(current_tenant(), poll.id, actor=current_actor()),
        N_("Przerwa potwierdzona. Trwa, dopóki ktoś jej nie zniesie."),
    )


@bp.post("/wznowienie")
@requires(Permission.PREPARE, on=load)
def resume(poll: Poll) -> ResponseReturnValue:
    return _do(
        poll,
        lambda: pausing.lift(current_tenant(), poll.id, actor=current_actor()),
        N_("Głosowanie znów przyjmuje głosy. Koniec przesunął się o czas przerwy."),
    )


@bp.post("/odwolanie")
@requires(Permission.PREPARE, on=load)
def cancel(poll: Poll) -> ResponseReturnValue:
    return _ask_to_stop(poll, stopping.ask_to_cancel, N_("Prośba o odwołanie wysłana."))


@bp.post("/uniewaznienie")
@requires(Permission.PREPARE, on=load)
def annul(poll: Poll) -> ResponseReturnValue:
    return _ask_to_stop(poll, stopping.ask_to_annul, N_("Prośba o unieważnienie wysłana."))


@bp.post("/powtorzenie")
@requires(Permission.PREPARE, on=load)
def repeat(poll: Poll) -> ResponseReturnValue:
    return _do(
        poll,
        lambda: repeating.begin(current_tenant(), poll.id, actor=current_actor()),
        N_("Powtórzenie jest szkicem. Sprawdź kartę i poproś o zapieczętowanie."),
    )


@bp.post("/losowanie")
@requires(Permission.WITNESS, on=load)
def draw(poll: Poll) -> ResponseReturnValue:
    form = LotsForm()
    if not form.validate_on_submit():
        return _page(poll, lots_form=form, code=422)
    try:
        with transaction():
            agree = drawing.type_value(
                current_tenant(), poll.id, form.value.data, actor=current_actor()
            )
    except Refused as refused:
        return _refused(poll, refused.refusal, lots_form=form)
    return htmx.done(AGREED if agree else KEPT, to=_address(poll))


def _ask_to_stop(poll: Poll, ask: Callable[..., object], status: str) -> ResponseReturnValue:
    form = StopForm()
    if not form.validate_on_submit():
        return _page(poll, stop_form=form, code=422)
    return _do(
        poll,
        lambda: ask(poll, form.stop_reason.data, actor=current_actor(), now=clock.now()),
        status,
        stop_form=form,
    )


def _do(poll: Poll, act: Callable[[], object], status: str, **forms: Form) -> ResponseReturnValue:
    try:
        with transaction():
            act()
    except Refused as refused:
        return _refused(poll, refused.refusal, **forms)
    return htmx.done(status, to=_address(poll))


def _refused(poll: Poll, refusal: Refusal, **forms: Form) -> ResponseReturnValue:
    code = 422 if refusal.code in WRONG_VALUES else 409
    return _page(poll, refusal=refusal, code=code, **forms)


def _page(
    poll: Poll,
    *,
    pause_form: Form | None = None,
    stop_form: Form | None = None,
    lots_form: Form | None = None,
    refusal: Refusal | None = None,
    code: int = 200,
) -> ResponseReturnValue:
    tenant, actor = current_tenant(), current_actor()
    poll = queries.get_poll(tenant.id, poll.id)  # read again: a refusal has rolled back
    now = db_now()
    stands = course.gather(poll, person_id=actor.person_id, now=now)
    people = {p for pause in stands.pauses for p in (pause.paused_by, pause.confirmed_by)}
    rendered = render_template(
        "voting/course.html",
        card=registry.get_card(tenant.id, poll.subject_kind, poll.subject_id),
        poll=poll,
        course=stands,
        names=staff.list_names(people),
        confirm_refusal=course_rules.confirm_refusal(
            stands.state,
            paused_by=stands.pause.paused_by if stands.pause else None,
            confirmed_by=stands.pause.confirmed_by if stands.pause else None,
            person_id=actor.person_id,
        ),
        example=_example(poll),
        pause_form=pause_form or PauseForm(formdata=None),
        stop_form=stop_form or StopForm(formdata=None),
        lots_form=lots_form or LotsForm(formdata=None),
        refusal=refusal,
        proof=approval_rules.proof_refusal(
            lacks_factor=not actor.has_second_factor, is_stale=not actor.is_fresh
        ),
        back=_address(poll),
    )
    return rendered, code


def _example(poll: Poll) -> str:
    shape = poll.randomness_shape
    return randomness.KINDS[randomness.Shape(shape)].example if shape else ""


def _address(poll: Poll) -> str:
    card = registry.get_card(poll.tenant_id, poll.subject_kind, poll.subject_id)
    return url_for("voting_office.show", slug=card.name)
