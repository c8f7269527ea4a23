"""Changing organisations: signing up, the office's verdict, members who come and go."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from deliberate.accounts.models import Person
from deliberate.audit import entries as audit
from deliberate.kernel.actor import Actor
from deliberate.kernel.db import db, lock
from deliberate.kernel.refusals import Refused
from deliberate.kernel.urls import slugify
from deliberate.organisations import queries, rules
from deliberate.organisations.links import Joining
from deliberate.organisations.models import Organisation, OrganisationMember
from deliberate.organisations.profile import Profile
from deliberate.organisations.subject import KIND
from deliberate.tenancy.models import Municipality
from deliberate.topics import actions as topics

RESERVED = frozenset({"nowa"})  # addresses of our own pages


def sign_up(
    tenant: Municipality, profile: Profile, person: Person, function: str, *, now: datetime
) -> Organisation:
    """Enter an organisation; the office has yet to verify it. The person is its first member."""
    # One at a time, so that two of one name get two addresses.
    lock(Municipality, tenant.id)
    if queries.find_entered(tenant, person, profile.name) is not None:
        raise Refused(rules.ENTERED)
    organisation = Organisation(
        tenant_id=tenant.id,
        slug=_free_slug(tenant, profile.name),
        created_by=person.id,
        created_at=now,
    )
    _describe(organisation, profile)
    db.session.add(organisation)
    db.session.flush()
    _join(organisation, person.id, function, now)
    topics.file_under(tenant, KIND, organisation.id, profile.topics)
    return organisation


def correct(tenant: Municipality, organisation: Organisation, profile: Profile) -> None:
    """Change what was entered; one that was refused waits for the office again."""
    if organisation.verified_at is not None:
        raise Refused(rules.DECIDED)
    _describe(organisation, profile)
    organisation.refused_reason = None
    topics.file_under(tenant, KIND, organisation.id, profile.topics)


def describe(
    tenant: Municipality, organisation: Organisation, about: str, topic_keys: Iterable[str]
) -> None:
    """Change what a verified organisation says of itself; its name and number stay verified."""
    organisation.about = about
    topics.file_under(tenant, KIND, organisation.id, topic_keys)


def verify(organisation: Organisation, actor: Actor, *, now: datetime) -> None:
    """Confirm that an organisation is what it says; from now on people may speak for it."""
    lock(Organisation, organisation.id)
    _check_verdict(organisation, actor)
    if queries.find_same_number(organisation) is not None:
        raise Refused(rules.SAME_NUMBER)
    organisation.verified_at, organisation.verified_by = now, actor.person_id
    organisation.refused_reason = None
    _record("organisation.verified", organisation, actor, now)


def refuse(organisation: Organisation, reason: str, actor: Actor, *, now: datetime) -> None:
    """Say why not; its people see the reason and may correct what they entered."""
    lock(Organisation, organisation.id)
    _check_verdict(organisation, actor)
    organisation.refused_reason = reason
    _record("organisation.refused", organisation, actor, now, reason=reason)


def join(organisation: Organisation, person: Person, joining: Joining, *, now: datetime) -> None:
    """Come in by an invitation from another member."""
    facts = joining_facts(organisation, person, joining, now=now)
    if refusal := rules.joining_refusal(facts):
        raise Refused(refusal)
    _join(organisation, person.id, joining.function, now)


def joining_facts(
    organisation: Organisation, person: Person, joining: Joining, *, now: datetime
) -> rules.JoiningFacts:
    """Gather what the rule of joining asks; the page asks the same."""
    row = queries.find_member(organisation, person.id)
    return rules.JoiningFacts(
        now=now,
        invited_at=joining.invited_at,
        is_address=person.email_folded == joining.email_folded,
        is_member=row is not None and row.until is None,
        left_at=row.until if row is not None else None,
    )


def leave(organisation: Organisation, member_id: int, person: Person, *, now: datetime) -> None:
    """End a person's place; they can no longer write in the organisation's name."""
    if person.id not in (member_id, organisation.created_by):
        raise Refused(rules.ONLY_OWN)
    row = queries.find_member(organisation, member_id)
    if row is None or row.until is not None:
        raise Refused(rules.NOT_A_MEMBER)
    row.until = now


def _describe(organisation: Organisation, profile: Profile) -> None:
    organisation.name = profile.name
    organisation.kind = profile.kind
    organisation.register = profile.register
    organisation.register_number = profile.number or None
    organisation.seat = profile.seat
    organisation.about = profile.about


def _join(organisation: Organisation, person_id: int, function: str, now: datetime) -> None:
    row = queries.find_member(organisation, person_id)
    if row is None:
        row = OrganisationMember(
            tenant_id=organisation.tenant_id,
            organisation_id=organisation.id,
            person_id=person_id,
        )
        db.session.add(row)
    row.function, row.since, row.until = function, now, None


def _check_verdict(organisation: Organisation, actor: Actor) -> None:
    row = queries.find_member(organisation, actor.person_id)
    refusal = rules.verdict_refusal(
        is_verified=organisation.verified_at is not None,
        is_member=row is not None and row.until is None,
    )
    if refusal:
        raise Refused(refusal)


def _free_slug(tenant: Municipality, name: str) -> str:
    wanted = slug = slugify(name)
    number = 2
    while slug in RESERVED or queries.is_slug_taken(tenant, slug):
        slug, number = f"{wanted}-{number}", number + 1
    return slug


def _record(
    action: str, organisation: Organisation, actor: Actor, now: datetime, **detail: Any
) -> None:
    audit.record(
        action,
        f"organisation:{organisation.id}",
        actor=actor,
        at=now,
        name=organisation.name,
        number=organisation.register_number,
        **detail,
    )
