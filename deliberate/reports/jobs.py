"""Making a version: read once, write the files one by one, keep all of it or nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert

from deliberate.consultations import queries as consultations
from deliberate.kernel import clock, files
from deliberate.kernel.db import db, lock, transaction
from deliberate.kernel.files import Prepared
from deliberate.kernel.i18n import speaking
from deliberate.kernel.jobs import Job, note_progress
from deliberate.kernel.storage import storage
from deliberate.meetings import outcome as meeting_outcome
from deliberate.notifications import mailings
from deliberate.reports import contents, notices, queries
from deliberate.reports.actions import MAKE
from deliberate.reports.entries import Entry, list_entries
from deliberate.reports.formats import data, page, printed, word
from deliberate.reports.kinds import State, Text
from deliberate.reports.models import Report, ReportEntry, ReportFile
from deliberate.reports.snapshot import Snapshot
from deliberate.tenancy.links import absolute
from deliberate.tenancy.models import Municipality

KIND = "report"  # of the files' owner; no such subject is registered, so only our views show them
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file to write. Nothing is done before ``write`` is called."""

    name: str
    media_type: str
    write: Callable[[], bytes]


def make(payload: Mapping[str, Any]) -> None:
    """Make the version of a report that somebody asked for; called again after a failure."""
    report = db.session.get(Report, payload["report_id"])
    if report is None or report.state != State.MAKING:
        return  # it was thrown away, or is whole
    with speaking("pl"):  # an official document, whoever asks for it
        snapshot, report_id, key = gather(report), report.id, queries.task_key(report)
    db.session.rollback()  # what follows is slow, and needs no database
    wanted = list(_files(snapshot))
    prepared = []
    for number, file in enumerate(wanted):
        note_progress(key, done=number, of=len(wanted))
        content = file.write()
        prepared.append(
            Prepared(
                sha256=storage().put(content),
                name=file.name,
                media_type=file.media_type,
                size=len(content),
            )
        )
    with transaction():
        _keep(report_id, snapshot, prepared)


def gather(report: Report) -> Snapshot:
    """Read everything that a version holds, as it stands now."""
    tenant = db.session.get_one(Municipality, report.tenant_id)
    consultation = consultations.get_by_id(tenant, report.consultation_id)
    draft = queries.find_draft(consultation)
    origin = absolute(tenant, "consultations.show", slug=consultation.slug)
    entries = list_entries(consultation, origin)
    source = contents.Source(
        tenant=tenant,
        consultation=consultation,
        around=consultations.around(consultation),
        entries=entries,
        texts={text: queries.text_of(draft, text) for text in Text},
        held=meeting_outcome.list_held(consultation),
        responsible=report.responsible,
        case_number=report.case_number,
    )
    return Snapshot(
        title=consultation.title,
        no=report.no,
        reason=report.reason,
        municipality=tenant.official_name,
        office=f"{tenant.office_name}, {tenant.office_address}",
        case_number=report.case_number,
        made_at=clock.now(),
        url=absolute(tenant, "reports.show", slug=consultation.slug, no=report.no),
        parts=contents.parts(source),
        entries=entries,
    )


def _files(snapshot: Snapshot) -> Iterator[File]:
    def html() -> bytes:
        return page.as_html(snapshot)

    def docx() -> bytes:
        return word.as_docx(snapshot)

    def csv() -> bytes:
        return data.as_csv(snapshot)

    def json_data() -> bytes:
        return data.as_json(snapshot)

    yield File(name="raport.html", media_type="text/html", write=html)
    for volume in printed.volumes(snapshot):
        yield File(name=volume.name, media_type="application/pdf", write=volume.write)
    yield File(name="raport.docx", media_type=DOCX, write=docx)
    yield File(name="tabela.csv", media_type="text/csv", write=csv)
    yield File(name="raport.json", media_type="application/json", write=json_data)


def _keep(report_id: int, snapshot: Snapshot, prepared: list[Prepared]) -> None:
    lock(Report, report_id)
    report = db.session.get(Report, report_id)
    if report is None or report.state != State.MAKING:
        return  # thrown away meanwhile; the bytes go with what belongs to nothing
    if snapshot.entries:
        db.session.execute(
            insert(ReportEntry),
            [
                _entry_row(report, position, entry)
                for position, entry in enumerate(snapshot.entries, start=1)
            ],
        )
    for position, each in enumerate(prepared, start=1):
        file = files.keep(each, tenant_id=report.tenant_id, by=report.asked_by)
        files.attach(file, KIND, report.id)
        db.session.add(
            ReportFile(
                tenant_id=report.tenant_id,
                report_id=report.id,
                name=each.name,
                position=position,
                file_id=file.id,
                media_type=each.media_type,
                size=each.size,
                sha256=each.sha256,
            )
        )
    report.content = json.dumps(list(snapshot.parts), ensure_ascii=False)
    report.entries = len(snapshot.entries)
    report.made_at = snapshot.made_at
    report.state = State.READY


def _entry_row(report: Report, position: int, entry: Entry) -> dict[str, object]:
    return {
        "tenant_id": report.tenant_id,
        "report_id": report.id,
        "position": position,
        "kind": queries.HIDDEN if entry.is_hidden else entry.kind,
        "subject_id": entry.subject_id,
        "data": json.dumps(entry.data, ensure_ascii=False),
    }


JOBS = (Job(name=MAKE, run=make), mailings.job(notices.PUBLISHED))
