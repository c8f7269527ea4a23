"""What a voter says of their vote that is held, with the code of their letter."""

from __future__ import annotations

from deliberate.kernel.db import db, lock
from deliberate.kernel.refusals import Refusal
from deliberate.voting import limits, quarantine, quarantine_rules, queries
from deliberate.voting.clock import db_now
from deliberate.voting.models import CaseExplanation, CaseLetter, Poll


def explain(poll: Poll, typed: str, text: str, *, network: str) -> Refusal | None:
    """Keep an explanation, once a letter; or return why not.

    Commit in both cases: a guess has been counted. Codes that never were and codes of another
    vote answer alike.
    """
    queries.lock(poll, shared=True)
    limits.check_guesses(network)
    case = quarantine.find_by_code(poll, typed)
    if case is None:
        limits.count_guess(network)
        return quarantine_rules.NO_CODE
    lock(CaseLetter, case.id)  # of two sendings at once the second sees the first
    now = db_now()
    facts = quarantine.held_facts(poll, case, now=now)
    if refusal := quarantine_rules.explanation_refusal(facts):
        return refusal
    row = CaseExplanation(tenant_id=poll.tenant_id, case_id=case.id, text=text, explained_at=now)
    db.session.add(row)
    db.session.flush()
    return None
