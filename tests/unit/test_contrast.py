"""Every pair of tokens that stands on each other, by day, at night and in high contrast.

The pairs are written by hand: a new one in the styles is a new row here. Text needs 4.5:1 and
parts that carry meaning (edges of controls, marks of charts, the focus) 3:1 (WCAG 2.2, 1.4.3 and
1.4.11). Colours of pictures are decoration and are not here.
"""

from __future__ import annotations

import math
import re
from functools import lru_cache
from itertools import product

import pytest

from deliberate import paths

TEXT, PART = 4.5, 3.0
SCHEMES = ("light", "dark", "contrast")

TEXT_PAIRS = [
    *product(("ink", "mute", "brand", "accent", "bad"), ("paper", "surface", "sunk")),
    *product(("ink", "mute"), ("brand-soft", "accent-soft", "bad-soft", "warm", "good-soft")),
    ("brand", "brand-soft"),
    ("accent", "accent-soft"),
    ("accent", "brand-soft"),
    ("bad", "bad-soft"),
    ("bad", "brand-soft"),
    ("warm-ink", "warm"),
    ("warm-ink", "sunk"),
    ("good", "surface"),
    ("good", "sunk"),
    ("brand-ink", "brand"),
    ("accent-ink", "accent"),
    ("paper", "ink"),
    ("bar-ink", "bar"),
    ("bar-btn-ink", "bar-btn"),
]
PART_PAIRS = [
    *product(("edge", "brand", "accent", "bad", "focus"), ("paper", "surface", "sunk")),
    ("brand", "brand-soft"),
    ("focus", "brand-soft"),
    ("focus", "accent-soft"),
    ("focus", "bad-soft"),
    ("bar-focus", "bar"),
    ("fill", "track"),
    ("accent", "track"),
    ("warm-ink", "warm"),
]

Colour = tuple[float, float, float]  # sRGB, 0 to 1


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("front", "back"), TEXT_PAIRS)
def test_text_can_be_read(scheme: str, front: str, back: str) -> None:
    for colours in palettes(scheme):
        assert contrast(colours[front], colours[back]) >= TEXT


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("front", "back"), PART_PAIRS)
def test_parts_can_be_seen(scheme: str, front: str, back: str) -> None:
    for colours in palettes(scheme):
        assert contrast(colours[front], colours[back]) >= PART


# What a municipality may choose is checked against white before it is stored; whatever it is,
# the soft tones must carry it.
@pytest.mark.parametrize(
    "brand", ["#0f5257", "#6b1f6e", "#1a4fa0", "#7a3b00", "#a01030", "#2d6a1f"]
)
def test_soft_tones_follow_any_brand(brand: str) -> None:
    colours = resolve({**tokens(relative=True), "brand": brand, "accent": brand}, "light")

    assert contrast(colours["brand"], colours["brand-soft"]) >= TEXT
    assert contrast(colours["accent"], colours["accent-soft"]) >= TEXT
    assert contrast(colours["ink"], colours["brand-soft"]) >= TEXT


def test_the_measure_is_that_of_wcag() -> None:
    assert contrast((0, 0, 0), (1, 1, 1)) == pytest.approx(21)
    assert contrast(parse("#777777", {}, "light"), (1, 1, 1)) == pytest.approx(4.48, abs=0.005)
    assert hexed(oklch(0.6279, 0.2577, 29.23)) == "#ff0000"


# --- reading the styles --------------------------------------------------------------------


@lru_cache
def palettes(scheme: str) -> list[dict[str, Colour]]:
    """Return the colours with and without relative colours, which older browsers lack."""
    return [resolve(tokens(relative=relative), scheme) for relative in (False, True)]


def tokens(*, relative: bool) -> dict[str, str]:
    text = (paths.STATIC / "css" / "20-tokens.css").read_text()
    plain, _, newer = text.partition("@supports")
    return declared(plain) | (declared(newer) if relative else {})


def declared(text: str) -> dict[str, str]:
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    return {
        name: " ".join(value.replace("!important", "").split())
        for name, value in re.findall(r"--([a-z-]+):\s*([^;]+);", text)
    }


def resolve(named: dict[str, str], scheme: str) -> dict[str, Colour]:
    if scheme == "contrast":
        themes = (paths.STATIC / "css" / "70-themes.css").read_text()
        block = re.search(r'\[data-theme="contrast"\] \{(.*?)\n  \}', themes, re.DOTALL)
        assert block is not None
        named = named | declared(block.group(1))
    is_colour = re.compile(r"#|light-dark|var\(--(?!sans|serif)|oklch")
    side = "light" if scheme == "light" else "dark"
    return {
        name: parse(value, named, side) for name, value in named.items() if is_colour.match(value)
    }


def parse(value: str, named: dict[str, str], side: str) -> Colour:
    if match := re.fullmatch(r"#([0-9a-f]{6})", value):
        red, green, blue = (int(match.group(1)[i : i + 2], 16) / 255 for i in (0, 2, 4))
        return red, green, blue
    if match := re.fullmatch(r"var\(--([a-z-]+)\)", value):
        return parse(named[match.group(1)], named, side)
    if match := re.fullmatch(r"light-dark\((.*)\)", value):
        by_day, at_night = split_at_comma(match.group(1))
        return parse(by_day if side == "light" else at_night, named, side)
    if match := re.fullmatch(
        r"oklch\(from (var\(--[a-z-]+\)) ([\d.]+) ([\d.]+) (?:h|calc\(h \+ (\d+)\))\)", value
    ):
        hue = hue_of(parse(match.group(1), named, side)) + float(match.group(4) or 0)
        return oklch(float(match.group(2)), float(match.group(3)), hue)
    raise ValueError(f"This test does not know how to read {value!r}")


def split_at_comma(text: str) -> tuple[str, str]:
    depth = 0
    for index, sign in enumerate(text):
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if sign == "," and depth == 0:
            return text[:index].strip(), text[index + 1 :].strip()
    raise ValueError(text)


# --- colours (CSS Color 4; contrast by WCAG 2.2) ------------------------------------------------


def linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def gamma(channel: float) -> float:
    channel = min(1.0, max(0.0, channel))
    return channel * 12.92 if channel <= 0.0031308 else 1.055 * channel ** (1 / 2.4) - 0.055


def contrast(one: Colour, other: Colour) -> float:
    def light(colour: Colour) -> float:
        red, green, blue = (linear(channel) for channel in colour)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    brighter, darker = sorted((light(one), light(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def hue_of(colour: Colour) -> float:
    red, green, blue = (linear(channel) for channel in colour)
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    middle = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    a = 1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short
    return math.degrees(math.atan2(b, a))


def oklch(lightness: float, chroma: float, hue: float) -> Colour:
    a = chroma * math.cos(math.radians(hue))
    b = chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        gamma(4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short),
        gamma(-1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short),
        gamma(-0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short),
    )


def hexed(colour: Colour) -> str:
    return "#" + "".join(f"{round(channel * 255):02x}" for channel in colour)
