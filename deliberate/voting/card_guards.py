"""What must never be false of cards on paper, whoever holds the connection."""

from __future__ import annotations

from deliberate.kernel.guards import Guard, frozen
from deliberate.voting.guard_words import state_of
from deliberate.voting.guards import goes_at_the_count

_KEYED = "(SELECT count(*) FROM card c WHERE c.batch_id = NEW.{})"
_OPEN_BATCHES = (
    "EXISTS (SELECT 1 FROM card_batch b WHERE b.poll_id = NEW.{} AND b.confirmed_by IS NULL)"
)
_PARTICIPATIONS = (
    "(SELECT count(*) FROM participation p WHERE p.tenant_id = NEW.tenant_id "
    "AND p.poll_id = NEW.id AND p.channel = 'paper')"
)

GUARDS: tuple[Guard, ...] = (
    Guard(
        name="card_batch_comes_while_open",
        table="card_batch",
        event="INSERT",
        message="closed: cards are numbered before the end, and nothing is said of them yet",
        refuse_when=(
            f"{state_of('NEW.poll_id')} NOT IN ('sealed', 'receiving', 'paused') "  # noqa: S608
            "OR NEW.said_by IS NOT NULL OR EXISTS (SELECT 1 FROM card_batch b "
            "WHERE b.poll_id = NEW.poll_id AND b.first <= NEW.last AND NEW.first <= b.last)"
        ),
    ),
    frozen(
        "card_batch",
        "id",
        "tenant_id",
        "poll_id",
        "no",
        "place",
        "first",
        "last",
        "made_by",
        "made_at",
    ),
    Guard(
        name="card_batch_is_settled_after_the_end",
        table="card_batch",
        event="UPDATE",
        message="closed: what became of cards is said after the end, before the count",
        refuse_when=(
            f"{state_of('NEW.poll_id')} <> 'working_up' OR NEW.in_box < {_KEYED.format('id')}"
        ),
    ),
    Guard(
        name="card_batch_is_confirmed_as_it_was_said",
        table="card_batch",
        event="UPDATE",
        message="two_persons: what is confirmed is what the other person said",
        refuse_when=(
            "NEW.confirmed_by IS NOT NULL AND (OLD.said_by IS NULL "
            "OR OLD.said_by <> NEW.said_by OR OLD.in_box <> NEW.in_box "
            "OR OLD.spoiled <> NEW.spoiled OR OLD.missing <> NEW.missing "
            "OR OLD.unused <> NEW.unused)"
        ),
    ),
    Guard(
        name="card_batch_never_goes",
        table="card_batch",
        event="DELETE",
        message="append_only: a batch of cards stays on record",
    ),
    Guard(
        name="card_comes_from_a_settled_box",
        table="card",
        event="INSERT",
        message="closed: a card is keyed after the end, from a box that two persons counted",
        refuse_when=(
            f"NEW.state <> 'once' OR {state_of('NEW.poll_id')} <> 'working_up' "  # noqa: S608
            f"OR {_OPEN_BATCHES.format('poll_id')} OR NOT EXISTS (SELECT 1 FROM card_batch b "
            "WHERE b.id = NEW.batch_id AND b.poll_id = NEW.poll_id "
            "AND NEW.serial BETWEEN b.first AND b.last "
            f"AND {_KEYED.format('batch_id')} < b.in_box)"
        ),
    ),
    frozen("card", "poll_id", "serial", "tenant_id", "batch_id", "entry1_by"),
    Guard(
        name="card_is_keyed_by_who_says_so",
        table="card",
        event="UPDATE",
        message="two_persons: a card is finished by two equal keyings, or by a third person",
        refuse_when=(
            "OLD.state IN ('agreed', 'decided') "  # noqa: S608 - our own words
            f"OR {state_of('NEW.poll_id')} <> 'working_up' "
            "OR (OLD.state = 'once' AND NEW.state NOT IN ('agreed', 'disputed')) "
            "OR (OLD.state = 'disputed' AND (NEW.state <> 'decided' "
            "OR OLD.entry2_by <> NEW.entry2_by)) "
            "OR (NEW.state = 'agreed') <> ((SELECT count(DISTINCT k.choices) FROM card_keying k "
            "WHERE k.poll_id = NEW.poll_id AND k.serial = NEW.serial "
            "AND k.clerk_id IN (NEW.entry1_by, NEW.entry2_by)) = 1) "
            "OR (SELECT count(*) FROM card_keying k WHERE k.poll_id = NEW.poll_id "
            "AND k.serial = NEW.serial AND (k.clerk_id = NEW.entry1_by "
            "OR k.clerk_id = NEW.entry2_by OR k.clerk_id = NEW.decided_by)) "
            "<> (CASE WHEN NEW.state = 'decided' THEN 3 ELSE 2 END)"
        ),
    ),
    goes_at_the_count(
        "card", unless=f"OLD.state = 'once' AND {state_of('OLD.poll_id')} = 'working_up'"
    ),
    Guard(
        name="card_keying_never_changes",
        table="card_keying",
        event="UPDATE",
        message="append_only: card_keying rows are never changed",
    ),
    Guard(
        name="card_keying_comes_for_an_open_card",
        table="card_keying",
        event="INSERT",
        message="closed: a card is keyed until it is finished",
        refuse_when=(
            "NOT EXISTS (SELECT 1 FROM card c WHERE c.poll_id = NEW.poll_id "  # noqa: S608
            "AND c.serial = NEW.serial AND c.state IN ('once', 'disputed')) "
            f"OR {state_of('NEW.poll_id')} <> 'working_up'"
        ),
    ),
    goes_at_the_count(
        "card_keying",
        unless=(
            f"{state_of('OLD.poll_id')} = 'working_up' AND NOT EXISTS (SELECT 1 FROM card c "  # noqa: S608
            "WHERE c.poll_id = OLD.poll_id AND c.serial = OLD.serial AND c.state <> 'once')"
        ),
    ),
    Guard(
        name="poll_counts_every_card",
        table="poll",
        event="UPDATE OF state",
        message="cards: every card is keyed by two, and as many took part on paper, before a count",
        refuse_when=(
            "NEW.state = 'counted' AND OLD.state <> NEW.state AND ("  # noqa: S608
            f"{_OPEN_BATCHES.format('id')} "
            "OR (SELECT count(*) FROM card c WHERE c.poll_id = NEW.id "
            "AND c.state IN ('agreed', 'decided')) "
            "<> (SELECT coalesce(sum(b.in_box), 0) FROM card_batch b WHERE b.poll_id = NEW.id) "
            f"OR {_PARTICIPATIONS} <> (SELECT coalesce(sum(b.in_box + b.missing), 0) "
            "FROM card_batch b WHERE b.poll_id = NEW.id))"
        ),
    ),
)
