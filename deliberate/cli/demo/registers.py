"""Three public registers of the demo world: a request, an initiative, petitions. Texts.

People of Wrzosowiany ask for a consultation, gather signatures for a draft of their own, and
write petitions; what the office blacked out before publication is listed beside each letter.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from deliberate.petitions import figures

TERMS = {
    figures.NEEDED: 30,
    figures.NEEDED_IN_AREA: 15,
    figures.ANSWER_DAYS: 30,
    figures.GATHERING_DAYS: 60,
}
TERMS_SOURCE = "§ 6 uchwały nr VIII/61 Rady Gminy w sprawie zasad konsultacji"

REQUEST: Mapping[str, Any] = {
    "on": -12,
    "author": "beata",
    "title": "Godziny otwarcia punktu odbioru odpadów",
    "text": (
        "Punkt jest czynny we wtorki i czwartki od 8 do 14. Kto pracuje, bierze wolne, żeby oddać "
        "starą pralkę, albo pralka ląduje w lesie. Zapytajmy wszystkich, kiedy mogą przyjechać: "
        "w sobotę, wieczorem czy na telefon."
    ),
    "form": "Ankieta na papierze i przez stronę, spotkanie przy punkcie",
    "reason": (
        "Punkt utrzymujemy z opłat, a korzysta z niego co ósmy dom. W lesie za Borkiem "
        "naliczyliśmy w październiku jedenaście dzikich wysypisk."
    ),
    "supports": 19,
}
# Council initiative: signatures are on paper, the office counts them.
INITIATIVE: Mapping[str, Any] = {
    "on": -20,
    "title": "Uchwała o funduszu na żłobek w Starym Młynie",
    "text": (
        "Komitet „Żłobek bliżej domu” wnosi projekt uchwały: Rada Gminy tworzy w budżecie zadanie "
        "„Żłobek w Starym Młynie – dokumentacja” w kwocie 60 000 zł. W gminie jest 212 dzieci do "
        "lat trzech i ani jednego miejsca w żłobku; najbliższy jest 19 km dalej.\n\n"
        "Komitet reprezentuje Marzena Topolska, Stary Młyn 40, tel. 000 111 222."
    ),
    "contact": "Marzena Topolska, Stary Młyn 40",
    "passages": "Marzena Topolska\nStary Młyn 40\n000 111 222",
    "counts": ((-13, 118, "pierwsze 12 kart"), (-4, 171, "razem 18 kart, 3 podpisy nieczytelne")),
}
PETITIONS: tuple[Mapping[str, Any], ...] = (
    {
        "on": -75,
        "title": "Petycja o przejście dla pieszych przy szkole we Wrzosowianach",
        "text": (
            "Prosimy o przejście dla pieszych i lampę przy szkole podstawowej. Rano skręca tam "
            "autobus i ciężarówki z tartaku, a dzieci przechodzą między nimi. W maju samochód "
            "potrącił psa Zbigniewa Wiśniewskiego z ulicy Lipowej 22.\n\n"
            "W imieniu 64 rodziców: Rada Rodziców."
        ),
        "name": "Rada Rodziców Szkoły Podstawowej we Wrzosowianach",
        "name_is_public": True,
        "passages": "Zbigniewa Wiśniewskiego\nulicy Lipowej 22",
        "published_on": -73,
        "answered_on": -21,
        "outcome": "partly",
        "answer": (
            "Lampę postawimy do końca roku, zamówienie jest podpisane. Przejście wyznacza zarządca "
            "drogi powiatowej: wniosek z pomiarem ruchu wysłaliśmy do powiatu, odpowiedź ogłosimy "
            "na tej stronie."
        ),
    },
    {
        "on": -18,
        "title": "Petycja w sprawie kosiarek w niedziele",
        "text": (
            "Wnoszę o uchwałę, która zakaże używania kosiarek spalinowych w niedziele. Pracuję na "
            "trzy zmiany i niedziela rano jest jedynym czasem, kiedy śpię. Mieszkam w Piaskach pod "
            "numerem 7."
        ),
        "name": "",
        "name_is_public": False,
        "passages": "w Piaskach pod numerem 7",
        "published_on": -16,
        "answered_on": None,
        "outcome": "",
        "answer": "",
    },
)
