"""What comes after consultation 2.4: the rules of the common room – announced, begins in 8 days.

Its answer to proposal SM-4 says that the rules change after the works.
"""

from __future__ import annotations

TITLE = "Świetlica w Starym Młynie: regulamin po remoncie"
SLUG = "regulamin-swietlicy"
SUMMARY = (
    "Po remoncie świetlica ma być otwarta w każdy wtorek i czwartek, a klucz mają mieć trzy osoby. "
    "Tak gmina odpowiedziała na Wasze propozycje. Zanim ją otworzymy, ustalmy razem regulamin: "
    "godziny, klucz, kuchnię i rezerwowanie sali."
)
CAN_CHANGE = (
    "Godziny otwarcia, to, kto ma klucz i kiedy się zmienia, zasady korzystania z kuchni, "
    "rezerwowanie sali na uroczystości."
)
CANNOT_CHANGE = "Przepisów przeciwpożarowych i zakresu remontu."
BECAUSE = "Regulamin zapowiada odpowiedź urzędu na propozycję nr 4."

PHASES = (
    ("Zbieramy propozycje", 8, 28, ("propose", "support", "discuss")),
    ("Urząd odpowiada", 29, 49, ("answer",)),
)
