"""Changing consultations. An action checks the rule, changes, records; its caller commits."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.exc import IntegrityError

from deliberate.answers import actions as answers
from deliberate.answers import queries as answer_queries
from deliberate.approvals import actions as approvals
from deliberate.approvals.models import Approval
from deliberate.audit import entries
from deliberate.authorship.models import Translation
from deliberate.consultations import queries, rules
from deliberate.consultations.models import ChangeNotice, Consultation, Phase, SlugRedirect
from deliberate.consultations.rules import PhaseTimes
from deliberate.consultations.states import UNPUBLISHED, ChangeKind, State, Template
from deliberate.discussion import actions as discussion
from deliberate.kernel import clock, files
from deliberate.kernel.actor import Actor
from deliberate.kernel.db import db, lock
from deliberate.kernel.models import StoredFile
from deliberate.kernel.refusals import Refused
from deliberate.kernel.texts import N_
from deliberate.kernel.urls import LONGEST_SLUG, slugify
from deliberate.notifications import actions as notifications
from deliberate.notifications.links import absolute
from deliberate.subjects.activities import Activity
from deliberate.tenancy.models import Municipality
from deliberate.topics import actions as topics
from deliberate.topics import queries as topic_queries
from deliberate.voting.actions.preparing import follow_phase

PUBLISH = "consultation.publish"  # the act that needs two persons
NOT_SLUGS = frozenset({"nowe"})  # addresses below /urzad/konsultacje that are ours


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """All that the form of a draft says. ``columns`` are columns of the consultation by name."""

    columns: Mapping[str, object]
    phases: Sequence[PhaseTimes]
    topics: Collection[str]
    file: StoredFile | None = None
    file_alt: str = ""


# Drafts.


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
    _insert_under_free_slug(tenant, consultation)
    _write(tenant, consultation, draft)
    entries.record("consultation.drafted", _subject(consultation), actor=actor, at=now)
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
    if refusal := rules.edit_refusal(consultation.state, consultation.revision, stamp):
        raise Refused(refusal)
    if consultation.title != draft.columns["title"]:
        consultation.slug = _free_slug(tenant, str(draft.columns["title"]), but=consultation.id)
    for name, value in draft.columns.items():
        setattr(consultation, name, value)
    _write(tenant, consultation, draft)
    consultation.revision += 1
    if consultation.state == State.AWAITING_APPROVAL:
        consultation.state = State.DRAFT
        approvals.withdraw(PUBLISH, queries.KIND, consultation.id, actor, now)
    entries.record("consultation.saved", _subject(consultation), actor=actor, at=now)


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
        raise Refused(rules.ALREADY_PUBLISHED)
    if consultation.picture == file.token:
        consultation.picture = consultation.picture_alt = ""
    files.detach(file)


def repeat(
    tenant: Municipality, former: Consultation, *, today: date, actor: Actor, now: datetime
) -> Consultation:
    """Copy a consultation into a new draft: texts and settings, its days moved to tomorrow."""
    copied = {name: getattr(former, name) for name in COPIED}
    draft = Draft(
        columns={**copied, "repeats_id": former.id, "answer_due": None, "decision_due": None},
        phases=_moved(queries.phase_times(former), today),
        topics=[each.key for each in topic_queries.list_of(tenant, queries.KIND, former.id)],
    )
    return create(tenant, Template.REPEAT, draft, actor=actor, now=now)


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
)


def _moved(phases: Sequence[PhaseTimes], today: date) -> list[PhaseTimes]:
    """Move phases so that the first begins tomorrow; each keeps its days of the calendar.

    Counted in days of Warsaw: a change of clocks in between moves nothing.
    """
    if not phases:
        return []
    by = today + timedelta(days=1) - min(clock.local(phase.starts_at).date() for phase in phases)
    return [
        PhaseTimes(
            title=phase.title,
            starts_at=clock.start_of_day(clock.local(phase.starts_at).date() + by),
            ends_at=clock.end_of_day(clock.last_day(phase.ends_at) + by),
            opens=phase.opens,
        )
        for phase in phases
    ]


# Publication: asked by one person, approved by another.


def ask_publication(
    tenant: Municipality,
    consultation: Consultation,
    *,
    asked_of: int,
    note: str,
    actor: Actor,
    now: datetime,
) -> Approval:
    """Send a draft to the second person."""
    lock(Consultation, consultation.id)
    facts = queries.publication_facts(tenant, consultation, now)
    asked_by = actor.person_id or 0
    if refusal := rules.ask_refusal(
        facts, consultation.state, asked_by=asked_by, asked_of=asked_of
    ):
        raise Refused(refusal)
    consultation.state = State.AWAITING_APPROVAL
    db.session.flush()
    return approvals.ask(
        PUBLISH,
        queries.KIND,
        consultation.id,
        payload_sha256=queries.payload(tenant, consultation),
        actor=actor,
        asked_of=asked_of,
        note=note,
        now=now,
    )


def take_back_request(consultation: Consultation, *, actor: Actor, now: datetime) -> None:
    """Make it a draft again."""
    lock(Consultation, consultation.id)
    if consultation.state != State.AWAITING_APPROVAL:
        raise Refused(rules.NO_SUCH_STEP)
    consultation.state = State.DRAFT
    approvals.withdraw(PUBLISH, queries.KIND, consultation.id, actor, now)


def publish(tenant: Municipality, approval: Approval, actor: Actor, now: datetime) -> None:
    """Publish what the second person has just approved; called by approvals."""
    consultation = queries.get_by_id(tenant, approval.subject_id)
    lock(Consultation, consultation.id)
    facts = queries.publication_facts(tenant, consultation, now)
    if refusal := rules.publish_refusal(facts, consultation.state):
        raise Refused(refusal)
    consultation.state = State.PUBLISHED
    consultation.published_at = now
    db.session.flush()
    discussion.open_thread(tenant.id, consultation.id, queries.KIND, consultation.id)
    entries.record(
        "consultation.published",
        _subject(consultation),
        actor=actor,
        at=now,
        tenant_id=tenant.id,
        asked_by=approval.asked_by,
    )
    notifications.send_one_letters(
        tenant,
        notifications.NEXT_CONSULTATION,
        subject=N_("Są nowe konsultacje"),
        template="notifications/next_consultation",
        values={
            "title": consultation.title,
            "url": absolute(tenant, "consultations.show", slug=consultation.slug),
        },
        dedupe=f"consultation:{consultation.id}:next",
    )


# What is published is changed in public: each change is a notice with its reason.


def change_dates(
    consultation: Consultation,
    new: Sequence[tuple[date, date]],
    answer_due: date | None,
    *,
    reason: str,
    stamp: int,
    actor: Actor,
    now: datetime,
) -> None:
    """Extend phases, or correct a slip. ``new``: first and last day of each phase, in order."""
    _begin_change(consultation, stamp)
    old = queries.phase_times(consultation)
    moved = [_with_days(phase, *days) for phase, days in zip(old, new, strict=True)]
    facts = queries.correction_facts(consultation, now)
    due_moved = answer_due is not None and answer_due != consultation.answer_due
    refusal = rules.dates_refusal(old, moved, reason, facts)
    if refusal is rules.NOTHING_CHANGED and due_moved:
        refusal = rules.due_refusal(consultation.answer_due, answer_due, reason)
    if refusal is not None:
        raise Refused(refusal)
    kind = ChangeKind.SLIP if rules.may_correct_slip(facts) else ChangeKind.EXTENSION
    for phase, before, after in zip(consultation.phases, old, moved, strict=True):
        if (before.starts_at, before.ends_at) == (after.starts_at, after.ends_at):
            continue
        _notice(
            consultation,
            kind,
            f"phase:{phase.title}",
            _days(before),
            _days(after),
            reason=reason,
            actor=actor,
            now=now,
        )
        db.session.flush()  # the trigger lets no published date move without its notice
        phase.starts_at, phase.ends_at = after.starts_at, after.ends_at
    if due_moved and answer_due is not None:
        former = consultation.answer_due
        _notice(
            consultation,
            ChangeKind.EXTENSION,
            "answer_due",
            former.isoformat() if former else "",
            answer_due.isoformat(),
            reason=reason,
            actor=actor,
            now=now,
        )
        consultation.answer_due = answer_due
    db.session.flush()
    votes = [phase for phase in moved if Activity.VOTE in phase.opens]
    if votes:
        follow_phase(
            consultation.tenant_id,
            consultation.id,
            opens_at=min(phase.starts_at for phase in votes),
            ends_at=max(phase.ends_at for phase in votes),
            actor=actor,
        )


def _with_days(phase: PhaseTimes, first: date, last: date) -> PhaseTimes:
    """Return the phase on other days; an end or a beginning that stays keeps its hour."""
    same_first = clock.local(phase.starts_at).date() == first
    same_last = clock.last_day(phase.ends_at) == last
    return PhaseTimes(
        title=phase.title,
        starts_at=phase.starts_at if same_first else clock.start_of_day(first),
        ends_at=phase.ends_at if same_last else clock.end_of_day(last),
        opens=phase.opens,
    )


def _days(phase: PhaseTimes) -> str:
    first, last = clock.local(phase.starts_at).date(), clock.last_day(phase.ends_at)
    return f"{first:%d.%m.%Y} – {last:%d.%m.%Y}"


def correct_typing(
    consultation: Consultation,
    texts: Mapping[str, str],
    *,
    reason: str,
    stamp: int,
    actor: Actor,
    now: datetime,
) -> None:
    """Correct typing in the public texts; each field that changed gets its line."""
    _begin_change(consultation, stamp)
    if refusal := rules.typing_refusal(consultation.state, reason):
        raise Refused(refusal)
    changed = {field: new for field, new in texts.items() if getattr(consultation, field) != new}
    if not changed:
        raise Refused(rules.NOTHING_CORRECTED)
    for field, new in changed.items():
        _notice(
            consultation,
            ChangeKind.TYPING,
            field,
            getattr(consultation, field),
            new,
            reason=reason,
            actor=actor,
            now=now,
        )
        setattr(consultation, field, new)


def add_published_file(
    consultation: Consultation, file: StoredFile, alt: str, *, actor: Actor, now: datetime
) -> None:
    """Add a file to what is published; it is listed among the changes."""
    lock(Consultation, consultation.id)
    add_file(consultation, file, alt)
    _notice(
        consultation,
        ChangeKind.CONTENT,
        "file",
        "",
        alt,
        reason=N_("Dodano plik."),
        actor=actor,
        now=now,
    )


def move(tenant: Municipality, consultation: Consultation, slug: str, *, actor: Actor) -> None:
    """Give the page another address; the former one leads to it for good."""
    lock(Consultation, consultation.id)
    now, former = clock.now(), consultation.slug
    wanted = slugify(slug)
    if wanted == former:
        raise Refused(rules.NOTHING_CORRECTED)
    if wanted != _free_slug(tenant, wanted, but=consultation.id):
        raise Refused(rules.SLUG_TAKEN)
    db.session.add(SlugRedirect(tenant_id=tenant.id, slug=former, consultation_id=consultation.id))
    consultation.slug = wanted
    _notice(
        consultation,
        ChangeKind.CONTENT,
        "slug",
        former,
        wanted,
        reason=N_("Nowy adres strony. Dawny prowadzi tutaj."),
        actor=actor,
        now=now,
    )


def step(
    consultation: Consultation, target: State, *, reason: str, actor: Actor, now: datetime
) -> None:
    """Suspend, resume, cancel, or put away."""
    lock(Consultation, consultation.id)
    if refusal := rules.step_refusal(consultation.state, target, reason):
        raise Refused(refusal)
    _notice(
        consultation,
        ChangeKind.STATE,
        "state",
        consultation.state,
        target,
        reason=reason,
        actor=actor,
        now=now,
    )
    consultation.state = target
    if target is not State.ARCHIVED:  # why it was cancelled stays to be read
        consultation.closing_reason = "" if target is State.PUBLISHED else reason
    consultation.revision += 1


def finish(
    tenant: Municipality, consultation: Consultation, *, actor: Actor, now: datetime
) -> None:
    """Publish what is not public yet of the answers, and mark the consultation as answered."""
    lock(Consultation, consultation.id)
    stage = queries.standing(consultation, now).stage
    unanswered = len(answer_queries.list_unanswered(tenant.id, consultation.id))
    if refusal := rules.finish_refusal(consultation.state, stage, unanswered):
        raise Refused(refusal)
    answers.publish_all(tenant, consultation.id, actor=actor, now=now)
    consultation.state = State.ANSWERED
    consultation.answered_at = now
    entries.record("consultation.answered", _subject(consultation), actor=actor, at=now)


def translate(
    consultation: Consultation,
    lang: str,
    texts: Mapping[str, str],
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Keep the texts in another language; an emptied one is shown as missing again."""
    for field, text in texts.items():
        row = queries.find_translation(consultation, field, lang)
        if not text:
            if row is not None:
                db.session.delete(row)
            continue
        if row is None:
            row = Translation(
                tenant_id=consultation.tenant_id,
                kind=queries.KIND,
                subject_id=consultation.id,
                field=field,
                lang=lang,
            )
            db.session.add(row)
        row.text, row.translated_by, row.at = text, actor.person_id, now
    entries.record(
        "consultation.translated", _subject(consultation), actor=actor, at=now, language=lang
    )


