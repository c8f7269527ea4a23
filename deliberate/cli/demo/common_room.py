# ruff: noqa: E501 - a table of what people say is read across
"""Consultation 2.4: the common room in Stary Młyn – discussed, voted on, answered."""

from __future__ import annotations

TITLE = "Świetlica w Starym Młynie: remont czy nowe miejsce?"
SLUG = "swietlica-stary-mlyn"
SUMMARY = (
    "Dach świetlicy przecieka, a ogrzewanie ma 31 lat. Gmina ma 480 000 zł z dotacji i "
    "120 000 zł własnych. Zapytaliśmy, czy remontować starą świetlicę, czy przenieść ją do "
    "zamkniętej szkoły, i co ma się w niej dziać."
)
CAN_CHANGE = "Miejsce świetlicy, to, co w niej będzie, i to, kiedy będzie otwarta."
CANNOT_CHANGE = "Kwoty dotacji i tego, na co wolno ją wydać."
PEOPLE = 64  # took part

PHASES = (
    ("Zbieramy propozycje i rozmawiamy", -95, -75, ("propose", "support", "discuss")),
    ("Głosujemy", -74, -60, ("vote",)),
    ("Urząd odpowiada", -59, -34, ("answer",)),
)

# ``votes`` of 64 people, each of whom could mark up to three.
PROPOSALS = (
    {
        "title": "Zostajemy w świetlicy, robimy kuchnię jak trzeba",
        "place": "Świetlica, Stary Młyn 12",
        "reason": (
            "Ściany są zdrowe, a kuchnia ma jeden palnik. Na każde spotkanie nosimy garnki z "
            "domu. Z prawdziwą kuchnią można zrobić obiady dla osób samotnych i przyjąć gości."
        ),
        "author": "barbara",
        "organisation": "wrzosowianki",
        "supports": 41,
        "votes": 47,
        "position": "accepted",
        "answer": (
            "Ekspertyza potwierdza, że ściany i fundamenty są dobre. Kuchnia o powierzchni 24 m² "
            "mieści się w projekcie; kosztorys wzrasta o 38 000 zł i nadal mieści się w dotacji."
        ),
    },
    {
        "title": "Garaż na motopompę przy świetlicy",
        "place": "Od strony drogi, obok świetlicy",
        "reason": (
            "Motopompa stoi w stodole u druha i zimą zamarza. Garaż przy świetlicy skróciłby "
            "wyjazd o siedem minut."
        ),
        "author": "tadeusz",
        "organisation": "osp-stary-mlyn",
        "supports": 33,
        "votes": 29,
        "position": "not_accepted",
        "answer": (
            "Dotacji nie wolno wydać na ochronę przeciwpożarową. Wójt wpisał garaż do projektu "
            "budżetu na przyszły rok (45 000 zł); decyzję podejmie Rada Gminy."
        ),
    },
    {
        "title": "Przenieśmy się do szkoły",
        "place": "Zamknięta szkoła, Stary Młyn 30",
        "reason": (
            "Szkoła stoi pusta od czterech lat, ma salę, boisko i parking. Szkoda patrzeć, jak "
            "niszczeje, kiedy my naprawiamy stary dach."
        ),
        "author": "kazimierz",
        "supports": 14,
        "votes": 11,
        "position": "not_accepted",
        "answer": (
            "Remont szkoły to 1,3 mln zł, a jej ogrzewanie kosztowałoby rocznie 61 000 zł wobec "
            "17 000 zł w świetlicy. Za tym rozwiązaniem opowiedziało się 11 z 64 osób."
        ),
    },
    {
        "title": "Otwarta w każdy wtorek i czwartek, klucz u trzech osób",
        "place": "Świetlica, Stary Młyn 12",
        "reason": (
            "Dziś klucz ma jedna osoba i kiedy wyjedzie, świetlica stoi zamknięta. Młodzi siedzą "
            "wtedy na przystanku."
        ),
        "author": "beata",
        "supports": 38,
        "votes": 42,
        "position": "accepted",
        "answer": (
            "Regulamin zmienimy od pierwszego dnia po remoncie. Trzy osoby z kluczem wskaże "
            "zebranie wiejskie."
        ),
    },
    {
        "title": "Podjazd, toaleta bez progu i pętla indukcyjna",
        "place": "Wejście i sala świetlicy",
        "reason": (
            "Zgłoszone na papierze podczas zebrania wiejskiego przez trzy osoby, które dziś nie "
            "mogą wejść do środka albo nie słyszą, co się mówi."
        ),
        "author": "jolanta",
        "supports": 36,
        "votes": 35,
        "position": "partly",
        "answer": (
            "Podjazd i toaleta są w projekcie. Zamiast stałej pętli kupimy przenośną (2 900 zł), "
            "z której skorzystają też inne sołectwa."
        ),
    },
)

