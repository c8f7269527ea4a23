"""Changing discussions. An action checks the rule, changes, records; its caller commits."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.exc import IntegrityError

from deliberate.access.decorators import holds
from deliberate.accounts import queries as people
from deliberate.accounts.models import Person, ResidenceState, RulesAcceptance
from deliberate.accounts.standing import Needs
from deliberate.algorithms.folding import fold
from deliberate.audit import entries as audit
from deliberate.authorship import versions
from deliberate.authorship.actions import sign
from deliberate.authorship.capacities import Voice
from deliberate.authorship.models import Capacity
from deliberate.discussion import queries, rules
from deliberate.discussion.kinds import CHOSEN, ContributionKind
from deliberate.discussion.models import Contribution, Summary, Thread
from deliberate.discussion.permissions import Permission
from deliberate.kernel import clock
from deliberate.kernel.actor import Actor
from deliberate.kernel.db import db, lock
from deliberate.kernel.refusals import Refused
from deliberate.kernel.texts import N_
from deliberate.notifications import actions as letters
from deliberate.notifications import links
from deliberate.subjects import registry
from deliberate.subjects.gate import Activity, Gate, gate
from deliberate.subjects.states import ContentState
from deliberate.tenancy import silence
from deliberate.tenancy.models import DiscussionRules, Municipality, SilenceMode

# In these names one speaks for one's role; everybody else says what they themselves think.
ROLE_OF = {
    Capacity.OFFICE: (ContributionKind.OFFICIAL, Permission.ANSWER_OFFICIALLY),
    Capacity.FACILITATOR: (ContributionKind.NOTE, Permission.FACILITATE),
}


def open_thread(tenant_id: int, consultation_id: int, subject_kind: str, subject_id: int) -> Thread:
    """Make the thread of a thing; the thing that has one keeps it."""
    found = queries.find_thread(tenant_id, subject_kind, subject_id)
    if found is not None:
        return found
    thread = Thread(
        tenant_id=tenant_id,
        consultation_id=consultation_id,
        subject_kind=subject_kind,
        subject_id=subject_id,
    )
    db.session.add(thread)
    db.session.flush()
    return thread


def speak_facts(
    tenant: Municipality,
    thread: Thread,
    person: Person,
    voice: Voice,
    actor: Actor,
    *,
    accepted_rules: bool,
    now: datetime,
) -> rules.SpeakFacts:
    """Gather what the rule asks about this person speaking here, in this name."""
    open_now = talk_gate(thread, now)
    residence = people.find_residence(tenant, person)
    permission = ROLE_OF[voice.capacity][1] if voice.capacity in ROLE_OF else None
    return rules.SpeakFacts(
        now=now,
        is_open=open_now.is_open,
        stopped=open_now.stopped,
        opens_at=open_now.opens_at,
        ends_at=open_now.ends_at,
        needs=Needs(open_now.needs),
        standing=people.standing_of(residence),
        residence_refused=residence is not None and residence.state == ResidenceState.REFUSED,
        accepted_rules=accepted_rules,
        said=queries.said_since(tenant, person, now - rules.LIMIT_PER),
        silent=silence.speaking_refusal(silence.find_silence(tenant, now)),
        as_staff=permission is not None,
        holds_role=permission is not None and holds(actor, permission, on=thread),
    )


def talk_gate(thread: Thread, now: datetime) -> Gate:
    """Ask whether this conversation is open."""
    return gate(thread.tenant_id, thread.consultation_id, Activity.DISCUSS, now=now)


def say(
    tenant: Municipality,
    thread: Thread,
    person: Person,
    voice: Voice,
    actor: Actor,
    *,
    body: str,
    kind: ContributionKind,
    language: str,
    answers: int | None,
    rules_version: int | None,
) -> Contribution:
    """Add a contribution; the same words pressed twice are one.

    ``answers`` is the number of what it replies to. ``rules_version`` is the version of the rules
    of discussion that the person has just said they know, if they did.
    """
    now = clock.now()
    lock(Thread, thread.id)
    current, accepted = queries.current_rules_accepted(tenant, person)
    ticked = current is not None and rules_version == current.version
    answered = _answered(thread, answers)
    parent_id = (answered.parent_id or answered.id) if answered else None
    since = now - rules.SAME_TEXT
    if same := queries.find_same(thread, person, body=body, parent_id=parent_id, since=since):
        return same
    facts = speak_facts(
        tenant, thread, person, voice, actor, accepted_rules=accepted or ticked, now=now
    )
    if refusal := rules.speak_refusal(facts):
        raise Refused(refusal)
    if current is not None and ticked and not accepted:
        _accept(tenant, person, current, now)
    thread.last_number += 1
    contribution = Contribution(
        tenant_id=thread.tenant_id,
        consultation_id=thread.consultation_id,
        thread_id=thread.id,
        number=thread.last_number,
        parent_id=parent_id,
        answers_number=answered.number if answered and answered.parent_id else None,
        kind=_kind(voice, kind),
        body=body,
        folded=fold(body),
        content_state=_state(tenant, voice, now),
    )
    sign(contribution, person, voice, language=language, at=now)
    db.session.add(contribution)
    db.session.flush()
    is_held = contribution.content_state == ContentState.HELD
    if not is_held:
        _voiced(thread, +1)
    if voice.capacity in ROLE_OF:
        audit.record(
            "discussion.said_in_role",
            f"contribution:{contribution.id}",
            actor=actor,
            at=now,
            capacity=voice.label,
        )
    if answered is not None and not is_held:
        _tell_of_reply(tenant, answered, contribution)
    return contribution


def _state(tenant: Municipality, voice: Voice, now: datetime) -> ContentState:
    """Return whether it is shown at once: in election silence it may be read by somebody first."""
    silent = silence.find_silence(tenant, now)
    reads_first = silent is not None and silent.mode is SilenceMode.PRE_MODERATION
    return (
        ContentState.HELD if reads_first and voice.capacity not in ROLE_OF else ContentState.VISIBLE
    )


def _answered(thread: Thread, number: int | None) -> Contribution | None:
    found = queries.find_numbered(thread, number)
    if number is not None and (found is None or not queries.is_readable(found)):
        raise Refused(rules.GONE)
    return found


def _accept(tenant: Municipality, person: Person, current: DiscussionRules, now: datetime) -> None:
    row = RulesAcceptance(
        tenant_id=tenant.id, person_id=person.id, rules_id=current.id, accepted_at=now
    )
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        pass  # ticked in another tab as well


def _kind(voice: Voice, chosen: ContributionKind) -> ContributionKind:
    if voice.capacity in ROLE_OF:
        return ROLE_OF[voice.capacity][0]
    return chosen if chosen in CHOSEN else ContributionKind.VOICE


def _tell_of_reply(tenant: Municipality, answered: Contribution, reply: Contribution) -> None:
    """Tell whoever was answered. The letter has the way to the words, not the words."""
    author = people.find_person(answered.author_id)
    if author is None or author.id == reply.author_id:
        return
    letters.tell(
        author,
        "received",
        tenant=tenant,
        subject=N_("Ktoś odpowiedział na Twoją wypowiedź"),
        template="discussion/reply",
        values={"link": links.absolute(tenant, "discussion.contribution", id=reply.id)},
        dedupe=f"reply:{reply.id}",
    )


def own_facts(contribution: Contribution, person: Person, *, now: datetime) -> rules.OwnFacts:
    """Gather what the rules of changing one's own words ask."""
    thread = db.session.get_one(Thread, contribution.thread_id)
    tenant = db.session.get_one(Municipality, contribution.tenant_id)
    open_now = talk_gate(thread, now)
    return rules.OwnFacts(
        now=now,
        is_author=contribution.author_id == person.id,
        is_shown=queries.is_readable(contribution),
        is_withdrawn=contribution.withdrawn_at is not None,
        is_open=open_now.is_open,
        stopped=open_now.stopped,
        said_at=contribution.created_at,
        silent=silence.changing_refusal(silence.find_silence(tenant, now)),
    )


