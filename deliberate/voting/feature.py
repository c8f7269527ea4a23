"""What the application needs to know of this package."""

from flask import Flask

from deliberate.accounts import closing
from deliberate.approvals import registry as approvals
from deliberate.kernel.feature import Feature
from deliberate.notifications import readers
from deliberate.voting import acts, notices, views
from deliberate.voting.actions import casting
from deliberate.voting.guards import GUARDS
from deliberate.voting.jobs import JOBS
from deliberate.voting.permissions import Permission


def _setup(app: Flask) -> None:
    approvals.register(app, acts.COUNTING)
    closing.register(app, casting.refuse_closing)
    readers.register(app, notices.select_voters)


FEATURE = Feature(
    name="voting",
    blueprints=(views.bp,),
    permissions=Permission,
    guards=GUARDS,
    jobs=JOBS,
    setup=_setup,
)
