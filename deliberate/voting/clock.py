"""The one clock of a vote: the database's, which all servers share."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import func, select

from deliberate.kernel import clock
from deliberate.kernel.db import db, fetch_rows

SQLITE = select(func.strftime("%Y-%m-%d %H:%M:%f", "now").label("now"))
# now() would be when the transaction began: before it waited for the poll's lock.
POSTGRESQL = select(func.clock_timestamp().label("now"))


def db_now() -> datetime:
    """Return the moment at which the statement runs, also late in a long transaction.

    Inside ``clock.at``, which no request is, it is that moment: the demo has a vote in its past.
    """
    if (set_to := clock.set_moment()) is not None:
        return set_to
    if db.engine.dialect.name == "sqlite":
        return datetime.fromisoformat(fetch_rows(SQLITE)[0].now).replace(tzinfo=UTC)
    moment: datetime = fetch_rows(POSTGRESQL)[0].now
    return moment.astimezone(UTC)
