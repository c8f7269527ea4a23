"""The desk of a facilitator: the queue, a case, what is decided about it."""

from __future__ import annotations

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from deliberate.access.decorators import requires
from deliberate.access.roles import NAMES
from deliberate.accounts import queries as people
from deliberate.accounts.current import get_person
from deliberate.authorship.capacities import Voice, list_voices
from deliberate.authorship.models import Capacity
from deliberate.authorship.translated_rules import said
from deliberate.kernel import clock, i18n, ids
from deliberate.kernel.actor import Role, current_actor
from deliberate.kernel.db import transaction
from deliberate.kernel.htmx import done
from deliberate.kernel.refusals import Refused
from deliberate.kernel.texts import N_
from deliberate.moderation import actions, cases, offices, queries, rules, statement
from deliberate.moderation.conversation import conversation
from deliberate.moderation.forms import HideForm, LeaveForm, RestoreForm
from deliberate.moderation.models import Decision
from deliberate.moderation.permissions import Permission
from deliberate.moderation.reasons import LABELS, Reason
from deliberate.moderation.views import bp
from deliberate.moderation.views.decisions import load_decision
from deliberate.subjects import registry
from deliberate.subjects.registry import Card
from deliberate.tenancy import queries as tenancy
from deliberate.tenancy.current import current_tenant
from deliberate.tenancy.models import DiscussionRules

QUICK = (Reason.INSULT, Reason.PERSONAL_DATA)


@bp.get("/urzad/moderacja")
@requires(Permission.DECIDE, anywhere=True)
def queue() -> ResponseReturnValue:
    tenant = current_tenant()
    return render_template(
        "moderation/queue.html",
        queue=cases.load_queue(tenant.id, current_actor()),
        labels=LABELS,
        undoable=_undoable(),
    )


@bp.get("/urzad/moderacja/nastepna")
@requires(Permission.DECIDE, anywhere=True)
def following() -> ResponseReturnValue:
    """Lead to the case after the one named, or back to the queue when it was the last."""
    return redirect(_next_url(request.args.get("po")))


def _load_case(kind: str, id: int) -> cases.Case:  # noqa: A002
    """Load what people wrote; for texts of the office there is another desk."""
    if offices.answers_for(kind):
        abort(404)
    return _case_of(registry.get_card(current_tenant().id, kind, id))


def _case_of(card: Card) -> cases.Case:
    return cases.Case(card=card, notices=0, since=card.at, reason="", is_urgent=False)


@bp.get("/urzad/moderacja/<kind>/<int(max=2147483647):id>")
@requires(Permission.DECIDE, on=_load_case)
def case(found: cases.Case) -> ResponseReturnValue:
    return _case_page(found.card)


@bp.post("/urzad/moderacja/<kind>/<int(max=2147483647):id>/zostaje")
@requires(Permission.DECIDE, on=_load_case)
def leave(found: cases.Case) -> ResponseReturnValue:
    form = LeaveForm()
    if not form.validate_on_submit():
        return _case_page(found.card, leave_form=form, status=422)
    tenant, to = current_tenant(), _next_url(found.key)
    voice = _voice(found.card)
    try:
        with transaction():
            actions.leave(
                tenant,
                _reload(found.card),
                current_actor(),
                voice,
                words=form.words.data or "",
                seen=form.seen.data or "",
            )
    except Refused as refused:
        return _refused(found.card, refused, leave_form=form)
    return done(N_("Zostaje. Kto zgłosił, dostanie odpowiedź."), to=to)


@bp.post("/urzad/moderacja/<kind>/<int(max=2147483647):id>/ukrycie")
@requires(Permission.DECIDE, on=_load_case)
def hide(found: cases.Case) -> ResponseReturnValue:
    """First the preview of what the author will read; with its button the decision."""
    tenant, card, form = current_tenant(), found.card, HideForm()
    current = tenancy.current_rules(tenant)
    form.offer_rules(_rules_of(current))
    if not form.fits(card.text):
        return _case_page(card, hide_form=form, status=422)
    assert form.why is not None  # noqa: S101 - fits() looked
    voice = _voice(card)
    version = current.version if current else None
    if form.step.data != "decyzja":
        return _preview(card, form, voice, version)
    to = _next_url(found.key)
    try:
        with transaction():
            decision = actions.hide(
                tenant,
                _reload(card),
                current_actor(),
                voice,
                reason=form.why,
                rule=form.rule.data or None,
                rules_version=version,
                passage=form.passage.data or "",
                words=form.words.data or "",
                seen=form.seen.data or "",
            )
    except Refused as refused:
        return _refused(card, refused, hide_form=form)
    return done(
        N_("Ukryte. List do autorki lub autora wyjdzie za 30 sekund."), to=_with_undo(to, decision)
    )


@bp.post("/urzad/moderacja/<kind>/<int(max=2147483647):id>/przywrocenie")
@requires(Permission.DECIDE, on=_load_case)
def restore(found: cases.Case) -> ResponseReturnValue:
    form = RestoreForm()
    if not form.validate_on_submit():
        return _case_page(found.card, restore_form=form, status=422)
    voice = _voice(found.card)
    try:
        with transaction():
            decision = actions.restore(
                current_tenant(),
                _reload(found.card),
                current_actor(),
                voice,
                explanation=form.explanation.data or "",
                seen=form.seen.data or "",
            )
    except Refused as refused:
        return _refused(found.card, refused, restore_form=form)
    to = url_for("moderation.case", kind=found.card.kind, id=found.card.id)
    return done(N_("Treść jest znów widoczna."), to=_with_undo(to, decision))


