"""What must never be false of a vote, whoever holds the connection."""

from __future__ import annotations

from deliberate.kernel.guards import Guard, append_only, frozen, transitions
from deliberate.voting.ballot_guards import WITHIN_LIMITS
from deliberate.voting.change_guards import REPLACED
from deliberate.voting.guard_words import state_of
from deliberate.voting.states import STEPS
from deliberate.voting.totals_guards import not_forgotten

FROZEN = (
    "tenant_id",
    "subject_kind",
    "subject_id",
    "consultation_id",
    "repeat_no",
    "repeats_id",
    "title",
    "electorate",
    "electorate_terms",
    "needs",
    "age_rule",
    "age",
    "area_lock",
    "areas_most",
    "revote",
    "publication",
    "effect",
    "decided_by",
    "decision_due",
    "result_due",
    "order_seed",
    "randomness_source",
    "randomness_shape",
    "randomness_at",
    "signing_key",
    "rules",
    "rules_hash",
    "opens_at",
    "sealed_at",
)


def _not_approved(step: str, act: str) -> str:
    """Say that a step of a poll lacks the decision of a second person about these very rules."""
    return (
        f"NEW.state = '{step}' AND OLD.state <> NEW.state AND NOT EXISTS ("  # noqa: S608
        "SELECT 1 FROM approval a WHERE a.tenant_id = NEW.tenant_id "
        f"AND a.act = '{act}' AND a.subject_kind = 'poll' AND a.subject_id = NEW.id "
        "AND a.payload_sha256 = NEW.rules_hash AND a.approved AND a.closed_at IS NULL "
        "AND a.asked_by <> a.decided_by)"
    )


def _needs_two(step: str, act: str, word: str) -> Guard:
    return Guard(
        name=f"poll_{word}_needs_two",
        table="poll",
        event="UPDATE OF state",
        message=f"two_persons: {word} needs the approval of a second person",
        refuse_when=_not_approved(step, act),
    )


def _only_in_drafts(table: str) -> tuple[Guard, ...]:
    """Hold rows of a poll as they are once it is sealed."""
    events = (("INSERT", "NEW", "comes"), ("UPDATE", "OLD", "changes"), ("DELETE", "OLD", "goes"))
    return tuple(
        Guard(
            name=f"{table}_never_{word}_once_sealed",
            table=table,
            event=event,
            message=f"frozen: {table} of a sealed poll",
            refuse_when=f"{state_of(f'{row}.poll_id')} <> 'draft'",
        )
        for event, row, word in events
    )


def _only_while_open(table: str) -> Guard:
    return Guard(
        name=f"{table}_comes_while_open",
        table=table,
        event="INSERT",
        message=f"closed: no {table} outside a sealed, receiving poll",
        refuse_when=f"{state_of('NEW.poll_id')} NOT IN ('sealed', 'receiving')",
    )


def _not_being_counted(row: str, *, also: str = "FALSE") -> str:
    """Say that this is not the transaction of the count: state set, result not yet written.

    One question a row by the poll's key, since it is asked of every row that a count moves.
    also: SQL over p, the poll, for other times that are right.
    """
    return (
        f"NOT EXISTS (SELECT 1 FROM poll p WHERE p.id = {row}.poll_id "  # noqa: S608
        f"AND p.tenant_id = {row}.tenant_id AND ({also} OR (p.state = 'counted' "
        "AND NOT EXISTS (SELECT 1 FROM poll_result r WHERE r.poll_id = p.id))))"
    )


_CANCELLED = "p.state = 'cancelled'"


def _not_being_typed(row: str) -> str:
    """Say that a poll does not wait for its drawn value: before the end, or it is settled."""
    return (
        f"{state_of(f'{row}.poll_id')} <> 'working_up' OR "  # noqa: S608
        f"(SELECT p.seed FROM poll p WHERE p.id = {row}.poll_id) IS NOT NULL"
    )


