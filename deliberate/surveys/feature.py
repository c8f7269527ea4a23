"""What the application needs to know of this package."""

from flask import Flask

from deliberate.accounts import closing, mydata
from deliberate.consultations import components
from deliberate.kernel import retention
from deliberate.kernel.feature import Feature
from deliberate.notifications import readers
from deliberate.surveys import notices, personal
from deliberate.surveys.component import COMPONENT
from deliberate.surveys.guards import GUARDS
from deliberate.surveys.views import (  # noqa: F401 - their routes are on bp
    answering,
    building,
    common,
    paper,
    questions,
    results,
    wording,
)


def _setup(app: Flask) -> None:
    components.register(app, COMPONENT)
    mydata.register(app, "surveys", personal.my_surveys)
    closing.register(app, personal.forget_author)
    retention.register(app, personal.RETENTION)
    readers.register(app, notices.select_respondents)


FEATURE = Feature(name="surveys", blueprints=(common.bp,), guards=GUARDS, setup=_setup)
