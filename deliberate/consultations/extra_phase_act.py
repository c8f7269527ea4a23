"""Adding a phase of voting as an act of two persons: what the second one sees."""

from __future__ import annotations

from flask import url_for

from deliberate.approvals.models import Approval
from deliberate.approvals.registry import ApprovalAct, ApprovalPage
from deliberate.consultations import queries
from deliberate.consultations.actions import extra_phase
from deliberate.kernel.i18n import say
from deliberate.kernel.texts import N_
from deliberate.tenancy.models import Municipality


def _describe(tenant: Municipality, approval: Approval) -> ApprovalPage:
    consultation = queries.get_by_id(tenant, approval.subject_id)
    return ApprovalPage(
        title=consultation.title,
        lead=say(
            N_(
                "Po zatwierdzeniu etap od razu widzi każda osoba, razem z powodem. Powtórzone "
                "głosowanie trzeba jeszcze zapieczętować."
            )
        ),
        url=url_for("consultations.show", slug=consultation.slug),
        template="consultations/desk/_extra_phase.html",
        context={"wanted": extra_phase.find_wanted(tenant.id, consultation.id)},
    )


def _payload(tenant: Municipality, approval: Approval) -> str:
    row = extra_phase.find_wanted(tenant.id, approval.subject_id)
    return row.digest if row is not None else ""


ADDING = ApprovalAct(
    key=extra_phase.ADD,
    label=N_("Dodatkowy etap głosowania"),
    describe=_describe,
    payload=_payload,
    perform=extra_phase.add,
    needs_fresh=True,
)
