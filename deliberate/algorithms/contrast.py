"""Whether two colours can be told apart, as WCAG 2.2 measures it.

Source: Web Content Accessibility Guidelines 2.2, definitions of "relative luminance" and
"contrast ratio", success criteria 1.4.3 and 1.4.11.
"""

import re

TEXT = 4.5  # 1.4.3, level AA, text of ordinary size
PARTS = 3.0  # 1.4.11: borders of fields, icons, states


def luminance(colour: str) -> float:
    """Return the relative luminance of ``#rrggbb``: 0 for black, 1 for white.

    Raises ValueError for anything that is not six hexadecimal digits after "#".
    """
    if not re.fullmatch("#[0-9a-fA-F]{6}", colour):
        raise ValueError(f"Not a colour like #0f5257: {colour!r}")
    red, green, blue = (_linear(int(colour[i : i + 2], 16) / 255) for i in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio, from 1 (the same) to 21; the order of colours is no matter."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def meets_text(one: str, other: str) -> bool:
    """Tell whether text in one colour can be read on the other."""
    return contrast(one, other) >= TEXT


def meets_parts(one: str, other: str) -> bool:
    """Tell whether a button's edge or an icon in one colour can be seen on the other."""
    return contrast(one, other) >= PARTS


def _linear(channel: float) -> float:
    # 0.04045 is the threshold of sRGB; the 0.03928 of older texts gives the same for 8 bits.
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
