"""Secrets of accounts, sealed under a key that is derived from SECRET_KEY for this purpose only.

What was sealed under a former key still opens (SECRET_KEY_FALLBACKS); what is written is sealed
under the present one.
"""

from __future__ import annotations

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app

from deliberate.kernel import seals
from deliberate.kernel.seals import Unreadable

__all__ = ["Unreadable", "seal", "unseal"]

PURPOSE = b"deliberate: second factor, 1"


def seal(text: str, *, owner: str) -> str:
    """Seal a text for ``owner``: moved to another row, it does not open."""
    return seals.seal(_keys()[0], text, owner=owner)


def unseal(sealed: str, *, owner: str) -> str:
    """Return what was sealed for ``owner``; raise Unreadable."""
    return seals.unseal(_keys(), sealed, owner=owner)


def _keys() -> list[bytes]:
    config = current_app.config
    return [_derived(key) for key in (config["SECRET_KEY"], *config["SECRET_KEY_FALLBACKS"])]


def _derived(key: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(key.encode())
