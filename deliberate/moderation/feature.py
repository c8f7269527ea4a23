"""What the application needs to know of this package."""

from __future__ import annotations

from flask import Flask

from deliberate.accounts import closing, mydata
from deliberate.kernel import retention
from deliberate.kernel.feature import Feature
from deliberate.kernel.guards import Guard, frozen, transitions
from deliberate.moderation import personal
from deliberate.moderation.permissions import Permission
from deliberate.moderation.views import (  # noqa: F401 - their routes
    bp,
    decisions,
    desk,
    notices,
    office,
    register,
)
from deliberate.subjects.states import STEPS

# All of a decision but the moment of undoing it, which comes once and before anybody was told.
KEPT = (
    "tenant_id",
    "consultation_id",
    "subject_kind",
    "subject_id",
    "turn",
    "author_id",
    "from_state",
    "to_state",
    "reason",
    "rule",
    "rules_version",
    "passage",
    "explanation",
    "scope",
    "until",
    "notice_id",
    "decided_by",
    "decider_label",
    "organisation_id",
    "at",
    "told_after",
)
GUARDS = (
    # The steps of what a decision may hide; proposals are guarded here as contributions are there.
    transitions("proposal", "content_state", STEPS),
    frozen("decision", *KEPT),
    Guard(
        name="decision_undone_in_time",
        table="decision",
        event="UPDATE OF undone_at",
        message="undo: a decision is undone once, before its letter leaves",
        refuse_when="OLD.undone_at IS NOT NULL OR NEW.undone_at IS NULL "
        "OR NEW.undone_at >= OLD.told_after",
    ),
    Guard(
        name="decision_never_goes",
        table="decision",
        event="DELETE",
        message="append_only: decision rows are never removed",
    ),
)


def _setup(app: Flask) -> None:
    mydata.register(app, "notices", personal.list_notices)
    mydata.register(app, "decisions", personal.list_decisions)
    closing.register(app, personal.forget)
    retention.register(app, personal.REPORTERS)


FEATURE = Feature(
    name="moderation",
    blueprints=(bp,),
    permissions=Permission,
    guards=GUARDS,
    setup=_setup,
)
