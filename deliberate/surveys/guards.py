"""What must never be false of surveys, whoever writes to the database."""

from __future__ import annotations

from deliberate.kernel.guards import Guard, append_only, frozen, transitions
from deliberate.surveys.kinds import STEPS

ANSWERED = "EXISTS (SELECT 1 FROM survey_sheet h WHERE h.survey_id = OLD.id)"
RENAMED = "OLD.is_anonymous <> NEW.is_anonymous"
RETURNED = "NEW.state = 'draft'"
REWORDED = (
    "(OLD.content <> NEW.content AND NOT EXISTS (SELECT 1 FROM survey_correction c"
    " WHERE c.survey_id = OLD.id AND c.former = OLD.content AND c.present = NEW.content))"
)


def _state_of(row: str) -> str:
    return f"(SELECT s.state FROM survey s WHERE s.id = {row}.survey_id)"  # noqa: S608 - our words


GUARDS: tuple[Guard, ...] = (
    frozen("survey", "tenant_id", "consultation_id", "number", "created_at"),
    transitions("survey", "state", STEPS),
    Guard(
        name="survey_content_is_frozen",
        table="survey",
        event="UPDATE",
        message="frozen: an answered survey changes only by a public correction",
        refuse_when=f"{ANSWERED} AND ({RENAMED} OR {RETURNED} OR {REWORDED})",
    ),
    Guard(
        name="survey_never_goes_once_offered",
        table="survey",
        event="DELETE",
        message="frozen: a survey that people see is never removed",
        refuse_when="OLD.state <> 'draft'",
    ),
    *append_only("survey_correction"),
    frozen("survey_participation", "tenant_id", "survey_id", "person_id", "day", "idem_hash"),
    Guard(
        name="survey_sheet_comes_while_offered",
        table="survey_sheet",
        event="INSERT",
        message="closed: no sheets before a survey is offered nor after its results",
        refuse_when=f"{_state_of('NEW')} <> 'offered'",
    ),
    Guard(
        name="survey_sheet_is_nameless",
        table="survey_sheet",
        event="INSERT",
        message="anonymous: no person and no moment beside what was said",
        refuse_when=(
            "(NEW.person_id IS NOT NULL OR NEW.given_at IS NOT NULL) AND "
            "(SELECT s.is_anonymous FROM survey s WHERE s.id = NEW.survey_id)"
        ),
    ),
    Guard(
        name="survey_sheet_gets_no_name",
        table="survey_sheet",
        event="UPDATE OF person_id",
        message="anonymous: a sheet only ever loses its name",
        refuse_when="NEW.person_id IS NOT NULL AND OLD.person_id IS DISTINCT FROM NEW.person_id",
    ),
    frozen(
        "survey_sheet",
        "id",
        "tenant_id",
        "survey_id",
        "channel",
        "batch",
        "paper_no",
        "entered_by",
        "entered_on",
    ),
    Guard(
        name="survey_sheet_stays_once_published",
        table="survey_sheet",
        event="DELETE",
        message="frozen: results rest on this sheet",
        refuse_when=f"{_state_of('OLD')} = 'published'",
    ),
    Guard(
        name="survey_reply_comes_while_offered",
        table="survey_reply",
        event="INSERT",
        message="closed: no answers before a survey is offered nor after its results",
        refuse_when=f"{_state_of('NEW')} <> 'offered'",
    ),
    frozen("survey_reply", "sheet_id", "question_no", "tenant_id", "survey_id", "chosen", "body"),
    Guard(
        name="survey_reply_stays_once_published",
        table="survey_reply",
        event="DELETE",
        message="frozen: results rest on this answer",
        refuse_when=f"{_state_of('OLD')} = 'published'",
    ),
)
