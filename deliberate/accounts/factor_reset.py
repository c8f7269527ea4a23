"""Taking the second factor from whoever lost it: two administrators, or the operator.

Nobody sees it and nobody removes it alone. The person is told, and signed out everywhere.
"""

from __future__ import annotations

import hashlib
from datetime import datetime

from flask import url_for
from sqlalchemy import select

from deliberate.access.roles import NAMES
from deliberate.accounts import factor_offer, factor_rules, letters, queries, staff
from deliberate.accounts.actions import second_factor
from deliberate.accounts.actions.people import end_everything_else
from deliberate.accounts.letters import FactorChange
from deliberate.accounts.models import Membership, Person
from deliberate.accounts.permissions import Permission
from deliberate.approvals import actions as approvals
from deliberate.approvals.models import Approval
from deliberate.approvals.registry import ApprovalAct, ApprovalPage
from deliberate.audit import entries as audit
from deliberate.kernel.actor import Actor, Role
from deliberate.kernel.db import db, lock
from deliberate.kernel.i18n import say
from deliberate.kernel.refusals import Refusal, Refused
from deliberate.kernel.texts import N_
from deliberate.tenancy.models import Municipality

RESET, KIND = "people.reset_factor", "person"


def asking_refusal(
    tenant: Municipality, membership: Membership, actor: Actor, *, now: datetime
) -> Refusal | None:
    """Return why an administrator may not ask for it; the page asks the same."""
    person = db.session.get_one(Person, membership.person_id)
    facts = factor_rules.ResetFacts(
        is_own=person.id == actor.person_id,
        has_factor=queries.has_second_factor(person),
        works_elsewhere=_works_elsewhere(tenant, person, now),
        administrators=sum(
            other.id != person.id
            for other in staff.list_with_permission(
                tenant, Permission.MANAGE_PEOPLE, now, besides=actor.person_id
            )
        ),
    )
    return factor_rules.reset_refusal(facts) or approvals.asking_refusal(RESET, actor)


def ask(
    tenant: Municipality, membership: Membership, actor: Actor, *, note: str, now: datetime
) -> Approval:
    """Ask another administrator to agree."""
    if refusal := asking_refusal(tenant, membership, actor, now=now):
        raise Refused(refusal)
    return approvals.ask(
        RESET,
        KIND,
        membership.person_id,
        payload_sha256=_digest(membership.person_id),
        actor=actor,
        asked_of=None,
        note=note,
        now=now,
    )


def reset(
    person: Person,
    actor: Actor,
    change: FactorChange,
    *,
    tenant: Municipality | None,
    now: datetime,
) -> None:
    """Remove the factor. Recorded where the actor acts: here, or in the installation's chain."""
    lock(Person, person.id)
    if not queries.has_second_factor(person):
        raise Refused(factor_rules.NOTHING_TO_RESET)
    second_factor.forget(person.id)
    end_everything_else(person, keep=None, address=person.email)
    audit.record("factor.reset", f"person:{person.id}", actor=actor, at=now)
    letters.write_factor(person, change, tenant=tenant)


def _describe(tenant: Municipality, approval: Approval) -> ApprovalPage:
    person = db.session.get_one(Person, approval.subject_id)
    held = _list_held(tenant, person)
    return ApprovalPage(
        title=say(N_("Usunięcie drugiego składnika: %(name)s"), name=person.display_name),
        lead=say(
            N_(
                "Po zgodzie do zalogowania na to konto wystarczy e-mail albo hasło, dopóki ta "
                "osoba nie ustawi nowego drugiego składnika. Zadzwoń do niej, zanim się zgodzisz."
            )
        ),
        url=url_for("people.show", membership_id=held[0].id) if held else url_for("people.index"),
        template="people/_factor_reset.html",
        context={
            "holder": person,
            "roles": ", ".join(say(NAMES[Role(membership.role)]) for membership in held),
        },
    )


def _payload(_tenant: Municipality, approval: Approval) -> str:
    return _digest(approval.subject_id)


def _perform(tenant: Municipality, approval: Approval, actor: Actor, now: datetime) -> None:
    person = db.session.get_one(Person, approval.subject_id)
    if _works_elsewhere(tenant, person, now):
        raise Refused(factor_rules.WORKS_ELSEWHERE)
    reset(person, actor, FactorChange.RESET, tenant=tenant, now=now)


def _digest(person_id: int) -> str:
    """Return what is approved: this very factor. One that was set since is another matter."""
    person = db.session.get_one(Person, person_id)
    mark = factor_offer.mark_of(queries.find_second_factor(person))
    return hashlib.sha256(f"{person_id}:{mark}".encode()).hexdigest()


def _list_held(tenant: Municipality, person: Person) -> list[Membership]:
    """Return roles, those that have ended too: the act may have been done long ago."""
    held = select(Membership).where(
        Membership.tenant_id == tenant.id, Membership.person_id == person.id
    )
    return list(db.session.scalars(held.order_by(Membership.id)))


def _works_elsewhere(tenant: Municipality, person: Person, now: datetime) -> bool:
    held = select(Membership.id).where(
        Membership.tenant_id != tenant.id,
        Membership.person_id == person.id,
        staff.holds_now(now),
    )
    return db.session.scalar(held.limit(1)) is not None


ACT = ApprovalAct(
    key=RESET,
    label=N_("Usunięcie drugiego składnika logowania"),
    describe=_describe,
    payload=_payload,
    perform=_perform,
    needs_fresh=True,
    permission=Permission.MANAGE_PEOPLE,
)
