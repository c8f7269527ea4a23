"""The page of a meeting, and its date as a file."""

from __future__ import annotations

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from deliberate.access.decorators import public
from deliberate.accounts.current import current_person
from deliberate.consultations import calendar
from deliberate.kernel import clock, files
from deliberate.meetings import dates, links, outcome, queries, rules, sign_ups, words
from deliberate.meetings.kinds import SignUpState
from deliberate.meetings.views import bp
from deliberate.meetings.views.common import ONE
from deliberate.tenancy.current import current_tenant


@bp.get(ONE)
@public
def show(meeting_id: int) -> ResponseReturnValue:
    tenant, now, person = current_tenant(), clock.now(), current_person()
    listed = queries.get_meeting(tenant, meeting_id)
    meeting = listed.meeting
    mine = sign_ups.find_live(meeting, person.email) if person is not None else None
    return render_template(
        "meetings/show.html",
        meeting=meeting,
        listed=listed,
        words=words,
        area=queries.find_area_name(meeting),
        changes=[words.change(row) for row in queries.list_changes(meeting)],
        questions=outcome.list_questions(meeting, only_published=True),
        topics=outcome.topics_of(meeting) if meeting.note_published_at else (),
        files=queries.list_files(meeting),
        file_name=files.url_name,
        refusal=rules.sign_up_refusal(sign_ups.sign_up_facts(meeting, now)),
        is_over=now >= meeting.ends_at,
        mine=mine,
        mine_token=links.token_of(mine) if mine is not None else "",
        i_wait=mine is not None and mine.state == SignUpState.WAITING,
    )


@bp.get(ONE + "/termin.ics")
@public
def file(meeting_id: int) -> ResponseReturnValue:
    tenant = current_tenant()
    meeting = queries.get_meeting(tenant, meeting_id).meeting
    entry = dates.appointment(tenant, meeting)
    return ics(
        calendar.calendar(meeting.title, [entry], stamp=clock.now()), f"spotkanie-{meeting.id}"
    )


def ics(text: str, name: str) -> Response:
    response = Response(text, mimetype="text/calendar")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.ics"'
    return response