# Parts of several actions.


def _begin_change(consultation: Consultation, stamp: int) -> None:
    lock(Consultation, consultation.id)
    if stamp != consultation.revision:
        raise Refused(rules.EDITED_MEANWHILE)
    consultation.revision += 1


def _notice(
    consultation: Consultation,
    kind: ChangeKind,
    field: str,
    old: str,
    new: str,
    *,
    reason: str,
    actor: Actor,
    now: datetime,
) -> None:
    db.session.add(
        ChangeNotice(
            tenant_id=consultation.tenant_id,
            consultation_id=consultation.id,
            kind=kind,
            field=field,
            old=old,
            new=new,
            reason=reason,
            changed_by=actor.person_id,
            at=now,
        )
    )
    entries.record(
        f"consultation.{kind}",
        _subject(consultation),
        actor=actor,
        at=now,
        field=field,
        old=old,
        new=new,
        reason=reason,
    )


def _insert_under_free_slug(tenant: Municipality, consultation: Consultation) -> None:
    """Insert; another officer may take the same address in the same moment."""
    for _ in range(3):
        consultation.slug = _free_slug(tenant, consultation.title)
        try:
            with db.session.begin_nested():
                db.session.add(consultation)
            return
        except IntegrityError:
            continue
    raise Refused(rules.SLUG_TAKEN)


def _free_slug(tenant: Municipality, title: str, *, but: int | None = None) -> str:
    """Return the address made of a title, with a number where it is taken, now or formerly."""
    wanted = slugify(title)
    taken = queries.taken_slugs(tenant, wanted, but=but) | NOT_SLUGS
    if wanted not in taken:
        return wanted
    number = 2
    while (numbered := f"{wanted[: LONGEST_SLUG - 4]}-{number}") in taken:
        number += 1
    return numbered


def _subject(consultation: Consultation) -> str:
    return f"{queries.KIND}:{consultation.id}"
