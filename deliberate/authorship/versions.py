"""How a text stood after each change, and what changed, word by word.

A version may be shown only while its text is: whoever reads one looks at the subject first.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from deliberate.algorithms.worddiff import Kind, word_diff
from deliberate.authorship.actions import CLOSED_ACCOUNT
from deliberate.authorship.models import Version
from deliberate.kernel.db import db


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """One field in two versions: ``pieces`` in order of reading, removed before added."""

    field: str
    pieces: Sequence[tuple[Kind, str]]

    @property
    def changed(self) -> bool:
        return any(kind is not Kind.SAME for kind, _ in self.pieces)


def save(  # noqa: PLR0917 - in the order of the row's columns
    tenant_id: int,
    kind: str,
    subject_id: int,
    no: int,
    fields: Mapping[str, str],
    author_id: int | None,
    author_label: str,
    at: datetime,
    note: str = "",
) -> None:
    """Keep how the text stands now, as version ``no``; 1 is the first.

    Two people who change the same version at once meet at the unique key.
    """
    row = Version(
        tenant_id=tenant_id,
        kind=kind,
        subject_id=subject_id,
        no=no,
        fields=json.dumps(dict(fields), ensure_ascii=False),
        note=note,
        author_id=author_id,
        author_label=author_label,
        at=at,
    )
    db.session.add(row)
    db.session.flush()


def list_versions(tenant_id: int, kind: str, subject_id: int) -> Sequence[Version]:
    """Return all versions of a text, the newest first."""
    return db.session.scalars(
        select(Version)
        .where(
            Version.tenant_id == tenant_id, Version.kind == kind, Version.subject_id == subject_id
        )
        .order_by(Version.no.desc())
    ).all()


def fields_of(version: Version) -> dict[str, str]:
    """Return the texts of a version by field, in the order in which they were saved."""
    fields: dict[str, str] = json.loads(version.fields)
    return fields


def compare(old: Mapping[str, str], new: Mapping[str, str]) -> list[FieldChange]:
    """Return every field of both, in the order of ``new``, then what only ``old`` has."""
    names = [*new, *(name for name in old if name not in new)]
    return [
        FieldChange(field=name, pieces=word_diff(old.get(name, ""), new.get(name, "")))
        for name in names
    ]


def list_steps(
    tenant_id: int, kind: str, subject_id: int
) -> list[tuple[Version, list[FieldChange]]]:
    """Return all versions of a text, the newest first, each with what it changed.

    The first one changed nothing into something: all its words are added.
    """
    kept = list_versions(tenant_id, kind, subject_id)
    fields = [fields_of(version) for version in kept]
    earlier: list[dict[str, str]] = [*fields[1:], {}]
    return [
        (version, compare(old, new))
        for version, new, old in zip(kept, fields, earlier, strict=False)
    ]


def forget_author(person_id: int) -> None:
    """Take the name from the versions of somebody who closed their account."""
    own = Version.author_id == person_id
    for tenant_id in db.session.scalars(select(Version.tenant_id).where(own).distinct()).all():
        db.session.execute(
            update(Version)
            .where(own, Version.tenant_id == tenant_id)
            .values(author_label=CLOSED_ACCOUNT)
            .execution_options(touches=tenant_id)
        )
