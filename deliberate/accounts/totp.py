"""Codes of an app: six digits that change every 30 seconds (RFC 6238 with SHA-1). Pure.

A step is the number of such half-minutes since 1970. Telephones' clocks differ, so a code of the
step before and of the one after is right too.
"""

from __future__ import annotations

import hmac
from datetime import datetime

import pyotp
import segno

SECONDS = 30
SKEW = 1  # steps


def new_secret() -> str:
    """Return 160 random bits in base32, as apps take them."""
    return pyotp.random_base32()


def in_groups(secret: str) -> str:
    """Part a secret for typing by hand: "JBSW Y3DP …"."""
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))


def step_of(moment: datetime) -> int:
    return int(moment.timestamp()) // SECONDS


def code_at(secret: str, step: int) -> str:
    """Return what the app shows in a step."""
    return pyotp.TOTP(secret).generate_otp(step)


def matching_step(secret: str, code: str, *, now: datetime) -> int | None:
    """Return the step whose code this is, or None.

    Of two steps with equal codes the later one: whoever keeps it keeps the code from being used
    again. All are compared, in constant time.
    """
    here = step_of(now)
    steps = range(here - SKEW, here + SKEW + 1)
    found = [step for step in steps if hmac.compare_digest(code_at(secret, step), code)]
    return found[-1] if found else None


def address(secret: str, *, account: str, issuer: str) -> str:
    """Return the otpauth: address that an app reads from a picture or a link."""
    return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=issuer)


def picture(text: str) -> str:
    """Return a QR code as an SVG in a data: address."""
    return segno.make(text, error="m", micro=False).svg_data_uri(border=2)
