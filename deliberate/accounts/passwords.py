"""Passwords, for those who want one. Slow on purpose: never inside a transaction."""

from __future__ import annotations

import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# RFC 9106, the second recommended option; written out, so that NOBODY costs the same.
_HASHER = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=4)
# A hash of a random password that was thrown away: an unknown address takes as long as a known one.
NOBODY = (
    "$argon2id$v=19$m=65536,t=3,p=4$t630qULpDY9OGTYlq7eDtQ$stKirFZE"
    "XKPWQ7Hx0bgdPU3rmbxdgiG97WAMy5sWYN8"
)


def hash_password(password: str) -> str:
    return _HASHER.hash(_one_spelling(password))


def matches(stored: str | None, password: str) -> bool:
    """Tell whether the password is right; None (no account, no password) takes as long."""
    try:
        right = _HASHER.verify(stored or NOBODY, _one_spelling(password))
    except (VerificationError, InvalidHashError):
        return False
    return right and stored is not None


def _one_spelling(password: str) -> str:
    """Make ą typed as one character and as two the same."""
    return unicodedata.normalize("NFC", password)
