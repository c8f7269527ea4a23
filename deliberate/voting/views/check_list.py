"""The check list: signed heads of the log while people vote, and all files after the count."""

from __future__ import annotations

import json

from flask import Response, abort, render_template, stream_with_context
from flask.typing import ResponseReturnValue

from deliberate.access.decorators import public
from deliberate.voting import files, log, queries
from deliberate.voting.states import PollState
from deliberate.voting.views.common import (
    bp,
    find_asked_poll,
    get_asked,
    get_card,
    not_ready_page,
)
from deliberate.voting.views.former import former_number

TYPES = {
    ".json": "application/json",
    ".jsonl": "application/jsonl",
    ".txt": "text/plain",
    ".py": "text/x-python",
}
UTF8 = "charset=utf-8"


@bp.get("/lista-kontrolna")
@public
def check_list(slug: str) -> ResponseReturnValue:
    card = get_card(slug)
    poll = find_asked_poll(card)
    if poll is None or poll.state == PollState.DRAFT:
        return not_ready_page(card)
    is_out = queries.has_public_result(poll)
    return render_template(
        "voting/check_list.html",
        card=card,
        poll=poll,
        heads=[(head, json.loads(head.body)) for head in log.list_public_heads(poll)],
        names=list(files.get_files(poll).content) if is_out else (),
        silent=files.silent_sections(poll) if is_out else (),
        number=former_number(card, poll),
    )


@bp.get("/lista-kontrolna.json")
@public
def check_list_json(slug: str) -> ResponseReturnValue:
    """Give the heads as they are signed; the same file stands among all of them after the count."""
    _, poll = get_asked(slug)
    text = files.heads_text(poll, log.list_public_heads(poll))
    return text, {"Content-Type": f"application/json; {UTF8}"}


@bp.get("/pliki/<name>")
@public
def file(slug: str, name: str) -> ResponseReturnValue:
    _, poll = get_asked(slug)
    content = files.get_files(poll).content.get(name) or abort(404)
    kind = TYPES[name[name.rindex(".") :]]
    return Response(stream_with_context(content()), content_type=f"{kind}; {UTF8}")


@bp.get("/pliki.zip")
@public
def archive(slug: str) -> ResponseReturnValue:
    card, poll = get_asked(slug)
    folder = f"glosowanie-{card.name}"
    sent = files.archive(files.get_files(poll), folder)
    response = Response(stream_with_context(sent), mimetype="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="{folder}.zip"'
    return response
