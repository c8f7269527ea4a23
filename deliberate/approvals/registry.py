"""The acts that need two persons. A feature registers its own in ``feature.py``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from flask import Flask, current_app

from deliberate.approvals.models import Approval
from deliberate.approvals.permissions import Permission
from deliberate.kernel.actor import Actor

if TYPE_CHECKING:
    from deliberate.tenancy.models import Municipality


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalPage:
    """What the second person sees: ``template`` is included with ``context`` as the preview."""

    title: str
    lead: str
    url: str  # where the thing itself is read
    template: str
    context: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalAct:
    """One act. ``payload`` is SHA-256 of what exactly is approved, as it stands now.

    ``perform`` does the act, in the transaction of the decision; it does not commit.
    ``needs_fresh``: both persons have signed in within the last minutes, so that a screen left
    open decides nothing, and with a second factor, so that a mailbox alone decides nothing either.
    ``permission`` is what the second person must hold.
    """

    key: str  # "consultation.publish"; stored
    label: str  # N_("Publikacja konsultacji")
    describe: Callable[[Municipality, Approval], ApprovalPage]
    payload: Callable[[Municipality, Approval], str]
    perform: Callable[[Municipality, Approval, Actor, datetime], None]
    needs_fresh: bool = False
    permission: str = Permission.DECIDE


# Writes to those who are asked. People and letters are packages above this one, so they are
# named to it once, in pages.
Herald = Callable[[Approval], None]


def register(app: Flask, *acts: ApprovalAct) -> None:
    known: dict[str, ApprovalAct] = app.extensions.setdefault("deliberate.approvals", {})
    for act in acts:
        if act.key in known:
            raise ValueError(f"Two features register the act {act.key!r}.")
        known[act.key] = act


def get_act(key: str) -> ApprovalAct:
    """Return the act; KeyError for a key that no feature registers."""
    known: Mapping[str, ApprovalAct] = current_app.extensions.get("deliberate.approvals", {})
    return known[key]


def register_herald(app: Flask, herald: Herald) -> None:
    app.extensions["deliberate.herald"] = herald


def announce(approval: Approval) -> None:
    """Have those who are asked told, in the transaction of the request."""
    herald: Herald = current_app.extensions["deliberate.herald"]
    herald(approval)
