"""A vote done again: a new poll that names the one it repeats, with the same things to choose."""

from __future__ import annotations

from collections.abc import Set
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.exc import IntegrityError

from deliberate.audit import entries
from deliberate.kernel import clock
from deliberate.kernel.actor import Actor
from deliberate.kernel.db import db
from deliberate.kernel.refusals import Refused
from deliberate.kernel.tables import Base
from deliberate.subjects import gate
from deliberate.subjects.activities import Activity
from deliberate.subjects.gate import Gate
from deliberate.tenancy.models import Municipality
from deliberate.voting import course_rules, keys, queries
from deliberate.voting.actions import enrolling
from deliberate.voting.actions.preparing import AT_ONCE
from deliberate.voting.clock import db_now
from deliberate.voting.models import Option, Poll, Section
from deliberate.voting.states import PollState

DAYS_TO_RESULT = timedelta(days=7)
# What a repeat has of its own; all else it takes over, and nobody has sealed it yet.
OWN = frozenset(
    {
        "id",
        "repeat_no",
        "repeats_id",
        "state",
        "stop_reason",
        "result_due",
        "randomness_source",
        "randomness_shape",
        "randomness_at",
        "seed",
        "signing_key",
        "rules",
        "rules_hash",
        "opens_at",
        "ends_at",
        "sealed_at",
        "counted_at",
        "published_at",
    }
)


def begin(tenant: Municipality, poll_id: int, *, actor: Actor) -> Poll:
    """Draft the repeat of a vote that was called off or declared void; whoever voted votes again.

    Its dates are those of the consultation's phase of voting that is still to come.
    """
    former = queries.get_poll(tenant.id, poll_id)
    queries.lock(former)
    now = db_now()
    if queries.find_poll(tenant.id, former.consultation_id) is not former:
        raise Refused(course_rules.NOTHING_TO_REPEAT)
    opens_at = _gate(former, now=now).opens_at
    if refusal := course_rules.repeat_refusal(PollState(former.state), opens_at=opens_at, now=now):
        raise Refused(refusal)
    ends_at = _gate(former, now=opens_at).ends_at if opens_at is not None else None
    if opens_at is None or ends_at is None:
        raise Refused(course_rules.NO_LATER_PHASE)
    poll = Poll(
        **_values(former, besides=OWN),
        repeat_no=former.repeat_no + 1,
        repeats_id=former.id,
        signing_key=keys.signing_key(tenant.id),
        opens_at=opens_at,
        ends_at=ends_at,
        result_due=clock.last_day(ends_at) + DAYS_TO_RESULT,
    )
    try:
        with db.session.begin_nested():
            db.session.add(poll)
    except IntegrityError as error:  # another tab, a moment ago
        raise Refused(AT_ONCE) from error
    _copy(former, poll)
    entries.record(
        "poll.repeated",
        f"poll:{poll.id}",
        actor=actor,
        at=now,
        tenant_id=tenant.id,
        repeats=former.id,
    )
    return poll


def _gate(poll: Poll, *, now: datetime) -> Gate:
    return gate.gate(poll.tenant_id, poll.consultation_id, Activity.VOTE, now=now)


def _copy(former: Poll, poll: Poll) -> None:
    for rows in (queries.list_sections(former), queries.list_options(former)):
        for row in rows:
            db.session.add(_again(row, poll))
        db.session.flush()
    enrolling.copy(former, poll)


def _again(row: Section | Option, poll: Poll) -> Section | Option:
    return type(row)(**_values(row, besides={"poll_id"}), poll_id=poll.id)


def _values(row: Base, *, besides: Set[str]) -> dict[str, Any]:
    columns = [column.key for column in inspect(type(row)).column_attrs]
    return {name: getattr(row, name) for name in columns if name not in besides}
