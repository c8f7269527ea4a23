"""Giving roles and ending them: by an invitation that is accepted, never by one's own hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from deliberate.access.decorators import holds
from deliberate.accounts import letters, rules, staff, staff_rules
from deliberate.accounts.models import Invitation, Membership, Person, ScopeKind
from deliberate.accounts.permissions import Permission
from deliberate.accounts.staff_rules import Absence
from deliberate.audit import entries as audit
from deliberate.kernel import clock, ids
from deliberate.kernel.actor import Actor, Role
from deliberate.kernel.db import db, lock
from deliberate.kernel.refusals import Refusal, Refused
from deliberate.tenancy.links import absolute
from deliberate.tenancy.models import Municipality


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What a person is invited to; ``consultation_id`` None: the whole municipality."""

    role: Role
    consultation_id: int | None = None
    unit_id: int | None = None
    organisation_id: int | None = None
    job_title: str = ""

    @property
    def consultation_scope(self) -> int | None:
        """What the inviting role must reach (access.decorators)."""
        return self.consultation_id

    @property
    def scope_kind(self) -> ScopeKind:
        whole = self.consultation_id is None
        return ScopeKind.MUNICIPALITY if whole else ScopeKind.CONSULTATION


def invite(
    tenant: Municipality, offer: Offer, email: str, actor: Actor, *, locale: str, now: datetime
) -> Invitation:
    """Write an invitation to an address. Its link is in the letter and nowhere else."""
    inviter = db.session.get_one(Person, actor.person_id)
    facts = staff_rules.InvitingFacts(
        role=offer.role,
        is_whole=offer.consultation_id is None,
        may_manage=holds(actor, Permission.MANAGE_PEOPLE, on=offer),
        may_invite_facilitators=holds(actor, Permission.INVITE_FACILITATORS, on=offer),
        is_own_address=rules.fold_email(email) == inviter.email_folded,
    )
    if refusal := staff_rules.inviting_refusal(facts):
        raise Refused(refusal)
    token = ids.new_token()
    invitation = Invitation(
        tenant_id=tenant.id,
        token_hash=ids.token_hash(token),
        email=email,
        role=offer.role,
        scope_kind=offer.scope_kind,
        consultation_id=offer.consultation_id,
        unit_id=offer.unit_id,
        organisation_id=offer.organisation_id,
        job_title=offer.job_title,
        invited_by=inviter.id,
        invited_at=now,
        expires_at=now + staff_rules.INVITATION_VALID,
    )
    db.session.add(invitation)
    db.session.flush()
    letters.write_invitation(
        email,
        tenant=tenant,
        locale=locale,
        inviter=inviter.display_name,
        role=offer.role,
        expires_at=invitation.expires_at,
        url=absolute(tenant, "people.invitation", token=token),
    )
    audit.record(
        "role.invited",
        f"invitation:{invitation.id}",
        actor=actor,
        at=now,
        tenant_id=tenant.id,
        role=offer.role,
        consultation_id=offer.consultation_id,
        email=email,
    )
    return invitation


def revoke(invitation: Invitation, actor: Actor, *, now: datetime) -> None:
    """Take an invitation back; one that was used stays used."""
    lock(Invitation, invitation.id)
    if invitation.used_at is not None:
        raise Refused(staff_rules.USED)
    if invitation.revoked_at is None:
        invitation.revoked_at = now
        audit.record("role.invitation_revoked", f"invitation:{invitation.id}", actor=actor, at=now)


def accepting_facts(
    invitation: Invitation, person: Person | None, *, now: datetime
) -> staff_rules.AcceptingFacts:
    """Gather what the rule of accepting asks; the page asks the same."""
    is_address = person is not None and person.email_folded == rules.fold_email(invitation.email)
    return staff_rules.AcceptingFacts(
        now=now,
        expires_at=invitation.expires_at,
        is_used=invitation.used_at is not None,
        is_revoked=invitation.revoked_at is not None,
        is_signed_in=person is not None,
        is_address=is_address,
        is_inviter=person is not None and person.id == invitation.invited_by,
        is_held=person is not None and _holds(person, invitation, now),
    )


