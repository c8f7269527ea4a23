"""A table of letters that came elsewhere: read row by row, compared with what is entered. Pure.

The same table again adds nothing: a row is known by how it came, when, from whom and what it says.
Rows that are alike are as many letters as there are rows.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from deliberate.algorithms.folding import fold
from deliberate.authorship.models import Capacity
from deliberate.documents.kinds import Channel, RemarkKind
from deliberate.kernel.texts import N_

CHANNEL, DAY = N_("Jak przyszła"), N_("Data wpływu")
WHO, LABEL = N_("Od kogo"), N_("Podpis publiczny")
PLACE, KIND = N_("Miejsce"), N_("Rodzaj")
BODY, WORDING = N_("Treść uwagi"), N_("Proponowane brzmienie")
NAME, ADDRESS, EMAIL = N_("Imię i nazwisko"), N_("Adres"), N_("E-mail")
PHONE, CASE = N_("Telefon"), N_("Znak sprawy")
COLUMNS = (
    CHANNEL, DAY, WHO, LABEL, PLACE, KIND, BODY, WORDING, NAME, ADDRESS, EMAIL, PHONE, CASE,
)  # fmt: skip
NEEDED = (CHANNEL, DAY, LABEL, BODY)

LONGEST: Mapping[str, int] = MappingProxyType(
    {
        LABEL: 80, PLACE: 120, BODY: 4000, WORDING: 8000, NAME: 120, ADDRESS: 200, EMAIL: 254,
        PHONE: 40, CASE: 40,
    }
)  # fmt: skip
CHANNEL_WORDS: Mapping[str, Channel] = MappingProxyType(
    {
        fold(word): channel
        for channel, words in {
            Channel.PAPER: ("papier", "na papierze", "list", "poczta", "paper", "папір"),
            Channel.EMAIL: ("e-mail", "email", "mail", "e-mailem", "poczta elektroniczna"),
            Channel.TELEPHONE: ("telefon", "telefonicznie", "telephone", "phone", "телефон"),
            Channel.EPUAP: ("epuap", "przez epuap"),
            Channel.E_DORECZENIA: ("e-doreczenia", "edoreczenia", "przez e-doreczenia"),
            Channel.MEETING: ("spotkanie", "na spotkaniu", "meeting", "зустріч"),
            Channel.POINT: ("punkt", "punkt konsultacyjny", "w punkcie konsultacyjnym"),
        }.items()
        for word in words
    }
)
KIND_WORDS: Mapping[str, RemarkKind] = MappingProxyType(
    {
        fold(word): kind
        for kind, words in {
            RemarkKind.CHANGE: ("zmiana", "change", "зміна"),
            RemarkKind.REMOVAL: ("usunięcie", "usunąć", "removal", "вилучення"),
            RemarkKind.ADDITION: ("dodanie", "dodać", "addition", "доповнення"),
            RemarkKind.QUESTION: ("pytanie", "question", "запитання"),
            RemarkKind.GENERAL: ("", "ogólna", "uwaga ogólna", "general", "загальне"),
        }.items()
        for word in words
    }
)
# The beginning of a word is enough: mieszkanka, mieszkaniec; firma, instytucja, organizacja.
WHO_BEGINNINGS: Mapping[str, Capacity] = MappingProxyType(
    {
        "mieszk": Capacity.RESIDENT,
        "resident": Capacity.RESIDENT,
        "org": Capacity.ORGANISATION,
        "firm": Capacity.ORGANISATION,
        "inst": Capacity.ORGANISATION,
    }
)

NO_COLUMN = N_("W tabeli nie ma kolumny „%(name)s”.")
NO_ROWS = N_("W tabeli nie ma ani jednej uwagi.")
TOO_MANY = N_("W tabeli jest %(count)s uwag. Wczytaj najwyżej %(most)s naraz.")
BAD_CHANNEL = N_(
    "Wiersz %(row)s: nie wiemy, co znaczy „%(said)s” w kolumnie „Jak przyszła”. Wpisz: papier, "
    "e-mail, telefon, ePUAP, e-Doręczenia, spotkanie albo punkt."
)
BAD_DAY = N_("Wiersz %(row)s: „%(said)s” nie jest datą. Wpisz ją tak: 2026-11-21.")
BAD_KIND = N_(
    "Wiersz %(row)s: nie wiemy, co znaczy „%(said)s” w kolumnie „Rodzaj”. Wpisz: zmiana, "
    "usunięcie, dodanie, pytanie albo ogólna."
)
NO_LABEL = N_("Wiersz %(row)s: brakuje podpisu publicznego, na przykład „mieszkanka”.")
NOTHING_SAID = N_("Wiersz %(row)s: nie ma treści uwagi ani proponowanego brzmienia.")
CELL_TOO_LONG = N_("Wiersz %(row)s: kolumna „%(name)s” ma więcej niż %(most)s znaków.")
FUTURE = N_("Wiersz %(row)s: data %(said)s jeszcze nie nadeszła.")
BEFORE = N_("Wiersz %(row)s: data %(said)s jest wcześniejsza niż początek zbierania uwag.")
BAD_PLACE = N_("Wiersz %(row)s: %(why)s")
BAD_EMAIL = N_("Wiersz %(row)s: „%(said)s” nie jest adresem e-mail.")
MOST_ROWS = 500

_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?: 00:00(?::00)?)?|(\d{1,2})\.(\d{1,2})\.(\d{4})")
_EMAIL = re.compile(r"[^\s@,;<>]+@[^\s@,;<>]+\.[^\s@,;<>]+")


class Verdict(StrEnum):
    NEW = "new"
    KNOWN = "known"  # entered already, by hand or by this very table
    WRONG = "wrong"


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    text: str
    values: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What one row says, read."""

    channel: Channel
    day: date
    capacity: Capacity
    label: str
    place: str  # as it was written
    kind: RemarkKind
    body: str
    wording: str
    name: str
    address: str
    email: str
    phone: str
    case_number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """``mark``: what tells letters apart."""

    row: int
    verdict: Verdict
    entry: Entry | None = None
    note: Note | None = None
    mark: str = ""
    is_late: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    rows: tuple[Row, ...] = ()
    faults: tuple[Note, ...] = ()

    @property
    def notes(self) -> tuple[Note, ...]:
        """Return what has to be mended before anything is entered."""
        wrong = (row.note for row in self.rows if row.verdict is Verdict.WRONG)
        return (*self.faults, *(note for note in wrong if note is not None))

    @property
    def new(self) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if row.verdict is Verdict.NEW)

    @property
    def known(self) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if row.verdict is Verdict.KNOWN)

    @property
    def seal(self) -> str:
        """Return what tells whether the table would still do what somebody looked at."""
        return hashlib.sha256(repr(self.rows).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a table is checked against.

    ``why_not(place)``: a sentence where a place is not plain, or None; ``mark(entry)``: what tells
    letters apart; ``entered``: how many of each are there.
    """

    today: date
    first_day: date
    last_day: date | None
    why_not: Callable[[str], str | None]
    mark: Callable[[Entry], str]
    entered: Counter[str]


def check(
    header: Sequence[str], cells: Sequence[Sequence[str]], numbers: Sequence[int], known: Known
) -> Report:
    """Judge a table whose first row is ``header``; ``numbers`` are those of the sheet."""
    columns = columns_of(header)
    lacking = [name for name in NEEDED if name not in columns]
    if lacking:
        return Report(faults=tuple(Note(text=NO_COLUMN, values={"name": n}) for n in lacking))
    if not cells:
        return Report(faults=(Note(text=NO_ROWS, values={}),))
    if len(cells) > MOST_ROWS:
        values: dict[str, object] = {"count": len(cells), "most": MOST_ROWS}
        return Report(faults=(Note(text=TOO_MANY, values=values),))
    left = Counter(known.entered)
    rows: list[Row] = []
    for number, row in zip(numbers, cells, strict=True):
        said = {name: row[place] for name, place in columns.items()}
        read = _read(number, said, known)
        if isinstance(read, Note):
            rows.append(Row(row=number, verdict=Verdict.WRONG, note=read))
            continue
        mark = known.mark(read)
        is_known = left[mark] > 0
        left[mark] -= 1
        rows.append(
            Row(
                row=number,
                verdict=Verdict.KNOWN if is_known else Verdict.NEW,
                entry=read,
                mark=mark,
                is_late=known.last_day is not None and read.day > known.last_day,
            )
        )
    return Report(rows=tuple(rows))


def columns_of(header: Sequence[str]) -> dict[str, int]:
    """Return where each column stands; those that are not ours are passed over."""
    places = {" ".join(fold(name).split()): place for place, name in enumerate(header)}
    return {name: places[fold(name)] for name in COLUMNS if fold(name) in places}


def _read(row: int, said: Mapping[str, str], known: Known) -> Entry | Note:
    """Return what a row says, or the first thing that is wrong with it."""

    def wrong(text: str, **values: object) -> Note:
        return Note(text=text, values={"row": row, **values})

    channel = CHANNEL_WORDS.get(_words(said[CHANNEL]))
    if channel is None:
        return wrong(BAD_CHANNEL, said=said[CHANNEL][:40])
    day = read_day(said[DAY])
    if day is None:
        return wrong(BAD_DAY, said=said[DAY][:20])
    if day > known.today:
        return wrong(FUTURE, said=day.isoformat())
    if day < known.first_day:
        return wrong(BEFORE, said=day.isoformat())
    kind = KIND_WORDS.get(_words(said.get(KIND, "")))
    if kind is None:
        return wrong(BAD_KIND, said=said[KIND][:40])
    for name, most in LONGEST.items():
        if len(said.get(name, "")) > most:
            return wrong(CELL_TOO_LONG, name=name, most=most)
    if len(said[LABEL]) < 2:
        return wrong(NO_LABEL)
    if not said[BODY] and not said.get(WORDING):
        return wrong(NOTHING_SAID)
    email = said.get(EMAIL, "")
    if email and not _EMAIL.fullmatch(email):
        return wrong(BAD_EMAIL, said=email[:60])
    if why := known.why_not(said.get(PLACE, "")):
        return wrong(BAD_PLACE, why=why)
    return Entry(
        channel=channel,
        day=day,
        capacity=_capacity(said.get(WHO) or said[LABEL]),
        label=said[LABEL],
        place=said.get(PLACE, ""),
        kind=kind,
        body=said[BODY],
        wording=said.get(WORDING, ""),
        name=said.get(NAME, ""),
        address=said.get(ADDRESS, ""),
        email=email,
        phone=said.get(PHONE, ""),
        case_number=said.get(CASE, ""),
    )


def read_day(text: str) -> date | None:
    """Read 2026-11-21 or 21.11.2026."""
    found = _DAY.fullmatch(text.strip().removesuffix(" r."))
    if found is None or not text.isascii():
        return None
    year, month, day = (
        (found[1], found[2], found[3]) if found[1] else (found[6], found[5], found[4])
    )
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _capacity(text: str) -> Capacity:
    """Return in what capacity they write: somebody else, where it is not said."""
    word = _words(text)
    found = (who for start, who in WHO_BEGINNINGS.items() if word.startswith(start))
    return next(found, Capacity.GUEST)


def _words(text: str) -> str:
    return " ".join(fold(text).split())
