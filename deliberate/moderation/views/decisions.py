"""Decisions: one for its author, the list of them for whoever reviews, and overturning."""

from __future__ import annotations

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from deliberate.access.decorators import holds, requires, signed_in
from deliberate.access.roles import NAMES
from deliberate.accounts.current import get_person
from deliberate.authorship.capacities import Voice
from deliberate.authorship.models import Capacity
from deliberate.kernel.actor import Role, current_actor
from deliberate.kernel.db import transaction
from deliberate.kernel.htmx import done
from deliberate.kernel.pagination import page_number
from deliberate.kernel.refusals import Refusal, Refused
from deliberate.kernel.texts import N_
from deliberate.moderation import actions, cases, queries, rules, statement
from deliberate.moderation.forms import RestoreForm
from deliberate.moderation.models import Decision
from deliberate.moderation.permissions import Permission
from deliberate.moderation.reasons import LABELS
from deliberate.moderation.views import bp
from deliberate.subjects import registry
from deliberate.subjects.states import is_shown
from deliberate.tenancy.current import current_tenant

READERS = (Permission.DECIDE, Permission.REVIEW)


def load_decision(id: int) -> Decision:  # noqa: A002 - the name in the address
    return queries.get_decision(current_tenant(), id)


@bp.get("/decyzja/<int(max=2147483647):id>")
@signed_in
def decision(id: int) -> ResponseReturnValue:  # noqa: A002
    row, actor = load_decision(id), current_actor()
    theirs = row.author_id is not None and row.author_id == get_person().id
    if not (theirs or any(holds(actor, permission, on=row) for permission in READERS)):
        abort(404)
    return _page(row)


# The desk of whoever hears objections.


@bp.get("/urzad/moderacja/decyzje")
@requires(Permission.REVIEW, anywhere=True)
def reviews() -> ResponseReturnValue:
    """List what is hidden now where this person hears objections."""
    tenant = current_tenant()
    scope = cases.scope_of(current_actor(), Permission.REVIEW)
    page = queries.list_hidden(tenant, scope, page_number(request.args.get("strona")))
    return render_template(
        "moderation/reviews.html",
        page=page,
        places=cases.titles_of(tenant.id, {row.consultation_id for row in page.items}),
        labels=LABELS,
    )


@bp.post("/decyzja/<int(max=2147483647):id>/uchylenie")
@requires(Permission.REVIEW, on=load_decision)
def overturn(row: Decision) -> ResponseReturnValue:
    form = RestoreForm()
    if not form.validate_on_submit():
        return _page(row, form, status=422)
    tenant = current_tenant()
    try:
        with transaction():
            actions.overturn(
                tenant,
                row,
                registry.get_card(tenant.id, row.subject_kind, row.subject_id),
                current_actor(),
                Voice(key="reviewer", capacity=Capacity.FACILITATOR, label=NAMES[Role.REVIEWER]),
                explanation=form.explanation.data or "",
                seen=form.seen.data or "",
            )
    except Refused as refused:
        return _page(row, form, refusal=refused.refusal, status=409)
    return done(N_("Treść jest znów widoczna."), to=url_for("moderation.reviews"))


def _page(
    row: Decision,
    form: RestoreForm | None = None,
    *,
    refusal: Refusal | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    tenant, actor = current_tenant(), current_actor()
    card = registry.get_card(tenant.id, row.subject_kind, row.subject_id)
    seen = rules.fingerprint(card.own_state, card.text)
    is_hidden = not is_shown(row.to_state) and not is_shown(card.own_state)
    may_review = is_hidden and row.undone_at is None and holds(actor, Permission.REVIEW, on=row)
    why_not = None
    if may_review:
        facts = actions.case_facts(card, actor, seen=seen)
        why_not = rules.review_refusal(facts, decided=row.decided_by == actor.person_id)
    page = render_template(
        "moderation/decision.html",
        decision=row,
        card=card,
        statement=statement.of_decision(tenant, row, card),
        may_review=may_review,
        why_not=why_not,
        form=form or RestoreForm(formdata=None),
        seen=seen,
        refusal=refusal,
    )
    return page, status
