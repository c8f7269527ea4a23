"""What must never be false of a vote, whoever holds the connection."""

from __future__ import annotations

from deliberate.kernel.guards import Guard, append_only, frozen, transitions
from deliberate.voting.states import STEPS

FROZEN = (
    "tenant_id",
    "subject_kind",
    "subject_id",
    "consultation_id",
    "title",
    "electorate",
    "needs",
    "method",
    "publication",
    "effect",
    "decided_by",
    "decision_due",
    "result_due",
    "order_seed",
    "rules",
    "rules_hash",
    "opens_at",
    "sealed_at",
)


def _state_of(poll: str) -> str:
    return f"(SELECT p.state FROM poll p WHERE p.id = {poll})"  # noqa: S608 - our own words


def _not_approved(step: str, act: str) -> str:
    """Say that a step of a poll lacks the decision of a second person about these very rules."""
    return (
        f"NEW.state = '{step}' AND OLD.state <> NEW.state AND NOT EXISTS ("  # noqa: S608
        "SELECT 1 FROM approval a WHERE a.tenant_id = NEW.tenant_id "
        f"AND a.act = '{act}' AND a.subject_kind = 'poll' AND a.subject_id = NEW.id "
        "AND a.payload_sha256 = NEW.rules_hash AND a.approved AND a.closed_at IS NULL "
        "AND a.asked_by <> a.decided_by)"
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
            refuse_when=f"{_state_of(f'{row}.poll_id')} <> 'draft'",
        )
        for event, row, word in events
    )


def _only_while_open(table: str) -> Guard:
    return Guard(
        name=f"{table}_comes_while_open",
        table=table,
        event="INSERT",
        message=f"closed: no {table} outside a sealed, receiving poll",
        refuse_when=f"{_state_of('NEW.poll_id')} NOT IN ('sealed', 'receiving')",
    )


def _not_being_counted(row: str) -> str:
    """Say that this is not the transaction of the count: state set, result not yet written."""
    return (
        f"{_state_of(f'{row}.poll_id')} <> 'counted' OR EXISTS "  # noqa: S608
        f"(SELECT 1 FROM poll_result r WHERE r.poll_id = {row}.poll_id)"
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
            "AND (NEW.ends_at < OLD.ends_at OR OLD.state NOT IN ('sealed', 'receiving'))"
        ),
    ),
    Guard(
        name="poll_never_goes_once_sealed",
        table="poll",
        event="DELETE",
        message="append_only: a sealed poll is never removed",
        refuse_when="OLD.state <> 'draft'",
    ),
    Guard(
        name="poll_sealing_needs_two",
        table="poll",
        event="UPDATE OF state",
        message="two_persons: sealing needs the approval of a second person",
        refuse_when=_not_approved("sealed", "poll.seal"),
    ),
    Guard(
        name="poll_counting_needs_two",
        table="poll",
        event="UPDATE OF state",
        message="two_persons: counting needs the approval of a second person",
        refuse_when=_not_approved("counted", "poll.count"),
    ),
    *_only_in_drafts("section"),
    *_only_in_drafts("poll_option"),
    *append_only("eligibility"),
    *append_only("participation"),
    _only_while_open("participation"),
    Guard(
        name="ballot_never_changes",
        table="ballot",
        event="UPDATE",
        message="append_only: ballot rows are never changed",
    ),
    _only_while_open("ballot"),
    Guard(
        name="ballot_goes_only_at_the_count",
        table="ballot",
        event="DELETE",
        message="append_only: ballot rows go only when they are counted",
        refuse_when=_not_being_counted("OLD"),
    ),
    Guard(
        name="ballot_final_comes_only_at_the_count",
        table="ballot_final",
        event="INSERT",
        message="closed: final ballots come only when they are counted",
        refuse_when=_not_being_counted("NEW"),
    ),
    *append_only("ballot_final"),
    *append_only("poll_result"),
)
