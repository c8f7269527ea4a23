"""Whether somebody of the office has just proved who they are: what acts of two persons want."""

from __future__ import annotations

from deliberate.approvals import rules as approvals
from deliberate.kernel.actor import Actor
from deliberate.kernel.refusals import Refused


def factored(actor: Actor) -> int:
    """Return who acts, with a second factor, however long ago they signed in, or raise.

    For what a clerk does by the hundred at a counter or over a box: nobody signs in each minute.
    """
    if refusal := approvals.proof_refusal(lacks_factor=not actor.has_second_factor, is_stale=False):
        raise Refused(refusal)
    assert actor.person_id is not None  # noqa: S101 - nobody else reaches the desk
    return actor.person_id


def proven(actor: Actor) -> int:
    """Return who acts, with a fresh sign-in and a second factor, or raise what is lacking."""
    if refusal := approvals.proof_refusal(
        lacks_factor=not actor.has_second_factor, is_stale=not actor.is_fresh
    ):
        raise Refused(refusal)
    assert actor.person_id is not None  # noqa: S101 - nobody else reaches the desk
    return actor.person_id
