"""Files that people handed in: shown only while the thing they belong to is."""

from __future__ import annotations

import io

from flask import Blueprint, Response, abort, send_file

from deliberate.access.decorators import may, public
from deliberate.accounts.current import current_person
from deliberate.kernel import files
from deliberate.kernel.models import StoredFile
from deliberate.kernel.storage import storage
from deliberate.subjects.registry import find_card
from deliberate.subjects.states import ContentState, is_shown
from deliberate.tenancy.current import current_tenant

bp = Blueprint("files", __name__)

# A file is somebody else's: opened by itself it may run nothing and load nothing.
CONTENT_SECURITY_POLICY = "sandbox; default-src 'none'"
SEE_DRAFTS = "consultations:see_drafts"


@bp.get("/pliki/<token>/<name>")
@public
def show(token: str, name: str) -> Response:  # noqa: ARG001 - for people; the token decides
    file = files.find_file(current_tenant().id, token)
    if file is None or not _may_see(file):
        abort(404)
    try:
        content = storage().get(file.sha256)
    except FileNotFoundError:
        abort(404)
    response = send_file(
        io.BytesIO(content),
        mimetype=file.media_type,
        as_attachment=not files.is_picture(file),
        download_name=file.name,
        etag=False,  # kernel.caching has one that a hidden thing changes
        max_age=None,
    )
    response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
    return response


def _may_see(file: StoredFile) -> bool:
    person = current_person()
    if file.subject_kind is None or file.subject_id is None:
        return person is not None and person.id == file.uploaded_by
    card = find_card(file.tenant_id, file.subject_kind, file.subject_id)
    if card is None:
        return False
    if is_shown(card.state):
        return True
    # The preview of what the office has not published yet.
    return card.official and card.state is ContentState.HELD and may(SEE_DRAFTS, card)
