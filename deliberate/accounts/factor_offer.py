"""A secret that is shown and not yet confirmed: in the browser's cookie, sealed; in no table.

It says which second factor it is to replace, so that of two tabs one sets it and the other is told.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from deliberate.accounts import factor_rules, seals, totp
from deliberate.accounts.models import Person, SecondFactor


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """``replaces``: when the factor that it stands in for was confirmed, "" for none."""

    secret: str
    replaces: str


def new(person: Person, factor: SecondFactor | None, *, now: datetime) -> str:
    """Return a sealed offer for the cookie."""
    said = {"secret": totp.new_secret(), "replaces": mark_of(factor), "at": now.timestamp()}
    return seals.seal(json.dumps(said), owner=_owner(person))


def read(sealed: object, person: Person, *, now: datetime) -> Offer | None:
    """Return what the cookie holds; None for nothing, another person's, or an old one."""
    if not isinstance(sealed, str):
        return None
    try:
        said = json.loads(seals.unseal(sealed, owner=_owner(person)))
    except seals.Unreadable:
        return None
    if now.timestamp() - said["at"] >= factor_rules.SETTING_UP.total_seconds():
        return None
    return Offer(secret=said["secret"], replaces=said["replaces"])


def mark_of(factor: SecondFactor | None) -> str:
    return factor.confirmed_at.isoformat() if factor is not None else ""


def _owner(person: Person) -> str:
    return f"offer:{person.id}"
