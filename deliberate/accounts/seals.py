"""Secrets that the program must read again, sealed: a copy of the database alone opens none.

The key is derived from SECRET_KEY for this purpose only. What was sealed under a former key still
opens (SECRET_KEY_FALLBACKS); what is written is sealed under the present one.
"""

from __future__ import annotations

import base64
import binascii
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app

PURPOSE = b"deliberate: second factor, 1"
NONCE = 12  # bytes, random for each sealing


class Unreadable(Exception):
    """No key that we have opens this: it is another's, was changed, or the key is gone."""


def seal(text: str, *, owner: str) -> str:
    """Seal a text for ``owner``: moved to another row, it does not open."""
    nonce = secrets.token_bytes(NONCE)
    sealed = _ciphers()[0].encrypt(nonce, text.encode(), owner.encode())
    return base64.urlsafe_b64encode(nonce + sealed).decode()


def unseal(sealed: str, *, owner: str) -> str:
    """Return what was sealed for ``owner``; raise Unreadable."""
    try:
        whole = base64.urlsafe_b64decode(sealed)
    except (ValueError, binascii.Error) as error:
        raise Unreadable from error
    for cipher in _ciphers():
        try:
            return cipher.decrypt(whole[:NONCE], whole[NONCE:], owner.encode()).decode()
        except (InvalidTag, ValueError):
            continue
    raise Unreadable


def _ciphers() -> list[AESGCM]:
    config = current_app.config
    keys: list[str] = [config["SECRET_KEY"], *config["SECRET_KEY_FALLBACKS"]]
    return [AESGCM(_derived(key)) for key in keys]


def _derived(key: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(key.encode())
