"""Which unit of a new version is which unit of the old one."""

from bisect import bisect_left
from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from deliberate.algorithms.similarity import trigrams
from deliberate.algorithms.units.marks import body
from deliberate.algorithms.units.pieces import Level, Piece

ENOUGH = Fraction(1, 2)  # of Dice's coefficient: half of the trigrams in common
SAME_PLACE = Fraction(1, 4)  # what standing in the same place is worth
NEIGHBOURS = 10  # units looked at on either side of where a unit is expected
MOST_COMPARED = 2_000  # characters of a unit
SHORTEST_MOVED = 12  # characters: "(uchylony)" is in many places, and not the same one
SUBSTANCE = 200  # characters of inner units that stand for one without words of its own


def match(old: Sequence[Piece], new: Sequence[Piece]) -> list[int | None]:
    """Return for each new piece the index of the old one that it goes on with, None for a new one.

    Each old piece is taken at most once. First go the same words in the same place, then the same
    words elsewhere (k-th with k-th), last the pairs that are at least half alike, the best first,
    each new piece being compared with those free in its own place and around where its neighbours
    went. Signs and names are not compared ("3)" may become "4)"); headings go with headings only.
    The same input gives the same answer. About n log n for n pieces; at worst, two texts without
    anything in common, 21 comparisons a piece.
    """
    before, after = _seen(old), _seen(new)
    found: list[int | None] = [None] * len(new)
    _take_same_words(before, after, found)
    _take_alike(before, after, found)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """A piece as it is compared."""

    path: str
    is_heading: bool
    words: str  # folded in white space only, so that a comma is a change
    own: bool  # the words are its own, not of the units in it


def _seen(pieces: Sequence[Piece]) -> list[_Seen]:
    bodies = [" ".join(body(piece).split()) for piece in pieces]
    return [
        _Seen(
            path=piece.path,
            is_heading=piece.level == Level.HEADING,
            words=bodies[place] or _substance(pieces, bodies, place),
            own=bool(bodies[place]),
        )
        for place, piece in enumerate(pieces)
    ]


def _substance(pieces: Sequence[Piece], bodies: Sequence[str], place: int) -> str:
    """Return the beginning of the units in one that is only a sign: "§ 6." is what is in it."""
    order = list(Level)
    own = order.index(Level(pieces[place].level))
    words: list[str] = []
    length = 0
    for inner in range(place + 1, len(pieces)):
        if order.index(Level(pieces[inner].level)) <= own or length >= SUBSTANCE:
            break
        words.append(bodies[inner])
        length += len(bodies[inner]) + 1
    return " ".join(words)[:SUBSTANCE]


def _take_same_words(old: list[_Seen], new: list[_Seen], found: list[int | None]) -> None:
    by_place = {(piece.path, piece.words, piece.is_heading): n for n, piece in enumerate(old)}
    for n, piece in enumerate(new):
        found[n] = by_place.pop((piece.path, piece.words, piece.is_heading), None)
    taken = {n for n in found if n is not None}
    elsewhere: dict[tuple[str, bool, bool], deque[int]] = defaultdict(deque)
    for n, piece in enumerate(old):
        if n not in taken and len(piece.words) >= SHORTEST_MOVED:
            elsewhere[piece.words, piece.own, piece.is_heading].append(n)
    for n, piece in enumerate(new):
        free = elsewhere.get((piece.words, piece.own, piece.is_heading))
        if found[n] is None and free:
            found[n] = free.popleft()


def _take_alike(old: list[_Seen], new: list[_Seen], found: list[int | None]) -> None:
    taken = {n for n in found if n is not None}
    free = [n for n in range(len(old)) if n not in taken]
    in_place = {old[n].path: n for n in free}
    grams = {n: _grams(old[n]) for n in free}
    pairs: list[tuple[Fraction, int, int, int]] = []
    expected = 0
    for n, piece in enumerate(new):
        went = found[n]
        if went is not None:
            expected = went + 1
            continue
        here = bisect_left(free, expected)
        near = set(free[max(0, here - NEIGHBOURS) : here + NEIGHBOURS])
        mine = _grams(piece)
        own_place = in_place.get(piece.path)
        if own_place is not None:
            near.add(own_place)
        for candidate in near:
            if not _may_go_on(old[candidate], piece):
                continue
            score = _dice(grams[candidate], mine)
            if score >= ENOUGH:
                score += SAME_PLACE if candidate == own_place else 0
                pairs.append((-score, abs(candidate - expected), n, candidate))
    for _, _, n, candidate in sorted(pairs):
        if found[n] is None and candidate not in taken:
            found[n] = candidate
            taken.add(candidate)


def _may_go_on(old: _Seen, new: _Seen) -> bool:
    if old.is_heading is not new.is_heading:
        return False
    return old.path == new.path or len(new.words) >= SHORTEST_MOVED


def _grams(piece: _Seen) -> frozenset[str]:
    return trigrams(piece.words[:MOST_COMPARED])


def _dice(one: frozenset[str], other: frozenset[str]) -> Fraction:
    if not one or not other:
        return Fraction(0)
    shorter, longer = sorted((len(one), len(other)))
    if 4 * shorter < shorter + longer:
        return Fraction(0)  # too unlike in length alone
    return Fraction(2 * len(one & other), shorter + longer)
