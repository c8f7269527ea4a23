"""The officer's ballot: ticks, limits, order, and the two acts that a second person approves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import DateField, IntegerField
from wtforms.validators import InputRequired, NumberRange, ValidationError

from deliberate.access.decorators import requires
from deliberate.approvals import actions as asking
from deliberate.approvals import queries as approvals
from deliberate.consultations import queries as consultations
from deliberate.consultations.models import Consultation
from deliberate.kernel import clock, htmx
from deliberate.kernel.actor import current_actor
from deliberate.kernel.db import db, transaction
from deliberate.kernel.forms import REQUIRED, Form, text
from deliberate.kernel.refusals import Refusal, Refused
from deliberate.kernel.texts import N_
from deliberate.proposals import admission, queries
from deliberate.proposals.models import Proposal
from deliberate.proposals.views.common import bp
from deliberate.tenancy.current import current_tenant
from deliberate.voting import acts, underway
from deliberate.voting import queries as voting
from deliberate.voting.actions import preparing
from deliberate.voting.models import Poll
from deliberate.voting.permissions import Permission
from deliberate.voting.stakes import StakesForm
from deliberate.voting.states import PollState

DESK = "/urzad/konsultacje/<slug>/glosowanie"
ONE = DESK + "/propozycje/<int(max=2147483647):number>"
SHORTEST_REASON, LONGEST_REASON = 40, 2_000
MOST_CHOICES = 50


class BallotForm(Form):
    """Limits and the promised day; which proposals are ticked comes beside it."""

    least = IntegerField(
        N_("Ile co najmniej trzeba wybrać"),
        validators=[InputRequired(REQUIRED), NumberRange(0, MOST_CHOICES, N_("Od 0 do 50."))],
    )
    most = IntegerField(
        N_("Ile najwyżej można wybrać"),
        validators=[InputRequired(REQUIRED), NumberRange(1, MOST_CHOICES, N_("Od 1 do 50."))],
    )
    result_due = DateField(N_("Wynik ogłosimy najpóźniej"), validators=[InputRequired(REQUIRED)])

    def validate_most(self, field: IntegerField) -> None:
        if self.least.data is not None and field.data is not None and field.data < self.least.data:
            raise ValidationError(N_("Nie może być mniej niż najmniejsza liczba wyborów."))


class TurnDownForm(Form):
    """Why a proposal is not on the ballot."""

    reason = text(
        N_("Dlaczego tej propozycji nie będzie na karcie – zobaczą to wszyscy"),
        shortest=SHORTEST_REASON,
        longest=LONGEST_REASON,
    )


def load(slug: str) -> Consultation:
    """Load for @requires: any state, through the municipality."""
    return consultations.get_any(current_tenant(), slug)


def load_proposal(slug: str, number: int) -> Proposal:
    return queries.get_proposal(load(slug), number)


@bp.get(DESK)
@requires(Permission.PREPARE, on=load)
def admission_desk(consultation: Consultation) -> ResponseReturnValue:
    return _page(consultation)


@bp.post(DESK)
@requires(Permission.PREPARE, on=load)
def admission_save(consultation: Consultation) -> ResponseReturnValue:
    form, ticked = BallotForm(), ticked_numbers()
    if not form.validate_on_submit():
        return _page(consultation, form=form, ticked=ticked, code=422)
    try:
        with transaction():
            _must_be_usual(consultation)
            admission.save(
                current_tenant(),
                consultation,
                ticked,
                least=form.least.data,
                most=form.most.data,
                result_due=form.result_due.data,
            )
    except Refused as refused:
        return _page(consultation, form=form, ticked=ticked, refusal=refused.refusal, code=409)
    return _done(consultation, N_("Karta zapisana jako szkic. Nie widzi jej nikt poza urzędem."))


@bp.post(DESK + "/zapieczetowanie")
@requires(Permission.PREPARE, on=load)
def admission_seal(consultation: Consultation) -> ResponseReturnValue:
    stakes = StakesForm()
    if not stakes.validate_on_submit():
        return _page(consultation, stakes=stakes, code=422)
    if refusal := stakes.refusal():
        return _page(consultation, stakes=stakes, refusal=refusal, code=409)
    try:
        with transaction():
            admission.ask_to_seal(
                consultation,
                _poll(consultation),
                answers=stakes.answers,
                actor=current_actor(),
                now=clock.now(),
            )
    except Refused as refused:
        return _page(consultation, refusal=refused.refusal, code=409)
    return _done(consultation, N_("Prośba o zapieczętowanie karty wysłana."))


@bp.post(DESK + "/policzenie")
@requires(Permission.PREPARE, on=load)
def admission_count(consultation: Consultation) -> ResponseReturnValue:
    try:
        with transaction():
            poll = _poll(consultation)
            admission.ask_to_count(poll, actor=current_actor(), now=clock.now())
    except Refused as refused:
        return _page(consultation, refusal=refused.refusal, code=409)
    return _done(consultation, N_("Prośba o policzenie głosów wysłana."))


@bp.post(DESK + "/ogloszenie")
@requires(Permission.PREPARE, on=load)
def admission_publish(consultation: Consultation) -> ResponseReturnValue:
    try:
        with transaction():
            poll = _poll(consultation)
            admission.ask_to_publish(poll, actor=current_actor(), now=clock.now())
    except Refused as refused:
        return _page(consultation, refusal=refused.refusal, code=409)
    return _done(consultation, N_("Prośba o ogłoszenie wyniku wysłana."))


@bp.get(ONE + "/niedopuszczenie")
@requires(Permission.PREPARE, on=load_proposal)
def turn_down_form(proposal: Proposal) -> ResponseReturnValue:
    return _turn_down_page(proposal, TurnDownForm(formdata=None))


@bp.post(ONE + "/niedopuszczenie")
@requires(Permission.PREPARE, on=load_proposal)
def turn_down(proposal: Proposal) -> ResponseReturnValue:
    form = TurnDownForm()
    if not form.validate_on_submit():
        return _turn_down_page(proposal, form, code=422)
    consultation = _consultation_of(proposal)
    with transaction():
        admission.turn_down(
            current_tenant(),
            consultation,
            proposal,
            form.reason.data,
            actor=current_actor(),
            now=clock.now(),
        )
    return _done(consultation, N_("Zapisane. Powód jest na stronie propozycji i w liście."))


@bp.post(ONE + "/przywrocenie")
@requires(Permission.PREPARE, on=load_proposal)
def reconsider(proposal: Proposal) -> ResponseReturnValue:
    consultation = _consultation_of(proposal)
    with transaction():
        admission.reconsider(current_tenant(), proposal, actor=current_actor(), now=clock.now())
    return _done(consultation, N_("Propozycja znów czeka na decyzję."))


def _poll(consultation: Consultation) -> Poll:
    return voting.find_poll(consultation.tenant_id, consultation.id) or abort(404)


def _consultation_of(proposal: Proposal) -> Consultation:
    return db.session.get_one(Consultation, proposal.consultation_id)


def ticked_numbers() -> set[int]:
    """Return the ticked numbers; what is no number stands for a proposal that there is not."""
    return {
        int(value) if value.isascii() and value.isdigit() and len(value) < 9 else 0
        for value in request.form.getlist("numer")
    }


def _page(
    consultation: Consultation,
    *,
    form: BallotForm | None = None,
    ticked: set[int] | None = None,
    stakes: StakesForm | None = None,
    refusal: Refusal | None = None,
    code: int = 200,
) -> ResponseReturnValue:
    tenant, now = current_tenant(), clock.now()
    poll = voting.find_poll(tenant.id, consultation.id)
    window = admission.find_window(consultation, poll)
    act = _next_act(poll)
    last = approvals.find_last(tenant.id, act, acts.KIND, poll.id) if poll else None
    waits = last is not None and last.decided_at is None and last.closed_at is None
    proposals = admission.list_proposals(consultation)
    card = acts.ballot_context(poll) if poll else {"poll": None}
    if ticked is None:
        ticked = _on_ballot(card, proposals)
    rendered = render_template(
        "voting/desk.html",
        consultation=consultation,
        window=window,
        form=form or _form(card, window),
        stakes=stakes or StakesForm(formdata=None),
        proposals=proposals,
        ticked=ticked,
        is_usual=_is_usual(card),
        refusal=refusal,
        proof=asking.asking_refusal(act, current_actor()),
        back=url_for("proposals.admission_desk", slug=consultation.slug),
        state=voting.present_state(poll, now=now) if poll else PollState.DRAFT,
        asked=last if waits else None,
        asked_name="",
        usually_same_day=waits and approvals.is_usually_same_day(tenant.id, now),
        underway=underway.find(poll) if poll else underway.Underway(),
        returned=last if last and last.approved is False else None,
        **card,
    )
    return rendered, code


def _next_act(poll: Poll | None) -> str:
    """Return the act of two persons that a vote waits for in its state."""
    if poll is None or poll.state == PollState.DRAFT:
        return acts.SEAL
    return acts.PUBLISH if poll.state == PollState.COUNTED else acts.COUNT


def _form(card: dict[str, Any], window: admission.Window | None) -> BallotForm:
    # Any: what voting gives its templates of a ballot.
    if card["poll"] is None:
        return BallotForm(formdata=None, least=1, most=3, result_due=_week_after(window))
    section, poll = card["parts"][0].section, card["poll"]
    return BallotForm(
        formdata=None, least=section.least, most=section.most, result_due=poll.result_due
    )


def _is_usual(card: dict[str, Any]) -> bool:
    """Tell whether a ballot is one list of proposals to tick, with no more to say of it."""
    if card["poll"] is None:
        return True
    poll, parts = card["poll"], card["parts"]
    first = parts[0].section
    return (
        len(parts) == 1
        and (first.kind, first.method, first.terms) == ("approval", "approval", "{}")
        and first.area_id is None
        and not poll.randomness_source
        and all(project.subject_id is not None for project in parts[0].projects)
    )


def _must_be_usual(consultation: Consultation) -> None:
    """Keep a page that was opened long ago from putting its one list over several sections."""
    poll = voting.find_poll(consultation.tenant_id, consultation.id)
    if poll is not None and not _is_usual(acts.ballot_context(poll)):
        raise Refused(preparing.AT_ONCE)


def _week_after(window: admission.Window | None) -> date | None:
    if window is None:
        return None
    return clock.last_day(window.ends_at) + timedelta(days=admission.DAYS_TO_RESULT)


def _on_ballot(card: dict[str, Any], proposals: Sequence[Proposal]) -> set[int]:
    on_ballot = {project.subject_id for part in card.get("parts", ()) for project in part.projects}
    return {proposal.number for proposal in proposals if proposal.id in on_ballot}


def _turn_down_page(
    proposal: Proposal, form: TurnDownForm, *, code: int = 200
) -> ResponseReturnValue:
    rendered = render_template(
        "voting/turn_down.html",
        consultation=_consultation_of(proposal),
        proposal=proposal,
        form=form,
    )
    return rendered, code


def _done(consultation: Consultation, status: str) -> ResponseReturnValue:
    return htmx.done(status, to=url_for("proposals.admission_desk", slug=consultation.slug))
