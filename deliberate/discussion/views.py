"""The pages of a conversation; the conversation itself stands on the page of its thing (talk)."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms.fields import SelectChoice

from deliberate.access.decorators import public, requires, signed_in
from deliberate.accounts.current import current_person, get_person
from deliberate.authorship import versions
from deliberate.authorship.capacities import Voice, list_voices
from deliberate.authorship.labels import in_words
from deliberate.authorship.models import Capacity
from deliberate.discussion import actions, queries, rules, talk
from deliberate.discussion.forms import ContributionForm, CorrectionForm, SummaryForm
from deliberate.discussion.kinds import KIND_LABELS, ContributionKind
from deliberate.discussion.models import Contribution, Thread
from deliberate.discussion.permissions import Permission
from deliberate.kernel import clock, htmx, i18n
from deliberate.kernel.actor import current_actor
from deliberate.kernel.db import transaction
from deliberate.kernel.refusals import Refusal, Refused
from deliberate.kernel.texts import N_
from deliberate.subjects import registry
from deliberate.subjects.registry import Card
from deliberate.subjects.states import ContentState, is_shown
from deliberate.tenancy.current import current_tenant

bp = Blueprint("discussion", __name__)

SAID = N_("Wypowiedź opublikowana.")
HELD = N_("Wypowiedź zapisana. W czasie ciszy wyborczej pokażemy ją po sprawdzeniu.")


# Where a permanent address leads.


@bp.get("/glos/<int(max=2147483647):id>")
@public
def contribution(id: int) -> ResponseReturnValue:  # noqa: A002 - the name in the address
    row = queries.get_contribution(current_tenant(), id)
    thread, subject = _place(row)
    root = queries.get_contribution(current_tenant(), row.parent_id) if row.parent_id else row
    parts: dict[str, object] = {}
    page = queries.page_of_root(thread, root)
    if page > 1:
        parts["strona"] = page
    if row.parent_id:
        parts["watek"] = root.id
    query = "&".join(f"{name}={value}" for name, value in parts.items())
    glue = ("&" if "?" in subject.url else "?") if query else ""
    return redirect(f"{subject.url}{glue}{query}#glos-{row.id}", code=302)


@bp.get("/podsumowanie/<int(max=2147483647):id>")
@public
def summary(id: int) -> ResponseReturnValue:  # noqa: A002
    row = queries.get_summary(current_tenant(), id)
    if not is_shown(row.content_state):
        abort(404)
    thread = queries.get_thread(current_tenant(), row.thread_id)
    return redirect(f"{_shown_subject(thread).url}#podsumowanie-{row.id}", code=302)


@bp.get("/glos/<int(max=2147483647):id>/odpowiedzi")
@public
def replies(id: int) -> ResponseReturnValue:  # noqa: A002
    """All replies under a root: a part of the page, or a page of its own."""
    thread, root = queries.get_branch(current_tenant(), id)
    subject = _shown_subject(thread)
    template = "discussion/_replies.html" if htmx.is_htmx() else "discussion/replies.html"
    return render_template(
        template,
        thread=thread,
        root=root,
        subject=subject,
        can_reply=talk.can_write(current_tenant(), thread, current_person()),
        kind_labels=KIND_LABELS,
    )


@bp.get("/glos/<int(max=2147483647):id>/wersje")
@public
def history(id: int) -> ResponseReturnValue:  # noqa: A002
    row = queries.get_readable(current_tenant(), id)
    _, subject = _place(row)
    steps = versions.list_steps(row.tenant_id, "contribution", row.id)
    return render_template("discussion/versions.html", row=row, subject=subject, steps=steps)


# Speaking.


@bp.get("/rozmowy/<int(max=2147483647):thread_id>/glosy/nowy")
@signed_in
def write(thread_id: int) -> ResponseReturnValue:
    thread = queries.get_thread(current_tenant(), thread_id)
    return _write_page(thread, _form(thread), answered=None)


@bp.get("/glos/<int(max=2147483647):id>/odpowiedzi/nowa")
@signed_in
def write_reply(id: int) -> ResponseReturnValue:  # noqa: A002
    row = queries.get_readable(current_tenant(), id)
    thread = queries.get_thread(current_tenant(), row.thread_id)
    form = _form(thread)
    form.answers.data = row.number
    return _write_page(thread, form, answered=row)


@bp.post("/rozmowy/<int(max=2147483647):thread_id>/glosy")
@signed_in
def say(thread_id: int) -> ResponseReturnValue:
    tenant, person = current_tenant(), get_person()
    thread = queries.get_thread(tenant, thread_id)
    subject = _shown_subject(thread)
    form = _form(thread)
    valid = form.validate_on_submit()
    answered = None if form.answers.errors else queries.find_numbered(thread, form.answers.data)
    if not valid:
        return _write_page(thread, form, answered=answered, status=422)
    voice = next(v for v in form.voices if v.key == form.voice.data)
    try:
        with transaction():
            said = actions.say(
                tenant,
                thread,
                person,
                voice,
                current_actor(),
                body=form.body.data or "",
                kind=ContributionKind(form.kind.data),
                language=form.language.data,
                answers=form.answers.data,
                rules_version=form.rules_version.data if form.rules.data else None,
            )
    except Refused as refused:
        # The words stay on the page: over HTMX the form is still there, else we give it back.
        if htmx.is_htmx():
            raise
        return _write_page(thread, form, answered=answered, refusal=refused.refusal, status=409)
    if said.content_state == ContentState.HELD:
        return htmx.done(HELD, to=subject.url)
    place = url_for("discussion.contribution", id=said.id)
    return htmx.changed(
        "discussion/said.hx.html",
        SAID,
        to=place,
        thread=thread,
        said=queries.spoken(said),
        subject=subject,
        answered=answered,
        can_reply=True,
        kind_labels=KIND_LABELS,
    )


class _Form(ContributionForm):
    """The form with the names in which this person may write here."""

    voices: list[Voice]


def _form(thread: Thread) -> _Form:
    tenant, person = current_tenant(), get_person()
    form = _Form()
    form.voices = list_voices(tenant, person, consultation_id=thread.consultation_id)
    form.voice.choices = [SelectChoice(voice.key, in_words(voice.label)) for voice in form.voices]
    if not form.is_submitted():
        form.language.data = i18n.locale()
    if form.voice.data is None and len(form.voices) == 1:
        form.voice.data = form.voices[0].key
    return form


def _write_page(
    thread: Thread,
    form: _Form,
    *,
    answered: Contribution | None,
    refusal: Refusal | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    tenant, person = current_tenant(), get_person()
    subject = _shown_subject(thread)
    current, accepted = queries.current_rules_accepted(tenant, person)
    if refusal is None and status == 200:
        refusal = _refusal_now(thread, form)
    form.rules_version.data = current.version if current is not None else None
    template = "discussion/_write.html" if htmx.is_htmx() else "discussion/write.html"
    page = render_template(
        template,
        thread=thread,
        subject=subject,
        form=form,
        answered=answered,
        answered_body=answered.body if answered and queries.is_readable(answered) else None,
        refusal=refusal,
        rules_to_accept=None if accepted or current is None else current.text.splitlines(),
        writes_for_role=any(voice.capacity in actions.ROLE_OF for voice in form.voices),
    )
    return page, status


def _refusal_now(thread: Thread, form: _Form) -> Refusal | None:
    """Say before anything is typed why none of the person's names may speak here now."""
    refusal: Refusal | None = None
    for voice in form.voices:
        facts = actions.speak_facts(
            current_tenant(),
            thread,
            get_person(),
            voice,
            current_actor(),
            accepted_rules=True,
            now=clock.now(),
        )
        refusal = rules.speak_refusal(facts)
        if refusal is None:
            return None
    return refusal


