"""What the pages of proposals share: their blueprint, and how an address becomes a proposal."""

from __future__ import annotations

from flask import Blueprint, url_for

from deliberate.consultations.current import open_published
from deliberate.consultations.models import Consultation
from deliberate.proposals import queries
from deliberate.proposals.models import Proposal

bp = Blueprint("proposals", __name__)

ALL = "/konsultacje/<slug>/propozycje"
# No number is larger: an address with one is an address of nothing, not an error of a database.
ONE = ALL + "/<int(max=2147483647):number>"


def load(slug: str, number: int) -> tuple[Consultation, Proposal]:
    """Return a proposal whose text may be shown, and its consultation; else 404."""
    consultation = open_published(slug)
    return consultation, queries.get_proposal(consultation, number)


def page_of(consultation: Consultation, proposal: Proposal) -> str:
    """Return the address of a proposal's page."""
    return url_for("proposals.show", slug=consultation.slug, number=proposal.number)
