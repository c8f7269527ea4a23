"""A closed list as it was written: read line by line, and hashed as a whole. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from deliberate.accounts.rules import fold_email
from deliberate.kernel.refusals import Refusal
from deliberate.kernel.texts import N_
from deliberate.voting.canonical import canonical, digest
from deliberate.voting.contacts import ContactKind, read_contact

LONGEST_NAME = 120
MOST_LINES = 5_000
NAMES = ("imię i nazwisko", "osoba", "nazwisko", "name")
EMAILS = ("e-mail", "email", "adres e-mail", "mail")

NO_COLUMNS = N_("Tabela ma mieć kolumny „imię i nazwisko” oraz „e-mail”.")
NO_LINES = N_("Na liście nie ma nikogo.")
TOO_MANY_LINES = N_("Na liście może być najwyżej 5000 osób.")
NO_NAME = N_("Wiersz %(row)s: brakuje imienia i nazwiska.")
LONG_NAME = N_("Wiersz %(row)s: skróć imię i nazwisko do 120 znaków.")
BAD_EMAIL = N_("Wiersz %(row)s: to nie jest adres e-mail.")
SAME_EMAIL = N_("Wiersz %(row)s: ten adres jest już w wierszu %(first)s.")

NOT_LISTED = Refusal(
    "cast.not_listed",
    N_(
        "Głosują osoby z zamkniętej listy, a adresu e-mail tego konta na niej nie ma. Jeśli to "
        "pomyłka, zadzwoń do urzędu."
    ),
)
LINE_TAKEN = Refusal(
    "cast.line_taken",
    N_("Z tego miejsca na liście zagłosowało już inne konto. Zadzwoń do urzędu, żeby to wyjaśnić."),
)
ANOTHER_LINE = Refusal(
    "cast.another_line", N_("To konto zagłosowało już z innego miejsca na liście.")
)
NOT_A_LIST = Refusal("roll.not_a_list", N_("W tym głosowaniu nie ma zamkniętej listy."))
FROZEN = Refusal(
    "roll.frozen", N_("Lista jest zapieczętowana razem z kartą. Osobę dopisują do niej dwie osoby.")
)
NOT_OPEN = Refusal(
    "roll.not_open", N_("Dopisać można po zapieczętowaniu karty, a przed końcem głosowania.")
)
ON_IT = Refusal("roll.on_it", N_("Ten adres jest już na liście."))
SETTLED = Refusal("roll.settled", N_("Ta osoba jest już dopisana."))
OWN = Refusal("roll.own", N_("Dopisują dwie osoby. Swojego wpisu nie można potwierdzić samemu."))


@dataclass(frozen=True, slots=True)
class Line:
    """A person of the list: the name as it was written, the address folded."""

    name: str
    email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is wrong, mostly with one row: a source text and what goes into it."""

    message: str
    row: int = 0
    first: int = 0


def read_lines(
    header: Sequence[str], rows: Sequence[Sequence[str]], numbers: Sequence[int]
) -> tuple[list[Line], list[Problem]]:
    """Return the lines and everything that is wrong; with a problem the lines are worth nothing.

    numbers: which row of the sheet each one was.
    """
    names = [column.strip().casefold() for column in header]
    name_at = next((names.index(each) for each in NAMES if each in names), None)
    email_at = next((names.index(each) for each in EMAILS if each in names), None)
    if name_at is None or email_at is None:
        return [], [Problem(message=NO_COLUMNS)]
    if not rows:
        return [], [Problem(message=NO_LINES)]
    if len(rows) > MOST_LINES:
        return [], [Problem(message=TOO_MANY_LINES)]
    lines: list[Line] = []
    problems: list[Problem] = []
    seen: dict[str, int] = {}
    for row, number in zip(rows, numbers, strict=True):
        line = Line(name=row[name_at].strip(), email=fold_email(row[email_at]))
        if problem := line_problem(line, number, seen):
            problems.append(problem)
        seen.setdefault(line.email, number)
        lines.append(line)
    return lines, problems


def line_problem(line: Line, number: int, seen: dict[str, int]) -> Problem | None:
    """Return the first thing that is wrong with a line, or None. seen: address → its row."""
    if not line.name:
        return Problem(message=NO_NAME, row=number)
    if len(line.name) > LONGEST_NAME:
        return Problem(message=LONG_NAME, row=number)
    contact = read_contact(line.email)
    if contact is None or contact.kind is not ContactKind.EMAIL:
        return Problem(message=BAD_EMAIL, row=number)
    if line.email in seen:
        return Problem(message=SAME_EMAIL, row=number, first=seen[line.email])
    return None


def hash_of(lines: Sequence[Line]) -> str:
    """Return SHA-256 over all lines, in the order of addresses: what the sealed rules name."""
    return digest(canonical(sorted([line.email, line.name] for line in lines)))