VOICES = (
    ("barbara", "Barbara L.", "f", "Stary Młyn"),
    ("tadeusz", "Tadeusz K.", "m", "Stary Młyn"),
    ("kazimierz", "Kazimierz J.", "m", "Stary Młyn"),
    ("beata", "Beata F.", "f", "Stary Młyn"),
    ("henryka", "Henryka M.", "f", "Stary Młyn"),
    ("adam", "Adam P.", "m", "Stary Młyn"),
    ("wiktoria", "Wiktoria N.", "f", "Stary Młyn"),
    ("zdzislaw", "Zdzisław G.", "m", "Zagroble"),
)

# (thread: "consultation" or number of a proposal, who, kind, text, answers voice number or None)
TALK = (
    ("consultation", "henryka", "experience", "W styczniu na opłatku siedzieliśmy w kurtkach. Dwa grzejniki działały, trzeci udawał.", None),
    ("consultation", "adam", "question", "Czy z dotacji można kupić też piec, czy tylko go zamontować?", None),
    ("consultation", "jolanta", "official", "Można kupić i zamontować. Piec na pellet jest w kosztorysie: 64 000 zł z montażem.", 2),
    ("consultation", "wiktoria", "voice", "Mnie jest wszystko jedno, gdzie będzie świetlica, byle była otwarta, kiedy wracam ze szkoły.", None),
    ("consultation", "zdzislaw", "voice", "Z Zagrobla też do was przyjeżdżamy, bo u nas nie ma nic. Pamiętajcie o miejscu na rowery.", None),
    ("consultation", "beata", "voice", "Rowery tak. I światło przy wejściu, bo wieczorem nie widać schodów.", 5),
    ("consultation", "kazimierz", "question", "Kto liczył ogrzewanie szkoły i dla ilu stopni?", None),
    ("consultation", "jolanta", "official", "Liczył audytor energetyczny: 18 stopni przez sześć dni w tygodniu. Wyliczenie leży w sekretariacie, każdy może je zobaczyć.", 7),
    ("consultation", "henryka", "voice", "Dziękuję, że zapytano przed, a nie po.", None),
    (1, "barbara", "for", "W zeszłym roku wydałyśmy 140 obiadów z jednego palnika. Z kuchnią wydamy cztery razy tyle i nikt się nie poparzy.", None),
    (1, "henryka", "for", "Kuchnia to nie tylko gotowanie. Tam się rozmawia.", None),
    (1, "adam", "question", "Czy kuchnia będzie mogła sprzedawać obiady, na przykład na dożynki?", None),
    (1, "jolanta", "official", "Na wydarzeniach tak, po zgłoszeniu do sanepidu. Codzienna sprzedaż wymagałaby innego odbioru.", 3),
    (1, "wiktoria", "voice", "Może raz w miesiącu gotowanie z babciami? Zapisałabym się.", None),
    (1, "barbara", "voice", "Zapisujemy. Pierwsze będą pierogi.", 5),
    (1, "zdzislaw", "against", "Szkoda pieniędzy na kuchnię, jeśli zabraknie na dach. Najpierw dach.", None),
    (1, "jolanta", "official", "Dach jest pierwszy w harmonogramie i ma osobną kwotę: 182 000 zł.", 7),
    (2, "tadeusz", "for", "W lutym motopompa zamarzła i do stodoły Nowaków wyjechaliśmy bez niej. Na szczęście zdążyli sąsiedzi.", None),
    (2, "adam", "for", "Siedem minut to dużo, kiedy się pali.", None),
    (2, "beata", "against", "Jestem za garażem, ale nie z tych pieniędzy. Świetlica czekała trzydzieści lat.", None),
    (2, "tadeusz", "voice", "Rozumiem. Niech będzie z innych, byle był termin.", 3),
    (2, "jolanta", "official", "Sprawdziliśmy umowę dotacji: ochrona przeciwpożarowa jest z niej wyłączona.", 4),
    (2, "henryka", "question", "To kiedy i skąd będzie na garaż?", None),
    (2, "jolanta", "official", "Garaż jest w projekcie budżetu na przyszły rok. Głosuje Rada Gminy, sesja jest otwarta dla wszystkich.", 6),
    (3, "kazimierz", "for", "Chodziłem do tej szkoły. Sala ma 120 metrów, nie trzeba nic dobudowywać.", None),
    (3, "barbara", "against", "Do szkoły jest pod górę dwa kilometry. Starsze osoby tam nie dojdą.", None),
    (3, "kazimierz", "voice", "Można dowozić gminnym busem, stoi po południu pod urzędem.", 2),
    (3, "henryka", "against", "Bus nie czeka, aż skończymy rozmawiać.", 3),
    (3, "wiktoria", "voice", "Boisko przy szkole jest najlepsze w gminie. Szkoda, żeby zarosło.", None),
    (3, "zdzislaw", "question", "A co gmina zrobi ze szkołą, jeśli nie świetlicę?", None),
    (3, "jolanta", "official", "Ogłosimy osobną rozmowę o szkole, zanim gmina cokolwiek zdecyduje.", 6),
    (4, "beata", "for", "Klucz u trzech osób nic nie kosztuje i działa od jutra.", None),
    (4, "wiktoria", "for", "Wtorek i czwartek pasują, bo wtedy nie ma autobusu na basen.", None),
    (4, "adam", "question", "Kto odpowiada, jeśli coś zginie?", None),
    (4, "jolanta", "official", "Osoby z kluczem podpiszą spis wyposażenia. Zapiszemy to w regulaminie.", 3),
    (4, "henryka", "voice", "Mogę mieć jeden klucz, mieszkam naprzeciwko.", None),
    (4, "tadeusz", "voice", "OSP może mieć drugi. I tak przejeżdżamy obok.", 5),
    (5, "henryka", "experience", "Mój mąż jeździ na wózku. Na ostatnim zebraniu słuchał przez okno.", None),
    (5, "barbara", "for", "Podjazd przyda się też do wnoszenia garnków.", None),
    (5, "zdzislaw", "question", "Czy pętla indukcyjna działa z każdym aparatem słuchowym?", None),
    (5, "jolanta", "official", "Z aparatami, które mają cewkę; przy odbiorze sprawdzimy to z osobami, które zgłosiły propozycję.", 3),
)  # fmt: skip

