"""One-time codes: six digits in an e-mail, eight characters in a letter, twelve digits on paper.

Only keyed hashes stay.
"""

from __future__ import annotations

import hmac
import secrets

from flask import current_app

from deliberate.kernel import ids

# Crockford's alphabet: no I, L, O, U. https://www.crockford.com/base32.html
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LETTER_CODE_LENGTH = 8
_READ_AS = str.maketrans({"I": "1", "L": "1", "O": "0", " ": None, "-": None})


def new_letter_code() -> str:
    """Return a code to be copied from paper."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LETTER_CODE_LENGTH))


def read_letter_code(typed: str) -> str:
    """Undo what happens when a code is copied: small letters, spaces, hyphens, O for 0."""
    return typed.upper().translate(_READ_AS)


def in_groups(code: str, size: int) -> str:
    """Part a code for reading: "418 207", "7KQ4 M2XD"."""
    return " ".join(code[start : start + size] for start in range(0, len(code), size))


def hashed(owner: str, code: str) -> str:
    """Return what is kept of a code; ``owner`` is the row it opens, so that no two are alike."""
    return ids.keyed_hash(_keys()[0], "code", owner, code)


def every_hash(owner: str, code: str) -> list[str]:
    """Return what may be kept of a code, under the present key and the former ones."""
    return [ids.keyed_hash(key, "code", owner, code) for key in _keys()]


def matches(stored: str, owner: str, code: str) -> bool:
    """Compare in constant time; a code sent before the key was changed still works."""
    return any(hmac.compare_digest(stored, known) for known in every_hash(owner, code))


def _keys() -> list[bytes]:
    config = current_app.config
    return [key.encode() for key in (config["SECRET_KEY"], *config["SECRET_KEY_FALLBACKS"])]
