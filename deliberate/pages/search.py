"""Searching the whole municipality: consultations, proposals, remarks, voices that may be shown.

Case and Polish signs do not matter. Each word must occur; five queries, whatever is found.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute

from deliberate.access.decorators import public
from deliberate.algorithms.folding import fold
from deliberate.consultations import queries as consultations
from deliberate.consultations.models import Consultation
from deliberate.consultations.states import PUBLIC
from deliberate.consultations.tiles import Tile, tiles
from deliberate.discussion import queries as discussion
from deliberate.discussion.models import Contribution
from deliberate.documents import queries as documents
from deliberate.documents.models import Remark
from deliberate.kernel import clock
from deliberate.kernel.db import db
from deliberate.kernel.forms import clean_line
from deliberate.pages.blueprint import bp
from deliberate.petitions import queries as registers
from deliberate.petitions.models import Entry
from deliberate.proposals.models import Proposal
from deliberate.subjects.visibility import shown
from deliberate.tenancy.current import current_tenant
from deliberate.tenancy.models import Municipality

LONGEST = 100
MOST_WORDS = 6
MOST = 20  # of each kind; more means: type more


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What was found, of each kind at most MOST."""

    consultations: Sequence[Tile]
    proposals: Sequence[tuple[Proposal, str]]
    remarks: Sequence[tuple[Remark, str, str | None]]  # with its consultation and position
    voices: Sequence[Contribution]
    entries: Sequence[Entry]  # of the public registers

    @property
    def any(self) -> bool:
        found = (self.consultations, self.proposals, self.remarks, self.voices, self.entries)
        return any(found)


@bp.get("/szukaj")
@public
def search() -> ResponseReturnValue:
    tenant = current_tenant()
    typed = clean_line(request.args.get("szukaj"))[:LONGEST]
    words = fold(typed).split()[:MOST_WORDS]
    found = find(tenant, words) if words else None
    return render_template("pages/search.html", typed=typed, found=found, most=MOST)


def find(tenant: Municipality, words: Sequence[str]) -> Found:
    return Found(
        consultations=_consultations(tenant, words),
        proposals=_proposals(tenant, words),
        remarks=documents.search(tenant, words, MOST),
        voices=_voices(tenant, words),
        entries=registers.search(tenant, words, MOST),
    )


def _consultations(tenant: Municipality, words: Sequence[str]) -> Sequence[Tile]:
    # A municipality has tens of them, so their texts are folded here and not kept folded.
    listed = tiles(consultations.list_public(tenant), clock.now())
    return [tile for tile in listed if _holds(tile, words)][:MOST]


def _holds(tile: Tile, words: Sequence[str]) -> bool:
    row, said = tile.consultation, tile.words
    texts = (row.title, row.summary, row.can_change, row.cannot_change, said.title, said.summary)
    text = fold(" ".join(texts))
    return all(word in text for word in words)


def _proposals(tenant: Municipality, words: Sequence[str]) -> Sequence[tuple[Proposal, str]]:
    rows = db.session.execute(
        select(Proposal, Consultation.slug)
        .join(Consultation, Consultation.id == Proposal.consultation_id)
        .where(
            Proposal.tenant_id == tenant.id,
            Consultation.state.in_(sorted(PUBLIC)),
            shown(Proposal),
            *_contains(Proposal.folded, words),
        )
        .order_by(Proposal.supports.desc(), Proposal.id.desc())
        .limit(MOST)
    )
    return [(proposal, slug) for proposal, slug in rows]


def _voices(tenant: Municipality, words: Sequence[str]) -> Sequence[Contribution]:
    """Return what was said under things that are shown themselves, the latest first."""
    return db.session.scalars(
        select(Contribution)
        .join(Consultation, Consultation.id == Contribution.consultation_id)
        .where(
            Contribution.tenant_id == tenant.id,
            Consultation.state.in_(sorted(PUBLIC)),
            discussion.in_public(),
            *_contains(Contribution.folded, words),
        )
        .order_by(Contribution.id.desc())
        .limit(MOST)
    ).all()


def _contains(
    column: InstrumentedAttribute[str], words: Sequence[str]
) -> list[ColumnElement[bool]]:
    return [column.contains(word, autoescape=True) for word in words]
