"""Kinds of ballots and ways of counting in plain words, for every page that names them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType

from deliberate.algorithms.counting import METHODS, BallotKind
from deliberate.algorithms.counting.method import Denominator
from deliberate.kernel import texts
from deliberate.kernel.texts import N_

KINDS: Mapping[BallotKind, tuple[str, str]] = MappingProxyType(
    {
        BallotKind.APPROVAL: (N_("Kilka pozycji"), N_("Zaznacza się te, które się popiera.")),
        BallotKind.SINGLE: (N_("Jedna pozycja"), N_("Zaznacza się jedną.")),
        BallotKind.RANKED: (
            N_("Kolejność"),
            N_("Ustawia się pozycje od najbardziej chcianej; można nie wszystkie."),
        ),
        BallotKind.SCORE: (N_("Oceny"), N_("Każdą pozycję ocenia się osobno na jednej skali.")),
        BallotKind.POINTS: (N_("Punkty"), N_("Rozdaje się pulę punktów między pozycje.")),
        BallotKind.KNAPSACK: (
            N_("Zakupy w granicach kwoty"),
            N_("Zaznacza się pozycje, których koszt razem mieści się w kwocie."),
        ),
        BallotKind.QUESTIONS: (
            N_("Pytania za lub przeciw"),
            N_("Na każde pytanie odpowiada się: za, przeciw albo wstrzymuję się."),
        ),
    }
)

# Each way of counting: its name, and one sentence that says who wins.
METHOD_WORDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "plurality": (
            N_("Zwykła większość"),
            N_("Wygrywa pozycja, na którą padło najwięcej głosów."),
        ),
        "approval": (
            N_("Głosowanie aprobujące"),
            N_("Każde zaznaczenie to jeden głos. Wygrywa pozycja, która ma ich najwięcej."),
        ),
        "points": (
            N_("Suma punktów"),
            N_("Wygrywa pozycja, która dostała razem najwięcej punktów."),
        ),
        "score": (
            N_("Suma ocen"),
            N_("Oceny się dodaje; brak oceny to najniższa. Wygrywa największa suma."),
        ),
        "borda": (
            N_("Liczenie Bordy"),
            N_("Pozycja dostaje punkt za każdą inną, która na karcie stoi niżej. Wygrywa suma."),
        ),
        "positional": (
            N_("Punkty za miejsca"),
            N_(
                "Za pierwsze, drugie i dalsze miejsca na karcie są punkty. Wygrywa największa suma."
            ),
        ),
        "majority_judgement": (
            N_("Ocena większości"),
            N_(
                "Wygrywa pozycja z najlepszą oceną środkową: połowa osób dała jej co najmniej tyle."
            ),
        ),
        "questions": (
            N_("Za i przeciw"),
            N_("Każde pytanie rozstrzyga się osobno: liczy się, jaka część odpowiedzi jest za."),
        ),
        "irv": (
            N_("Natychmiastowa dogrywka"),
            N_(
                "W każdej rundzie odpada ostatnia pozycja, a jej głosy przechodzą na następne "
                "miejsca z kart, aż jedna ma ponad połowę."
            ),
        ),
        "stv": (
            N_("Głos przechodni"),
            N_(
                "Wybrana jest pozycja, która zbierze potrzebną liczbę głosów. Nadwyżka i głosy "
                "tych, które odpadły, przechodzą na następne miejsca z kart."
            ),
        ),
        "schulze": (
            N_("Metoda Schulzego"),
            N_("Każdą pozycję porównuje się z każdą inną. Wygrywa ta, której żadna nie pokonuje."),
        ),
    }
)

DENOMINATORS: Mapping[Denominator, str] = MappingProxyType(
    {
        Denominator.YES_AND_NO: N_("głosów za i przeciw"),
        Denominator.ANSWERED: N_("odpowiedzi, także wstrzymujących się"),
        Denominator.BALLOTS: N_("oddanych kart, także bez odpowiedzi"),
        Denominator.ENTITLED: N_("osób uprawnionych, także tych, które nie głosowały"),
    }
)


def methods_of(kind: BallotKind) -> list[str]:
    """Return the keys of the methods that count ballots of a kind, the plainest first."""
    return [key for key, method in METHODS.items() if kind in method.ballots]


def figure(value: Fraction, locale: str) -> str:
    """Return "1 204", "12,5", or "1/3" where no five decimals say it exactly."""
    for digits in range(6):
        shifted = abs(value) * 10**digits
        if shifted.denominator == 1:
            whole, rest = divmod(int(shifted), 10**digits)
            point = "." if locale == "en" else ","
            sign = "-" if value < 0 else ""
            decimals = f"{point}{rest:0{digits}d}" if digits else ""
            return f"{sign}{texts.number(whole, locale)}{decimals}"
    return str(value)
