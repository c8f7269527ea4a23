"""What the application needs to know of this package."""

from deliberate.audit import entries  # noqa: F401 - its last word joins every transaction
from deliberate.kernel.feature import Feature
from deliberate.kernel.guards import Guard, append_only, frozen

# A detail may lose its body (erasure); its salt and its place never change, and it never goes.
GUARDS: tuple[Guard, ...] = (
    *append_only("audit_entry"),
    frozen("audit_detail", "chain", "seq", "salt"),
    Guard(
        name="audit_detail_is_only_erased",
        table="audit_detail",
        event="UPDATE OF body",
        message="append_only: audit_detail may be erased, not rewritten",
        refuse_when="NEW.body IS NOT NULL AND OLD.body IS DISTINCT FROM NEW.body",
    ),
    Guard(
        name="audit_detail_never_goes",
        table="audit_detail",
        event="DELETE",
        message="append_only: audit_detail rows are never removed",
    ),
)

FEATURE = Feature(name="audit", guards=GUARDS)