# Which rows of a vote may go because two persons took it out, as SQL over OLD, asked when the row
# has gone. A ballot and a receipt know no person: they follow, one by one, the participation that
# has gone before them.
_TAKEN_OUT = (
    f"{state_of('OLD.poll_id')} = 'working_up' AND EXISTS ("  # noqa: S608 - our own words
    "SELECT 1 FROM vote_verdict v "
    "JOIN vote_case c ON c.id = v.case_id WHERE c.poll_id = OLD.poll_id "
    "AND v.verdict = 'take_out' AND v.confirmed_by IS NOT NULL"
)
TAKEN_OUT = {
    "participation": f"{_TAKEN_OUT} AND c.person_key = OLD.person_key)",
    "receipt": (
        f"{_TAKEN_OUT}) AND OLD.batch IS NULL AND NOT OLD.taken_out AND "  # noqa: S608
        "(SELECT count(*) FROM receipt r WHERE r.poll_id = OLD.poll_id AND NOT r.taken_out) >= "
        "(SELECT count(*) FROM participation p WHERE p.poll_id = OLD.poll_id "
        "AND p.channel <> 'paper')"
    ),
    "ballot": (
        f"{_TAKEN_OUT}) AND NOT EXISTS (SELECT 1 FROM receipt r "  # noqa: S608
        "WHERE r.poll_id = OLD.poll_id AND r.link_tag = OLD.link_tag AND NOT r.taken_out)"
    ),
}


def goes_at_the_count(table: str, *, unless: str = "FALSE") -> Guard:
    """Hold what came in until it is counted; ``unless``: SQL over OLD for what might go before."""
    return Guard(
        name=f"{table}_goes_only_at_the_count",
        table=table,
        event="DELETE",
        message=f"append_only: {table} rows go only when they are counted, or never will be",
        refuse_when=(f"{_not_being_counted('OLD', also=_CANCELLED)} AND NOT ({unless})"),
        after=True,
    )


def _comes_at_the_count(table: str) -> Guard:
    return Guard(
        name=f"{table}_comes_only_at_the_count",
        table=table,
        event="INSERT",
        message=f"closed: {table} rows come only when they are counted",
        refuse_when=_not_being_counted("NEW"),
        after=True,
    )


