"""What the office does: enter, black out, publish, count, submit, answer, extend, join."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import update

from deliberate.audit import entries
from deliberate.kernel import clock, files
from deliberate.kernel.actor import Actor
from deliberate.kernel.db import db, lock
from deliberate.kernel.models import StoredFile
from deliberate.kernel.refusals import Refused
from deliberate.petitions import figures, notices, queries, redaction, rules, terms
from deliberate.petitions.actions import registering
from deliberate.petitions.content import Letter
from deliberate.petitions.kinds import SEALED, Register, State
from deliberate.petitions.models import Entry, Original, PaperCount, subject_of
from deliberate.subjects.states import ContentState
from deliberate.tenancy.models import LegalRule, Municipality


def enter(
    tenant: Municipality,
    register: Register,
    letter: Letter,
    *,
    scan: StoredFile | None,
    actor: Actor,
    now: datetime,
) -> Entry:
    """Enter what came on paper: a petition's clock runs from the day it came."""
    today = clock.local(now).date()
    came = letter.received_on or today
    if came > today:
        raise Refused(rules.IN_THE_FUTURE)
    known = queries.list_figures(tenant, came)
    entry = Entry(
        tenant_id=tenant.id,
        register=register,
        title=letter.title,
        language=letter.language,
        state=State.DRAFT,
        created_at=now,
    )
    if register == Register.PETITION:
        entry.state = State.SUBMITTED
        registering.give_number(tenant, entry, came)
        registering.start_clock(entry, known, came)
    elif register == Register.INITIATIVE:
        figure = figures.signatures(known, tenant.kind, tenant.population)
        entry.needed = figure.number if figure and figure.number else None
    db.session.add(entry)
    db.session.flush()
    db.session.add(
        Original(
            tenant_id=tenant.id,
            entry_id=entry.id,
            title=letter.title,
            text=letter.text,
            name=letter.name,
            contact=letter.contact,
            name_is_public=letter.name_is_public,
        )
    )
    if scan is not None:
        files.attach(scan, SEALED, entry.id)
    entries.record("register.entered", subject_of(entry), actor=actor, at=now)
    return entry


def black_out(
    entry: Entry,
    *,
    title: str,
    passages: str,
    needed: int | None,
    actor: Actor,
    now: datetime,
) -> None:
    """Keep what is to be blacked out; nothing is published by this."""
    lock(Entry, entry.id)
    original = queries.find_original(entry)
    if entry.published_at is not None:
        raise Refused(rules.ALREADY_PUBLISHED)
    if original is None:
        raise Refused(rules.ORIGINAL_GONE)
    original.passages = "\n".join(redaction.read_passages(passages))
    entry.title = title
    if entry.register == Register.INITIATIVE:
        entry.needed = needed
    entries.record("register.blacked_out", subject_of(entry), actor=actor, at=now)


def publish(
    tenant: Municipality,
    entry: Entry,
    *,
    seen: str,
    scan: StoredFile | None,
    actor: Actor,
    now: datetime,
) -> None:
    """Put the blacked out text into the register, with a scan that was blacked out already."""
    lock(Entry, entry.id)
    original = queries.find_original(entry)
    title, text = queries.redacted(entry, original) if original else ("", "")
    facts = rules.PublishFacts(
        register=entry.register,
        state=entry.state,
        is_published=entry.published_at is not None,
        has_original=original is not None,
        is_read=original is not None
        and original.passages is not None
        and seen == queries.seen(title, text),
        text=text,
        needed=entry.needed,
    )
    if refusal := rules.publish_refusal(facts):
        raise Refused(refusal)
    today = clock.local(now).date()
    if entry.number is None:
        registering.give_number(tenant, entry, today)
    if entry.state == State.DRAFT:
        registering.start_gathering(entry, queries.list_figures(tenant, today), today)
    if original is not None and original.name_is_public:
        entry.author_name = original.name
    registering.publish(entry, title=title, text=text, now=now)
    if scan is not None:
        files.attach(scan, entry.register, entry.id)
    entries.record("register.published", subject_of(entry), actor=actor, at=now)
    notices.tell_author(tenant, entry, "published")


