"""A municipality's two colours: whether they can be read, and the sheet that sets them. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from deliberate.algorithms.contrast import TEXT, contrast

# The grounds of static/css/20-tokens.css on which brand and accent stand as text, and the ink
# that stands on them; tests/unit/test_colours.py compares them with the file.
LIGHT_GROUNDS = ("#ffffff", "#fbf8f3", "#f3ede3")
DARK_GROUNDS = ("#16191b", "#1f2426", "#262c2f")
DARK_INK = "#0d2224"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The worst contrast of a colour by day, and the ground on which it was measured."""

    ratio: float
    ground: str

    @property
    def is_enough(self) -> bool:
        return self.ratio >= TEXT


def measure(colour: str) -> Reading:
    """Measure a colour on the light grounds. Raises ValueError for what is no colour."""
    ratio, ground = min((contrast(colour, ground), ground) for ground in LIGHT_GROUNDS)
    return Reading(ratio=ratio, ground=ground)


def at_night(colour: str) -> str:
    """Return the colour lightened until it reads on the dark grounds, and dark ink on it."""
    for step in range(21):
        lighter = _towards_white(colour, step / 20)
        if min(contrast(lighter, ground) for ground in (*DARK_GROUNDS, DARK_INK)) >= TEXT:
            return lighter
    return "#ffffff"


def sheet(brand: str | None, accent: str | None) -> str:
    """Return the CSS that sets the colours; empty where the municipality keeps ours."""
    lines = [
        f"--{name}: light-dark({colour}, {at_night(colour)});"
        for name, colour in (("brand", brand), ("accent", accent))
        if colour is not None
    ]
    if not lines:
        return ""
    # In the layer of our own tokens, so that high contrast and forced colours still win.
    return "@layer tokens { :root { " + " ".join(lines) + " } }\n"


def _towards_white(colour: str, share: float) -> str:
    parts = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return "#" + "".join(f"{round(part + (255 - part) * share):02x}" for part in parts)
