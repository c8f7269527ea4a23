"""Who comes: the officer's page of a meeting, the list to print, entries by telephone, letters."""

from __future__ import annotations

from flask import abort, render_template
from flask.typing import ResponseReturnValue

from deliberate.access.decorators import requires
from deliberate.consultations import queries as consultations
from deliberate.kernel import clock
from deliberate.kernel.actor import current_actor
from deliberate.kernel.db import transaction
from deliberate.kernel.refusals import Refusal, Refused
from deliberate.kernel.texts import N_
from deliberate.meetings import queries, rules, sign_ups, words
from deliberate.meetings.actions import afterwards, signing
from deliberate.meetings.actions.signing import Wish
from deliberate.meetings.forms import CancelForm, EntryForm, MessageForm, Press
from deliberate.meetings.kinds import SignUpState
from deliberate.meetings.models import Meeting
from deliberate.meetings.permissions import Permission
from deliberate.meetings.views import bp
from deliberate.meetings.views.common import (
    DESK,
    done,
    load,
    load_for_sign_up,
    named_sign_up,
    slot_choices,
)
from deliberate.tenancy.current import current_tenant


@bp.get(DESK)
@requires(Permission.EDIT, on=load)
def desk_show(meeting: Meeting) -> ResponseReturnValue:
    return people_page(meeting)


@bp.get(DESK + "/lista")
@requires(Permission.EDIT, on=load)
def desk_list(meeting: Meeting) -> ResponseReturnValue:
    """The list that lies on the table at the door, to be signed."""
    rows = [row for row in sign_ups.list_sign_ups(meeting) if row.state == SignUpState.SIGNED]
    return render_template(
        "meetings/desk/list.html",
        meeting=meeting,
        rows=[(row, sign_ups.slot_start(meeting, row.slot)) for row in rows],
        words=words,
    )


@bp.post(DESK + "/zapisy")
@requires(Permission.EDIT, on=load)
def desk_enter(meeting: Meeting) -> ResponseReturnValue:
    form = EntryForm()
    form.offer(slot_choices(meeting))
    if not form.validate_on_submit():
        return people_page(meeting, entry=form, code=422)
    wish = Wish(
        name=form.name.data,
        email=form.email.data or "",
        phone=form.phone.data or "",
        persons=form.persons.data,
        needs=form.needs.data or "",
        slot=form.chosen_slot,
    )
    try:
        with transaction():
            row = signing.enter(
                current_tenant(), meeting, wish, actor=current_actor(), now=clock.now()
            )
    except Refused as refused:
        return people_page(meeting, entry=form, refusal=refused.refusal, code=409)
    if row.state == SignUpState.WAITING:
        return done(meeting, N_("Wpisane na listę rezerwową: nie ma wolnych miejsc."))
    return done(meeting, N_("Wpisane na listę."))


@bp.post(DESK + "/zapisy/<int(max=2147483647):sign_up_id>/usuniecie")
@requires(Permission.EDIT, on=load_for_sign_up)
def desk_take_off(meeting: Meeting) -> ResponseReturnValue:
    if not Press().validate_on_submit():
        abort(400)
    with transaction():
        row = named_sign_up(meeting)
        signing.take_off(current_tenant(), meeting, row, actor=current_actor(), now=clock.now())
    return done(meeting, N_("Wypisane, a dane tej osoby usunięte."))


@bp.get(DESK + "/wiadomosc")
@requires(Permission.EDIT, on=load)
def desk_message(meeting: Meeting) -> ResponseReturnValue:
    return _message_page(meeting, MessageForm(formdata=None))


@bp.post(DESK + "/wiadomosc")
@requires(Permission.EDIT, on=load)
def desk_preview_message(meeting: Meeting) -> ResponseReturnValue:
    """Show what would be sent; nothing is sent by this."""
    form = MessageForm()
    if not form.validate_on_submit():
        return _message_page(meeting, form, code=422)
    return _message_page(meeting, form, is_preview=True)


@bp.post(DESK + "/wiadomosc/wyslanie")
@requires(Permission.EDIT, on=load)
def desk_send_message(meeting: Meeting) -> ResponseReturnValue:
    form = MessageForm()
    if not form.validate_on_submit():
        return _message_page(meeting, form, code=422)
    try:
        with transaction():
            afterwards.send_message(
                meeting,
                subject=form.subject.data,
                body=form.body.data,
                actor=current_actor(),
                now=clock.now(),
            )
    except Refused as refused:
        return _message_page(meeting, form, refusal=refused.refusal, code=409)
    return done(meeting, N_("Wiadomość jest w drodze."))


def people_page(
    meeting: Meeting,
    *,
    entry: EntryForm | None = None,
    cancel_form: CancelForm | None = None,
    refusal: Refusal | None = None,
    code: int = 200,
) -> ResponseReturnValue:
    now = clock.now()
    if entry is None:
        entry = EntryForm(formdata=None)
        entry.offer(slot_choices(meeting))
    rows = sign_ups.list_sign_ups(meeting)
    is_published = meeting.published_at is not None
    consultation = (
        consultations.find_by_id(meeting.tenant_id, meeting.consultation_id)
        if meeting.consultation_id is not None
        else None
    )
    page = render_template(
        "meetings/desk/show.html",
        meeting=meeting,
        consultation=consultation,
        words=words,
        rows=[(row, sign_ups.slot_start(meeting, row.slot)) for row in rows],
        counts=sign_ups.count_live(meeting),
        messages=queries.list_messages(meeting),
        entry=entry,
        cancel_form=cancel_form or CancelForm(formdata=None),
        refusal=refusal,
        entry_refusal=rules.sign_up_refusal(sign_ups.sign_up_facts(meeting, now, by_office=True)),
        may_cancel=rules.cancel_refusal(meeting.state, is_published=is_published) is None,
        has_begun=now >= meeting.starts_at,
        is_published=is_published,
    )
    return page, code


def _message_page(
    meeting: Meeting,
    form: MessageForm,
    *,
    is_preview: bool = False,
    refusal: Refusal | None = None,
    code: int = 200,
) -> ResponseReturnValue:
    page = render_template(
        "meetings/desk/message.html",
        meeting=meeting,
        form=form,
        is_preview=is_preview,
        readers=sign_ups.count_readers(meeting),
        refusal=refusal,
    )
    return page, code