def count_paper(entry: Entry, *, signatures: int, note: str, actor: Actor, now: datetime) -> None:
    """Write down a count of signatures on paper; it replaces the one before, which stays listed."""
    lock(Entry, entry.id)
    if entry.state != State.GATHERING:
        raise Refused(rules.NOT_GATHERING)
    db.session.add(
        PaperCount(
            tenant_id=entry.tenant_id,
            entry_id=entry.id,
            signatures=signatures,
            note=note,
            counted_by=actor.person_id,
            counted_at=now,
        )
    )
    entry.paper = signatures
    entries.record(
        "register.counted", subject_of(entry), actor=actor, at=now, signatures=signatures
    )


def submit(tenant: Municipality, entry: Entry, *, on: date, actor: Actor, now: datetime) -> None:
    """Write down that it was handed in with enough signatures; from that day the clock runs."""
    lock(Entry, entry.id)
    have = rules.supporters(entry.register, supports=entry.supports, paper=entry.paper)
    if on > clock.local(now).date():
        raise Refused(rules.IN_THE_FUTURE)
    if refusal := rules.submission_refusal(
        state=entry.state, have=have, needed=entry.needed
    ) or rules.late_refusal(on=on, until=entry.gathering_until):
        raise Refused(refusal)
    entry.state = State.SUBMITTED
    registering.start_clock(entry, queries.list_figures(tenant, on), on)
    entries.record("register.submitted", subject_of(entry), actor=actor, at=now)
    notices.tell_author(tenant, entry, "state")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What the office or the council says in the end."""

    outcome: str
    answer: str
    forwarded_to: str
    consultation_id: int | None


def answer(
    tenant: Municipality, entry: Entry, reply: Reply, *, actor: Actor, now: datetime
) -> None:
    """Close a matter with reasons, and all petitions that are examined together with it."""
    lock(Entry, entry.id)
    facts = rules.AnswerFacts(
        register=entry.register,
        state=entry.state,
        is_published=entry.published_at is not None,
        is_joined=entry.joined_id is not None,
        outcome=reply.outcome,
        answer=reply.answer,
        has_consultation=reply.consultation_id is not None,
        forwarded_to=reply.forwarded_to,
    )
    if refusal := rules.answer_refusal(facts):
        raise Refused(refusal)
    together = [row for row in queries.list_joined(entry) if row.state == State.SUBMITTED]
    if any(row.published_at is None for row in together):
        raise Refused(rules.PUBLISH_FIRST)
    for each in (entry, *together):
        each.answer = reply.answer
        if reply.outcome == State.FORWARDED:
            each.forwarded_to = reply.forwarded_to
        if entry.register == Register.REQUEST and reply.outcome == State.AGREED:
            each.consultation_id = reply.consultation_id
        registering.close(each, State(reply.outcome), now=now)
        entries.record(
            "register.answered", subject_of(each), actor=actor, at=now, outcome=reply.outcome
        )
        notices.tell_author(tenant, each, "state")


def mark_withdrawn(
    tenant: Municipality, entry: Entry, *, reason: str, actor: Actor, now: datetime
) -> None:
    """Write down that who asked took it back, on paper."""
    lock(Entry, entry.id)
    if refusal := rules.withdrawal_refusal(state=entry.state, is_author=True):
        raise Refused(refusal)
    if entry.number is None:
        registering.give_number(tenant, entry, clock.local(now).date())
    entry.closing_reason = reason
    registering.close(entry, State.WITHDRAWN, now=now)
    entries.record("register.withdrawn", subject_of(entry), actor=actor, at=now, reason=reason)
    notices.tell_author(tenant, entry, "state")


def mark_lapsed(
    tenant: Municipality, entry: Entry, *, reason: str, actor: Actor, now: datetime
) -> None:
    """Write down that too few signatures were handed in by the last day.

    The office says it and no clock: paper handed in on the last day is counted afterwards.
    """
    lock(Entry, entry.id)
    today = clock.local(now).date()
    if refusal := rules.lapse_refusal(state=entry.state, until=entry.gathering_until, today=today):
        raise Refused(refusal)
    entry.closing_reason = reason
    registering.close(entry, State.LAPSED, now=now)
    entries.record("register.lapsed", subject_of(entry), actor=actor, at=now, reason=reason)
    notices.tell_author(tenant, entry, "state")


def extend(
    tenant: Municipality, entry: Entry, *, until: date, reason: str, actor: Actor, now: datetime
) -> None:
    """Give the office more time for a petition, once, and say why in public."""
    lock(Entry, entry.id)
    if refusal := rules.extension_refusal(extension_facts(tenant, entry, until, now)):
        raise Refused(refusal)
    entry.extended_from, entry.due_on = entry.due_on, until
    entry.extension_reason = reason
    entries.record(
        "register.extended", subject_of(entry), actor=actor, at=now, until=until, reason=reason
    )
    notices.tell_author(tenant, entry, "extended")


def extension_facts(
    tenant: Municipality, entry: Entry, until: date, now: datetime
) -> rules.ExtensionFacts:
    known = queries.list_figures(tenant, clock.local(now).date())
    figure = known.get(figures.EXTENSION_MONTHS)
    latest = None
    if figure is not None and entry.due_on is not None:
        latest = terms.after_months(entry.due_on, figure.number)
    return rules.ExtensionFacts(
        register=entry.register,
        state=entry.state,
        due_on=entry.due_on,
        is_extended=entry.extended_from is not None,
        until=until,
        latest=latest,
    )


def join(entry: Entry, main: Entry, *, actor: Actor, now: datetime) -> None:
    """Examine a petition together with another one; the earlier date of the two holds for both."""
    for each in sorted((entry.id, main.id)):
        lock(Entry, each)
    facts = rules.JoinFacts(
        registers=(entry.register, main.register),
        states=(entry.state, main.state),
        is_same=entry.id == main.id,
        is_joined=entry.joined_id is not None or bool(queries.list_joined(entry)),
        main_is_joined=main.joined_id is not None,
    )
    if refusal := rules.join_refusal(facts):
        raise Refused(refusal)
    entry.joined_id = main.id
    if entry.due_on is not None and (main.due_on is None or entry.due_on < main.due_on):
        main.due_on = entry.due_on
    entries.record("register.joined", subject_of(entry), actor=actor, at=now, main=subject_of(main))


def set_terms(
    tenant: Municipality,
    numbers: dict[str, int],
    *,
    source: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Write the municipality's own numbers for requests, from today; the former ones stay dated."""
    today = clock.local(now).date()
    for name, value in numbers.items():
        unit = "dni" if name in (figures.ANSWER_DAYS, figures.GATHERING_DAYS) else "osoby"
        _write_rule(tenant, name, value, unit=unit, source=source, today=today)
    _record_terms(tenant, numbers, source=source, actor=actor, now=now)