def accept(invitation: Invitation, person: Person, actor: Actor, *, now: datetime) -> Membership:
    """Take the role on. A facilitator has agreed to the terms of data protection by then."""
    lock(Invitation, invitation.id)
    if refusal := staff_rules.accepting_refusal(accepting_facts(invitation, person, now=now)):
        raise Refused(refusal)
    invitation.used_at, invitation.used_by = now, person.id
    membership = Membership(
        tenant_id=invitation.tenant_id,
        person_id=person.id,
        role=invitation.role,
        scope_kind=invitation.scope_kind,
        consultation_id=invitation.consultation_id,
        unit_id=invitation.unit_id,
        organisation_id=invitation.organisation_id,
        job_title=invitation.job_title,
        starts_at=now,
        granted_by=invitation.invited_by,
        agreed_at=now if invitation.role == Role.FACILITATOR else None,
    )
    db.session.add(membership)
    db.session.flush()
    audit.record(
        "role.granted",
        f"membership:{membership.id}",
        actor=actor,
        at=now,
        role=invitation.role,
        consultation_id=invitation.consultation_id,
        granted_by=f"person:{invitation.invited_by}",
        agreed=membership.agreed_at is not None,
    )
    return membership


def end(tenant: Municipality, membership: Membership, actor: Actor, *, now: datetime) -> None:
    """End a role; the next request of the person goes without it."""
    # Two administrators who end each other at once are let in one after the other.
    lock(Municipality, tenant.id)
    now = max(now, clock.now())  # the other's end may be later than our request, and still counts
    db.session.refresh(membership)
    refusal = staff_rules.ending_refusal(
        is_ended=membership.ends_at is not None and membership.ends_at <= now,
        is_administrator=membership.role == Role.ADMINISTRATOR,
        other_administrators=staff.count_administrators(tenant, now, besides=membership.person_id),
    )
    if refusal:
        raise Refused(refusal)
    membership.ends_at = now
    audit.record(
        "role.ended",
        f"membership:{membership.id}",
        actor=actor,
        at=now,
        role=membership.role,
        person=f"person:{membership.person_id}",
    )


def ending_refusal(
    tenant: Municipality, membership: Membership, *, now: datetime
) -> Refusal | None:
    """Return why a role may not be ended; the page asks the same."""
    return staff_rules.ending_refusal(
        is_ended=membership.ends_at is not None and membership.ends_at <= now,
        is_administrator=membership.role == Role.ADMINISTRATOR,
        other_administrators=staff.count_administrators(tenant, now, besides=membership.person_id),
    )


def name_substitute(
    tenant: Municipality,
    membership: Membership,
    substitute_id: int | None,
    actor: Actor,
    *,
    absence: Absence,
    now: datetime,
) -> None:
    """Name who stands in for a person in this role and on which days, or nobody."""
    if refusal := staff_rules.absence_refusal(absence):
        raise Refused(refusal)
    if substitute_id is not None and substitute_id not in staff.list_colleagues(
        tenant, membership, now
    ):
        raise Refused(staff_rules.BAD_SUBSTITUTE)
    former = (membership.substitute_id, membership.absent_from, membership.absent_until)
    membership.substitute_id = substitute_id
    membership.absent_from, membership.absent_until = absence.first, absence.last
    audit.record(
        "role.substitute",
        f"membership:{membership.id}",
        actor=actor,
        at=now,
        old=former,
        new=(substitute_id, absence.first, absence.last),
    )


def _holds(person: Person, invitation: Invitation, now: datetime) -> bool:
    held = select(Membership.id).where(
        Membership.tenant_id == invitation.tenant_id,
        Membership.person_id == person.id,
        Membership.role == invitation.role,
        Membership.consultation_id == invitation.consultation_id
        if invitation.consultation_id is not None
        else Membership.consultation_id.is_(None),
        staff.holds_now(now),
    )
    return db.session.scalar(held.limit(1)) is not None
