"""What the application needs to know of this package."""

from flask import Flask

from deliberate.accounts import closing
from deliberate.approvals import registry as approvals
from deliberate.kernel import retention as kept
from deliberate.kernel.feature import Feature
from deliberate.notifications import readers
from deliberate.voting import acts, code_acts, notices, retention, stopping_acts, views
from deliberate.voting.actions import casting
from deliberate.voting.card_guards import GUARDS as OF_CARDS
from deliberate.voting.change_guards import GUARDS as OF_CHANGES
from deliberate.voting.code_guards import GUARDS as OF_CODES
from deliberate.voting.electorate_guards import GUARDS as OF_ELECTORATES
from deliberate.voting.guards import GUARDS
from deliberate.voting.jobs import JOBS
from deliberate.voting.permissions import Permission
from deliberate.voting.quarantine_guards import GUARDS as OF_QUARANTINE
from deliberate.voting.totals_guards import GUARDS as OF_TOTALS


def _setup(app: Flask) -> None:
    approvals.register(app, acts.COUNTING, acts.PUBLISHING, code_acts.ORDERING)
    approvals.register(app, stopping_acts.CANCELLING, stopping_acts.ANNULLING)
    kept.register(app, *retention.RULES)
    closing.register(app, casting.refuse_closing)
    readers.register(app, notices.select_voters)


FEATURE = Feature(
    name="voting",
    blueprints=(
        views.bp,
        views.methods_bp,
        views.office_bp,
        views.electorate_bp,
        views.desk_bp,
        views.publication_bp,
        views.suspicions_bp,
    ),
    permissions=Permission,
    guards=(
        *GUARDS,
        *OF_ELECTORATES,
        *OF_CODES,
        *OF_CARDS,
        *OF_QUARANTINE,
        *OF_CHANGES,
        *OF_TOTALS,
    ),
    jobs=JOBS,
    setup=_setup,
)
