"""What the application needs to know of this package."""

from __future__ import annotations

from flask import Flask

from deliberate.accounts import closing, mydata
from deliberate.discussion import cards, notices, personal
from deliberate.discussion.permissions import Permission
from deliberate.discussion.views import bp
from deliberate.kernel.feature import Feature
from deliberate.kernel.guards import transitions
from deliberate.moderation import conversation
from deliberate.notifications import readers
from deliberate.subjects import registry
from deliberate.subjects.states import STEPS


def _setup(app: Flask) -> None:
    registry.register(app, *cards.KINDS)
    conversation.register(app, cards.CONVERSATION)
    mydata.register(app, "contributions", personal.list_contributions)
    closing.register(app, personal.forget)
    readers.register(app, notices.select_speakers)


FEATURE = Feature(
    name="discussion",
    blueprints=(bp,),
    permissions=Permission,
    guards=(
        transitions("contribution", "content_state", STEPS),
        transitions("summary", "content_state", STEPS),
    ),
    setup=_setup,
)
