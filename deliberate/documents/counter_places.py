"""The places that an officer may type, and what was meant by what they typed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from deliberate.consultations.models import Consultation
from deliberate.documents import naming, texts
from deliberate.documents.content import Place
from deliberate.documents.models import Document
from deliberate.documents.naming import Named
from deliberate.kernel.i18n import say
from deliberate.kernel.texts import N_

UNKNOWN = N_("Nie ma w dokumencie miejsca „%(said)s”. Popraw albo zostaw puste: uwaga do całości.")
SEVERAL = N_("Pasuje kilka miejsc: %(places)s. Napisz dokładniej.")
WHICH = N_("Napisz, do którego dokumentu: %(places)s.")
MOST_NAMED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """All places of the documents that stand, read once for a page."""

    documents: Sequence[Document]
    units: Sequence[Named]

    @classmethod
    def of(cls, consultation: Consultation) -> Places:
        documents = [put.document for put in texts.list_standing(consultation)]
        return cls(
            documents=documents,
            units=[
                Named(
                    document_id=document.id,
                    number=row.number,
                    path=row.path,
                    document=document.title,
                )
                for document in documents
                for row in texts.list_places(document, document.version_no)
                if row.path
            ],
        )

    def options(self) -> list[str]:
        """Return what the list of suggestions offers."""
        return [self.called(unit) for unit in self.units]

    def called(self, unit: Named) -> str:
        return f"{unit.document}: {unit.path}" if len(self.documents) > 1 else unit.path

    def find(self, text: str) -> Place | str:
        """Return the place that was meant, or a sentence that says why it is not plain."""
        if not self.documents:
            return Place()
        title, rest = self._parted(text)
        inside = [document for document in self.documents if title in ("", document.title)]
        if naming.is_whole(rest):
            if len(inside) > 1:
                return say(WHICH, places=", ".join(document.title for document in inside))
            return Place(document_id=inside[0].id, version=inside[0].version_no)
        ids = {document.id for document in inside}
        found = naming.find_named(rest, [unit for unit in self.units if unit.document_id in ids])
        if not found:
            return say(UNKNOWN, said=text)
        if len(found) > 1:
            named = ", ".join(self.called(unit) for unit in found[:MOST_NAMED])
            return say(SEVERAL, places=named)
        return self._place(found[0])

    def _parted(self, text: str) -> tuple[str, str]:
        if len(self.documents) < 2:
            return "", text
        return naming.parted(text, [document.title for document in self.documents])

    def _place(self, unit: Named) -> Place:
        document = next(each for each in self.documents if each.id == unit.document_id)
        place = texts.place_in(document, document.version_no, unit.number)
        if place is None:
            raise ValueError(f"Unit {unit.number} is listed and not in document {document.id}.")
        return place
