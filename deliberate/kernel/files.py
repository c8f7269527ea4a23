"""Files that people hand in: checked by content, kept under their hash, shown with their thing.

A form gives ``receive`` the upload before anything else: the file is stored at once, unattached,
so that it is not lost when another field is wrong – the form comes back with its token. What is
still unattached after a day is removed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import PurePosixPath

from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from deliberate.kernel import clock, filetypes, ids, images, prose
from deliberate.kernel.db import db, transaction
from deliberate.kernel.filetypes import BadFile, FileType
from deliberate.kernel.jobs import Job
from deliberate.kernel.models import StoredFile
from deliberate.kernel.storage import storage
from deliberate.kernel.texts import N_
from deliberate.kernel.urls import slugify

PICTURES = frozenset({FileType.PNG, FileType.JPEG, FileType.WEBP})
PICTURE_MIMES = frozenset(kind.mime for kind in PICTURES)
ENDINGS = ",".join(f".{kind}" for kind in FileType) + ",.jpeg"
PICTURE_ENDINGS = ".png,.jpg,.jpeg,.webp"
LONGEST_NAME = 120
KEPT_UNATTACHED = timedelta(days=1)

ONLY_PICTURES = N_("Tu można dodać tylko zdjęcie: JPG, PNG albo WEBP.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """An upload whose bytes are checked and lie in the storage; no row yet."""

    sha256: str
    name: str
    media_type: str
    size: int
    width: int | None = None
    height: int | None = None


def receive(
    upload: FileStorage | None,
    token: str | None,
    *,
    tenant_id: int,
    by: int,
    only_pictures: bool = False,
) -> StoredFile | None:
    """Return the file of a form: the upload, stored now, or the one the form kept by its token.

    None when the form has neither. Raises BadFile. Opens a transaction of its own.
    """
    if upload is None or not upload.filename:
        return find_unattached(tenant_id, token, by=by)
    prepared = prepare(upload, only_pictures=only_pictures)
    with transaction():
        return keep(prepared, tenant_id=tenant_id, by=by)


def prepare(upload: FileStorage, *, only_pictures: bool = False) -> Prepared:
    """Check an upload and write its bytes; slow, so before any transaction. Raises BadFile."""
    data = upload.stream.read(filetypes.MOST_BYTES + 1)
    name = clean_name(upload.filename or "")
    kind = filetypes.sniff(data, name)
    if kind not in PICTURES:
        if only_pictures:
            raise BadFile(ONLY_PICTURES)
        return Prepared(sha256=storage().put(data), name=name, media_type=kind.mime, size=len(data))
    picture = images.read_picture(data)
    return Prepared(
        sha256=storage().put(picture.content),
        name=name,
        media_type=picture.type.mime,
        size=len(picture.content),
        width=picture.width,
        height=picture.height,
    )


def keep(prepared: Prepared, *, tenant_id: int, by: int | None, alt: str = "") -> StoredFile:
    """Add the row, unattached, to the caller's transaction."""
    row = StoredFile(
        tenant_id=tenant_id,
        token=ids.new_token(),
        sha256=prepared.sha256,
        name=prepared.name,
        media_type=prepared.media_type,
        size=prepared.size,
        width=prepared.width,
        height=prepared.height,
        alt=alt,
        uploaded_by=by,
        uploaded_at=clock.now(),
    )
    db.session.add(row)
    db.session.flush()
    return row


def attach(file: StoredFile, kind: str, subject_id: int) -> None:
    """Make the file part of a thing: from now on it is seen while the thing is."""
    file.subject_kind, file.subject_id = kind, subject_id


def detach(file: StoredFile) -> None:
    """Take the file from its thing; it goes with the next daily removal."""
    file.subject_kind = file.subject_id = None


def find_file(tenant_id: int, token: str) -> StoredFile | None:
    return db.session.scalar(
        select(StoredFile).where(StoredFile.tenant_id == tenant_id, StoredFile.token == token)
    )


def find_unattached(tenant_id: int, token: str | None, *, by: int) -> StoredFile | None:
    """Return a file that this person handed in here and that belongs to nothing yet."""
    found = find_file(tenant_id, token) if token else None
    if found is None or found.subject_kind is not None or found.uploaded_by != by:
        return None
    return found


def list_files(tenant_id: int, kind: str, subject_id: int) -> Sequence[StoredFile]:
    """Return the files of a thing in the order in which they came."""
    return db.session.scalars(
        select(StoredFile)
        .where(
            StoredFile.tenant_id == tenant_id,
            StoredFile.subject_kind == kind,
            StoredFile.subject_id == subject_id,
        )
        .order_by(StoredFile.id)
    ).all()


def is_picture(file: StoredFile) -> bool:
    return file.media_type in PICTURE_MIMES


def url_name(file: StoredFile) -> str:
    """Return the last part of a file's address: readable, never trusted."""
    name = PurePosixPath(file.name)
    return f"{slugify(name.stem)}{name.suffix.lower()}"


def clean_name(name: str) -> str:
    """Return a name fit to be shown and to be saved under: one line, no path, its ending kept."""
    line = " ".join(prose.clean(name).split())
    line = _PATH_OR_RESERVED.sub("_", line).strip(" ._")
    # A name of dots and signs only leaves nothing; the ending still tells what the file is.
    stem, dot, ending = line.rpartition(".")
    if not dot:
        return line[:LONGEST_NAME] or "plik"
    room = LONGEST_NAME - len(ending) - 1
    return f"{stem[:room].rstrip() or 'plik'}.{ending}" if 0 < len(ending) <= 10 else "plik"


# What systems read as a path or forbid in names; shown names need none of them.
_PATH_OR_RESERVED = re.compile(r'[\\/:*?"<>|]')


def remove_unattached(now: datetime) -> int:
    """Remove what was handed in a day ago and belongs to nothing. Returns how many.

    Bytes go only when no other row has the same: one content lies in the storage once.
    """
    with transaction():
        old = db.session.scalars(
            select(StoredFile).where(
                StoredFile.subject_kind.is_(None), StoredFile.uploaded_at < now - KEPT_UNATTACHED
            )
        ).all()
        hashes = {row.sha256 for row in old}
        for row in old:
            db.session.delete(row)
        db.session.flush()
        still = set(
            db.session.scalars(select(StoredFile.sha256).where(StoredFile.sha256.in_(hashes)))
        )
    for sha256 in sorted(hashes - still):
        storage().remove(sha256)
    return len(old)


def _remove(_payload: Mapping[str, object]) -> None:
    remove_unattached(clock.now())


REMOVE_UNATTACHED = Job(name="files.remove_unattached", run=_remove, daily=True)
