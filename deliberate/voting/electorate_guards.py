"""What must never be false of an electorate, whoever holds the connection."""

from __future__ import annotations

from deliberate.kernel.guards import Guard, frozen
from deliberate.voting.guard_words import UNCOUNTED, state_of
from deliberate.voting.totals_guards import not_forgotten


def _comes_while_open(table: str, *, unless: str = "") -> Guard:
    """Hold a table closed outside a vote; ``unless``: SQL over NEW for what comes later."""
    closed = f"{state_of('NEW.poll_id')} NOT IN ('sealed', 'receiving')"
    return Guard(
        name=f"{table}_comes_while_open",
        table=table,
        event="INSERT",
        message=f"closed: no {table} outside a sealed, receiving poll",
        refuse_when=f"NOT ({unless}) AND {closed}" if unless else closed,
    )


_CASE_UNCOUNTED = (
    "(SELECT p.state FROM vote_case c JOIN poll p ON p.id = c.poll_id "  # noqa: S608
    f"WHERE c.id = NEW.case_id) IN {UNCOUNTED}"
)

DECLARED: tuple[Guard, ...] = (
    _comes_while_open("voter"),
    frozen(
        "voter",
        "tenant_id",
        "poll_id",
        "person_key",
        "given_name",
        "surname",
        "street",
        "house_no",
        "flat",
        "contact_kind",
        "contact_hash",
        "contact_sealed",
        "locale",
    ),
    Guard(
        name="voter_stays_until_the_count",
        table="voter",
        event="DELETE",
        message="append_only: who voted stays until the votes are counted",
        refuse_when=f"{state_of('OLD.poll_id')} IN {UNCOUNTED}",
    ),
    _comes_while_open("vote_case", unless="NEW.kind = 'suspicion'"),  # see quarantine_guards
    frozen(
        "vote_case",
        "id",
        "tenant_id",
        "poll_id",
        "kind",
        "person_key",
        "opened_at",
        "opened_by",
        "grounds",
        "reason",
    ),
    Guard(
        name="vote_case_goes_with_the_persons",
        table="vote_case",
        event="DELETE",
        message="append_only: a case stays until the persons of a vote are forgotten",
        refuse_when=not_forgotten("OLD.poll_id"),
    ),
    Guard(
        name="vote_verdict_comes_before_the_count",
        table="vote_verdict",
        event="INSERT",
        message="closed: a case is decided before the count",
        refuse_when=f"NOT {_CASE_UNCOUNTED}",
    ),
    Guard(
        name="vote_verdict_begins_unconfirmed",
        table="vote_verdict",
        event="INSERT",
        message="two_persons: a verdict is said by one and confirmed by another afterwards",
        refuse_when="NEW.confirmed_by IS NOT NULL",
    ),
    Guard(
        name="vote_verdict_is_settled_once",
        table="vote_verdict",
        event="UPDATE",
        message="frozen: a verdict that two persons gave stays, and comes before the count",
        refuse_when=(
            f"OLD.confirmed_by IS NOT NULL OR OLD.case_id <> NEW.case_id OR NOT {_CASE_UNCOUNTED}"
        ),
    ),
    Guard(
        name="vote_verdict_is_confirmed_as_it_was_said",
        table="vote_verdict",
        event="UPDATE",
        message="two_persons: what is confirmed is what the other person said",
        refuse_when=(
            "NEW.confirmed_by IS NOT NULL AND (OLD.verdict <> NEW.verdict "
            "OR OLD.reason <> NEW.reason OR OLD.said_by <> NEW.said_by)"
        ),
    ),
    Guard(
        name="vote_verdict_goes_with_the_persons",
        table="vote_verdict",
        event="DELETE",
        message="append_only: a verdict stays until the persons of a vote are forgotten",
        refuse_when=not_forgotten("(SELECT c.poll_id FROM vote_case c WHERE c.id = OLD.case_id)"),
    ),
    Guard(
        name="poll_counts_only_decided_cases",
        table="poll",
        event="UPDATE OF state",
        message="cases: every case is decided by two persons before the count",
        refuse_when=(
            "NEW.state = 'counted' AND OLD.state <> NEW.state AND EXISTS ("
            "SELECT 1 FROM vote_case c LEFT JOIN vote_verdict v ON v.case_id = c.id "
            "WHERE c.poll_id = NEW.id AND v.confirmed_by IS NULL)"
        ),
    ),
    Guard(
        name="receipt_is_marked_as_taken_out",
        table="receipt",
        event="UPDATE OF taken_out",
        message="append_only: a receipt is marked only for a vote that two persons took out",
        refuse_when=(
            "OLD.taken_out <> NEW.taken_out AND (OLD.taken_out OR "  # noqa: S608
            f"{state_of('NEW.poll_id')} <> 'working_up' OR "
            "(SELECT count(*) FROM receipt r WHERE r.poll_id = NEW.poll_id AND NOT r.taken_out) "
            "<= (SELECT count(*) FROM participation p WHERE p.poll_id = NEW.poll_id "
            "AND p.channel <> 'paper'))"
        ),
    ),
)

LISTED: tuple[Guard, ...] = (
    Guard(
        name="roll_line_comes_later_by_two",
        table="roll_line",
        event="INSERT",
        message="frozen: a closed list is sealed with the ballot; later two persons add to it",
        refuse_when=(
            "NEW.account_key IS NOT NULL OR NEW.confirmed_by IS NOT NULL OR "
            f"({state_of('NEW.poll_id')} <> 'draft' AND (NEW.added_by IS NULL OR "
            f"{state_of('NEW.poll_id')} NOT IN ('sealed', 'receiving', 'paused')))"
        ),
    ),
    frozen("roll_line", "tenant_id", "poll_id", "no", "name", "email", "added_by"),
    Guard(
        name="roll_line_is_confirmed_and_tied_once",
        table="roll_line",
        event="UPDATE",
        message="frozen: a line is confirmed once, and belongs to one account",
        refuse_when=(
            "(OLD.confirmed_by IS NOT NULL "
            "AND OLD.confirmed_by IS DISTINCT FROM NEW.confirmed_by) OR "
            "(OLD.account_key IS NOT NULL AND OLD.account_key IS DISTINCT FROM NEW.account_key)"
        ),
    ),
    Guard(
        name="roll_line_stays_until_the_count",
        table="roll_line",
        event="DELETE",
        message="append_only: a sealed list stays until the votes are counted",
        refuse_when=f"{state_of('OLD.poll_id')} IN {UNCOUNTED}",
    ),
)

GUARDS: tuple[Guard, ...] = (*DECLARED, *LISTED)
