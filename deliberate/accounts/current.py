"""Who makes the request: loaded once, before the view, as a person and as an actor."""

from __future__ import annotations

from functools import cache

from flask import Flask, abort, g, request
from flask import session as cookie
from flask_login import LoginManager
from sqlalchemy import Select, bindparam, or_, select

from deliberate.accounts import sessions
from deliberate.accounts.models import Membership, Person, SignInSession
from deliberate.kernel import clock
from deliberate.kernel.actor import NOBODY, Actor, Grant, Role
from deliberate.kernel.db import db
from deliberate.tenancy.current import find_tenant


def current_person() -> Person | None:
    """Return who is signed in, or None."""
    person: Person | None = g.get("person")
    return person


def get_person() -> Person:
    """Return who is signed in; 401 otherwise."""
    return current_person() or abort(401)


def current_memberships() -> list[Membership]:
    """Return the live memberships of the signed-in person here, oldest first."""
    memberships: list[Membership] = g.get("memberships", [])
    return memberships


def current_session() -> SignInSession | None:
    row: SignInSession | None = g.get("sign_in_session")
    return row


def install(app: Flask) -> None:
    # Flask-Login keeps the fixed place of "who"; our own loader fills it from session rows.
    manager = LoginManager(app)
    manager.session_protection = None
    manager.request_loader(lambda _request: current_person())
    app.before_request(_load)


def _load() -> None:
    g.actor = NOBODY
    if request.endpoint == "static" or not cookie:
        return
    tenant = find_tenant()
    if tenant is None:  # the installation's own pages know nobody, and sign nobody out
        return
    found = sessions.find(tenant.id)
    if found is None:
        cookie.pop(sessions.TOKEN, None)
        return
    row, person, has_role = found
    memberships = list_memberships(person.id, tenant.id) if has_role else []
    now, staff = clock.now(), bool(memberships)
    if sessions.is_idle(now, staff=staff) or (staff and sessions.outlives_staff(row, now)):
        cookie.pop(sessions.TOKEN, None)
        return
    g.sign_in_session, g.person, g.memberships = row, person, memberships
    g.actor = Actor(
        person_id=person.id,
        tenant_id=tenant.id,
        grants=frozenset(Grant(Role(m.role), m.consultation_id) for m in memberships),
        name=person.display_name,
        is_fresh=sessions.is_fresh(row, now),
        has_second_factor=row.second_factor_at is not None,
    )


def list_memberships(person_id: int, tenant_id: int) -> list[Membership]:
    """Return the memberships that hold now, oldest first."""
    wanted = {"tenant_id": tenant_id, "person_id": person_id, "now": clock.now()}
    return list(db.session.scalars(_select_memberships(), wanted))


@cache  # every page of whoever is signed in asks it
def _select_memberships() -> Select[Membership]:
    now = bindparam("now", type_=Membership.starts_at.type)
    return (
        select(Membership)
        .where(
            Membership.tenant_id == bindparam("tenant_id"),
            Membership.person_id == bindparam("person_id"),
            Membership.starts_at <= now,
            or_(Membership.ends_at.is_(None), Membership.ends_at > now),
        )
        .order_by(Membership.id)
    )
