"""What the application needs to know of this package."""

from flask import Flask

from deliberate.accounts import closing, mydata
from deliberate.kernel import retention as kept
from deliberate.kernel.feature import Feature
from deliberate.notifications import retention
from deliberate.notifications.jobs import JOBS
from deliberate.notifications.notices import KINDS
from deliberate.notifications.views import bp


def _setup(app: Flask) -> None:
    kept.register(app, retention.ONE_LETTERS)
    mydata.register(app, "switched_off_letters", retention.my_switches)
    closing.register(app, retention.forget_person)


FEATURE = Feature(name="notifications", blueprints=(bp,), jobs=JOBS, notices=KINDS, setup=_setup)
