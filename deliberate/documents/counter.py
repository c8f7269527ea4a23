"""What came to the office on paper, by telephone or in another way: entered, corrected, withdrawn.

The number is given as to everybody else's, in the same list. Who sent it lies apart from the
remark, is seen by the office alone and goes on its day.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import Select, select, update

from deliberate.accounts.models import Person
from deliberate.algorithms.folding import fold
from deliberate.audit import entries
from deliberate.authorship.models import Capacity
from deliberate.consultations import queries as consultations
from deliberate.consultations.models import Consultation
from deliberate.consultations.rules.phases import PhaseTimes
from deliberate.consultations.states import State
from deliberate.documents import actions, counter_rules, senders
from deliberate.documents.content import Content
from deliberate.documents.counter_rules import CorrectionFacts, EntryFacts
from deliberate.documents.kinds import Channel, RemarkState
from deliberate.documents.models import Remark
from deliberate.documents.senders import Sender
from deliberate.kernel import clock, files
from deliberate.kernel.actor import Actor
from deliberate.kernel.db import db, lock
from deliberate.kernel.files import Prepared
from deliberate.kernel.models import StoredFile
from deliberate.kernel.refusals import Refused
from deliberate.subjects.activities import Activity
from deliberate.subjects.visibility import shown

MOST_LATEST = 12
STOPPED = frozenset({State.CANCELLED, State.ARCHIVED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One letter, call or visit: several remarks may have come with it."""

    channel: Channel
    received_on: date
    label: str  # public: "mieszkanka", "A.K.", the name of an organisation
    capacity: Capacity
    sender: Sender = field(default_factory=Sender)


def facts(consultation: Consultation, now: datetime) -> EntryFacts:
    phases = _collecting(consultation)
    return EntryFacts(
        is_stopped=consultation.state in STOPPED,
        today=clock.local(now).date(),
        first_day=min((phase.first_day for phase in phases), default=None),
        last_day=_last_day(consultation),
    )


def enter(
    consultation: Consultation,
    officer: Person,
    letter: Letter,
    contents: Sequence[Content],
    *,
    form_key: str,
    scan: StoredFile | None,
    actor: Actor,
    now: datetime,
) -> list[Remark]:
    """Enter every remark of a letter; the same form sent twice gives the same remarks."""
    lock(Consultation, consultation.id)
    if sent := _find_sent(consultation, officer, form_key):
        return sent
    found = facts(consultation, now)
    if refusal := counter_rules.entry_refusal(found):
        raise Refused(refusal)
    remarks = []
    for place, content in enumerate(contents):
        remark = _add(
            consultation,
            officer,
            letter,
            content,
            form_key=f"{form_key}:{place}",
            last_day=found.last_day,
            has_scan=scan is not None,
            now=now,
        )
        if scan is not None:
            files.attach(scan if place == 0 else _copy(scan), senders.SCAN, remark.id)
        remarks.append(remark)
    _record("remarks.entered", consultation, remarks, actor, now)
    return remarks


def enter_table(
    consultation: Consultation,
    officer: Person,
    letters: Sequence[tuple[Letter, Content]],
    *,
    actor: Actor,
    now: datetime,
) -> list[Remark]:
    """Enter what a table says: all of it, or nothing."""
    lock(Consultation, consultation.id)
    found = facts(consultation, now)
    if refusal := counter_rules.entry_refusal(found):
        raise Refused(refusal)
    remarks = [
        _add(
            consultation, officer, letter, content, form_key=None, last_day=found.last_day, now=now
        )
        for letter, content in letters
    ]
    _record("remarks.imported", consultation, remarks, actor, now)
    return remarks


