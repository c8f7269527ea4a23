"""What must never be false of a consultation, whoever writes to the database."""

from deliberate.consultations.states import STEPS
from deliberate.kernel.guards import Guard, append_only, frozen, transitions

PUBLISHED = "OLD.state NOT IN ('draft', 'awaiting_approval')"
OF_PUBLISHED = (
    "EXISTS (SELECT 1 FROM consultation AS c WHERE c.id = OLD.consultation_id"
    " AND c.state NOT IN ('draft', 'awaiting_approval'))"
)
# A public line about this phase's dates.
NOTICE = (
    "EXISTS (SELECT 1 FROM change_notice AS n WHERE n.consultation_id = OLD.consultation_id"
    " AND n.kind IN (?) AND n.field = 'phase:' || OLD.title)"
)
# Two persons want this very phase, and the deed is not done yet.
WANTED = (
    "EXISTS (SELECT 1 FROM extra_phase AS e JOIN approval AS a ON a.tenant_id = e.tenant_id"
    " AND a.act = 'consultation.add_vote' AND a.subject_kind = 'consultation'"
    " AND a.subject_id = e.consultation_id AND a.approved AND a.asked_by <> a.decided_by"
    " AND a.spent_at IS NULL WHERE e.consultation_id = NEW.consultation_id"
    " AND e.starts_at = NEW.starts_at AND e.ends_at = NEW.ends_at)"
)


def _all(*conditions: str) -> str:
    return " AND ".join(conditions)


GUARDS: tuple[Guard, ...] = (
    transitions("consultation", "state", STEPS),
    Guard(
        name="consultation_needs_two_persons",
        table="consultation",
        event="UPDATE OF state",
        message="two_persons: a consultation is published by the approval of a second person",
        # The decision is written before the deed and spent after it.
        refuse_when=(
            "NEW.state = 'published' AND OLD.state IN ('draft', 'awaiting_approval')"
            " AND NOT EXISTS (SELECT 1 FROM approval AS a WHERE a.tenant_id = NEW.tenant_id"
            " AND a.act = 'consultation.publish' AND a.subject_kind = 'consultation'"
            " AND a.subject_id = NEW.id AND a.approved AND a.asked_by <> a.decided_by"
            " AND a.spent_at IS NULL)"
        ),
    ),
    frozen("consultation", "tenant_id", "template", "published_at", "procedure", when=PUBLISHED),
    Guard(
        name="consultation_never_goes",
        table="consultation",
        event="DELETE",
        message="frozen: a published consultation is never removed",
        refuse_when=PUBLISHED,
    ),
    Guard(
        name="phase_dates_change_in_public",
        table="phase",
        event="UPDATE",
        message="frozen: dates of a published phase change with a public notice only",
        refuse_when=_all(
            "(OLD.starts_at <> NEW.starts_at OR OLD.ends_at <> NEW.ends_at)",
            OF_PUBLISHED,
            "NOT " + NOTICE.replace("?", "'extension', 'slip'"),
        ),
    ),
    Guard(
        name="phase_only_grows",
        table="phase",
        event="UPDATE OF ends_at",
        message="frozen: a published phase ends later, never sooner",
        # A slip is corrected within two hours; the rule knows when, the notice says that it was.
        refuse_when=_all(
            "NEW.ends_at < OLD.ends_at", OF_PUBLISHED, "NOT " + NOTICE.replace("?", "'slip'")
        ),
    ),
    Guard(
        name="phase_comes_for_a_vote_done_again",
        table="phase",
        event="INSERT",
        message="two_persons: a published consultation gets a phase by two persons, for a vote",
        # The first phase is exempt: what has none yet has never been published.
        refuse_when=_all(
            OF_PUBLISHED.replace("OLD", "NEW"),
            "EXISTS (SELECT 1 FROM phase AS p WHERE p.consultation_id = NEW.consultation_id)",
            f"NOT (NEW.activities = 'vote' AND {WANTED})",
        ),
    ),
    Guard(
        name="phase_never_goes",
        table="phase",
        event="DELETE",
        message="frozen: a published phase is never removed",
        refuse_when=OF_PUBLISHED,
    ),
    *append_only("change_notice"),
    Guard(
        name="announcement_never_goes",
        table="announcement",
        event="DELETE",
        message="append_only: an announcement that was made is never removed",
        refuse_when="OLD.done_on IS NOT NULL",
    ),
)
