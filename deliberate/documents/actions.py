"""Giving, withdrawing and hiding remarks. Each checks the rule and changes; its caller commits."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select, update

from deliberate.accounts import closing
from deliberate.accounts.models import Person
from deliberate.authorship import drafts, versions
from deliberate.authorship.actions import CLOSED_ACCOUNT, sign
from deliberate.authorship.capacities import Voice
from deliberate.authorship.models import Capacity
from deliberate.consultations.models import Consultation
from deliberate.documents import notices, official, queries, rules
from deliberate.documents.content import Content, content_of, write_into
from deliberate.documents.kinds import KIND, Channel, RemarkState
from deliberate.documents.models import Remark, Unit
from deliberate.kernel import clock, files, ratelimit
from deliberate.kernel.db import db, lock
from deliberate.kernel.models import StoredFile
from deliberate.kernel.ratelimit import Limit
from deliberate.kernel.refusals import Refused
from deliberate.subjects.states import ContentState, is_shown
from deliberate.tenancy.models import Municipality

# A document is remarked on in one sitting, paragraph by paragraph.
GIVE_LIMIT = Limit(bucket="remark", most=100, per=timedelta(hours=1))


def give_remark(
    tenant: Municipality,
    consultation: Consultation,
    person: Person,
    voice: Voice,
    content: Content,
    *,
    form_key: str,
    on_behalf: str = "",
    attachment: StoredFile | None = None,
) -> Remark:
    """Add a remark under the next number; the same form sent twice gives the same remark.

    ``on_behalf``: the institution that the person speaks for, as they call it; nobody checks it,
    so it is said of a guest or a resident only.
    """
    now = clock.now()
    closing.keep_open(person)
    # Held to the end: numbers follow each other without a gap, and a form meets its twin here.
    lock(Consultation, consultation.id)
    if sent := queries.find_sent(consultation, person, form_key):
        return sent
    facts = queries.give_facts(tenant, consultation, person, voice, now=now)
    if refusal := rules.give_refusal(facts):
        raise Refused(refusal)
    if refusal := official.find_refusal(consultation, person, voice, content.place):
        raise Refused(refusal)
    _limit(person)

    remark = Remark(form_key=form_key, channel=Channel.WEB, received_on=clock.local(now).date())
    sign(remark, person, voice, language=content.language, at=now)
    if on_behalf and voice.capacity in queries.PERSONAL:
        remark.capacity, remark.capacity_label = Capacity.GUEST, label_on_behalf(on_behalf)
    add(consultation, remark, content, author_label=person.display_name)
    if attachment is not None:
        files.attach(attachment, KIND, remark.id)
    drafts.drop(tenant.id, person.id, KIND, place_of(consultation))
    notices.plan_receipt(consultation, remark, now=now)
    return remark


def add(consultation: Consultation, remark: Remark, content: Content, *, author_label: str) -> None:
    """Add a signed remark under the next number, with its first version.

    Who enters what came on paper calls it too: the consultation is locked here.
    """
    lock(Consultation, consultation.id)
    consultation.last_number += 1
    remark.tenant_id, remark.consultation_id = consultation.tenant_id, consultation.id
    remark.number = consultation.last_number
    write_into(remark, content)
    db.session.add(remark)
    db.session.flush()
    if remark.on_unit_id is not None:
        _count(remark.tenant_id, remark.on_unit_id, 1)
    versions.save(
        remark.tenant_id,
        KIND,
        remark.id,
        remark.version_no,
        content.fields(),
        author_id=remark.author_id,
        author_label=author_label,
        at=remark.created_at,
    )


def correct(
    remark: Remark, content: Content, *, author_id: int | None, author_label: str, note: str
) -> bool:
    """Change an entry into a new version. Returns False when it says what it said before."""
    lock(Remark, remark.id)
    before = content_of(remark)
    former_unit = remark.on_unit_id
    write_into(remark, content)
    if content_of(remark) == before:
        return False
    now = clock.now()
    remark.version_no += 1
    remark.edited_at = now
    if former_unit != remark.on_unit_id and is_shown(remark.content_state):
        if former_unit is not None:
            _count(remark.tenant_id, former_unit, -1)
        if remark.on_unit_id is not None:
            _count(remark.tenant_id, remark.on_unit_id, 1)
    versions.save(
        remark.tenant_id,
        KIND,
        remark.id,
        remark.version_no,
        content.fields(),
        author_id=author_id,
        author_label=author_label,
        at=now,
        note=note,
    )
    return True


def withdraw(consultation: Consultation, remark: Remark, person: Person, *, reason: str) -> None:
    """Take a remark back; it stays in the list, marked, with the reason if there is one."""
    now = clock.now()
    lock(Remark, remark.id)
    facts = queries.withdrawal_facts(consultation, remark, person, now=now)
    if refusal := rules.withdrawal_refusal(facts):
        raise Refused(refusal)
    mark_withdrawn(remark, reason=reason, now=now)


def mark_withdrawn(remark: Remark, *, reason: str, now: datetime) -> None:
    """Withdraw without asking who wants it: the counter does it for who came on paper."""
    remark.state, remark.state_reason = RemarkState.WITHDRAWN, reason
    remark.withdrawn_at = now


# For the rest of the system.


def restrict(tenant_id: int, remark_id: int, state: ContentState) -> None:
    """Set whether the text may be seen; the decision and its reasons are moderation's."""
    row = db.session.execute(
        select(Remark.content_state, Remark.on_unit_id)
        .where(Remark.tenant_id == tenant_id, Remark.id == remark_id)
        .with_for_update()
    ).first()
    if row is None:
        return
    db.session.execute(
        update(Remark)
        .where(Remark.tenant_id == tenant_id, Remark.id == remark_id)
        .values(content_state=state)
        .execution_options(touches=tenant_id, synchronize_session="fetch")
    )
    change = is_shown(state) - is_shown(row.content_state)
    if row.on_unit_id is not None and change:
        _count(tenant_id, row.on_unit_id, change)


def forget_author(person_id: int) -> None:
    """Take the name from the remarks of somebody who closed their account; the texts stay."""
    own = Remark.author_id == person_id
    for tenant_id in db.session.scalars(queries.select_tenants(own)).all():
        db.session.execute(
            update(Remark)
            .where(own, Remark.tenant_id == tenant_id)
            .values(author_name=CLOSED_ACCOUNT)
            .execution_options(touches=tenant_id, synchronize_session="fetch")
        )


def place_of(consultation: Consultation) -> str:
    """Return where a draft of a remark belongs."""
    return f"consultation:{consultation.id}"


def label_on_behalf(name: str) -> str:
    return f"{ON_BEHALF}{name}"


def read_on_behalf(label: str) -> str:
    """Return the institution that a label names; "" for the labels of voices."""
    return label.removeprefix(ON_BEHALF) if label.startswith(ON_BEHALF) else ""


ON_BEHALF = "w imieniu: "  # Polish, as all labels are, and frozen with the remark


def _count(tenant_id: int, unit_id: int, change: int) -> None:
    db.session.execute(
        update(Unit)
        .where(Unit.tenant_id == tenant_id, Unit.id == unit_id)
        .values(remarks=Unit.remarks + change)
        .execution_options(touches=tenant_id, synchronize_session=False)
    )


def _limit(person: Person) -> None:
    key = f"person:{person.id}"
    ratelimit.check(GIVE_LIMIT, key)
    ratelimit.count(GIVE_LIMIT, key)
