"""Texts that the program must read again, sealed under a key: a copy of the database opens none.

AES-256-GCM under a random nonce. Each is sealed for an owner: moved to another row, it does not
open.
"""

from __future__ import annotations

import base64
import binascii
import secrets
from collections.abc import Iterable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE = 12  # bytes


class Unreadable(Exception):
    """None of the keys opens this: it is another's, was changed, or the key is gone."""


def seal(key: bytes, text: str, *, owner: str) -> str:
    """Return the text as it is kept."""
    nonce = secrets.token_bytes(NONCE)
    sealed = AESGCM(key).encrypt(nonce, text.encode(), owner.encode())
    return base64.urlsafe_b64encode(nonce + sealed).decode()


def unseal(keys: Iterable[bytes], sealed: str, *, owner: str) -> str:
    """Return what was sealed for ``owner`` under one of the keys; raise Unreadable."""
    try:
        whole = base64.urlsafe_b64decode(sealed)
    except (ValueError, binascii.Error) as error:
        raise Unreadable from error
    for key in keys:
        try:
            return AESGCM(key).decrypt(whole[:NONCE], whole[NONCE:], owner.encode()).decode()
        except (InvalidTag, ValueError):
            continue
    raise Unreadable
