"""A document as everyone reads it: units on demand, the remarks on each, versions and changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from deliberate.access.decorators import public
from deliberate.consultations.models import Consultation
from deliberate.consultations.tiles import tile
from deliberate.documents import listing, public_list, texts
from deliberate.documents.models import Document, DocumentVersion
from deliberate.documents.views.common import ONE, bp, load_document
from deliberate.kernel import clock, files, htmx
from deliberate.kernel.db import db
from deliberate.kernel.models import StoredFile
from deliberate.kernel.pagination import PageOf, page_number
from deliberate.subjects.activities import Activity
from deliberate.subjects.gate import gate
from deliberate.tenancy import kept

MOST_OF_UNIT = 20  # remarks shown beside a unit; the rest on the page of all remarks


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which part of a document an address asks for. ``whole``: all of it, to print."""

    version: int
    page: int
    whole: bool


@bp.get(ONE)
@public
def show(slug: str, document_id: int) -> ResponseReturnValue:
    consultation, document = load_document(slug, document_id)
    asked = _read(consultation, document)
    total = kept.look_once(
        ("units", document.id, asked.version),
        lambda: texts.count_units(document, asked.version),
    )
    last = max(1, -(-total // texts.PER_PAGE))
    page = min(asked.page, last)
    start, most = ((page - 1) * texts.PER_PAGE, texts.PER_PAGE)
    if asked.whole:
        start, most, page = 0, max(total, 1), 1
    units = texts.list_units(document, asked.version, start=start, most=most)
    context = {
        "consultation": consultation,
        "document": document,
        "version": asked.version,
        "whole": asked.whole,
        "page": PageOf(items=units, number=page, total=total, per_page=most),
        "gate": gate(document.tenant_id, consultation.id, Activity.REMARK, now=clock.now()),
    }
    if htmx.is_htmx():
        return render_template("documents/_units.html", **context)
    return render_template(
        "documents/show.html", **context, **_around(consultation, document, asked.version)
    )


def _around(consultation: Consultation, document: Document, version: int) -> dict[str, object]:
    versions, file = kept.look_once(
        ("versions", document.id), lambda: _versions_and_file(consultation, document)
    )
    return {
        "tile": tile(consultation, clock.now()),
        "contents": kept.look_once(
            ("contents", document.id, version), lambda: texts.list_contents(document, version)
        ),
        "per_page": texts.PER_PAGE,
        "versions": versions,
        "file": file,
        "file_name": files.url_name,
    }


def _versions_and_file(
    consultation: Consultation, document: Document
) -> tuple[Sequence[DocumentVersion], StoredFile | None]:
    """Return both as rows of no session, so that they may be kept."""
    versions = texts.public_versions(consultation, texts.list_versions(document))
    file = db.session.get(StoredFile, document.file_id or 0)
    for row in (*versions, file):
        if row is not None:
            db.session.expunge(row)
    return versions, file


def _read(consultation: Consultation, document: Document) -> Asked:
    """Read the address: ``jednostka`` leads to the page that has the unit.

    Where the present version does not have it any more, to the last one that has.
    """
    version = listing.number(request.args.get("wersja")) or document.version_no
    if not texts.is_public(consultation, document, version):
        abort(404)
    page = page_number(request.args.get("strona"))
    number = listing.number(request.args.get("jednostka"))
    if number is not None and "wersja" not in request.args:
        unit = texts.find_last_place(consultation, document, number)
        if unit is not None:
            version, page = unit.version_no, (unit.position - 1) // texts.PER_PAGE + 1
    return Asked(version=version, page=page, whole="calosc" in request.args)


@bp.get(ONE + "/jednostki/<int(max=2147483647):number>/uwagi")
@public
def unit_remarks(slug: str, document_id: int, number: int) -> ResponseReturnValue:
    """Give the remarks on one unit: a part of the page for HTMX, the whole list for anyone else."""
    consultation, document = load_document(slug, document_id)
    unit = texts.find_last_place(consultation, document, number) or abort(404)
    if not htmx.is_htmx():
        return redirect(
            url_for("documents.remarks", slug=slug, dokument=document.id, jednostka=number)
        )
    return render_template(
        "documents/_of_unit.html",
        consultation=consultation,
        document=document,
        unit=unit,
        remarks=public_list.list_of_unit(consultation, unit.unit_id, MOST_OF_UNIT),
    )


@bp.get(ONE + "/wersje")
@public
def versions(slug: str, document_id: int) -> ResponseReturnValue:
    consultation, document = load_document(slug, document_id)
    return render_template(
        "documents/versions.html",
        consultation=consultation,
        document=document,
        versions=texts.public_versions(consultation, texts.list_versions(document)),
        kept_files=_files(document),
        file_name=files.url_name,
    )


def _files(document: Document) -> dict[int, StoredFile]:
    uploaded = files.list_files(document.tenant_id, "document", document.id)
    return {file.id: file for file in uploaded}


@bp.get(ONE + "/zmiany")
@public
def changes(slug: str, document_id: int) -> ResponseReturnValue:
    """Show what is different between two versions; without an address, the last two."""
    consultation, document = load_document(slug, document_id)
    new = listing.number(request.args.get("do")) or document.version_no
    old = listing.number(request.args.get("od")) or new - 1
    first = texts.first_public(consultation, document)
    if not first <= old < new <= document.version_no:
        abort(404)
    compared = texts.compare(texts.list_units(document, old), texts.list_units(document, new))
    return render_template(
        "documents/changes.html",
        consultation=consultation,
        document=document,
        old=old,
        new=new,
        changes=compared,
    )
