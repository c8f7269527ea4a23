"""Telling those whose vote was held what two persons decided."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from deliberate.audit import entries
from deliberate.kernel.actor import Actor
from deliberate.kernel.db import db
from deliberate.kernel.refusals import Refused
from deliberate.tenancy.models import Municipality
from deliberate.voting import cases, decision_letters, quarantine, quarantine_rules, queries
from deliberate.voting.clock import db_now
from deliberate.voting.models import DecisionLetter, Poll, VoteCase, VoteVerdict
from deliberate.voting.proof import factored
from deliberate.voting.states import LetterWay


def tell(poll: Poll, case: VoteCase, verdict: VoteVerdict, *, now: datetime) -> None:
    """Write at once where a contact is known; a letter on paper waits to be printed."""
    voter = quarantine.list_voters(poll, [case.person_key]).get(case.person_key)
    contact = quarantine.open_contact(poll, voter) if voter is not None else None
    letter = DecisionLetter(tenant_id=poll.tenant_id, case_id=case.id, way=LetterWay.PAPER)
    if voter is not None and contact is not None:
        letter.way, letter.written_at = LetterWay(contact.kind), now
        decision_letters.send(
            db.session.get_one(Municipality, poll.tenant_id),
            poll,
            contact,
            cases.decision_of(case, verdict),
            locale=voter.locale,
        )
    db.session.add(letter)
    db.session.flush()


def note_printed(poll: Poll, case_ids: Sequence[int], *, actor: Actor) -> None:
    """Note that letters are on paper. They can be printed again: there is no code in them."""
    factored(actor)
    queries.lock(poll, shared=True)
    now = db_now()
    if refusal := quarantine_rules.hold_refusal(queries.present_state(poll, now=now)):
        raise Refused(refusal)
    for case_id in case_ids:
        letter = db.session.get_one(DecisionLetter, case_id)
        letter.written_at = letter.written_at or now
    db.session.flush()
    entries.record(
        "votes.decisions_printed",
        f"poll:{poll.id}",
        actor=actor,
        at=now,
        tenant_id=poll.tenant_id,
        cases=sorted(case_ids),
    )
