"""What a table of answers would do: row by row, and nothing half.

Tables come back from people who never sign in here: with rows moved, deleted, doubled, with a
number changed by a sort that left a column behind, or with an answer that another department gave
in the meantime. Where it is not plain what is meant, the officer chooses.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType

from deliberate.algorithms.folding import fold
from deliberate.answers.positions import read_position
from deliberate.answers.rules import keys
from deliberate.answers.rules.answers import LONGEST_REASON, SHORTEST_REASON, Stand
from deliberate.answers.rules.keys import RowKey
from deliberate.kernel.texts import N_

ThingKey = tuple[str, int]  # kind and id of a thing

# The columns of the table, as it goes out and as it comes back.
NUMBER, PLACE, TITLE = N_("Numer"), N_("Miejsce"), N_("Tytuł")
TEXT, AUTHOR = N_("Treść"), N_("Kto zgłosił")
POSITION, REASON, UNIT = N_("Stanowisko"), N_("Uzasadnienie"), N_("Komórka urzędu")
THEME, KEY = N_("Temat"), N_("Klucz (nie zmieniaj)")
COLUMNS = (NUMBER, PLACE, TITLE, TEXT, AUTHOR, POSITION, REASON, UNIT, THEME, KEY)
READ = (NUMBER, POSITION, REASON, UNIT, KEY)
# It goes out in the language of whoever downloads it; whoever fills it in may read another.
HEADINGS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        NUMBER: (NUMBER, "Number", "No.", "Номер", "№"),
        POSITION: (POSITION, "Position", "Позиція"),
        REASON: (REASON, "Justification", "Reasons", "Обґрунтування"),
        UNIT: (UNIT, "Department", "Підрозділ адміністрації", "Підрозділ"),
        KEY: (KEY, "Klucz", "Key (do not change)", "Key", "Ключ (не змінюйте)", "Ключ"),
    }
)
# By a column of each a table of ours is told from others in a document.
OURS = (HEADINGS[POSITION], HEADINGS[REASON])

NO_COLUMN = N_("W tabeli nie ma kolumny „%(name)s”.")
NO_NUMBER = N_("Wiersz %(row)s: w kolumnie „Numer” nie ma liczby.")
UNKNOWN_NUMBER = N_("Wiersz %(row)s: w tych konsultacjach nie ma numeru %(number)s.")
NO_POSITION = N_("Wiersz %(row)s: brakuje stanowiska do numeru %(number)s.")
UNKNOWN_POSITION = N_(
    "Wiersz %(row)s: nie znamy stanowiska „%(words)s”. Wpisz jedno z podanych pod tabelą."
)
TOO_SHORT = N_(
    "Wiersz %(row)s: uzasadnienie ma %(length)s znaków, a potrzeba co najmniej %(least)s."
)
TOO_LONG = N_("Wiersz %(row)s: uzasadnienie ma %(length)s znaków, a może mieć najwyżej %(most)s.")
UNKNOWN_UNIT = N_("Wiersz %(row)s: urząd nie ma komórki „%(words)s”.")
EMPTY_TABLE = N_("W tabeli nie ma ani jednego wiersza ze stanowiskiem albo uzasadnieniem.")

SAME_ROW = N_("Wiersz %(row)s mówi o numerze %(number)s to samo, co wiersz %(first)s.")
TWICE = N_("Numer %(number)s stoi w kilku wierszach, a każdy mówi co innego. Wybierz jeden.")
OTHER_NUMBER = N_("Wiersz %(row)s: w tabeli jest numer %(said)s, a klucz należy do %(number)s.")
BROKEN_KEY = N_("Wiersz %(row)s: klucz jest zmieniony, więc numer %(number)s może być pomyłką.")
MEANWHILE = N_("Numer %(number)s: odkąd tabela została pobrana, ktoś zapisał inną odpowiedź.")
PUBLISHED = N_("Numer %(number)s: odpowiedź jest ogłoszona. Zmienić ją można z podaniem powodu.")
GONE = N_("Numer %(number)s: odkąd tabela została pobrana, został wycofany albo ukryty.")


class Verdict(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    EMPTY = "empty"  # nobody filled it in
    DOUBLED = "doubled"
    RENUMBERED = "renumbered"  # number and key are of two things
    MEANWHILE = "meanwhile"  # answered by somebody else since the table went out
    PUBLISHED = "published"
    GONE = "gone"  # withdrawn or hidden since
    WRONG = "wrong"


SAVED = frozenset({Verdict.NEW, Verdict.CHANGED})
PASSED_OVER = frozenset({Verdict.PUBLISHED, Verdict.GONE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """One sentence about a table: what is wrong and in which row."""

    text: str
    values: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """A thing as the office has it now."""

    kind: str
    id: int
    number: int
    stand: Stand | None
    is_published: bool = False
    unit_id: int | None = None  # whose it is to answer
    theme: str = ""

    @property
    def key(self) -> ThingKey:
        return self.kind, self.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a table is checked against.

    ``gone``: kind and id → number of what was withdrawn or hidden; ``units``: name → id;
    ``seal``: see rules.keys.
    """

    things: Sequence[Thing]
    units: Mapping[str, int]
    seal: str
    gone: Mapping[ThingKey, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row and what becomes of it. ``asks``: the officer chooses whether it counts."""

    row: int
    verdict: Verdict
    thing: Thing | None = None
    stand: Stand | None = None  # what the row says
    note: Remark | None = None
    asks: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One answer to save."""

    row: int
    thing: Thing
    stand: Stand


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a table would do. With something wrong in it, it does nothing at all.

    ``missing``: what the table was made for and no longer holds.
    """

    rows: tuple[Row, ...] = ()
    missing: tuple[Thing, ...] = ()
    faults: tuple[Remark, ...] = ()  # of the table as a whole

    @property
    def remarks(self) -> tuple[Remark, ...]:
        """Return what has to be mended before anything can be saved."""
        wrong = (row.note for row in self.rows if row.verdict is Verdict.WRONG)
        return (*self.faults, *(note for note in wrong if note is not None))

    @property
    def questions(self) -> Mapping[ThingKey, tuple[Row, ...]]:
        """Return the rows among which the officer chooses, by the thing they are about."""
        found: dict[ThingKey, tuple[Row, ...]] = {}
        for row in self.rows:
            if row.asks and row.thing is not None:
                found[row.thing.key] = (*found.get(row.thing.key, ()), row)
        return found

    @property
    def saves(self) -> bool:
        return any(row.verdict in SAVED or row.asks for row in self.rows)

    @property
    def mark(self) -> str:
        """Return what tells whether the table would still do what somebody looked at."""
        return hashlib.sha256(repr((self.rows, self.missing)).encode()).hexdigest()[:16]

    def count(self, verdict: Verdict) -> int:
        return sum(1 for row in self.rows if row.verdict is verdict)

    def lines(self, chosen: Mapping[ThingKey, int]) -> tuple[Line, ...]:
        """Return what is saved; ``chosen``: of what is asked, which row counts, if one does."""
        return tuple(
            Line(row=row.row, thing=row.thing, stand=row.stand)
            for row in self.rows
            if row.thing is not None
            and row.stand is not None
            and (chosen.get(row.thing.key) == row.row if row.asks else row.verdict in SAVED)
        )


def reduced(header: Sequence[str], rows: Iterable[Sequence[str]]) -> list[list[str]]:
    """Return of each row what is read of it, in the order of READ."""
    columns = _columns(header)
    return [[row[columns[name]] if name in columns else "" for name in READ] for row in rows]


def named(cells: Iterable[Sequence[str]], seal: str) -> set[ThingKey]:
    """Return what the keys of reduced rows name, there or not."""
    found = (keys.read(row[READ.index(KEY)], seal) for row in cells)
    return {(key.kind, key.id) for key in found if key is not None}


def check_header(header: Sequence[str]) -> Report:
    """Say which columns lack."""
    columns = _columns(header)
    lacking = [name for name in (NUMBER, POSITION, REASON) if name not in columns]
    if KEY in columns:
        lacking = [name for name in lacking if name != NUMBER]
    return Report(faults=tuple(Remark(text=NO_COLUMN, values={"name": n}) for n in lacking))


def check_rows(cells: Sequence[Sequence[str]], numbers: Sequence[int], known: Known) -> Report:
    """Judge reduced rows; ``numbers`` are those of the sheet."""
    reading = _Reading(known)
    rows = [reading.row(number, row) for number, row in zip(numbers, cells, strict=True)]
    rows = _without_doubles(rows)
    present = {row.thing.key for row in rows if row.thing is not None}
    missing = tuple(
        thing
        for thing in known.things
        if not thing.is_published
        and thing.key not in present
        and any(scope.holds(unit_id=thing.unit_id, theme=thing.theme) for scope in reading.scopes)
    )
    filled = any(row.verdict is not Verdict.EMPTY for row in rows)
    faults = () if filled else (Remark(text=EMPTY_TABLE, values={}),)
    return Report(rows=tuple(rows), missing=missing, faults=faults)


def _columns(header: Sequence[str]) -> dict[str, int]:
    """Return where each column stands, in whichever of our languages it is headed."""
    places = {" ".join(fold(name).split()): place for place, name in enumerate(header)}
    return {
        column: places[fold(heading)]
        for column, headings in HEADINGS.items()
        for heading in reversed(headings)  # the Polish one last, so that it wins
        if fold(heading) in places
    }


class _Reading:
    """One table as it is read, row after row."""

    def __init__(self, known: Known) -> None:
        self.known = known
        self.by_key = {thing.key: thing for thing in known.things}
        self.by_number = {thing.number: thing for thing in reversed(known.things)}
        self.units = {fold(name): unit_id for name, unit_id in known.units.items()}
        self.scopes: set[keys.Scope] = set()

    def row(self, row: int, cells: Sequence[str]) -> Row:
        number_text, position_text, reason, unit, key_text = (_plain(cell) for cell in cells)
        key = keys.read(key_text, self.known.seal)
        if key is not None:
            self.scopes.add(key.scope)
        number = _number(number_text)
        thing = self.by_key.get((key.kind, key.id)) if key else self.by_number.get(number or 0)
        if not position_text and not reason:
            return Row(row=row, verdict=Verdict.EMPTY, thing=thing)
        if thing is None:
            return self._of_nothing(row, number, key)
        read = self._stand(row, thing, position_text, reason, unit)
        if isinstance(read, Remark):
            return Row(row=row, verdict=Verdict.WRONG, thing=thing, note=read)
        doubt = self._doubt(row, thing, number_text, key_text)
        return _judged(row, thing, read, key, doubt)

    def _of_nothing(self, row: int, number: int | None, key: RowKey | None) -> Row:
        if key is not None and (key.kind, key.id) in self.known.gone:
            values: dict[str, object] = {"number": self.known.gone[key.kind, key.id]}
            return Row(row=row, verdict=Verdict.GONE, note=Remark(text=GONE, values=values))
        text = NO_NUMBER if number is None else UNKNOWN_NUMBER
        note = Remark(text=text, values={"row": row, "number": number})
        return Row(row=row, verdict=Verdict.WRONG, note=note)

    def _stand(
        self, row: int, thing: Thing, position_text: str, reason: str, unit: str
    ) -> Stand | Remark:
        """Return what the row says, or the first thing that is wrong with it."""

        def wrong(text: str, **values: object) -> Remark:
            return Remark(text=text, values={"row": row, **values})

        if not position_text:
            return wrong(NO_POSITION, number=thing.number)
        position = read_position(position_text)
        if position is None:
            return wrong(UNKNOWN_POSITION, words=position_text[:40])
        if len(reason) < SHORTEST_REASON:
            return wrong(TOO_SHORT, length=len(reason), least=SHORTEST_REASON)
        if len(reason) > LONGEST_REASON:
            return wrong(TOO_LONG, length=len(reason), most=LONGEST_REASON)
        if unit and fold(unit) not in self.units:
            return wrong(UNKNOWN_UNIT, words=unit[:60])
        unit_id = self.units[fold(unit)] if unit else None
        return Stand(position=position, reason=reason, unit_id=unit_id)

    def _doubt(self, row: int, thing: Thing, said: str, key_text: str) -> Remark | None:
        """Return why it is not sure that the row is of this thing."""
        about: dict[str, object] = {"row": row, "number": thing.number, "said": said[:12] or "–"}
        if key_text and keys.read(key_text, self.known.seal) is None:
            return Remark(text=BROKEN_KEY, values=about)
        return None if _number(said) == thing.number else Remark(text=OTHER_NUMBER, values=about)


def _judged(row: int, thing: Thing, stand: Stand, key: RowKey | None, doubt: Remark | None) -> Row:
    """Compare what a row says with what stands now, and with what stood when it went out."""
    now = thing.stand
    if now is not None and now.mark == stand.mark:
        return Row(row=row, verdict=Verdict.SAME, thing=thing, stand=stand)
    if key is not None and key.mark == stand.mark:  # nobody touched the row; the office went on
        return Row(row=row, verdict=Verdict.SAME, thing=thing, stand=stand)
    about: dict[str, object] = {"number": thing.number}
    if thing.is_published:
        note = Remark(text=PUBLISHED, values=about)
        return Row(row=row, verdict=Verdict.PUBLISHED, thing=thing, stand=stand, note=note)
    if doubt is not None:
        return Row(
            row=row, verdict=Verdict.RENUMBERED, thing=thing, stand=stand, note=doubt, asks=True
        )
    stood = key.mark if key is not None else None
    if stood is not None and stood != (now.mark if now else keys.NO_ANSWER):
        note = Remark(text=MEANWHILE, values=about)
        return Row(
            row=row, verdict=Verdict.MEANWHILE, thing=thing, stand=stand, note=note, asks=True
        )
    verdict = Verdict.NEW if now is None else Verdict.CHANGED
    return Row(row=row, verdict=verdict, thing=thing, stand=stand)


def _without_doubles(rows: Sequence[Row]) -> list[Row]:
    """Mark what stands twice: passed over where it says the same, asked about where it does not."""
    of_thing: dict[ThingKey, list[Row]] = {}
    for row in rows:
        if row.thing is not None and row.stand is not None and row.verdict not in PASSED_OVER:
            of_thing.setdefault(row.thing.key, []).append(row)
    judged: list[Row] = []
    for row in rows:
        twins = of_thing.get(row.thing.key, []) if row.thing is not None and row.stand else []
        if len(twins) < 2 or row not in twins:
            judged.append(row)
        else:
            judged.append(_as_double(row, twins))
    return judged


def _as_double(row: Row, twins: Sequence[Row]) -> Row:
    assert row.thing is not None  # noqa: S101 - only rows of things have twins
    about = {"row": row.row, "number": row.thing.number, "first": twins[0].row}
    if len({twin.stand.mark for twin in twins if twin.stand is not None}) > 1:
        note = Remark(text=TWICE, values=about)
        return replace(row, verdict=Verdict.DOUBLED, note=note, asks=True)
    if row is twins[0]:
        return row
    note = Remark(text=SAME_ROW, values=about)
    return replace(row, verdict=Verdict.DOUBLED, note=note, asks=False)


# What a CSV of ours puts an apostrophe before, so that no spreadsheet takes it for a formula.
_MADE_SAFE = tuple("'" + sign for sign in "=+-@＝＋－＠")


def _plain(cell: str) -> str:
    """Return a cell as it was before it was made safe to open in a spreadsheet."""
    return cell[1:] if cell.startswith(_MADE_SAFE) else cell


def _number(text: str) -> int | None:
    text = text.strip().removesuffix(".")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else None
