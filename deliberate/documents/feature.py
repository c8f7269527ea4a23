"""What the application needs to know of this package."""

from flask import Flask

from deliberate.accounts import closing, mydata
from deliberate.accounts.models import Person
from deliberate.consultations import components
from deliberate.documents import actions, counter_feature, notices, queries, words
from deliberate.documents.component import COMPONENT
from deliberate.documents.guards import GUARDS
from deliberate.documents.subject import PREPARED, PUT_UP, REMARK
from deliberate.documents.views import (  # noqa: F401 - their routes are on bp
    desk,
    reading,
    remarks,
    units,
    writing,
)
from deliberate.documents.views.common import bp
from deliberate.kernel.feature import Feature
from deliberate.notifications import readers
from deliberate.subjects import registry


def _setup(app: Flask) -> None:
    registry.register(app, REMARK, PUT_UP, PREPARED)
    components.register(app, COMPONENT)
    counter_feature.setup(app)
    mydata.register(app, "remarks", _my_remarks)
    closing.register(app, actions.forget_author)
    readers.register(app, notices.select_authors)
    app.jinja_env.globals["document_words"] = words


def _my_remarks(person: Person) -> list[dict[str, object]]:
    return [
        {
            "number": row.number,
            "place": row.place,
            "kind": row.kind,
            "wording": row.wording,
            "body": row.body,
            "in_the_name_of": row.capacity_label,
            "state": row.state,
            "created_at": row.created_at,
        }
        for row in queries.list_everywhere(person)
    ]


FEATURE = Feature(
    name="documents",
    blueprints=(bp,),
    guards=GUARDS,
    jobs=(notices.RECEIPT_JOB,),
    setup=_setup,
)
