"""What the application needs to know of this package."""

from flask import Flask

from deliberate.access.decorators import admits, may
from deliberate.kernel.feature import Feature


def _setup(app: Flask) -> None:
    app.jinja_env.globals["admits"] = admits
    app.jinja_env.globals["may"] = may


FEATURE = Feature(name="access", setup=_setup)
