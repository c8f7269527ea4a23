"""The desk where answers are written, one by one or one for many, and come out together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from deliberate.access.decorators import may, requires
from deliberate.answers import actions, changes, queries
from deliberate.answers.actions import Work
from deliberate.answers.forms import AS_IT_IS, WHOLE_OFFICE, AnswerForm, AssignForm
from deliberate.answers.permissions import Permission
from deliberate.answers.rules.answers import MEANWHILE
from deliberate.answers.views import bp
from deliberate.answers.views.common import DESK, Desk, Narrowing, OnDesk, done, load, load_one
from deliberate.kernel import clock
from deliberate.kernel.actor import current_actor
from deliberate.kernel.db import transaction
from deliberate.kernel.pagination import PageOf, page_number
from deliberate.kernel.refusals import Refused
from deliberate.kernel.texts import N_
from deliberate.tenancy import queries as tenancy
from deliberate.tenancy.current import current_tenant

MOST_AT_ONCE = 200  # ticks; one tick may stand for all letters that say the same
ON_A_PAGE = 50
LACKING_SHOWN = 10
ALIKE = "jednakowe:"  # of a tick that stands for all letters that say the same


@bp.get(DESK)
@requires(Permission.SEE, on=load)
def desk(desk: Desk) -> ResponseReturnValue:
    items, narrowing = desk.items, Narrowing.of_request()
    found = [item for item in items if narrowing.holds(item)]
    number = min(page_number(request.args.get("strona")), max(1, -(-len(found) // ON_A_PAGE)))
    shown = found[(number - 1) * ON_A_PAGE : number * ON_A_PAGE]
    lacking = [item for item in items if item.answer is None]
    units = tenancy.list_units(current_tenant())
    return render_template(
        "answers/desk.html",
        desk=desk,
        page=PageOf(items=shown, number=number, total=len(found), per_page=ON_A_PAGE),
        narrowing=narrowing,
        alike=_alike(items, shown),
        total=len(items),
        lacking=lacking,
        lacking_shown=lacking[:LACKING_SHOWN],
        unpublished=sum(1 for item in items if item.answer and not item.published),
        published=sum(1 for item in items if item.published),
        units=units,
        unit_names={unit.id: unit.name for unit in units},
        themes=sorted({item.theme for item in items if item.theme}),
        changing=changes.list_waiting(desk.card.tenant_id, desk.card.id),
        may_edit=may(Permission.EDIT, desk),
        may_publish=may(Permission.PUBLISH, desk),
    )


@bp.get(DESK + "/<kind>/<int(max=2147483647):subject_id>")
@requires(Permission.EDIT, on=load_one)
def edit(on_desk: OnDesk) -> ResponseReturnValue:
    item = on_desk.item
    form = AnswerForm(
        formdata=None,
        position=item.answer.position if item.answer else None,
        reason=item.answer.justification if item.answer else "",
        unit=item.unit_id or WHOLE_OFFICE,
        seen=_marks([item]),
    )
    return _edit_page(on_desk.desk, [item], form)


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
    units = {item.unit_id for item in chosen}
    unit = (units.pop() if len(units) == 1 else None) or WHOLE_OFFICE
    form = AnswerForm(formdata=None, seen=_marks(chosen), unit=unit)
    return _edit_page(desk, chosen, form)


@bp.post(DESK + "/wspolna")
@requires(Permission.EDIT, on=load)
def save_together(desk: Desk) -> ResponseReturnValue:
    chosen = _chosen(desk, request.form.getlist("rzecz"))
    return _save(desk, chosen) if chosen else redirect(url_for(".desk", slug=desk.slug), code=303)


@bp.get(DESK + "/przydzial")
@requires(Permission.EDIT, on=load)
def assignment(desk: Desk) -> ResponseReturnValue:
    """Say who prepares the answers to what was ticked."""
    chosen = _chosen(desk, request.args.getlist("rzecz"))
    if not chosen:
        return redirect(url_for(".desk", slug=desk.slug))
    units, themes = {item.unit_id for item in chosen}, {item.theme for item in chosen}
    form = AssignForm(
        formdata=None,
        unit=(units.pop() or AS_IT_IS) if len(units) == 1 else AS_IT_IS,
        theme=themes.pop() if len(themes) == 1 else "",
    )
    return _assign_page(desk, chosen, form)


@bp.post(DESK + "/przydzial")
@requires(Permission.EDIT, on=load)
def assign(desk: Desk) -> ResponseReturnValue:
    tenant = current_tenant()
    chosen = _chosen(desk, request.form.getlist("rzecz"))
    if not chosen:
        return redirect(url_for(".desk", slug=desk.slug), code=303)
    form = AssignForm().offer(tenancy.list_units(tenant))
    if not form.validate_on_submit():
        return _assign_page(desk, chosen, form, code=422)
    work = Work(
        unit_id=form.unit.data or None,
        theme=form.said_theme,
        sets_unit=form.sets_unit,
        sets_theme=form.sets_theme,
    )
    with transaction():
        cards = [item.card for item in chosen]
        actions.assign(tenant, cards, work, actor=current_actor(), now=clock.now())
    return done(desk, N_("Przydział zapisany."))


@bp.post(DESK + "/ogloszenie")
@requires(Permission.PUBLISH, on=load)
def publish(desk: Desk) -> ResponseReturnValue:
    with transaction():
        actions.publish_all(current_tenant(), desk.card.id, actor=current_actor(), now=clock.now())
    return done(desk, N_("Odpowiedzi są ogłoszone. Autorki i autorzy dostaną listy."))


def _save(desk: Desk, items: Sequence[queries.Item]) -> ResponseReturnValue:
    tenant = current_tenant()
    kinds = [item.card.kind for item in items]
    form = AnswerForm().offer(tenant.office_name, tenancy.list_units(tenant), kinds)
    if not form.validate_on_submit():
        return _edit_page(desk, items, form, code=422)
    try:
        with transaction():
            actions.save(
                tenant,
                [item.card for item in items],
                position=form.chosen,
                reason=form.reason.data,
                unit_id=form.unit_id,
                actor=current_actor(),
                now=clock.now(),
                seen=_seen(form.seen.data),
            )
    except Refused as refused:
        if refused.refusal is not MEANWHILE:
            raise
        form.seen.data = _marks(items)  # as read now: saving once more is meant
        return _edit_page(desk, items, form, meanwhile=True, code=409)
    return done(desk, N_("Odpowiedź zapisana jako szkic. Nie widzi jej nikt poza urzędem."))


def _chosen(desk: Desk, wanted: Sequence[str]) -> list[queries.Item]:
    """Return the ticked things that can still be answered; what is unknown is passed over."""
    names = set(wanted[:MOST_AT_ONCE])
    return [
        item
        for item in desk.items
        if item.published is None
        and (
            f"{item.card.kind}:{item.card.id}" in names
            or (item.card.same_as and f"{ALIKE}{item.card.same_as}" in names)
        )
    ]


def _alike(
    items: Sequence[queries.Item], shown: Sequence[queries.Item]
) -> list[tuple[queries.Item, int]]:
    """Return the first of each letters on the page that say the same, and how many they are."""
    counted = Counter(item.card.same_as for item in items if item.published is None)
    first: dict[str, queries.Item] = {}
    for item in shown:
        if item.published is None and item.card.same_as and counted[item.card.same_as] > 1:
            first.setdefault(item.card.same_as, item)
    return [(item, counted[same]) for same, item in first.items()]


def _marks(items: Sequence[queries.Item]) -> str:
    """Return what the page remembers of the answers that stand there: "proposal:7=4f0c9a2b"."""
    return " ".join(
        f"{item.card.kind}:{item.card.id}={actions.mark_of(item.answer)}" for item in items
    )


def _seen(text: str | None) -> Mapping[queries.Key, str] | None:
    if not text:
        return None
    seen: dict[queries.Key, str] = {}
    for pair in text.split():
        name, _, mark = pair.partition("=")
        kind, _, subject_id = name.partition(":")
        if subject_id.isascii() and subject_id.isdigit():
            seen[kind, int(subject_id)] = mark
    return seen


def _edit_page(
    desk: Desk,
    items: Sequence[queries.Item],
    form: AnswerForm,
    *,
    meanwhile: bool = False,
    code: int = 200,
) -> ResponseReturnValue:
    tenant = current_tenant()
    units = tenancy.list_units(tenant)
    form.offer(tenant.office_name, units, [item.card.kind for item in items])
    rendered = render_template(
        "answers/edit.html", desk=desk, items=items, form=form, meanwhile=meanwhile
    )
    return rendered, code


def _assign_page(
    desk: Desk, items: Sequence[queries.Item], form: AssignForm, *, code: int = 200
) -> ResponseReturnValue:
    form.offer(tenancy.list_units(current_tenant()))
    themes = sorted({item.theme for item in desk.items if item.theme})
    rendered = render_template(
        "answers/assign.html", desk=desk, items=items, form=form, themes=themes
    )
    return rendered, code
