"""The eleven people who can sign in to the demo, and the organisations they may speak for."""

from __future__ import annotations

from dataclasses import dataclass

from deliberate.kernel.actor import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Somebody:
    """A person of the demo; ``roles`` in ``place``, ``area`` where they live there."""

    key: str
    name: str
    form: str  # accounts.models.Form
    email: str
    place: str
    roles: tuple[Role, ...] = ()
    area: str | None = None
    confirmed: bool = False
    unit: str | None = None
    organisation: str | None = None
    job_title: str = ""
    locale: str = "pl"
    about: str = ""  # what the list of sign-ins says


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """An organisation of the demo world. ``waits``: the office has not verified it yet."""

    key: str
    name: str
    kind: str
    register: str
    number: str | None
    seat: str
    places: tuple[str, ...]
    about: str
    speaker: tuple[str, str]  # key of the person who entered it, and their function in it
    waits: bool = False


HALINA = Somebody(
    key="halina", name="Halina K.", form="f", email="halina@poczta.example", place="lubowierz",
    area="Nadrzecze", confirmed=True, about="mieszkanka Nadrzecza",
)  # fmt: skip
OLENA = Somebody(
    key="olena", name="Олена Г.", form="f", email="olena@poczta.example", place="lubowierz",
    area="Zatorze", locale="uk", about="mieszkanka Zatorza, język ukraiński",
)  # fmt: skip
BOZENA = Somebody(
    key="bozena", name="Bożena W.", form="f", email="bozena@lubowierz.example", place="lubowierz",
    roles=(Role.OFFICER,), area="Podlesie", unit="Biuro Partycypacji", job_title="inspektorka",
    about="inspektorka w Biurze Partycypacji; jest też mieszkanką Podlesia",
)  # fmt: skip
MAREK = Somebody(
    key="marek", name="Marek T.", form="m", email="marek@lubowierz.example", place="lubowierz",
    roles=(Role.APPROVER,), unit="Biuro Partycypacji", job_title="zastępca dyrektorki Biura",
    about="zastępca dyrektorki Biura – druga osoba",
)  # fmt: skip
ZUZANNA = Somebody(
    key="zuzanna", name="Zuzanna P.", form="f", email="zuzanna@rozmowaimiejsce.example",
    place="lubowierz", roles=(Role.FACILITATOR,), organisation="rozmowa-i-miejsce",
    about="facylitatorka, Stowarzyszenie Rozmowa i Miejsce",
)  # fmt: skip
IRENA = Somebody(
    key="irena", name="Irena S.", form="f", email="irena@dobrezebranie.example",
    place="lubowierz", roles=(Role.REVIEWER,), organisation="dobre-zebranie",
    about="rozpatruje odwołania, Fundacja Dobre Zebranie",
)  # fmt: skip
PAWEL = Somebody(
    key="pawel", name="Paweł L.", form="m", email="pawel@lubowierz.example", place="lubowierz",
    roles=(Role.ADMINISTRATOR,), about="administrator miasta",
)  # fmt: skip
JOLANTA = Somebody(
    key="jolanta", name="Jolanta B.", form="f", email="jolanta@wrzosowiany.example",
    place="wrzosowiany", roles=(Role.OFFICER,), unit="Sekretariat", job_title="podinspektorka",
    about="podinspektorka",
)  # fmt: skip
RYSZARD = Somebody(
    key="ryszard", name="Ryszard D.", form="m", email="ryszard@wrzosowiany.example",
    place="wrzosowiany", roles=(Role.APPROVER,), unit="Sekretariat", job_title="sekretarz gminy",
    about="sekretarz gminy",
)  # fmt: skip
URSZULA = Somebody(
    key="urszula", name="Urszula M.", form="f", email="urszula@powiat-wierzbogorski.example",
    place="powiat-wierzbogorski", roles=(Role.OFFICER,), unit="Wydział Spraw Społecznych",
    job_title="pełnomocniczka do spraw współpracy z organizacjami",
    about="pełnomocniczka do spraw współpracy z organizacjami",
)  # fmt: skip
LESZEK = Somebody(
    key="leszek", name="Leszek N.", form="m", email="leszek@powiat-wierzbogorski.example",
    place="powiat-wierzbogorski", roles=(Role.APPROVER,), unit="Wydział Spraw Społecznych",
    job_title="sekretarz powiatu", about="sekretarz powiatu – druga osoba",
)  # fmt: skip

PEOPLE = (
    HALINA, OLENA, BOZENA, MAREK, ZUZANNA, IRENA, PAWEL, JOLANTA, RYSZARD, URSZULA, LESZEK,
)  # fmt: skip
# Whom the demonstration offers to be; who approves in the county is needed there alone.
SHOWN = PEOPLE[:-1]

