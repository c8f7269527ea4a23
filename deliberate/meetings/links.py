"""The address of one sign-up: whoever holds it may confirm and withdraw it, nothing else.

It is signed, not stored, so that every later letter – a reminder, a change – can say it again.
The moment of asking is part of it: an id may come again once its row is removed.
"""

from __future__ import annotations

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

from deliberate.meetings import sign_ups
from deliberate.meetings.models import SignUp
from deliberate.tenancy.links import absolute
from deliberate.tenancy.models import Municipality


def token_of(sign_up: SignUp) -> str:
    return _signer().dumps([sign_up.tenant_id, sign_up.id, _asked(sign_up)])


def address_of(tenant: Municipality, sign_up: SignUp) -> str:
    return absolute(tenant, "meetings.mine", token=token_of(sign_up))


def find(tenant: Municipality, token: str) -> SignUp | None:
    """Return what the link names; None if it is not ours, another municipality's, or gone."""
    try:
        tenant_id, sign_up_id, asked = _signer().loads(token)
    except (BadSignature, ValueError):
        return None
    if tenant_id != tenant.id:
        return None
    found = sign_ups.find_sign_up(tenant.id, sign_up_id)
    return found if found is not None and _asked(found) == asked else None


def _asked(sign_up: SignUp) -> int:
    return int(sign_up.asked_at.timestamp())


def _signer() -> URLSafeSerializer:
    keys = [*current_app.config["SECRET_KEY_FALLBACKS"], current_app.config["SECRET_KEY"]]
    return URLSafeSerializer(keys, salt="deliberate.meetings.sign_up")
