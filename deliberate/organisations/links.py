"""Invitations to speak for an organisation: signed, for one address; no row is kept of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

from deliberate.accounts.rules import fold_email
from deliberate.organisations.models import Organisation


@dataclass(frozen=True, slots=True, kw_only=True)
class Joining:
    """Who is invited, as what, and since when."""

    email_folded: str
    function: str
    invited_at: datetime


def sign(organisation: Organisation, email: str, function: str, *, now: datetime) -> str:
    return _signer().dumps([organisation.id, fold_email(email), function, now.timestamp()])


def read(organisation: Organisation, token: str) -> Joining | None:
    """Return the invitation, however old; None if it is not ours or another organisation's."""
    try:
        organisation_id, email, function, moment = _signer().loads(token)
    except (BadSignature, ValueError):
        return None
    if organisation_id != organisation.id:
        return None
    invited_at = datetime.fromtimestamp(moment, UTC)
    return Joining(email_folded=email, function=function, invited_at=invited_at)


def _signer() -> URLSafeSerializer:
    keys = [*current_app.config["SECRET_KEY_FALLBACKS"], current_app.config["SECRET_KEY"]]
    return URLSafeSerializer(keys, salt="deliberate.organisations.join")
