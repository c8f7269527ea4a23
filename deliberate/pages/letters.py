"""The demonstration's post: letters that would have been sent, readable by everyone.

Only in the demo, whose world is made up. Elsewhere these addresses do not exist.
"""

from __future__ import annotations

from flask import Blueprint, abort, current_app, make_response, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import ColumnElement, func, select

from deliberate.access.decorators import never_cached, public
from deliberate.config import Settings
from deliberate.kernel import clock
from deliberate.kernel.db import db
from deliberate.kernel.models import Outbox
from deliberate.kernel.pagination import PER_PAGE, PageOf, page_number
from deliberate.notifications import letterhead
from deliberate.notifications.sheet import paragraphs_of
from deliberate.pages.known_factors import list_codes
from deliberate.tenancy.current import find_tenant, for_installation

POLICY_OF_A_LETTER = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'; sandbox"
)

bp = Blueprint("letters", __name__, url_prefix="/poczta")


@bp.before_request
def only_in_the_demo() -> None:
    settings: Settings = current_app.extensions["deliberate.settings"]
    if not settings.is_demo:
        abort(404)


@bp.get("")
@for_installation
@never_cached
@public
def index() -> ResponseReturnValue:
    address = request.args.get("do", "").strip()[:254]
    return render_template(
        "pages/letters.html",
        letters=_list_page(address),
        address=address,
        app_codes=[
            each for each in list_codes(find_tenant(), clock.now()) if address.lower() in each.email
        ],
    )


@bp.get("/<int(max=2147483647):letter_id>")
@for_installation
@never_cached
@public
def show(letter_id: int) -> ResponseReturnValue:
    """Show a letter's text. Its links have no host: the demo answers at any name it is given."""
    letter = _get(letter_id)
    home = letterhead.home(find_tenant())
    return render_template(
        "pages/letter.html", letter=letter, paragraphs=paragraphs_of(letter.body, home)
    )


@bp.get("/<int(max=2147483647):letter_id>/wyglad")
@for_installation
@never_cached
@public
def look(letter_id: int) -> ResponseReturnValue:
    """Show a letter as mail programs do.

    It has styles of its own, which the policy of our pages forbids, and so do frames in them: it
    is a page by itself, under a policy that lets in nothing but these styles and, as a sandbox,
    keeps it apart from our pages and from the session. Links in it have no host, as in ``show``.
    """
    letter = _get(letter_id)
    response = make_response(letterhead.html(letter, host=""))
    response.headers["Content-Security-Policy"] = POLICY_OF_A_LETTER
    return response


def _get(letter_id: int) -> Outbox:
    letter = db.session.scalar(select(Outbox).where(*_conditions(), Outbox.id == letter_id))
    return letter or abort(404)


def _list_page(address: str) -> PageOf[Outbox]:
    conditions = _conditions()
    if address:
        conditions.append(func.lower(Outbox.address).contains(address.lower(), autoescape=True))
    total = db.session.scalars(select(func.count()).select_from(Outbox).where(*conditions)).one()
    last = max(1, -(-total // PER_PAGE))
    number = min(page_number(request.args.get("strona")), last)
    letters = db.session.scalars(
        select(Outbox)
        .where(*conditions)
        .order_by(Outbox.id.desc())
        .limit(PER_PAGE)
        .offset((number - 1) * PER_PAGE)
    ).all()
    return PageOf(items=letters, number=number, total=total)


def _conditions() -> list[ColumnElement[bool]]:
    """Return which letters have left: due, not withdrawn, of the municipality if any."""
    left = [Outbox.not_before <= clock.now(), Outbox.cancelled_at.is_(None)]
    tenant = find_tenant()
    return left if tenant is None else [*left, Outbox.tenant_id == tenant.id]
