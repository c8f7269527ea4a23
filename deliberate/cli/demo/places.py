"""Three municipalities of the demo world: their names in every case, areas, units, rules.

TERYT codes and registers lie outside what has been given in Poland; addresses are in .example.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A municipality; ``names`` are columns of ``municipality``, ``areas`` (name, residents)."""

    slug: str
    names: dict[str, object]
    area_kind: str
    areas: tuple[tuple[str, int], ...]
    units: tuple[str, ...] = field(default=())


LUBOWIERZ = Place(
    slug="lubowierz",
    names={
        "kind": "city_with_county_rights",
        "host": "lubowierz.example",
        "teryt": "9861011",
        "population": 118_400,
        "name": "Lubowierz",
        "official_name": "Miasto Lubowierz",
        "genitive": "Lubowierza",
        "locative": "w Lubowierzu",
        "adjective": "lubowierski",
        "residents_name": "lubowierzanki i lubowierzanie",
        "name_en": "Lubowierz",
        "name_uk": "Любовєж",
        "executive": "Prezydentka Miasta Lubowierza",
        "executive_genitive": "prezydentki",
        "executive_instrumental": "prezydentką",
        "council": "Rada Miasta",
        "office_name": "Urząd Miasta w Lubowierzu",
        "office_address": "plac Ratuszowy 1, 00-001 Lubowierz",
        "office_phone": "(00) 123 45 00",
        "office_email": "rozmowa@lubowierz.example",
        "office_hours": "pon. 8–17, wt.–pt. 8–15",
        "lead_unit": "Biuro Partycypacji, pokój 12 (parter, bez progów)",
        "legal_basis": ("uchwała nr XXI/214 Rady Miasta w sprawie zasad i trybu konsultacji"),
        "dpo_contact": "iod@lubowierz.example",
        "paper_places": "Biuro Partycypacji, plac Ratuszowy 1, pokój 12 (parter, bez progów)",
        "accepts_late_letters": True,
    },
    area_kind="osiedle",
    areas=(
        ("Śródmieście", 21_300),
        ("Nadrzecze", 14_850),
        ("Stare Młyny", 9_720),
        ("Osiedle Kolejarzy", 16_480),
        ("Zatorze", 18_210),
        ("Lipowe Wzgórza", 22_640),
        ("Podlesie", 10_360),
        ("Łęgi", 4_840),
    ),
    units=("Biuro Partycypacji", "Wydział Inwestycji", "Wydział Edukacji", "Wydział Zieleni"),
)

WRZOSOWIANY = Place(
    slug="wrzosowiany",
    names={
        "kind": "gmina",
        "host": "wrzosowiany.example",
        "teryt": "9807052",
        "population": 6_213,
        "name": "Wrzosowiany",
        "official_name": "Gmina Wrzosowiany",
        "genitive": "Wrzosowian",
        "locative": "we Wrzosowianach",
        "adjective": "wrzosowiański",
        "residents_name": "mieszkanki i mieszkańcy gminy Wrzosowiany",
        "name_en": "Wrzosowiany",
        "name_uk": "Вжосовяни",
        "executive": "Wójt Gminy Wrzosowiany",
        "executive_genitive": "wójta",
        "executive_instrumental": "wójtem",
        "council": "Rada Gminy",
        "office_name": "Urząd Gminy Wrzosowiany",
        "office_address": "ul. Lipowa 8, Wrzosowiany",
        "office_phone": "(00) 234 56 00",
        "office_email": "gmina@wrzosowiany.example",
        "office_hours": "pon.–pt. 7.30–15.30",
        "lead_unit": "Sekretariat, parter",
        "legal_basis": "uchwała nr VIII/61 Rady Gminy w sprawie zasad konsultacji",
        "dpo_contact": "iod@wrzosowiany.example",
        "paper_places": "Urząd Gminy, ul. Lipowa 8, albo u sołtyski lub sołtysa",
    },
    area_kind="sołectwo",
    areas=(
        ("Wrzosowiany", 1_984),
        ("Stary Młyn", 872),
        ("Brzezinka Leśna", 741),
        ("Zagroble", 655),
        ("Dąbrówka nad Strugą", 583),
        ("Kąty Wrzosowe", 402),
        ("Piaski", 318),
        ("Nowa Kolonia", 261),
        ("Olszowa", 214),
        ("Borek", 120),
        ("Łąkowiec", 63),
    ),
    units=("Sekretariat", "Referat Inwestycji"),
)

COUNTY = Place(
    slug="powiat-wierzbogorski",
    names={
        "kind": "county",
        "host": "powiat-wierzbogorski.example",
        "teryt": "9807",
        "population": 64_870,
        "name": "powiat wierzbogórski",
        "official_name": "Powiat Wierzbogórski",
        "genitive": "powiatu wierzbogórskiego",
        "locative": "w powiecie wierzbogórskim",
        "adjective": "wierzbogórski",
        "residents_name": "mieszkanki i mieszkańcy powiatu wierzbogórskiego",
        "name_en": "Wierzbogóra County",
        "name_uk": "Вежбогурський повіт",
        "executive": "Zarząd Powiatu",
        "executive_genitive": "zarządu powiatu",
        "executive_instrumental": "zarządem powiatu",
        "council": "Rada Powiatu",
        "office_name": "Starostwo Powiatowe w Wierzbogórze",
        "office_address": "ul. Szkolna 3, Wierzbogóra",
        "office_phone": "(00) 345 67 00",
        "office_email": "starostwo@powiat-wierzbogorski.example",
        "office_hours": "pon.–pt. 7.30–15.30",
        "lead_unit": "Pełnomocniczka do spraw współpracy z organizacjami",
        "legal_basis": "",
        "dpo_contact": "iod@powiat-wierzbogorski.example",
        "paper_places": "Starostwo Powiatowe, ul. Szkolna 3",
    },
    area_kind="gmina",
    areas=(
        ("Wierzbogóra", 27_940),
        ("Kamionna Struga", 11_305),
        ("Turowiany", 9_930),
        ("Radoszewo Leśne", 9_482),
        ("Wrzosowiany", 6_213),
    ),
    units=("Wydział Spraw Społecznych", "Wydział Edukacji i Sportu", "Wydział Finansowy"),
)

PLACES = (LUBOWIERZ, WRZOSOWIANY, COUNTY)
