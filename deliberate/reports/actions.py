"""Writing the draft, asking for a version, publishing it. Its caller commits."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError

from deliberate.audit import entries
from deliberate.consultations.models import Consultation
from deliberate.kernel import files, jobs
from deliberate.kernel.actor import Actor
from deliberate.kernel.db import db, lock
from deliberate.kernel.models import StoredFile
from deliberate.kernel.refusals import Refused
from deliberate.reports import notices, queries, rules
from deliberate.reports.kinds import State
from deliberate.reports.models import Report, ReportDraft, ReportEntry, ReportFile

MAKE = "reports.make"  # of the job


def save_draft(
    consultation: Consultation,
    texts: Mapping[str, str],
    *,
    revision: int,
    actor: Actor,
    now: datetime,
) -> None:
    """Keep the office's texts; ``revision`` is that of the form, 0 before the first saving."""
    draft = queries.find_draft(consultation)
    if revision != (draft.revision if draft else 0):
        raise Refused(rules.CHANGED_MEANWHILE)
    if draft is None:
        draft = ReportDraft(
            tenant_id=consultation.tenant_id, consultation_id=consultation.id, revision=0
        )
    for name, text in texts.items():
        setattr(draft, name, text)
    draft.revision += 1
    draft.saved_by, draft.saved_at = actor.person_id, now
    try:
        with db.session.begin_nested():
            db.session.add(draft)
    except IntegrityError as error:  # another tab, a moment ago
        raise Refused(rules.CHANGED_MEANWHILE) from error
    _record("reports.saved", consultation, actor, now)


def ask_version(consultation: Consultation, *, reason: str, actor: Actor, now: datetime) -> Report:
    """Have the next version made in the background."""
    lacking = len(queries.list_lacking(consultation))
    facts = queries.make_facts(consultation, reason=reason, unanswered=lacking, now=now)
    if refusal := rules.make_refusal(facts):
        raise Refused(refusal)
    draft = queries.find_draft(consultation)
    last = db.session.scalar(
        select(func.max(Report.no)).where(
            Report.tenant_id == consultation.tenant_id,
            Report.consultation_id == consultation.id,
        )
    )
    report = Report(
        tenant_id=consultation.tenant_id,
        consultation_id=consultation.id,
        no=(last or 0) + 1,
        reason=reason.strip() if last else "",
        responsible=queries.responsible(consultation, draft),
        case_number=queries.case_number(consultation, draft),
        asked_by=actor.person_id,
        asked_at=now,
    )
    try:
        with db.session.begin_nested():
            db.session.add(report)
    except IntegrityError as error:
        raise Refused(rules.IN_THE_WORKS) from error
    jobs.enqueue(
        MAKE,
        {"report_id": report.id},
        tenant_id=consultation.tenant_id,
        run_at=now,
        dedupe=queries.task_key(report),
    )
    _record("reports.asked", consultation, actor, now, report.no)
    return report


def drop_version(
    consultation: Consultation, report: Report, *, actor: Actor, now: datetime
) -> None:
    """Throw away a version that nobody outside the office has seen; its number is free again."""
    lock(Report, report.id)
    if refusal := rules.drop_refusal(report.state):
        raise Refused(refusal)
    kept = db.session.scalars(
        select(StoredFile).where(
            StoredFile.id.in_(select(ReportFile.file_id).where(ReportFile.report_id == report.id))
        )
    ).all()
    for table in (ReportEntry, ReportFile):
        db.session.execute(
            delete(table).where(table.report_id == report.id),
            execution_options={"touches": consultation.tenant_id},
        )
    for file in kept:
        files.detach(file)
    db.session.delete(report)
    _record("reports.dropped", consultation, actor, now, report.no)


def publish(consultation: Consultation, report: Report, *, actor: Actor, now: datetime) -> None:
    """Make a version public for good; who took part is told of the first one."""
    lock(Report, report.id)
    refusal = rules.publish_refusal(
        report.state,
        hidden_since=len(queries.list_hidden(report)) if report.state == State.READY else 0,
        is_current=(
            queries.count_everything(consultation) == report.entries
            and not queries.list_lacking(consultation)
        ),
    )
    if refusal:
        raise Refused(refusal)
    report.state = State.PUBLISHED
    report.published_by, report.published_at = actor.person_id, now
    db.session.flush()
    if report.no == 1:
        notices.tell_published(consultation, now=now)
    _record("reports.published", consultation, actor, now, report.no)


def _record(
    act: str, consultation: Consultation, actor: Actor, now: datetime, version: int | None = None
) -> None:
    entries.record(
        act,
        f"consultation:{consultation.id}",
        actor=actor,
        at=now,
        tenant_id=consultation.tenant_id,
        version=version,
    )
