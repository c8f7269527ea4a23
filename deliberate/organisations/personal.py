"""What organisations keep about a person, and what goes when the account is closed."""

from __future__ import annotations

from sqlalchemy import delete, select

from deliberate.accounts.models import Person
from deliberate.kernel.db import db
from deliberate.organisations.models import Organisation, OrganisationMember


def my_organisations(person: Person) -> list[dict[str, object]]:
    rows = db.session.execute(
        select(OrganisationMember, Organisation.name)
        .join(Organisation, Organisation.id == OrganisationMember.organisation_id)
        .where(OrganisationMember.person_id == person.id)
        .order_by(OrganisationMember.organisation_id)
    )
    return [
        {"name": name, "function": row.function, "since": row.since, "until": row.until}
        for row, name in rows
    ]


def forget_person(person_id: int) -> None:
    db.session.execute(delete(OrganisationMember).where(OrganisationMember.person_id == person_id))
