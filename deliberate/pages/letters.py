"""The demonstration's post: letters that would have been sent, readable by everyone.

Only in the demo, whose world is made up. Elsewhere these addresses do not exist.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from flask import Blueprint, abort, current_app, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import ColumnElement, Select, func, select

from deliberate.access.decorators import never_cached, public
from deliberate.config import Settings
from deliberate.kernel import clock
from deliberate.kernel.db import db
from deliberate.kernel.models import Outbox
from deliberate.kernel.pagination import PER_PAGE, PageOf, page_number
from deliberate.tenancy.current import find_tenant, for_installation

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
    return render_template("pages/letters.html", letters=_list_page(address), address=address)


@bp.get("/<int(max=2147483647):letter_id>")
@for_installation
@never_cached
@public
def show(letter_id: int) -> ResponseReturnValue:
    letter = db.session.scalar(_select_here().where(Outbox.id == letter_id)) or abort(404)
    return render_template(
        "pages/letter.html", letter=letter, paragraphs=pieces(letter.body, _origin())
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Some words of a letter; ``path`` is where they lead, if they are an address of ours."""

    words: str
    path: str | None


def pieces(body: str, origin: str) -> list[list[list[Piece]]]:
    """Return a letter as paragraphs of lines of pieces; only addresses of our own pages lead on.

    The paths have no host: the demo answers at whatever name the reader opened it by.
    """
    address = re.compile(re.escape(origin) + r"(/[^\s<>\"]*[^\s<>\".,;:!?)])")
    return [
        [_line(line, address, origin) for line in paragraph.split("\n")]
        for paragraph in re.split(r"\n{2,}", body.strip())
    ]


def _line(line: str, address: re.Pattern[str], origin: str) -> list[Piece]:
    # Every second part is a path that the expression found; the others are the words between.
    parts = address.split(line)
    return [
        Piece(words=origin + part, path=part) if number % 2 else Piece(words=part, path=None)
        for number, part in enumerate(parts)
    ]


def _origin() -> str:
    settings: Settings = current_app.extensions["deliberate.settings"]
    tenant = find_tenant()
    if settings.by_path or tenant is None:
        return settings.public_url
    return settings.origin(host=tenant.host, slug=tenant.slug)


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


def _select_here() -> Select[Outbox]:
    return select(Outbox).where(*_conditions())


def _conditions() -> list[ColumnElement[bool]]:
    """Return which letters have left: due, not withdrawn, of the municipality if any."""
    left = [Outbox.not_before <= clock.now(), Outbox.cancelled_at.is_(None)]
    tenant = find_tenant()
    return left if tenant is None else [*left, Outbox.tenant_id == tenant.id]
