"""What pages of the desk load and show alike."""

from __future__ import annotations

from flask import abort

from deliberate.approvals import queries as approvals
from deliberate.approvals.models import Approval
from deliberate.consultations import queries
from deliberate.consultations.actions.publication import PUBLISH
from deliberate.consultations.models import Consultation
from deliberate.consultations.states import UNPUBLISHED
from deliberate.tenancy.current import current_tenant


def load(slug: str) -> Consultation:
    """Load for @requires: any state, through the municipality."""
    return queries.get_any(current_tenant(), slug)


def load_published(slug: str) -> Consultation:
    consultation = load(slug)
    return consultation if consultation.state not in UNPUBLISHED else abort(404)


def last_request(consultation: Consultation | None) -> Approval | None:
    if consultation is None:
        return None
    return approvals.find_last(consultation.tenant_id, PUBLISH, queries.KIND, consultation.id)
