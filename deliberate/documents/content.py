"""What a remark says, and where in a document it stands."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from deliberate.algorithms import samewords
from deliberate.algorithms.folding import words
from deliberate.documents.kinds import KIND_LABELS, RemarkKind
from deliberate.documents.models import Remark
from deliberate.kernel.texts import N_

# Keys of a version's fields, in the order in which pages show them.
FIELD_LABELS: Mapping[str, str] = MappingProxyType(
    {
        "place": N_("Do czego"),
        "kind": N_("Rodzaj uwagi"),
        "wording": N_("Proponowane brzmienie"),
        "body": N_("Dlaczego"),
    }
)
WHOLE = N_("całość")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A unit of a document as its author read it; without a unit, the whole document.

    ``path`` is how the place was called on that day, "" for the whole; ``text`` what stood there.
    """

    document_id: int | None = None
    version: int | None = None
    unit_id: int | None = None
    number: int | None = None
    path: str = ""
    text: str = ""

    @property
    def key(self) -> str:
        """Return what tells places apart, the same over versions of a document."""
        return f"{self.document_id or ''}:{self.unit_id or ''}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """``wording`` is what should stand there, ``body`` why, or all there is to say."""

    place: Place
    kind: RemarkKind
    wording: str = ""
    body: str = ""
    language: str = "pl"

    @property
    def folded(self) -> str:
        """Return the words by which the remark is found."""
        return " ".join(words(f"{self.place.path} {self.wording} {self.body}"))

    @property
    def same_as(self) -> str:
        """Return what remarks share that say the same of the same place: one mass letter."""
        said = samewords.key(f"{self.wording}\n{self.body}")
        return hashlib.sha256(f"{self.place.key}\n{said}".encode()).hexdigest()

    def fields(self) -> dict[str, str]:
        """Return the texts that a version keeps."""
        return {
            "place": self.place.path or WHOLE,
            "kind": KIND_LABELS[self.kind],
            "wording": self.wording,
            "body": self.body,
        }


def content_of(remark: Remark) -> Content:
    """Return what the remark says now."""
    return Content(
        place=Place(
            document_id=remark.document_id,
            version=remark.document_version,
            unit_id=remark.on_unit_id,
            path=remark.place,
        ),
        kind=RemarkKind(remark.kind),
        wording=remark.wording,
        body=remark.body,
        language=remark.language,
    )


def write_into(remark: Remark, content: Content) -> None:
    place = content.place
    remark.document_id = place.document_id
    remark.document_version = place.version
    remark.on_unit_id = place.unit_id
    remark.place = place.path
    remark.kind = content.kind
    remark.wording = content.wording
    remark.body = content.body
    remark.language = content.language
    remark.folded = content.folded
    remark.same_as = content.same_as
