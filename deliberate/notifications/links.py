"""Links in letters: whole addresses (``absolute``, of tenancy), and the way out of letters."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

from deliberate.tenancy.links import absolute
from deliberate.tenancy.models import Municipality

__all__ = ["Stop", "absolute", "read_stop", "stop_link"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """What a link to stop letters may do: switch off this kind for this person, nothing else."""

    person_id: int
    kind: str


def stop_link(tenant: Municipality, person_id: int, kind: str) -> str:
    """Return the address of "Nie chcę takich listów" for one person and one kind."""
    token = _signer().dumps([tenant.id, person_id, kind])
    return absolute(tenant, "notifications.stop", token=token)


def read_stop(tenant: Municipality, token: str) -> Stop | None:
    """Return what the token may switch off; None if it is not ours or another municipality's."""
    try:
        tenant_id, person_id, kind = _signer().loads(token)
    except (BadSignature, ValueError):
        return None
    return Stop(person_id=person_id, kind=kind) if tenant_id == tenant.id else None


def _signer() -> URLSafeSerializer:
    keys = [*current_app.config["SECRET_KEY_FALLBACKS"], current_app.config["SECRET_KEY"]]
    return URLSafeSerializer(keys, salt="deliberate.notifications.stop")
