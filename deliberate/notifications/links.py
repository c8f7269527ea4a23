"""Links in letters: whole addresses (``absolute``, of tenancy), and the way out of letters."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

from deliberate.kernel.db import db
from deliberate.kernel.models import Outbox
from deliberate.notifications.notices import TO_MANY
from deliberate.tenancy.links import absolute
from deliberate.tenancy.models import Municipality

__all__ = ["Stop", "absolute", "read_stop", "stop_link", "way_out"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """What a link to stop letters may do: switch off this kind for this person, nothing else."""

    person_id: int
    kind: str


def stop_link(tenant: Municipality, person_id: int, kind: str) -> str:
    """Return the address of "Nie chcę takich listów" for one person and one kind."""
    token = _signer().dumps([tenant.id, person_id, kind])
    return absolute(tenant, "notifications.stop", token=token)


def way_out(letter: Outbox) -> str | None:
    """Return the same address for the headers of a letter to many; None for a personal one."""
    if letter.kind not in TO_MANY or letter.tenant_id is None or letter.person_id is None:
        return None
    return stop_link(
        db.session.get_one(Municipality, letter.tenant_id), letter.person_id, letter.kind
    )


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
