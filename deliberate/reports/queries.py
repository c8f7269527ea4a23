"""Reading reports. All begins with a consultation that was loaded through its municipality."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import abort
from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select

from deliberate.answers.models import Answer
from deliberate.consultations import queries as consultations
from deliberate.consultations.models import Consultation
from deliberate.documents.kinds import KIND as REMARK_KIND
from deliberate.documents.kinds import RemarkState
from deliberate.documents.models import Remark
from deliberate.kernel.db import db, fetch_rows
from deliberate.kernel.i18n import say
from deliberate.kernel.jobs import Progress, find_progress
from deliberate.kernel.pagination import PageOf
from deliberate.proposals.models import Proposal
from deliberate.proposals.models import State as ProposalState
from deliberate.proposals.queries import KIND as PROPOSAL_KIND
from deliberate.reports import rules
from deliberate.reports.kinds import REQUIRED, TEXT_LABELS, State, Text
from deliberate.reports.models import Report, ReportDraft, ReportEntry, ReportFile
from deliberate.subjects.visibility import shown

PER_PAGE = 25
HIDDEN = "hidden"  # kind of an entry that was hidden already: nothing of it can come out later


# What the office answers, and which of it needs no answer.
ANSWERED: tuple[tuple[str, type[Remark] | type[Proposal], str], ...] = (
    (REMARK_KIND, Remark, RemarkState.WITHDRAWN),
    (PROPOSAL_KIND, Proposal, ProposalState.WITHDRAWN),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lacking:
    """Something that has no published position yet."""

    kind: str
    subject_id: int
    number: int


def find_draft(consultation: Consultation) -> ReportDraft | None:
    return db.session.scalar(
        select(ReportDraft).where(
            ReportDraft.tenant_id == consultation.tenant_id,
            ReportDraft.consultation_id == consultation.id,
        )
    )


def list_versions(consultation: Consultation) -> Sequence[Report]:
    """Return all versions, the newest first."""
    return db.session.scalars(_select(consultation).order_by(Report.no.desc())).all()


def list_published(consultation: Consultation) -> Sequence[Report]:
    """Return what people may read, the newest first."""
    return db.session.scalars(
        _select(consultation).where(Report.state == State.PUBLISHED).order_by(Report.no.desc())
    ).all()


def has_published(consultation: Consultation) -> bool:
    wanted = _select(consultation).where(Report.state == State.PUBLISHED)
    return bool(db.session.scalar(select(wanted.exists())))


def find_version(consultation: Consultation, no: int) -> Report | None:
    return db.session.scalar(_select(consultation).where(Report.no == no))


def get_version(consultation: Consultation, no: int) -> Report:
    """Return a version in any state, for the desk."""
    return find_version(consultation, no) or abort(404)


def _select(consultation: Consultation) -> Select[Report]:
    return select(Report).where(
        Report.tenant_id == consultation.tenant_id, Report.consultation_id == consultation.id
    )


def task_key(report: Report) -> str:
    """Return what the task that makes a version is called; an id may come again after a drop."""
    return f"reports.make:{report.id}:{report.asked_at.isoformat()}"


def progress(report: Report) -> Progress | None:
    """Return how far a version is that is being made."""
    return find_progress(task_key(report)) if report.state == State.MAKING else None


# What a version holds.


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of the table. ``entry`` is what was kept; of what is hidden since, no text."""

    position: int
    entry: dict[str, Any]
    hidden_since: bool