def correct(
    consultation: Consultation,
    remark: Remark,
    officer: Person,
    letter: Letter,
    content: Content,
    *,
    based_on: int,
    office: str,
    reason: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Put an entry right, as a new version with its reason.

    The way it came stays: what was recorded as a call does not become a letter.
    """
    lock(Consultation, consultation.id)  # its last day must not move before this is written
    lock(Remark, remark.id)
    _check(remark, based_on)
    same_sender = senders.keep(consultation, remark, letter.sender)
    same_letter = (remark.author_name, remark.capacity, remark.received_on) == (
        letter.label,
        letter.capacity,
        letter.received_on,
    )
    remark.author_name, remark.capacity = letter.label, letter.capacity
    remark.received_on = letter.received_on
    remark.is_late = counter_rules.is_late(letter.received_on, facts(consultation, now).last_day)
    changed = actions.correct(
        remark, content, author_id=officer.id, author_label=office, note=reason
    )
    if not changed and same_sender and same_letter:
        raise Refused(counter_rules.SAME)
    entries.record(
        "remarks.corrected",
        f"remark:{remark.id}",
        actor=actor,
        at=now,
        tenant_id=remark.tenant_id,
        reason=reason,
    )


def follow_dates(consultation: Consultation) -> None:
    """Mark as late what came after the last day as it stands now: an extension takes marks away.

    The notice of the extension says it to everybody, so no remark gets a version of its own.
    """
    last_day = _last_day(consultation)
    if last_day is None:
        return
    db.session.execute(
        update(Remark)
        .where(
            Remark.tenant_id == consultation.tenant_id,
            Remark.consultation_id == consultation.id,
            Remark.channel != Channel.WEB,  # the page took it while it was open
            Remark.is_late != (Remark.received_on > last_day),
        )
        .values(is_late=Remark.received_on > last_day)
        .execution_options(touches=consultation.tenant_id)
    )


def withdraw(remark: Remark, *, based_on: int, reason: str, actor: Actor, now: datetime) -> None:
    """Take back a remark whose sender asked for it; it stays listed as withdrawn."""
    lock(Remark, remark.id)
    _check(remark, based_on)
    actions.mark_withdrawn(remark, reason=reason, now=now)
    entries.record(
        "remarks.withdrawn",
        f"remark:{remark.id}",
        actor=actor,
        at=now,
        tenant_id=remark.tenant_id,
        reason=reason,
    )


# Reading.


def list_latest(consultation: Consultation, officer: Person) -> Sequence[Remark]:
    """Return what this officer entered here, the newest first."""
    return db.session.scalars(
        _entered(consultation)
        .where(Remark.entered_by == officer.id)
        .order_by(Remark.number.desc())
        .limit(MOST_LATEST)
    ).all()


def list_same(consultation: Consultation, contents: Sequence[Content]) -> Sequence[Remark]:
    """Return the remarks that say in the same words what one of these says, by number."""
    marks = {content.same_as for content in contents}
    return db.session.scalars(
        select(Remark)
        .where(
            Remark.tenant_id == consultation.tenant_id,
            Remark.consultation_id == consultation.id,
            Remark.same_as.in_(marks),
            shown(Remark),
        )
        .order_by(Remark.number)
        .limit(MOST_LATEST)
    ).all()


def mark(channel: str, day: date, label: str, same_as: str) -> str:
    """Return what tells one letter of a table from another."""
    said = (channel, day.isoformat(), fold(label), same_as)
    return hashlib.sha256("\0".join(said).encode()).hexdigest()


def count_marks(consultation: Consultation) -> Counter[str]:
    """Return how many letters of each mark are entered."""
    rows = db.session.execute(
        select(Remark.channel, Remark.received_on, Remark.author_name, Remark.same_as).where(
            Remark.tenant_id == consultation.tenant_id,
            Remark.consultation_id == consultation.id,
            Remark.entered_by.is_not(None),
        )
    )
    return Counter(mark(*row) for row in rows)


def _collecting(consultation: Consultation) -> list[PhaseTimes]:
    phases = consultations.phase_times(consultation)
    return [phase for phase in phases if Activity.REMARK in phase.opens]


def _last_day(consultation: Consultation) -> date | None:
    return max((phase.last_day for phase in _collecting(consultation)), default=None)


def _add(
    consultation: Consultation,
    officer: Person,
    letter: Letter,
    content: Content,
    *,
    form_key: str | None,
    last_day: date | None,
    has_scan: bool = False,
    now: datetime,
) -> Remark:
    remark = Remark(
        form_key=form_key,
        channel=letter.channel,
        author_name=letter.label,
        capacity=letter.capacity,
        capacity_label="",
        entered_by=officer.id,
        received_on=letter.received_on,
        is_late=counter_rules.is_late(letter.received_on, last_day),
        version_no=1,
        created_at=now,
    )
    actions.add(consultation, remark, content, author_label=letter.label)
    senders.keep(consultation, remark, letter.sender, has_scan=has_scan)
    return remark


def _record(
    act: str, consultation: Consultation, remarks: Sequence[Remark], actor: Actor, now: datetime
) -> None:
    entries.record(
        act,
        f"consultation:{consultation.id}",
        actor=actor,
        at=now,
        tenant_id=consultation.tenant_id,
        numbers=[remark.number for remark in remarks],
    )


def _check(remark: Remark, based_on: int) -> None:
    found = CorrectionFacts(
        is_entered=remark.entered_by is not None,
        is_withdrawn=remark.state == RemarkState.WITHDRAWN,
        is_as_read=remark.version_no == based_on,
    )
    if refusal := counter_rules.correction_refusal(found):
        raise Refused(refusal)


def _copy(scan: StoredFile) -> StoredFile:
    """Return the same bytes for the next remark of a letter: a file belongs to one thing."""
    prepared = Prepared(
        sha256=scan.sha256,
        name=scan.name,
        media_type=scan.media_type,
        size=scan.size,
        width=scan.width,
        height=scan.height,
    )
    return files.keep(prepared, tenant_id=scan.tenant_id, by=scan.uploaded_by)


def _entered(consultation: Consultation) -> Select[Remark]:
    return select(Remark).where(
        Remark.tenant_id == consultation.tenant_id,
        Remark.consultation_id == consultation.id,
        Remark.entered_by.is_not(None),
    )


def _find_sent(consultation: Consultation, officer: Person, form_key: str) -> list[Remark]:
    """Return what this very form has already become."""
    sent = _entered(consultation).where(
        Remark.entered_by == officer.id,
        Remark.form_key.startswith(f"{form_key}:", autoescape=True),
    )
    return list(db.session.scalars(sent.order_by(Remark.number)))
