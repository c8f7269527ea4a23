"""A list of people to whom codes go, as an office sends it: read line by line. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from deliberate.kernel.refusals import Refusal
from deliberate.kernel.texts import N_
from deliberate.voting.contacts import Contact, ContactKind, read_contact
from deliberate.voting.identity import Identity, read_address
from deliberate.voting.states import HolderKind, LetterWay

MOST_LINES = 1_000  # of a batch
LONGEST = 120
KEPT = timedelta(days=7)  # a list whose letters are not made
LANGUAGES = {"": "pl", "pl": "pl", "polski": "pl", "en": "en", "uk": "uk", "ua": "uk"}
NAME, ADDRESS, POSTCODE, TOWN, EMAIL, TELEPHONE, LANGUAGE = (
    "name",
    "address",
    "postcode",
    "town",
    "email",
    "telephone",
    "language",
)
COLUMNS: Mapping[str, Sequence[str]] = {
    NAME: ("imię i nazwisko", "osoba", "name"),
    ADDRESS: ("ulica i numer", "adres", "ulica", "address"),
    POSTCODE: ("kod pocztowy", "postcode"),
    TOWN: ("miejscowość", "poczta", "town"),
    EMAIL: ("e-mail", "email", "adres e-mail", "mail"),
    TELEPHONE: ("telefon", "numer telefonu", "telephone"),
    LANGUAGE: ("język", "language"),
}
_POSTCODE = re.compile(r"[0-9]{2}-[0-9]{3}")

NO_COLUMNS = N_(
    "Tabela ma mieć kolumnę „imię i nazwisko” oraz adres („ulica i numer”, „kod pocztowy”, "
    "„miejscowość”), „e-mail” albo „telefon”."
)
NO_LINES = N_("Na liście nie ma nikogo.")
TOO_MANY_LINES = N_("W jednej partii może być najwyżej 1000 osób. Podziel tabelę.")
NO_NAME = N_("Wiersz %(row)s: brakuje imienia i nazwiska.")
TOO_LONG = N_("Wiersz %(row)s: skróć to, co jest dłuższe niż 120 znaków.")
NO_WAY = N_("Wiersz %(row)s: brakuje adresu, e-maila albo telefonu.")
HALF_ADDRESS = N_(
    "Wiersz %(row)s: adres potrzebuje ulicy z numerem, kodu pocztowego (00-000) i miejscowości."
)
BAD_EMAIL = N_("Wiersz %(row)s: to nie jest adres e-mail.")
BAD_TELEPHONE = N_("Wiersz %(row)s: to nie jest numer telefonu.")
BAD_LANGUAGE = N_("Wiersz %(row)s: język to pl, en albo uk.")
SAME_HOME = N_(
    "Wiersz %(row)s: to samo imię i nazwisko pod tym samym adresem jest w wierszu %(first)s."
)
SAME_CONTACT = N_("Wiersz %(row)s: ten e-mail albo telefon jest już w wierszu %(first)s.")
HAS_CODE = N_(
    "Wiersz %(row)s: ta osoba dostała już kod w tym głosowaniu albo czeka na niego w innej partii."
)

AT_ONCE = Refusal(
    "addressees.at_once",
    N_("Ktoś z tej listy właśnie dostał kod inną drogą. Wczytaj listę jeszcze raz."),
)
GONE = Refusal(
    "addressees.gone",
    N_("Adresów tej partii już nie ma: minął ich czas. Wycofaj ją i wczytaj listę jeszcze raz."),
)
NO_KEY = Refusal(
    "addressees.no_key",
    N_("Nie ma klucza kontaktów tego głosowania, więc adresów nie da się bezpiecznie zapisać."),
)
CHANGED = Refusal(
    "addressees.changed",
    N_("To nie jest lista, na którą zgodziły się dwie osoby. Wycofaj partię i zgłoś to."),
)
NOT_TO_WITHDRAW = Refusal(
    "codes.not_to_withdraw", N_("Tej partii nie można wycofać: jest wydrukowana albo wycofana.")
)
HAS_ONE = Refusal(
    "holder.has_one",
    N_("Ta osoba dostała już kod w tym głosowaniu. Jedna osoba dostaje jeden kod."),
)
NO_MORE = Refusal(
    "holder.no_more",
    N_("Wydano już wszystkie kody z partii bez adresów. Zamów nową partię."),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressee:
    """Somebody to whom a code goes. row: of the sheet; contact: None for a letter by post."""

    row: int
    name: str
    street: str = ""
    postcode: str = ""
    town: str = ""
    email: str = ""
    telephone: str = ""
    locale: str = "pl"

    @property
    def contact(self) -> Contact | None:
        """Return by what the code goes: an e-mail before a telephone, both before the post."""
        if self.email:
            return Contact(kind=ContactKind.EMAIL, address=self.email)
        if self.telephone:
            return Contact(kind=ContactKind.SMS, address=self.telephone)
        return None

    @property
    def way(self) -> LetterWay:
        return LetterWay(self.contact.kind) if self.contact is not None else LetterWay.PAPER

    @property
    def lines(self) -> list[str]:
        """Return the address as it stands on a letter."""
        return [self.name, self.street, f"{self.postcode} {self.town}"]

    @property
    def marks(self) -> dict[HolderKind, list[str]]:
        """Return by what somebody is known again: a name in a home, and each contact."""
        homes = [home_mark(self.name, self.street, self.town)] if self.street else []
        return {
            HolderKind.HOME: homes,
            HolderKind.CONTACT: [each for each in (self.email, self.telephone) if each],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is wrong, mostly with one row: a source text and what goes into it."""

    message: str
    row: int = 0
    first: int = 0


