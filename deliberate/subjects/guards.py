"""What the database itself refuses."""

from deliberate.kernel.guards import Guard

GUARDS = (
    Guard(
        name="link_never_changes",
        table="link",
        event="UPDATE",
        message="append_only: a link is made and removed, never changed",
    ),
)