def page_of_entries(report: Report, number: int, hidden: frozenset[int]) -> PageOf[Row]:
    """Return one page; beyond the end it is the last one. ``hidden``: of list_hidden."""
    last = max(1, -(-report.entries // PER_PAGE))
    number = min(number, last)
    first = (number - 1) * PER_PAGE
    rows = fetch_rows(
        select(ReportEntry.position, ReportEntry.data)
        .where(
            ReportEntry.report_id == report.id,
            ReportEntry.position > first,
            ReportEntry.position <= first + PER_PAGE,
        )
        .order_by(ReportEntry.position)
    )
    items = [
        Row(
            position=row.position,
            entry=json.loads(row.data),
            hidden_since=row.position in hidden,
        )
        for row in rows
    ]
    return PageOf(items=items, number=number, total=report.entries, per_page=PER_PAGE)


def list_hidden(report: Report) -> frozenset[int]:
    """Return the positions of what was shown when the version was made and is hidden now."""
    rows = fetch_rows(
        select(ReportEntry.position).where(
            ReportEntry.report_id == report.id,
            or_(
                *(
                    and_(
                        ReportEntry.kind == kind,
                        ~exists().where(model.id == ReportEntry.subject_id, shown(model)),
                    )
                    for kind, model, _ in ANSWERED
                )
            ),
        )
    )
    return frozenset(row.position for row in rows)


def list_files(report: Report) -> Sequence[ReportFile]:
    return db.session.scalars(
        select(ReportFile)
        .where(ReportFile.tenant_id == report.tenant_id, ReportFile.report_id == report.id)
        .order_by(ReportFile.position)
    ).all()


# What the rules ask.


def list_lacking(consultation: Consultation) -> list[Lacking]:
    """Return what has no published position, by number: shown things that were not withdrawn."""
    found = [
        Lacking(kind=kind, subject_id=row.id, number=row.number)
        for kind, model, withdrawn in ANSWERED
        for row in fetch_rows(
            select(model.id, model.number).where(
                *_of(consultation, model),
                model.state != withdrawn,
                shown(model),
                ~_answered(kind, model),
            )
        )
    ]
    return sorted(found, key=lambda each: (each.number, each.kind))


def count_everything(consultation: Consultation) -> int:
    """Return how many rows a version made now would have."""
    counts = (
        select(func.count()).where(*_of(consultation, model)).scalar_subquery()
        for _, model, _ in ANSWERED
    )
    return sum(fetch_rows(select(*counts))[0])


def _of(
    consultation: Consultation, model: type[Remark] | type[Proposal]
) -> tuple[ColumnElement[bool], ...]:
    return (
        model.tenant_id == consultation.tenant_id,
        model.consultation_id == consultation.id,
    )


def _answered(kind: str, model: type[Remark] | type[Proposal]) -> ColumnElement[bool]:
    return exists().where(
        Answer.tenant_id == model.tenant_id,
        Answer.subject_kind == kind,
        Answer.subject_id == model.id,
        Answer.published_at.is_not(None),
    )


def make_facts(
    consultation: Consultation, *, reason: str | None, unanswered: int, now: datetime
) -> rules.MakeFacts:
    draft, versions = find_draft(consultation), list_versions(consultation)
    return rules.MakeFacts(
        stage=consultations.standing(consultation, now).stage,
        unanswered=unanswered,
        missing=missing_texts(consultation, draft),
        in_the_works=any(report.state != State.PUBLISHED for report in versions),
        published=sum(report.state == State.PUBLISHED for report in versions),
        reason=reason,
    )


def missing_texts(consultation: Consultation, draft: ReportDraft | None) -> tuple[str, ...]:
    """Return the labels of what a report cannot do without and the draft has not got."""
    found = [say(TEXT_LABELS[each]) for each in REQUIRED if not text_of(draft, each).strip()]
    if not responsible(consultation, draft):
        found.append(say(rules.RESPONSIBLE))
    return tuple(found)


def text_of(draft: ReportDraft | None, text: Text) -> str:
    written: str = getattr(draft, text) if draft is not None else ""
    return written


def responsible(consultation: Consultation, draft: ReportDraft | None) -> str:
    """Return who answers for the report: named in it, or with the consultation."""
    return (draft.responsible if draft else "") or consultation.responsible_person


def case_number(consultation: Consultation, draft: ReportDraft | None) -> str:
    return (draft.case_number if draft else "") or consultation.case_number
