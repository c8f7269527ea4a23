"""The desk where answers are written, and the public page of what became of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from deliberate.access.decorators import may, public, requires
from deliberate.accounts.current import get_person
from deliberate.answers import actions, exports, queries, rules
from deliberate.answers.forms import WHOLE_OFFICE, AnswerForm, Press, TableForm
from deliberate.answers.notices import anchor
from deliberate.answers.permissions import Permission
from deliberate.answers.positions import Position
from deliberate.authorship import drafts
from deliberate.kernel import clock, htmx
from deliberate.kernel.actor import current_actor
from deliberate.kernel.db import transaction
from deliberate.kernel.prose import clean
from deliberate.kernel.refusals import Refused
from deliberate.kernel.sheets import BadTable, read_table
from deliberate.kernel.texts import N_
from deliberate.subjects import registry
from deliberate.subjects.registry import Card
from deliberate.subjects.states import is_shown
from deliberate.tenancy import queries as tenancy
from deliberate.tenancy.current import current_tenant

bp = Blueprint("answers", __name__)

DESK = "/urzad/konsultacje/<slug>/odpowiedzi"
KIND = "consultation"
DRAFT = "answers_table"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_AT_ONCE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The consultation whose answers are written, as its card."""

    card: Card

    @property
    def consultation_scope(self) -> int:
        return self.card.id

    @property
    def slug(self) -> str:
        return self.card.name

    @property
    def items(self) -> list[queries.Item]:
        return queries.list_items(self.card.tenant_id, self.card.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class OnDesk:
    """One thing of the consultation, with its answer so far."""

    desk: Desk
    item: queries.Item

    @property
    def consultation_scope(self) -> int:
        return self.desk.consultation_scope


def load(slug: str) -> Desk:
    """Load for @requires: any state, through the municipality."""
    return Desk(card=registry.get_named(current_tenant().id, KIND, slug))


def load_one(slug: str, kind: str, subject_id: int) -> OnDesk:
    desk = load(slug)
    named = (item for item in desk.items if (item.card.kind, item.card.id) == (kind, subject_id))
    item = next(named, None) or abort(404)
    return OnDesk(desk=desk, item=item)


@bp.get("/konsultacje/<slug>/wynik")
@public
def outcome(slug: str) -> ResponseReturnValue:
    tenant = current_tenant()
    card = registry.get_named(tenant.id, KIND, slug)
    if not is_shown(card.state):
        abort(404)
    found = queries.outcome(tenant.id, card.id)
    today = clock.local(clock.now()).date()
    return render_template(
        "answers/outcome.html",
        card=card,
        outcome=found,
        anchor=anchor,
        late=rules.days_late(found.due, today, is_complete=found.is_complete),
    )


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
    return _done(desk, N_("Odpowiedzi są ogłoszone. Autorki i autorzy dostaną listy."))


# The table, out and in.


@bp.get(DESK + "/tabela.csv")
@requires(Permission.SEE, on=load)
def table_csv(desk: Desk) -> ResponseReturnValue:
    data = exports.table_csv(desk.items, tenancy.list_units(current_tenant()))
    return data, 200, _download(desk, "csv", "text/csv; charset=utf-8")


@bp.get(DESK + "/tabela.xlsx")
@requires(Permission.SEE, on=load)
def table_xlsx(desk: Desk) -> ResponseReturnValue:
    data = exports.table_xlsx(desk.items, tenancy.list_units(current_tenant()))
    return data, 200, _download(desk, "xlsx", XLSX)


@bp.get(DESK + "/tabela")
@requires(Permission.EDIT, on=load)
def table(desk: Desk) -> ResponseReturnValue:
    kept = drafts.find(desk.card.tenant_id, get_person().id, DRAFT, _place(desk))
    return _table_page(desk, TableForm(formdata=None), lines=_kept_lines(kept))


@bp.post(DESK + "/tabela")
@requires(Permission.EDIT, on=load)
def read(desk: Desk) -> ResponseReturnValue:
    """Read a table and keep what it would do until it is confirmed; nothing else changes."""
    form = TableForm()
    if not form.validate_on_submit():
        return _table_page(desk, form, code=422)
    with form.table.data.stream as upload:
        data = upload.read()
    try:
        sheet = read_table(data, form.table.data.filename or "")
    except BadTable as bad:
        remark = rules.Remark(text=bad.message, values=bad.values)
        return _table_page(desk, form, remarks=[remark], code=422)
    rows = [[clean(cell).strip() for cell in row] for row in sheet.rows]
    report = rules.check_table(sheet.header, rows, sheet.numbers, _known(desk))
    if report.remarks:
        return _table_page(desk, form, remarks=report.remarks, code=422)
    with transaction():
        drafts.save(
            desk.card.tenant_id,
            get_person().id,
            DRAFT,
            _place(desk),
            {"lines": _as_text(report.lines)},
            at=clock.now(),
        )
    return redirect(url_for(".table", slug=desk.slug), code=303)


@bp.post(DESK + "/tabela/zapis")
@requires(Permission.EDIT, on=load)
def confirm(desk: Desk) -> ResponseReturnValue:
    """Save the table that was looked at: all of it, or nothing."""
    person = get_person()
    with transaction():
        kept = drafts.find(desk.card.tenant_id, person.id, DRAFT, _place(desk))
        lines = _kept_lines(kept)
        if not lines:
            raise Refused(rules.CHANGED)
        items = {item.number: item for item in desk.items}
        actions.save_lines(current_tenant(), items, lines, actor=current_actor(), now=clock.now())
        drafts.drop(desk.card.tenant_id, person.id, DRAFT, _place(desk))
    return _done(desk, N_("Tabela zapisana. Odpowiedzi są szkicami, dopóki ich nie ogłosicie."))


@bp.post(DESK + "/tabela/porzucenie")
@requires(Permission.EDIT, on=load)
def drop(desk: Desk) -> ResponseReturnValue:
    with transaction():
        drafts.drop(desk.card.tenant_id, get_person().id, DRAFT, _place(desk))
    return _done(desk, N_("Tabela porzucona. Nic się nie zmieniło."))


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
    return _done(desk, N_("Odpowiedź zapisana jako szkic. Nie widzi jej nikt poza urzędem."))


def _chosen(desk: Desk, wanted: Sequence[str]) -> list[queries.Item]:
    """Return the ticked things that can still be answered; what is unknown is passed over."""
    names = set(wanted[:MOST_AT_ONCE])
    return [
        item
        for item in desk.items
        if f"{item.card.kind}:{item.card.id}" in names and item.published is None
    ]


def _known(desk: Desk) -> rules.Known:
    items = desk.items
    return rules.Known(
        open_numbers=frozenset(item.number for item in items if item.published is None),
        published_numbers=frozenset(item.number for item in items if item.published),
        units={unit.name: unit.id for unit in tenancy.list_units(current_tenant())},
    )


def _edit_page(
    desk: Desk, items: Sequence[queries.Item], form: AnswerForm, *, code: int = 200
) -> ResponseReturnValue:
    tenant = current_tenant()
    form.offer(tenant.office_name, tenancy.list_units(tenant))
    return render_template("answers/edit.html", desk=desk, items=items, form=form), code


def _table_page(
    desk: Desk,
    form: TableForm,
    *,
    lines: Sequence[rules.Line] = (),
    remarks: Sequence[rules.Remark] = (),
    code: int = 200,
) -> ResponseReturnValue:
    items = {item.number: item for item in desk.items}
    rendered = render_template(
        "answers/table.html",
        desk=desk,
        form=form,
        press=Press(formdata=None),
        lines=[(line, items[line.number]) for line in lines if line.number in items],
        remarks=remarks,
        columns=rules.COLUMNS,
    )
    return rendered, code


def _place(desk: Desk) -> str:
    return f"consultation:{desk.card.id}"


def _as_text(lines: Sequence[rules.Line]) -> str:
    return json.dumps(
        [[line.row, line.number, line.position, line.reason, line.unit_id] for line in lines],
        ensure_ascii=False,
    )


def _kept_lines(kept: dict[str, str] | None) -> list[rules.Line]:
    return [
        rules.Line(
            row=row, number=number, position=Position(position), reason=reason, unit_id=unit_id
        )
        for row, number, position, reason, unit_id in json.loads(kept["lines"] if kept else "[]")
    ]


def _download(desk: Desk, ending: str, media_type: str) -> dict[str, str]:
    name = f"odpowiedzi-{desk.slug}.{ending}"
    return {
        "Content-Type": media_type,
        "Content-Disposition": f'attachment; filename="{name}"',
    }


def _done(desk: Desk, status: str) -> ResponseReturnValue:
    return htmx.done(status, to=url_for(".desk", slug=desk.slug))
