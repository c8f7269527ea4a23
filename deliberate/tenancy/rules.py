"""What a municipality may set for itself: areas without circles, rules that can be read. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from deliberate.kernel.refusals import Refusal
from deliberate.kernel.texts import N_

# What a new municipality begins with (texts.md 32). Ours, so the catalogues have them.
USUAL_RULES = (
    N_("Mówimy o sprawie, nie o osobach."),
    N_("Podajemy źródło, gdy powołujemy się na fakty."),
    N_("Nie grozimy i nie poniżamy."),
    N_("Nie publikujemy danych innych osób."),
    N_("Nie reklamujemy i nie agitujemy wyborczo."),
    N_("Krytykować urząd wolno."),
    N_("Piszesz w swoim języku – ktoś przeczyta."),
)
FEWEST_RULES, MOST_RULES, LONGEST_RULE = 3, 12, 200

CIRCLE = Refusal("area.circle", N_("Część nie może leżeć w samej sobie ani w tym, co leży w niej."))
NAME_TAKEN = Refusal("tenancy.name_taken", N_("Ta nazwa jest już na liście."))
SAME_RULES = Refusal("rules.same", N_("To są te same zasady, więc nie ma nowej wersji."))
RULES_AT_ONCE = Refusal(
    "rules.at_once", N_("Ktoś w tej samej chwili zapisał nowe zasady. Odśwież stronę.")
)

BOTH_HOURS = N_("Podaj obie godziny albo zostaw obie puste: wtedy ciszy nie ma.")
SILENCE_BACKWARDS = N_("Cisza kończy się, zanim się zacznie. Popraw godziny.")
TOO_FEW_RULES = N_("Napisz co najmniej trzy zasady, każdą w osobnym wierszu.")
TOO_MANY_RULES = N_("Najwyżej dwanaście zasad: dłuższej listy nikt nie przeczyta.")
TOO_LONG_RULE = N_("Każda zasada to najwyżej 200 znaków. Skróć tę, która jest dłuższa.")


def circle_refusal(
    area_id: int | None, parent_id: int | None, parents: Mapping[int, int | None]
) -> Refusal | None:
    """Return why an area may not lie in another; ``parents``: area → what it lies in."""
    above = parent_id
    while above is not None and area_id is not None:
        if above == area_id:
            return CIRCLE
        above = parents.get(above)
    return None


def split_rules(text: str) -> list[str]:
    """Return one rule a line, without empty lines and without numbers that people put first."""
    lines = (line.strip().lstrip("0123456789.)-– ") for line in text.splitlines())
    return [line for line in lines if line]


def rules_problem(rules: list[str]) -> str | None:
    """Return what is wrong with the rules of discussion, or None."""
    if len(rules) < FEWEST_RULES:
        return TOO_FEW_RULES
    if len(rules) > MOST_RULES:
        return TOO_MANY_RULES
    return TOO_LONG_RULE if any(len(rule) > LONGEST_RULE for rule in rules) else None


def sum_of_leaves(areas: Iterable[tuple[int, int | None, int | None]]) -> int | None:
    """Return how many live in the areas that hold no others; None while any number is unknown.

    ``areas``: (id, parent, residents).
    """
    areas = list(areas)
    holders = {parent for _, parent, _ in areas}
    leaves = [residents for area_id, _, residents in areas if area_id not in holders]
    known = [residents for residents in leaves if residents is not None]
    return sum(known) if len(known) == len(leaves) else None


def silence_problem(begins: datetime | None, until: datetime | None) -> str | None:
    """Return what is wrong with the hours of election silence; neither means that there is none."""
    if begins is None and until is None:
        return None
    if begins is None or until is None:
        return BOTH_HOURS
    return SILENCE_BACKWARDS if until <= begins else None
