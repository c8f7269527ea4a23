"""Drafts: begun, saved, copied from what was."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from deliberate.algorithms.workdays import same_weekday
from deliberate.approvals import actions as approvals
from deliberate.audit import entries
from deliberate.consultations import announcements, queries, requirements
from deliberate.consultations.actions import announcements as announcement_actions
from deliberate.consultations.actions.addresses import free_slug, insert_under_free_slug
from deliberate.consultations.actions.changes import subject_of
from deliberate.consultations.actions.publication import PUBLISH
from deliberate.consultations.components import components
from deliberate.consultations.models import Consultation, Phase
from deliberate.consultations.procedures import PLANNED
from deliberate.consultations.rules import corrections
from deliberate.consultations.rules.phases import PhaseTimes
from deliberate.consultations.states import UNPUBLISHED, State, Template
from deliberate.kernel import files
from deliberate.kernel.actor import Actor
from deliberate.kernel.db import db, lock
from deliberate.kernel.models import StoredFile
from deliberate.kernel.refusals import Refused
from deliberate.subjects.activities import Activity
from deliberate.tenancy.models import Municipality
from deliberate.topics import actions as topics
from deliberate.topics import queries as topic_queries

COPIED = (
    "title",
    "summary",
    "can_change",
    "cannot_change",
    "easy_text",
    "area_id",
    "effect",
    "decided_by",
    "unit_id",
    "organisation_id",
    "contact",
    "legal_basis",
    "appeal_person_id",
    "propose_needs",
    "support_needs",
    "discuss_needs",
    "vote_needs",
    "procedure",
    "responsible_person",
    "planned_forms",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """All that the form of a draft says. ``columns`` are columns of the consultation by name."""

    columns: Mapping[str, object]
    phases: Sequence[PhaseTimes]
    topics: Collection[str]
    file: StoredFile | None = None
    file_alt: str = ""


def create(
    tenant: Municipality, template: Template, draft: Draft, *, actor: Actor, now: datetime
) -> Consultation:
    """Begin a draft. Nobody but the office sees it."""
    consultation = Consultation(
        tenant_id=tenant.id,
        template=template,
        state=State.DRAFT,
        created_by=actor.person_id,
        created_at=now,
        **draft.columns,
    )
    insert_under_free_slug(tenant, consultation)
    _write(tenant, consultation, draft)
    entries.record("consultation.drafted", subject_of(consultation), actor=actor, at=now)
    return consultation


def save(
    tenant: Municipality,
    consultation: Consultation,
    draft: Draft,
    *,
    stamp: int,
    actor: Actor,
    now: datetime,
) -> None:
    """Change a draft. What was asked about is no longer what there is: the request is closed."""
    lock(Consultation, consultation.id)
    if refusal := corrections.edit_refusal(consultation.state, consultation.revision, stamp):
        raise Refused(refusal)
    if consultation.title != draft.columns["title"]:
        consultation.slug = free_slug(tenant, str(draft.columns["title"]), but=consultation.id)
    for name, value in draft.columns.items():
        setattr(consultation, name, value)
    _write(tenant, consultation, draft)
    consultation.revision += 1
    if consultation.state == State.AWAITING_APPROVAL:
        consultation.state = State.DRAFT
        approvals.withdraw(PUBLISH, queries.KIND, consultation.id, actor, now)
    entries.record("consultation.saved", subject_of(consultation), actor=actor, at=now)


def _write(tenant: Municipality, consultation: Consultation, draft: Draft) -> None:
    consultation.phases = [
        Phase(
            tenant_id=consultation.tenant_id,
            position=position,
            title=phase.title,
            starts_at=phase.starts_at,
            ends_at=phase.ends_at,
            activities=",".join(activity for activity in Activity if activity in phase.opens),
        )
        for position, phase in enumerate(draft.phases, start=1)
    ]
    topics.file_under(tenant, queries.KIND, consultation.id, draft.topics)
    if draft.file is not None:
        add_file(consultation, draft.file, draft.file_alt)
    db.session.flush()


def add_file(consultation: Consultation, file: StoredFile, alt: str) -> None:
    """Attach a file; the first picture becomes the picture of the page."""
    file.alt = alt
    files.attach(file, queries.KIND, consultation.id)
    if files.is_picture(file) and not consultation.picture:
        consultation.picture, consultation.picture_alt = file.token, alt


def remove_file(consultation: Consultation, file: StoredFile) -> None:
    """Take a file from a draft; what was published stays."""
    if consultation.state not in UNPUBLISHED:
        raise Refused(corrections.ALREADY_PUBLISHED)
    if consultation.picture == file.token:
        consultation.picture = consultation.picture_alt = ""
    files.detach(file)


def repeat(
    tenant: Municipality, former: Consultation, *, today: date, actor: Actor, now: datetime
) -> Consultation:
    """Copy a consultation into a new draft: texts, settings, where it was announced, components.

    Its days are moved by a year. Nothing that people wrote goes along.
    """
    copied = {name: getattr(former, name) for name in COPIED}
    forms = requirements.planned_forms(former) | requirements.real_forms(former)
    listed = ",".join(form for form in PLANNED if form in forms)
    days = _moved(queries.phase_times(former), today)
    draft = Draft(
        columns={
            **copied,
            "planned_forms": listed,
            "repeats_id": former.id,
            "answer_due": None,
            "decision_due": None,
        },
        phases=days,
        topics=[each.key for each in topic_queries.list_of(tenant, queries.KIND, former.id)],
    )
    made = create(tenant, Template.REPEAT, draft, actor=actor, now=now)
    first = min((phase.first_day for phase in days), default=None)
    if first is not None:
        announcement_actions.plan(made, announcements.list_announcements(former), on=first)
    for each in components():
        each.copy(former, made, actor, now)
    return made


def _moved(phases: Sequence[PhaseTimes], today: date) -> list[PhaseTimes]:
    """Move phases by a year, or by as many as bring the first after today, to the same weekdays.

    Counted in days of Warsaw: a change of clocks in between moves nothing.
    """
    if not phases:
        return []
    former, years = min(phase.first_day for phase in phases), 1
    while same_weekday(former, years) <= today:
        years += 1
    by = same_weekday(former, years) - former
    return [
        PhaseTimes.on_days(
            title=phase.title,
            first=phase.first_day + by,
            last=phase.last_day + by,
            opens=phase.opens,
        )
        for phase in phases
    ]
