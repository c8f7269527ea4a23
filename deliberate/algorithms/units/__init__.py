"""Numbered units of a document: cut out of its lines, found again in its next version."""

from deliberate.algorithms.units.cutting import parse
from deliberate.algorithms.units.editing import merge, split
from deliberate.algorithms.units.marks import body
from deliberate.algorithms.units.matching import match
from deliberate.algorithms.units.pieces import Level, Line, Piece
from deliberate.algorithms.units.places import placed
from deliberate.algorithms.units.recutting import recut

__all__ = ["Level", "Line", "Piece", "body", "match", "merge", "parse", "placed", "recut", "split"]
