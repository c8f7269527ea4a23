"""The officer's side of documents: read in, cut by hand, look at what changes, keep."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from deliberate.access.decorators import requires
from deliberate.consultations import queries as consultations
from deliberate.consultations.models import Consultation
from deliberate.consultations.permissions import Permission
from deliberate.consultations.states import UNPUBLISHED
from deliberate.documents import preparing, reading, rules, texts
from deliberate.documents.forms import KeepForm, NewDocumentForm, NewVersionForm, Revision
from deliberate.documents.models import Document
from deliberate.documents.views.common import NUMBER, bp
from deliberate.documents.views.source import read_source
from deliberate.kernel import clock, files, htmx
from deliberate.kernel.actor import current_actor
from deliberate.kernel.db import db, transaction
from deliberate.kernel.models import StoredFile
from deliberate.kernel.pagination import PageOf, page_number
from deliberate.kernel.refusals import Refusal, Refused
from deliberate.kernel.texts import N_
from deliberate.tenancy.current import current_tenant

DESK = "/urzad/konsultacje/<slug>/dokumenty"
DOCUMENT = f"{DESK}/<{NUMBER}:document_id>"
DRAFT = f"{DOCUMENT}/szkic"
PER_PAGE = 50  # units in preparation on one page
ENDINGS = ",".join(reading.ACCEPTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A document with its consultation: what @requires looks at."""

    consultation: Consultation
    document: Document

    @property
    def consultation_scope(self) -> int:
        return self.consultation.id


def load(slug: str) -> Consultation:
    """Load for @requires: any state, through the municipality."""
    return consultations.get_any(current_tenant(), slug)


def load_document(slug: str, document_id: int) -> Prepared:
    consultation = load(slug)
    document = texts.find_document(consultation, document_id) or abort(404)
    return Prepared(consultation=consultation, document=document)


# All documents of a consultation, and a new one.


@bp.get(DESK)
@requires(Permission.EDIT, on=load)
def desk(consultation: Consultation) -> ResponseReturnValue:
    form = NewDocumentForm(formdata=None, data={"language": "pl"})
    return _index(consultation, form)


@bp.post(DESK)
@requires(Permission.EDIT, on=load)
def desk_start(consultation: Consultation) -> ResponseReturnValue:
    form = NewDocumentForm()
    source = read_source(consultation, form)
    if source.pieces is None:
        return _index(consultation, form, file=source.file, code=422)
    actor, now = current_actor(), clock.now()
    try:
        with transaction():
            document = preparing.start(
                consultation,
                title=form.title.data,
                language=form.language.data,
                actor=actor,
                now=now,
            )
            preparing.read_in(
                consultation, document, source.pieces, source.file, based_on=document.revision
            )
    except Refused as refused:
        return _index(consultation, form, file=source.file, refusal=refused.refusal, code=409)
    return htmx.done(
        N_("Dokument jest wczytany. Sprawdź podział i zachowaj."), to=_draft(document, consultation)
    )


def _index(
    consultation: Consultation,
    form: NewDocumentForm,
    *,
    file: StoredFile | None = None,
    refusal: Refusal | None = None,
    code: int = 200,
) -> ResponseReturnValue:
    puts = texts.list_documents(consultation)
    rendered = render_template(
        "documents/desk/index.html",
        consultation=consultation,
        puts=puts,
        prepared={put.document.id for put in puts if preparing.has_draft(put.document)},
        form=form,
        file=file,
        file_name=files.url_name,
        endings=ENDINGS,
        refusal=refusal or preparing.refusal_of(consultation),
        may_remove=consultation.state in UNPUBLISHED,
    )
    return rendered, code


# What is prepared.


@bp.get(DRAFT)
@requires(Permission.EDIT, on=load_document)
def desk_draft(prepared: Prepared) -> ResponseReturnValue:
    return _draft_page(prepared)


@bp.post(DRAFT)
@requires(Permission.EDIT, on=load_document)
def desk_copy(prepared: Prepared) -> ResponseReturnValue:
    """Prepare what stands, to cut it otherwise."""
    return press(prepared, preparing.copy, N_("Możesz zmienić podział."))


@bp.post(DRAFT + "/porzucenie")
@requires(Permission.EDIT, on=load_document)
def desk_discard(prepared: Prepared) -> ResponseReturnValue:
    to = url_for("documents.desk", slug=prepared.consultation.slug)
    return press(prepared, preparing.discard, N_("Przygotowana wersja jest porzucona."), to=to)


