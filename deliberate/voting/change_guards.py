"""What the database allows of a vote that its voter changes, and nothing beside it.

A participation, a receipt and ballots go each only after the one before it: a replaced leaf names
the form and the leaf that are still there, then the participation takes another form, then the
leaf may go from the receipts, then the ballots without a receipt.
"""

from __future__ import annotations

from deliberate.kernel.guards import Guard, frozen


def _may_change(row: str) -> str:
    """Say that the rules let voters change their vote, and that people vote."""
    return (
        f"EXISTS (SELECT 1 FROM poll p WHERE p.id = {row}.poll_id AND p.revote "  # noqa: S608
        "AND p.state IN ('sealed', 'receiving'))"
    )


# Which rows may go because a voter changed their vote, as SQL over OLD.
REPLACED = {
    "receipt": (
        f"{_may_change('OLD')} AND EXISTS (SELECT 1 FROM replaced_receipt x "  # noqa: S608
        "WHERE x.leaf = OLD.leaf AND x.poll_id = OLD.poll_id)"
    ),
    "ballot": (
        f"{_may_change('OLD')} AND NOT EXISTS (SELECT 1 FROM receipt r "  # noqa: S608
        "WHERE r.poll_id = OLD.poll_id AND r.link_tag = OLD.link_tag)"
    ),
}

GUARDS: tuple[Guard, ...] = (
    Guard(
        name="replaced_receipt_names_a_vote_that_is_there",
        table="replaced_receipt",
        event="INSERT",
        message="closed: a vote is replaced while people vote, by rules that say so, on the web",
        refuse_when=(
            f"NOT ({_may_change('NEW')} AND EXISTS (SELECT 1 FROM receipt r "  # noqa: S608
            "WHERE r.leaf = NEW.leaf AND r.poll_id = NEW.poll_id "
            "AND coalesce(r.batch, 0) = coalesce(NEW.batch, 0)) "
            "AND EXISTS (SELECT 1 FROM participation p WHERE p.tenant_id = NEW.tenant_id "
            "AND p.poll_id = NEW.poll_id AND p.idem_hash = NEW.idem_hash "
            "AND p.channel IN ('web', 'code')))"
        ),
    ),
    frozen("replaced_receipt", "leaf", "tenant_id", "poll_id", "idem_hash"),
    Guard(
        name="participation_changes_only_with_its_vote",
        table="participation",
        event="UPDATE",
        message="append_only: a participation changes only with a vote that was replaced",
        refuse_when=(
            "OLD.tenant_id <> NEW.tenant_id OR OLD.poll_id <> NEW.poll_id "  # noqa: S608
            "OR OLD.person_key <> NEW.person_key OR OLD.channel <> NEW.channel "
            "OR OLD.idem_hash = NEW.idem_hash "
            f"OR NOT ({_may_change('OLD')} AND EXISTS (SELECT 1 FROM replaced_receipt x "
            "WHERE x.poll_id = OLD.poll_id AND x.idem_hash = OLD.idem_hash)) "
            "OR EXISTS (SELECT 1 FROM replaced_receipt x "
            "WHERE x.poll_id = NEW.poll_id AND x.idem_hash = NEW.idem_hash)"
        ),
    ),
)
