"""The counter: letters, calls and visits entered one after another by keyboard, and corrected."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Response, abort, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from deliberate.access.decorators import requires
from deliberate.accounts.current import get_person
from deliberate.authorship.models import Capacity
from deliberate.consultations import queries as consultations
from deliberate.consultations.models import Consultation
from deliberate.consultations.permissions import Permission
from deliberate.consultations.procedures import Procedure
from deliberate.consultations.states import UNPUBLISHED
from deliberate.documents import counter, counter_rules, queries, senders
from deliberate.documents.content import Content, Place
from deliberate.documents.counter import Letter
from deliberate.documents.counter_forms import (
    CHANNELS,
    MOST_PARTS,
    CorrectionForm,
    EntryForm,
    LetterForm,
    PartForm,
    WithdrawEntryForm,
)
from deliberate.documents.counter_places import Places
from deliberate.documents.kinds import CHANNEL_LABELS, Channel, RemarkKind, RemarkState
from deliberate.documents.models import Remark
from deliberate.documents.senders import Sender
from deliberate.documents.views.common import NUMBER, bp
from deliberate.kernel import clock, files, htmx, i18n, ids
from deliberate.kernel.actor import current_actor
from deliberate.kernel.db import transaction
from deliberate.kernel.filetypes import BadFile
from deliberate.kernel.forms import clean_line
from deliberate.kernel.i18n import say
from deliberate.kernel.models import StoredFile
from deliberate.kernel.refusals import Refusal, Refused
from deliberate.kernel.storage import storage
from deliberate.kernel.texts import N_, day_text
from deliberate.tenancy.current import current_tenant

DESK = "/urzad/konsultacje/<slug>/uwagi"
ENTRY = f"{DESK}/wpis"
ONE = f"{DESK}/<{NUMBER}:number>"
# What of one letter is kept for the next, as the address says it.
SAME_CHANNEL, SAME_DAY, SAME_WHO, SAME_LABEL = "droga", "data", "kto", "podpis"
ALIKE = "jednakowe"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """A remark with its consultation: what @requires looks at."""

    consultation: Consultation
    remark: Remark

    @property
    def consultation_scope(self) -> int:
        return self.consultation.id


def load(slug: str) -> Consultation:
    """Load for @requires: published, through the municipality."""
    found = consultations.get_any(current_tenant(), slug)
    return found if found.state not in UNPUBLISHED else abort(404)


def load_entered(slug: str, number: int) -> Entered:
    consultation = load(slug)
    remark = queries.find_remark(consultation, number) or abort(404)
    return Entered(consultation=consultation, remark=remark)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    consultation_scope: int
    file: StoredFile


def load_scan(slug: str, number: int, token: str) -> Scan:
    entered = load_entered(slug, number)
    found = (file for file in senders.list_scans(entered.remark) if file.token == token)
    return Scan(consultation_scope=entered.consultation.id, file=next(found, None) or abort(404))


@bp.get(ENTRY)
@requires(Permission.EDIT, on=load)
def counter_new(consultation: Consultation) -> ResponseReturnValue:
    kept, today = _kept(), clock.local(clock.now()).date()
    new = {"form_key": ids.new_token(), "received_on": today}
    form = EntryForm(formdata=None, data=new | kept)
    return _page(consultation, form, first=2 if kept else 0)


@bp.post(ENTRY)
@requires(Permission.EDIT, on=load)
def counter_enter(consultation: Consultation) -> ResponseReturnValue:
    """Enter a letter; what is kept of it goes along to the next one."""
    form = EntryForm()
    person, now = get_person(), clock.now()
    trouble = _receive_scan(consultation, form)
    if form.more.data:
        if len(form.parts) < MOST_PARTS:
            form.parts.append_entry()
        return _page(consultation, form, first=len(form.parts) + 1)
    places = Places.of(consultation)
    if not form.validate_on_submit() or trouble:
        return _page(consultation, form, trouble=trouble, code=422)
    _check_day(consultation, form)
    contents = [content for part in form.said if (content := _content(part, form, places))]
    form.parts.errors = [entry.errors for entry in form.parts if entry.errors]
    if form.errors:
        return _page(consultation, form, code=422)
    same = counter.list_same(consultation, contents)
    if same and not (form.alike.data or form.despite.data):
        return _page(consultation, form, same=same, code=422)
    try:
        with transaction():
            remarks = counter.enter(
                consultation,
                person,
                _letter(form, Channel(form.channel.data)),
                contents,
                form_key=form.form_key.data,
                scan=files.find_unattached(
                    consultation.tenant_id, form.scan_token.data, by=person.id
                ),
                actor=current_actor(),
                now=now,
            )
    except Refused as refused:
        return _page(consultation, form, refusal=refused.refusal, code=409)
    said = (
        N_("Wpisane, po terminie: %(numbers)s.")
        if remarks[0].is_late
        else N_("Wpisane: %(numbers)s.")
    )
    numbers = ", ".join(str(remark.number) for remark in remarks)
    to = url_for(".counter_new", slug=consultation.slug, **_keep(form))
    return htmx.done(said, to=to, numbers=numbers)


@bp.get(f"{ONE}/poprawka")
@requires(Permission.EDIT, on=load_entered)
def counter_entry(entered: Entered) -> ResponseReturnValue:
    remark, sender = entered.remark, senders.sender_of(entered.remark)
    form = CorrectionForm(
        formdata=None,
        data={
            "received_on": remark.received_on,
            "who": remark.capacity,
            "label": remark.author_name,
            "name": sender.name,
            "address": sender.address,
            "email": sender.email,
            "phone": sender.phone,
            "case_number": sender.case_number,
            "owns_land": {True: "yes", False: "no", None: ""}[sender.owns_land],
            "language": remark.language,
            "place": _place_of(entered),
            "kind": remark.kind,
            "body": remark.body,
            "wording": remark.wording,
            "based_on": remark.version_no,
        },
    )
    return _entry_page(entered, form)


@bp.post(f"{ONE}/poprawka")
@requires(Permission.EDIT, on=load_entered)
def counter_correct(entered: Entered) -> ResponseReturnValue:
    consultation, remark, form = entered.consultation, entered.remark, CorrectionForm()
    if not form.validate_on_submit():
        return _entry_page(entered, form, code=422)
    _check_day(consultation, form)
    content = _content(form, form, Places.of(consultation))
    if content is None or form.errors:
        return _entry_page(entered, form, code=422)
    try:
        with transaction():
            counter.correct(
                consultation,
                remark,
                get_person(),
                _letter(form, Channel(remark.channel)),
                content,
                based_on=form.based_on.data,
                office=current_tenant().office_name,
                reason=form.reason.data,
                actor=current_actor(),
                now=clock.now(),
            )
    except Refused as refused:
        fresh = load_entered(consultation.slug, remark.number)
        form.based_on.data = fresh.remark.version_no  # as read now: saving once more is meant
        return _entry_page(fresh, form, refusal=refused.refusal, code=409)
    return htmx.done(
        N_("Poprawka zapisana. Poprzedni tekst zostaje w wersjach."),
        to=url_for(".counter_new", slug=consultation.slug),
    )


@bp.post(f"{ONE}/wycofanie")
@requires(Permission.EDIT, on=load_entered)
def counter_withdraw(entered: Entered) -> ResponseReturnValue:
    form = WithdrawEntryForm()
    if not form.validate_on_submit():
        return _entry_page(entered, None, withdrawal=form, code=422)
    with transaction():
        counter.withdraw(
            entered.remark,
            based_on=form.based_on.data,
            reason=form.reason.data,
            actor=current_actor(),
            now=clock.now(),
        )
    return htmx.done(
        N_("Uwaga zostaje na liście jako wycofana."),
        to=url_for(".counter_new", slug=entered.consultation.slug),
    )


@bp.get(f"{ONE}/skan/<token>")
@requires(Permission.EDIT, on=load_scan)
def counter_scan(scan: Scan) -> Response:
    """Give the letter as it came: to the office alone."""
    response = send_file(
        io.BytesIO(storage().get(scan.file.sha256)),
        mimetype=scan.file.media_type,
        as_attachment=True,
        download_name=scan.file.name,
        etag=False,
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def _kept() -> dict[str, object]:
    """Return what the officer wished to keep of the letter before."""
    if SAME_CHANNEL not in request.args:
        return {}
    args, day = request.args, _day(request.args.get(SAME_DAY))
    channel = args[SAME_CHANNEL] if args[SAME_CHANNEL] in CHANNELS else str(Channel.PAPER)
    return {
        "channel": channel,
        "received_on": day,
        "who": args.get(SAME_WHO, str(Capacity.RESIDENT)),
        "label": clean_line(args.get(SAME_LABEL))[:80],
        "keep": True,
        "alike": ALIKE in args,
    }


def _keep(form: EntryForm) -> dict[str, Any]:
    if not form.keep.data:
        return {}
    kept = {
        SAME_CHANNEL: str(form.channel.data),
        SAME_DAY: form.received_on.data.isoformat(),
        SAME_WHO: str(form.who.data),
        SAME_LABEL: form.label.data,
    }
    return kept | ({ALIKE: "1"} if form.alike.data else {})


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def _receive_scan(consultation: Consultation, form: EntryForm) -> str:
    """Keep an upload at once, so that it is not lost when a field is wrong; say why not."""
    try:
        file = files.receive(
            form.scan.data,
            form.scan_token.data,
            tenant_id=consultation.tenant_id,
            by=get_person().id,
        )
    except BadFile as bad:
        return bad.message
    form.scan_token.data = file.token if file is not None else ""
    return ""


def _check_day(consultation: Consultation, form: LetterForm) -> None:
    """Say at the field what is wrong with the day of receipt."""
    found = counter.facts(consultation, clock.now())
    day = form.received_on.data
    if day > found.today:
        form.received_on.errors = [say(counter_rules.FROM_THE_FUTURE)]
    elif found.first_day is not None and day < found.first_day:
        words = day_text(found.first_day, i18n.locale(), today=found.today)
        form.received_on.errors = [say(counter_rules.BEFORE_THE_START, day=words)]


def _content(part: PartForm | CorrectionForm, letter: LetterForm, places: Places) -> Content | None:
    """Return what a part says; None, with a word at its field, where its place is not plain."""
    place = places.find(part.place.data)
    if not isinstance(place, Place):
        part.place.errors = [place]
        return None
    return Content(
        place=place,
        kind=RemarkKind(part.kind.data),
        wording=part.wording.data,
        body=part.body.data,
        language=letter.language.data,
    )


def _letter(form: LetterForm, channel: Channel) -> Letter:
    return Letter(
        channel=channel,
        received_on=form.received_on.data,
        label=form.label.data,
        capacity=Capacity(form.who.data),
        sender=Sender(
            name=form.name.data,
            address=form.address.data,
            email=form.email.data,
            phone=form.phone.data,
            case_number=form.case_number.data,
            owns_land=form.owns,
        ),
    )


def _place_of(entered: Entered) -> str:
    """Return the place as the officer would type it now; empty for the whole."""
    remark, places = entered.remark, Places.of(entered.consultation)
    if len(places.documents) < 2:
        return remark.place
    titles = {document.id: document.title for document in places.documents}
    title = titles.get(remark.document_id or 0, "")
    return f"{title}: {remark.place}" if title and remark.place else title or remark.place


def _page(
    consultation: Consultation,
    form: EntryForm,
    *,
    first: int | None = None,
    same: Sequence[Remark] = (),
    trouble: str = "",
    refusal: Refusal | None = None,
    code: int = 200,
) -> ResponseReturnValue:
    """``first``: which field takes the focus: 0 the first one, 2 … the place of a part."""
    found = counter.facts(consultation, clock.now())
    rendered = render_template(
        "documents/desk/counter.html",
        consultation=consultation,
        form=form,
        first=first,
        same=same,
        trouble=trouble,
        refusal=refusal or counter_rules.entry_refusal(found),
        last_day=found.last_day,
        today=found.today,
        places=Places.of(consultation).options(),
        channel_labels=CHANNEL_LABELS,
        asks_land=consultation.procedure == Procedure.SPATIAL_PLAN,
        scan=files.find_unattached(
            consultation.tenant_id, form.scan_token.data, by=get_person().id
        ),
        latest=counter.list_latest(consultation, get_person()),
        may_add=len(form.parts) < MOST_PARTS,
    )
    return rendered, code


def _entry_page(
    entered: Entered,
    form: CorrectionForm | None,
    *,
    withdrawal: WithdrawEntryForm | None = None,
    refusal: Refusal | None = None,
    code: int = 200,
) -> ResponseReturnValue:
    remark, consultation = entered.remark, entered.consultation
    facts = counter_rules.CorrectionFacts(
        is_entered=remark.entered_by is not None,
        is_withdrawn=remark.state == RemarkState.WITHDRAWN,
        is_as_read=True,
    )
    data = {"based_on": remark.version_no}
    rendered = render_template(
        "documents/desk/entry.html",
        consultation=consultation,
        remark=remark,
        form=form,
        withdrawal=withdrawal or WithdrawEntryForm(formdata=None, data=data),
        refusal=refusal,
        closed=counter_rules.correction_refusal(facts),
        places=Places.of(consultation).options(),
        channel_labels=CHANNEL_LABELS,
        asks_land=consultation.procedure == Procedure.SPATIAL_PLAN,
        scans=senders.list_scans(remark),
    )
    return rendered, code