def correct(
    contribution: Contribution, person: Person, *, body: str, note: str, seen_version: str
) -> None:
    """Change one's own words: freely at first, later as a version that people can compare."""
    now = clock.now()
    lock(Contribution, contribution.id)
    facts = own_facts(contribution, person, now=now)
    if refusal := rules.edit_refusal(facts):
        raise Refused(refusal)
    if seen_version != str(contribution.version_no):
        raise Refused(rules.CHANGED_MEANWHILE)
    if body == contribution.body:
        return
    if rules.leaves_version(facts):
        _keep_versions(contribution, body=body, note=note, now=now)
    contribution.body, contribution.folded, contribution.edited_at = body, fold(body), now


def _keep_versions(contribution: Contribution, *, body: str, note: str, now: datetime) -> None:
    def save(no: int, text: str, at: datetime, why: str) -> None:
        versions.save(
            contribution.tenant_id,
            "contribution",
            contribution.id,
            no,
            {"body": text},
            contribution.author_id,
            contribution.author_name,
            at,
            note=why,
        )

    if contribution.version_no == 1:  # the first words are kept when they are first replaced
        save(1, contribution.body, contribution.edited_at or contribution.created_at, "")
    contribution.version_no += 1
    save(contribution.version_no, body, now, note)


def withdraw(contribution: Contribution, person: Person) -> None:
    """Take one's own words back: from then on nobody reads them; what answers them stays."""
    now = clock.now()
    lock(Contribution, contribution.id)
    if refusal := rules.withdraw_refusal(own_facts(contribution, person, now=now)):
        raise Refused(refusal)
    was_readable = queries.is_readable(contribution)
    contribution.withdrawn_at = now
    contribution.pinned_at = None
    if was_readable:
        _voiced(db.session.get_one(Thread, contribution.thread_id), -1)


