"""Units cut and joined by hand. Paths are not made anew here: ``placed`` does it for the whole."""

from collections.abc import Sequence
from dataclasses import replace

from deliberate.algorithms.units.marks import ARTICLE, PARAGRAPH_SIGN, find_mark
from deliberate.algorithms.units.pieces import Level, Piece


def split(piece: Piece, at: int) -> tuple[Piece, Piece]:
    """Return the two parts of a piece, cut before the character ``at`` of its text.

    The first keeps the name. The second takes the one that it begins with ("3) tablice"), or is
    plain text. Raises ValueError when nothing would be left in one of them.
    """
    first, second = piece.text[:at].strip(), piece.text[at:].strip()
    if not 0 < at < len(piece.text) or not first or not second:
        raise ValueError(f"Nothing to cut off at {at}")
    in_act = PARAGRAPH_SIGN in piece.path or ARTICLE in piece.path
    return replace(piece, text=first), _named(second, in_act=in_act)


def merge(pieces: Sequence[Piece]) -> Piece:
    """Return one piece of several that stand one after another; the first gives its name.

    Raises ValueError for no pieces.
    """
    if not pieces:
        raise ValueError("Nothing to join")
    return replace(pieces[0], text="\n".join(piece.text for piece in pieces))


def _named(text: str, *, in_act: bool) -> Piece:
    mark = find_mark(text)
    if not mark:
        return Piece(level=Level.TEXT, label="", path="", text=text)
    # Only an act has paragraphs, and only a paragraph has an ustęp: elsewhere "1." is a point.
    kind = "pkt" if mark.level is Level.SECTION and not in_act else mark.kind
    return Piece(level=mark.level, label=f"{kind} {mark.written}", path="", text=text)
