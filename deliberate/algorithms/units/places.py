"""Where a piece of a document stands, said as a letter would: "§ 6 ust. 2 pkt 3 lit. a"."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from deliberate.algorithms.units.marks import ATTACHMENT, JUSTIFICATION, find_decimal, is_dash
from deliberate.algorithms.units.pieces import Level, Piece

COMMON_PART = "część wspólna"
TIRET = "tiret"
LONGEST_NAME = 60  # of a heading without a number, where it stands for its part

_DEPTHS = {Level.PARAGRAPH: 1, Level.SECTION: 2, Level.POINT: 3, Level.LETTER: 4}
_BELOW_ALL = 5
# Names of parts from the widest. A part closes its like and all narrower ones.
_PARTS = ("załącznik", "księga", "część", "tytuł", "dział", "rozdział", "oddział")


def placed(pieces: Iterable[Piece]) -> list[Piece]:
    """Return the pieces with their paths made anew out of levels and labels, in their order.

    A heading is no part of the path of a paragraph (§), because the numbers of paragraphs run
    through the whole act; it is one where they begin anew under each heading. An attachment is one
    where there are several, or where its paragraphs are numbered like those of the act. Pieces
    that would be called the same get " (2)", " (3)" in their order.
    """
    pieces = list(pieces)
    place = _Place(
        restarts=_numbers_come_twice(pieces, in_one_part=True),
        names_attachments=_numbers_come_twice(pieces, in_one_part=False)
        or sum(piece.label.startswith(ATTACHMENT) for piece in pieces) > 1,
    )
    taken: dict[str, int] = {}
    return [replace(piece, path=_unique(place.of(piece), taken)) for piece in pieces]


def _unique(path: str, taken: dict[str, int]) -> str:
    candidate = path
    while candidate in taken:
        taken[path] += 1
        candidate = f"{path} ({taken[path]})"
    taken[candidate] = 1
    return candidate


class _Place:
    """What is open at the point of the document that the reading has come to."""

    def __init__(self, *, restarts: bool, names_attachments: bool) -> None:
        self._restarts = restarts
        self._names_attachments = names_attachments
        self._parts: list[tuple[int, str]] = []  # rank and label of the headings above
        self._open: list[tuple[int, str]] = []  # depth and label of the units above
        self._counts: Counter[str] = Counter()  # of pieces without a number, by what they are in

    def of(self, piece: Piece) -> str:
        if piece.level == Level.HEADING:
            return self._heading(piece)
        if piece.level == Level.TEXT:
            return self._text(piece)
        depth = _DEPTHS[Level(piece.level)]
        self._close(depth)
        above = self._path()
        self._open.append((depth, piece.label))
        # An officer may take the name away.
        return self._path() if piece.label else self._counted(above)

    def _heading(self, piece: Piece) -> str:
        self._open.clear()
        label = piece.label or f"„{_short(piece.text)}”"
        rank = _rank(label)
        while self._parts and self._parts[-1][0] >= rank:
            self._parts.pop()
        self._parts.append((rank, label))
        path = self._heading_path()
        self._counts[path] = 0
        return path or label  # the only attachment is called by its name, though its units are not

    def _text(self, piece: Piece) -> str:
        if not piece.label:
            if not self._is_in_paragraph():
                self._open.clear()
            return self._counted(self._path())
        # A tiret stands below what is open; a common part closes the list that it ends.
        depth = self._open[-1][0] if self._open and piece.label == COMMON_PART else _BELOW_ALL
        self._close(depth)
        self._open.append((depth, piece.label))
        path = self._path()
        if piece.label == COMMON_PART:
            self._open.pop()
        return path

    def _close(self, depth: int) -> None:
        while self._open and self._open[-1][0] >= depth:
            self._open.pop()

    def _counted(self, above: str) -> str:
        self._counts[above] += 1
        # The text of a numbered unit is its first akapit; what was cut off it is the second.
        number = self._counts[above] + bool(self._open)
        return f"{above} akapit {number}".strip()

    def _is_in_paragraph(self) -> bool:
        return bool(self._open) and self._open[0][0] == _DEPTHS[Level.PARAGRAPH]

    def _path(self) -> str:
        if not self._is_in_paragraph() or self._restarts:
            base = self._heading_path()
        else:
            base = " ".join(
                label for rank, label in self._parts if not rank and self._is_said(rank, label)
            )
        labels: list[str] = []
        for label in filter(None, (label for _, label in self._open)):
            if labels and _continues(labels[-1], label):
                labels.pop()  # "pkt 1.2" says by itself that it is in "pkt 1"
            labels.append(label)
        return " ".join([base, *labels]).strip()

    def _is_said(self, rank: int, label: str) -> bool:
        return rank > 0 or self._names_attachments or not label.startswith(ATTACHMENT)

    def _heading_path(self) -> str:
        """Return the names of the parts above: all that have a rank, or the nearest heading."""
        named = [
            label
            for rank, label in self._parts
            if rank < len(_PARTS) and self._is_said(rank, label)
        ]
        others = [label for rank, label in self._parts if rank >= len(_PARTS)]
        return " ".join([*named, *others[-1:]])


def _numbers_come_twice(pieces: list[Piece], *, in_one_part: bool) -> bool:
    """Tell whether two paragraphs have the same number, in the whole or in one attachment."""
    seen: set[str] = set()
    for piece in pieces:
        if in_one_part and piece.level == Level.HEADING and _rank(piece.label) == 0:
            seen.clear()
        elif piece.level == Level.PARAGRAPH and piece.label:
            if piece.label in seen:
                return True
            seen.add(piece.label)
    return False


def _rank(label: str) -> int:
    """Return how wide a part is: 0 for an attachment; below all names, headings without one."""
    first = label.split(" ", 1)[0].lower()
    if label == JUSTIFICATION:
        return 0
    return _PARTS.index(first) if first in _PARTS else len(_PARTS)


def _continues(above: str, label: str) -> bool:
    return label.startswith(f"{above}.") and find_decimal(label.rpartition(" ")[2]) is not None


def _short(text: str) -> str:
    text = " ".join(text.split())
    if is_dash(text):
        text = text[1:].strip()
    if len(text) <= LONGEST_NAME:
        return text.rstrip(".:")
    return text[:LONGEST_NAME].rsplit(" ", 1)[0].rstrip(".,;:–- ") + "…"
