"""What the application needs to know of this package. Its pages are in ``pages.approvals``."""

from deliberate.approvals.permissions import Permission
from deliberate.kernel.feature import Feature
from deliberate.kernel.guards import Guard, frozen

GUARDS = (
    Guard(
        name="approval_asks_once",
        table="approval",
        event="UPDATE",
        message="frozen: what an approval asks for is never changed",
        refuse_when=" OR ".join(
            f"OLD.{column} IS DISTINCT FROM NEW.{column}"
            for column in (
                "tenant_id",
                "act",
                "subject_kind",
                "subject_id",
                "payload_sha256",
                "asked_by",
                "asked_at",
                "asked_of",
                "expires_at",
            )
        ),
    ),
    frozen(
        "approval",
        "decided_by",
        "decided_at",
        "approved",
        "reason",
        "closed_at",
        when="OLD.decided_at IS NOT NULL OR OLD.closed_at IS NOT NULL",
    ),
    Guard(
        name="approval_is_spent_once",
        table="approval",
        event="UPDATE OF spent_at",
        message="frozen: an approval is spent once, after it was given",
        refuse_when=(
            "OLD.spent_at IS DISTINCT FROM NEW.spent_at"
            " AND (OLD.spent_at IS NOT NULL OR NEW.approved IS NULL OR NOT NEW.approved)"
        ),
    ),
    Guard(
        name="approval_never_goes",
        table="approval",
        event="DELETE",
        message="append_only: approval rows are never removed",
    ),
)

FEATURE = Feature(name="approvals", permissions=Permission, guards=GUARDS)
