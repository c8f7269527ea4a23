"""Consultation 2.6: how a citizens' senate should work – announced, begins in five days."""

from __future__ import annotations

TITLE = "Senat obywatelski w Lubowierzu: jak ma działać?"
SLUG = "senat-obywatelski"
SUMMARY = (
    "Senat obywatelski to stała grupa mieszkanek i mieszkańców wybranych losowo. Nie zastępuje "
    "Rady Miasta i nie stanowi prawa: przygląda się sprawom, pyta, doradza i dostaje odpowiedzi. "
    "Zanim Rada zdecyduje, czy go powołać, chcemy z Wami ustalić, kto miałby w nim zasiadać, jak "
    "długo i o czym mógłby mówić."
)
CAN_CHANGE = (
    "Liczba osób i długość kadencji, sposób losowania, tematy, o których senat mówi, to, jak i "
    "kiedy miasto mu odpowiada."
)
CANNOT_CHANGE = "Ustawowych zadań Rady Miasta i prezydentki."

PHASES = (
    ("Zbieramy propozycje", 5, 26, ("propose", "support", "discuss")),
    ("Rozmawiamy", 27, 47, ("support", "discuss")),
    ("Wybieramy wariant", 48, 61, ("vote",)),
    ("Urząd odpowiada", 62, 90, ("answer",)),
)

# Four variants to begin with; residents add theirs.
VARIANTS = (
    (
        "36 osób na rok, co pół roku wymiana jednej trzeciej.",
        "Spotkania raz w miesiącu, w sobotę, z dietą i opieką nad dziećmi.",
    ),
    ("Senat wybiera jeden temat w roku", "i w jego sprawie zwołuje panel obywatelski."),
    (
        "Senat opiniuje najważniejsze projekty uchwał.",
        "Dostaje je 21 dni przed sesją; opinia jest odczytywana radnym.",
    ),
    ("Na razie bez senatu.", "Najpierw dwa panele obywatelskie, potem ocena i decyzja."),
)


def summary() -> str:
    """Return what it is about, with the variants as a list."""
    listed = "\n".join(f"- **{what}** {how}" for what, how in VARIANTS)
    return f"{SUMMARY}\n\nNa początek są cztery warianty, do uzupełnienia przez Was:\n\n{listed}"
