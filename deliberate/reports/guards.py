"""A published report stays as it was published, its rows and files with it."""

from __future__ import annotations

from deliberate.kernel.guards import Guard, frozen, transitions
from deliberate.reports.kinds import STEPS

PUBLISHED = "OLD.state = 'published'"
OF_PUBLISHED = (
    "EXISTS (SELECT 1 FROM report AS r WHERE r.id = {row}.report_id AND r.state = 'published')"
)


def _of_published(table: str) -> tuple[Guard, ...]:
    return (
        Guard(
            name=f"{table}_never_changes",
            table=table,
            event="UPDATE",
            message=f"append_only: {table} rows are never changed",
        ),
        Guard(
            name=f"{table}_never_goes_once_published",
            table=table,
            event="DELETE",
            message=f"append_only: a published report keeps its {table} rows",
            refuse_when=OF_PUBLISHED.format(row="OLD"),
        ),
        Guard(
            name=f"{table}_never_comes_once_published",
            table=table,
            event="INSERT",
            message=f"append_only: nothing is added to a published report ({table})",
            refuse_when=OF_PUBLISHED.format(row="NEW"),
        ),
    )


GUARDS: tuple[Guard, ...] = (
    frozen("report", "tenant_id", "consultation_id", "no", "reason", "asked_by", "asked_at"),
    transitions("report", "state", STEPS),
    Guard(
        name="report_never_changes_once_published",
        table="report",
        event="UPDATE",
        message="frozen: a published report never changes; a correction is a new version",
        refuse_when=PUBLISHED,
    ),
    Guard(
        name="report_never_goes_once_published",
        table="report",
        event="DELETE",
        message="append_only: a published report is never removed",
        refuse_when=PUBLISHED,
    ),
    *_of_published("report_entry"),
    *_of_published("report_file"),
)
