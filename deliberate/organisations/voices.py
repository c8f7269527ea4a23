"""In whose name people write: of organisations that the office verified."""

from __future__ import annotations

from deliberate.accounts.models import Person
from deliberate.authorship.capacities import Voice
from deliberate.organisations import kinds, queries
from deliberate.tenancy.models import Municipality


def of_organisations(tenant: Municipality, person: Person) -> list[Voice]:
    voices = []
    for member, organisation in queries.list_of(tenant, person):
        if organisation.verified_at is not None:
            capacity, label = kinds.voice_of(organisation.kind, organisation.name, member.function)
            voices.append(
                Voice(
                    key=f"organisation:{organisation.id}",
                    capacity=capacity,
                    label=label,
                    organisation_id=organisation.id,
                )
            )
    return voices
