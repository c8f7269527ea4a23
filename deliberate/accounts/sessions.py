"""Sessions are rows: whoever holds the cookie is signed in until the row ends.

The cookie carries the row's token, signed, and a stamp of when it was last used: idle time is
checked without writing on every page. Actions here never commit.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache

from flask import session as cookie
from sqlalchemy import Select, bindparam, exists, or_, select, update

from deliberate.accounts.models import Membership, Person, SecondFactor, SignInSession
from deliberate.kernel import clock, ids
from deliberate.kernel.db import db

TOKEN, SEEN = "s", "t"  # keys in the cookie
RESIDENT_IDLE, RESIDENT_LONGEST = timedelta(hours=12), timedelta(days=30)
STAFF_IDLE, STAFF_LONGEST = timedelta(minutes=30), timedelta(hours=12)
FRESH = timedelta(minutes=5)
KEPT_AFTER_END = timedelta(days=30)
STAMP_EVERY = timedelta(minutes=1)  # the cookie is renewed no more often


def begin(
    person: Person,
    tenant_id: int | None,
    *,
    staff: bool,
    browser: str,
    second_factor: bool = False,
) -> str:
    """Start a session in the caller's transaction; returns the token for ``remember``.

    ``second_factor``: it was proven a moment ago, beside the first.
    """
    now, token = clock.now(), ids.new_token()
    db.session.add(
        SignInSession(
            token_hash=ids.token_hash(token),
            person_id=person.id,
            tenant_id=tenant_id,
            browser=browser,
            created_at=now,
            expires_at=now + (STAFF_LONGEST if staff else RESIDENT_LONGEST),
            fresh_until=now + FRESH,
            second_factor_at=now if second_factor else None,
        )
    )
    return token


def remember(token: str) -> None:
    """Put the token into a new cookie: what an earlier session left there goes."""
    cookie.clear()
    cookie[TOKEN] = token
    cookie[SEEN] = int(clock.now().timestamp())
    cookie.permanent = True


def find(tenant_id: int) -> tuple[SignInSession, Person, bool] | None:
    """Return the live session of this request here and its person, in one query; or None.

    Third: whether the person has, had or will have a role here; most have none to be read.

    Where the person has a second factor, a session that has not proved this very one is none.
    """
    token = cookie.get(TOKEN)
    if not isinstance(token, str):
        return None
    wanted = {"token_hash": ids.token_hash(token), "now": clock.now(), "tenant_id": tenant_id}
    row = db.session.execute(_select_live(), wanted).first()
    return (row[0], row[1], row[2]) if row is not None else None


@cache  # every page of whoever is signed in asks it
def _select_live() -> Select[SignInSession, Person, bool]:
    has_role = exists().where(
        Membership.person_id == Person.id, Membership.tenant_id == SignInSession.tenant_id
    )
    return (
        select(SignInSession, Person, has_role)
        .join(Person, Person.id == SignInSession.person_id)
        .outerjoin(SecondFactor, SecondFactor.person_id == SignInSession.person_id)
        .where(
            SignInSession.token_hash == bindparam("token_hash"),
            SignInSession.ended_at.is_(None),
            SignInSession.expires_at > bindparam("now", type_=SignInSession.expires_at.type),
            SignInSession.tenant_id == bindparam("tenant_id"),
            Person.closed_at.is_(None),
            or_(
                SecondFactor.person_id.is_(None),
                SignInSession.second_factor_at >= SecondFactor.confirmed_at,
            ),
        )
    )


def is_idle(now: datetime, *, staff: bool) -> bool:
    """Tell whether the cookie's stamp is too old; renew it when it is not."""
    try:
        seen = datetime.fromtimestamp(int(cookie.get(SEEN, 0)), tz=now.tzinfo)
    except (TypeError, ValueError, OverflowError):
        return True
    if now - seen > (STAFF_IDLE if staff else RESIDENT_IDLE):
        return True
    if now - seen > STAMP_EVERY:
        cookie[SEEN] = int(now.timestamp())
    return False


def outlives_staff(row: SignInSession, now: datetime) -> bool:
    """Tell whether a session is too old for somebody with a role, given before or since."""
    return now - row.created_at > STAFF_LONGEST


def is_fresh(row: SignInSession | None, now: datetime) -> bool:
    """Tell whether the person proved a moment ago who they are: needed to take an account over."""
    return row is not None and now < row.fresh_until


def end(token_hash: str) -> None:
    """End one session."""
    db.session.execute(
        update(SignInSession)
        .where(SignInSession.token_hash == token_hash, SignInSession.ended_at.is_(None))
        .values(ended_at=clock.now())
    )


def end_all(person_id: int, *, but: str | None = None) -> None:
    """End all sessions of a person; ``but`` is a token hash to keep."""
    kept = SignInSession.token_hash != but if but else SignInSession.token_hash.is_not(None)
    db.session.execute(
        update(SignInSession)
        .where(SignInSession.person_id == person_id, SignInSession.ended_at.is_(None), kept)
        .values(ended_at=clock.now())
    )
