"""The letter about a new head of the log: what auditors keep, nobody can change afterwards."""

from __future__ import annotations

from datetime import datetime

from deliberate.accounts import staff
from deliberate.kernel.db import db
from deliberate.kernel.texts import N_
from deliberate.notifications import links
from deliberate.notifications.actions import must_tell
from deliberate.subjects import registry
from deliberate.tenancy.models import Municipality
from deliberate.voting.models import LogHead, Poll

KIND = "voting.head"
READ_AUDIT = "audit:read"  # pages.permissions: auditors hold it, of the place or of the vote


def tell_auditors(poll: Poll, head: LogHead, *, now: datetime) -> None:
    """Write a head to those who audit. It has no switch: it is their work."""
    tenant = db.session.get_one(Municipality, poll.tenant_id)
    card = registry.get_card(tenant.id, poll.subject_kind, poll.subject_id)
    values = {
        "title": poll.title,
        "no": head.no,
        "day": head.day,
        "leaves": head.leaves,
        "hash": head.hash,
        "signing_key": poll.signing_key,
        "url": links.absolute(tenant, "voting.check_list", slug=card.name),
    }
    auditors = staff.list_with_permission(tenant, READ_AUDIT, now, scope=poll.consultation_id)
    for person in auditors:
        if person.email is not None:
            must_tell(
                person.email,
                tenant=tenant,
                locale=person.locale,
                kind=KIND,
                subject=N_("Lista kontrolna głosowania: nowy wpis"),
                template="voting/head",
                values=values,
                person_id=person.id,
                dedupe=f"{KIND}:{poll.id}:{head.no}:{person.id}",
            )
