"""The citizens' senate of Wrzosowiany on the plan of road repairs: four of six stretches."""

from __future__ import annotations

TITLE = "Plan remontów dróg: które cztery odcinki najpierw?"
SLUG = "remonty-drog"
SUMMARY = (
    "W przyszłym roku gminę stać na remont czterech odcinków dróg z sześciu. Wójt poprosił "
    "o opinię senat obywatelski: 24 osoby wylosowane spośród mieszkanek i mieszkańców. Każda z "
    "nich układa odcinki w swojej kolejności."
)
CAN_CHANGE = "Które cztery odcinki gmina wyremontuje najpierw."
CANNOT_CHANGE = "Kwoty na remonty i dróg, którymi zarządza powiat."
PHASES = (
    ("Senat głosuje", -18, -12, ("vote",)),
    ("Wójt odpowiada", -11, 20, ("answer",)),
)
ANNOUNCED, FIRST, LAST = -25, -18, -12
ANSWER_DUE = 20

SECTION = "Odcinki dróg"
SEATS = 4
STRETCHES = (
    ("Stary Młyn: od szkoły do przystanku", "1,2 km, chodnik i oświetlenie"),
    ("Zagroble: od kościoła do przystanku", "0,8 km, nowa nawierzchnia"),
    ("Brzezinka Leśna: dojazd do świetlicy", "2,1 km, kruszywo i rowy"),
    ("Kąty Wrzosowe: od skrzyżowania do przystanku", "1,6 km, pobocze i przejście"),
    ("Piaski–Borek: droga przez las", "1,9 km, nowa nawierzchnia"),
    ("Dąbrówka nad Strugą: dojazd do mostu", "0,9 km, nowa nawierzchnia"),
)
# How many of the senate put the stretches in this order; the rest they leave out.
RANKINGS = (
    (7, (1, 2, 4)),
    (5, (2, 1, 6)),
    (4, (3, 4, 1)),
    (3, (6, 2, 3)),
    (3, (4, 3, 5)),
    (2, (5, 3)),
)
PEOPLE = sum(many for many, _ in RANKINGS)
DRAWN = "4 11 19 27 36 48"
DRAWN_WHERE = "Lotto, pierwsze losowanie po końcu głosowania"
