"""Changing proposals. An action checks the rule, changes, records; its caller commits."""

from __future__ import annotations

import secrets
from datetime import timedelta

from sqlalchemy import delete, select, update

from deliberate.accounts import closing
from deliberate.accounts import queries as people
from deliberate.accounts.models import Person
from deliberate.accounts.rules import fold_email
from deliberate.authorship import coauthors, drafts, versions
from deliberate.authorship.actions import CLOSED_ACCOUNT, sign
from deliberate.authorship.capacities import Voice
from deliberate.authorship.models import Coauthor
from deliberate.consultations.models import Consultation
from deliberate.discussion.actions import open_thread
from deliberate.kernel import clock, files, ratelimit
from deliberate.kernel.db import db, lock
from deliberate.kernel.models import StoredFile
from deliberate.kernel.ratelimit import Limit
from deliberate.kernel.refusals import Refused
from deliberate.proposals import notices, queries, rules
from deliberate.proposals.content import Content, content_of, write_into
from deliberate.proposals.listing import SEEDS
from deliberate.proposals.models import Proposal, State, Support
from deliberate.subjects.activities import Activity
from deliberate.subjects.gate import gate
from deliberate.subjects.states import ContentState
from deliberate.tenancy import queries as places
from deliberate.tenancy.models import Municipality

PROPOSE_LIMIT = Limit(bucket="propose", most=20, per=timedelta(hours=1))
INVITE_LIMIT = Limit(bucket="coauthor", most=20, per=timedelta(days=1))  # they are letters


def publish(
    tenant: Municipality,
    consultation: Consultation,
    person: Person,
    voice: Voice,
    content: Content,
    *,
    form_key: str,
) -> Proposal:
    """Add a proposal under the next number; the same form sent twice gives the same proposal."""
    now = clock.now()
    # Held to the end: numbers follow each other without a gap, and a form meets its twin here.
    lock(Consultation, consultation.id)
    if sent := queries.find_sent(consultation, person, form_key):
        return sent
    facts = queries.propose_facts(tenant, consultation, person, voice, now=now)
    if refusal := rules.propose_refusal(facts):
        raise Refused(refusal)
    _limit(PROPOSE_LIMIT, person)

    consultation.last_number += 1
    proposal = Proposal(
        tenant_id=tenant.id,
        consultation_id=consultation.id,
        number=consultation.last_number,
        shuffle=secrets.randbelow(SEEDS),
        form_key=form_key,
    )
    write_into(proposal, content)
    sign(proposal, person, voice, language=content.language, at=now)
    db.session.add(proposal)
    db.session.flush()
    thread = open_thread(tenant.id, consultation.id, queries.KIND, proposal.id)
    proposal.thread_id = thread.id
    _save_version(tenant, proposal, person)
    drafts.drop(tenant.id, person.id, queries.KIND, place_of(consultation))
    notices.tell_received(tenant, consultation, proposal, person)
    return proposal


def change(
    tenant: Municipality,
    proposal: Proposal,
    person: Person,
    content: Content,
    *,
    based_on: int,
    note: str,
) -> bool:
    """Change the text into a new version. Returns False when it says what it said before.

    ``based_on``: the version that the person had before their eyes.
    """
    now = clock.now()
    lock(Proposal, proposal.id)
    facts = queries.change_facts(
        tenant, proposal, person, signers=queries.list_signers(proposal), now=now
    )
    if refusal := rules.change_refusal(facts):
        raise Refused(refusal)
    if proposal.version_no != based_on:
        raise Refused(rules.CHANGED_MEANWHILE)
    if content == content_of(proposal):
        return False
    if rules.needs_note(facts) and not note:
        raise Refused(rules.NOTE_NEEDED)

    write_into(proposal, content)
    proposal.version_no += 1
    proposal.edited_at = now
    _save_version(tenant, proposal, person, note=note)
    return True


def set_picture(
    tenant: Municipality, proposal: Proposal, person: Person, file: StoredFile | None, *, alt: str
) -> None:
    """Show this picture with the proposal in place of the one before; None: show none."""
    now = clock.now()
    facts = queries.change_facts(
        tenant, proposal, person, signers=queries.list_signers(proposal), now=now
    )
    if refusal := rules.picture_refusal(facts):
        raise Refused(refusal)
    for former in files.list_files(tenant.id, queries.KIND, proposal.id):
        files.detach(former)
    if file is not None:
        files.attach(file, queries.KIND, proposal.id)
        file.alt = alt


def withdraw(tenant: Municipality, proposal: Proposal, person: Person, *, reason: str) -> None:
    """Take a proposal back; it stays in the list, marked, with the reason."""
    now = clock.now()
    lock(Proposal, proposal.id)
    facts = queries.change_facts(
        tenant, proposal, person, signers=queries.list_signers(proposal), now=now
    )
    if refusal := rules.withdrawal_refusal(facts):
        raise Refused(refusal)
    proposal.state, proposal.state_reason = State.WITHDRAWN, reason
    proposal.withdrawn_at = now


def give_support(tenant: Municipality, proposal: Proposal, person: Person) -> None:
    """Support a proposal once. The row is locked, so that the counter equals the supports."""
    now = clock.now()
    closing.keep_open(person)
    lock(Proposal, proposal.id)
    facts = queries.support_facts(
        tenant, proposal, person, signers=queries.list_signers(proposal), now=now
    )
    if refusal := rules.support_refusal(facts):
        raise Refused(refusal)
    db.session.add(
        Support(tenant_id=tenant.id, proposal_id=proposal.id, person_id=person.id, given_at=now)
    )
    proposal.supports += 1


