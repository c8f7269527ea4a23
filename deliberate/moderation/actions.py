"""Notices and decisions. An action checks the rule, changes, records; its caller commits.

A decision, the change of the thing, the letter and the entry of the audit are one transaction: a
restriction without its reasons cannot exist.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.exc import IntegrityError

from deliberate.accounts import queries as people
from deliberate.accounts.models import Person
from deliberate.audit import entries as audit
from deliberate.authorship.capacities import Voice
from deliberate.kernel import clock, mail
from deliberate.kernel.actor import Actor
from deliberate.kernel.db import db
from deliberate.kernel.refusals import Refused
from deliberate.kernel.texts import N_
from deliberate.moderation import offices, queries, rules, statement
from deliberate.moderation.conversation import conversation
from deliberate.moderation.models import Decision, Notice, NoticeState, Passed
from deliberate.moderation.reasons import Reason
from deliberate.notifications import actions as letters
from deliberate.notifications import links
from deliberate.notifications.letters import compose
from deliberate.subjects import registry
from deliberate.subjects.registry import Card
from deliberate.subjects.states import ContentState
from deliberate.tenancy.models import Municipality

MOST_RACES = 20


def give_notice(
    tenant: Municipality,
    card: Card,
    *,
    reason: Reason,
    text: str,
    email: str,
    reporter_id: int | None,
    locale: str,
) -> Notice:
    """Add a notice with a number of its own; two at once do not get the same."""
    for _ in range(MOST_RACES):
        notice = Notice(
            tenant_id=tenant.id,
            number=queries.next_number(tenant.id),
            consultation_id=card.consultation_id,
            subject_kind=card.kind,
            subject_id=card.id,
            reason=reason,
            text=text,
            reporter_id=reporter_id,
            reporter_email=email or None,
            locale=locale,
            at=clock.now(),
        )
        try:
            with db.session.begin_nested():
                db.session.add(notice)
        except IntegrityError:
            continue
        _confirm(tenant, notice)
        return notice
    raise RuntimeError("Too many notices at once for one municipality.")


def case_facts(card: Card, actor: Actor, *, seen: str) -> rules.CaseFacts:
    """Gather what the rules ask about this person deciding about this thing."""
    person_id = actor.person_id or 0
    return rules.CaseFacts(
        is_own=card.author_id == person_id,
        has_spoken=conversation().has_spoken(card, person_id),
        state=card.own_state,
        now_is=rules.fingerprint(card.own_state, card.text),
        seen=seen,
    )


def leave(
    tenant: Municipality, card: Card, actor: Actor, voice: Voice, *, words: str, seen: str
) -> None:
    """Say that the thing stays: it leaves the queue, and whoever reported it is told.

    What was held until somebody had read it is shown from now on.
    """
    now = clock.now()
    if refusal := rules.leave_refusal(case_facts(card, actor, seen=seen)):
        raise Refused(refusal)
    assert actor.person_id is not None  # noqa: S101 - the view asked for the permission
    passed = queries.find_passed(tenant.id, card.kind, card.id)
    if passed is None:
        passed = Passed(tenant_id=tenant.id, subject_kind=card.kind, subject_id=card.id)
        db.session.add(passed)
    passed.passed_by, passed.at = actor.person_id, now
    if card.own_state is ContentState.HELD:  # it waited for nothing else
        _restrict(card.kind, tenant.id, card.id, ContentState.VISIBLE)
    answered = _answer_notices(tenant, card, decision=None, words=words, now=now)
    audit.record(
        "moderation.left",
        f"{card.kind}:{card.id}",
        actor=actor,
        at=now,
        capacity=voice.label,
        notices=answered,
    )


def answer_for_office(tenant: Municipality, card: Card, actor: Actor, *, words: str) -> None:
    """Answer everybody who reported a text of the office: what it did, or why it stays."""
    now = clock.now()
    answered = _answer_notices(tenant, card, decision=None, words=words, now=now)
    if not answered:
        raise Refused(rules.NOTHING_REPORTED)
    audit.record(
        "moderation.answered",
        f"{card.kind}:{card.id}",
        actor=actor,
        at=now,
        notices=answered,
        words=words,
    )


def hide(
    tenant: Municipality,
    card: Card,
    actor: Actor,
    voice: Voice,
    *,
    reason: Reason,
    rule: int | None,
    rules_version: int | None,
    passage: str,
    words: str,
    seen: str,
) -> Decision:
    """Hide a thing and tell its author why, in thirty seconds."""
    if refusal := rules.hide_refusal(case_facts(card, actor, seen=seen)):
        raise Refused(refusal)
    decision = _decide(
        tenant,
        card,
        actor,
        voice,
        to_state=ContentState.HIDDEN,
        reason=reason,
        rule=rule,
        rules_version=rules_version if rule else None,
        passage=passage,
        explanation=rules.explanation(reason, words),
    )
    _tell_author(tenant, decision, card, N_("Twój wpis został ukryty"), "moderation/hidden")
    return decision


def restore(
    tenant: Municipality, card: Card, actor: Actor, voice: Voice, *, explanation: str, seen: str
) -> Decision:
    """Bring a hidden thing back, exactly as it was, and tell its author."""
    if refusal := rules.restore_refusal(case_facts(card, actor, seen=seen)):
        raise Refused(refusal)
    return _bring_back(tenant, card, actor, voice, explanation)


def overturn(
    tenant: Municipality,
    decision: Decision,
    card: Card,
    actor: Actor,
    voice: Voice,
    *,
    explanation: str,
    seen: str,
) -> Decision:
    """Bring back what another person hid, exactly as it was, and tell its author."""
    facts = case_facts(card, actor, seen=seen)
    decided = decision.decided_by == actor.person_id
    if refusal := rules.review_refusal(facts, decided=decided):
        raise Refused(refusal)
    return _bring_back(tenant, card, actor, voice, explanation)


def _bring_back(
    tenant: Municipality, card: Card, actor: Actor, voice: Voice, explanation: str
) -> Decision:
    decision = _decide(
        tenant, card, actor, voice, to_state=ContentState.VISIBLE, explanation=explanation
    )
    _tell_author(tenant, decision, card, N_("Twój wpis jest znów widoczny"), "moderation/restored")
    return decision


def _decide(
    tenant: Municipality,
    card: Card,
    actor: Actor,
    voice: Voice,
    *,
    to_state: ContentState,
    explanation: str,
    reason: Reason | None = None,
    rule: int | None = None,
    rules_version: int | None = None,
    passage: str = "",
) -> Decision:
    now = clock.now()
    notices = queries.list_open_notices(tenant.id, card.kind, card.id)
    decision = Decision(
        tenant_id=tenant.id,
        consultation_id=card.consultation_id,
        subject_kind=card.kind,
        subject_id=card.id,
        turn=queries.count_turns(tenant.id, card.kind, card.id) + 1,
        author_id=card.author_id,
        from_state=card.own_state,
        to_state=to_state,
        reason=reason,
        rule=rule,
        rules_version=rules_version,
        passage=passage,
        explanation=explanation,
        notice_id=notices[0].id if notices else None,
        decided_by=actor.person_id,
        decider_label=voice.label,
        organisation_id=voice.organisation_id,
        at=now,
        told_after=now + rules.UNDO,
    )
    try:
        with db.session.begin_nested():
            db.session.add(decision)
    except IntegrityError as error:  # somebody else decided a moment ago
        raise Refused(rules.CHANGED_MEANWHILE) from error
    _restrict(card.kind, tenant.id, card.id, to_state)
    _answer_notices(tenant, card, decision=decision, words="", now=now)
    audit.record(
        f"moderation.{to_state}",
        f"{card.kind}:{card.id}",
        actor=actor,
        at=now,
        capacity=voice.label,
        decision=decision.id,
        reason=reason or "",
        rule=rule or 0,
        explanation=explanation,
    )
    return decision


def undo(tenant: Municipality, decision: Decision, actor: Actor) -> None:
    """Take a decision back before anybody was told of it."""
    now = clock.now()
    facts = rules.UndoFacts(
        now=now,
        told_after=decision.told_after,
        is_undone=decision.undone_at is not None,
        is_decider=decision.decided_by == actor.person_id,
    )
    if refusal := rules.undo_refusal(facts):
        raise Refused(refusal)
    decision.undone_at = now
    back = rules.state_before(ContentState(decision.from_state), ContentState(decision.to_state))
    _restrict(decision.subject_kind, tenant.id, decision.subject_id, back)
    mail.cancel(_letter(decision), now=now)
    for notice in queries.list_notices_of(tenant.id, decision.id):
        mail.cancel(_answer(notice, decision), now=now)
        notice.state, notice.decision_id, notice.decided_at = NoticeState.RECEIVED, None, None
    audit.record(
        "moderation.undone",
        f"{decision.subject_kind}:{decision.subject_id}",
        actor=actor,
        at=now,
        decision=decision.id,
    )


def note_conflict(card: Card, actor: Actor) -> None:
    """Keep that somebody tried to decide in a conversation in which they speak for themselves."""
    audit.record(
        "moderation.conflict_refused", f"{card.kind}:{card.id}", actor=actor, at=clock.now()
    )


def _restrict(kind: str, tenant_id: int, subject_id: int, state: ContentState) -> None:
    restrict = registry.get_kind(kind).restrict
    if restrict is None:
        raise ValueError(f"Nobody hides {kind!r}: the office answers for it.")
    restrict(tenant_id, subject_id, state)


# Letters.


def _letter(decision: Decision) -> str:
    return f"decision:{decision.id}"


def _answer(notice: Notice, decision: Decision | None) -> str:
    return f"notice:{notice.id}:{decision.id if decision else 'stays'}"


def _tell_author(
    tenant: Municipality, decision: Decision, card: Card, subject: str, template: str
) -> None:
    author = people.find_person(card.author_id)
    if author is None or author.email is None:
        return
    letters.tell(
        author,
        "moderated",
        tenant=tenant,
        subject=subject,
        template=template,
        values={
            "statement": statement.of_decision(tenant, decision, card),
            "link": links.absolute(tenant, "moderation.decision", id=decision.id),
        },
        not_before=decision.told_after,
        dedupe=_letter(decision),
    )


def _answer_notices(
    tenant: Municipality, card: Card, *, decision: Decision | None, words: str, now: datetime
) -> int:
    """Close the open notices of a thing and tell whoever left an address. Returns how many."""
    notices = queries.list_open_notices(tenant.id, card.kind, card.id)
    for notice in notices:
        notice.state, notice.decided_at = NoticeState.DECIDED, now
        notice.decision_id = decision.id if decision else None
        _write_to_reporter(
            tenant,
            notice,
            N_("Zgłoszenie nr %(number)s: decyzja"),
            "moderation/notice_decided",
            {
                "hidden": decision is not None and decision.to_state == ContentState.HIDDEN,
                "by_office": offices.answers_for(card.kind),
                "words": words,
                "redress": statement.find_redress(tenant, card.consultation_id),
            },
            not_before=now + rules.UNDO,
            dedupe=_answer(notice, decision),
        )
    return len(notices)


def _confirm(tenant: Municipality, notice: Notice) -> None:
    _write_to_reporter(
        tenant,
        notice,
        N_("Zgłoszenie nr %(number)s: przyjęte"),
        "moderation/notice_received",
        {"by_office": offices.answers_for(notice.subject_kind)},
        not_before=None,
        dedupe=f"notice:{notice.id}:received",
    )


def _write_to_reporter(
    tenant: Municipality,
    notice: Notice,
    subject: str,
    template: str,
    values: dict[str, object],
    *,
    not_before: datetime | None,
    dedupe: str,
) -> None:
    """Write to the address that was left, or to the account; there is no switch: they asked."""
    person = people.find_person(notice.reporter_id)
    address = notice.reporter_email or _address_of(person)
    if not address:
        return
    letter = compose(
        tenant,
        notice.locale,
        subject=subject,
        template=template,
        values={"number": notice.number, **values},
    )
    mail.write(
        kind="notice",
        address=address,
        subject=letter.subject,
        body=letter.body,
        locale=notice.locale,
        tenant_id=tenant.id,
        person_id=notice.reporter_id,
        not_before=not_before,
        dedupe=dedupe,
    )


def _address_of(person: Person | None) -> str:
    return person.email or "" if person is not None else ""
