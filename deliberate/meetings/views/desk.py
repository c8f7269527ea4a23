"""Planning meetings: the lists, writing, announcing, calling off."""

from __future__ import annotations

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from deliberate.access.decorators import holds_everywhere, may, requires
from deliberate.consultations.models import Consultation
from deliberate.kernel import clock, htmx
from deliberate.kernel.actor import current_actor
from deliberate.kernel.db import transaction
from deliberate.kernel.refusals import Refusal, Refused
from deliberate.kernel.texts import N_
from deliberate.meetings import queries, words
from deliberate.meetings.actions import planning
from deliberate.meetings.forms import CancelForm, MeetingForm
from deliberate.meetings.kinds import ACCESS
from deliberate.meetings.models import Meeting
from deliberate.meetings.permissions import Permission
from deliberate.meetings.views import bp
from deliberate.meetings.views.common import DESK, desk_of, done, load, load_consultation
from deliberate.meetings.views.people import people_page
from deliberate.tenancy import queries as tenancy
from deliberate.tenancy.current import current_tenant

OF = "/urzad/konsultacje/<slug>/spotkania"


@bp.get("/urzad/spotkania")
@requires(Permission.EDIT, anywhere=True)
def desk() -> ResponseReturnValue:
    actor = current_actor()
    everywhere = holds_everywhere(actor, Permission.EDIT)
    scoped = frozenset(
        grant.consultation_id for grant in actor.grants if grant.consultation_id is not None
    )
    listed = [
        each
        for each in queries.list_all(current_tenant(), only=None if everywhere else scoped)
        if may(Permission.EDIT, each.meeting)
    ]
    return _list_page(listed, None, may_add=everywhere)


@bp.get(OF)
@requires(Permission.EDIT, on=load_consultation)
def desk_in(consultation: Consultation) -> ResponseReturnValue:
    listed = queries.list_all(current_tenant(), consultation=consultation, only=None)
    return _list_page(listed, consultation, may_add=True)


@bp.get("/urzad/spotkania/nowe")
@requires(Permission.EDIT)
def desk_new() -> ResponseReturnValue:
    return _edit_page(MeetingForm(formdata=None), None)


@bp.post("/urzad/spotkania/nowe")
@requires(Permission.EDIT)
def desk_create() -> ResponseReturnValue:
    return _create(None)


@bp.get(OF + "/nowe")
@requires(Permission.EDIT, on=load_consultation)
def desk_new_in(consultation: Consultation) -> ResponseReturnValue:
    form = MeetingForm(formdata=None, area_id=consultation.area_id or 0)
    return _edit_page(form, None, consultation=consultation)


@bp.post(OF + "/nowe")
@requires(Permission.EDIT, on=load_consultation)
def desk_create_in(consultation: Consultation) -> ResponseReturnValue:
    return _create(consultation)


def _create(consultation: Consultation | None) -> ResponseReturnValue:
    form = MeetingForm().offer(_areas())
    if not form.validate_on_submit():
        return _edit_page(form, None, consultation=consultation, code=422)
    with transaction():
        meeting = planning.draft(
            current_tenant(), consultation, form.content(), actor=current_actor(), now=clock.now()
        )
    return done(meeting, N_("Szkic spotkania zapisany. Sprawdź go i ogłoś."))


@bp.get(DESK + "/edycja")
@requires(Permission.EDIT, on=load)
def desk_edit(meeting: Meeting) -> ResponseReturnValue:
    return _edit_page(MeetingForm.of(meeting), meeting)


@bp.post(DESK + "/edycja")
@requires(Permission.EDIT, on=load)
def desk_save(meeting: Meeting) -> ResponseReturnValue:
    form = MeetingForm().offer(_areas())
    if not form.validate_on_submit():
        return _edit_page(form, meeting, code=422)
    try:
        with transaction():
            changed = planning.save(
                current_tenant(),
                meeting,
                form.content(),
                reason=form.reason.data or "",
                stamp=form.revision.data,
                actor=current_actor(),
                now=clock.now(),
            )
    except Refused as refused:
        return _edit_page(form, meeting, refusal=refused.refusal, code=409)
    if changed and meeting.published_at is not None:
        return done(meeting, N_("Zmiana jest widoczna. Zapisane osoby dostaną listy."))
    return done(meeting, N_("Zapisane."))


@bp.post(DESK + "/ogloszenie")
@requires(Permission.EDIT, on=load)
def desk_publish(meeting: Meeting) -> ResponseReturnValue:
    try:
        with transaction():
            planning.publish(meeting, actor=current_actor(), now=clock.now())
    except Refused as refused:
        return people_page(meeting, refusal=refused.refusal, code=409)
    return done(meeting, N_("Spotkanie jest ogłoszone."))


@bp.post(DESK + "/odwolanie")
@requires(Permission.EDIT, on=load)
def desk_cancel(meeting: Meeting) -> ResponseReturnValue:
    form = CancelForm()
    if not form.validate_on_submit():
        return people_page(meeting, cancel_form=form, code=422)
    try:
        with transaction():
            planning.cancel(
                meeting, reason=form.reason.data, actor=current_actor(), now=clock.now()
            )
    except Refused as refused:
        return people_page(meeting, cancel_form=form, refusal=refused.refusal, code=409)
    return done(meeting, N_("Spotkanie jest odwołane. Zapisane osoby dostaną listy."))


@bp.post(DESK + "/usuniecie")
@requires(Permission.EDIT, on=load)
def desk_remove_draft(meeting: Meeting) -> ResponseReturnValue:
    to = url_for(".desk")
    try:
        with transaction():
            planning.remove_draft(meeting, actor=current_actor(), now=clock.now())
    except Refused as refused:
        return people_page(meeting, refusal=refused.refusal, code=409)
    return htmx.done(N_("Szkic usunięty."), to=to)


def _list_page(
    listed: list[queries.Listed], consultation: Consultation | None, *, may_add: bool
) -> ResponseReturnValue:
    return render_template(
        "meetings/desk/index.html",
        listed=listed,
        consultation=consultation,
        may_add=may_add,
        words=words,
        now=clock.now(),
    )


def _edit_page(
    form: MeetingForm,
    meeting: Meeting | None,
    *,
    consultation: Consultation | None = None,
    refusal: Refusal | None = None,
    code: int = 200,
) -> ResponseReturnValue:
    page = render_template(
        "meetings/desk/edit.html",
        form=form.offer(_areas()),
        meeting=meeting,
        consultation=consultation,
        is_published=meeting is not None and meeting.published_at is not None,
        refusal=refusal,
        access=list(ACCESS),
        back=desk_of(meeting) if meeting is not None else "",
    )
    return page, code


def _areas() -> list[tuple[int, str]]:
    return [(area.id, area.name) for area in tenancy.list_areas(current_tenant())]
