"""A published answer stays as it was published."""

from __future__ import annotations

from deliberate.kernel.guards import Guard, frozen

GUARDS: tuple[Guard, ...] = (
    frozen(
        "answer",
        "tenant_id",
        "consultation_id",
        "subject_kind",
        "subject_id",
        "position",
        "justification",
        "unit_id",
        "signed_as",
        "batch",
        "published_at",
        when="OLD.published_at IS NOT NULL",
    ),
    Guard(
        name="answer_never_goes_once_published",
        table="answer",
        event="DELETE",
        message="append_only: a published answer is never removed",
        refuse_when="OLD.published_at IS NOT NULL",
    ),
)
