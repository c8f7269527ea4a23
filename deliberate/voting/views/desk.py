"""The counter: somebody is given a card, or votes on the office's screen with help."""

from __future__ import annotations

from typing import Any, TypeVar

from flask import render_template, request
from flask.typing import ResponseReturnValue

from deliberate.access.decorators import never_cached, requires
from deliberate.approvals import rules as approvals
from deliberate.kernel import i18n, ids
from deliberate.kernel.actor import current_actor
from deliberate.kernel.db import transaction
from deliberate.kernel.refusals import Refusal, Refused
from deliberate.subjects import registry
from deliberate.tenancy import queries as tenancy
from deliberate.tenancy.current import current_tenant
from deliberate.tenancy.models import Area
from deliberate.voting import electorates, forms, queries, receipts, slip
from deliberate.voting.actions import desk
from deliberate.voting.actions.casting import Form
from deliberate.voting.desk_forms import CardForm, VisitorForm
from deliberate.voting.models import Poll
from deliberate.voting.permissions import Permission
from deliberate.voting.states import AreaLock, Electorate, PollState
from deliberate.voting.views import choosing
from deliberate.voting.views.cards import bp
from deliberate.voting.views.common import get_paper
from deliberate.voting.views.office import load

F = TypeVar("F", bound=VisitorForm)


@bp.get("/osoba")
@never_cached
@requires(Permission.PREPARE, on=load)
def person(poll: Poll) -> ResponseReturnValue:
    """Ask who is given a card."""
    return _person_page(poll, _blank(CardForm, poll))


@bp.post("/osoba")
@never_cached
@requires(Permission.PREPARE, on=load)
def hand_card(poll: Poll) -> ResponseReturnValue:
    form = _asked(CardForm(), poll)
    if not form.validate_on_submit() or not form.klucz.data:
        return _person_page(poll, form, code=422)
    try:
        with transaction():
            desk.hand_card(
                current_tenant(),
                queries.get_poll(poll.tenant_id, poll.id),
                form.visitor(),
                idem=form.klucz.data,
                actor=current_actor(),
                received_on=form.received_on.data,
            )
    except Refused as refused:
        return _person_page(poll, form, refusal=refused.refusal, code=409)
    return _person_page(poll, _blank(CardForm, poll), is_marked=True)


@bp.get("/z-pomoca")
@never_cached
@requires(Permission.PREPARE, on=load)
def with_help(poll: Poll) -> ResponseReturnValue:
    """Show the ballot on the office's screen, below the question who votes."""
    return _help_page(poll, _blank(VisitorForm, poll))


@bp.post("/z-pomoca")
@never_cached
@requires(Permission.PREPARE, on=load)
def cast_with_help(poll: Poll) -> ResponseReturnValue:
    form = _asked(VisitorForm(), poll)
    if not form.validate_on_submit() or not form.klucz.data:
        return _help_page(poll, form, code=422)
    sections = queries.list_sections(poll)
    choices = forms.read_choices(sections, request.form)
    sent = Form(idem=form.klucz.data, browser=forms.read_browser(request.form))
    try:
        with transaction():
            here = queries.get_poll(poll.tenant_id, poll.id)
            taken = desk.cast_assisted(
                current_tenant(), here, form.visitor(), choices, sent, actor=current_actor()
            )
    except Refused as refused:
        status = 422 if refused.refusal.code.startswith("ballot.") else 409
        return _help_page(poll, form, refusal=refused.refusal, code=status)
    poll = queries.get_poll(poll.tenant_id, poll.id)
    card = registry.get_card(poll.tenant_id, poll.subject_kind, poll.subject_id)
    code = receipts.code(taken.leaf)
    return render_template(
        "voting/helped.html",
        card=card,
        poll=poll,
        day=taken.day,
        code=code,
        picture=slip.picture(slip.address(current_tenant(), card.name, code)),
    )


def _blank(kind: type[F], poll: Poll) -> F:
    form = kind(formdata=None)
    form.klucz.data = ids.new_token()
    return _asked(form, poll)


def _asked(form: F, poll: Poll) -> F:
    """Leave in a form what the electorate of this vote asks for."""
    form.ask_about(
        poll,
        current_tenant(),
        areas=_areas(poll),
        roll=queries.list_roll(poll) if poll.electorate == Electorate.LISTED else [],
        where=current_tenant().where_in(i18n.locale()),
    )
    return form


def _areas(poll: Poll) -> list[Area]:
    """Return the parts that have a section of their own, where one's home decides."""
    if poll.area_lock != AreaLock.HOME:
        return []
    wanted = {section.area_id for section in queries.list_sections(poll)}
    return [area for area in tenancy.list_areas(current_tenant()) if area.id in wanted]


def _person_page(
    poll: Poll,
    form: CardForm,
    *,
    is_marked: bool = False,
    refusal: Refusal | None = None,
    code: int = 200,
) -> ResponseReturnValue:
    return render_template(
        "voting/desk_card.html", **_common(poll, form, refusal), is_marked=is_marked
    ), code


def _help_page(
    poll: Poll, form: VisitorForm, *, refusal: Refusal | None = None, code: int = 200
) -> ResponseReturnValue:
    common = _common(poll, form, refusal)
    paper = get_paper(common["card"], common["poll"])
    choices = forms.read_choices(paper.sections, request.form)
    area_id = choosing.inferred_area(paper, choices)
    rendered = render_template(
        "voting/with_help.html",
        **common,
        **choosing.as_chosen_from(paper, choices, area_id=area_id, is_known=False),
        paper=paper,
        browser_field=forms.BROWSER,
        refused_at=choosing.find_refusal(paper, choices, area_id=area_id)[1] if refusal else None,
    )
    return rendered, code


def _common(poll: Poll, form: VisitorForm, refusal: Refusal | None) -> dict[str, Any]:
    """Return what both pages show; the poll is read again, since a refusal has rolled back."""
    poll = queries.get_poll(poll.tenant_id, poll.id)
    actor, state = current_actor(), queries.present_state(poll)
    return {
        "card": registry.get_card(poll.tenant_id, poll.subject_kind, poll.subject_id),
        "poll": poll,
        "form": form,
        "has_paper": electorates.read(poll.electorate_terms).has_paper,
        "is_open": state is PollState.RECEIVING,
        "is_ahead": state is PollState.SEALED,
        "is_worked_up": state is PollState.WORKING_UP,
        "refusal": refusal,
        "proof": approvals.proof_refusal(lacks_factor=not actor.has_second_factor, is_stale=False),
        "back": request.path,
    }
