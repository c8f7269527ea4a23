"""Calling a vote off and declaring a count void, as the second person sees them."""

from __future__ import annotations

from datetime import datetime

from deliberate.approvals.models import Approval
from deliberate.approvals.registry import ApprovalAct, ApprovalPage
from deliberate.kernel.actor import Actor
from deliberate.kernel.i18n import say
from deliberate.kernel.texts import N_
from deliberate.subjects import registry
from deliberate.tenancy.models import Municipality
from deliberate.voting import queries
from deliberate.voting.actions import stopping


def _cancelling_page(tenant: Municipality, approval: Approval) -> ApprovalPage:
    lead = N_(
        "Odwołanie jest nieodwracalne: oddanych głosów nie policzy ani nie zobaczy nikt, zostaną "
        "zniszczone razem z kluczami. Powód zobaczą wszyscy."
    )
    return _page(tenant, approval, say(lead))


def _annulling_page(tenant: Municipality, approval: Approval) -> ApprovalPage:
    lead = N_(
        "Unieważnienie jest nieodwracalne. Wynik, jeśli go ogłoszono, zostanie na stronie "
        "z dopiskiem „unieważnione” i z powodem. Głosowanie można potem powtórzyć."
    )
    return _page(tenant, approval, say(lead))


def _page(tenant: Municipality, approval: Approval, lead: str) -> ApprovalPage:
    poll = queries.get_poll(tenant.id, approval.subject_id)
    return ApprovalPage(
        title=poll.title,
        lead=lead,
        url=registry.get_card(tenant.id, poll.subject_kind, poll.subject_id).url,
        template="voting/_stopping.html",
        context={"poll": poll, "stop_reason": approval.note},
    )


def _payload(tenant: Municipality, approval: Approval) -> str:
    return queries.get_poll(tenant.id, approval.subject_id).rules_hash or ""


def _cancel(tenant: Municipality, approval: Approval, actor: Actor, _now: datetime) -> None:
    stopping.cancel(tenant, approval.subject_id, approval.note, actor=actor)


def _annul(tenant: Municipality, approval: Approval, actor: Actor, _now: datetime) -> None:
    stopping.annul(tenant, approval.subject_id, approval.note, actor=actor)


CANCELLING = ApprovalAct(
    key=stopping.CANCEL,
    label=N_("Odwołanie głosowania"),
    describe=_cancelling_page,
    payload=_payload,
    perform=_cancel,
    needs_fresh=True,
)
ANNULLING = ApprovalAct(
    key=stopping.ANNUL,
    label=N_("Unieważnienie głosowania"),
    describe=_annulling_page,
    payload=_payload,
    perform=_annul,
    needs_fresh=True,
)
