"""The checklist of announcements: where, planned for when, done when, and what shows it."""

from __future__ import annotations

from dataclasses import dataclass

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from deliberate.access.decorators import requires
from deliberate.accounts.current import get_person
from deliberate.consultations import announcements, requirements
from deliberate.consultations.actions import announcements as actions
from deliberate.consultations.forms import AnnouncementForm, Press
from deliberate.consultations.models import Announcement, Consultation
from deliberate.consultations.permissions import Permission
from deliberate.consultations.procedures import CHANNEL_NAMES, Channel, Procedure
from deliberate.consultations.rules import announcing
from deliberate.consultations.views import bp
from deliberate.consultations.views.common import load
from deliberate.kernel import clock, files, htmx
from deliberate.kernel.actor import current_actor
from deliberate.kernel.db import transaction
from deliberate.kernel.filetypes import BadFile
from deliberate.kernel.i18n import say
from deliberate.kernel.models import StoredFile
from deliberate.kernel.refusals import Refusal, Refused
from deliberate.kernel.texts import N_
from deliberate.tenancy.current import current_tenant

ALL = "/urzad/konsultacje/<slug>/ogloszenia"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One line of the checklist; ``row`` None: nothing is written down yet."""

    channel: Channel
    name: str
    row: Announcement | None
    is_needed: bool
    form: AnnouncementForm
    files: list[StoredFile]


def load_for_channel(slug: str, channel: str) -> Consultation:
    return load(slug) if channel in list(Channel) else abort(404)


@bp.get(ALL)
@requires(Permission.EDIT, on=load)
def desk_announcements(consultation: Consultation) -> ResponseReturnValue:
    return _page(consultation)


@bp.post(f"{ALL}/<channel>")
@requires(Permission.EDIT, on=load_for_channel)
def desk_announce(consultation: Consultation) -> ResponseReturnValue:
    channel = _channel()
    form = AnnouncementForm(prefix=_prefix(channel))
    file = _received(form)
    good = form.validate_on_submit()
    if form.bad_file:
        form.upload.errors = [form.bad_file]
    if not good or form.bad_file:
        return _page(consultation, sent=(channel, form), received=file, code=422)
    try:
        with transaction():
            actions.save(
                consultation,
                channel,
                planned_on=form.planned_on.data,
                done_on=form.done_on.data,
                words=form.words.data or "",
                url=form.url.data or "",
                file=file,
                actor=current_actor(),
                now=clock.now(),
            )
    except Refused as refused:
        sent = (channel, form)
        return _page(consultation, sent=sent, received=file, refusal=refused.refusal, code=409)
    return _done(consultation, N_("Zapisane."))


@bp.post(f"{ALL}/<channel>/usuniecie")
@requires(Permission.EDIT, on=load_for_channel)
def desk_drop_announcement(consultation: Consultation) -> ResponseReturnValue:
    if not Press().validate_on_submit():
        abort(400)
    row = announcements.find_announcement(consultation, _channel()) or abort(404)
    with transaction():
        actions.remove(consultation, row, actor=current_actor(), now=clock.now())
    return _done(consultation, N_("Plan usunięty z listy."))


def _page(
    consultation: Consultation,
    *,
    sent: tuple[Channel, AnnouncementForm] | None = None,
    received: StoredFile | None = None,
    refusal: Refusal | None = None,
    code: int = 200,
) -> ResponseReturnValue:
    tenant, today = current_tenant(), clock.local(clock.now()).date()
    rows = {row.channel: row for row in announcements.list_announcements(consultation)}
    demanded = requirements.by_procedure(tenant, today)[Procedure(consultation.procedure)]
    done = {Channel(row.channel) for row in rows.values() if row.done_on is not None}
    kept = announcements.announcement_files(consultation)
    channels = sorted(Channel, key=lambda each: (each not in demanded.channels, each not in rows))
    rendered = render_template(
        "consultations/desk/announcements.html",
        consultation=consultation,
        places=[
            Place(
                channel=channel,
                name=say(CHANNEL_NAMES[channel]),
                row=rows.get(channel),
                is_needed=channel in demanded.channels,
                form=sent[1] if sent and sent[0] is channel else _form(channel, rows.get(channel)),
                files=kept.get(rows[channel].id, []) if channel in rows else [],
            )
            for channel in channels
        ],
        lacking=[say(CHANNEL_NAMES[each]) for each in announcing.lacking(demanded, done)],
        rule=demanded.channels_rule,
        wrong=sent[1] if sent else None,
        open_channel=sent[0] if sent else None,
        received=received,
        refusal=refusal,
        file_name=files.url_name,
        endings=files.ENDINGS,
        today=today,
    )
    return rendered, code


def _form(channel: Channel, row: Announcement | None) -> AnnouncementForm:
    return AnnouncementForm(formdata=None, prefix=_prefix(channel), obj=row)


def _received(form: AnnouncementForm) -> StoredFile | None:
    """Keep the upload before anything else is judged."""
    try:
        file = files.receive(
            form.upload.data,
            form.file_token.data,
            tenant_id=current_tenant().id,
            by=get_person().id,
        )
    except BadFile as bad:
        form.bad_file = bad.message
        return None
    form.file_token.data = file.token if file else ""
    return file


def _channel() -> Channel:
    return Channel((request.view_args or {})["channel"])


def _prefix(channel: Channel) -> str:
    return f"{channel}-"


def _done(consultation: Consultation, status: str) -> ResponseReturnValue:
    return htmx.done(status, to=url_for("consultations.desk_announcements", slug=consultation.slug))
