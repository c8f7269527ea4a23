"""The office's way with the registers."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from typing import Any

from flask import Response, abort, render_template, send_file, url_for
from flask.typing import ResponseReturnValue
from wtforms import FileField, HiddenField

from deliberate.access.decorators import requires
from deliberate.accounts.current import get_person
from deliberate.authorship.views import CONTENT_SECURITY_POLICY
from deliberate.kernel import clock, files, htmx
from deliberate.kernel.actor import current_actor
from deliberate.kernel.db import transaction
from deliberate.kernel.filetypes import BadFile
from deliberate.kernel.forms import Form
from deliberate.kernel.models import StoredFile
from deliberate.kernel.refusals import Refusal, Refused
from deliberate.kernel.storage import storage
from deliberate.kernel.texts import N_
from deliberate.petitions import figures, queries, redaction, rules, words
from deliberate.petitions.actions import office
from deliberate.petitions.forms import (
    AnswerForm,
    CountForm,
    EntryForm,
    ExtensionForm,
    InitiativeTermsForm,
    JoinForm,
    PublishForm,
    RedactionForm,
    SubmissionForm,
    TermsForm,
)
from deliberate.petitions.kinds import CLOSED, SEALED, Register, State
from deliberate.petitions.models import Entry
from deliberate.petitions.permissions import Permission
from deliberate.petitions.personal import KEPT
from deliberate.petitions.views import bp
from deliberate.petitions.views.common import DESK, desk_of, load, page_of
from deliberate.tenancy.current import current_tenant

REFUSED = 409

# Under which name the page of an entry knows each of its forms.
FORMS: Mapping[type[Form], str] = {
    RedactionForm: "redaction_form",
    CountForm: "count_form",
    SubmissionForm: "submission_form",
    AnswerForm: "answer_form",
    ExtensionForm: "extension_form",
    JoinForm: "join_form",
}


@bp.get("/urzad/rejestry")
@requires(Permission.EDIT)
def desk() -> ResponseReturnValue:
    tenant = current_tenant()
    return render_template(
        "petitions/desk/index.html",
        waiting=queries.list_desk(tenant),
        closed=queries.list_closed(tenant),
        words=words,
        today=clock.local(clock.now()).date(),
    )


@bp.get("/urzad/rejestry/nowy")
@requires(Permission.EDIT)
def desk_new() -> ResponseReturnValue:
    form = EntryForm(formdata=None, received_on=clock.local(clock.now()).date())
    return _entry_page(form)


@bp.post("/urzad/rejestry/nowy")
@requires(Permission.EDIT)
def desk_create() -> ResponseReturnValue:
    form = EntryForm()
    valid = form.validate_on_submit()
    try:
        scan = _received(form.scan, form.scan_token)
    except BadFile:
        valid, scan = False, None
    if not valid:
        return _entry_page(form, code=422)
    try:
        with transaction():
            entry = office.enter(
                current_tenant(),
                Register(form.register.data),
                form.letter(),
                scan=scan,
                actor=current_actor(),
                now=clock.now(),
            )
    except Refused as refused:
        return _entry_page(form, refusal=refused.refusal, code=REFUSED)
    return htmx.done(N_("Wpisane. Teraz wybierz, co zakryć."), to=desk_of(entry))


@bp.get(DESK)
@requires(Permission.EDIT, on=load)
def desk_show(entry: Entry) -> ResponseReturnValue:
    return _page(entry)


@bp.get(DESK + "/oryginal")
@requires(Permission.EDIT, on=load)
def desk_original(entry: Entry) -> ResponseReturnValue:
    """Give the sealed file to the office; nobody else has an address for it."""
    found = files.list_files(entry.tenant_id, SEALED, entry.id)
    if not found:
        abort(404)
    try:
        content = storage().get(found[0].sha256)
    except FileNotFoundError:
        abort(404)
    response: Response = send_file(
        io.BytesIO(content),
        mimetype=found[0].media_type,
        as_attachment=True,
        download_name=found[0].name,
        etag=False,
        max_age=None,
    )
    response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
    return response


@bp.post(DESK + "/zakrycie")
@requires(Permission.EDIT, on=load)
def desk_black_out(entry: Entry) -> ResponseReturnValue:
    form = RedactionForm()
    return _done(
        entry,
        form,
        lambda: office.black_out(
            entry,
            title=form.title.data,
            passages=form.passages.data or "",
            needed=form.needed.data or None,
            actor=current_actor(),
            now=clock.now(),
        ),
        N_("Zapisane. Przeczytaj, co zobaczą wszyscy."),
        to=f"{desk_of(entry)}#wynik",
    )


@bp.post(DESK + "/publikacja")
@requires(Permission.EDIT, on=load)
def desk_publish(entry: Entry) -> ResponseReturnValue:
    form = PublishForm()
    valid = form.validate_on_submit()
    try:
        scan = _received(form.scan, form.scan_token)
    except BadFile:
        valid, scan = False, None
    if not valid:
        return _page(entry, publish_form=form, code=422)
    try:
        with transaction():
            office.publish(
                current_tenant(),
                entry,
                seen=form.seen.data,
                scan=scan,
                actor=current_actor(),
                now=clock.now(),
            )
    except Refused as refused:
        return _page(entry, refusal=refused.refusal, code=REFUSED)
    return htmx.done(N_("To jest w rejestrze publicznym."), to=page_of(entry))


@bp.post(DESK + "/podpisy")
@requires(Permission.EDIT, on=load)
def desk_count(entry: Entry) -> ResponseReturnValue:
    form = CountForm()
    return _done(
        entry,
        form,
        lambda: office.count_paper(
            entry,
            signatures=form.signatures.data or 0,
            note=form.note.data,
            actor=current_actor(),
            now=clock.now(),
        ),
        N_("Liczba podpisów zapisana."),
    )


@bp.post(DESK + "/zlozenie")
@requires(Permission.EDIT, on=load)
def desk_submit(entry: Entry) -> ResponseReturnValue:
    form = SubmissionForm()
    return _done(
        entry,
        form,
        lambda: office.submit(
            current_tenant(), entry, on=form.on.day, actor=current_actor(), now=clock.now()
        ),
        N_("Zapisane. Termin odpowiedzi biegnie."),
    )


@bp.post(DESK + "/odpowiedz")
@requires(Permission.EDIT, on=load)
def desk_answer(entry: Entry) -> ResponseReturnValue:
    form = _offered(AnswerForm(), entry)

    def answer() -> None:
        tenant, actor, now = current_tenant(), current_actor(), clock.now()
        if form.outcome.data == State.WITHDRAWN:
            office.mark_withdrawn(tenant, entry, reason=form.answer.data, actor=actor, now=now)
            return
        if form.outcome.data == State.LAPSED:
            office.mark_lapsed(tenant, entry, reason=form.answer.data, actor=actor, now=now)
            return
        reply = office.Reply(
            outcome=form.outcome.data,
            answer=form.answer.data,
            forwarded_to=form.forwarded_to.data or "",
            consultation_id=form.consultation_id,
        )
        office.answer(tenant, entry, reply, actor=actor, now=now)

    said = N_("Odpowiedź jest w rejestrze. Kto składał, dostanie list.")
    return _done(entry, form, answer, said)


@bp.post(DESK + "/przedluzenie")
@requires(Permission.EDIT, on=load)
def desk_extend(entry: Entry) -> ResponseReturnValue:
    form = ExtensionForm()
    return _done(
        entry,
        form,
        lambda: office.extend(
            current_tenant(),
            entry,
            until=form.until.day,
            reason=form.reason.data,
            actor=current_actor(),
            now=clock.now(),
        ),
        N_("Termin jest przedłużony, z powodem w rejestrze."),
    )


@bp.post(DESK + "/polaczenie")
@requires(Permission.EDIT, on=load)
def desk_join(entry: Entry) -> ResponseReturnValue:
    form = JoinForm().offer(_mains(entry))

    def join() -> None:
        main = queries.get_any(current_tenant(), int(form.other.data))
        office.join(entry, main, actor=current_actor(), now=clock.now())

    return _done(entry, form, join, N_("Petycje są połączone. Odpowiedź na jedną zamknie obie."))


def _done(
    entry: Entry, form: Form, act: Callable[[], None], said: str, *, to: str | None = None
) -> ResponseReturnValue:
    """Do one act of the office with one of the page's forms; what is wrong stands at that form."""
    shown: dict[str, Any] = {FORMS[type(form)]: form}
    if not form.validate_on_submit():
        return _page(entry, **shown, code=422)
    try:
        with transaction():
            act()
    except Refused as refused:
        return _page(entry, **shown, refusal=refused.refusal, code=REFUSED)
    return htmx.done(said, to=to or desk_of(entry))


