"""A municipality with its rules of discussion, its areas and the units of its office."""

from __future__ import annotations

from flask import Flask

from deliberate.algorithms.folding import fold
from deliberate.kernel import clock
from deliberate.tenancy.models import Area, DiscussionRules, Municipality, OrgUnit
from tests.make.base import add, numbers

RULES = (
    "Mówimy o sprawie, nie o osobach.\n"
    "Podajemy źródło, gdy powołujemy się na fakty.\n"
    "Nie grozimy i nie poniżamy.\n"
    "Nie publikujemy danych innych osób."
)


def municipality(app: Flask, *, slug: str = "lubowierz", name: str = "Lubowierz") -> int:
    """Make a city with the rules of discussion in place."""
    now = clock.now()
    tenant_id = add(
        app,
        Municipality(
            kind="city_with_county_rights",
            host=f"{slug}.example",
            slug=slug,
            teryt="9861011",
            population=118_400,
            name=name,
            official_name=f"Miasto {name}",
            genitive=f"{name}a",
            locative=f"w {name}u",
            adjective="lubowierski",
            residents_name="lubowierzanki i lubowierzanie",
            name_en=name,
            name_uk="Любовєж",
            executive=f"Prezydentka Miasta {name}a",
            executive_genitive="prezydentki miasta",
            executive_instrumental="prezydentką miasta",
            council="Rada Miasta",
            office_name=f"Urząd Miasta {name}",
            office_address="plac Ratuszowy 1",
            office_phone="(00) 123 45 00",
            office_email="rozmowa@lubowierz.example",
            legal_basis="uchwała nr XXI/214",
            created_at=now,
        ),
    )
    add(app, DiscussionRules(tenant_id=tenant_id, version=1, text=RULES, valid_from=now))
    return tenant_id


def area(app: Flask, tenant: int, *, name: str = "Nadrzecze", residents: int = 14_850) -> int:
    slug = f"{fold(name).replace(' ', '-')}-{next(numbers)}"
    return add(
        app, Area(tenant_id=tenant, slug=slug, kind="osiedle", name=name, residents=residents)
    )


def unit(app: Flask, tenant: int, *, name: str = "Wydział Inwestycji") -> int:
    return add(app, OrgUnit(tenant_id=tenant, name=name))
