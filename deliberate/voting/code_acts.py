"""Codes for a vote as the second person sees them."""

from __future__ import annotations

from datetime import datetime

from deliberate.approvals.models import Approval
from deliberate.approvals.registry import ApprovalAct, ApprovalPage
from deliberate.kernel.actor import Actor
from deliberate.kernel.i18n import say
from deliberate.kernel.texts import N_
from deliberate.subjects import registry
from deliberate.tenancy.models import Municipality
from deliberate.voting import addressees, codes, queries
from deliberate.voting.actions import coding


def _describe(tenant: Municipality, approval: Approval) -> ApprovalPage:
    batch = codes.get_batch_of(tenant.id, approval.subject_id)
    poll = queries.get_poll(tenant.id, batch.poll_id)
    return ApprovalPage(
        title=poll.title,
        lead=say(
            N_(
                "Każdy kod to jeden głos. Zgadzasz się na ich liczbę i na to, komu idą; samych "
                "kodów nie zobaczysz."
            )
        ),
        url=registry.get_card(tenant.id, poll.subject_kind, poll.subject_id).url,
        template="voting/_code_order.html",
        context={
            "poll": poll,
            "batch": batch,
            "people": addressees.list_of(poll, batch) if batch.list_hash else [],
        },
    )


def _payload(tenant: Municipality, approval: Approval) -> str:
    batch = codes.get_batch_of(tenant.id, approval.subject_id)
    return codes.payload(queries.get_poll(tenant.id, batch.poll_id), batch)


def _agree(tenant: Municipality, approval: Approval, actor: Actor, now: datetime) -> None:
    coding.agree(tenant, approval.subject_id, actor=actor, now=now)


ORDERING = ApprovalAct(
    key=codes.ORDER,
    label=N_("Kody do głosowania"),
    describe=_describe,
    payload=_payload,
    perform=_agree,
    needs_fresh=True,
)
