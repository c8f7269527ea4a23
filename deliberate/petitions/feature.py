"""What the application needs to know of this package."""

from flask import Flask

from deliberate.accounts import closing, mydata
from deliberate.kernel import retention
from deliberate.kernel.feature import Feature
from deliberate.petitions import personal, words
from deliberate.petitions.guards import GUARDS
from deliberate.petitions.jobs import JOBS
from deliberate.petitions.permissions import Permission
from deliberate.petitions.subject import SUBJECTS
from deliberate.petitions.views import (  # noqa: F401 - their routes are on bp
    asking,
    bp,
    desk,
    public,
)
from deliberate.subjects import registry


def _setup(app: Flask) -> None:
    registry.register(app, *SUBJECTS)
    retention.register(app, *personal.RULES)
    mydata.register(app, "register_entries", personal.my_entries)
    mydata.register(app, "register_supports", personal.my_supports)
    closing.register(app, personal.forget)
    app.jinja_env.globals["register_words"] = words  # for pages that list entries beside others


FEATURE = Feature(
    name="petitions",
    blueprints=(bp,),
    permissions=Permission,
    guards=GUARDS,
    jobs=JOBS,
    setup=_setup,
)
