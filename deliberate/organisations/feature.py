"""What the application needs to know of this package."""

from flask import Flask

from deliberate.accounts import closing, mydata
from deliberate.authorship.capacities import register_provider
from deliberate.kernel.feature import Feature
from deliberate.organisations import personal
from deliberate.organisations.permissions import Permission
from deliberate.organisations.subject import SUBJECT
from deliberate.organisations.views import bp
from deliberate.organisations.voices import of_organisations
from deliberate.subjects import registry


def _setup(app: Flask) -> None:
    register_provider(app, of_organisations)
    registry.register(app, SUBJECT)
    mydata.register(app, "organisations", personal.my_organisations)
    closing.register(app, personal.forget_person)


FEATURE = Feature(name="organisations", blueprints=(bp,), permissions=Permission, setup=_setup)
