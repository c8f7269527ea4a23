"""The demonstration's telephones: second factors whose secrets everybody may know.

Only the made-up world has such secrets (cli.demo gives them) and only ``letters`` shows their
codes. Whoever sets a factor of their own there is not listed.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from deliberate.accounts import seals, totp
from deliberate.accounts.actions.second_factor import owner_of
from deliberate.accounts.models import Membership, Person, SecondFactor
from deliberate.kernel.db import db
from deliberate.tenancy.models import Municipality


@dataclass(frozen=True, slots=True, kw_only=True)
class AppCode:
    """What somebody's app would show, and for how many seconds it still opens."""

    name: str
    email: str
    code: str
    seconds: int


def known_secret(email: str) -> str:
    """Return the secret of a person of the demonstration: the same wherever it is played."""
    digest = hashlib.sha256(f"deliberate demo: {email}".encode()).digest()
    return base64.b32encode(digest[:20]).decode()


def list_codes(tenant: Municipality | None, now: datetime) -> list[AppCode]:
    """Return the codes of those who work here (None: anywhere), in the order of their making."""
    works = select(Membership.person_id)
    if tenant is not None:
        works = works.where(Membership.tenant_id == tenant.id)
    rows = db.session.execute(
        select(Person, SecondFactor)
        .join(SecondFactor, SecondFactor.person_id == Person.id)
        .where(Person.id.in_(works))
        .order_by(Person.id)
    )
    return [_code(person, factor, now) for person, factor in rows if _is_known(person, factor)]


def _is_known(person: Person, factor: SecondFactor) -> bool:
    try:
        secret = seals.unseal(factor.secret, owner=owner_of(person.id))
    except seals.Unreadable:
        return False
    return secret == known_secret(person.email or "")


def _code(person: Person, factor: SecondFactor, now: datetime) -> AppCode:
    # The code of this half-minute or, once that was used, the one after, which opens already.
    step = max(totp.step_of(now), factor.last_step + 1)
    opens_until = (step + 1 + totp.SKEW) * totp.SECONDS
    return AppCode(
        name=person.display_name,
        email=person.email or "",
        code=totp.code_at(known_secret(person.email or ""), step),
        seconds=int(opens_until - now.timestamp()),
    )
