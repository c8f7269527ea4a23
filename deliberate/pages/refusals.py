"""Keeping that somebody was refused a page: one row a person, page and hour, for the auditor.

Written after the page is made, in a transaction of its own. Nobody is refused because this could
not be written, and of people without an account only the log tells.
"""

from __future__ import annotations

import logging

from flask import Flask, Response, request
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError

from deliberate.audit.models import AccessRefusal
from deliberate.kernel import clock
from deliberate.kernel.actor import Actor, current_actor
from deliberate.kernel.db import db, transaction

log = logging.getLogger(__name__)


def install(app: Flask) -> None:
    app.after_request(_note)


def _note(response: Response) -> Response:
    if response.status_code != 403:
        return response
    actor, endpoint = current_actor(), request.endpoint or ""
    log.info("refused %s to %s", endpoint, actor.reference)
    if actor.person_id is not None:
        try:
            with transaction():
                _count(actor, endpoint)
        except SQLAlchemyError as trouble:
            log.warning("a refusal could not be kept: %s", type(trouble).__name__)
    return response


def _count(actor: Actor, endpoint: str) -> None:
    insert = (sqlite if db.engine.dialect.name == "sqlite" else postgresql).insert(AccessRefusal)
    row = insert.values(
        tenant_id=actor.tenant_id or 0,
        person_id=actor.person_id,
        endpoint=endpoint,
        hour=clock.now().replace(minute=0, second=0, microsecond=0),
        n=1,
    )
    key = ["tenant_id", "person_id", "endpoint", "hour"]
    db.session.execute(
        row.on_conflict_do_update(index_elements=key, set_={"n": AccessRefusal.n + 1})
    )
