"""What must never be false of a second factor, whoever holds the connection."""

from __future__ import annotations

from deliberate.kernel.guards import Guard, frozen

GUARDS = (
    Guard(
        name="second_factor_step_grows",
        table="second_factor",
        event="UPDATE OF last_step",
        message="frozen: a code that was used is never accepted again",
        refuse_when="OLD.confirmed_at = NEW.confirmed_at AND NEW.last_step <= OLD.last_step",
    ),
    frozen("recovery_code", "hash", "person_id", "used_at", when="OLD.used_at IS NOT NULL"),
)
