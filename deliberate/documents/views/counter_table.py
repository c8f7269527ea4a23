"""A table of letters that somebody wrote down elsewhere: looked at row by row, then entered."""

from __future__ import annotations

import json
from collections.abc import Sequence

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from deliberate.access.decorators import requires
from deliberate.accounts.current import get_person
from deliberate.authorship import drafts
from deliberate.consultations.models import Consultation
from deliberate.consultations.permissions import Permission
from deliberate.documents import counter, counter_rules, counter_table
from deliberate.documents.content import Content, Place
from deliberate.documents.counter import Letter
from deliberate.documents.counter_forms import ConfirmForm, ImportForm
from deliberate.documents.counter_places import Places
from deliberate.documents.counter_table import COLUMNS, Entry, Known, Note, Report
from deliberate.documents.senders import Sender
from deliberate.documents.views.common import bp
from deliberate.documents.views.counter import DESK, load
from deliberate.kernel import clock, htmx
from deliberate.kernel.actor import current_actor
from deliberate.kernel.db import transaction
from deliberate.kernel.incoming import read_table
from deliberate.kernel.prose import clean
from deliberate.kernel.refusals import Refusal, Refused
from deliberate.kernel.sheets import BadTable, csv_bytes
from deliberate.kernel.texts import N_

TABLE = f"{DESK}/wczytanie"
DRAFT = "remarks_table"
CHANGED = Refusal(
    "counter.changed",
    N_("Od wczytania tabeli coś się zmieniło. Wczytaj ją jeszcze raz i przejrzyj podgląd."),
)
EXAMPLE = (
    "papier", "2026-11-20", "mieszkanka", "mieszkanka", "§ 6 ust. 2", "zmiana",
    "Drzewa mają zostać, bo dają cień.", "Zieleń pozostaje nienaruszona.", "", "", "", "", "",
)  # fmt: skip


@bp.get(TABLE)
@requires(Permission.EDIT, on=load)
def counter_table_page(consultation: Consultation) -> ResponseReturnValue:
    kept = drafts.find(consultation.tenant_id, get_person().id, DRAFT, _place(consultation))
    return _page(consultation, ImportForm(formdata=None), _report(consultation, kept))


@bp.post(TABLE)
@requires(Permission.EDIT, on=load)
def counter_table_read(consultation: Consultation) -> ResponseReturnValue:
    """Read a table and keep it until it is confirmed; nothing else changes."""
    form = ImportForm()
    if not form.validate_on_submit():
        return _page(consultation, form, None, code=422)
    with form.table.data.stream as upload:
        data = upload.read()
    try:
        sheet = read_table(data, form.table.data.filename or "")
    except BadTable as bad:
        fault = Note(text=bad.message, values=bad.values)
        return _page(consultation, form, Report(faults=(fault,)), code=422)
    rows = [[clean(cell).strip() for cell in row] for row in sheet.rows]
    kept = {
        "header": json.dumps(sheet.header, ensure_ascii=False),
        "rows": json.dumps(rows, ensure_ascii=False),
        "numbers": json.dumps(sheet.numbers),
    }
    report = _report(consultation, kept)
    if report is None or report.notes:
        return _page(consultation, form, report, code=422)
    with transaction():
        drafts.save(
            consultation.tenant_id,
            get_person().id,
            DRAFT,
            _place(consultation),
            kept,
            at=clock.now(),
        )
    return redirect(url_for(".counter_table_page", slug=consultation.slug), code=303)


@bp.post(f"{TABLE}/zapis")
@requires(Permission.EDIT, on=load)
def counter_table_confirm(consultation: Consultation) -> ResponseReturnValue:
    """Enter the table that was looked at: all of it, or nothing."""
    person, form = get_person(), ConfirmForm()
    with transaction():
        place = _place(consultation)
        kept = drafts.find(consultation.tenant_id, person.id, DRAFT, place)
        report = _report(consultation, kept)
        if report is None or report.notes or form.seen.data != report.seal:
            raise Refused(CHANGED)
        places = Places.of(consultation)
        remarks = counter.enter_table(
            consultation,
            person,
            [(_letter(row.entry), _content(row.entry, places)) for row in report.new if row.entry],
            actor=current_actor(),
            now=clock.now(),
        )
        drafts.drop(consultation.tenant_id, person.id, DRAFT, place)
    to = url_for(".counter_new", slug=consultation.slug)
    return htmx.done(N_("Wpisano uwag: %(count)s."), to=to, count=len(remarks))


@bp.post(f"{TABLE}/porzucenie")
@requires(Permission.EDIT, on=load)
def counter_table_drop(consultation: Consultation) -> ResponseReturnValue:
    with transaction():
        drafts.drop(consultation.tenant_id, get_person().id, DRAFT, _place(consultation))
    to = url_for(".counter_table_page", slug=consultation.slug)
    return htmx.done(N_("Tabela porzucona. Nic się nie zmieniło."), to=to)


@bp.get(f"{TABLE}/wzor.csv")
@requires(Permission.EDIT, on=load)
def counter_table_sample(consultation: Consultation) -> ResponseReturnValue:
    """Give the columns, with one row that shows how to fill them in."""
    headers = {
        "Content-Type": "text/csv; charset=utf-8",
        "Content-Disposition": f'attachment; filename="uwagi-{consultation.slug}-wzor.csv"',
    }
    return csv_bytes(COLUMNS, [EXAMPLE]), 200, headers


def _report(consultation: Consultation, kept: dict[str, str] | None) -> Report | None:
    """Say what a kept table would do now."""
    if kept is None or "rows" not in kept:
        return None
    found, places = counter.facts(consultation, clock.now()), Places.of(consultation)
    if refusal := counter_rules.entry_refusal(found):
        return Report(faults=(Note(text=refusal.message, values=refusal.values),))
    header: Sequence[str] = json.loads(kept["header"])

    def why_not(place: str) -> str | None:
        meant = places.find(place)
        return None if isinstance(meant, Place) else meant

    def mark(entry: Entry) -> str:
        said = _content(entry, places).same_as
        return counter.mark(entry.channel, entry.day, entry.label, said)

    known = Known(
        today=found.today,
        first_day=found.first_day or found.today,
        last_day=found.last_day,
        why_not=why_not,
        mark=mark,
        entered=counter.count_marks(consultation),
    )
    cells = json.loads(kept["rows"])
    return counter_table.check(header, cells, json.loads(kept["numbers"]), known)


def _content(entry: Entry, places: Places) -> Content:
    place = places.find(entry.place)
    if not isinstance(place, Place):
        raise Refused(CHANGED)  # the document changed while the table was looked at
    return Content(place=place, kind=entry.kind, wording=entry.wording, body=entry.body)


def _letter(entry: Entry) -> Letter:
    return Letter(
        channel=entry.channel,
        received_on=entry.day,
        label=entry.label,
        capacity=entry.capacity,
        sender=Sender(
            name=entry.name,
            address=entry.address,
            email=entry.email,
            phone=entry.phone,
            case_number=entry.case_number,
        ),
    )


def _page(
    consultation: Consultation, form: ImportForm, report: Report | None, *, code: int = 200
) -> ResponseReturnValue:
    rendered = render_template(
        "documents/desk/counter_table.html",
        consultation=consultation,
        form=form,
        report=report,
        columns=COLUMNS,
    )
    return rendered, code


def _place(consultation: Consultation) -> str:
    return f"consultation:{consultation.id}"