def set_initiative_term(
    tenant: Municipality, days: int | None, *, source: str, actor: Actor, now: datetime
) -> None:
    """Write how long signatures are gathered, from today; None: there is no last day."""
    name, today = figures.INITIATIVE_GATHERING_DAYS, clock.local(now).date()
    # Nothing is written as 0, so that it stands above a rule of the country if there ever is one.
    _write_rule(tenant, name, days or 0, unit="dni", source=source, today=today)
    _record_terms(tenant, {name: days or 0}, source=source, actor=actor, now=now)


def _write_rule(
    tenant: Municipality, name: str, value: int, *, unit: str, source: str, today: date
) -> None:
    key = figures.PREFIX + name
    own = (LegalRule.tenant_id == tenant.id, LegalRule.key == key)
    db.session.execute(
        update(LegalRule)
        .where(*own, LegalRule.valid_to.is_(None), LegalRule.valid_from < today)
        .values(valid_to=today)
        .execution_options(touches=tenant.id)
    )
    row = db.session.query(LegalRule).filter(*own, LegalRule.valid_from == today).first()
    if row is None:
        row = LegalRule(tenant_id=tenant.id, key=key, valid_from=today)
        db.session.add(row)
    row.value, row.unit, row.source, row.verified = str(value), unit, source, True


def _record_terms(
    tenant: Municipality, numbers: dict[str, int], *, source: str, actor: Actor, now: datetime
) -> None:
    entries.record(
        "register.terms",
        f"municipality:{tenant.id}",
        actor=actor,
        at=now,
        source=source,
        numbers=numbers,
    )


# For the rest of the system.


def restrict(tenant_id: int, entry_id: int, state: ContentState) -> None:
    """Set whether the text may be seen; the decision and its reasons are moderation's."""
    db.session.execute(
        update(Entry)
        .where(Entry.tenant_id == tenant_id, Entry.id == entry_id)
        .values(content_state=state)
        .execution_options(touches=tenant_id, synchronize_session="fetch")
    )
