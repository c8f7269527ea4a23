# ruff: noqa: ISC004 - what people say, in rows of a table
"""Consultation 2.3: a strategy of integration – proposals are in, people talk. Texts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

TITLE = "Razem w Lubowierzu: jaka ma być strategia integracji?"
SLUG = "strategia-integracji"
SUMMARY = (
    "W Lubowierzu mieszka około 7 900 osób, które urodziły się za granicą. Jedni są tu od dwóch "
    "lat, inni od dwudziestu. Miasto przygotowuje pierwszą strategię integracji na sześć lat. "
    "Chcemy, żeby napisali ją wspólnie ci, którzy przyjechali, i ci, którzy przyjmują. Powiedz, "
    "co działa, co przeszkadza i od czego zacząć."
)
CAN_CHANGE = "Cele strategii, kolejność działań, podział 2,4 mln zł na trzy lata."
CANNOT_CHANGE = "Przepisów krajowych o pobycie i pracy; zasad przyjmowania do szkół."
TRANSLATIONS = {
    "en": {
        "title": "Together in Lubowierz: what should the integration strategy be?",
        "summary": (
            "About 7,900 people in Lubowierz were born abroad. The city is writing its first "
            "integration strategy. Tell us what works, what gets in the way and where to begin. "
            "You may write in any language."
        ),
    },
    "uk": {
        "title": "Разом у Любовєжі: якою має бути стратегія інтеграції?",
        "summary": (
            "У Любовєжі живе близько 7 900 людей, народжених за кордоном. Місто готує першу "
            "стратегію інтеграції. Скажіть, що працює, що заважає і з чого почати. Пишіть "
            "українською – ваш допис прочитають і дадуть на нього відповідь."
        ),
    },
}
PHASES = (
    ("Zbieramy propozycje", -35, -15, ("propose", "support", "discuss")),
    ("Rozmawiamy", -14, 14, ("support", "discuss")),
    ("Urząd odpowiada", 15, 45, ("answer",)),
)
ANNOUNCED, ANSWER_DUE = -38, 45

PROPOSALS: tuple[Mapping[str, Any], ...] = (
    {
        "title": "Jedno okienko",
        "place": "Jeden adres w mieście, blisko przystanku",
        "reason": (
            "Jedno miejsce i jeden numer telefonu, gdzie po polsku, ukraińsku i angielsku można "
            "załatwić szkołę, lekarza i dokumenty."
        ),
        "author": "nadia",
        "organisation": "most-sasiedzki",
        "supports": 143,
    },
    {
        "title": "Asystentki i asystenci w każdej szkole",
        "place": "Szkoły podstawowe i średnie",
        "reason": (
            "Osoba, która zna język dziecka, w każdej szkole z co najmniej dziesięciorgiem "
            "uczniów z doświadczeniem migracji."
        ),
        "author": "joanna",
        "supports": 171,
    },
    {
        "title": "Polski po pracy",
        "place": "Biblioteki i szkoły, także na Zatorzu",
        "reason": ("Kursy wieczorem i w sobotę, z opieką nad dziećmi, bo rano wszyscy pracują."),
        "author": "olena",
        "supports": 198,
    },
    {
        "title": "Święto podwórek",
        "place": "Każde osiedle",
        "reason": (
            "Raz w roku każde osiedle robi wspólny stół. Miasto daje prąd, ławki i 2 000 zł."
        ),
        "author": "wanda",
        "organisation": "zatorze",
        "supports": 88,
    },
    {
        "title": "Najpierw mieszkania dla wszystkich czekających",
        "place": "Całe miasto",
        "reason": (
            "Strategia ma powiedzieć wprost, że kolejka do mieszkań komunalnych jest jedna i nikt "
            "jej nie omija."
        ),
        "author": "andrzej",
        "supports": 76,
    },
)
# What its author changed after voice 6 of §3: the number of the proposal, its new title, why.
RETITLED = (
    1,
    "Jedno okienko dla wszystkich",
    "Po rozmowie: z okienka ma skorzystać każda osoba, która gubi się w urzędzie.",
)

VOICES = (
    ("joanna", "Joanna M.", "f", "Zatorze"),
    ("andrzej", "Andrzej S.", "m", "Zatorze"),
    ("grzegorz", "Grzegorz N.", "m", "Podlesie"),
)

# As in market_square; "note" is said by the facilitator, a key of groups speaks in their name.
TALK = (
    (
        3,
        "olena",
        "experience",
        "Я працюю в пекарні з третьої ночі до одинадцятої ранку. Усі курси польської, які я "
        "знайшла, починаються о дев’ятій. Я вивчила мову в автобусі з телефону, але писати заяви "
        "досі боюся. Якби курс був у суботу і дитина могла бути поруч, прийшли б усі жінки з моєї "
        "зміни.",
        None,
    ),
    (
        3,
        "zuzanna",
        "note",
        "Tłumaczenie: „Pracuję w piekarni od trzeciej w nocy do jedenastej rano. Wszystkie kursy "
        "polskiego, które znalazłam, zaczynają się o dziewiątej. Nauczyłam się języka w "
        "autobusie, z telefonu, ale pisać podań nadal się boję. Gdyby kurs był w sobotę i dziecko "
        "mogło być obok, przyszłyby wszystkie kobiety z mojej zmiany.”",
        1,
    ),
    (
        1,
        "andrzej",
        "against",
        "Dlaczego okienko tylko dla tych, którzy przyjechali? Moja matka ma 81 lat i też nie wie, "
        "do którego pokoju iść. Zróbcie jedno okienko dla każdego, kto się gubi w urzędzie, a "
        "będę za.",
        None,
    ),
    (
        "consultation",
        "most-sasiedzki",
        "voice",
        "W ubiegłym roku odpowiedzieliśmy na 2 314 pytań. Najczęściej: szkoła (31 %), lekarz "
        "(24 %), wynajem (18 %). Proponujemy, by okienko prowadził urząd, a nie my – wiedza ma "
        "zostać w mieście, kiedy skończy się nasz projekt.",
        None,
    ),
    (
        2,
        "grzegorz",
        "voice",
        "Podobno asystentki w szkołach kosztują więcej niż nauczyciele.",
        None,
    ),
    (2, "zuzanna", "note", "Prosimy o źródło. Jeśli go nie ma pod ręką, zapytamy urząd.", 1),
    (
        2,
        "bozena",
        "official",
        "Wydział Edukacji: pełny etat asystentki to w tym roku 5 480 zł brutto, nauczyciela "
        "początkującego 5 310 zł. Liczba etatów: 9.",
        1,
    ),
    (
        5,
        "grzegorz",
        "voice",
        "Wszyscy wiedzą, że mieszkanie przy Kolejowej dostała sąsiadka Iksińska, bo ma znajomą w "
        "wydziale. Sprawdźcie, zamiast pytać nas o strategie.",
        None,
    ),
    (
        5,
        "joanna",
        "question",
        "Ile osób czeka dziś na mieszkanie i ile mieszkań miasto oddało w zeszłym roku?",
        None,
    ),
)
# Which of them is hidden: the thread, its number there, and what the author is told.
HIDDEN = (5, 1)
HIDDEN_BECAUSE = (
    "Wpis podaje nazwisko i adres osoby prywatnej i przypisuje jej nieuczciwość (zasada 4: nie "
    "publikujemy danych innych osób). Możesz napisać to samo bez tych danych – pytanie o zasady "
    "przydziału mieszkań jest w tej rozmowie na miejscu."
)
AGREED = "Zgadzamy się co do trzech spraw: kursy po pracy, asystentki w szkołach, jedno miejsce."
DISPUTED = (
    "Różnimy się co do mieszkań: część osób chce w strategii zdania o jednej kolejce, część "
    "uważa, że dzieli ono ludzi."
)
# After the summary.
OBJECTION = (
    (
        "consultation",
        "andrzej",
        "against",
        "Podsumowanie pomija mój argument: nie chodzi o to, kto jest pierwszy, tylko o to, żeby "
        "lista była jawna.",
        None,
    ),
    (
        "consultation",
        "zuzanna",
        "note",
        "Dziękuję, to ważna różnica. Dopisuję: wspólny postulat obu stron to jawne zasady kolejki.",
        2,
    ),
)
