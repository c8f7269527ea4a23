# ruff: noqa: ISC004 - what people say, in rows of tables
"""Consultation 2.5: the county's programme of cooperation – closed, the office prepares answers.

The draft itself and what people wrote about it lie in ``texts``: a plain text and a table, to be
read and changed without Python.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass

from deliberate.cli.demo.texts import read

TITLE = "Program współpracy powiatu z organizacjami na przyszły rok"
SLUG = "program-wspolpracy"
SUMMARY = (
    "Program mówi, na co powiat ogłosi konkursy, ile będzie pieniędzy i jak będziemy rozmawiać z "
    "organizacjami. Pytaliśmy o podział 640 000 zł, o małe granty i o to, jak sprawić, żeby małe "
    "grupy nie odpadały na formularzach. Do wypowiedzi zaprosiliśmy organizacje i grupy "
    "nieformalne; czytać i komentować może każda osoba."
)
CAN_CHANGE = (
    "Podział 640 000 zł, małe granty, terminy konkursów, wkład własny, skład komisji, zasady "
    "korzystania z sal i sprzętu powiatu."
)
CANNOT_CHANGE = "Ustawowych zasad otwartych konkursów ofert i całej kwoty w budżecie powiatu."
TRANSLATIONS = {
    "en": {
        "title": "The county's programme of cooperation with organisations for next year",
        "summary": (
            "The programme says what the county will give grants for, how much money there will "
            "be and how we shall talk with organisations. We asked about dividing 640,000 złoty, "
            "about small grants and about forms that small groups can manage."
        ),
    },
    "uk": {
        "title": "Програма співпраці повіту з організаціями на наступний рік",
        "summary": (
            "Програма визначає, на що повіт оголосить конкурси, скільки буде коштів і як ми "
            "розмовлятимемо з організаціями. Ми запитували про розподіл 640 000 злотих, про малі "
            "гранти і про формуляри, з якими впораються малі групи."
        ),
    },
}
PHASES = (
    ("Zbieramy uwagi", -40, -12, ("remark",)),
    ("Urząd odpowiada", -11, 18, ("answer",)),
)
ANNOUNCED, ANSWER_DUE = -45, 18

# Open meetings: (day, place, address, attendance, topics, note, questions with answers).
MEETINGS = (
    (
        -36,
        "Dom kultury w Turowianach",
        "Turowiany, ul. Rynek 2",
        31,
        "małe granty\nwzór umowy\nlosowanie osób do komisji",
        "Przyszło 31 osób z 14 organizacji i trzech grup nieformalnych. Pełnomocniczka pokazała, "
        "co zmieniło się od poprzedniego programu. Najdłużej rozmawialiśmy o umowie: 19 stron to "
        "za dużo. Trzy uwagi zapisaliśmy na miejscu i mają swoje numery na liście.",
        (
            (
                "uczestniczka z Turowian",
                "Czy grupa bez statutu może wypożyczyć namiot?",
                "Tak, jeżeli odpowiedzialność przyjmie organizacja albo trzy osoby z tej grupy.",
            ),
            (
                "skarbnik klubu",
                "Kiedy będzie wiadomo, ile pieniędzy zostanie w budżecie?",
                "Po sesji budżetowej. Kwoty z § 8 zmienią się tylko wtedy, gdy Rada uchwali mniej.",
            ),
        ),
    ),
    (
        -23,
        "Starostwo Powiatowe, sala konferencyjna",
        "Wierzbogóra, ul. Szkolna 3",
        44,
        "podział 640 000 zł\nterminy konkursów",
        "Przyszły 44 osoby. Głosy podzieliły się w sprawie Dni Powiatu: jedni chcą przenieść "
        "40 000 zł na sport i pieczę zastępczą, drudzy mówią, że to jedyny dzień, kiedy spotykają "
        "się wszystkie gminy. Zgoda była co do terminu: konkursy w styczniu.",
        (
            (
                "prezeska stowarzyszenia",
                "Czy konkurs można ogłosić przed uchwaleniem budżetu?",
                "Można, na podstawie projektu budżetu – umowy zawiera się po jego uchwaleniu.",
            ),
        ),
    ),
)

# Residents who write through the page: (key, name, form, area).
VOICES = (
    ("teresa", "Teresa O.", "f", "Wierzbogóra"),
    ("krystian", "Krystian P.", "m", "Wierzbogóra"),
    ("malgorzata", "Małgorzata D.", "f", "Wrzosowiany"),
    ("swietlana", "Світлана К.", "f", "Wierzbogóra"),
    ("bogumil", "Bogumił A.", "m", "Turowiany"),
    ("claire", "Claire D.", "f", "Kamionna Struga"),
    ("hubert", "Hubert J.", "m", "Kamionna Struga"),
    ("dagmara", "Dagmara S.", "f", "Wierzbogóra"),
    ("mykola", "Микола Р.", "m", "Turowiany"),
    ("wioletta", "Wioletta C.", "f", "Radoszewo Leśne"),
    ("damian", "Damian G.", "m", "Radoszewo Leśne"),
    ("samuel", "Samuel O.", "m", "Wierzbogóra"),
    ("jagoda", "Jagoda T.", "f", "Turowiany"),
    ("eligiusz", "Eligiusz M.", "m", "Wierzbogóra"),
    ("natasza", "Наталія Б.", "f", "Wierzbogóra"),
    ("franciszek", "Franciszek W.", "m", "Turowiany"),
    ("olha", "Ольга С.", "f", "Kamionna Struga"),
    ("rozalia", "Rozalia F.", "f", "Turowiany"),
    ("ireneusz", "Ireneusz K.", "m", "Wierzbogóra"),
    ("gracja", "Gracja Z.", "f", "Radoszewo Leśne"),
    ("oksana-t", "Оксана Т.", "f", "Wierzbogóra"),
    ("emilian", "Emilian B.", "m", "Kamionna Struga"),
    ("leokadia-w", "Leokadia W.", "f", "Radoszewo Leśne"),
    ("malwina", "Malwina H.", "f", "Radoszewo Leśne"),
    ("robert", "Robert Ł.", "m", "Kamionna Struga"),
    ("ilona", "Ilona P.", "f", "Turowiany"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of the table of remarks. ``who``: a key of people or groups, or a label on paper."""

    day: int
    channel: str
    who: str
    capacity: str
    language: str
    place: str
    kind: str
    wording: str
    body: str
    withdrawn: str  # why, where it was
    theme: str
    position: str
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Letters:
    """A letter that many sent in the same words; ``signed``: day, channel, who."""

    place: str
    wording: str
    body: str
    theme: str
    signed: Sequence[tuple[int, str, str]]


