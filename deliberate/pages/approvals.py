"""The second person's pages: one request with its preview and one button, and the inbox."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from flask import Blueprint, Flask, abort, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import TextAreaField

from deliberate.access.decorators import holds, refuse, requires
from deliberate.accounts import staff
from deliberate.accounts.models import Person
from deliberate.approvals import actions, queries, registry, rules
from deliberate.approvals.models import Approval
from deliberate.approvals.permissions import Permission
from deliberate.kernel import clock, forms, htmx
from deliberate.kernel.actor import current_actor
from deliberate.kernel.db import db, transaction
from deliberate.kernel.texts import N_
from deliberate.notifications.actions import must_tell
from deliberate.notifications.links import absolute
from deliberate.subjects.registry import kinds
from deliberate.tenancy.current import current_tenant
from deliberate.tenancy.models import Municipality

bp = Blueprint("approvals", __name__)


class DecisionForm(forms.Form):
    """The one button; its token guards it."""


class ReturnForm(forms.Form):
    reason: TextAreaField = forms.text(
        N_("Co trzeba poprawić"), longest=1000, shortest=rules.SHORTEST_REASON
    )


def install(app: Flask) -> None:
    registry.register_herald(app, write_to_the_asked)


def _approval(token: str) -> Approval:
    approval = queries.get_approval(current_tenant().id, token)
    if not _may_decide(approval):
        refuse(registry.get_act(approval.act).permission)
    return approval


def _may_decide(approval: Approval) -> bool:
    return holds(current_actor(), registry.get_act(approval.act).permission, on=approval)


@bp.get("/urzad/zatwierdzenia")
@requires(Permission.OPEN)
def inbox() -> ResponseReturnValue:
    tenant, now = current_tenant(), clock.now()
    waiting = [row for row in queries.list_open(tenant.id, now) if _may_decide(row)]
    decided = [row for row in queries.list_decided(tenant.id) if _may_decide(row)]
    people = {
        p for row in (*waiting, *decided) for p in (row.asked_by, row.asked_of, row.decided_by)
    }
    return render_template(
        "approvals/inbox.html",
        waiting=[(row, registry.get_act(row.act).describe(tenant, row)) for row in waiting],
        decided=[(row, registry.get_act(row.act)) for row in decided],
        titles=_list_titles(tenant, decided),
        names=staff.list_names(people),
    )


@bp.get("/zatwierdzanie/<token>")
@requires(Permission.OPEN, on=_approval)
def show(approval: Approval) -> ResponseReturnValue:
    return _page(approval, ReturnForm(formdata=None))


@bp.post("/zatwierdzanie/<token>/zgoda")
@requires(Permission.OPEN, on=_approval)
def approve(approval: Approval) -> ResponseReturnValue:
    if not DecisionForm().validate_on_submit():
        abort(400)
    tenant, actor = current_tenant(), current_actor()
    with transaction():
        actions.approve(
            tenant,
            approval,
            actor,
            stands_in_for=_stood_in_for(tenant, approval),
            now=clock.now(),
        )
    return htmx.done(N_("Zatwierdzone."), to=url_for("approvals.show", token=approval.token))


@bp.post("/zatwierdzanie/<token>/odeslanie")
@requires(Permission.OPEN, on=_approval)
def send_back(approval: Approval) -> ResponseReturnValue:
    form = ReturnForm()
    if not form.validate_on_submit():
        return _page(approval, form), 422
    tenant, actor = current_tenant(), current_actor()
    with transaction():
        actions.send_back(
            tenant,
            approval,
            actor,
            form.reason.data,
            stands_in_for=_stood_in_for(tenant, approval),
            now=clock.now(),
        )
    return htmx.done(N_("Odesłane do poprawy."), to=url_for("approvals.show", token=approval.token))


def write_to_the_asked(approval: Approval) -> None:
    """Write to the one who is named and their substitutes, or to all who may approve here."""
    tenant = db.session.get_one(Municipality, approval.tenant_id)
    act = registry.get_act(approval.act)
    page = act.describe(tenant, approval)
    for person in _list_asked(tenant, approval):
        if person.email is not None:
            must_tell(
                person.email,
                tenant=tenant,
                locale=person.locale,
                kind="approval",
                subject=N_("Prośba o zatwierdzenie: %(title)s"),
                template="approvals/asked",
                values={
                    "title": page.title,
                    "lead": page.lead,
                    "act": act.label,
                    "asker": staff.list_names({approval.asked_by})[approval.asked_by],
                    "note": approval.note,
                    "expires_at": approval.expires_at,
                    "url": absolute(tenant, "approvals.show", token=approval.token),
                },
                person_id=person.id,
                dedupe=f"approval:{approval.id}:{person.id}",
            )


def _list_titles(tenant: Municipality, rows: Iterable[Approval]) -> dict[tuple[str, int], str]:
    """Return what was decided about, by kind and id, in one query a kind."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for row in rows:
        wanted[row.subject_kind].add(row.subject_id)
    return {
        (kind.key, card.id): card.title
        for kind in kinds().values()
        if kind.key in wanted
        for card in kind.load_many(tenant.id, sorted(wanted[kind.key]))
    }


def _list_asked(tenant: Municipality, approval: Approval) -> list[Person]:
    now, scope, asker = approval.asked_at, approval.consultation_scope, approval.asked_by
    permission = registry.get_act(approval.act).permission
    if approval.asked_of is None:
        holders = staff.list_with_permission(tenant, permission, now, scope=scope, besides=asker)
        return [holder for holder in holders if not approval.concerns(holder.id)]
    named = db.session.get_one(Person, approval.asked_of)
    substitutes = staff.list_substitutes(
        tenant, named.id, permission, scope=scope, now=now, besides=asker
    )
    return [named, *substitutes]


def _page(approval: Approval, form: ReturnForm) -> str:
    tenant, actor = current_tenant(), current_actor()
    act = registry.get_act(approval.act)
    facts = actions.gather(
        tenant, approval, actor, stands_in_for=_stood_in_for(tenant, approval), now=clock.now()
    )
    page = act.describe(tenant, approval)
    return render_template(
        "approvals/show.html",
        approval=approval,
        act=act,
        page=page,
        form=form,
        refusal=rules.approval_refusal(facts),
        return_refusal=rules.return_refusal(facts),
        names=staff.list_names({approval.asked_by, approval.asked_of, approval.decided_by}),
        **page.context,
    )


def _stood_in_for(tenant: Municipality, approval: Approval) -> set[int]:
    person_id = current_actor().person_id
    if person_id is None:
        return set()
    return staff.list_stood_in_for(
        tenant,
        person_id,
        registry.get_act(approval.act).permission,
        scope=approval.consultation_scope,
        now=clock.now(),
    )
