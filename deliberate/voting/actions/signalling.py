"""What is kept of a vote until the count, so that suspicions can be looked into after the end."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime

from deliberate.kernel.db import db
from deliberate.voting.models import Poll, VoteSignal
from deliberate.voting.states import SignalKind


def note(poll: Poll, person_key: str, values: Mapping[SignalKind, str], *, now: datetime) -> None:
    """Keep the hashes of what a vote may share with others, and its hour."""
    db.session.add_all(
        VoteSignal(
            id=secrets.token_hex(16),
            tenant_id=poll.tenant_id,
            poll_id=poll.id,
            person_key=person_key,
            kind=kind,
            value_hash=value,
            hour=hour_of(now),
        )
        for kind, value in values.items()
    )


def hour_of(now: datetime) -> datetime:
    """Return the hour of a moment: minutes would order those who vote."""
    return now.replace(minute=0, second=0, microsecond=0)
