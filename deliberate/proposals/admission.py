"""Which proposals stand on the ballot: ticked, drawn into order, sealed; the rest get a reason.

Nothing here is public before the ballot is sealed, but a proposal that is not admitted: its author
learns at once, and why.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from deliberate.accounts.models import Person
from deliberate.accounts.standing import Needs
from deliberate.algorithms.counting import BallotKind
from deliberate.algorithms.lots import draw_order
from deliberate.approvals import actions as approvals
from deliberate.approvals.models import Approval
from deliberate.approvals.registry import ApprovalAct
from deliberate.audit import entries
from deliberate.consultations.models import Consultation
from deliberate.kernel import clock, prose
from deliberate.kernel.actor import Actor
from deliberate.kernel.db import db
from deliberate.kernel.refusals import Refusal, Refused
from deliberate.kernel.texts import N_
from deliberate.notifications import links
from deliberate.notifications.actions import tell
from deliberate.proposals.models import Proposal, State
from deliberate.proposals.queries import KIND
from deliberate.subjects.gate import Activity
from deliberate.subjects.visibility import shown
from deliberate.tenancy.models import Municipality
from deliberate.voting import acts, canonical, cases, electorate_rules, underway
from deliberate.voting import queries as voting
from deliberate.voting import rules as voting_rules
from deliberate.voting.actions import preparing
from deliberate.voting.actions.preparing import OptionDraft, PollDraft, SectionDraft
from deliberate.voting.clock import db_now
from deliberate.voting.models import Poll
from deliberate.voting.states import Effect, PollState

LONGEST_TEXT = 400  # characters of a proposal that its card on the ballot shows
DAYS_TO_RESULT = 7
# What is said of a vote apart from its sections, and stays when they change.
STAYS = (
    "result_due",
    "order_seed",
    "publication",
    "area_lock",
    "areas_most",
    "randomness_source",
    "randomness_shape",
    "randomness_at",
)

NO_VOTE = Refusal(
    "admission.no_vote",
    N_("W tych konsultacjach nie ma etapu głosowania. Dodaj go w terminach konsultacji."),
)
NOT_A_CANDIDATE = Refusal(
    "admission.not_a_candidate",
    N_(
        "Propozycji nr %(number)s nie można umieścić na karcie: "
        "jest wycofana, ukryta albo niedopuszczona."
    ),
)
UNDECIDED = Refusal(
    "admission.undecided",
    N_("Każda propozycja spoza karty potrzebuje powodu. Bez decyzji są numery: %(numbers)s."),
)
DATES_MOVED = Refusal(
    "admission.dates_moved",
    N_("Termin głosowania w konsultacjach się zmienił. Zapisz kartę jeszcze raz."),
)
OPTION_CHANGED = Refusal(
    "admission.option_changed",
    N_("Propozycja nr %(number)s zmieniła się po zapisaniu karty. Zapisz kartę jeszcze raz."),
)
ON_THE_BALLOT = Refusal(
    "admission.on_the_ballot",
    N_("Ta propozycja jest na karcie. Najpierw ją odznacz i zapisz kartę."),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """When the consultation has people vote; ``ends_at`` is the first moment outside."""

    opens_at: datetime
    ends_at: datetime


def find_window(consultation: Consultation, poll: Poll | None) -> Window | None:
    """Return from when until when the phases open the vote; a sealed one has its own dates.

    A repeat waits for a phase that is still to come: those before were the former vote's.
    """
    if poll is not None and poll.state != PollState.DRAFT:
        return Window(opens_at=poll.opens_at, ends_at=poll.ends_at)
    phases = [phase for phase in consultation.phases if Activity.VOTE in phase.opens]
    if poll is not None and poll.repeat_no:
        phases = [phase for phase in phases if phase.starts_at > db_now()]
    if not phases:
        return None
    return Window(
        opens_at=min(phase.starts_at for phase in phases),
        ends_at=max(phase.ends_at for phase in phases),
    )


def list_proposals(consultation: Consultation) -> Sequence[Proposal]:
    """Return what the office decides about: shown and not withdrawn, by number."""
    return db.session.scalars(
        select(Proposal)
        .where(
            Proposal.tenant_id == consultation.tenant_id,
            Proposal.consultation_id == consultation.id,
            Proposal.state != State.WITHDRAWN,
            shown(Proposal),
        )
        .order_by(Proposal.number)
    ).all()


def save(
    tenant: Municipality,
    consultation: Consultation,
    numbers: Collection[int],
    *,
    least: int,
    most: int,
    result_due: date,
) -> Poll:
    """Keep the usual ballot as a draft: proposals to tick, so many of them."""
    seed = seed_of(tenant, consultation)
    section = SectionDraft(
        title=tenant.name,
        kind=BallotKind.APPROVAL,
        method="approval",
        least=least,
        most=most,
        options=admitted(consultation, numbers, seed),
    )
    draft = whole(tenant, consultation, [section], order_seed=seed, result_due=result_due)
    return preparing.prepare(tenant, draft)


def seed_of(tenant: Municipality, consultation: Consultation) -> str:
    """Return the seed of the order on the ballot: drawn once, and published."""
    former = voting.find_poll(tenant.id, consultation.id)
    return former.order_seed if former is not None else secrets.token_hex(8)


def admitted(consultation: Consultation, numbers: Collection[int], seed: str) -> list[OptionDraft]:
    """Return these proposals as options, in the order drawn from the seed."""
    candidates = {
        proposal.number: proposal
        for proposal in list_proposals(consultation)
        if proposal.state != State.NOT_ADMITTED
    }
    for number in sorted(numbers):
        if number not in candidates:
            raise Refused(NOT_A_CANDIDATE.with_values(number=number))
    drawn = [candidates[number] for number in draw_order(numbers, seed)]
    return [_option(no, proposal) for no, proposal in enumerate(drawn, start=1)]


def whole(
    tenant: Municipality,
    consultation: Consultation,
    sections: Sequence[SectionDraft],
    **said: Any,
) -> PollDraft:
    """Describe a whole ballot of these sections; what is not said stays as it was drafted."""
    former = voting.find_poll(tenant.id, consultation.id)
    window = find_window(consultation, former)
    if window is None:
        raise Refused(NO_VOTE)
    usual = {"result_due": clock.last_day(window.ends_at) + timedelta(days=DAYS_TO_RESULT)}
    stays = {name: getattr(former, name) for name in STAYS} if former is not None else usual
    return PollDraft(
        consultation_id=consultation.id,
        title=consultation.title,
        needs=Needs(consultation.vote_needs),
        effect=Effect(consultation.effect),
        decided_by=consultation.decided_by,
        decision_due=consultation.decision_due,
        opens_at=window.opens_at,
        ends_at=window.ends_at,
        sections=sections,
        **{**stays, **said},
    )


def ask_to_seal(
    consultation: Consultation, poll: Poll, *, answers: str, actor: Actor, now: datetime
) -> Approval:
    """Ask a second person to seal exactly this ballot. answers: why it may be held here."""
    if refusal := _sealing_refusal(consultation, poll):
        raise Refused(refusal)
    return approvals.ask(
        acts.SEAL,
        acts.KIND,
        poll.id,
        payload_sha256=canonical.digest(voting.rules_text(poll)),
        actor=actor,
        asked_of=None,
        note=answers,
        now=now,
    )


def ask_to_count(poll: Poll, *, actor: Actor, now: datetime) -> Approval:
    """Ask a second person to count; nobody can before the end."""
    if refusal := voting_rules.count_refusal(voting.present_state(poll)):
        raise Refused(refusal)
    if refusal := electorate_rules.cases_refusal(cases.count_undecided(poll)):
        raise Refused(refusal)
    if refusal := underway.refusal(poll):
        raise Refused(refusal)
    return approvals.ask(
        acts.COUNT,
        acts.KIND,
        poll.id,
        payload_sha256=poll.rules_hash or "",
        actor=actor,
        asked_of=None,
        note="",
        now=now,
    )


def ask_to_publish(poll: Poll, *, actor: Actor, now: datetime) -> Approval:
    """Ask a second person to show the result to everybody."""
    if refusal := voting_rules.publish_refusal(PollState(poll.state)):
        raise Refused(refusal)
    return approvals.ask(
        acts.PUBLISH,
        acts.KIND,
        poll.id,
        payload_sha256=poll.rules_hash or "",
        actor=actor,
        asked_of=None,
        note="",
        now=now,
    )


def turn_down(
    tenant: Municipality,
    consultation: Consultation,
    proposal: Proposal,
    reason: str,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Do not admit a proposal. The reason stands on its page, and its author gets a letter."""
    poll = voting.find_poll(tenant.id, consultation.id)
    if poll is not None:
        voting.lock(poll)
        if poll.state != PollState.DRAFT:
            raise Refused(voting_rules.NOT_DRAFT)
        if proposal.id in {option.subject_id for option in voting.list_options(poll)}:
            raise Refused(ON_THE_BALLOT)
    if proposal.state == State.WITHDRAWN:
        raise Refused(NOT_A_CANDIDATE.with_values(number=proposal.number))
    proposal.state, proposal.state_reason = State.NOT_ADMITTED, reason
    entries.record(
        "proposal.not_admitted",
        f"proposal:{proposal.id}",
        actor=actor,
        at=now,
        tenant_id=tenant.id,
        reason=reason,
    )
    author = db.session.get(Person, proposal.author_id) if proposal.author_id else None
    if author is not None and author.is_active:
        tell(
            author,
            "answered",
            tenant=tenant,
            subject=N_("Propozycji nie ma na karcie do głosowania"),
            template="proposals/not_admitted",
            values={
                "title": proposal.title,
                "reason": reason,
                "url": links.absolute(
                    tenant, "proposals.show", slug=consultation.slug, number=proposal.number
                ),
            },
            dedupe=f"proposal:{proposal.id}:not_admitted:{now.isoformat()}",
        )


