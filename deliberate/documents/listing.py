"""Which list of remarks somebody wants: read from an address, strictly and without complaint.

What is not one of our words falls back to the default: an address from a letter never breaks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import TypeVar

from deliberate.algorithms.folding import stems
from deliberate.answers.positions import REMARK_LABELS, Position
from deliberate.documents.kinds import CHANNEL_LABELS, Channel, RemarkKind
from deliberate.kernel.texts import N_

E = TypeVar("E", bound=StrEnum)

LONGEST_SEARCH = 100
MOST_WORDS = 8
BIGGEST_NUMBER = 2**31 - 1

SEARCH, DOCUMENT, UNIT, KIND = "szukaj", "dokument", "jednostka", "rodzaj"
POSITION, CHANNEL, SAME = "stanowisko", "droga", "jednakowe"
WHOLE = "calosc"  # in place of a unit's number
NO_POSITION, WITHDRAWN = "brak", "wycofane"

# What addresses say, which is read by people.
KINDS: Mapping[str, RemarkKind] = MappingProxyType(
    {
        "zmiana": RemarkKind.CHANGE,
        "usuniecie": RemarkKind.REMOVAL,
        "dodanie": RemarkKind.ADDITION,
        "pytanie": RemarkKind.QUESTION,
        "ogolna": RemarkKind.GENERAL,
    }
)
POSITIONS: Mapping[str, Position] = MappingProxyType(
    {
        "uwzglednione": Position.ACCEPTED,
        "czesciowo": Position.PARTLY,
        "nieuwzglednione": Position.NOT_ACCEPTED,
        "poza-zakresem": Position.OUT_OF_SCOPE,
        "odpowiedz": Position.ANSWERED,
    }
)
CHANNELS: Mapping[str, Channel] = MappingProxyType(
    {
        "strona": Channel.WEB,
        "papier": Channel.PAPER,
        "e-mail": Channel.EMAIL,
        "telefon": Channel.TELEPHONE,
        "epuap": Channel.EPUAP,
        "e-doreczenia": Channel.E_DORECZENIA,
        "spotkanie": Channel.MEETING,
        "punkt": Channel.POINT,
    }
)
POSITION_NAMES: Mapping[str, str] = MappingProxyType(
    {
        NO_POSITION: N_("bez stanowiska"),
        **{word: REMARK_LABELS[position] for word, position in POSITIONS.items()},
        WITHDRAWN: N_("wycofane"),
    }
)
CHANNEL_NAMES: Mapping[str, str] = MappingProxyType(
    {word: CHANNEL_LABELS[channel] for word, channel in CHANNELS.items()}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """``unit``: number of a unit of ``document_id``; ``whole``: remarks on no unit of it.

    ``same``: number of a remark; those of the same words, one by one. Without it remarks that are
    alike stand as one row.
    """

    search: str = ""
    document_id: int | None = None
    unit: int | None = None
    whole: bool = False
    kind: RemarkKind | None = None
    position: str = ""  # a key of POSITION_NAMES, or ""
    channel: Channel | None = None
    same: int | None = None

    @property
    def words(self) -> list[str]:
        """Return what each remark found has to contain."""
        return stems(self.search)[:MOST_WORDS]

    @property
    def is_filtered(self) -> bool:
        return any(value is not None for value in self.address.values())

    @property
    def address(self) -> dict[str, str | int | None]:
        """Return the parameters of an address that ``read`` turns into this wish."""
        kinds = {kind: word for word, kind in KINDS.items()}
        channels = {channel: word for word, channel in CHANNELS.items()}
        return {
            SEARCH: self.search or None,
            DOCUMENT: self.document_id,
            UNIT: WHOLE if self.whole else self.unit,
            KIND: kinds[self.kind] if self.kind else None,
            POSITION: self.position or None,
            CHANNEL: channels[self.channel] if self.channel else None,
            SAME: self.same,
        }


def read(args: Mapping[str, str]) -> Wish:
    """Read the parameters of an address."""
    document_id, place = number(args.get(DOCUMENT)), args.get(UNIT)
    position = args.get(POSITION, "")
    return Wish(
        search=" ".join(args.get(SEARCH, "").split())[:LONGEST_SEARCH],
        document_id=document_id,
        unit=number(place) if document_id is not None else None,
        whole=place == WHOLE,
        kind=KINDS.get(args.get(KIND, "")),
        position=position if position in POSITION_NAMES else "",
        channel=CHANNELS.get(args.get(CHANNEL, "")),
        same=number(args.get(SAME)),
    )


def number(text: str | None) -> int | None:
    """Read a number of an address: what no row can have is nothing."""
    if not text or not text.isascii() or not text.isdigit() or len(text) > 10:
        return None
    return int(text) if 0 < int(text) <= BIGGEST_NUMBER else None
