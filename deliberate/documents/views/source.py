"""The file or the text that an officer sends, read and cut into units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import flash

from deliberate.accounts.current import get_person
from deliberate.algorithms import units
from deliberate.algorithms.units import Piece
from deliberate.consultations.models import Consultation
from deliberate.documents import reading
from deliberate.documents.forms import NO_FILE_ALONE, NO_SOURCE, SourceForm
from deliberate.documents.reading import BadDocument
from deliberate.kernel import files
from deliberate.kernel.filetypes import BadFile
from deliberate.kernel.i18n import say
from deliberate.kernel.models import StoredFile
from deliberate.kernel.storage import storage

MARKUP = (".html", ".htm", ".xhtml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What came: its units (None where the form says what is wrong), and the file to download.

    A file that is put up alone has no units. A file stays, whatever else is wrong.
    """

    pieces: Sequence[Piece] | None
    file: StoredFile | None


def read_source(consultation: Consultation, form: SourceForm) -> Source:
    """Read what came. Where a text is pasted beside a file, the text is cut and the file kept."""
    upload = form.upload.data
    name = files.clean_name(upload.filename) if upload and upload.filename else ""
    is_valid, file, markup = form.validate_on_submit(), None, b""
    try:
        if name.lower().endswith(MARKUP):  # read, but not kept: nobody downloads HTML from us
            markup, upload = upload.stream.read(), None
        file = files.receive(
            upload, form.upload_token.data, tenant_id=consultation.tenant_id, by=get_person().id
        )
    except BadFile as bad:
        form.upload.errors = [bad.message]
        return Source(pieces=None, file=None)
    if file is not None:
        form.upload_token.data = file.token
    if not is_valid:
        return Source(pieces=None, file=file)
    try:
        return Source(pieces=_cut(form, name, markup, file), file=file)
    except BadDocument as bad:
        form.upload.errors = [bad.message]
        return Source(pieces=None, file=file)


def _cut(form: SourceForm, name: str, markup: bytes, file: StoredFile | None) -> Sequence[Piece]:
    if form.whole.data:
        if file is None:
            raise BadDocument(NO_FILE_ALONE)
        return ()
    if form.pasted.data:
        found = reading.read_pasted(form.pasted.data)
    elif markup:
        found = reading.read(name, markup)
    elif file is not None:
        found = reading.read(file.name, storage().get(file.sha256))
    else:
        raise BadDocument(NO_SOURCE)
    for warning in found.warnings:
        flash(say(warning))
    return units.parse(found.paragraphs)
