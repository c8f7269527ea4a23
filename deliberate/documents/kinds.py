"""The closed lists of documents and remarks: pure, so that rules and tables read the same words."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from deliberate.kernel.texts import N_

KIND = "remark"  # key of the subject kind
DOCUMENT = "document"  # key of the subject kind of documents
DRAFT = "document_draft"  # of what is prepared: its file is nobody else's business yet


class Level(StrEnum):
    """What a unit of a document is, from the widest to the narrowest."""

    HEADING = "heading"  # rozdział, dział, tytuł części
    PARAGRAPH = "paragraph"  # § 6
    SECTION = "section"  # ust. 2
    POINT = "point"  # pkt 3
    LETTER = "letter"  # lit. a
    TEXT = "text"  # an akapit without a number


class RemarkKind(StrEnum):
    """What a remark asks for."""

    CHANGE = "change"
    REMOVAL = "removal"
    ADDITION = "addition"
    QUESTION = "question"
    GENERAL = "general"


class RemarkState(StrEnum):
    """A remark is never removed: withdrawn it stays listed as withdrawn."""

    GIVEN = "given"
    WITHDRAWN = "withdrawn"


STEPS: dict[str, tuple[str, ...]] = {
    RemarkState.GIVEN: (RemarkState.WITHDRAWN,),
    RemarkState.WITHDRAWN: (),
}


class Channel(StrEnum):
    """How a remark reached the office."""

    WEB = "web"
    PAPER = "paper"
    EMAIL = "email"
    TELEPHONE = "telephone"
    EPUAP = "epuap"
    E_DORECZENIA = "edoreczenia"
    MEETING = "meeting"
    POINT = "point"  # punkt konsultacyjny


KIND_LABELS: Mapping[RemarkKind, str] = MappingProxyType(
    {
        RemarkKind.CHANGE: N_("zmiana"),
        RemarkKind.REMOVAL: N_("usunięcie"),
        RemarkKind.ADDITION: N_("dodanie"),
        RemarkKind.QUESTION: N_("pytanie"),
        RemarkKind.GENERAL: N_("uwaga ogólna"),
    }
)
LEVEL_LABELS: Mapping[Level, str] = MappingProxyType(
    {
        Level.HEADING: N_("nagłówek, rozdział"),
        Level.PARAGRAPH: N_("paragraf albo artykuł"),
        Level.SECTION: N_("ustęp"),
        Level.POINT: N_("punkt"),
        Level.LETTER: N_("litera"),
        Level.TEXT: N_("akapit bez numeru"),
    }
)
CHANNEL_LABELS: Mapping[Channel, str] = MappingProxyType(
    {
        Channel.WEB: N_("przez stronę"),
        Channel.PAPER: N_("na papierze"),
        Channel.EMAIL: N_("e-mailem"),
        Channel.TELEPHONE: N_("telefonicznie"),
        Channel.EPUAP: N_("przez ePUAP"),
        Channel.E_DORECZENIA: N_("przez e-Doręczenia"),
        Channel.MEETING: N_("na spotkaniu"),
        Channel.POINT: N_("w punkcie konsultacyjnym"),
    }
)
