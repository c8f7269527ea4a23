"""What the pages of documents share: their blueprint, and how addresses become things."""

from __future__ import annotations

from flask import Blueprint, url_for

from deliberate.consultations.current import open_consultation, open_published
from deliberate.consultations.models import Consultation
from deliberate.documents import queries, texts
from deliberate.documents.models import Document, Remark

bp = Blueprint("documents", __name__)

# No number is larger: an address with one is an address of nothing, not an error of a database.
NUMBER = "int(max=2147483647)"
DOCUMENTS = "/konsultacje/<slug>/dokumenty"
ONE = f"{DOCUMENTS}/<{NUMBER}:document_id>"
REMARKS = "/konsultacje/<slug>/uwagi"
REMARK = f"{REMARKS}/<{NUMBER}:number>"


def load_document(slug: str, document_id: int) -> tuple[Consultation, Document]:
    """Return a document that stands, and its consultation; a draft's to the office alone."""
    consultation = open_consultation(slug)
    return consultation, texts.get_document(consultation, document_id)


def load_remark(slug: str, number: int) -> tuple[Consultation, Remark]:
    """Return a remark whose text may be shown, and its consultation; else 404."""
    consultation = open_published(slug)
    return consultation, queries.get_remark(consultation, number)


def page_of(consultation: Consultation, remark: Remark) -> str:
    """Return the address of a remark's page."""
    return url_for("documents.remark", slug=consultation.slug, number=remark.number)
