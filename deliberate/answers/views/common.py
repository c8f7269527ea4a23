"""The consultation whose answers are written, for every page of its desk."""

from __future__ import annotations

from dataclasses import dataclass

from flask import abort, url_for
from flask.typing import ResponseReturnValue

from deliberate.answers import queries
from deliberate.kernel import htmx
from deliberate.subjects import registry
from deliberate.subjects.registry import Card
from deliberate.tenancy.current import current_tenant

DESK = "/urzad/konsultacje/<slug>/odpowiedzi"
KIND = "consultation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The consultation whose answers are written, as its card."""

    card: Card

    @property
    def consultation_scope(self) -> int:
        return self.card.id

    @property
    def slug(self) -> str:
        return self.card.name

    @property
    def items(self) -> list[queries.Item]:
        return queries.list_items(self.card.tenant_id, self.card.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class OnDesk:
    """One thing of the consultation, with its answer so far."""

    desk: Desk
    item: queries.Item

    @property
    def consultation_scope(self) -> int:
        return self.desk.consultation_scope


def load(slug: str) -> Desk:
    """Load for @requires: any state, through the municipality."""
    return Desk(card=registry.get_named(current_tenant().id, KIND, slug))


def load_one(slug: str, kind: str, subject_id: int) -> OnDesk:
    desk = load(slug)
    named = (item for item in desk.items if (item.card.kind, item.card.id) == (kind, subject_id))
    item = next(named, None) or abort(404)
    return OnDesk(desk=desk, item=item)


def done(desk: Desk, status: str) -> ResponseReturnValue:
    return htmx.done(status, to=url_for(".desk", slug=desk.slug))
