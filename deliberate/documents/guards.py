"""What must never be false of documents and remarks, whoever writes to the database."""

from __future__ import annotations

from deliberate.documents.kinds import STEPS
from deliberate.kernel.guards import Guard, frozen, transitions
from deliberate.subjects import states

# Of the document that a row belongs to; before publication an officer may still take it away.
IN_PUBLIC = (
    "EXISTS (SELECT 1 FROM document d JOIN consultation c ON c.id = d.consultation_id"
    " WHERE d.id = OLD.document_id AND c.state NOT IN ('draft', 'awaiting_approval'))"
)
# Remarks are written on kept versions alone, so what was read when one was written stays.
KEPT = (
    "EXISTS (SELECT 1 FROM document_version v WHERE v.tenant_id = {row}.tenant_id"
    " AND v.document_id = {row}.document_id AND v.no = {row}.version_no)"
)

GUARDS: tuple[Guard, ...] = (
    frozen("document", "tenant_id", "consultation_id", "created_at"),
    Guard(
        name="document_never_goes",
        table="document",
        event="DELETE",
        message="frozen: a published document is never removed",
        refuse_when=IN_PUBLIC.replace("OLD.document_id", "OLD.id"),
    ),
    Guard(
        name="document_version_never_changes",
        table="document_version",
        event="UPDATE",
        message="append_only: document_version rows are never changed",
    ),
    Guard(
        name="document_version_never_goes",
        table="document_version",
        event="DELETE",
        message="append_only: a published document_version is never removed",
        refuse_when=IN_PUBLIC,
    ),
    frozen("unit", "tenant_id", "document_id", "number"),
    Guard(
        name="unit_stays_while_named",
        table="unit",
        event="DELETE",
        message="frozen: a remark names this unit",
        refuse_when=(
            "EXISTS (SELECT 1 FROM remark r WHERE r.tenant_id = OLD.tenant_id"
            " AND r.on_unit_id = OLD.id)"
        ),
    ),
    Guard(
        name="unit_text_is_not_added_later",
        table="unit_text",
        event="INSERT",
        message="frozen: a kept version of a document gets no more units",
        refuse_when=KEPT.format(row="NEW"),
    ),
    Guard(
        name="unit_text_is_frozen",
        table="unit_text",
        event="UPDATE",
        message="frozen: a kept version of a document does not change",
        refuse_when=KEPT.format(row="OLD"),
    ),
    Guard(
        name="unit_text_never_goes",
        table="unit_text",
        event="DELETE",
        message="frozen: a published version of a document keeps its units",
        refuse_when=f"{KEPT.format(row='OLD')} AND {IN_PUBLIC}",
    ),
    # Letters, tables and minutes quote a remark by its number.
    frozen("remark", "tenant_id", "consultation_id", "number", "channel", "created_at"),
    transitions("remark", "state", STEPS),
    transitions("remark", "content_state", states.STEPS),
    Guard(
        name="remark_never_goes",
        table="remark",
        event="DELETE",
        message="append_only: a remark is withdrawn or hidden, never removed",
    ),
)
