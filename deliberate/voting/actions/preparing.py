"""The ballot before the vote: drafted by whoever wants it, sealed by two, its end moved away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import count

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from deliberate.accounts.standing import Needs
from deliberate.algorithms.counting import BallotKind, Terms
from deliberate.audit import entries
from deliberate.kernel.actor import Actor
from deliberate.kernel.db import db, touch
from deliberate.kernel.refusals import Refusal, Refused
from deliberate.kernel.texts import N_
from deliberate.tenancy.models import Municipality
from deliberate.voting import (
    canonical,
    change_rules,
    electorates,
    keys,
    notices,
    queries,
    rules,
    terms,
)
from deliberate.voting.actions import heading
from deliberate.voting.clock import db_now
from deliberate.voting.electorates import ElectorateTerms
from deliberate.voting.models import Option, Poll, Section
from deliberate.voting.states import (
    AgeRule,
    AreaLock,
    Effect,
    Electorate,
    PollState,
    Publication,
)

NOTHING_FOLLOWS = frozenset({PollState.DRAFT, PollState.CANCELLED, PollState.ANNULLED})
AT_ONCE = Refusal(
    "poll.at_once", N_("Ktoś w tej samej chwili zapisał tę kartę. Odśwież stronę i spróbuj znowu.")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionDraft:
    """One thing as it stands now; the ballot keeps these words whatever becomes of it."""

    no: int
    title: str
    text: str
    cost: int | None
    subject_kind: str | None = None
    subject_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionDraft:
    """One part of a ballot: what is chosen from, how, and how it is counted."""

    title: str
    kind: BallotKind
    method: str  # key in algorithms.counting.METHODS
    least: int
    most: int
    options: Sequence[OptionDraft]
    area_id: int | None = None
    lowest: int | None = None
    highest: int | None = None
    points: int | None = None
    each_most: int | None = None
    spend_all: bool = False
    budget: int | None = None
    terms: Terms = field(default_factory=Terms)


@dataclass(frozen=True, slots=True, kw_only=True)
class PollDraft:
    """A whole ballot, as whoever wants the vote describes it."""

    consultation_id: int
    title: str
    needs: Needs
    effect: Effect
    decided_by: str
    decision_due: date | None
    result_due: date
    opens_at: datetime
    ends_at: datetime
    order_seed: str
    sections: Sequence[SectionDraft]
    publication: Publication = Publication.TOTALS
    area_lock: AreaLock = AreaLock.HOME
    areas_most: int = 1
    randomness_source: str = ""
    randomness_shape: str = ""
    randomness_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ElectorateDraft:
    """Who may vote, apart from what is voted on: each is changed by itself."""

    electorate: Electorate
    persons_a_contact: int
    places: str = ""
    age_rule: AgeRule
    age: int | None
    revote: bool = False


def let_vote(tenant: Municipality, poll_id: int, draft: ElectorateDraft) -> None:
    """Say who may vote; refused once the ballot is sealed."""
    poll = queries.get_poll(tenant.id, poll_id)
    queries.lock(poll)
    if poll.state != PollState.DRAFT:
        raise Refused(rules.NOT_DRAFT)
    if draft.revote and (
        refusal := change_rules.offer_refusal(
            draft.electorate, persons_a_contact=draft.persons_a_contact
        )
    ):
        raise Refused(refusal)
    former = electorates.read(poll.electorate_terms)
    kept = former if draft.electorate is Electorate.LISTED else ElectorateTerms()
    poll.electorate, poll.revote = draft.electorate, draft.revote
    poll.age_rule, poll.age = draft.age_rule, draft.age
    poll.electorate_terms = electorates.write(
        replace(kept, persons_a_contact=draft.persons_a_contact, places=draft.places)
    )
    db.session.flush()


def publish_as(tenant: Municipality, poll_id: int, publication: Publication) -> None:
    """Say what comes out after the count; refused once the ballot is sealed."""
    poll = queries.get_poll(tenant.id, poll_id)
    queries.lock(poll)
    if poll.state != PollState.DRAFT:
        raise Refused(rules.NOT_DRAFT)
    poll.publication = publication
    db.session.flush()


def list_drafts(poll: Poll) -> list[SectionDraft]:
    """Return the sections as they are drafted, so that one can be put in another's place."""
    options = queries.list_options(poll)
    return [
        SectionDraft(
            title=row.title,
            kind=BallotKind(row.kind),
            method=row.method,
            least=row.least,
            most=row.most,
            options=[_copy(option) for option in options if option.section_no == row.no],
            area_id=row.area_id,
            lowest=row.lowest,
            highest=row.highest,
            points=row.points,
            each_most=row.each_most,
            spend_all=row.spend_all,
            budget=row.budget,
            terms=replace(terms.read(row, seed=None, options=()), scale=Terms().scale),
        )
        for row in queries.list_sections(poll)
    ]


def numbered(sections: Sequence[SectionDraft]) -> list[SectionDraft]:
    """Number the options from 1 over the whole ballot: a number means one thing on all of it."""
    numbers = count(1)
    return [
        replace(section, options=[replace(each, no=next(numbers)) for each in section.options])
        for section in sections
    ]


def _copy(option: Option) -> OptionDraft:
    return OptionDraft(
        no=option.no,
        title=option.title,
        text=option.text,
        cost=option.cost,
        subject_kind=option.subject_kind,
        subject_id=option.subject_id,
    )