def pin(contribution: Contribution, actor: Actor) -> None:
    """Put a root above the others."""
    if contribution.parent_id is not None or not queries.is_readable(contribution):
        raise Refused(rules.NOT_A_ROOT)
    now = clock.now()
    contribution.pinned_at = now
    audit.record("discussion.pinned", f"contribution:{contribution.id}", actor=actor, at=now)


def unpin(contribution: Contribution, actor: Actor) -> None:
    contribution.pinned_at = None
    audit.record(
        "discussion.unpinned", f"contribution:{contribution.id}", actor=actor, at=clock.now()
    )


def summarise(
    thread: Thread,
    person: Person,
    voice: Voice,
    actor: Actor,
    *,
    agreed: str,
    disputed: str,
    language: str,
) -> Summary:
    """Add a summary of what may be read now; earlier ones stay, below it."""
    if voice.capacity is not Capacity.FACILITATOR:
        raise Refused(rules.NOT_YOUR_ROLE)
    now = clock.now()
    summary = Summary(
        tenant_id=thread.tenant_id,
        consultation_id=thread.consultation_id,
        thread_id=thread.id,
        agreed=agreed,
        disputed=disputed,
        covers=queries.count_voices(thread),
    )
    sign(summary, person, voice, language=language, at=now)
    db.session.add(summary)
    db.session.flush()
    audit.record(
        "discussion.summarised",
        f"summary:{summary.id}",
        actor=actor,
        at=now,
        capacity=voice.label,
        covers=summary.covers,
    )
    return summary


# What others do to contributions: moderation, the closing of an account.


def restrict(tenant_id: int, contribution_id: int, state: ContentState) -> None:
    """Set the content state of a contribution and keep the counter of its thing true."""
    lock(Contribution, contribution_id)
    contribution = db.session.get_one(Contribution, contribution_id)
    if contribution.tenant_id != tenant_id:
        raise LookupError(f"No contribution {contribution_id} in municipality {tenant_id}.")
    was, was_held = (
        queries.is_readable(contribution),
        contribution.content_state == ContentState.HELD,
    )
    contribution.content_state = state
    if was_held and queries.is_readable(contribution):
        _tell_late(contribution)
    change = int(queries.is_readable(contribution)) - int(was)
    if change:
        _voiced(db.session.get_one(Thread, contribution.thread_id), change)


def _tell_late(contribution: Contribution) -> None:
    """Tell whoever was answered by what was held until somebody had read it."""
    number = contribution.answers_number
    thread = db.session.get_one(Thread, contribution.thread_id)
    if number is not None:
        answered = queries.find_numbered(thread, number)
    else:
        parent = contribution.parent_id
        answered = db.session.get(Contribution, parent) if parent is not None else None
    if answered is not None and queries.is_readable(answered):
        tenant = db.session.get_one(Municipality, contribution.tenant_id)
        _tell_of_reply(tenant, answered, contribution)


def restrict_summary(tenant_id: int, summary_id: int, state: ContentState) -> None:
    lock(Summary, summary_id)
    summary = db.session.get_one(Summary, summary_id)
    if summary.tenant_id != tenant_id:
        raise LookupError(f"No summary {summary_id} in municipality {tenant_id}.")
    summary.content_state = state


def _voiced(thread: Thread, change: int) -> None:
    kind = registry.kinds().get(thread.subject_kind)
    if kind is not None and kind.voiced is not None:
        kind.voiced(thread.tenant_id, thread.subject_id, change)
