"""What must never be false of votes that are held, whoever holds the connection."""

from __future__ import annotations

from deliberate.kernel.guards import Guard, frozen
from deliberate.voting.guard_words import UNCOUNTED

_STATE_OF_CASE = (
    "(SELECT p.state FROM vote_case c JOIN poll p ON p.id = c.poll_id WHERE c.id = {}.case_id)"
)
_IS_HEARD = (
    "(EXISTS (SELECT 1 FROM case_explanation e WHERE e.case_id = NEW.case_id) OR EXISTS "
    "(SELECT 1 FROM case_letter l WHERE l.case_id = NEW.case_id "
    "AND l.answer_until <= CURRENT_TIMESTAMP))"
)
_IS_SUSPICION = (
    "EXISTS (SELECT 1 FROM vote_case c WHERE c.id = NEW.case_id AND c.kind = 'suspicion')"
)
_TAKES_A_CARD_OUT = (
    "NEW.verdict = 'take_out' AND EXISTS (SELECT 1 FROM vote_case c JOIN participation p "
    "ON p.tenant_id = c.tenant_id AND p.poll_id = c.poll_id AND p.person_key = c.person_key "
    "WHERE c.id = NEW.case_id AND p.channel = 'paper')"
)


def _gives_five_days(event: str, name: str) -> Guard:
    """Hold the time to explain; the two databases add days in different words."""
    is_shorter = "NEW.answer_until < "
    return Guard(
        name=name,
        table="case_letter",
        event=event,
        message="five_days: whoever is written to has five days to explain",
        refuse_when=f"{is_shorter}datetime(NEW.written_at, '+5 days')",
        on_postgresql=f"{is_shorter}NEW.written_at + interval '5 days'",
    )


def _takes_no_card_out(event: str, name: str) -> Guard:
    return Guard(
        name=name,
        table="vote_verdict",
        event=event,
        message="paper: a card in the box cannot be taken out",
        refuse_when=_TAKES_A_CARD_OUT,
    )


def _stays_until_the_count(table: str) -> Guard:
    return Guard(
        name=f"{table}_stays_until_the_count",
        table=table,
        event="DELETE",
        message=f"append_only: {table} rows stay until the votes are counted",
        refuse_when=f"{_STATE_OF_CASE.format('OLD')} IN {UNCOUNTED}",
    )


GUARDS: tuple[Guard, ...] = (
    Guard(
        name="vote_case_of_suspicion_comes_in_working_up",
        table="vote_case",
        event="INSERT",
        message="closed: a vote is held after the end, before the count, and never one on paper",
        refuse_when=(
            "NEW.kind = 'suspicion' AND ("
            "(SELECT p.state FROM poll p WHERE p.id = NEW.poll_id) <> 'working_up' "
            "OR NOT EXISTS (SELECT 1 FROM participation p WHERE p.tenant_id = NEW.tenant_id "
            "AND p.poll_id = NEW.poll_id AND p.person_key = NEW.person_key "
            "AND p.channel <> 'paper'))"
        ),
    ),
    Guard(
        name="case_letter_comes_for_a_held_vote",
        table="case_letter",
        event="INSERT",
        message="closed: a letter is about a vote that is held, before the count",
        refuse_when=(f"NOT {_IS_SUSPICION} OR {_STATE_OF_CASE.format('NEW')} <> 'working_up'"),
    ),
    _gives_five_days("INSERT", "case_letter_gives_five_days"),
    _gives_five_days("UPDATE", "case_letter_written_anew_gives_five_days"),
    frozen("case_letter", "case_id", "tenant_id"),
    Guard(
        name="case_letter_is_written_anew_before_an_answer",
        table="case_letter",
        event="UPDATE",
        message="frozen: a letter is written anew before there is an answer, and time only grows",
        refuse_when=(
            f"{_STATE_OF_CASE.format('NEW')} <> 'working_up' "  # noqa: S608 - our own words
            "OR NEW.written_at IS NULL OR NEW.answer_until < OLD.answer_until "
            "OR EXISTS (SELECT 1 FROM case_explanation e WHERE e.case_id = NEW.case_id) "
            "OR EXISTS (SELECT 1 FROM vote_verdict v WHERE v.case_id = NEW.case_id)"
        ),
    ),
    _stays_until_the_count("case_letter"),
    Guard(
        name="case_explanation_comes_in_time",
        table="case_explanation",
        event="INSERT",
        message="closed: a voter explains in the days that their letter gives",
        refuse_when=(
            f"{_STATE_OF_CASE.format('NEW')} <> 'working_up' "  # noqa: S608 - our own words
            "OR NOT EXISTS (SELECT 1 FROM case_letter l WHERE l.case_id = NEW.case_id "
            "AND l.answer_until > CURRENT_TIMESTAMP)"
        ),
    ),
    Guard(
        name="case_explanation_never_changes",
        table="case_explanation",
        event="UPDATE",
        message="append_only: case_explanation rows are never changed",
    ),
    _stays_until_the_count("case_explanation"),
    Guard(
        name="vote_verdict_waits_for_the_voter",
        table="vote_verdict",
        event="INSERT",
        message="five_days: nobody decides about a held vote before its voter answered or the time",
        refuse_when=f"{_IS_SUSPICION} AND NOT {_IS_HEARD}",
    ),
    Guard(
        name="decision_letter_follows_a_decision",
        table="decision_letter",
        event="INSERT",
        message="closed: a letter of decision follows what two persons decided about a held vote",
        refuse_when=(
            f"NOT {_IS_SUSPICION} OR {_STATE_OF_CASE.format('NEW')} <> 'working_up' "  # noqa: S608
            "OR NOT EXISTS (SELECT 1 FROM vote_verdict v WHERE v.case_id = NEW.case_id "
            "AND v.confirmed_by IS NOT NULL)"
        ),
    ),
    Guard(
        name="decision_letter_is_printed_once",
        table="decision_letter",
        event="UPDATE",
        message="frozen: a letter of decision is printed, and does not change",
        refuse_when=(
            "OLD.case_id <> NEW.case_id OR OLD.tenant_id <> NEW.tenant_id OR OLD.way <> NEW.way "
            "OR (OLD.written_at IS NOT NULL AND OLD.written_at IS DISTINCT FROM NEW.written_at)"
        ),
    ),
    _stays_until_the_count("decision_letter"),
    _takes_no_card_out("INSERT", "vote_verdict_takes_no_card_out"),
    _takes_no_card_out("UPDATE", "vote_verdict_turns_to_no_card"),
)
