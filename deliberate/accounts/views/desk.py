"""The officer's desk for residence: letters to print, people who come with a document."""

from __future__ import annotations

from flask import current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from deliberate.access.decorators import requires
from deliberate.accounts import codes, queries, rules
from deliberate.accounts.actions import residence as actions
from deliberate.accounts.forms import DeskDecisionForm, RefusalForm
from deliberate.accounts.models import Residence
from deliberate.accounts.permissions import Permission
from deliberate.accounts.views.common import bp
from deliberate.config import Settings
from deliberate.kernel import clock, htmx
from deliberate.kernel.actor import current_actor
from deliberate.kernel.db import transaction
from deliberate.kernel.forms import clean_line
from deliberate.kernel.texts import N_
from deliberate.tenancy import queries as places
from deliberate.tenancy.current import current_tenant
from deliberate.tenancy.models import Municipality

LONGEST_SEARCH = 254
DESK = "/urzad/zamieszkanie"
ONE = f"{DESK}/<int(max=2147483647):residence_id>"  # what an id in the database can be


def _load(residence_id: int) -> Residence:
    return queries.get_residence(current_tenant(), residence_id)


@bp.get(DESK)
@requires(Permission.DECIDE_RESIDENCE)
def desk() -> ResponseReturnValue:
    tenant = current_tenant()
    searched = clean_line(request.args.get("szukaj"))[:LONGEST_SEARCH]
    return render_template(
        "accounts/desk.html",
        searched=searched,
        found=queries.search_residences(tenant, searched),
        waiting=queries.list_waiting_letters(tenant),
        most=queries.MOST_FOUND,
    )


@bp.get(ONE)
@requires(Permission.DECIDE_RESIDENCE, on=_load)
def desk_person(residence: Residence) -> ResponseReturnValue:
    return render_template("accounts/desk_person.html", **_context(residence))


@bp.post(f"{ONE}/list")
@requires(Permission.DECIDE_RESIDENCE, on=_load)
def print_letter(residence: Residence) -> ResponseReturnValue:
    """Answer with the letter itself: no other page, and no second time, can show its code."""
    tenant = current_tenant()
    with transaction():
        code = actions.print_letter(
            residence,
            tenant=tenant,
            actor=current_actor(),
            again=request.form.get("again") == "1",
        )
    return render_template(
        "accounts/letter.html",
        residence=residence,
        code=codes.in_groups(code, 4),
        valid_until=clock.now() + rules.LETTER_VALID,
        where_to_type_it=_public_address(tenant),
    )


@bp.post(f"{ONE}/potwierdzenie")
@requires(Permission.DECIDE_RESIDENCE, on=_load)
def confirm_residence(residence: Residence) -> ResponseReturnValue:
    tenant, form = current_tenant(), DeskDecisionForm()
    context = _context(residence, confirmation=form)
    if not form.validate_on_submit():
        return render_template("accounts/desk_person.html", **context), 422
    area = places.find_area(tenant, form.area_id)
    with transaction():
        actions.confirm_at_desk(residence, tenant=tenant, actor=current_actor(), area=area)
    return htmx.done(N_("Zamieszkanie jest potwierdzone."), to=_page(residence))


@bp.post(f"{ONE}/odmowa")
@requires(Permission.DECIDE_RESIDENCE, on=_load)
def reject_residence(residence: Residence) -> ResponseReturnValue:
    form = RefusalForm()
    if not form.validate_on_submit():
        return render_template(
            "accounts/desk_person.html", **_context(residence, rejection=form)
        ), 422
    with transaction():
        actions.reject(
            residence,
            tenant=current_tenant(),
            actor=current_actor(),
            reason=form.reason.data,
        )
    return htmx.done(N_("Odmowa jest zapisana, a powód wysłany."), to=_page(residence))


def _public_address(tenant: Municipality) -> str:
    """Return where the code is typed, as it is written in a letter: by settings, not by request."""
    settings: Settings = current_app.extensions["deliberate.settings"]
    path = url_for("accounts.residence").removeprefix(request.script_root)
    return settings.origin(host=tenant.host, slug=tenant.slug) + path


def _page(residence: Residence) -> str:
    return url_for("accounts.desk_person", residence_id=residence.id)


def _context(
    residence: Residence,
    *,
    confirmation: DeskDecisionForm | None = None,
    rejection: RefusalForm | None = None,
) -> dict[str, object]:
    tenant, now = current_tenant(), clock.now()
    facts = queries.residence_facts(tenant, residence, now=now)
    own = current_actor().person_id == residence.person_id
    areas = places.list_areas(tenant)
    if confirmation is None:
        confirmation = DeskDecisionForm(formdata=None, area=str(residence.area_id or ""))
    confirmation.offer(areas)
    printed = residence.letter_sent_at is not None
    return {
        "residence": residence,
        "resident": queries.find_person(residence.person_id),
        "area": places.find_area(tenant, residence.area_id),
        "decider": queries.find_person(residence.decided_by),
        "printed": printed,
        "printing_refusal": rules.printing_refusal(facts, own=own, again=printed),
        "confirmation": confirmation,
        "confirmation_refusal": rules.confirmation_refusal(facts, own=own),
        "rejection": rejection or RefusalForm(formdata=None),
        "rejection_refusal": rules.rejection_refusal(facts, own=own),
    }
