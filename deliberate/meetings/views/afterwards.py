"""What came of a meeting, as the office writes it down."""

from __future__ import annotations

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from deliberate.access.decorators import requires
from deliberate.accounts.current import get_person
from deliberate.kernel import clock, files, htmx
from deliberate.kernel.actor import current_actor
from deliberate.kernel.db import transaction
from deliberate.kernel.filetypes import BadFile
from deliberate.kernel.models import StoredFile
from deliberate.kernel.refusals import Refusal, Refused
from deliberate.kernel.texts import N_
from deliberate.meetings import outcome, queries, rules, words
from deliberate.meetings.actions import afterwards
from deliberate.meetings.forms import FileForm, NoteForm, Press, QuestionForm
from deliberate.meetings.kinds import SUBJECT
from deliberate.meetings.models import Meeting
from deliberate.meetings.permissions import Permission
from deliberate.meetings.views import bp
from deliberate.meetings.views.common import DESK, load, load_for_question, named_question
from deliberate.tenancy.current import current_tenant

AFTER = DESK + "/przebieg"
QUESTION = AFTER + "/pytania/<int(max=2147483647):question_id>"


@bp.get(AFTER)
@requires(Permission.EDIT, on=load)
def desk_after(meeting: Meeting) -> ResponseReturnValue:
    return _page(meeting)


@bp.post(AFTER)
@requires(Permission.EDIT, on=load)
def desk_save_note(meeting: Meeting) -> ResponseReturnValue:
    form = NoteForm()
    if not form.validate_on_submit():
        return _page(meeting, note=form, code=422)
    publish = "publish" in request.form
    try:
        with transaction():
            afterwards.save_note(
                meeting,
                attendance=form.attendance.data,
                topics=form.topics.data or "",
                note=form.note.data or "",
                publish=publish,
                stamp=form.revision.data,
                actor=current_actor(),
                now=clock.now(),
            )
    except Refused as refused:
        return _page(meeting, note=form, refusal=refused.refusal, code=409)
    if meeting.note_published_at is not None:
        return _done(meeting, N_("Zapisane i widoczne na stronie spotkania."))
    return _done(meeting, N_("Szkic zapisany. Nie widzi go nikt poza urzędem."))


@bp.post(AFTER + "/pytania")
@requires(Permission.EDIT, on=load)
def desk_ask(meeting: Meeting) -> ResponseReturnValue:
    form = QuestionForm()
    if not form.validate_on_submit():
        return _page(meeting, question=form, code=422)
    try:
        with transaction():
            afterwards.ask(
                meeting,
                asked_by=form.asked_by.data or "",
                question=form.question.data,
                answer=form.answer.data or "",
                publish=form.publish.data,
                actor=current_actor(),
                now=clock.now(),
            )
    except Refused as refused:
        return _page(meeting, question=form, refusal=refused.refusal, code=409)
    return _done(meeting, N_("Pytanie dopisane."))


@bp.get(QUESTION)
@requires(Permission.EDIT, on=load_for_question)
def desk_question(meeting: Meeting) -> ResponseReturnValue:
    row = named_question(meeting)
    form = QuestionForm(formdata=None, obj=row, publish=row.published_at is not None)
    return _question_page(meeting, row.id, form)


@bp.post(QUESTION)
@requires(Permission.EDIT, on=load_for_question)
def desk_save_question(meeting: Meeting) -> ResponseReturnValue:
    form, row = QuestionForm(), named_question(meeting)
    if not form.validate_on_submit():
        return _question_page(meeting, row.id, form, code=422)
    with transaction():
        afterwards.change_question(
            meeting,
            named_question(meeting),
            asked_by=form.asked_by.data or "",
            question=form.question.data,
            answer=form.answer.data or "",
            publish=form.publish.data,
            actor=current_actor(),
            now=clock.now(),
        )
    return _done(meeting, N_("Zapisane."))


@bp.post(QUESTION + "/usuniecie")
@requires(Permission.EDIT, on=load_for_question)
def desk_remove_question(meeting: Meeting) -> ResponseReturnValue:
    if not Press().validate_on_submit():
        abort(400)
    with transaction():
        afterwards.remove_question(
            meeting, named_question(meeting), actor=current_actor(), now=clock.now()
        )
    return _done(meeting, N_("Pytanie usunięte."))


@bp.post(AFTER + "/pliki")
@requires(Permission.EDIT, on=load)
def desk_add_file(meeting: Meeting) -> ResponseReturnValue:
    form, tenant, by = FileForm(), current_tenant(), get_person().id
    try:
        file = files.receive(form.upload.data, form.file_token.data, tenant_id=tenant.id, by=by)
    except BadFile as bad:
        form.validate()
        form.upload.errors = [bad.message]
        return _page(meeting, file_form=form, code=422)
    form.file_token.data = file.token if file else ""
    good = form.validate_on_submit()
    if file is None:
        form.upload.errors = [N_("Wybierz plik.")]
    if not good or file is None:
        return _page(meeting, file_form=form, received=file, code=422)
    with transaction():
        afterwards.add_file(
            meeting, file, form.file_alt.data, actor=current_actor(), now=clock.now()
        )
    return _done(meeting, N_("Plik dodany."))


def load_for_file(meeting_id: int, token: str) -> Meeting:
    meeting = load(meeting_id)
    return meeting if _file(meeting, token) is not None else abort(404)


@bp.post(AFTER + "/pliki/<token>/usuniecie")
@requires(Permission.EDIT, on=load_for_file)
def desk_remove_file(meeting: Meeting) -> ResponseReturnValue:
    if not Press().validate_on_submit():
        abort(400)
    token = (request.view_args or {})["token"]
    with transaction():
        file = _file(meeting, token) or abort(404)
        afterwards.remove_file(meeting, file, actor=current_actor(), now=clock.now())
    return _done(meeting, N_("Plik usunięty."))


def _file(meeting: Meeting, token: str) -> StoredFile | None:
    found = files.find_file(meeting.tenant_id, token)
    mine = (SUBJECT, meeting.id)
    return found if found and (found.subject_kind, found.subject_id) == mine else None


def _page(
    meeting: Meeting,
    *,
    note: NoteForm | None = None,
    question: QuestionForm | None = None,
    file_form: FileForm | None = None,
    received: StoredFile | None = None,
    refusal: Refusal | None = None,
    code: int = 200,
) -> ResponseReturnValue:
    closed = rules.afterwards_refusal(
        meeting.state,
        is_published=meeting.published_at is not None,
        starts_at=meeting.starts_at,
        now=clock.now(),
    )
    page = render_template(
        "meetings/desk/after.html",
        meeting=meeting,
        words=words,
        closed=closed,
        refusal=refusal,
        wrong=next((form for form in (note, question, file_form) if form is not None), None),
        note=note or NoteForm(formdata=None, obj=meeting),
        question=question or QuestionForm(formdata=None),
        questions=outcome.list_questions(meeting, only_published=False),
        file_form=file_form or FileForm(formdata=None),
        received=received,
        kept=queries.list_files(meeting),
        file_name=files.url_name,
        endings=files.ENDINGS,
    )
    return page, code


def _question_page(
    meeting: Meeting, question_id: int, form: QuestionForm, *, code: int = 200
) -> ResponseReturnValue:
    page = render_template(
        "meetings/desk/question.html", meeting=meeting, question_id=question_id, form=form
    )
    return page, code


def _done(meeting: Meeting, status: str) -> ResponseReturnValue:
    return htmx.done(status, to=url_for(".desk_after", meeting_id=meeting.id))