def home_mark(name: str, street: str, town: str) -> str:
    """Return what two writings of one name in one home have in common."""
    home = read_address(street)
    assert home is not None  # noqa: S101 - asked when the line was read
    words = Identity(
        given_name=name, surname="", street=home.street, house_no=home.house_no, flat=home.flat
    )
    towns = Identity(given_name=town, surname="", street="", house_no="").parts[0]
    return "|".join([*words.parts, towns])


def read_lines(
    header: Sequence[str], rows: Sequence[Sequence[str]], numbers: Sequence[int]
) -> tuple[list[Addressee], list[Problem]]:
    """Return the people and everything that is wrong; with a problem the list is worth nothing."""
    names = [column.strip().casefold() for column in header]
    places = {
        what: names.index(found)
        for what, known in COLUMNS.items()
        if (found := next((each for each in known if each in names), None)) is not None
    }
    if NAME not in places or not {ADDRESS, EMAIL, TELEPHONE} & set(places):
        return [], [Problem(message=NO_COLUMNS)]
    if not rows:
        return [], [Problem(message=NO_LINES)]
    if len(rows) > MOST_LINES:
        return [], [Problem(message=TOO_MANY_LINES)]
    people: list[Addressee] = []
    problems: list[Problem] = []
    seen: dict[tuple[HolderKind, str], int] = {}
    for row, number in zip(rows, numbers, strict=True):
        cells = {what: " ".join(row[place].split()) for what, place in places.items()}
        person, wrong = _read_line(cells, number)
        if person is not None:
            wrong = _double(person, seen)
            people.append(person)
        if wrong is not None:
            problems.append(wrong)
    return people, problems


def list_empty_rows(numbers: Sequence[int]) -> list[int]:
    """Return which rows of the sheet, below the names of columns, were left out as empty."""
    return sorted(set(range(2, max(numbers, default=1))) - set(numbers))


def kept_until(*, opens_at: datetime, ends_at: datetime, ordered_at: datetime) -> datetime:
    """Return until when addressees are kept whose letters are not made."""
    return min(ends_at, max(opens_at, ordered_at) + KEPT)


def _read_line(cells: Mapping[str, str], row: int) -> tuple[Addressee | None, Problem | None]:
    contacts = {what: read_contact(cells.get(what, "")) for what in (EMAIL, TELEPHONE)}
    for message in _wrong(cells, contacts):
        return None, Problem(message=message, row=row)
    email, telephone = contacts[EMAIL], contacts[TELEPHONE]
    person = Addressee(
        row=row,
        name=cells[NAME],
        street=cells.get(ADDRESS, ""),
        postcode=cells.get(POSTCODE, ""),
        town=cells.get(TOWN, ""),
        email=email.address if email is not None else "",
        telephone=telephone.address if telephone is not None else "",
        locale=LANGUAGES[cells.get(LANGUAGE, "").casefold()],
    )
    return person, None


def _wrong(cells: Mapping[str, str], contacts: Mapping[str, Contact | None]) -> Iterator[str]:
    """Yield what is wrong with one row, the first thing first."""
    address = [cells.get(what, "") for what in (ADDRESS, POSTCODE, TOWN)]
    if not cells[NAME]:
        yield NO_NAME
    if any(len(cell) > LONGEST for what, cell in cells.items() if what != EMAIL):
        yield TOO_LONG
    for what, kind, message in (
        (EMAIL, ContactKind.EMAIL, BAD_EMAIL),
        (TELEPHONE, ContactKind.SMS, BAD_TELEPHONE),
    ):
        contact = contacts[what]
        if cells.get(what) and (contact is None or contact.kind is not kind):
            yield message
    if cells.get(LANGUAGE, "").casefold() not in LANGUAGES:
        yield BAD_LANGUAGE
    if not any(address) and not any(contacts.values()):
        yield NO_WAY
    if any(address) and not (
        read_address(address[0]) and _POSTCODE.fullmatch(address[1]) and address[2]
    ):
        yield HALF_ADDRESS


def _double(person: Addressee, seen: dict[tuple[HolderKind, str], int]) -> Problem | None:
    problem = None
    for kind, marks in person.marks.items():
        for mark in marks:
            first = seen.setdefault((kind, mark), person.row)
            if first != person.row and problem is None:
                message = SAME_HOME if kind is HolderKind.HOME else SAME_CONTACT
                problem = Problem(message=message, row=person.row, first=first)
    return problem
