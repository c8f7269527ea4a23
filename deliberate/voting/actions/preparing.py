"""The ballot before the vote: drafted by whoever wants it, sealed by two, its end moved away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from deliberate.accounts.standing import Needs
from deliberate.algorithms.counting import METHODS
from deliberate.audit import entries
from deliberate.kernel.actor import Actor
from deliberate.kernel.db import db, touch
from deliberate.kernel.refusals import Refusal, Refused
from deliberate.kernel.texts import N_
from deliberate.tenancy.models import Municipality
from deliberate.voting import canonical, keys, notices, queries, rules
from deliberate.voting.clock import db_now
from deliberate.voting.models import Option, Poll, Section
from deliberate.voting.states import Effect, PollState

METHOD = "approval"
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
    subject_kind: str
    subject_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PollDraft:
    """A whole ballot of one section, as whoever wants the vote describes it."""

    consultation_id: int
    title: str
    section_title: str
    needs: Needs
    effect: Effect
    decided_by: str
    decision_due: date | None
    result_due: date
    opens_at: datetime
    ends_at: datetime
    order_seed: str
    least: int
    most: int
    options: Sequence[OptionDraft]


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
    *,
    opens_at: datetime,
    ends_at: datetime,
    actor: Actor,
) -> None:
    """Move the end of a sealed vote away together with its phase; nothing else of it moves."""
    poll = queries.find_poll(tenant_id, consultation_id)
    if poll is None or poll.state == PollState.DRAFT:
        return  # a draft takes its dates when it is saved, and is not sealed with other ones
    if opens_at != poll.opens_at:
        raise Refused(rules.NOT_DRAFT)
    if ends_at != poll.ends_at:
        _extend(poll, ends_at, actor=actor)


def _extend(poll: Poll, ends_at: datetime, *, actor: Actor) -> None:
    queries.lock(poll)
    now, former = db_now(), poll.ends_at
    state = PollState(poll.state)
    if refusal := rules.extension_refusal(state, ends_at=former, wanted=ends_at, now=now):
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
        method=METHOD,
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


def _fill(poll: Poll, draft: PollDraft) -> None:
    db.session.execute(delete(Option).where(Option.poll_id == poll.id))
    db.session.execute(delete(Section).where(Section.poll_id == poll.id))
    section = Section(
        tenant_id=poll.tenant_id,
        poll_id=poll.id,
        no=1,
        title=draft.section_title,
        kind=METHODS[poll.method].ballots,
        least=draft.least,
        most=draft.most,
    )
    db.session.add(section)
    db.session.flush()
    db.session.add_all(
        Option(
            tenant_id=poll.tenant_id,
            poll_id=poll.id,
            section_no=section.no,
            no=option.no,
            title=option.title,
            text=option.text,
            cost=option.cost,
            subject_kind=option.subject_kind,
            subject_id=option.subject_id,
        )
        for option in draft.options
    )
    db.session.flush()
