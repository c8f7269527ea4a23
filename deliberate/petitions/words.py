"""What pages call registers, states and outcomes: source texts, tones of pills."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from deliberate.kernel.texts import N_
from deliberate.petitions.kinds import OUTCOMES, SLUGS, Register, State
from deliberate.petitions.models import Entry
from deliberate.petitions.rules import is_over


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """How a register speaks: of itself, of one thing in it, of its support."""

    title: str
    lead: str
    one: str
    numbered: str
    empty: str


NAMES: Mapping[str, Names] = MappingProxyType(
    {
        Register.REQUEST: Names(
            title=N_("Wnioski o konsultacje"),
            lead=N_(
                "Każda osoba, która tu mieszka, może poprosić o konsultacje. Gdy poprze ją dość "
                "osób, urząd odpowiada w wyznaczonym czasie."
            ),
            one=N_("wniosek o konsultacje"),
            numbered=N_("Wniosek nr %(number)s"),
            empty=N_("Nie ma tu jeszcze żadnego wniosku"),
        ),
        Register.INITIATIVE: Names(
            title=N_("Inicjatywy uchwałodawcze"),
            lead=N_(
                "Grupa mieszkanek i mieszkańców może sama wnieść projekt uchwały. Podpisy zbiera "
                "się na papierze, a rada zajmuje się projektem na sesji."
            ),
            one=N_("inicjatywa uchwałodawcza"),
            numbered=N_("Inicjatywa nr %(number)s"),
            empty=N_("Nie ma tu jeszcze żadnej inicjatywy"),
        ),
        Register.PETITION: Names(
            title=N_("Petycje"),
            lead=N_(
                "Petycję może złożyć każda osoba i organizacja. Publikujemy jej treść bez danych "
                "osobowych, termin odpowiedzi i odpowiedź."
            ),
            one=N_("petycja"),
            numbered=N_("Petycja nr %(number)s"),
            empty=N_("Nie ma tu jeszcze żadnej petycji"),
        ),
    }
)

COMMON: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        State.DRAFT: (N_("Szkic"), "wait"),
        State.GATHERING: (N_("Zbiera poparcie"), "now"),
        State.SUBMITTED: (N_("Czeka na odpowiedź"), "wait"),
        State.WITHDRAWN: (N_("Wycofane"), "no"),
        State.LAPSED: (N_("Za mało poparcia w terminie"), "no"),
        State.LEFT: (N_("Pozostawione bez rozpatrzenia"), "no"),
        State.FORWARDED: (N_("Przekazane dalej"), ""),
        State.PARTLY: (N_("Uwzględnione częściowo"), "go"),
        State.AGREED: (N_("Uwzględnione"), "go"),
        State.REFUSED: (N_("Nieuwzględnione"), "no"),
    }
)
SPECIAL: Mapping[tuple[str, str], tuple[str, str]] = MappingProxyType(
    {
        (Register.REQUEST, State.AGREED): (N_("Będą konsultacje"), "go"),
        (Register.REQUEST, State.REFUSED): (N_("Odmowa z uzasadnieniem"), "no"),
        (Register.INITIATIVE, State.GATHERING): (N_("Zbiera podpisy na papierze"), "now"),
        (Register.INITIATIVE, State.LAPSED): (N_("Za mało podpisów w terminie"), "no"),
        (Register.INITIATIVE, State.SUBMITTED): (N_("Złożona do rady"), "wait"),
        (Register.INITIATIVE, State.AGREED): (N_("Rada podjęła uchwałę"), "go"),
        (Register.INITIATIVE, State.REFUSED): (N_("Rada nie podjęła uchwały"), "no"),
    }
)


# While the database still says that it gathers, and its last day is over.
OVER: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        Register.REQUEST: (N_("Czas na poparcie minął"), "wait"),
        Register.INITIATIVE: (N_("Czas na podpisy minął"), "wait"),
    }
)


def state(register: str, value: str) -> tuple[str, str]:
    """Return the source text and the tone of a state in a register."""
    return SPECIAL.get((register, value)) or COMMON[value]


def standing(entry: Entry, today: date) -> tuple[str, str]:
    """Return the source text and the tone of where an entry stands today."""
    if entry.state == State.GATHERING and is_over(entry.gathering_until, today):
        return OVER[entry.register]
    return state(entry.register, entry.state)


def reference(entry: Entry) -> str:
    """Return what letters and people quote: "3/2026"."""
    return f"{entry.number}/{entry.year}" if entry.number else "–"


def slug(entry: Entry) -> str:
    """Return what addresses call the register of an entry."""
    return SLUGS[entry.register]


def outcomes(entry: Entry) -> list[tuple[str, str]]:
    """Return what an officer may choose from, withdrawal last."""
    register = entry.register
    gathers = register == Register.INITIATIVE and entry.state == State.GATHERING
    lapses = [State.LAPSED] if gathers and entry.gathering_until else []
    listed = [*lapses, *OUTCOMES[register], State.WITHDRAWN]
    return [(value.value, state(register, value)[0]) for value in listed]
