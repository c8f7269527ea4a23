"""What stays of a refused residence when its account is closed: for whoever comes back.

Without it, closing an account and making it anew would undo what the office decided. It is tied
to the address, by a hash under the installation's key, and to nothing else: not to the closed
account, nor to what was written from it. Somebody with another address is another person to us;
where that matters, a consultation asks for a confirmed residence.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import select

from deliberate.accounts.models import (
    FormerRefusal,
    Person,
    Residence,
    ResidenceMethod,
    ResidenceState,
)
from deliberate.audit import entries as audit
from deliberate.kernel import clock, ids
from deliberate.kernel.actor import Actor
from deliberate.kernel.db import db

KEPT = timedelta(days=730)


def is_refused_anywhere(person: Person) -> bool:
    """Tell whether closing this account would leave something behind."""
    wanted = select(Residence.id).where(
        Residence.person_id == person.id, Residence.state == ResidenceState.REFUSED
    )
    return db.session.scalar(wanted.limit(1)) is not None


def keep(person: Person, *, now: datetime) -> None:
    """Keep the refusals of an account that is being closed, while its address is still there."""
    if person.email_folded is None:
        return
    refused = db.session.scalars(
        select(Residence).where(
            Residence.person_id == person.id, Residence.state == ResidenceState.REFUSED
        )
    )
    for residence in refused.all():
        db.session.merge(
            FormerRefusal(
                tenant_id=residence.tenant_id,
                address_hash=_hashes(person.email_folded)[0],
                reason=residence.reason or "",
                decided_by=residence.decided_by,
                decided_at=residence.decided_at or now,
                kept_since=clock.local(now).date(),
            )
        )


def give_back(person: Person, *, now: datetime) -> None:
    """Make the refusals of a former account with this address hold for a new one."""
    if person.email_folded is None:
        return
    former = db.session.scalars(
        select(FormerRefusal)
        .where(FormerRefusal.address_hash.in_(_hashes(person.email_folded)))
        .order_by(FormerRefusal.tenant_id, FormerRefusal.decided_at)
    ).all()
    for refusal in former:
        db.session.delete(refusal)
    # A municipality's last one, should two keys have hidden two.
    for refusal in {refusal.tenant_id: refusal for refusal in former}.values():
        residence = Residence(
            tenant_id=refusal.tenant_id,
            person_id=person.id,
            state=ResidenceState.REFUSED,
            method=ResidenceMethod.DECLARATION,
            declared_at=now,
            decided_by=refusal.decided_by,
            decided_at=refusal.decided_at,
            reason=refusal.reason,
        )
        db.session.add(residence)
        db.session.flush()
        audit.record(
            "residence.refusal_returned",
            f"residence:{residence.id}",
            actor=Actor(person_id=person.id, tenant_id=refusal.tenant_id),
            at=now,
        )


def _hashes(address: str) -> list[str]:
    """Return the hash under the present key, then under the former ones."""
    config = current_app.config
    keys = (config["SECRET_KEY"], *config["SECRET_KEY_FALLBACKS"])
    return [ids.keyed_hash(key.encode(), "former refusal", address) for key in keys]
