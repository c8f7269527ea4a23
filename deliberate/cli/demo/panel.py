"""The panel of the county, closed: thirty people, four recommendations, two thresholds."""

from __future__ import annotations

from deliberate.algorithms.counting.method import Denominator

TITLE = "Jak zapewnić dojazd do lekarza, szkoły i na zakupy osobom bez samochodu?"
SLUG = "panel-o-dojazdach"
SUMMARY = (
    "Trzydzieści wylosowanych osób z całego powiatu spotykało się przez pięć sobót. Słuchały tych, "
    "którzy nie mają samochodu, i tych, którzy układają rozkłady jazdy. Teraz głosują nad czterema "
    "rekomendacjami."
)
CAN_CHANGE = (
    "Które rekomendacje powiat wykona. Zarząd obiecał: te, które poprze co najmniej 80 % osób "
    "w panelu, wykona; te, które poprze co najmniej 65 %, przeanalizuje na piśmie."
)
CANNOT_CHANGE = "Rozkładów kolei i linii, które zamawia województwo."
BASIS = "uchwała Zarządu Powiatu nr 31/140 w sprawie panelu obywatelskiego o dojazdach"
PHASES = (
    ("Panel głosuje", -32, -26, ("vote",)),
    ("Zarząd Powiatu odpowiada", -25, 34, ("answer",)),
)
ANNOUNCED, FIRST, LAST = -40, -32, -26
ANSWER_DUE = 34

SECTION = "Rekomendacje"
PEOPLE = 30
DENOMINATOR = Denominator.ENTITLED
# Promise and from how many per cent on.
BANDS = (("Zarząd Powiatu wykona", 80), ("Zarząd Powiatu przeanalizuje na piśmie", 65))
# Recommendation and how many of the thirty are for it.
RECOMMENDATIONS = (
    ("Autobus na telefon w dni robocze od 6 do 20, zamówienie godzinę wcześniej", 28),
    ("Jeden bilet na linie powiatu i gmin", 25),
    ("Ławka i wiata na każdym przystanku do 2030 roku", 21),
    ("Bezpłatne przejazdy dla wszystkich", 17),
)