# Changing one's own words.


@bp.route("/glos/<int(max=2147483647):id>/poprawka", methods=["GET", "POST"])
@signed_in
def correct(id: int) -> ResponseReturnValue:  # noqa: A002
    row, person = _own(id), get_person()
    form = CorrectionForm(body=row.body, version=str(row.version_no))
    facts = actions.own_facts(row, person, now=clock.now())
    refusal = rules.edit_refusal(facts)
    status = 200
    if form.is_submitted():
        if not form.validate():
            status = 422
        else:
            try:
                with transaction():
                    actions.correct(
                        row,
                        person,
                        body=form.body.data or "",
                        note=form.note.data or "",
                        seen_version=form.version.data or "",
                    )
                to = url_for("discussion.contribution", id=id)
                return htmx.done(N_("Zmiana zapisana."), to=to)
            except Refused as refused:
                refusal, status = refused.refusal, 409
    page = render_template(
        "discussion/correct.html",
        row=row,
        subject=_place(row)[1],
        form=form,
        refusal=refusal,
        leaves_version=rules.leaves_version(facts),
    )
    return page, status


@bp.route("/glos/<int(max=2147483647):id>/wycofanie", methods=["GET"])
@signed_in
def withdrawal(id: int) -> ResponseReturnValue:  # noqa: A002
    row = _own(id)
    refusal = rules.withdraw_refusal(actions.own_facts(row, get_person(), now=clock.now()))
    return render_template(
        "discussion/withdraw.html", row=row, subject=_place(row)[1], refusal=refusal
    )


