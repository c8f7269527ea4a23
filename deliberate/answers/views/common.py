"""The consultation whose answers are written, for every page of its desk."""

from __future__ import annotations

from dataclasses import dataclass

from flask import abort, request, url_for
from flask.typing import ResponseReturnValue

from deliberate.answers import queries
from deliberate.answers.rules.answers import LONGEST_THEME
from deliberate.answers.rules.keys import Scope, theme_mark
from deliberate.kernel import htmx
from deliberate.kernel.forms import clean_line
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
        return queries.list_work(self.card.tenant_id, self.card.id)

    @property
    def seal(self) -> str:
        """What keys of this consultation's tables are checked with."""
        return f"{self.card.tenant_id}:{self.card.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class OnDesk:
    """One thing of the consultation, with its answer so far."""

    desk: Desk
    item: queries.Item

    @property
    def consultation_scope(self) -> int:
        return self.desk.consultation_scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowing:
    """What of a desk is looked at, as the address says it."""

    only_open: bool = False
    unit_id: int | None = None
    theme: str = ""

    @classmethod
    def of_request(cls) -> Narrowing:
        unit = request.args.get("komorka", "")
        return cls(
            only_open=request.args.get("pokaz") == "bez-stanowiska",
            unit_id=int(unit) if unit.isascii() and unit.isdigit() and len(unit) < 10 else None,
            theme=clean_line(request.args.get("temat"))[:LONGEST_THEME],
        )

    @property
    def scope(self) -> Scope:
        return Scope(unit_id=self.unit_id, theme=theme_mark(self.theme))

    @property
    def is_narrow(self) -> bool:
        return self.unit_id is not None or bool(self.theme)

    def holds(self, item: queries.Item) -> bool:
        if self.only_open and item.answer is not None:
            return False
        return self.scope.holds(unit_id=item.unit_id, theme=item.theme)

    def args(self, **changed: object) -> dict[str, object]:
        """Return the parts of an address that narrows likewise, but for what is changed."""
        parts: dict[str, object] = {
            "pokaz": "bez-stanowiska" if self.only_open else None,
            "komorka": self.unit_id,
            "temat": self.theme or None,
        }
        return parts | changed


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