def reconsider(tenant: Municipality, proposal: Proposal, *, actor: Actor, now: datetime) -> None:
    """Take back that a proposal is not admitted, while the ballot is a draft."""
    poll = voting.find_poll(tenant.id, proposal.consultation_id)
    if poll is not None and poll.state != PollState.DRAFT:
        raise Refused(voting_rules.NOT_DRAFT)
    if proposal.state != State.NOT_ADMITTED:
        raise Refused(NOT_A_CANDIDATE.with_values(number=proposal.number))
    proposal.state, proposal.state_reason = State.OPEN, ""
    entries.record(
        "proposal.reconsidered",
        f"proposal:{proposal.id}",
        actor=actor,
        at=now,
        tenant_id=tenant.id,
    )


def _seal(tenant: Municipality, approval: Approval, actor: Actor, _now: datetime) -> None:
    poll = voting.get_poll(tenant.id, approval.subject_id)
    consultation = db.session.get_one(Consultation, poll.consultation_id)
    voting.lock(poll)
    if refusal := _sealing_refusal(consultation, poll):
        raise Refused(refusal)
    preparing.seal(tenant, poll.id, actor=actor)
    on_ballot = {option.subject_id for option in voting.list_options(poll)}
    for proposal in list_proposals(consultation):
        if proposal.id in on_ballot:
            proposal.state = State.ADMITTED