GROUPS = (
    Group(
        key="rozmowa-i-miejsce", name="Stowarzyszenie Rozmowa i Miejsce", kind="association",
        register="krs", number="0009990001", seat="Lubowierz",
        places=("lubowierz", "powiat-wierzbogorski"),
        about="Prowadzi dyskusje w Lubowierzu i w powiecie.",
        speaker=("zuzanna", "facylitatorka"),
    ),
    Group(
        key="most-sasiedzki", name="Fundacja Most Sąsiedzki", kind="foundation", register="krs",
        number="0009990002", seat="Lubowierz", places=("lubowierz",),
        about="Pomaga osobom, które przyjechały, i tym, które przyjmują.",
        speaker=("nadia", "członkini zarządu"),
    ),
    Group(
        key="dobre-zebranie", name="Fundacja Dobre Zebranie", kind="foundation", register="krs",
        number="0009990004", seat="Wierzbogóra",
        places=("lubowierz", "wrzosowiany", "powiat-wierzbogorski"),
        about="Rozpatruje odwołania; dlatego sama nie zabiera głosu w konsultacjach.",
        speaker=("irena", "osoba rozpatrująca odwołania"),
    ),
    Group(
        key="osp-stary-mlyn", name="OSP w Starym Młynie", kind="fire_brigade", register="krs",
        number="0009990003", seat="Wrzosowiany",
        places=("wrzosowiany", "powiat-wierzbogorski"),
        about="Ochotnicza straż pożarna, 34 osoby.",
        speaker=("tadeusz", "naczelnik"),
    ),
    Group(
        key="wrzosowianki", name="KGW „Wrzosowianki”", kind="rural_women", register="rural_women",
        number="9990/1", seat="Wrzosowiany", places=("wrzosowiany", "powiat-wierzbogorski"),
        about="Koło gospodyń wiejskich.",
        speaker=("barbara", "przewodnicząca"),
    ),
    Group(
        key="targowa", name="Stowarzyszenie Kupców „Targowa”", kind="ordinary_association",
        register="county", number="poz. 9990", seat="Lubowierz", places=("lubowierz",),
        about="Osoby, które handlują na Placu Targowym.",
        speaker=("kupcy", "przedstawiciel"),
    ),
    Group(
        key="kuchnia-na-kolejarzy", name="Kuchnia na Kolejarzy", kind="informal", register="none",
        number=None, seat="Lubowierz", places=("lubowierz",),
        about="Grupa sąsiedzka z Osiedla Kolejarzy.",
        speaker=("ewa", "koordynatorka"),
    ),
    Group(
        key="pogodne-popoludnie", name="Klub „Pogodne Popołudnie”", kind="informal",
        register="none", number=None, seat="Lubowierz", places=("lubowierz",),
        about="Klub seniorek i seniorów.",
        speaker=("leokadia", "przewodnicząca klubu"), waits=True,
    ),
    Group(
        key="zatorze", name="Rada Osiedla Zatorze", kind="neighbourhood_council",
        register="none", number=None, seat="Lubowierz", places=("lubowierz",),
        about="Jednostka pomocnicza miasta.",
        speaker=("wanda", "przewodnicząca rady"),
    ),
    Group(
        key="radoszewo", name="Koło przyjaciół biblioteki w Radoszewie Leśnym", kind="informal",
        register="none", number=None, seat="Radoszewo Leśne", places=("powiat-wierzbogorski",),
        about="Osoby, które po godzinach otwierają bibliotekę.",
        speaker=("malwina", "koordynatorka"),
    ),
    Group(
        key="kamionna", name="Klub Sportowy „Kamionna Struga”", kind="sports_club",
        register="county", number="poz. 9991", seat="Kamionna Struga",
        places=("powiat-wierzbogorski",),
        about="Piłka, biegi i nauka jazdy na rolkach dla 140 dzieci.",
        speaker=("robert", "prezes"),
    ),
    Group(
        key="turowiany", name="Grupa rodziców z Turowian", kind="informal",
        register="none", number=None, seat="Turowiany", places=("powiat-wierzbogorski",),
        about="Rodzice i opiekunki dzieci ze szkoły w Turowianach.",
        speaker=("ilona", "osoba do kontaktu"),
    ),
)  # fmt: skip

# People of organisations who write nothing here: (key, name, form, area), all of Lubowierz.
FOUNDERS = (
    ("nadia", "Nadia P.", "f", "Zatorze"),
    ("ewa", "Ewa C.", "f", "Osiedle Kolejarzy"),
    ("wanda", "Wanda L.", "f", "Zatorze"),
)