GUARDS: tuple[Guard, ...] = (
    Guard(
        name="poll_begins_as_draft",
        table="poll",
        event="INSERT",
        message="transition: a poll begins as a draft",
        refuse_when="NEW.state <> 'draft'",
    ),
    transitions("poll", "state", STEPS),
    frozen("poll", *FROZEN, when="OLD.state <> 'draft'"),
    Guard(
        name="poll_end_only_grows",
        table="poll",
        event="UPDATE OF ends_at",
        message="frozen: the end of a sealed poll only grows, and only before the count",
        refuse_when=(
            "OLD.state <> 'draft' AND OLD.ends_at <> NEW.ends_at "
            "AND (NEW.ends_at < OLD.ends_at OR OLD.state NOT IN ('sealed', 'receiving', 'paused'))"
        ),
    ),
    Guard(
        name="poll_seed_is_typed_once",
        table="poll",
        event="UPDATE OF seed",
        message="frozen: the seed of lots is set once, before the count, as two persons typed it",
        refuse_when=(
            "OLD.seed IS DISTINCT FROM NEW.seed AND (OLD.seed IS NOT NULL "
            "OR OLD.state <> 'working_up' OR (SELECT count(*) FROM seed_typing t "
            "WHERE t.poll_id = NEW.id AND t.value = NEW.seed) < 2)"
        ),
    ),
    Guard(
        name="poll_keeps_why_it_stopped",
        table="poll",
        event="UPDATE OF stop_reason",
        message="frozen: why a poll was cancelled or annulled stays as it was said",
        refuse_when=(
            "OLD.state IN ('cancelled', 'annulled') "
            "AND OLD.stop_reason IS DISTINCT FROM NEW.stop_reason"
        ),
    ),
    Guard(
        name="poll_never_goes_once_sealed",
        table="poll",
        event="DELETE",
        message="append_only: a sealed poll is never removed",
        refuse_when="OLD.state <> 'draft'",
    ),
    _needs_two("sealed", "poll.seal", "sealing"),
    _needs_two("counted", "poll.count", "counting"),
    _needs_two("published", "poll.publish", "publishing"),
    _needs_two("cancelled", "poll.cancel", "cancelling"),
    _needs_two("annulled", "poll.annul", "annulling"),
    *_only_in_drafts("section"),
    *_only_in_drafts("poll_option"),
    Guard(
        name="poll_pause_never_goes",
        table="poll_pause",
        event="DELETE",
        message="append_only: a pause stays on record",
    ),
    frozen("poll_pause", "tenant_id", "poll_id", "no", "reason", "paused_by", "paused_at"),
    Guard(
        name="poll_pause_is_confirmed_and_lifted_once",
        table="poll_pause",
        event="UPDATE",
        message="frozen: a pause is confirmed once, before it is lifted, and lifted once",
        refuse_when=(
            "OLD.lifted_at IS NOT NULL OR (OLD.confirmed_by IS NOT NULL "
            "AND OLD.confirmed_by IS DISTINCT FROM NEW.confirmed_by)"
        ),
    ),
    Guard(
        name="eligibility_never_changes",
        table="eligibility",
        event="UPDATE",
        message="append_only: eligibility rows are never changed",
    ),
    Guard(
        name="eligibility_goes_with_the_persons",
        table="eligibility",
        event="DELETE",
        message="append_only: eligibility rows stay until the persons of a vote are forgotten",
        refuse_when=not_forgotten("OLD.poll_id"),
    ),
    Guard(
        name="participation_comes_while_open",
        table="participation",
        event="INSERT",
        message="closed: no participation outside a receiving poll, but for posted cards",
        refuse_when=(
            f"{state_of('NEW.poll_id')} NOT IN ('sealed', 'receiving') AND NOT "
            f"(NEW.channel = 'paper' AND {state_of('NEW.poll_id')} = 'working_up')"
        ),
    ),
    goes_at_the_count("participation", unless=TAKEN_OUT["participation"]),
    Guard(
        name="ballot_never_changes",
        table="ballot",
        event="UPDATE",
        message="append_only: ballot rows are never changed",
    ),
    Guard(
        name="ballot_comes_while_open",
        table="ballot",
        event="INSERT",
        message="closed: no ballot outside a receiving poll, but one for each finished card",
        refuse_when=(
            f"{state_of('NEW.poll_id')} NOT IN ('sealed', 'receiving') AND NOT "  # noqa: S608
            f"({state_of('NEW.poll_id')} = 'working_up' AND "
            "(SELECT count(*) FROM ballot b WHERE b.poll_id = NEW.poll_id "
            "AND b.section_no = NEW.section_no) < "
            "(SELECT count(*) FROM receipt r WHERE r.poll_id = NEW.poll_id AND NOT r.taken_out) + "
            "(SELECT count(*) FROM card c WHERE c.poll_id = NEW.poll_id "
            "AND c.state IN ('agreed', 'decided')))"
        ),
    ),
    goes_at_the_count("ballot", unless=f"({TAKEN_OUT['ballot']}) OR ({REPLACED['ballot']})"),
    *WITHIN_LIMITS,
    _only_while_open("receipt"),
    frozen("receipt", "leaf", "tenant_id", "poll_id", "link_tag", "nonce"),
    goes_at_the_count("receipt", unless=f"({TAKEN_OUT['receipt']}) OR ({REPLACED['receipt']})"),
    goes_at_the_count("replaced_receipt"),
    _comes_at_the_count("ballot_final"),
    *append_only("ballot_final"),
    _comes_at_the_count("receipt_final"),
    *append_only("receipt_final"),
    _comes_at_the_count("participation_final"),
    Guard(
        name="participation_final_never_changes",
        table="participation_final",
        event="UPDATE",
        message="append_only: participation_final rows are never changed",
    ),
    Guard(
        name="participation_final_goes_with_the_persons",
        table="participation_final",
        event="DELETE",
        message="append_only: who took part stays until the persons of a vote are forgotten",
        refuse_when=not_forgotten("OLD.poll_id"),
    ),
    *append_only("log_head"),
    Guard(
        name="seed_typing_comes_before_the_seed",
        table="seed_typing",
        event="INSERT",
        message="closed: a drawn value is typed after the end, before it is settled",
        refuse_when=_not_being_typed("NEW"),
    ),
    frozen("seed_typing", "tenant_id", "poll_id", "person_id"),
    Guard(
        name="seed_typing_is_corrected_before_the_seed",
        table="seed_typing",
        event="UPDATE",
        message="frozen: a typed value is corrected by its person until two agree",
        refuse_when=_not_being_typed("OLD"),
    ),
    Guard(
        name="seed_typing_never_goes",
        table="seed_typing",
        event="DELETE",
        message="append_only: seed_typing rows are never removed",
    ),
    *append_only("poll_result"),
    *append_only("count_stop"),
)