def _sealing_refusal(consultation: Consultation, poll: Poll) -> Refusal | None:
    """Return why this draft cannot be sealed as it stands, or None."""
    if refusal := voting_rules.seal_refusal(voting.seal_facts(poll, now=db_now())):
        return refusal
    if find_window(consultation, poll) != Window(opens_at=poll.opens_at, ends_at=poll.ends_at):
        return DATES_MOVED
    proposals = list_proposals(consultation)
    options = {
        option.subject_id: option
        for option in voting.list_options(poll)
        if option.subject_id is not None
    }
    for proposal in proposals:
        option = options.get(proposal.id)
        if option is not None and _copy(proposal) != (option.title, option.text, option.cost):
            return OPTION_CHANGED.with_values(number=proposal.number)
    if options.keys() - {proposal.id for proposal in proposals}:
        gone = min(options.keys() - {proposal.id for proposal in proposals})
        number = db.session.get_one(Proposal, gone).number
        return NOT_A_CANDIDATE.with_values(number=number)
    if not options:
        return None  # the vote is about something else
    undecided = [
        str(proposal.number)
        for proposal in proposals
        if proposal.id not in options and proposal.state != State.NOT_ADMITTED
    ]
    return UNDECIDED.with_values(numbers=", ".join(undecided)) if undecided else None


def _option(no: int, proposal: Proposal) -> OptionDraft:
    title, text, cost = _copy(proposal)
    return OptionDraft(
        no=no, title=title, text=text, cost=cost, subject_kind=KIND, subject_id=proposal.id
    )


def _copy(proposal: Proposal) -> tuple[str, str, int | None]:
    """Return what the ballot keeps of a proposal."""
    return proposal.title, prose.excerpt(proposal.reason, LONGEST_TEXT), proposal.cost


SEALING = ApprovalAct(
    key=acts.SEAL,
    label=N_("Zapieczętowanie karty do głosowania"),
    describe=acts.describe_sealing,
    payload=acts.sealing_payload,
    perform=_seal,
    needs_fresh=True,
)
