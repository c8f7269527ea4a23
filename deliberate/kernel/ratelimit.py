"""Limits: how often something may be tried, counted in the database.

Two buckets are never joined into one key: an account is limited for itself and an address for
itself, so that two hundred people in one library can sign in. Writes fail closed: if the count
cannot be stored, the act is not done.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address

from flask import current_app, request
from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from deliberate.kernel import clock, ids
from deliberate.kernel.db import db
from deliberate.kernel.models import Attempt


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """At most ``most`` in ``per``; windows begin at whole multiples of ``per``."""

    bucket: str
    most: int
    per: timedelta

    def window(self, now: datetime) -> datetime:
        seconds = int(self.per.total_seconds())
        start = int(now.timestamp()) // seconds * seconds
        return datetime.fromtimestamp(start, tz=now.tzinfo)


class TooMany(Exception):
    """The limit is used up; ``retry_at`` is when the next window begins."""

    def __init__(self, limit: Limit, retry_at: datetime) -> None:
        super().__init__(limit.bucket)
        self.retry_at = retry_at


def count(limit: Limit, key: str) -> None:
    """Count one attempt. Needs an open transaction."""
    insert = (sqlite if db.engine.dialect.name == "sqlite" else postgresql).insert(Attempt)
    row = insert.values(
        bucket=limit.bucket,
        key_hash=_hashed(key),
        window_start=limit.window(clock.now()),
        n=1,
    )
    db.session.execute(
        row.on_conflict_do_update(
            index_elements=["bucket", "key_hash", "window_start"], set_={"n": Attempt.n + 1}
        )
    )


def check(limit: Limit, key: str) -> None:
    """Raise TooMany when the limit is used up for ``key``; counts nothing."""
    if used(limit, key) >= limit.most:
        raise TooMany(limit, limit.window(clock.now()) + limit.per)


def used(limit: Limit, key: str) -> int:
    """Return how often ``key`` was counted in the present window."""
    found = db.session.scalar(
        select(Attempt.n).where(
            Attempt.bucket == limit.bucket,
            Attempt.key_hash == _hashed(key),
            Attempt.window_start == limit.window(clock.now()),
        )
    )
    return found or 0


def forget_old(now: datetime) -> int:
    """Remove windows older than a day. Returns how many."""
    old = delete(Attempt).where(Attempt.window_start < now - timedelta(days=1))
    return db.session.execute(old).rowcount  # type: ignore[attr-defined, no-any-return]


def address() -> str:
    """Return the network the request came from: the address, or an IPv6 neighbourhood (/64)."""
    text = request.remote_addr or "unknown"
    try:
        parsed = ip_address(text)
    except ValueError:
        return text
    if isinstance(parsed, IPv6Address):
        return f"{IPv6Address(int(parsed) >> 64 << 64)}/64"
    return text


def _hashed(key: str) -> str:
    return ids.keyed_hash(current_app.config["SECRET_KEY"].encode(), "attempt", key)