@bp.get("/urzad/rejestry/zasady")
@requires(Permission.EDIT)
def desk_terms() -> ResponseReturnValue:
    return _terms_page()


@bp.post("/urzad/rejestry/zasady")
@requires(Permission.EDIT)
def desk_save_terms() -> ResponseReturnValue:
    form = TermsForm()
    if not form.validate_on_submit():
        return _terms_page(form=form, code=422)
    numbers = {name: form[name.partition(".")[2]].data for name in figures.OWN}
    with transaction():
        office.set_terms(
            current_tenant(),
            numbers,
            source=form.source.data,
            actor=current_actor(),
            now=clock.now(),
        )
    return htmx.done(N_("Zasady zapisane, obowiązują od dziś."), to=url_for("petitions.desk"))


@bp.post("/urzad/rejestry/zasady/inicjatywy")
@requires(Permission.EDIT)
def desk_save_initiative_term() -> ResponseReturnValue:
    form = InitiativeTermsForm()
    if not form.validate_on_submit():
        return _terms_page(initiative_form=form, code=422)
    with transaction():
        office.set_initiative_term(
            current_tenant(),
            form.initiative_days.data,
            source=form.initiative_source.data or "",
            actor=current_actor(),
            now=clock.now(),
        )
    return htmx.done(N_("Zasady zapisane, obowiązują od dziś."), to=url_for("petitions.desk"))


