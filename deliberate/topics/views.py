"""The list of topics, and all that lies under one."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from deliberate.access.decorators import public
from deliberate.kernel import i18n
from deliberate.subjects import registry
from deliberate.tenancy.current import current_tenant
from deliberate.topics import queries

bp = Blueprint("topics", __name__)


@bp.get("/tematy")
@public
def index() -> ResponseReturnValue:
    topics = [(topic.key, topic.name_in(i18n.locale())) for topic in queries.list_topics()]
    return render_template("topics/index.html", topics=topics)


@bp.get("/tematy/<key>")
@public
def show(key: str) -> ResponseReturnValue:
    topic = queries.get_topic(key)
    return render_template(
        "topics/show.html",
        name=topic.name_in(i18n.locale()),
        groups=queries.list_cards(current_tenant(), topic),
        kinds=registry.kinds(),
    )