@bp.post("/glos/<int(max=2147483647):id>/wycofanie")
@signed_in
def withdraw(id: int) -> ResponseReturnValue:  # noqa: A002
    row = _own(id)
    _, subject = _place(row)
    with transaction():
        actions.withdraw(row, get_person())
    return htmx.done(N_("Wypowiedź jest wycofana. Nikt jej już nie przeczyta."), to=subject.url)


def _own(contribution_id: int) -> Contribution:
    """Return a contribution of the signed-in person; for everyone else there is no such page."""
    row = queries.get_contribution(current_tenant(), contribution_id)
    if row.author_id != get_person().id:
        abort(404)
    return row


# Facilitating.


def _load_contribution(id: int) -> Contribution:  # noqa: A002
    return queries.get_readable(current_tenant(), id)


def _load_thread(thread_id: int) -> Thread:
    return queries.get_thread(current_tenant(), thread_id)


@bp.post("/glos/<int(max=2147483647):id>/przypiecie")
@requires(Permission.FACILITATE, on=_load_contribution)
def pin(row: Contribution) -> ResponseReturnValue:
    with transaction():
        actions.pin(row, current_actor())
    to = url_for("discussion.contribution", id=row.id)
    return htmx.done(N_("Wypowiedź jest przypięta na górze rozmowy."), to=to)


@bp.post("/glos/<int(max=2147483647):id>/przypiecie/zdjecie")
@requires(Permission.FACILITATE, on=_load_contribution)
def unpin(row: Contribution) -> ResponseReturnValue:
    with transaction():
        actions.unpin(row, current_actor())
    to = url_for("discussion.contribution", id=row.id)
    return htmx.done(N_("Wypowiedź wróciła na swoje miejsce."), to=to)


@bp.route("/rozmowy/<int(max=2147483647):thread_id>/podsumowanie", methods=["GET", "POST"])
@requires(Permission.SUMMARISE, on=_load_thread)
def summarise(thread: Thread) -> ResponseReturnValue:
    tenant, person, form = current_tenant(), get_person(), SummaryForm()
    subject = _shown_subject(thread)
    if form.validate_on_submit():
        names = list_voices(tenant, person, consultation_id=thread.consultation_id)
        voice = next((v for v in names if v.capacity is Capacity.FACILITATOR), names[0])
        with transaction():
            row = actions.summarise(
                thread,
                person,
                voice,
                current_actor(),
                agreed=form.agreed.data or "",
                disputed=form.disputed.data or "",
                language=i18n.locale(),
            )
        to = url_for("discussion.summary", id=row.id)
        return htmx.done(N_("Podsumowanie opublikowane."), to=to)
    page = render_template(
        "discussion/summarise.html",
        thread=thread,
        subject=subject,
        form=form,
        voices=queries.count_voices(thread),
    )
    return page, 422 if form.errors else 200


# The thing under which a conversation stands.


def _place(row: Contribution) -> tuple[Thread, Card]:
    thread = queries.get_thread(current_tenant(), row.thread_id)
    return thread, _shown_subject(thread)


def _shown_subject(thread: Thread) -> Card:
    """Return the card of the thing; what hides the thing hides its conversation."""
    card = registry.get_card(thread.tenant_id, thread.subject_kind, thread.subject_id)
    if not is_shown(card.state):
        abort(404)
    return card