@bp.post(DRAFT + "/zachowanie")
@requires(Permission.EDIT, on=load_document)
def desk_keep(prepared: Prepared) -> ResponseReturnValue:
    form = KeepForm()
    if not form.validate_on_submit():
        return _draft_page(prepared, form=form, code=422)
    try:
        with transaction():
            version = preparing.keep(
                prepared.consultation,
                prepared.document,
                title=form.title.data,
                note=form.note.data or "",
                based_on=form.revision.data,
                actor=current_actor(),
                now=clock.now(),
            )
    except Refused as refused:
        return _draft_page(prepared, form=form, refusal=refused.refusal, code=409)
    return htmx.done(
        N_("Wersja %(no)d jest zachowana."),
        to=url_for("documents.desk", slug=prepared.consultation.slug),
        no=version,
    )


def _draft_page(
    prepared: Prepared,
    *,
    form: KeepForm | None = None,
    refusal: Refusal | None = None,
    code: int = 200,
) -> ResponseReturnValue:
    consultation, document = prepared.consultation, prepared.document
    version = document.version_no + 1
    total = texts.count_units(document, version)
    if not total and document.draft_file_id is None:
        abort(404)
    if form is None:
        form = KeepForm(formdata=None, data={"title": document.title})
    form.revision.data, form.revision.raw_data = document.revision, None
    last = max(1, -(-total // PER_PAGE))
    number = min(page_number(request.args.get("strona")), last)
    shown = texts.list_units(document, version, start=(number - 1) * PER_PAGE, most=PER_PAGE)
    shows_changes = document.version_no > 0 and request.args.get("pokaz") != "podzial"
    rendered = render_template(
        "documents/desk/draft.html",
        consultation=consultation,
        document=document,
        page=PageOf(items=shown, number=number, total=total, per_page=PER_PAGE),
        shows_changes=shows_changes,
        changes=_changes(document) if shows_changes else [],
        form=form,
        file=db.session.get(StoredFile, document.draft_file_id or 0),
        file_name=files.url_name,
        refusal=refusal or preparing.refusal_of(consultation),
    )
    return rendered, code


def _changes(document: Document) -> list[texts.Change]:
    standing = texts.list_units(document, document.version_no)
    return texts.compare(standing, texts.list_units(document, document.version_no + 1))


# A new version, and taking a document away.


@bp.get(DOCUMENT + "/nowa-wersja")
@requires(Permission.EDIT, on=load_document)
def desk_version(prepared: Prepared) -> ResponseReturnValue:
    return _version_page(prepared, NewVersionForm(formdata=None))


@bp.post(DOCUMENT + "/nowa-wersja")
@requires(Permission.EDIT, on=load_document)
def desk_read_in(prepared: Prepared) -> ResponseReturnValue:
    consultation, document, form = prepared.consultation, prepared.document, NewVersionForm()
    source = read_source(consultation, form)
    if source.pieces is None:
        return _version_page(prepared, form, file=source.file, code=422)
    try:
        with transaction():
            preparing.read_in(
                consultation, document, source.pieces, source.file, based_on=form.revision.data
            )
    except Refused as refused:
        return _version_page(prepared, form, file=source.file, refusal=refused.refusal, code=409)
    return htmx.done(
        N_("Dokument jest wczytany. Sprawdź podział i zachowaj."), to=_draft(document, consultation)
    )


@bp.post(DOCUMENT + "/usuniecie")
@requires(Permission.EDIT, on=load_document)
def desk_remove(prepared: Prepared) -> ResponseReturnValue:
    def remove(consultation: Consultation, document: Document, *, based_on: int) -> None:
        preparing.remove(
            consultation, document, based_on=based_on, actor=current_actor(), now=clock.now()
        )

    to = url_for("documents.desk", slug=prepared.consultation.slug)
    return press(prepared, remove, N_("Dokument jest usunięty."), to=to)


def _version_page(
    prepared: Prepared,
    form: NewVersionForm,
    *,
    file: StoredFile | None = None,
    refusal: Refusal | None = None,
    code: int = 200,
) -> ResponseReturnValue:
    document = prepared.document
    form.revision.data, form.revision.raw_data = document.revision, None
    rendered = render_template(
        "documents/desk/version.html",
        consultation=prepared.consultation,
        document=document,
        form=form,
        file=file,
        endings=ENDINGS,
        refusal=refusal or preparing.refusal_of(prepared.consultation),
    )
    return rendered, code


# What the buttons share.


def press(
    prepared: Prepared, act: Callable[..., None], status: str, *, to: str | None = None
) -> ResponseReturnValue:
    """Do what a button asks, for an officer who saw the document as it stands."""
    form = Revision()
    if not form.validate_on_submit():
        raise Refused(rules.CHANGED_MEANWHILE)
    with transaction():
        act(prepared.consultation, prepared.document, based_on=form.revision.data)
    return htmx.done(status, to=to or _draft(prepared.document, prepared.consultation))


def _draft(document: Document, consultation: Consultation) -> str:
    return url_for("documents.desk_draft", slug=consultation.slug, document_id=document.id)
