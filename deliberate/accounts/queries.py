"""Reading people and where they live. A person is global; all else begins with the tenant."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache

from flask import abort
from sqlalchemy import Row, Select, bindparam, func, select

from deliberate.accounts import rules
from deliberate.accounts.models import (
    EmailToken,
    Membership,
    Person,
    RecoveryCode,
    Residence,
    ResidenceState,
    SecondFactor,
    SignInSession,
)
from deliberate.accounts.standing import Needs
from deliberate.algorithms.folding import fold
from deliberate.kernel.db import db
from deliberate.tenancy.models import Area, Municipality, MunicipalityKind

MOST_FOUND = 50  # people a search at the desk shows; more means: type more


def find_person(person_id: int | None) -> Person | None:
    return db.session.get(Person, person_id) if person_id is not None else None


def find_person_by_email(address: str) -> Person | None:
    """Return whose account this address is, however it is spelled."""
    return db.session.scalar(select(Person).where(Person.email_folded == rules.fold_email(address)))


def find_token(token_id: str | None, tenant: Municipality, purpose: str) -> EmailToken | None:
    """Return a token of this municipality and purpose, whether or not it still holds."""
    if token_id is None:
        return None
    return db.session.scalar(
        select(EmailToken).where(
            EmailToken.id == token_id,
            EmailToken.tenant_id == tenant.id,
            EmailToken.purpose == purpose,
        )
    )


def find_second_factor(person: Person) -> SecondFactor | None:
    return db.session.get(SecondFactor, person.id)


def has_second_factor(person: Person) -> bool:
    return find_second_factor(person) is not None


def count_recovery_codes(person: Person) -> int:
    """Return how many recovery codes still work."""
    return db.session.scalars(
        select(func.count())
        .select_from(RecoveryCode)
        .where(RecoveryCode.person_id == person.id, RecoveryCode.used_at.is_(None))
    ).one()


def find_home(person: Person) -> Municipality | None:
    """Return in whose name to write to a person: where they work first, or else live."""
    for link in (Membership, Residence):
        wanted = (
            select(Municipality)
            .join(link, link.tenant_id == Municipality.id)
            .where(link.person_id == person.id)
            .order_by(link.id)
            .limit(1)
        )
        if (home := db.session.scalar(wanted)) is not None:
            return home
    return None


def find_residence(tenant: Municipality, person: Person) -> Residence | None:
    return find_residence_in(tenant.id, person.id)


def find_residence_in(tenant_id: int, person_id: int) -> Residence | None:
    wanted = {"tenant_id": tenant_id, "person_id": person_id}
    return db.session.scalar(_select_residence(), wanted)


@cache
def _select_residence() -> Select[Residence]:
    return select(Residence).where(
        Residence.tenant_id == bindparam("tenant_id"),
        Residence.person_id == bindparam("person_id"),
    )


def get_residence(tenant: Municipality, residence_id: int) -> Residence:
    """Return a declaration made here; 404 for another municipality's and for none."""
    return db.session.scalar(
        select(Residence).where(Residence.tenant_id == tenant.id, Residence.id == residence_id)
    ) or abort(404)


def standing(tenant: Municipality, person: Person | None) -> Needs:
    """Return how sure this municipality is of a person."""
    if person is None:
        return Needs.ANYONE
    return standing_of(find_residence(tenant, person))


def standing_of(residence: Residence | None) -> Needs:
    """Return the standing of a signed-in person whose residence is already loaded."""
    if residence is None or residence.state == ResidenceState.REFUSED:
        return Needs.EMAIL
    return Needs.CONFIRMED if residence.state == ResidenceState.CONFIRMED else Needs.DECLARED


def residence_facts(
    tenant: Municipality, residence: Residence | None, *, now: datetime
) -> rules.ResidenceFacts:
    """Gather what the rules of residence ask."""
    has_residents = tenant.kind != MunicipalityKind.ORGANISER
    if residence is None:
        return rules.ResidenceFacts(now=now, state=None, has_residents=has_residents)
    return rules.ResidenceFacts(
        now=now,
        state=residence.state,
        has_residents=has_residents,
        letter_asked_at=residence.letter_asked_at,
        letter_sent_at=residence.letter_sent_at,
        letter_tries=residence.letter_tries,
    )


def list_waiting_letters(
    tenant: Municipality,
) -> Sequence[Row[Residence, Person, Area]]:
    """Return who asked for a letter that is not printed yet, the longest waiting first."""
    return db.session.execute(
        _select_residences(tenant)
        .where(
            Residence.letter_asked_at.is_not(None),
            Residence.letter_sent_at.is_(None),
            Residence.state == ResidenceState.DECLARED,
        )
        .order_by(Residence.letter_asked_at, Residence.id)
    ).all()


def search_residences(tenant: Municipality, text: str) -> Sequence[Row[Residence, Person, Area]]:
    """Return who declared to live here under this e-mail or part of a name, by name.

    Whoever has declared nothing here is not found: the desk learns of no account elsewhere.
    """
    if not fold(text):
        return []
    return db.session.execute(
        _select_residences(tenant)
        .where(
            (Person.email_folded == rules.fold_email(text))
            | Person.name_folded.contains(fold(text), autoescape=True)
        )
        .order_by(Person.name_folded, Residence.id)
        .limit(MOST_FOUND)
    ).all()


def list_sessions(person: Person, *, now: datetime) -> Sequence[Row[SignInSession, str]]:
    """Return the browsers signed in as this person and the municipality of each, newest first."""
    return (
        db.session.execute(
            select(SignInSession, Municipality.name)
            .join(Municipality, Municipality.id == SignInSession.tenant_id)
            .where(
                SignInSession.person_id == person.id,
                SignInSession.ended_at.is_(None),
                SignInSession.expires_at > now,
            )
            .order_by(SignInSession.created_at.desc(), SignInSession.token_hash)
        )
    ).all()


def list_residences_of(person: Person) -> Sequence[Row[Residence, str, Area]]:
    """Return where a person declared to live, in every municipality, oldest first."""
    return db.session.execute(
        select(Residence, Municipality.name, Area)
        .join(Municipality, Municipality.id == Residence.tenant_id)
        .outerjoin(Area, Area.id == Residence.area_id)
        .where(Residence.person_id == person.id)
        .order_by(Residence.id)
    ).all()


def list_memberships_of(person: Person) -> Sequence[Row[Membership, str]]:
    """Return every role a person has or had, in every municipality, oldest first."""
    return db.session.execute(
        select(Membership, Municipality.name)
        .join(Municipality, Municipality.id == Membership.tenant_id)
        .where(Membership.person_id == person.id)
        .order_by(Membership.id)
    ).all()


def has_role_anywhere(person: Person, *, now: datetime) -> bool:
    """Tell whether a person holds a role now, in whatever municipality."""
    return (
        db.session.scalar(
            select(Membership.id)
            .where(
                Membership.person_id == person.id,
                (Membership.ends_at.is_(None)) | (Membership.ends_at > now),
            )
            .limit(1)
        )
        is not None
    )


def _select_residences(tenant: Municipality) -> Select[Residence, Person, Area]:
    return (
        select(Residence, Person, Area)
        .join(Person, Person.id == Residence.person_id)
        .outerjoin(Area, Area.id == Residence.area_id)
        .where(Residence.tenant_id == tenant.id)
    )
