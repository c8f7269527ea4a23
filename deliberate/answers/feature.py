"""What the application needs to know of this package."""

from flask import Flask

from deliberate.answers.guards import GUARDS
from deliberate.answers.permissions import Permission
from deliberate.answers.positions import TONES, label
from deliberate.answers.subject import SUBJECT
from deliberate.answers.views import (  # noqa: F401 - their routes
    bp,
    changes,
    desk,
    outcome,
    personal,
    table,
)
from deliberate.kernel.feature import Feature
from deliberate.subjects import registry


def _setup(app: Flask) -> None:
    registry.register(app, SUBJECT)
    app.jinja_env.globals["position_label"] = label
    app.jinja_env.globals["position_tones"] = TONES


FEATURE = Feature(
    name="answers",
    blueprints=(bp,),
    permissions=Permission,
    guards=GUARDS,
    setup=_setup,
)
