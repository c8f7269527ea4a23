"""The letter that says what came of a consultation, once to each who took part in it."""

from __future__ import annotations

from datetime import datetime

from deliberate.consultations import queries as consultations
from deliberate.consultations.models import Consultation
from deliberate.kernel.texts import N_
from deliberate.notifications import links, mailings
from deliberate.notifications.mailings import Mailing, Wording
from deliberate.notifications.readers import select_participants
from deliberate.reports import queries
from deliberate.tenancy.models import Municipality


def tell_published(consultation: Consultation, *, now: datetime) -> None:
    """Write to those who took part."""
    mailings.plan(PUBLISHED, consultation.tenant_id, consultation.id, at=now)


def _published(tenant: Municipality, consultation_id: int, _edition: str) -> Wording | None:
    consultation = consultations.get_by_id(tenant, consultation_id)
    if not queries.has_published(consultation):
        return None
    return Wording(
        subject=N_("Jest raport z konsultacji: %(title)s"),
        template="reports/published",
        values={
            "title": consultation.title,
            "url": links.absolute(tenant, "reports.latest", slug=consultation.slug),
        },
    )


PUBLISHED = Mailing(
    name="reports.published", kind="result", wording=_published, readers=select_participants
)
