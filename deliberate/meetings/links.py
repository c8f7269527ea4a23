"""The address of one sign-up: whoever holds it may confirm and withdraw it, nothing else.

It is signed, not stored, so that every later letter – a reminder, a change – can say it again.
"""

from __future__ import annotations

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

from deliberate.meetings.models import SignUp
from deliberate.tenancy.links import absolute
from deliberate.tenancy.models import Municipality


def token_of(sign_up: SignUp) -> str:
    return _signer().dumps([sign_up.tenant_id, sign_up.id])


def address_of(tenant: Municipality, sign_up: SignUp) -> str:
    return absolute(tenant, "meetings.mine", token=token_of(sign_up))


def read(tenant: Municipality, token: str) -> int | None:
    """Return the sign-up's id; None if the link is not ours or another municipality's."""
    try:
        tenant_id, sign_up_id = _signer().loads(token)
    except (BadSignature, ValueError):
        return None
    return int(sign_up_id) if tenant_id == tenant.id else None


def _signer() -> URLSafeSerializer:
    keys = [*current_app.config["SECRET_KEY_FALLBACKS"], current_app.config["SECRET_KEY"]]
    return URLSafeSerializer(keys, salt="deliberate.meetings.sign_up")
