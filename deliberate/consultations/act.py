"""Publication as an act of two persons: what the second one sees, what exactly is approved."""

from __future__ import annotations

from flask import url_for

from deliberate.approvals.models import Approval
from deliberate.approvals.registry import ApprovalAct, ApprovalPage
from deliberate.consultations import publishing, queries
from deliberate.consultations.actions import publication
from deliberate.consultations.components import components
from deliberate.consultations.tiles import DRAWN, effect_sentence, tile
from deliberate.kernel import clock
from deliberate.kernel.i18n import say
from deliberate.kernel.texts import N_
from deliberate.tenancy.models import Municipality


def describe(tenant: Municipality, approval: Approval) -> ApprovalPage:
    consultation = queries.get_by_id(tenant, approval.subject_id)
    return ApprovalPage(
        title=consultation.title,
        lead=say(N_("Po zatwierdzeniu konsultacje od razu widzi każda osoba.")),
        url=url_for("consultations.desk_preview", slug=consultation.slug),
        template="consultations/desk/_approved.html",
        context={
            "consultation": consultation,
            "tile": tile(consultation, clock.now()),
            "around": queries.around(consultation),
            "drawn": DRAWN,
            "effect": effect_sentence(consultation),
            "enclosures": [each for part in components() for each in part.encloses(consultation)],
        },
    )


def payload(tenant: Municipality, approval: Approval) -> str:
    return publishing.payload(tenant, queries.get_by_id(tenant, approval.subject_id))


PUBLISH = ApprovalAct(
    key=publication.PUBLISH,
    label=N_("Ogłoszenie konsultacji"),
    describe=describe,
    payload=payload,
    perform=publication.publish,
)