# Forty beside the hundred and twenty of the table; each is a remark with a number of its own.
LETTERS = Letters(
    place="§ 8 ust. 2 pkt 6",
    wording="sport dzieci i młodzieży – 90 000 zł",
    body=(
        "Nasze dzieci trenują w halach i na boiskach wszystkich pięciu gmin. 60 000 zł wystarczy "
        "na trenerki i trenerów do czerwca. Wnosimy o zwiększenie tej kwoty o 30 000 zł "
        "i o zachowanie zajęć od września."
    ),
    theme="podział pieniędzy",
    signed=(
        (
            -20,
            "paper",
            "K.B. M.B. A.C. J.C. D.D. E.F. P.G. R.G. S.G. W.H. I.J. Z.J. B.K. L.K. N.K. T.K. "
            "U.L. G.Ł. H.M. O.M.",
        ),
        (-17, "paper", "A.N. C.N. J.O. K.P. M.P. D.R. E.R. F.S. P.S. R.T. W.W."),
        (-16, "email", "I.W. J.Z. B.Ż. K.Z. A.Ś. M.T."),
        (-14, "epuap", "S.W. L.P. R.D."),
    ),
)


def text(year: int) -> str:
    """Return the draft of the programme for a year."""
    return read("programme.txt").format(year=year, before=year - 1, after=year + 1)


def read_remarks() -> Sequence[Row]:
    """Return what people wrote, in the order in which it came."""
    lines = csv.DictReader(read("programme-remarks.csv").splitlines(), delimiter=";")
    return [Row(day=int(line.pop("day")), **line) for line in lines]
