"""Open data: the proposals of a consultation that may be shown, as CSV and as JSON.

Without names of people: a page shows them to who reads it, a file travels further. In whose name
a proposal was made stays, as an institution is no private person.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from deliberate.consultations.models import Consultation
from deliberate.kernel.sheets import Cell, csv_bytes
from deliberate.proposals import cost, queries
from deliberate.proposals.models import Proposal

HEADER = (
    "numer",
    "tytul",
    "miejsce",
    "uzasadnienie",
    "szczegoly",
    "koszt_zl",
    "czesc_gminy",
    "w_czyim_imieniu",
    "jezyk",
    "stan",
    "powod_stanu",
    "poparcia",
    "glosy_w_rozmowie",
    "zgloszona",
    "wersja",
)


def as_csv(consultation: Consultation, areas: Mapping[int, str]) -> bytes:
    """Return all as a table; ``areas``: names by id."""
    return csv_bytes(HEADER, _rows(consultation, areas))


def as_json(consultation: Consultation, areas: Mapping[int, str]) -> bytes:
    """Return the same rows as objects: texts as they were written, moments in UTC."""
    rows = [dict(zip(HEADER, row, strict=True)) for row in _rows(consultation, areas)]
    data = {"konsultacje": consultation.slug, "propozycje": rows}
    return json.dumps(data, ensure_ascii=False, default=str).encode()


def _rows(consultation: Consultation, areas: Mapping[int, str]) -> Iterator[list[Cell]]:
    return (_row(proposal, areas) for proposal in queries.iter_shown(consultation))


def _row(proposal: Proposal, areas: Mapping[int, str]) -> list[Cell]:
    return [
        proposal.number,
        proposal.title,
        proposal.place,
        proposal.reason,
        proposal.details,
        cost.write(proposal.cost),
        areas.get(proposal.area_id, "") if proposal.area_id else "",
        proposal.capacity_label,
        proposal.language,
        proposal.state,
        proposal.state_reason,
        proposal.supports,
        proposal.voices,
        proposal.created_at,
        proposal.version_no,
    ]
