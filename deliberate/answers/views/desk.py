"""The desk where answers are written, one by one or one for many, and come out together."""

from __future__ import annotations

from collections.abc import Sequence

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from deliberate.access.decorators import may, requires
from deliberate.answers import actions, queries
from deliberate.answers.forms import WHOLE_OFFICE, AnswerForm
from deliberate.answers.permissions import Permission
from deliberate.answers.views import bp
from deliberate.answers.views.common import DESK, Desk, OnDesk, done, load, load_one
from deliberate.kernel import clock
from deliberate.kernel.actor import current_actor
from deliberate.kernel.db import transaction
from deliberate.kernel.texts import N_
from deliberate.tenancy import queries as tenancy
from deliberate.tenancy.current import current_tenant

MOST_AT_ONCE = 200


@bp.get(DESK)
@requires(Permission.SEE, on=load)
def desk(desk: Desk) -> ResponseReturnValue:
    items, only_open = desk.items, request.args.get("pokaz") == "bez-stanowiska"
    lacking = [item for item in items if item.answer is None]
    return render_template(
        "answers/desk.html",
        desk=desk,
        items=lacking if only_open else items,
        only_open=only_open,
        total=len(items),
        lacking=len(lacking),
        unpublished=sum(1 for item in items if item.answer and not item.published),
        published=sum(1 for item in items if item.published),
        may_edit=may(Permission.EDIT, desk),
        may_publish=may(Permission.PUBLISH, desk),
    )


@bp.get(DESK + "/<kind>/<int(max=2147483647):subject_id>")
@requires(Permission.EDIT, on=load_one)
def edit(on_desk: OnDesk) -> ResponseReturnValue:
    answer = on_desk.item.answer
    form = AnswerForm(
        formdata=None,
        position=answer.position if answer else None,
        reason=answer.justification if answer else "",
        unit=(answer.unit_id if answer else None) or WHOLE_OFFICE,
    )
    return _edit_page(on_desk.desk, [on_desk.item], form)


@bp.post(DESK + "/<kind>/<int(max=2147483647):subject_id>")
@requires(Permission.EDIT, on=load_one)
def save(on_desk: OnDesk) -> ResponseReturnValue:
    return _save(on_desk.desk, [on_desk.item])


@bp.get(DESK + "/wspolna")
@requires(Permission.EDIT, on=load)
def together(desk: Desk) -> ResponseReturnValue:
    chosen = _chosen(desk, request.args.getlist("rzecz"))
    if not chosen:
        return redirect(url_for(".desk", slug=desk.slug))
    return _edit_page(desk, chosen, AnswerForm(formdata=None))


@bp.post(DESK + "/wspolna")
@requires(Permission.EDIT, on=load)
def save_together(desk: Desk) -> ResponseReturnValue:
    chosen = _chosen(desk, request.form.getlist("rzecz"))
    return _save(desk, chosen) if chosen else redirect(url_for(".desk", slug=desk.slug), code=303)


@bp.post(DESK + "/ogloszenie")
@requires(Permission.PUBLISH, on=load)
def publish(desk: Desk) -> ResponseReturnValue:
    with transaction():
        actions.publish_all(current_tenant(), desk.card.id, actor=current_actor(), now=clock.now())
    return done(desk, N_("Odpowiedzi są ogłoszone. Autorki i autorzy dostaną listy."))


def _save(desk: Desk, items: Sequence[queries.Item]) -> ResponseReturnValue:
    tenant = current_tenant()
    form = AnswerForm().offer(tenant.office_name, tenancy.list_units(tenant))
    if not form.validate_on_submit():
        return _edit_page(desk, items, form, code=422)
    with transaction():
        actions.save(
            tenant,
            [item.card for item in items],
            position=form.chosen,
            reason=form.reason.data,
            unit_id=form.unit_id,
            actor=current_actor(),
            now=clock.now(),
        )
    return done(desk, N_("Odpowiedź zapisana jako szkic. Nie widzi jej nikt poza urzędem."))


def _chosen(desk: Desk, wanted: Sequence[str]) -> list[queries.Item]:
    """Return the ticked things that can still be answered; what is unknown is passed over."""
    names = set(wanted[:MOST_AT_ONCE])
    return [
        item
        for item in desk.items
        if f"{item.card.kind}:{item.card.id}" in names and item.published is None
    ]


def _edit_page(
    desk: Desk, items: Sequence[queries.Item], form: AnswerForm, *, code: int = 200
) -> ResponseReturnValue:
    tenant = current_tenant()
    form.offer(tenant.office_name, tenancy.list_units(tenant))
    return render_template("answers/edit.html", desk=desk, items=items, form=form), code
