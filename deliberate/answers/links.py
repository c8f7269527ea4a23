"""The address at which somebody reads the answer to their own thing, without signing in.

Signed, so that nobody can make one, and with a day after which it opens nothing; the answer itself
stays on the page for everybody. Nothing is stored of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

from deliberate.kernel import clock
from deliberate.tenancy.links import absolute
from deliberate.tenancy.models import Municipality

VALID = timedelta(days=365)


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """What an address is for: one thing, to be read until a day."""

    kind: str
    subject_id: int
    until: date

    @property
    def is_over(self) -> bool:
        return clock.local(clock.now()).date() > self.until


def own_link(tenant: Municipality, kind: str, subject_id: int) -> str:
    """Return the address for whoever sent the thing."""
    until = clock.local(clock.now()).date() + VALID
    token = _signer().dumps([tenant.id, kind, subject_id, until.isoformat()])
    return absolute(tenant, "answers.own", token=token)


def read_own(tenant: Municipality, token: str) -> Own | None:
    """Return what a token is for; None if it is not ours or another municipality's."""
    try:
        tenant_id, kind, subject_id, until = _signer().loads(token)
    except (BadSignature, ValueError):
        return None
    if tenant_id != tenant.id:
        return None
    return Own(kind=kind, subject_id=subject_id, until=date.fromisoformat(until))


def _signer() -> URLSafeSerializer:
    keys = [*current_app.config["SECRET_KEY_FALLBACKS"], current_app.config["SECRET_KEY"]]
    return URLSafeSerializer(keys, salt="deliberate.answers.own")
