"""What lower packages have to say in the journal of a consultation (subjects.journal)."""

from __future__ import annotations

from datetime import datetime

from deliberate.consultations import queries
from deliberate.consultations.actions.changes import note_change
from deliberate.consultations.states import ChangeKind
from deliberate.consultations.tiles import VOTE_FIELD
from deliberate.kernel.actor import Actor
from deliberate.subjects.journal import Line


def keep(tenant_id: int, consultation_id: int, line: Line, actor: Actor, now: datetime) -> None:
    consultation = queries.find_by_id(tenant_id, consultation_id)
    if consultation is None:
        raise LookupError(f"No consultation {consultation_id} in municipality {tenant_id}.")
    note_change(
        consultation,
        ChangeKind.STATE,
        VOTE_FIELD + line.what,
        line.old,
        line.new,
        reason=line.reason,
        actor=actor,
        now=now,
    )
