"""The course of a vote as the office sees it: what stands, what waits, what may be done next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from deliberate.approvals import queries as approvals
from deliberate.approvals.models import Approval
from deliberate.kernel.db import db
from deliberate.kernel.refusals import Refusal
from deliberate.voting import course_rules, queries
from deliberate.voting.actions import stopping
from deliberate.voting.models import Pause, Poll, PollStep, SeedTyping
from deliberate.voting.states import PollState


@dataclass(frozen=True, slots=True, kw_only=True)
class Lots:
    """How far the drawn value is: who typed, never what."""

    refusal: Refusal | None  # why nobody may type now
    has_typed: bool  # the one who looks
    typed: int  # by how many persons
    differ: bool  # two have typed, and not the same
    seed: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """One vote on its way."""

    state: PollState
    ends_at: datetime
    pauses: Sequence[Pause]
    lots: Lots | None  # None: the rules know no lots
    steps: Sequence[PollStep]
    asked: Approval | None  # that it be called off, or declared void
    may_cancel: bool
    may_annul: bool
    may_repeat: bool

    @property
    def pause(self) -> Pause | None:
        """Return the pause that runs."""
        return self.pauses[-1] if self.state is PollState.PAUSED else None

    @property
    def lapses_at(self) -> datetime | None:
        """Return when that pause lifts itself; None: a second person has confirmed it."""
        row = self.pause
        if row is None or row.confirmed_by is not None:
            return None
        return course_rules.lapses_at(row.paused_at)


def gather(poll: Poll, *, person_id: int | None, now: datetime) -> Course:
    """Read a vote's course for one person of the office."""
    state, (_, ends_at) = queries.present_state(poll, now=now), queries.course(poll, now=now)
    act = stopping.ANNUL if state in course_rules.ANNULLABLE else stopping.CANCEL
    return Course(
        state=state,
        ends_at=ends_at,
        pauses=queries.list_pauses(poll),
        lots=_lots(poll, person_id, now) if poll.randomness_source else None,
        steps=list_steps(poll),
        asked=approvals.find_open(poll.tenant_id, act, stopping.KIND, poll.id),
        may_cancel=course_rules.cancel_refusal(state) is None,
        may_annul=course_rules.annul_refusal(state) is None,
        may_repeat=state in course_rules.REPEATABLE,
    )


def list_steps(poll: Poll) -> Sequence[PollStep]:
    """Return what was done after the count, in order."""
    return db.session.scalars(
        select(PollStep)
        .where(PollStep.poll_id == poll.id)
        .order_by(PollStep.done_at, PollStep.step)
    ).all()


def list_typings(poll: Poll) -> Sequence[SeedTyping]:
    return db.session.scalars(
        select(SeedTyping).where(SeedTyping.poll_id == poll.id).order_by(SeedTyping.typed_at)
    ).all()


def _lots(poll: Poll, person_id: int | None, now: datetime) -> Lots:
    typed = list_typings(poll)
    return Lots(
        refusal=course_rules.lots_refusal(queries.lots_facts(poll, now=now)),
        has_typed=any(row.person_id == person_id for row in typed),
        typed=len(typed),
        differ=poll.seed is None and len(typed) > 1,
        seed=poll.seed,
    )