def prepare(tenant: Municipality, draft: PollDraft) -> Poll:
    """Keep the draft in place of what was drafted before; refused once it is sealed."""
    poll = queries.find_poll(tenant.id, draft.consultation_id)
    if poll is None:
        poll = _begin(tenant, draft)
    queries.lock(poll)
    if poll.state != PollState.DRAFT:
        raise Refused(rules.NOT_DRAFT)
    _describe(poll, draft)
    _fill(poll, draft)
    return poll


def seal(tenant: Municipality, poll_id: int, *, actor: Actor) -> Poll:
    """Freeze the rules under their hash. A trigger looks for the second person's approval."""
    poll = queries.get_poll(tenant.id, poll_id)
    queries.lock(poll)
    now = db_now()
    if refusal := rules.seal_refusal(queries.seal_facts(poll, now=now)):
        raise Refused(refusal)
    keys.make(tenant.id, poll.id, is_first=queries.count_uncounted(tenant.id) == 0)
    poll.rules = queries.rules_text(poll)
    poll.rules_hash = canonical.digest(poll.rules)
    poll.state, poll.sealed_at = PollState.SEALED, now
    db.session.flush()
    touch(tenant.id)
    notices.plan_letters(poll, now=now)
    heading.plan_daily(poll, now=now)
    entries.record(
        "poll.sealed",
        f"poll:{poll.id}",
        actor=actor,
        at=now,
        tenant_id=tenant.id,
        rules_hash=poll.rules_hash,
    )
    return poll


def follow_phase(
    tenant_id: int,
    consultation_id: int,
    phases: Sequence[tuple[datetime, datetime]],
    *,
    actor: Actor,
) -> None:
    """Move the end of a sealed vote away together with its phases; nothing else of it moves.

    phases: beginning and end of each that opens the vote; those before a repeat were another
    vote's. An end that only pauses have moved beyond its phase stays there.
    """
    poll = queries.find_poll(tenant_id, consultation_id)
    if poll is None or poll.state in NOTHING_FOLLOWS:
        return  # a draft takes its dates when it is saved, and is not sealed with other ones
    own = [phase for phase in phases if not poll.repeat_no or phase[0] >= poll.opens_at]
    if not own or min(start for start, _ in own) != poll.opens_at:
        raise Refused(rules.NOT_DRAFT)
    ends_at = max(end for _, end in own)
    if not poll.ends_at - queries.paused_for(poll) <= ends_at <= poll.ends_at:
        _extend(poll, ends_at, actor=actor)


def _extend(poll: Poll, ends_at: datetime, *, actor: Actor) -> None:
    queries.lock(poll)
    now, former = db_now(), poll.ends_at
    state = PollState(poll.state)
    if refusal := rules.extension_refusal(
        state, ends_at=former, wanted=ends_at, now=now, drawn_at=queries.drawn_at(poll)
    ):
        raise Refused(refusal)
    poll.ends_at = ends_at
    touch(poll.tenant_id)
    notices.plan_reminder(poll, now=now)
    entries.record(
        "poll.extended",
        f"poll:{poll.id}",
        actor=actor,
        at=now,
        tenant_id=poll.tenant_id,
        old=former,
        new=ends_at,
    )


def _begin(tenant: Municipality, draft: PollDraft) -> Poll:
    poll = Poll(
        tenant_id=tenant.id,
        subject_kind=queries.CONSULTATION,
        subject_id=draft.consultation_id,
        consultation_id=draft.consultation_id,
        order_seed=draft.order_seed,
    )
    _describe(poll, draft)
    try:
        with db.session.begin_nested():
            db.session.add(poll)
    except IntegrityError as error:  # another tab, a moment ago
        raise Refused(AT_ONCE) from error
    return poll


def _describe(poll: Poll, draft: PollDraft) -> None:
    poll.title = draft.title
    poll.needs = draft.needs
    poll.effect = draft.effect
    poll.decided_by, poll.decision_due = draft.decided_by, draft.decision_due
    poll.result_due = draft.result_due
    poll.opens_at, poll.ends_at = draft.opens_at, draft.ends_at
    poll.publication = draft.publication
    poll.area_lock, poll.areas_most = draft.area_lock, draft.areas_most
    poll.randomness_source = draft.randomness_source
    poll.randomness_shape = draft.randomness_shape
    poll.randomness_at = draft.randomness_at
    poll.signing_key = keys.signing_key(poll.tenant_id)


def _fill(poll: Poll, draft: PollDraft) -> None:
    db.session.execute(delete(Option).where(Option.poll_id == poll.id))
    db.session.execute(delete(Section).where(Section.poll_id == poll.id))
    for no, section in enumerate(draft.sections, start=1):
        db.session.add(_section(poll, no, section))
        db.session.flush()
        db.session.add_all(_option(poll, no, option) for option in section.options)
    db.session.flush()


def _section(poll: Poll, no: int, draft: SectionDraft) -> Section:
    return Section(
        tenant_id=poll.tenant_id,
        poll_id=poll.id,
        no=no,
        title=draft.title,
        area_id=draft.area_id,
        kind=draft.kind,
        method=draft.method,
        least=draft.least,
        most=draft.most,
        lowest=draft.lowest,
        highest=draft.highest,
        points=draft.points,
        each_most=draft.each_most,
        spend_all=draft.spend_all,
        budget=draft.budget,
        terms=terms.write(draft.terms),
    )


def _option(poll: Poll, section_no: int, draft: OptionDraft) -> Option:
    return Option(
        tenant_id=poll.tenant_id,
        poll_id=poll.id,
        section_no=section_no,
        no=draft.no,
        title=draft.title,
        text=draft.text,
        cost=draft.cost,
        subject_kind=draft.subject_kind,
        subject_id=draft.subject_id,
    )
