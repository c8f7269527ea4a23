"""What a document is made of: lines as they were read, pieces as people refer to them."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """What a piece is, from the widest to the narrowest."""

    HEADING = "heading"  # rozdział, dział, tytuł części
    PARAGRAPH = "paragraph"  # § 6, art. 6
    SECTION = "section"  # ust. 2
    POINT = "point"  # pkt 3
    LETTER = "letter"  # lit. a
    TEXT = "text"  # an akapit without a number, a tiret


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph, or one line where paragraphs cannot be told.

    ``heading``: 1 for a chapter's title, 2 for one below it, …; 0 for anything else or unknown.
    ``is_row``: a row of a table, which never opens a unit, whatever number stands in it.
    """

    text: str
    heading: int = 0
    is_row: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    r"""A unit of a document.

    ``text`` is what the source says, with its mark ("2) nauka pływania;"), so that nothing is lost
    and nobody quotes us; its paragraphs are parted by "\n". ``label`` is what the piece is called
    ("pkt 2"), "" when it has no name. ``path`` is where it stands ("§ 6 ust. 2 pkt 2"), never
    empty and given once in a document.
    """

    level: str
    label: str
    path: str
    text: str
