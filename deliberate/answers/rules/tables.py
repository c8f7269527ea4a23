"""What a table of answers may say: each row that can be saved, or why it cannot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from deliberate.algorithms.folding import fold
from deliberate.answers.positions import Position, read_position
from deliberate.answers.rules.answers import LONGEST_REASON, SHORTEST_REASON
from deliberate.kernel.texts import N_

# The columns of the table, as it goes out and as it comes back.
NUMBER, TITLE, TEXT, AUTHOR = N_("Numer"), N_("Tytuł"), N_("Treść"), N_("Kto zgłosił")
POSITION, REASON, UNIT = N_("Stanowisko"), N_("Uzasadnienie"), N_("Komórka urzędu")
COLUMNS = (NUMBER, TITLE, TEXT, AUTHOR, POSITION, REASON, UNIT)
# It goes out in Polish. Somebody may fill in one with the headings of their own language.
HEADINGS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        NUMBER: (NUMBER, "Number", "No.", "Номер", "№"),
        POSITION: (POSITION, "Position", "Позиція"),
        REASON: (REASON, "Justification", "Reasons", "Обґрунтування"),
        UNIT: (UNIT, "Department", "Підрозділ адміністрації", "Підрозділ"),
    }
)

NO_COLUMN = N_("W tabeli nie ma kolumny „%(name)s”.")
NO_NUMBER = N_("Wiersz %(row)s: w kolumnie „Numer” nie ma liczby.")
UNKNOWN_NUMBER = N_("Wiersz %(row)s: w tych konsultacjach nie ma numeru %(number)s.")
TWICE = N_("Wiersz %(row)s: numer %(number)s stoi już w wierszu %(first)s.")
ALREADY_OUT = N_("Wiersz %(row)s: odpowiedź na numer %(number)s jest ogłoszona i się nie zmieni.")
NO_POSITION = N_("Wiersz %(row)s: brakuje stanowiska do numeru %(number)s.")
UNKNOWN_POSITION = N_(
    "Wiersz %(row)s: nie znamy stanowiska „%(words)s”. "
    "Wpisz: przyjęta, przyjęta częściowo, nieprzyjęta albo poza zakresem."
)
TOO_SHORT = N_(
    "Wiersz %(row)s: uzasadnienie ma %(length)s znaków, a potrzeba co najmniej %(least)s."
)
TOO_LONG = N_("Wiersz %(row)s: uzasadnienie ma %(length)s znaków, a może mieć najwyżej %(most)s.")
UNKNOWN_UNIT = N_("Wiersz %(row)s: urząd nie ma komórki „%(words)s”.")
EMPTY = N_("W tabeli nie ma ani jednego wiersza ze stanowiskiem albo uzasadnieniem.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """One sentence about a table: what is wrong and in which row."""

    text: str
    values: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row that can be saved."""

    row: int
    number: int
    position: Position
    reason: str
    unit_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a table would do. With remarks it does nothing at all."""

    lines: tuple[Line, ...]
    remarks: tuple[Remark, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a table is checked against: numbers that wait for an answer, numbers that are out."""

    open_numbers: frozenset[int]
    published_numbers: frozenset[int]
    units: Mapping[str, int]  # name → id


def check_table(
    header: Sequence[str], rows: Sequence[Sequence[str]], numbers: Sequence[int], known: Known
) -> Report:
    """Read every row, or say of every row why not. ``numbers`` are those of the sheet.

    Rows with neither position nor justification are passed over: the table went out with them.
    """
    columns = _columns(header)
    lacking = [name for name in (NUMBER, POSITION, REASON) if name not in columns]
    if lacking:
        return Report(
            lines=(), remarks=tuple(Remark(text=NO_COLUMN, values={"name": n}) for n in lacking)
        )
    lines: list[Line] = []
    remarks: list[Remark] = []
    first_seen: dict[int, int] = {}
    units = {fold(name): unit_id for name, unit_id in known.units.items()}
    for sheet_row, cells in zip(numbers, rows, strict=True):
        number, position, reason, unit = (
            cells[columns[name]] if name in columns else ""
            for name in (NUMBER, POSITION, REASON, UNIT)
        )
        if not position and not reason:
            continue
        found = _check_row(
            sheet_row, number, position, reason, unit, known=known, units=units, seen=first_seen
        )
        if isinstance(found, Line):
            lines.append(found)
        else:
            remarks.append(found)
    if not lines and not remarks:
        remarks.append(Remark(text=EMPTY, values={}))
    return Report(lines=tuple(lines), remarks=tuple(remarks))


def _columns(header: Sequence[str]) -> dict[str, int]:
    """Return where each column stands, in whichever of our languages it is headed."""
    places = {" ".join(fold(name).split()): place for place, name in enumerate(header)}
    return {
        column: places[fold(heading)]
        for column, headings in HEADINGS.items()
        for heading in reversed(headings)  # the Polish one last, so that it wins
        if fold(heading) in places
    }


def _check_row(
    row: int,
    number_text: str,
    position_text: str,
    reason: str,
    unit: str,
    *,
    known: Known,
    units: Mapping[str, int],
    seen: dict[int, int],
) -> Line | Remark:
    """Return the row, or the first thing that is wrong with it."""

    def wrong(text: str, **values: object) -> Remark:
        return Remark(text=text, values={"row": row, **values})

    if not (number_text.isascii() and number_text.isdigit() and len(number_text) < 9):
        return wrong(NO_NUMBER)
    number = int(number_text)
    if number in seen:
        return wrong(TWICE, number=number, first=seen[number])
    seen[number] = row
    if number in known.published_numbers:
        return wrong(ALREADY_OUT, number=number)
    if number not in known.open_numbers:
        return wrong(UNKNOWN_NUMBER, number=number)
    if not position_text:
        return wrong(NO_POSITION, number=number)
    position = read_position(position_text)
    if position is None:
        return wrong(UNKNOWN_POSITION, words=position_text[:40])
    if len(reason) < SHORTEST_REASON:
        return wrong(TOO_SHORT, length=len(reason), least=SHORTEST_REASON)
    if len(reason) > LONGEST_REASON:
        return wrong(TOO_LONG, length=len(reason), most=LONGEST_REASON)
    if unit and fold(unit) not in units:
        return wrong(UNKNOWN_UNIT, words=unit[:60])
    return Line(
        row=row,
        number=number,
        position=position,
        reason=reason,
        unit_id=units[fold(unit)] if unit else None,
    )
