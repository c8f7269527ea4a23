"""What the application needs to know of this package."""

from flask import Flask

from deliberate.kernel.feature import Feature
from deliberate.subjects import models  # noqa: F401 - its table
from deliberate.subjects.guards import GUARDS
from deliberate.subjects.states import is_shown


def _setup(app: Flask) -> None:
    app.jinja_env.tests["shown"] = is_shown


FEATURE = Feature(name="subjects", guards=GUARDS, setup=_setup)
