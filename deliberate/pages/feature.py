"""What the application needs to know of this package."""

from flask import Flask

from deliberate.kernel.feature import Feature
from deliberate.pages import (
    about,
    appearance,
    approvals,
    barriers,
    context,
    declarations,
    desk,
    home,
    installation,
    journal,
    letters,
    my,
    refusals,
    search,
    translated_rules,
)
from deliberate.pages.blueprint import bp
from deliberate.pages.permissions import Permission

# Their routes join the blueprint they share when they are imported.
PAGES = (
    home,
    about,
    appearance,
    barriers,
    declarations,
    desk,
    journal,
    my,
    search,
    translated_rules,
)


def _setup(app: Flask) -> None:
    context.install(app)
    approvals.install(app)
    barriers.install(app)
    installation.install(app)
    refusals.install(app)


FEATURE = Feature(
    name="pages",
    blueprints=(bp, approvals.bp, letters.bp, installation.bp),
    permissions=Permission,
    setup=_setup,
)
