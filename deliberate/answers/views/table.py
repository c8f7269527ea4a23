"""The table of answers, out and in; what comes in is looked at before it is saved."""

from __future__ import annotations

import json
from collections.abc import Sequence

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from deliberate.access.decorators import requires
from deliberate.accounts.current import get_person
from deliberate.answers import actions, exports
from deliberate.answers.forms import Press, TableForm
from deliberate.answers.permissions import Permission
from deliberate.answers.positions import Position
from deliberate.answers.rules.answers import CHANGED
from deliberate.answers.rules.tables import COLUMNS, Known, Line, Remark, check_table
from deliberate.answers.views import bp
from deliberate.answers.views.common import DESK, Desk, done, load
from deliberate.authorship import drafts
from deliberate.kernel import clock
from deliberate.kernel.actor import current_actor
from deliberate.kernel.db import transaction
from deliberate.kernel.prose import clean
from deliberate.kernel.refusals import Refused
from deliberate.kernel.sheets import BadTable, read_table
from deliberate.kernel.texts import N_
from deliberate.tenancy import queries as tenancy
from deliberate.tenancy.current import current_tenant

DRAFT = "answers_table"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


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
        remark = Remark(text=bad.message, values=bad.values)
        return _table_page(desk, form, remarks=[remark], code=422)
    rows = [[clean(cell).strip() for cell in row] for row in sheet.rows]
    report = check_table(sheet.header, rows, sheet.numbers, _known(desk))
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
            raise Refused(CHANGED)
        items = {item.number: item for item in desk.items}
        actions.save_lines(current_tenant(), items, lines, actor=current_actor(), now=clock.now())
        drafts.drop(desk.card.tenant_id, person.id, DRAFT, _place(desk))
    return done(desk, N_("Tabela zapisana. Odpowiedzi są szkicami, dopóki ich nie ogłosicie."))


@bp.post(DESK + "/tabela/porzucenie")
@requires(Permission.EDIT, on=load)
def drop(desk: Desk) -> ResponseReturnValue:
    with transaction():
        drafts.drop(desk.card.tenant_id, get_person().id, DRAFT, _place(desk))
    return done(desk, N_("Tabela porzucona. Nic się nie zmieniło."))


def _known(desk: Desk) -> Known:
    items = desk.items
    return Known(
        open_numbers=frozenset(item.number for item in items if item.published is None),
        published_numbers=frozenset(item.number for item in items if item.published),
        units={unit.name: unit.id for unit in tenancy.list_units(current_tenant())},
    )


def _table_page(
    desk: Desk,
    form: TableForm,
    *,
    lines: Sequence[Line] = (),
    remarks: Sequence[Remark] = (),
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
        columns=COLUMNS,
    )
    return rendered, code


def _place(desk: Desk) -> str:
    return f"consultation:{desk.card.id}"


def _as_text(lines: Sequence[Line]) -> str:
    return json.dumps(
        [[line.row, line.number, line.position, line.reason, line.unit_id] for line in lines],
        ensure_ascii=False,
    )


def _kept_lines(kept: dict[str, str] | None) -> list[Line]:
    return [
        Line(row=row, number=number, position=Position(position), reason=reason, unit_id=unit_id)
        for row, number, position, reason, unit_id in json.loads(kept["lines"] if kept else "[]")
    ]


def _download(desk: Desk, ending: str, media_type: str) -> dict[str, str]:
    name = f"odpowiedzi-{desk.slug}.{ending}"
    return {
        "Content-Type": media_type,
        "Content-Disposition": f'attachment; filename="{name}"',
    }
