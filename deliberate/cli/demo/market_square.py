# ruff: noqa: ISC004 - what people say, in rows of a table
"""Consultation 2.1: Plac Targowy – proposals are being collected. Texts of the demo world."""

from __future__ import annotations

TITLE = "Plac Targowy: jak ma wyglądać po przebudowie?"
SLUG = "plac-targowy"
SUMMARY = (
    "Plac Targowy ma dziś 6 400 m² asfaltu, 84 miejsca postojowe i targ, który działa trzy dni "
    "w tygodniu. W przyszłym roku wymieniamy pod nim kanalizację. Nie chcemy odtwarzać tego, co "
    "było, bez pytania. Powiedz, jak plac ma wyglądać i komu ma służyć. Z propozycji, które "
    "wybierzecie, powstaną wytyczne dla projektantek i projektantów."
)
CAN_CHANGE = (
    "Zieleń i cień, miejsce targu, liczba miejsc postojowych (od 20 do 60), nawierzchnia, "
    "oświetlenie, to, co dzieje się na placu wieczorem."
)
CANNOT_CHANGE = (
    "Terminu wymiany kanalizacji, dojazdu do straży i apteki, najwyższego kosztu: 6,2 mln zł."
)
TRANSLATIONS = {
    "en": {
        "title": "Plac Targowy: what should it look like after the rebuilding?",
        "summary": (
            "Next year we replace the sewers under Plac Targowy. Tell us what the square should "
            "look like afterwards and whom it should serve. Your choices become the brief for "
            "the designers."
        ),
    },
    "uk": {
        "title": "Площа Таргова: якою має бути після перебудови?",
        "summary": (
            "Наступного року ми замінимо каналізацію під площею Тарговою. Скажіть, якою має бути "
            "площа після перебудови і кому служити. Вибрані вами пропозиції стануть завданням "
            "для проєктантів."
        ),
    },
}

# (title, where, why, cost in złoty, supports, author) – the author is a key of people or a name.
PROPOSALS = (
    {
        "title": "Drzewa najpierw, ławki pod nimi",
        "place": "Cały plac, najpierw od strony przystanku",
        "reason": (
            "Czterdzieści drzew w gruncie, nie w donicach, i ławki z oparciem co pięćdziesiąt "
            "metrów. Latem nie da się dziś przejść przez plac bez cienia."
        ),
        "cost": 780_000,
        "supports": 214,
        "author": "halina",
    },
    {
        "title": "Targ zostaje, dostaje dach",
        "place": "Wschodnia część placu",
        "reason": (
            "Lekka hala bez ścian na 60 stoisk, z prądem i wodą; w dni bez targu – miejsce na "
            "zabawy i koncerty."
        ),
        "cost": 1_900_000,
        "supports": 187,
        "author": "kupcy",
        "organisation": "targowa",
    },
    {
        "title": "Sześćdziesiąt miejsc, ale płatnych po godzinie",
        "place": "Pierzeja od strony przychodni",
        "reason": (
            "Pierwsza godzina bez opłat dla osób, które przyjeżdżają do lekarza i na zakupy. Bez "
            "miejsc plac straci klientów."
        ),
        "cost": None,
        "supports": 96,
        "author": "wieslaw",
    },
    {
        "title": "Toaleta, poidełko i przewijak",
        "place": "Przy wejściu na targ",
        "reason": (
            "Czynne codziennie od 6 do 22, dostępne dla osób na wózkach, z przewijakiem także dla "
            "taty."
        ),
        "cost": 340_000,
        "supports": 158,
        "author": "monika",
    },
    {
        "title": "Bez progów od przystanku do apteki",
        "place": "Od przystanku do apteki",
        "reason": (
            "Jedna prowadnica dla osób niewidomych, krawężniki obniżone, kamień bez szczelin. "
            "Chodzę z balkonikiem i wiem, gdzie staję."
        ),
        "cost": 120_000,
        "supports": 131,
        "author": "leokadia",
    },
)

# Residents who only write here: (key, name, form, area).
VOICES = (
    ("kupcy", "Stanisław R.", "m", "Śródmieście"),
    ("wieslaw", "Wiesław B.", "m", "Śródmieście"),
    ("monika", "Monika R.", "f", "Śródmieście"),
    ("leokadia", "Leokadia S.", "f", "Śródmieście"),
)

# (key of the thread, who, kind, text, number of the voice it answers or None); §3, voices 1–4.
# The thread is "consultation" or the number of a proposal; each thread counts from 1.
TALK = (
    (
        1,
        "halina",
        "for",
        "Popieram drzewa w gruncie. Pięć lat temu posadzono przy banku donice i po dwóch latach "
        "zostały same donice. Drzewo w gruncie podlewa się trzy lata, a potem daje cień przez "
        "sześćdziesiąt. Chciałabym, żeby ktoś policzył, ile kosztuje podlewanie jednego i "
        "drugiego.",
        None,
    ),
    (
        1,
        "wieslaw",
        "against",
        "Czterdzieści drzew to czterdzieści miejsc mniej. Mam warsztat przy placu od 1996 roku i "
        "widzę, skąd są klienci: z Łęgów i z wiosek, gdzie autobus jeździ dwa razy dziennie. Nie "
        "jestem przeciw zieleni. Jestem przeciw temu, żeby ludzie bez samochodu decydowali za "
        "ludzi bez autobusu.",
        1,
    ),
    (
        "consultation",
        "monika",
        "question",
        "Czy sieć pod placem pozwala sadzić drzewa wszędzie, czy są miejsca, gdzie na pewno nie "
        "można? Łatwiej byłoby rozmawiać z mapą.",
        None,
    ),
    (
        "consultation",
        "bozena",
        "official",
        "Drzewa można sadzić na około 60 % placu. Nie można w pasie 3 metrów od kanału i nad "
        "siecią cieplną po stronie wschodniej. Mapę z zaznaczonymi miejscami pokażemy w pokoju 12 "
        "i opiszemy słowami dla osób niewidomych.",
        1,
    ),
    (
        2,
        "leokadia",
        "experience",
        "Na targu kupuję od trzydziestu lat. Kiedy pada, kładą deski na kałużach i po tych "
        "deskach nie przejadę z balkonikiem. Dach to jedno, ale woda musi mieć którędy spłynąć.",
        None,
    ),
    (
        3,
        "monika",
        "voice",
        "Godzina bez opłat wystarczy na lekarza tylko wtedy, gdy lekarz przyjmuje punktualnie. "
        "Może dwie godziny z pieczątką z przychodni?",
        None,
    ),
)

# (title, from day, to day inclusive – relative to the day of loading –, activities)
PHASES = (
    ("Zbieramy propozycje", -9, 19, ("propose", "support", "discuss")),
    ("Rozmawiamy", 20, 40, ("support", "discuss")),
    ("Głosujemy", 41, 54, ("vote",)),
    ("Urząd odpowiada", 55, 84, ("answer",)),
)
