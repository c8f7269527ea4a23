"""The officer's list of consultations, and the ways in which a new one begins."""

from __future__ import annotations

from flask import Response, abort, render_template, url_for
from flask.typing import ResponseReturnValue

from deliberate.access.decorators import may, requires
from deliberate.consultations import queries, requirements
from deliberate.consultations.actions import drafts
from deliberate.consultations.forms import Press
from deliberate.consultations.laws import law
from deliberate.consultations.models import Consultation
from deliberate.consultations.permissions import Permission
from deliberate.consultations.procedures import CONTENT_NAMES
from deliberate.consultations.tiles import STATE_NAMES, tiles
from deliberate.consultations.views import bp
from deliberate.consultations.views.common import load
from deliberate.kernel import clock, htmx
from deliberate.kernel.actor import current_actor
from deliberate.kernel.db import transaction
from deliberate.kernel.i18n import say
from deliberate.kernel.texts import N_
from deliberate.tenancy.current import current_tenant


@bp.get("/urzad/konsultacje")
@requires(Permission.SEE_DRAFTS, anywhere=True)
def desk_index() -> ResponseReturnValue:
    now = clock.now()
    return render_template(
        "consultations/desk/index.html",
        tiles=tiles(
            [
                found
                for found in queries.list_all(current_tenant())
                if may(Permission.SEE_DRAFTS, found)
            ],
            now,
        ),
        states={state: say(name) for state, name in STATE_NAMES.items()},
    )


@bp.get("/urzad/konsultacje/nowe")
@requires(Permission.EDIT)
def desk_new() -> ResponseReturnValue:
    tenant, today = current_tenant(), clock.local(clock.now()).date()
    return render_template(
        "consultations/desk/new.html",
        laws=[
            law(key, demanded, today=today)
            for key, demanded in requirements.by_procedure(tenant, today).items()
        ],
        former=queries.list_public(tenant)[:20],
        form=Press(formdata=None),
    )


@bp.get("/urzad/konsultacje/nowe/program-wspolpracy/konspekt.txt")
@requires(Permission.EDIT)
def desk_outline() -> ResponseReturnValue:
    """Give the headings of the parts that the law wants, to be filled in and read in again."""
    lines = [f"Rozdział {no}\n{name}\n" for no, name in enumerate(CONTENT_NAMES.values(), start=1)]
    response = Response("\n".join(lines), mimetype="text/plain")
    response.headers["Content-Disposition"] = 'attachment; filename="konspekt-programu.txt"'
    return response


@bp.post("/urzad/konsultacje/<slug>/powtorzenie")
@requires(Permission.EDIT, on=load)
def desk_repeat(consultation: Consultation) -> ResponseReturnValue:
    if not Press().validate_on_submit():
        abort(400)
    now = clock.now()
    with transaction():
        made = drafts.repeat(
            current_tenant(),
            consultation,
            today=clock.local(now).date(),
            actor=current_actor(),
            now=now,
        )
    return htmx.done(
        N_("Skopiowane do nowego szkicu. Sprawdź teksty i daty."),
        to=url_for("consultations.desk_edit", slug=made.slug),
    )
