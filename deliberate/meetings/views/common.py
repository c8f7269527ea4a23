"""What pages of meetings load and show alike."""

from __future__ import annotations

from flask import abort, request, url_for
from flask.typing import ResponseReturnValue

from deliberate.consultations import queries as consultations
from deliberate.consultations.models import Consultation
from deliberate.kernel import htmx
from deliberate.meetings import outcome, queries, sign_ups, words
from deliberate.meetings.models import Meeting, MeetingQuestion, SignUp
from deliberate.tenancy.current import current_tenant

# No number is larger: an address with one is an address of nothing, not an error of a database.
ONE = "/spotkania/<int(max=2147483647):meeting_id>"
DESK = "/urzad" + ONE


def load(meeting_id: int) -> Meeting:
    """Load for @requires: in any state, through the municipality."""
    return queries.get_any(current_tenant(), meeting_id)


def load_consultation(slug: str) -> Consultation:
    return consultations.get_any(current_tenant(), slug)


def load_for_sign_up(meeting_id: int, sign_up_id: int) -> Meeting:
    meeting = load(meeting_id)
    return meeting if _sign_up(meeting, sign_up_id) is not None else abort(404)


def load_for_question(meeting_id: int, question_id: int) -> Meeting:
    meeting = load(meeting_id)
    return meeting if outcome.find_question(meeting, question_id) is not None else abort(404)


def named_sign_up(meeting: Meeting) -> SignUp:
    """Return the sign-up that the address names."""
    return _sign_up(meeting, int((request.view_args or {})["sign_up_id"])) or abort(404)


def named_question(meeting: Meeting) -> MeetingQuestion:
    number = int((request.view_args or {})["question_id"])
    return outcome.find_question(meeting, number) or abort(404)


def _sign_up(meeting: Meeting, sign_up_id: int) -> SignUp | None:
    found = sign_ups.find_sign_up(meeting.tenant_id, sign_up_id)
    return found if found is not None and found.meeting_id == meeting.id else None


def slot_choices(meeting: Meeting) -> list[tuple[int, str]]:
    """Return the times that nobody has, for a list to choose from."""
    return [(index, words.hour(start)) for index, start in sign_ups.free_slots(meeting).items()]


def page_of(meeting: Meeting) -> str:
    return url_for("meetings.show", meeting_id=meeting.id)


def desk_of(meeting: Meeting) -> str:
    return url_for("meetings.desk_show", meeting_id=meeting.id)


def done(meeting: Meeting, status: str) -> ResponseReturnValue:
    """Say what was done on the officer's page of the meeting."""
    return htmx.done(status, to=desk_of(meeting))
