"""A municipality's own legal rules: they stand before the country's, from a day on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from deliberate.audit import entries
from deliberate.consultations.procedures import Demand, Procedure, rule_prefix
from deliberate.kernel.actor import Actor
from deliberate.kernel.db import db, lock
from deliberate.tenancy.models import LegalRule, Municipality

UNITS = {Demand.OTHER_FORMS: "formy", Demand.CONTENTS: "części"}


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnRule:
    """What an office wrote down. ``verified``: somebody compared it with its source."""

    procedure: Procedure
    demand: Demand
    number: int
    source: str
    verified: bool
    valid_from: date


def set_rule(tenant: Municipality, rule: OwnRule, *, actor: Actor, now: datetime) -> LegalRule:
    """Put a rule in force from a day on; the former one holds until then."""
    lock(Municipality, tenant.id)
    key = f"{rule_prefix(rule.procedure)}{rule.demand}"
    for former in db.session.scalars(
        select(LegalRule).where(LegalRule.tenant_id == tenant.id, LegalRule.key == key)
    ):
        if former.valid_from >= rule.valid_from:
            db.session.delete(former)  # written anew; the audit keeps what it said
        elif former.valid_to is None or former.valid_to > rule.valid_from:
            former.valid_to = rule.valid_from
    row = LegalRule(
        tenant_id=tenant.id,
        key=key,
        value=str(rule.number),
        unit=UNITS.get(rule.demand, "dni"),
        source=rule.source,
        verified=rule.verified,
        valid_from=rule.valid_from,
    )
    db.session.add(row)
    db.session.flush()
    entries.record(
        "legal_rule.set",
        f"legal_rule:{row.id}",
        actor=actor,
        at=now,
        tenant_id=tenant.id,
        key=key,
        value=row.value,
        source=rule.source,
        verified=rule.verified,
        valid_from=rule.valid_from,
    )
    return row
