"""A published answer stays as it was published, until two persons change it in public."""

from __future__ import annotations

from deliberate.kernel.guards import Guard, frozen

PUBLISHED = "OLD.published_at IS NOT NULL"
REWORDED = (
    "OLD.position IS DISTINCT FROM NEW.position"
    " OR OLD.justification IS DISTINCT FROM NEW.justification"
    " OR OLD.unit_id IS DISTINCT FROM NEW.unit_id"
    " OR OLD.signed_as IS DISTINCT FROM NEW.signed_as"
)
# The change says what stood before and what stands now, word for word.
CHANGED_IN_PUBLIC = (
    "EXISTS (SELECT 1 FROM answer_change c WHERE c.tenant_id = OLD.tenant_id"
    " AND c.answer_id = OLD.id AND c.published_at IS NOT NULL"
    " AND c.former_position = OLD.position AND c.former_justification = OLD.justification"
    " AND c.former_signed_as = OLD.signed_as"
    " AND c.position = NEW.position AND c.justification = NEW.justification"
    " AND c.signed_as = NEW.signed_as)"
)

GUARDS: tuple[Guard, ...] = (
    frozen(
        "answer",
        "tenant_id",
        "consultation_id",
        "subject_kind",
        "subject_id",
        "batch",
        "published_at",
        when=PUBLISHED,
    ),
    Guard(
        name="answer_changes_in_public",
        table="answer",
        event="UPDATE",
        message="frozen: a published answer changes only with its former text kept",
        refuse_when=f"{PUBLISHED} AND ({REWORDED}) AND NOT {CHANGED_IN_PUBLIC}",
    ),
    Guard(
        name="answer_never_goes_once_published",
        table="answer",
        event="DELETE",
        message="append_only: a published answer is never removed",
        refuse_when=PUBLISHED,
    ),
    Guard(
        name="answer_change_is_frozen",
        table="answer_change",
        event="UPDATE",
        message="frozen: a published change of an answer stays as it is",
        refuse_when=PUBLISHED,
    ),
    Guard(
        name="answer_change_never_goes_once_published",
        table="answer_change",
        event="DELETE",
        message="append_only: a published change of an answer is never removed",
        refuse_when=PUBLISHED,
    ),
)
