"""What the application needs to know of this package."""

from flask import Flask

from deliberate.accounts import closing, mydata
from deliberate.accounts.models import Person
from deliberate.approvals import registry as approvals
from deliberate.kernel.feature import Feature
from deliberate.kernel.guards import frozen, transitions
from deliberate.notifications import readers
from deliberate.proposals import actions, admission, notices, queries
from deliberate.proposals.models import STEPS
from deliberate.proposals.subject import SUBJECT
from deliberate.proposals.views import (  # noqa: F401 - their routes are on bp
    ballot,
    public,
    sections,
    signing,
    writing,
)
from deliberate.proposals.views.common import bp
from deliberate.subjects import registry

GUARDS = (
    # Letters and minutes quote a proposal by its number.
    frozen("proposal", "tenant_id", "consultation_id", "number", "shuffle", "created_at"),
    transitions("proposal", "state", STEPS),
)


def _setup(app: Flask) -> None:
    registry.register(app, SUBJECT)
    approvals.register(app, admission.SEALING)
    mydata.register(app, "proposals", _my_proposals)
    mydata.register(app, "supports", _my_supports)
    closing.register(app, actions.forget_author)
    readers.register(
        app, notices.select_authors, notices.select_coauthors, notices.select_supporters
    )


def _my_proposals(person: Person) -> list[dict[str, object]]:
    return [
        {
            "number": row.number,
            "title": row.title,
            "place": row.place,
            "reason": row.reason,
            "details": row.details,
            "in_the_name_of": row.capacity_label,
            "state": row.state,
            "created_at": row.created_at,
        }
        for row in queries.list_everywhere(person)
    ]


def _my_supports(person: Person) -> list[dict[str, object]]:
    return [
        {"proposal": row.proposal_id, "given_at": row.given_at}
        for row in queries.list_supports_everywhere(person)
    ]


FEATURE = Feature(name="proposals", blueprints=(bp,), guards=GUARDS, setup=_setup)
