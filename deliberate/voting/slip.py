"""The slip that a voter keeps: a code, and a picture of the address at which it is checked."""

from __future__ import annotations

import segno

from deliberate.tenancy.links import absolute
from deliberate.tenancy.models import Municipality


def address(tenant: Municipality, slug: str, code: str) -> str:
    """Return where a code is checked, with the code filled in."""
    return absolute(tenant, "voting.code", slug=slug, kod=code)


def picture(text: str) -> str:
    """Return a QR code as the address of an image, black; the page gives it a white ground."""
    return segno.make(text, error="m", micro=False).svg_data_uri(border=2)
