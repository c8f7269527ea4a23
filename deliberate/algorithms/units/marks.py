"""The signs at the beginning of a line that say which unit opens there.

Source: the Polish rules of legislative technique (rozporządzenie Prezesa Rady Ministrów z 20
czerwca 2002 r. w sprawie „Zasad techniki prawodawczej”, §§ 54–62 and 124), and what offices write
that do not follow them to the letter.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from deliberate.algorithms.units.pieces import Level, Piece

PARAGRAPH_SIGN = "§"
ARTICLE = "art."
ATTACHMENT = "Załącznik"
JUSTIFICATION = "Uzasadnienie"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A sign and the unit that it may open.

    ``number`` is comparable with its like: (6, "a") stands after (6, "") and before (7, ""), and
    letters of the alphabet count as 1, 2, …. ``rest`` is what stands after the sign.
    ``is_dotted``: "1." or "a.", which also end sentences, so they are trusted less than "1)".
    """

    level: Level
    kind: str  # "§", "art.", "ust.", "pkt", "lit."
    written: str  # "6a"
    number: tuple[int, str]
    rest: str
    is_dotted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Decimal:
    """A number of several parts: "2.1.3."; ``has_dot``: at its end, so hardly a quantity."""

    written: str
    parts: tuple[int, ...]
    rest: str
    has_dot: bool


def find_mark(text: str) -> Mark | None:
    """Return the sign that ``text`` begins with, whether or not it is meant as one here."""
    for pattern, level, kind in _SIGNS:
        if found := pattern.match(text):
            written = found["number"]
            return Mark(
                level=level,
                kind=kind,
                written=written,
                number=_value(written),
                rest=text[found.end() :].strip(),
                is_dotted=level in {Level.SECTION, Level.LETTER} and found[0].rstrip()[-1] == ".",
            )
    return None


def find_decimal(text: str) -> Decimal | None:
    """Return the number of several parts that ``text`` begins with."""
    if not (found := _DECIMAL.match(text)):
        return None
    return Decimal(
        written=found["number"],
        parts=tuple(int(part) for part in found["number"].split(".")),
        rest=text[found.end() :].strip(),
        has_dot=bool(found["dot"]),
    )


def find_name(text: str) -> tuple[str, str] | None:
    """Return the name of a part ("Rozdział 2", "Załącznik nr 1") and its title, "" if none.

    "Rozdział 2 ustawy stosuje się odpowiednio." is a sentence and not a name.
    """
    if len(text) > LONGEST_TITLE:
        return None
    if found := _NAME.match(text):
        label = f"{found['name'].capitalize()} {found['number']}"
        return label, text[found.end() :].strip()
    if (found := _ATTACHMENT.fullmatch(text)) and not text.endswith("."):
        label = f"{ATTACHMENT} nr {found['number']}" if found["number"] else ATTACHMENT
        return label, (found["to"] or "").strip()
    if _JUSTIFICATION.fullmatch(text):
        return JUSTIFICATION, text[len(JUSTIFICATION) :].strip()
    return None


def find_roman(text: str) -> tuple[int, str, str] | None:
    """Return the value of a Roman number, as written, and the title after it."""
    if not (found := _ROMAN.match(text)):
        return None
    value = _roman_value(found["number"])
    return (value, found["number"], text[found.end() :].strip()) if value else None


def is_dash(text: str) -> bool:
    """Tell whether the line is an item of a list without numbers: a tiret, a bullet."""
    return bool(_DASH.match(text))


def is_capitals(text: str) -> bool:
    """Tell whether a title is written in capitals alone, as titles of acts are."""
    letters = [sign for sign in text if sign.isalpha()]
    return (
        len(letters) >= 4 and len(text) <= LONGEST_TITLE and all(sign.isupper() for sign in letters)
    )


def is_title(text: str) -> bool:
    """Tell whether a line may be a title: short, with a capital, without a stop at its end."""
    return len(text) <= LONGEST_TITLE and text[:1].isupper() and text[-1] not in ".,;:"


def is_finished(text: str) -> bool:
    """Tell whether a line ends as a sentence or an item of a list does."""
    return not text or (text[-1] in _ENDS and not breaks_off(text))


def breaks_off(text: str) -> bool:
    """Tell whether a line ends before what it refers to: "o którym mowa w ust.", "zgodnie z"."""
    return bool(_REFERRING.search(text[-12:]))


def opens_unit(text: str) -> bool:
    """Tell whether a line could begin a unit: such a line is never joined to the one before."""
    return bool(find_mark(text) or find_decimal(text) or find_name(text)) or (
        is_dash(text) or find_roman(text) is not None
    )


def body(piece: Piece) -> str:
    """Return the text of a piece without the sign or the name that it begins with."""
    if piece.level == Level.TEXT:
        return _DASH.sub("", piece.text) if piece.label else piece.text
    first, parted, others = piece.text.partition("\n")
    rests = _rests(first)
    return next(rests, first) + parted + others


