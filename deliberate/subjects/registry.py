"""The registry of kinds. A feature registers its own in ``feature.py``; nothing else is known.

Moderation, answers, threads, topic pages, files and versions meet a proposal or a contribution
only as a Card, loaded through its municipality.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask import Flask, abort, current_app
from sqlalchemy import ColumnElement, Select, SQLColumnExpression

from deliberate.subjects.states import ContentState


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One thing, as others see it. ``text`` is what people wrote, for quoting and searching.

    ``state`` is what readers meet: whatever lies under a thing that is not shown is not shown
    either, and ``beneath`` is then its own state. ``name`` is what addresses call it, if anything;
    ``number`` what people quote it by within its consultation; ``answer_due`` the day by which the
    office promised to answer. ``place``: what of a document it is about, "§ 6 ust. 2"; things that
    say the same, as mass letters do, share ``same_as``.
    """

    kind: str
    id: int
    tenant_id: int
    consultation_id: int | None
    title: str
    text: str
    url: str
    state: ContentState
    author_id: int | None
    author_label: str
    language: str
    at: datetime
    official: bool = False
    name: str = ""
    number: int | None = None
    answer_due: date | None = None
    place: str = ""
    same_as: str = ""
    beneath: ContentState | None = None

    @property
    def consultation_scope(self) -> int | None:
        return self.consultation_id

    @property
    def own_state(self) -> ContentState:
        """What was decided about the thing itself: for those who decide."""
        return self.beneath or self.state


@dataclass(frozen=True, slots=True, kw_only=True)
class Entries:
    """How links list things of a kind: those of several kinds in one query.

    ``select()`` gives tenant_id, id, title, language, slug and number of what may be shown, under
    these names; ``url(slug, number)`` is the address of such a thing.
    """

    select: Callable[[], Select[int, int, str, str, str, int]]
    url: Callable[[str, int], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectKind:
    """What a feature offers for one kind of its things.

    ``load`` gives the card whatever the state (None: no such thing in this municipality);
    ``load_many`` gives cards of several ids in one query, in no order. ``restrict`` sets the
    content state inside the caller's transaction; None where a kind cannot be hidden.
    ``list_in(tenant_id, consultation_id)`` gives the shown things of a consultation in their
    public order: what the office must answer; None for kinds that are not answered.
    ``select_in(tenant_id, consultation_id)`` selects their ids alone, in the same order.
    ``voiced(tenant_id, id, change)`` keeps a counter of voices in the thing's discussion.
    ``signed_by(tenant_id, organisation_id)`` gives the shown things that are signed with an
    organisation's name; None for kinds that organisations do not write.
    ``is_shown(id)`` says as SQL whether the thing with that id may be read; None for kinds under
    which nothing lies. ``senders(tenant_id, ids)`` gives the e-mail addresses of those who sent
    things without an account, by the thing's id; None for kinds that need one.
    ``find(tenant_id, name)`` gives the card by its name in addresses; None
    for kinds without one. ``entries``: for kinds that links may point at.
    """

    key: str
    label: str  # N_("propozycja")
    load: Callable[[int, int], Card | None]
    load_many: Callable[[int, Sequence[int]], Sequence[Card]]
    restrict: Callable[[int, int, ContentState], None] | None = None
    list_in: Callable[[int, int], Sequence[Card]] | None = None
    select_in: Callable[[int, int], Select[int]] | None = None
    voiced: Callable[[int, int, int], None] | None = None
    senders: Callable[[int, Sequence[int]], Mapping[int, str]] | None = None
    signed_by: Callable[[int, int], Sequence[Card]] | None = None
    find: Callable[[int, str], Card | None] | None = None
    entries: Entries | None = None
    is_shown: Callable[[SQLColumnExpression[int]], ColumnElement[bool]] | None = None


def register(app: Flask, *kinds: SubjectKind) -> None:
    known: dict[str, SubjectKind] = app.extensions.setdefault("deliberate.subjects", {})
    for kind in kinds:
        if kind.key in known:
            raise ValueError(f"Two features register the kind {kind.key!r}.")
        known[kind.key] = kind


def kinds() -> Mapping[str, SubjectKind]:
    """Return all registered kinds by key."""
    known: Mapping[str, SubjectKind] = current_app.extensions.get("deliberate.subjects", {})
    return known


def get_kind(key: str) -> SubjectKind:
    return kinds().get(key) or abort(404)


def get_card(tenant_id: int, kind: str, subject_id: int) -> Card:
    """Return a card whatever its state; 404 for another municipality's and for none."""
    return get_kind(kind).load(tenant_id, subject_id) or abort(404)


def get_named(tenant_id: int, kind: str, name: str) -> Card:
    """Return the card that an address names, whatever its state; 404 for none."""
    find = get_kind(kind).find
    return (find(tenant_id, name) if find else None) or abort(404)


def find_card(tenant_id: int, kind: str, subject_id: int) -> Card | None:
    known = kinds().get(kind)
    return known.load(tenant_id, subject_id) if known else None
