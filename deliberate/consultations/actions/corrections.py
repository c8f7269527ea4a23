"""What is published is corrected and completed in public."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from deliberate.consultations.actions.changes import begin_change, note_change
from deliberate.consultations.actions.drafts import add_file
from deliberate.consultations.models import Consultation
from deliberate.consultations.rules import corrections
from deliberate.consultations.states import ChangeKind
from deliberate.kernel.actor import Actor
from deliberate.kernel.db import lock
from deliberate.kernel.models import StoredFile
from deliberate.kernel.refusals import Refused
from deliberate.kernel.texts import N_


def correct_typing(
    consultation: Consultation,
    texts: Mapping[str, str],
    *,
    reason: str,
    stamp: int,
    actor: Actor,
    now: datetime,
) -> None:
    """Correct typing in the public texts; each field that changed gets its line."""
    begin_change(consultation, stamp)
    if refusal := corrections.typing_refusal(consultation.state, reason):
        raise Refused(refusal)
    changed = {field: new for field, new in texts.items() if getattr(consultation, field) != new}
    if not changed:
        raise Refused(corrections.NOTHING_CORRECTED)
    for field, new in changed.items():
        note_change(
            consultation,
            ChangeKind.TYPING,
            field,
            getattr(consultation, field),
            new,
            reason=reason,
            actor=actor,
            now=now,
        )
        setattr(consultation, field, new)


def add_published_file(
    consultation: Consultation, file: StoredFile, alt: str, *, actor: Actor, now: datetime
) -> None:
    """Add a file to what is published; it is listed among the changes."""
    lock(Consultation, consultation.id)
    add_file(consultation, file, alt)
    note_change(
        consultation,
        ChangeKind.CONTENT,
        "file",
        "",
        alt,
        reason=N_("Dodano plik."),
        actor=actor,
        now=now,
    )