def _rests(text: str) -> Iterator[str]:
    if mark := find_mark(text):
        yield mark.rest
    if decimal := find_decimal(text):
        yield decimal.rest
    if name := find_name(text):
        yield name[1].lstrip(".:–— ")
    if roman := find_roman(text):
        yield roman[2]


def _value(written: str) -> tuple[int, str]:
    """Return what orders the signs of one list: 6, 6a, 6b, 7; a, b, …, z, aa."""
    if written[0].isdigit():
        digits = written.rstrip("abcdefghijklmnopqrstuvwxyz")
        return int(digits), written[len(digits) :]
    value = 0
    for letter in written:
        value = value * 26 + ord(letter) - ord("a") + 1
    return value, ""


def _roman_value(written: str) -> int:
    """Return the value of a Roman number, 0 when it is not written as one."""
    digits = [_ROMAN_DIGITS[sign] for sign in written]
    value = sum(
        -digit if following > digit else digit
        for digit, following in zip(digits, [*digits[1:], 0], strict=True)
    )
    return value if _roman(value) == written else 0


def _roman(value: int) -> str:
    written = ""
    for worth, sign in _ROMAN_WORTHS:
        written += sign * (value // worth)
        value %= worth
    return written


LONGEST_TITLE = 250  # characters; titles of local acts are long

_NUMBER = r"(?P<number>\d{1,3}[a-z]{0,2})"
_CAPITAL = r"[A-ZĄĆĘŁŃÓŚŹŻ„\"]"
# "§ 6." and "§ 6" alone are plain. "§ 6 1. Gmina" and "§ 6 Cele" are written too, and so is
# "§ 6 Programu" where a sentence goes over to the next line: the cutting asks what stood before.
_PARAGRAPH = (
    r"(?P<number>\d{1,4}[a-z]{0,2})\s*"
    rf"(?:\.(?=\D|$)|$|(?=\s\d{{1,3}}[a-z]?[.)]\s)|(?=\s{_CAPITAL}))"
)
_SIGNS = (
    (re.compile(rf"§\s*{_PARAGRAPH}"), Level.PARAGRAPH, PARAGRAPH_SIGN),
    (re.compile(rf"(?:Art|ART)\.?\s*{_PARAGRAPH}"), Level.PARAGRAPH, ARTICLE),
    (re.compile(rf"{_NUMBER}\.(?=\s|$|[^\W\d])"), Level.SECTION, "ust."),
    (re.compile(rf"{_NUMBER}\)"), Level.POINT, "pkt"),
    (re.compile(r"(?P<number>[a-z]{1,2})\)"), Level.LETTER, "lit."),
    (re.compile(r"(?P<number>[a-z])\.(?=\s)"), Level.LETTER, "lit."),
)
_DECIMAL = re.compile(r"(?P<number>\d{1,2}(?:\.\d{1,2}){1,5})(?P<dot>\.?)(?=\s|$)")

_NUMERAL = r"(?P<number>(?:[IVXLC]+|\d{1,3}(?:\.\d{1,2})*)[a-z]?)"
_NAME = re.compile(
    r"(?P<name>księga|część|tytuł|dział|rozdział|oddział|cel strategiczny|cel operacyjny|"
    r"cel szczegółowy|cel|priorytet|kierunek działań|kierunek|działanie|zadanie|obszar)\s+"
    rf"{_NUMERAL}(?:$|\s*[.:](?=\s|$)|(?=\s+[–—-]\s)|(?=\s+(?-i:{_CAPITAL})[^.]*$))",
    re.IGNORECASE,
)
_ATTACHMENT = re.compile(
    r"załącznik(?:\s+nr\s*(?P<number>\d{1,2}[a-z]?|[IVX]{1,5}))?\.?"
    r"(?P<to>\s+do\s+(?:uchwały|zarządzenia|programu|regulaminu|strategii|planu|statutu)\b.*)?",
    re.IGNORECASE,
)
_JUSTIFICATION = re.compile(r"uzasadnienie(?:\s+do\s+.*)?", re.IGNORECASE)
_ROMAN = re.compile(r"(?P<number>[IVXLC]{1,7})(?:\.(?=\s|$)|\)|(?=\s+[–—-]\s))")
_ROMAN_DIGITS = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
_ROMAN_WORTHS = (
    (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"),
    (1, "I"),
)  # fmt: skip

# The last group: signs that Word's own fonts draw as bullets.
_DASH = re.compile(r"(?:[–—−•·▪‣◦●○■□➢✓*\uf0a7\uf0b7\uf0d8\uf0fc]\s*(?=\S)|-\s+(?=\S)|[–—-]$)")
_ENDS = frozenset('.;:,!?…”"»)]–—-')
_REFERRING = re.compile(
    r"(?:^|[\s(])(?:ust|art|pkt|poz|lit|nr|tiret|mowa|do|od|na|dla|po|przez|oraz w|[wzo§])\.?$",
    re.IGNORECASE,
)
