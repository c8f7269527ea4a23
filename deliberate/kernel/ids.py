"""Identifiers that cannot be guessed, and how they are kept."""

import hashlib
import hmac
import secrets

BIGGEST_ROW_ID = 2**31 - 1


def new_token() -> str:
    """Return 256 random bits as text for a link or a cookie; only its hash is stored."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """Return what the database keeps of a random token: SHA-256, hexadecimal."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_code(digits: int = 6) -> str:
    """Return a one-time code of decimal digits, leading zeros kept."""
    return f"{secrets.randbelow(10**digits):0{digits}d}"


def keyed_hash(key: bytes, *parts: str) -> str:
    """Return HMAC-SHA-256 of the parts, each with its length, so that no two lists collide."""
    joined = b"".join(len(part.encode()).to_bytes(4, "big") + part.encode() for part in parts)
    return hmac.new(key, joined, hashlib.sha256).hexdigest()


def row_id(text: str | None) -> int | None:
    """Read the id of a row from an address; None for what no row could have."""
    if not text or len(text) > 10 or not (text.isascii() and text.isdigit()):
        return None
    return int(text) if 0 < int(text) <= BIGGEST_ROW_ID else None
