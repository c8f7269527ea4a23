"""The table of answers, out and in; what comes in is looked at before it is saved."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import PurePosixPath

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from deliberate.access.decorators import requires
from deliberate.accounts.current import get_person
from deliberate.answers import actions, exports, positions, queries
from deliberate.answers.forms import ConfirmForm, Press, TableForm
from deliberate.answers.permissions import Permission
from deliberate.answers.rules import tables
from deliberate.answers.rules.answers import CHANGED, SHORTEST_REASON
from deliberate.answers.rules.tables import Known, Remark, Report, ThingKey, Verdict
from deliberate.answers.views import bp
from deliberate.answers.views.common import DESK, Desk, Narrowing, done, load
from deliberate.authorship import drafts
from deliberate.kernel import clock
from deliberate.kernel.actor import current_actor
from deliberate.kernel.db import transaction
from deliberate.kernel.i18n import say
from deliberate.kernel.incoming import read_docx, read_table
from deliberate.kernel.prose import clean
from deliberate.kernel.refusals import Refused
from deliberate.kernel.sheets import BadTable, Table
from deliberate.kernel.texts import N_
from deliberate.kernel.urls import slugify
from deliberate.tenancy import queries as tenancy
from deliberate.tenancy.current import current_tenant
from deliberate.tenancy.models import OrgUnit

DRAFT = "answers_table"
OFFICE = "application/vnd.openxmlformats-officedocument"
MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": f"{OFFICE}.spreadsheetml.sheet",
    "docx": f"{OFFICE}.wordprocessingml.document",
}


@bp.get(DESK + "/tabela.csv")
@requires(Permission.SEE, on=load)
def table_csv(desk: Desk) -> ResponseReturnValue:
    items, units, narrowing = _narrowed(desk)
    data = exports.table_csv(items, units, seal=desk.seal, scope=narrowing.scope)
    return data, 200, _download(desk, "csv", narrowing)


@bp.get(DESK + "/tabela.xlsx")
@requires(Permission.SEE, on=load)
def table_xlsx(desk: Desk) -> ResponseReturnValue:
    items, units, narrowing = _narrowed(desk)
    data = exports.table_xlsx(items, units, seal=desk.seal, scope=narrowing.scope)
    return data, 200, _download(desk, "xlsx", narrowing)


@bp.get(DESK + "/tabela.docx")
@requires(Permission.SEE, on=load)
def table_docx(desk: Desk) -> ResponseReturnValue:
    items, units, narrowing = _narrowed(desk)
    data = exports.table_docx(desk.card.title, items, units, seal=desk.seal, scope=narrowing.scope)
    return data, 200, _download(desk, "docx", narrowing)


@bp.get(DESK + "/tabela")
@requires(Permission.EDIT, on=load)
def table(desk: Desk) -> ResponseReturnValue:
    kept = drafts.find(desk.card.tenant_id, get_person().id, DRAFT, _place(desk))
    items = desk.items
    report = _report(desk, items, kept)
    return _table_page(desk, TableForm(formdata=None), report, items=items)


@bp.post(DESK + "/tabela")
@requires(Permission.EDIT, on=load)
def read(desk: Desk) -> ResponseReturnValue:
    """Read a table and keep it until what it would do is confirmed; nothing else changes."""
    form = TableForm()
    if not form.validate_on_submit():
        return _table_page(desk, form, None, code=422)
    with form.table.data.stream as upload:
        data = upload.read()
    try:
        sheet = _read(data, form.table.data.filename or "")
    except BadTable as bad:
        fault = Remark(text=bad.message, values=bad.values)
        return _table_page(desk, form, Report(faults=(fault,)), code=422)
    rows = [[clean(cell).strip() for cell in row] for row in sheet.rows]
    report = tables.check_header(sheet.header)
    kept = {
        "rows": json.dumps(tables.reduced(sheet.header, rows), ensure_ascii=False),
        "numbers": json.dumps(sheet.numbers),
    }
    if not report.remarks:
        report = _report(desk, desk.items, kept) or report
    if report.remarks:
        return _table_page(desk, form, report, code=422)
    with transaction():
        person = get_person()
        drafts.save(desk.card.tenant_id, person.id, DRAFT, _place(desk), kept, at=clock.now())
    return redirect(url_for(".table", slug=desk.slug), code=303)


@bp.post(DESK + "/tabela/zapis")
@requires(Permission.EDIT, on=load)
def confirm(desk: Desk) -> ResponseReturnValue:
    """Save the table that was looked at: all of it, or nothing."""
    person, form = get_person(), ConfirmForm()
    with transaction():
        kept = drafts.find(desk.card.tenant_id, person.id, DRAFT, _place(desk))
        items = desk.items
        report = _report(desk, items, kept)
        if report is None or report.remarks or form.seen.data != report.mark:
            raise Refused(CHANGED)
        lines = report.lines(_choices(report))
        by_key = {item.key: item for item in items}
        actions.save_lines(current_tenant(), by_key, lines, actor=current_actor(), now=clock.now())
        drafts.drop(desk.card.tenant_id, person.id, DRAFT, _place(desk))
    return done(desk, N_("Tabela zapisana. Odpowiedzi są szkicami, dopóki ich nie ogłosicie."))


@bp.post(DESK + "/tabela/porzucenie")
@requires(Permission.EDIT, on=load)
def drop(desk: Desk) -> ResponseReturnValue:
    with transaction():
        drafts.drop(desk.card.tenant_id, get_person().id, DRAFT, _place(desk))
    return done(desk, N_("Tabela porzucona. Nic się nie zmieniło."))


def _read(data: bytes, filename: str) -> Table:
    if PurePosixPath(filename.lower()).suffix == ".docx":
        return read_docx(data, filename, tables.OURS)
    return read_table(data, filename)


def _report(
    desk: Desk, items: Sequence[queries.Item], kept: dict[str, str] | None
) -> Report | None:
    """Say what a kept table would do now."""
    if kept is None or "rows" not in kept:
        return None
    cells: list[list[str]] = json.loads(kept["rows"])
    return tables.check_rows(cells, json.loads(kept["numbers"]), _known(desk, items, cells))


def _known(desk: Desk, items: Sequence[queries.Item], cells: Sequence[Sequence[str]]) -> Known:
    things = [item.thing for item in items]
    named = tables.named(cells, desk.seal) - {thing.key for thing in things}
    return Known(
        things=things,
        gone=queries.list_gone(desk.card.tenant_id, desk.card.id, sorted(named)),
        units={unit.name: unit.id for unit in tenancy.list_units(current_tenant())},
        seal=desk.seal,
    )


def _choices(report: Report) -> dict[ThingKey, int]:
    """Return which row counts, of what was asked; what was not chosen stays as it is."""
    said = {key: request.form.get(f"wybor-{key[0]}-{key[1]}", "") for key in report.questions}
    return {
        key: int(row)
        for key, row in said.items()
        if row.isascii() and row.isdigit() and len(row) < 9
    }


def _table_page(
    desk: Desk,
    form: TableForm,
    report: Report | None,
    *,
    items: Sequence[queries.Item] | None = None,
    code: int = 200,
) -> ResponseReturnValue:
    items = desk.items if items is None else items
    units = tenancy.list_units(current_tenant())
    labels = positions.labels_of(item.card.kind for item in items)
    rendered = render_template(
        "answers/table.html",
        desk=desk,
        form=form,
        press=Press(formdata=None),
        report=report,
        verdicts=Verdict,
        items={item.key: item for item in items},
        unit_names={unit.id: unit.name for unit in units},
        labels=[say(label) for label in labels.values()],
        shortest=SHORTEST_REASON,
    )
    return rendered, code


def _place(desk: Desk) -> str:
    return f"consultation:{desk.card.id}"


def _narrowed(
    desk: Desk,
) -> tuple[list[queries.Item], Sequence[OrgUnit], Narrowing]:
    narrowing = Narrowing.of_request()
    items = [item for item in desk.items if narrowing.holds(item)]
    return items, tenancy.list_units(current_tenant()), narrowing


def _download(desk: Desk, ending: str, narrowing: Narrowing) -> dict[str, str]:
    parts = ["odpowiedzi", desk.slug]
    unit = tenancy.find_unit(current_tenant(), narrowing.unit_id)
    if unit is not None:
        parts.append(slugify(unit.name))
    if narrowing.theme:
        parts.append(slugify(narrowing.theme))
    name = "-".join(parts)
    return {
        "Content-Type": MEDIA_TYPES[ending],
        "Content-Disposition": f'attachment; filename="{name}.{ending}"',
    }