@bp.post("/decyzja/<int(max=2147483647):id>/cofniecie")
@requires(Permission.DECIDE, on=load_decision)
def undo(decision: Decision) -> ResponseReturnValue:
    with transaction():
        actions.undo(current_tenant(), decision, current_actor())
    to = url_for("moderation.case", kind=decision.subject_kind, id=decision.subject_id)
    return done(N_("Decyzja cofnięta. Nikt nie dostał listu."), to=to)


# Parts.


def _case_page(
    card: Card,
    *,
    hide_form: HideForm | None = None,
    leave_form: LeaveForm | None = None,
    restore_form: RestoreForm | None = None,
    refused: Refused | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    tenant, actor = current_tenant(), current_actor()
    seen = rules.fingerprint(card.own_state, card.text)
    facts = actions.case_facts(card, actor, seen=seen)
    hide_form = hide_form or HideForm(formdata=None)
    if hide_form.rule.choices is None:
        current = tenancy.current_rules(tenant)
        hide_form.offer_rules(_rules_of(current))
    page = render_template(
        "moderation/case.html",
        card=card,
        place=cases.load_places(tenant.id, [card]).get(card.consultation_id or 0),
        near=conversation().around(card),
        notices=queries.list_open_notices(tenant.id, card.kind, card.id),
        decisions=queries.list_decisions(tenant.id, card.kind, card.id),
        hide_form=hide_form,
        leave_form=leave_form or LeaveForm(formdata=None),
        restore_form=restore_form or RestoreForm(formdata=None),
        seen=seen,
        leave_refusal=rules.leave_refusal(facts),
        hide_refusal=rules.hide_refusal(facts),
        restore_refusal=rules.restore_refusal(facts),
        refusal=refused.refusal if refused else None,
        labels=LABELS,
        quick=QUICK,
        undoable=_undoable(),
    )
    return page, status


def _preview(
    card: Card, form: HideForm, voice: Voice, rules_version: int | None
) -> ResponseReturnValue:
    """Show the letter in the language of whoever will get it, and change nothing."""
    tenant = current_tenant()
    assert form.why is not None  # noqa: S101 - fits() looked
    author = people.find_person(card.author_id)
    notices = queries.list_open_notices(tenant.id, card.kind, card.id)
    text = statement.write(
        tenant,
        card,
        restricts=True,
        passage=form.passage.data or "",
        reason=form.why,
        explanation=rules.explanation(form.why, form.words.data or ""),
        rule=form.rule.data or None,
        rules_version=rules_version,
        from_notice=bool(notices),
        who=voice.label,
        decided_by=current_actor().person_id,
    )
    language = author.locale if author else i18n.locale()
    return render_template(
        "moderation/preview.html",
        card=card,
        form=form,
        why=form.why,
        letter=i18n.render_in(language, "moderation/_statement.html", statement=text),
        letter_language=language,
        labels=LABELS,
    )


def _refused(card: Card, refused: Refused, **forms: object) -> ResponseReturnValue:
    """Say no on the case itself, with what was typed; a conflict of interest is written down."""
    if refused.refusal is rules.CONFLICT:
        with transaction():
            actions.note_conflict(card, current_actor())
    return _case_page(_reload(card), refused=refused, status=409, **forms)  # type: ignore[arg-type]


def _reload(card: Card) -> Card:
    """Return the thing as it is now: inside a transaction, facts are fresh."""
    return registry.get_card(card.tenant_id, card.kind, card.id)


def _voice(card: Card) -> Voice:
    """Return in whose name the decision is made: the one that the membership gives."""
    voices = list_voices(current_tenant(), get_person(), consultation_id=card.consultation_id)
    return next(
        (voice for voice in voices if voice.capacity is Capacity.FACILITATOR),
        Voice(
            key="facilitator",
            capacity=Capacity.FACILITATOR,
            label=NAMES[Role.FACILITATOR],
        ),
    )


def _rules_of(current: DiscussionRules | None) -> list[str]:
    """Return the rules in the facilitator's language; the number is what is stored."""
    lines = current.text.splitlines() if current else []
    return [rule.text for rule in said(lines, current_tenant())]


def _next_url(key: str | None) -> str:
    """Return where to go after a case: to the next one, or to the queue. Ask before deciding."""
    found = cases.load_queue(current_tenant().id, current_actor()).after(key)
    if found is None:
        return url_for("moderation.queue")
    return url_for("moderation.case", kind=found.card.kind, id=found.card.id)


def _with_undo(url: str, decision: Decision) -> str:
    return f"{url}?cofnij={decision.id}"


def _undoable() -> Decision | None:
    """Return the decision that the address names, while its maker may still take it back."""
    found = queries.find_decision(current_tenant(), ids.row_id(request.args.get("cofnij")))
    if found is None:
        return None
    facts = rules.UndoFacts(
        now=clock.now(),
        told_after=found.told_after,
        is_undone=found.undone_at is not None,
        is_decider=found.decided_by == current_actor().person_id,
    )
    return found if rules.undo_refusal(facts) is None else None
