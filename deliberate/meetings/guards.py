"""What the database itself refuses about meetings."""

from deliberate.kernel.guards import Guard, append_only, frozen, transitions
from deliberate.meetings.kinds import SIGN_UP_STEPS, STEPS

GUARDS = (
    # Letters, posters and calendars name a meeting by its number.
    frozen("meeting", "tenant_id", "consultation_id", "created_at"),
    transitions("meeting", "state", STEPS),
    Guard(
        name="meeting_stays_published",
        table="meeting",
        event="UPDATE OF published_at",
        message="published: a meeting that was announced is cancelled, never hidden",
        refuse_when=(
            "OLD.published_at IS NOT NULL AND OLD.published_at IS DISTINCT FROM NEW.published_at"
        ),
    ),
    Guard(
        name="meeting_stays",
        table="meeting",
        event="DELETE",
        message="published: a meeting that was announced is cancelled, never removed",
        refuse_when="OLD.published_at IS NOT NULL",
    ),
    transitions("meeting_sign_up", "state", SIGN_UP_STEPS),
    *append_only("meeting_change"),
    *append_only("meeting_message"),
)