def withdraw_support(tenant: Municipality, proposal: Proposal, person: Person) -> None:
    now = clock.now()
    lock(Proposal, proposal.id)
    facts = queries.support_facts(
        tenant, proposal, person, signers=queries.list_signers(proposal), now=now
    )
    if refusal := rules.support_withdrawal_refusal(facts):
        raise Refused(refusal)
    db.session.delete(queries.find_support(proposal, person))
    proposal.supports -= 1


# Co-authors.


def invite(
    tenant: Municipality,
    consultation: Consultation,
    proposal: Proposal,
    person: Person,
    address: str,
) -> None:
    """Ask an address to sign too; whether it has an account changes nothing that anyone sees."""
    now = clock.now()
    lock(Proposal, proposal.id)
    email = fold_email(address)
    facts = queries.invite_facts(tenant, proposal, person, email, now=now)
    if refusal := rules.invite_refusal(facts):
        raise Refused(refusal)
    _limit(INVITE_LIMIT, person)
    token = coauthors.invite(tenant.id, queries.KIND, proposal.id, email, at=now)
    notices.ask_to_sign(tenant, consultation, proposal, author=person, address=address, token=token)


def accept_invitation(
    tenant: Municipality,
    consultation: Consultation,
    proposal: Proposal,
    person: Person,
    invitation: Coauthor,
) -> None:
    """Sign the proposal: the invitation was looked up for this very person."""
    lock(Proposal, proposal.id)
    signers = queries.list_signers(proposal)
    if queries.signs(proposal, signers, person):
        raise Refused(rules.ALREADY_SIGNED)
    coauthors.accept(invitation, person, at=clock.now())
    if support := queries.find_support(proposal, person):  # nobody supports what they sign
        db.session.delete(support)
        proposal.supports -= 1
    notices.tell_received(tenant, consultation, proposal, person)
    author = people.find_person(proposal.author_id)
    if author is not None and author.is_active:
        notices.tell_signed(tenant, consultation, proposal, author=author, signer=person)


# For the rest of the system.


def restrict(tenant_id: int, proposal_id: int, state: ContentState) -> None:
    """Set whether the text may be seen; the decision and its reasons are moderation's."""
    db.session.execute(
        update(Proposal)
        .where(Proposal.tenant_id == tenant_id, Proposal.id == proposal_id)
        .values(content_state=state)
        .execution_options(touches=tenant_id, synchronize_session="fetch")
    )


def add_voices(tenant_id: int, proposal_id: int, change_by: int) -> None:
    """Keep the number of voices in the proposal's discussion."""
    db.session.execute(
        update(Proposal)
        .where(Proposal.tenant_id == tenant_id, Proposal.id == proposal_id)
        .values(voices=Proposal.voices + change_by)
        .execution_options(touches=tenant_id, synchronize_session="fetch")
    )


def forget_author(person_id: int) -> None:
    """Take the name from the proposals of somebody who closed their account; the texts stay.

    Support goes where it could be given again: by who comes back with the same address.
    """
    _withdraw_support(person_id)
    own = Proposal.author_id == person_id
    for tenant_id in db.session.scalars(queries.select_tenants(own)).all():
        db.session.execute(
            update(Proposal)
            .where(own, Proposal.tenant_id == tenant_id)
            .values(author_name=CLOSED_ACCOUNT)
            .execution_options(touches=tenant_id, synchronize_session="fetch")
        )


def _withdraw_support(person_id: int) -> None:
    """Take back what may be given again: while support is collected, and before it is once more."""
    now = clock.now()
    for tenant_id, consultation_id in queries.list_where_supports(person_id):
        if rules.support_is_over(
            gate(tenant_id, consultation_id, Activity.SUPPORT, now=now), now=now
        ):
            continue
        supported = select(Proposal.id).where(
            Proposal.tenant_id == tenant_id,
            Proposal.consultation_id == consultation_id,
            Proposal.id.in_(select(Support.proposal_id).where(Support.person_id == person_id)),
        )
        # In one order for everybody, so that two who close at once do not wait for each other.
        db.session.execute(supported.order_by(Proposal.id).with_for_update())
        db.session.execute(
            update(Proposal)
            .where(Proposal.id.in_(supported))
            .values(supports=Proposal.supports - 1)
            .execution_options(touches=tenant_id, synchronize_session="fetch")
        )
        db.session.execute(
            delete(Support)
            .where(Support.person_id == person_id, Support.proposal_id.in_(supported))
            .execution_options(touches=tenant_id, synchronize_session="fetch")
        )


def place_of(consultation: Consultation) -> str:
    """Return where a draft of a proposal belongs."""
    return f"consultation:{consultation.id}"


def _limit(limit: Limit, person: Person) -> None:
    key = f"person:{person.id}"
    ratelimit.check(limit, key)
    ratelimit.count(limit, key)


def _save_version(
    tenant: Municipality, proposal: Proposal, person: Person, *, note: str = ""
) -> None:
    area = places.find_area(tenant, proposal.area_id)
    versions.save(
        tenant.id,
        queries.KIND,
        proposal.id,
        proposal.version_no,
        content_of(proposal).fields(area.name if area else ""),
        author_id=person.id,
        author_label=person.display_name,
        at=proposal.edited_at or proposal.created_at,
        note=note,
    )
