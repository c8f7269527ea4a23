"""The names in which a person may write by what they are here.

Resident or guest, office, facilitator; those of organisations come from ``organisations``. A label
is Polish, in the grammatical form the person chose, and frozen with what they write.
"""

from __future__ import annotations

from sqlalchemy import column, or_, select, table

from deliberate.accounts.models import Form, Membership, Person, Residence, ResidenceState
from deliberate.authorship.capacities import Voice
from deliberate.authorship.models import Capacity
from deliberate.kernel import clock
from deliberate.kernel.actor import Role
from deliberate.kernel.db import db
from deliberate.tenancy.models import Area, Municipality, OrgUnit

RESIDENT = {Form.FEMININE: "mieszkanka", Form.MASCULINE: "mieszkaniec"}
GUEST = {Form.FEMININE: "gościni", Form.MASCULINE: "gość", Form.NEUTRAL: "gościnnie"}
FACILITATOR = {
    Form.FEMININE: "facylitatorka",
    Form.MASCULINE: "facylitator",
    Form.NEUTRAL: "osoba prowadząca rozmowę",
}

# The package of organisations is above this one; of its table only the name is read here.
_organisation = table("organisation", column("id"), column("name"))


def personal(tenant: Municipality, person: Person) -> list[Voice]:
    """Return the one voice everybody has: of somebody who lives here, or of a guest."""
    found = db.session.execute(
        select(Residence.state, Area.name)
        .outerjoin(Area, Area.id == Residence.area_id)
        .where(Residence.tenant_id == tenant.id, Residence.person_id == person.id)
    ).first()
    if found is None or found[0] == ResidenceState.REFUSED:
        return [Voice(key="guest", capacity=Capacity.GUEST, label=GUEST[Form(person.form)])]
    label = resident_label(tenant, Form(person.form), area=found[1])
    return [Voice(key="resident", capacity=Capacity.RESIDENT, label=label)]


def resident_label(tenant: Municipality, form: Form, *, area: str | None) -> str:
    """Return "mieszkanka, Nadrzecze", "mieszkaniec Lubowierza" or "mieszka w Lubowierzu"."""
    if form is Form.NEUTRAL:
        place = f"mieszka {tenant.locative}"
        return f"{place}, {area}" if area else place
    return f"{RESIDENT[form]}, {area}" if area else f"{RESIDENT[form]} {tenant.genitive}"


def official(tenant: Municipality, person: Person) -> list[Voice]:
    """Return the voices of a person's roles: of the office, of whoever leads the conversation."""
    now = clock.now()
    roles = db.session.execute(
        select(Membership, OrgUnit.name, _organisation.c.name)
        .outerjoin(OrgUnit, OrgUnit.id == Membership.unit_id)
        .outerjoin(_organisation, _organisation.c.id == Membership.organisation_id)
        .where(
            Membership.tenant_id == tenant.id,
            Membership.person_id == person.id,
            Membership.role.in_((Role.OFFICER, Role.FACILITATOR)),
            Membership.starts_at <= now,
            or_(Membership.ends_at.is_(None), Membership.ends_at > now),
        )
        .order_by(Membership.id)
    )
    return [
        _office(tenant, membership, unit)
        if membership.role == Role.OFFICER
        else _facilitator(person, membership, organisation)
        for membership, unit, organisation in roles
    ]


def _office(tenant: Municipality, membership: Membership, unit: str | None) -> Voice:
    return Voice(
        key=f"office:{membership.id}",
        capacity=Capacity.OFFICE,
        label=f"{tenant.office_name}, {unit}" if unit else tenant.office_name,
        unit_id=membership.unit_id,
        consultation_id=membership.consultation_id,
    )


def _facilitator(person: Person, membership: Membership, organisation: str | None) -> Voice:
    name = FACILITATOR[Form(person.form)]
    return Voice(
        key=f"facilitator:{membership.id}",
        capacity=Capacity.FACILITATOR,
        label=f"{name}, {organisation}" if organisation else name,
        organisation_id=membership.organisation_id,
        consultation_id=membership.consultation_id,
    )