# What the office writes in the report; numbers and tables come from the data. By reports.kinds.Text.
REPORT_ON = -31
REPORT = {
    "initiator": "Sołtyska Starego Młyna, na prośbę zebrania wiejskiego.",
    "summary": (
        "Najwięcej osób chce zostać w starej świetlicy i mieć w niej prawdziwą kuchnię (47 z 64 "
        "głosów). Drugi wspólny temat to otwarte drzwi: stałe godziny i klucz u kilku osób. "
        "Trzeci – wejście bez progów. Podzieliło nas miejsce: 11 osób wolałoby szkołę."
    ),
    "minority": (
        "Jedenaście osób uważa, że szkoła lepiej posłuży za dwadzieścia lat, bo świetlica stoi "
        "blisko drogi. Ich kosztorys i odpowiedź gminy są w tabeli przy propozycji nr 3."
    ),
    "conclusions": (
        "Remontujemy świetlicę z kuchnią o powierzchni 24 m², podjazdem i toaletą bez progu. "
        "Kupujemy przenośną pętlę indukcyjną. Garaż na motopompę trafia do projektu budżetu."
    ),
    "next_steps": (
        "Projekt z kuchnią: sześć tygodni od ogłoszenia raportu. Przetarg: wiosną. Regulamin "
        "świetlicy ustalimy w następnych konsultacjach, przed końcem remontu."
    ),
    "evaluation": (
        "Dziewięć formularzy zebrano na papierze, na zebraniu wiejskim. Nie było skarg. Nie "
        "udało się dotrzeć do osób przed trzydziestką: głosowało ich sześć."
    ),
    "annexes": "Ekspertyza budowlana i kosztorys są do wglądu w sekretariacie urzędu.",
}
