"""What the application needs to know of this package."""

from flask import Flask

from deliberate.accounts import factor_reset, failures, jobs, mydata, owndata
from deliberate.accounts.current import current_person, install
from deliberate.accounts.guards import GUARDS
from deliberate.accounts.permissions import Permission
from deliberate.accounts.retention import RULES
from deliberate.accounts.views import (
    account,
    desk,
    people,
    residence,
    retention,
    second_factor,
    sign_in,
)
from deliberate.accounts.views.common import bp
from deliberate.approvals import registry as approvals
from deliberate.kernel import retention as kept
from deliberate.kernel.feature import Feature

# Their routes join the blueprint they share when they are imported.
PAGES = (sign_in, account, second_factor, residence, desk, retention)


def _setup(app: Flask) -> None:
    install(app)
    mydata.register(app, "account", owndata.account)
    mydata.register(app, "residences", owndata.residences)
    mydata.register(app, "memberships", owndata.memberships)
    mydata.register(app, "browsers", owndata.browsers)
    kept.register(app, *RULES)
    approvals.register(app, factor_reset.ACT)

    @app.context_processor
    def person_context() -> dict[str, object]:
        return {"person": current_person()}


FEATURE = Feature(
    name="accounts",
    blueprints=(bp, people.bp),
    permissions=Permission,
    guards=GUARDS,
    jobs=(jobs.RETENTION, failures.JOB),
    setup=_setup,
)