def _received(field: FileField, token: HiddenField) -> StoredFile | None:
    """Return the file of a form, stored at once; its error stands at the field."""
    try:
        file = files.receive(
            field.data, token.data, tenant_id=current_tenant().id, by=get_person().id
        )
    except BadFile as bad:
        field.errors = [bad.message]
        raise
    if file is not None:
        token.data = file.token
    return file


def _mains(entry: Entry) -> list[tuple[int, str]]:
    return [
        (row.id, f"{words.reference(row)} {row.title}"[:120]) for row in queries.list_mains(entry)
    ]


def _offered(form: AnswerForm, entry: Entry) -> AnswerForm:
    is_request = entry.register == Register.REQUEST
    listed = queries.list_consultations(current_tenant()) if is_request else []
    return form.offer(words.outcomes(entry), list(listed))


def _page(
    entry: Entry,
    *,
    redaction_form: RedactionForm | None = None,
    publish_form: PublishForm | None = None,
    count_form: CountForm | None = None,
    submission_form: SubmissionForm | None = None,
    answer_form: AnswerForm | None = None,
    extension_form: ExtensionForm | None = None,
    join_form: JoinForm | None = None,
    refusal: Refusal | None = None,
    code: int = 200,
) -> ResponseReturnValue:
    tenant, now = current_tenant(), clock.now()
    today = clock.local(now).date()
    original = queries.find_original(entry)
    title, text = queries.redacted(entry, original) if original else (entry.title, entry.text)
    chosen = original.passages if original else None
    passages = (chosen or "").splitlines()
    if redaction_form is None and original is not None:
        proposed = redaction.propose(
            f"{entry.title}\n{original.text}", name="" if original.name_is_public else original.name
        )
        redaction_form = RedactionForm(
            formdata=None,
            title=entry.title,
            passages="\n".join(proposed) if chosen is None else chosen,
            needed=entry.needed,
        )
    publish_form = publish_form or PublishForm(formdata=None)
    publish_form.seen.data = queries.seen(title, text)
    is_open = entry.state not in CLOSED
    scans = files.list_files(tenant.id, SEALED, entry.id)
    page = render_template(
        "petitions/desk/show.html",
        entry=entry,
        original=original,
        scan=scans[0] if scans else None,
        is_saved=chosen is not None,
        redacted_title=title,
        redacted_text=text,
        missing=redaction.missing(f"{entry.title}\n{original.text}", passages) if original else [],
        original_goes=(entry.closed_at + KEPT) if entry.closed_at else None,
        redaction_form=redaction_form,
        publish_form=publish_form,
        count_form=count_form or CountForm(formdata=None),
        submission_form=submission_form or SubmissionForm(formdata=None, on=today),
        answer_form=answer_form or _offered(AnswerForm(formdata=None), entry),
        extension_form=extension_form or ExtensionForm(formdata=None),
        join_form=join_form or JoinForm(formdata=None).offer(_mains(entry)),
        counts=queries.list_counts(entry),
        joined=queries.list_joined(entry),
        have=rules.supporters(entry.register, supports=entry.supports, paper=entry.paper),
        known=queries.list_figures(tenant, today),
        needed_rule=figures.signatures(
            queries.list_figures(tenant, today), tenant.kind, tenant.population
        )
        if entry.register == Register.INITIATIVE
        else None,
        names=words.NAMES[entry.register],
        words=words,
        is_open=is_open,
        page_url=page_of(entry) if entry.published_at else None,
        due_at=clock.end_of_day(entry.due_on) if entry.due_on else None,
        refusal=refusal,
        today=today,
    )
    return page, code


def _entry_page(
    form: EntryForm, *, refusal: Refusal | None = None, code: int = 200
) -> ResponseReturnValue:
    return render_template("petitions/desk/new.html", form=form, refusal=refusal), code


def _terms_page(
    *,
    form: TermsForm | None = None,
    initiative_form: InitiativeTermsForm | None = None,
    code: int = 200,
) -> ResponseReturnValue:
    known = queries.list_figures(current_tenant(), clock.local(clock.now()).date())
    page = render_template(
        "petitions/desk/terms.html",
        wrong=form or initiative_form,
        form=form or _terms_form(known),
        initiative_form=initiative_form or _initiative_form(known),
        law=[(key, known[key]) for key in sorted(known) if key not in figures.OF_MUNICIPALITY],
    )
    return page, code


def _terms_form(known: figures.Figures) -> TermsForm:
    values = {name.partition(".")[2]: known[name].number for name in figures.OWN if name in known}
    source = known[figures.NEEDED].source if figures.NEEDED in known else ""
    return TermsForm(formdata=None, source=source, **values)


def _initiative_form(known: figures.Figures) -> InitiativeTermsForm:
    figure = known.get(figures.INITIATIVE_GATHERING_DAYS)
    return InitiativeTermsForm(
        formdata=None,
        initiative_days=(figure.number or None) if figure else None,
        initiative_source=figure.source if figure else "",
    )
