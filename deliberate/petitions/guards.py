"""What the database itself refuses about the registers."""

from deliberate.kernel.guards import Guard, append_only, frozen, transitions
from deliberate.petitions.kinds import STEPS

GUARDS = (
    # Letters name an entry by its number.
    frozen("register_entry", "tenant_id", "register", "created_at"),
    transitions("register_entry", "state", STEPS),
    Guard(
        name="register_entry_keeps_its_number",
        table="register_entry",
        event="UPDATE OF number",
        message="published: an entry keeps its number",
        refuse_when="OLD.number IS NOT NULL AND OLD.number IS DISTINCT FROM NEW.number",
    ),
    Guard(
        name="register_entry_stays_published",
        table="register_entry",
        event="UPDATE OF published_at",
        message="published: an entry of a public register stays in it",
        refuse_when=(
            "OLD.published_at IS NOT NULL AND OLD.published_at IS DISTINCT FROM NEW.published_at"
        ),
    ),
    Guard(
        name="register_entry_stays",
        table="register_entry",
        event="DELETE",
        message="published: an entry of a register is never removed",
        refuse_when="OLD.number IS NOT NULL",
    ),
    *append_only("register_paper_count"),
)
