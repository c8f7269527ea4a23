"""What the application needs to know of this package."""

from flask import Flask

from deliberate.accounts import closing, mydata
from deliberate.consultations import components
from deliberate.kernel import retention as kept
from deliberate.kernel.feature import Feature
from deliberate.meetings import retention
from deliberate.meetings.actions import signing
from deliberate.meetings.component import COMPONENT
from deliberate.meetings.guards import GUARDS
from deliberate.meetings.jobs import JOBS
from deliberate.meetings.permissions import Permission
from deliberate.meetings.subject import SUBJECT
from deliberate.meetings.views import (  # noqa: F401 - their routes are on bp
    afterwards,
    bp,
    calendar,
    coming,
    desk,
    people,
    public,
)
from deliberate.subjects import registry


def _setup(app: Flask) -> None:
    registry.register(app, SUBJECT)
    components.register(app, COMPONENT)
    kept.register(app, *retention.RULES)
    mydata.register(app, "meeting_sign_ups", retention.my_sign_ups)
    closing.register(app, signing.forget_person)


FEATURE = Feature(
    name="meetings",
    blueprints=(bp,),
    permissions=Permission,
    guards=GUARDS,
    jobs=JOBS,
    setup=_setup,
)
