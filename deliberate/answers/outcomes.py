"""What became of what people put forward: for everybody, a page at a time.

Of everything only keys and positions are read, to count and to find the page; whole things and
answers are read for the page alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from flask import url_for
from sqlalchemy import and_, false, or_, select

from deliberate.answers.models import Answer
from deliberate.answers.positions import Position
from deliberate.answers.queries import Item, Key
from deliberate.kernel.db import db, fetch_rows
from deliberate.kernel.pagination import PageOf, page_number
from deliberate.subjects import registry

PER_PAGE = 50
POSITION, PLACE, PAGE = "stanowisko", "odpowiedz", "strona"
WAITING = "brak"  # in place of a position
# What addresses say, which is read by people.
POSITIONS: Mapping[str, Position] = MappingProxyType(
    {
        "przyjete": Position.ACCEPTED,
        "czesciowo": Position.PARTLY,
        "nieprzyjete": Position.NOT_ACCEPTED,
        "poza-zakresem": Position.OUT_OF_SCOPE,
        "odpowiedz": Position.ANSWERED,
    }
)
_WORDS: Mapping[Position | None, str] = MappingProxyType(
    {None: WAITING, **{position: word for word, position in POSITIONS.items()}}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Which part of it somebody wants: ``position`` is a word of an address, "" for all.

    ``place`` names one thing, "remark-7": the page on which it stands, among all.
    """

    position: str = ""
    place: str = ""
    number: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What became of the things of one kind."""

    kind: str
    total: int
    positions: Mapping[str, int]

    @property
    def answered(self) -> int:
        return sum(self.positions.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One page of what a wish finds, and the counts of everything; published answers only.

    ``position`` is what the page is narrowed to; ``parts`` how many each word of an address finds.
    """

    page: PageOf[Item]
    tallies: Sequence[Tally]
    position: str
    parts: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(tally.total for tally in self.tallies)

    @property
    def answered(self) -> int:
        return sum(tally.answered for tally in self.tallies)

    @property
    def is_complete(self) -> bool:
        return self.total > 0 and self.answered == self.total

    @property
    def kinds(self) -> list[str]:
        return [tally.kind for tally in self.tallies]


def read(args: Mapping[str, str]) -> Wish:
    """Read the parameters of an address: what is not one of our words asks for nothing."""
    position, place = args.get(POSITION, ""), args.get(PLACE, "")
    return Wish(
        position=position if not place and (position in POSITIONS or position == WAITING) else "",
        place=place,
        number=page_number(args.get(PAGE)),
    )


def anchor(kind: str, subject_id: int) -> str:
    """Return where on its page a thing's answer stands."""
    return f"{PLACE}-{_place((kind, subject_id))}"


def address(slug: str, kind: str, subject_id: int) -> str:
    """Return the address of a thing's answer, on whichever page it stands by then."""
    key = (kind, subject_id)
    return url_for("answers.outcome", slug=slug, odpowiedz=_place(key), _anchor=anchor(*key))


def outcome(tenant_id: int, consultation_id: int, wish: Wish) -> Outcome:
    """Return what became of it, in public order; beyond the end it is the last page."""
    positions = _positions(tenant_id, consultation_id)
    keys = [
        (kind.key, row[0])
        for kind in registry.kinds().values()
        if kind.select_in is not None
        for row in fetch_rows(kind.select_in(tenant_id, consultation_id))
    ]
    part_of = {key: _WORDS[positions.get(key)] for key in keys}
    parts = Counter(part_of.values())
    found = [key for key in keys if wish.position in ("", part_of[key])]
    number = min(_number(found, wish), max(1, -(-len(found) // PER_PAGE)))
    first = (number - 1) * PER_PAGE
    return Outcome(
        page=PageOf(
            items=_load(tenant_id, found[first : first + PER_PAGE]),
            number=number,
            total=len(found),
            per_page=PER_PAGE,
        ),
        tallies=_tallies(keys, positions),
        position=wish.position,
        parts={word: parts[word] for word in (*POSITIONS, WAITING) if parts[word]},
    )


def _place(key: Key) -> str:
    kind, subject_id = key
    return f"{kind}-{subject_id}"


def _number(found: Sequence[Key], wish: Wish) -> int:
    """Return the page that is asked for, by its number or by what stands on it."""
    if not wish.place:
        return wish.number
    before = next((at for at, key in enumerate(found) if _place(key) == wish.place), 0)
    return before // PER_PAGE + 1


def _positions(tenant_id: int, consultation_id: int) -> dict[Key, Position]:
    """Return the published positions on everything, without their reasons."""
    rows = fetch_rows(
        select(Answer.subject_kind, Answer.subject_id, Answer.position).where(
            Answer.tenant_id == tenant_id,
            Answer.consultation_id == consultation_id,
            Answer.published_at.is_not(None),
        )
    )
    return {(kind, subject_id): Position(position) for kind, subject_id, position in rows}


def _tallies(keys: Sequence[Key], positions: Mapping[Key, Position]) -> list[Tally]:
    """Count each kind for itself: what is said of a remark is not said of a proposal."""
    kinds = Counter(kind for kind, _ in keys)
    counted = Counter((key[0], positions[key]) for key in keys if key in positions)
    return [
        Tally(
            kind=kind,
            total=total,
            positions={position: counted[kind, position] for position in Position},
        )
        for kind, total in kinds.items()
    ]


def _load(tenant_id: int, keys: Sequence[Key]) -> list[Item]:
    """Return whole things with their published answers, in the order of the keys."""
    wanted: dict[str, list[int]] = {}
    for kind, subject_id in keys:
        wanted.setdefault(kind, []).append(subject_id)
    of_page = (
        and_(Answer.subject_kind == kind, Answer.subject_id.in_(ids))
        for kind, ids in wanted.items()
    )
    found = db.session.scalars(
        select(Answer).where(
            Answer.tenant_id == tenant_id, Answer.published_at.is_not(None), or_(false(), *of_page)
        )
    )
    answers = {(answer.subject_kind, answer.subject_id): answer for answer in found}
    items = {
        (kind, card.id): Item(card=card, answer=answers.get((kind, card.id)))
        for kind, ids in wanted.items()
        for card in registry.get_kind(kind).load_many(tenant_id, ids)
    }
    return [items[key] for key in keys]
