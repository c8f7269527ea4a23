"""Asking for an act, approving it – which does it –, sending it back."""

from __future__ import annotations

from collections.abc import Set
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import IntegrityError

from deliberate.access.decorators import holds
from deliberate.approvals import queries, registry, rules
from deliberate.approvals.models import Approval
from deliberate.audit import entries
from deliberate.kernel import ids
from deliberate.kernel.actor import Actor
from deliberate.kernel.db import db, lock
from deliberate.kernel.refusals import Refusal, Refused

if TYPE_CHECKING:
    from deliberate.tenancy.models import Municipality


def ask(
    act: str,
    subject_kind: str,
    subject_id: int,
    *,
    payload_sha256: str,
    actor: Actor,
    asked_of: int | None,
    note: str,
    now: datetime,
) -> Approval:
    """Ask another person for an act; ``asked_of`` None: whoever may approve here.

    A former request for the same is closed. Those who are asked get a letter.
    """
    tenant_id, asker_id = _place(actor)
    if asked_of == asker_id:
        raise Refused(rules.OWN)
    if refusal := asking_refusal(act, actor):
        raise Refused(refusal)
    withdraw(act, subject_kind, subject_id, actor, now)
    approval = Approval(
        tenant_id=tenant_id,
        token=ids.new_token(),
        act=registry.get_act(act).key,
        subject_kind=subject_kind,
        subject_id=subject_id,
        payload_sha256=payload_sha256,
        asked_by=asker_id,
        asked_at=now,
        asked_of=asked_of,
        note=note,
        expires_at=now + rules.LASTS,
    )
    try:
        with db.session.begin_nested():
            db.session.add(approval)
    except IntegrityError as error:  # another tab, a moment ago
        raise Refused(rules.AT_ONCE) from error
    _record("approval.asked", approval, actor, now, note=note, asked_of=asked_of)
    registry.announce(approval)
    return approval


def asking_refusal(act: str, actor: Actor) -> Refusal | None:
    """Return how the actor's sign-in falls short of what asking for an act wants; pages ask too."""
    wanted = registry.get_act(act).needs_fresh
    return rules.proof_refusal(
        lacks_factor=wanted and not actor.has_second_factor,
        is_stale=wanted and not actor.is_fresh,
    )


def withdraw(act: str, subject_kind: str, subject_id: int, actor: Actor, now: datetime) -> None:
    """Close the open request for an act, if there is one."""
    tenant_id, _ = _place(actor)
    former = queries.find_open(tenant_id, act, subject_kind, subject_id)
    if former is not None:
        former.closed_at = now
        db.session.flush()
        _record("approval.closed", former, actor, now)


def approve(
    tenant: Municipality,
    approval: Approval,
    actor: Actor,
    *,
    stands_in_for: Set[int],
    now: datetime,
) -> None:
    """Approve and do the act at once: the decision and the deed are kept together or not at all."""
    lock(Approval, approval.id)
    facts = gather(tenant, approval, actor, stands_in_for=stands_in_for, now=now)
    if refusal := rules.approval_refusal(facts):
        raise Refused(refusal)
    _decide(approval, actor, approved=True, reason=None, now=now)
    # Written before the deed: guards of the thing itself look for the decision.
    db.session.flush()
    registry.get_act(approval.act).perform(tenant, approval, actor, now)
    approval.spent_at = now
    _record("approval.given", approval, actor, now)


def send_back(
    tenant: Municipality,
    approval: Approval,
    actor: Actor,
    reason: str,
    *,
    stands_in_for: Set[int],
    now: datetime,
) -> None:
    """Say no, and what to mend."""
    lock(Approval, approval.id)
    facts = gather(tenant, approval, actor, stands_in_for=stands_in_for, now=now)
    if refusal := rules.return_refusal(facts):
        raise Refused(refusal)
    _decide(approval, actor, approved=False, reason=reason, now=now)
    _record("approval.refused", approval, actor, now, reason=reason)


def gather(
    tenant: Municipality,
    approval: Approval,
    actor: Actor,
    *,
    stands_in_for: Set[int],
    now: datetime,
) -> rules.Facts:
    """Gather what the rule looks at; the page asks the same."""
    act = registry.get_act(approval.act)
    named = approval.asked_of
    return rules.Facts(
        is_decided=approval.decided_at is not None,
        is_closed=approval.closed_at is not None,
        expires_at=approval.expires_at,
        now=now,
        is_changed=act.payload(tenant, approval) != approval.payload_sha256,
        is_asker=actor.person_id == approval.asked_by,
        holds_role=holds(actor, act.permission, on=approval),
        is_asked=named is None or named == actor.person_id or named in stands_in_for,
        is_subject=approval.concerns(actor.person_id),
        is_stale=act.needs_fresh and not actor.is_fresh,
        lacks_factor=act.needs_fresh and not actor.has_second_factor,
    )


def _place(actor: Actor) -> tuple[int, int]:
    if actor.tenant_id is None or actor.person_id is None:
        raise ValueError("Only a person, in a municipality, asks for an approval.")
    return actor.tenant_id, actor.person_id


def _decide(
    approval: Approval, actor: Actor, *, approved: bool, reason: str | None, now: datetime
) -> None:
    approval.decided_by = actor.person_id
    approval.decided_at = now
    approval.approved = approved
    approval.reason = reason


def _record(action: str, approval: Approval, actor: Actor, now: datetime, **detail: Any) -> None:
    entries.record(
        action,
        f"{approval.subject_kind}:{approval.subject_id}",
        actor=actor,
        at=now,
        tenant_id=approval.tenant_id,
        act=approval.act,
        payload_sha256=approval.payload_sha256,
        **detail,
    )
