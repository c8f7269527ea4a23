"""Who may vote, at the office: which electorate, and the votes about which two persons decide."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, IntegerField, RadioField, SelectChoice
from wtforms.validators import InputRequired, NumberRange, ValidationError
from wtforms.validators import Optional as MayBeEmpty

from deliberate.access.decorators import requires
from deliberate.accounts import staff
from deliberate.approvals import rules as approvals
from deliberate.kernel import htmx
from deliberate.kernel.actor import current_actor
from deliberate.kernel.db import transaction
from deliberate.kernel.forms import REQUIRED, Form, text
from deliberate.kernel.refusals import Refusal, Refused
from deliberate.kernel.texts import N_
from deliberate.subjects import registry
from deliberate.tenancy.current import current_tenant
from deliberate.voting import cases, electorates, queries
from deliberate.voting.actions import deciding, preparing
from deliberate.voting.actions.preparing import ElectorateDraft
from deliberate.voting.clock import db_now
from deliberate.voting.models import Poll
from deliberate.voting.permissions import Permission
from deliberate.voting.states import (
    WITHOUT_ACCOUNT,
    AgeRule,
    CaseKind,
    Electorate,
    PollState,
    Verdict,
)
from deliberate.voting.views.office import load
from deliberate.voting.views.suspicions import GROUNDS

bp = Blueprint(
    "voting_electorate", __name__, url_prefix="/urzad/konsultacje/<slug>/glosowanie/uprawnieni"
)
CASE = "/sprawy/<int(max=2147483647):case_id>"
MOST_PERSONS, OLDEST = 20, 21
SHORTEST_REASON, LONGEST_REASON = 10, 500
LONGEST_PLACES = 600

ELECTORATES = (
    (Electorate.RESIDENTS, N_("Osoby z kontem, które tu mieszkają")),
    (Electorate.DECLARED, N_("Każda osoba, która poda imię, nazwisko i adres – bez konta")),
    (Electorate.CODES, N_("Osoby, które dostały od urzędu kod")),
    (Electorate.LISTED, N_("Osoby z zamkniętej listy, z kontem")),
)
AGES = (
    (AgeRule.NONE, N_("Bez względu na wiek")),
    (AgeRule.ALONE, N_("Tylko osoby w tym wieku albo starsze")),
    (AgeRule.GUARDIAN, N_("Młodsze osoby głosują z opiekunką albo opiekunem, przy okienku")),
)
VERDICTS = (
    (Verdict.KEEP, N_("Głos się liczy")),
    (Verdict.TAKE_OUT, N_("Głos się nie liczy")),
)
WHY_LOOKED_AT = {
    CaseKind.HOUSEHOLD: N_("Drugi głos z tymi danymi: mieszka tam ktoś o tym samym nazwisku"),
    CaseKind.NOT_MINE: N_("Drugi głos z tymi danymi: pierwszy ma nie być tej osoby"),
    CaseKind.DISPUTED: N_("Pierwszy głos z tymi danymi: ktoś mówi, że to nie jego"),
    CaseKind.SUSPICION: N_("Głos wstrzymany do wyjaśnienia"),
}


def _choices(named: Sequence[tuple[str, str]]) -> list[SelectChoice]:
    return [SelectChoice(value, label) for value, label in named]


class ElectorateForm(Form):
    """Who may vote, and from what age."""

    electorate = RadioField(
        N_("Kto może głosować"), choices=_choices(ELECTORATES), validators=[InputRequired(REQUIRED)]
    )
    persons_a_contact = IntegerField(
        N_("Ile osób może głosować z jednego telefonu albo e-maila, zanim ktoś to sprawdzi"),
        validators=[
            InputRequired(REQUIRED),
            NumberRange(1, MOST_PERSONS, N_("Wpisz liczbę od 1 do 20.")),
        ],
    )
    age_rule = RadioField(N_("Wiek"), choices=_choices(AGES), validators=[InputRequired(REQUIRED)])
    age = IntegerField(
        N_("Od ilu lat"),
        validators=[MayBeEmpty(), NumberRange(1, OLDEST, N_("Wpisz liczbę od 1 do 21."))],
    )

    places = text(
        N_("Gdzie i kiedy można zagłosować na papierze albo z pomocą"),
        longest=LONGEST_PLACES,
        required=False,
    )

    revote = BooleanField(N_("Oddany głos można zmienić, dopóki trwa głosowanie"))

    def validate_age_rule(self, field: RadioField) -> None:
        if field.data == AgeRule.NONE:
            return
        if self.electorate.data not in WITHOUT_ACCOUNT:
            raise ValidationError(N_("O wiek pytamy tylko tam, gdzie głosuje się bez konta."))
        if field.data == AgeRule.GUARDIAN and not self.places.data:
            raise ValidationError(
                N_("Młodsze osoby głosują przy okienku: napisz, gdzie i kiedy jest otwarte.")
            )
        if self.age.data is None:
            raise ValidationError(N_("Wpisz też, od ilu lat."))


class VerdictForm(Form):
    """What becomes of one vote, and why."""

    verdict = RadioField(
        N_("Decyzja"), choices=_choices(VERDICTS), validators=[InputRequired(REQUIRED)]
    )
    reason = text(N_("Dlaczego"), shortest=SHORTEST_REASON, longest=LONGEST_REASON)


@bp.get("")
@requires(Permission.PREPARE, on=load)
def show(poll: Poll) -> ResponseReturnValue:
    terms = electorates.read(poll.electorate_terms)
    form = ElectorateForm(
        formdata=None,
        electorate=poll.electorate,
        persons_a_contact=terms.persons_a_contact,
        age_rule=poll.age_rule,
        age=poll.age,
        places=terms.places,
        revote=poll.revote,
    )
    return _page(poll, form)


@bp.post("")
@requires(Permission.PREPARE, on=load)
def save(poll: Poll) -> ResponseReturnValue:
    form = ElectorateForm()
    if not form.validate_on_submit():
        return _page(poll, form, code=422)
    age_rule = AgeRule(form.age_rule.data)
    draft = ElectorateDraft(
        electorate=Electorate(form.electorate.data),
        persons_a_contact=form.persons_a_contact.data,
        age_rule=age_rule,
        age=None if age_rule is AgeRule.NONE else form.age.data,
        places=form.places.data or "",
        revote=form.revote.data,
    )
    try:
        with transaction():
            preparing.let_vote(current_tenant(), poll.id, draft)
    except Refused as refused:
        return _page(poll, form, refusal=refused.refusal, code=409)
    return htmx.done(N_("Zapisane."), to=url_for(".show", slug=_slug(poll)))


# Votes to look at.


@bp.get("/sprawy")
@requires(Permission.WITNESS, on=load)
def list_cases(poll: Poll) -> ResponseReturnValue:
    return _cases_page(poll)


@bp.post(CASE + "/decyzja")
@requires(Permission.WITNESS, on=lambda slug, case_id: load(slug))  # noqa: ARG005 - see _case_id
def say(poll: Poll) -> ResponseReturnValue:
    case_id = _case_id()
    form = _verdict_form(case_id)
    if not form.validate_on_submit():
        return _cases_page(poll, form=form, at=case_id, code=422)
    verdict = Verdict(form.verdict.data)

    def act(poll: Poll) -> None:
        case = cases.get_case(poll, case_id)
        deciding.say(poll, case, verdict, form.reason.data, actor=current_actor())

    return _do(poll, act, N_("Zapisane. Decyzja zapadnie, gdy potwierdzi ją druga osoba."))


@bp.post(CASE + "/potwierdzenie")
@requires(Permission.WITNESS, on=lambda slug, case_id: load(slug))  # noqa: ARG005 - see _case_id
def confirm(poll: Poll) -> ResponseReturnValue:
    case_id = _case_id()
    seen = (request.form.get("verdict", ""), request.form.get("reason", ""))

    def act(poll: Poll) -> None:
        case = cases.get_case(poll, case_id)
        deciding.confirm(poll, case, seen=seen, actor=current_actor())

    return _do(poll, act, N_("Decyzja zapadła."))


def _case_id() -> int:
    """Return which case the address names: the view itself gets the poll."""
    return int((request.view_args or {})["case_id"])


def _do(poll: Poll, act: Callable[[Poll], None], status: str) -> ResponseReturnValue:
    try:
        with transaction():
            act(queries.get_poll(current_tenant().id, poll.id))
    except Refused as refused:
        return _cases_page(poll, refusal=refused.refusal, code=409)
    return htmx.done(status, to=url_for(".list_cases", slug=_slug(poll)))


# The pages.


def _page(
    poll: Poll, form: ElectorateForm, *, refusal: Refusal | None = None, code: int = 200
) -> ResponseReturnValue:
    rendered = render_template(
        "voting/electorate.html",
        card=registry.get_card(poll.tenant_id, poll.subject_kind, poll.subject_id),
        poll=poll,
        form=form,
        refusal=refusal,
        is_draft=poll.state == PollState.DRAFT,
        kinds=dict(ELECTORATES),
        ages=dict(AGES),
        terms=electorates.read(poll.electorate_terms),
    )
    return rendered, code


def _cases_page(
    poll: Poll,
    *,
    form: VerdictForm | None = None,
    at: int | None = None,
    refusal: Refusal | None = None,
    code: int = 200,
) -> ResponseReturnValue:
    tenant, actor = current_tenant(), current_actor()
    poll = queries.get_poll(tenant.id, poll.id)  # read again: a refusal has rolled back
    matters = cases.list_matters(poll, now=db_now())
    said = [matter.verdict for matter in matters if matter.verdict is not None]
    people = {each for verdict in said for each in (verdict.said_by, verdict.confirmed_by)}
    people |= {matter.case.opened_by for matter in matters}
    rendered = render_template(
        "voting/cases.html",
        card=registry.get_card(poll.tenant_id, poll.subject_kind, poll.subject_id),
        poll=poll,
        matters=matters,
        forms_of={
            matter.case.id: form
            if form is not None and at == matter.case.id
            else _verdict_form(matter.case.id, blank=True)
            for matter in matters
        },
        form=form,
        names=staff.list_names(people),
        why=WHY_LOOKED_AT,
        grounds=GROUNDS,
        verdicts=dict(VERDICTS),
        me=actor.person_id,
        refusal=refusal,
        proof=approvals.proof_refusal(
            lacks_factor=not actor.has_second_factor, is_stale=not actor.is_fresh
        ),
        back=url_for(".list_cases", slug=_slug(poll)),
    )
    return rendered, code


def _verdict_form(case_id: int, *, blank: bool = False) -> VerdictForm:
    """Return a form whose fields have names of their own: the page has one a case."""
    prefix = f"sprawa-{case_id}"
    return VerdictForm(formdata=None, prefix=prefix) if blank else VerdictForm(prefix=prefix)


def _slug(poll: Poll) -> str:
    return registry.get_card(poll.tenant_id, poll.subject_kind, poll.subject_id).name
