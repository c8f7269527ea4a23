"""Kinds of organisations and registers by name, and in which capacity each kind speaks."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from deliberate.authorship.models import Capacity
from deliberate.kernel.texts import N_
from deliberate.organisations.models import OrganisationKind, Register

KINDS: Mapping[OrganisationKind, str] = MappingProxyType(
    {
        OrganisationKind.ASSOCIATION: N_("stowarzyszenie"),
        OrganisationKind.ORDINARY_ASSOCIATION: N_("stowarzyszenie zwykłe"),
        OrganisationKind.FOUNDATION: N_("fundacja"),
        OrganisationKind.FIRE_BRIGADE: N_("ochotnicza straż pożarna"),
        OrganisationKind.RURAL_WOMEN: N_("koło gospodyń wiejskich"),
        OrganisationKind.SPORTS_CLUB: N_("klub sportowy"),
        OrganisationKind.INFORMAL: N_("grupa nieformalna"),
        OrganisationKind.NEIGHBOURHOOD_COUNCIL: N_("rada osiedla"),
        OrganisationKind.VILLAGE: N_("sołectwo"),
        OrganisationKind.YOUTH_COUNCIL: N_("młodzieżowa rada"),
        OrganisationKind.CITY_COUNCIL: N_("rada miasta albo gminy"),
        OrganisationKind.OTHER: N_("inna"),
    }
)
REGISTERS: Mapping[Register, str] = MappingProxyType(
    {
        Register.KRS: N_("KRS"),
        Register.COUNTY: N_("ewidencja starosty"),
        Register.RURAL_WOMEN: N_("rejestr kół gospodyń wiejskich"),
        Register.NONE: N_("bez rejestru"),
    }
)
# Bodies of the municipality speak in a capacity of their own, each by the function of a person.
CAPACITIES: Mapping[str, Capacity] = MappingProxyType(
    {
        OrganisationKind.CITY_COUNCIL: Capacity.COUNCILLOR,
        OrganisationKind.VILLAGE: Capacity.VILLAGE_HEAD,
        OrganisationKind.NEIGHBOURHOOD_COUNCIL: Capacity.NEIGHBOURHOOD_COUNCIL,
        OrganisationKind.YOUTH_COUNCIL: Capacity.YOUTH_COUNCIL,
    }
)


def voice_of(kind: str, name: str, function: str) -> tuple[Capacity, str]:
    """Return in which capacity and under which label a member writes."""
    capacity = CAPACITIES.get(kind, Capacity.ORGANISATION)
    if capacity is Capacity.ORGANISATION:
        return capacity, name
    return capacity, f"{function}, {name}"
