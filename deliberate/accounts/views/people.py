"""Who works for the municipality: roles, invitations, substitutes; and accepting an invitation."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, url_for
from flask.typing import ResponseReturnValue

from deliberate.access.decorators import (
    holds,
    holds_everywhere,
    never_cached,
    public,
    requires,
    signed_in,
)
from deliberate.access.roles import NAMES
from deliberate.accounts import factor_reset, memberships, queries, staff, staff_rules
from deliberate.accounts.current import current_person, get_person
from deliberate.accounts.models import Invitation, Membership
from deliberate.accounts.permissions import Permission
from deliberate.accounts.staff_forms import (
    AcceptanceForm,
    AgreementForm,
    FactorResetForm,
    InvitationForm,
    SubstituteForm,
)
from deliberate.approvals import queries as approvals
from deliberate.kernel import clock, htmx, i18n
from deliberate.kernel.actor import Role, current_actor
from deliberate.kernel.db import transaction
from deliberate.kernel.texts import N_
from deliberate.tenancy import queries as places
from deliberate.tenancy.current import current_tenant

bp = Blueprint("people", __name__)

ONE = "/urzad/osoby/<int(max=2147483647):membership_id>"
OFFERED = "/urzad/osoby/zaproszenia/<int(max=2147483647):invitation_id>"


def _membership(membership_id: int) -> Membership:
    return staff.get_membership(current_tenant(), membership_id)


def _invitation(invitation_id: int) -> Invitation:
    return staff.get_invitation(current_tenant(), invitation_id)


@bp.get("/urzad/osoby")
@requires(Permission.INVITE_FACILITATORS, anywhere=True)
def index() -> ResponseReturnValue:
    """Show everybody to those who manage people, facilitators to those who invite them."""
    tenant, now, roles = current_tenant(), clock.now(), _roles()
    held = [row for row in staff.list_staff(tenant, now) if _reaches(row[0])]
    invited = [row for row in staff.list_invitations(tenant, now) if _reaches(row)]
    return render_template(
        "people/index.html",
        groups=[(role, [row for row in held if row[0].role == role]) for role in roles],
        invited=invited,
        names=staff.list_names(
            {membership.substitute_id for membership, _ in held}
            | {row.invited_by for row in invited}
        ),
        units=dict(_units()),
        organisations=dict(staff.list_organisations(tenant)),
        consultations=dict(staff.list_consultations(tenant)),
        role_names=NAMES,
    )


@bp.get("/urzad/osoby/zaproszenie")
@requires(Permission.INVITE_FACILITATORS, anywhere=True)
def invite() -> ResponseReturnValue:
    return render_template("people/invite.html", form=_invitation_form(blank=True))


@bp.post("/urzad/osoby/zaproszenie")
@requires(Permission.INVITE_FACILITATORS, anywhere=True)
def send_invitation() -> ResponseReturnValue:
    form = _invitation_form()
    if not form.validate_on_submit():
        return render_template("people/invite.html", form=form), 422
    with transaction():
        memberships.invite(
            current_tenant(),
            form.offer,
            form.email.data,
            current_actor(),
            locale=i18n.locale(),
            now=clock.now(),
        )
    return htmx.done(N_("Zaproszenie wysłane. Jest ważne 14 dni."), to=url_for("people.index"))


@bp.post(f"{OFFERED}/wycofanie")
@requires(Permission.INVITE_FACILITATORS, on=_invitation)
def revoke(invitation: Invitation) -> ResponseReturnValue:
    if not _reaches(invitation):
        abort(404)  # what is not shown to this person is not there
    with transaction():
        memberships.revoke(invitation, current_actor(), now=clock.now())
    return htmx.done(N_("Zaproszenie wycofane."), to=url_for("people.index"))


@bp.get(ONE)
@requires(Permission.MANAGE_PEOPLE, on=_membership)
def show(membership: Membership) -> ResponseReturnValue:
    form = _substitute_form(membership, blank=True)
    return render_template("people/show.html", **_context(membership, form))


@bp.post(f"{ONE}/zastepstwo")
@requires(Permission.MANAGE_PEOPLE, on=_membership)
def name_substitute(membership: Membership) -> ResponseReturnValue:
    form = _substitute_form(membership)
    if not form.validate_on_submit():
        return render_template("people/show.html", **_context(membership, form)), 422
    with transaction():
        memberships.name_substitute(
            current_tenant(),
            membership,
            form.substitute_id,
            current_actor(),
            absence=form.absence,
            now=clock.now(),
        )
    return htmx.done(N_("Zapisane."), to=url_for("people.show", membership_id=membership.id))


@bp.post(f"{ONE}/koniec")
@requires(Permission.MANAGE_PEOPLE, on=_membership)
def end(membership: Membership) -> ResponseReturnValue:
    with transaction():
        memberships.end(current_tenant(), membership, current_actor(), now=clock.now())
    return htmx.done(N_("Rola zakończona."), to=url_for("people.index"))


@bp.post(f"{ONE}/drugi-skladnik")
@requires(Permission.MANAGE_PEOPLE, on=_membership)
def ask_factor_reset(membership: Membership) -> ResponseReturnValue:
    form = FactorResetForm()
    if not form.validate_on_submit():
        context = _context(membership, _substitute_form(membership, blank=True), form)
        return render_template("people/show.html", **context), 422
    with transaction():
        factor_reset.ask(
            current_tenant(),
            membership,
            current_actor(),
            note=form.note.data,
            now=clock.now(),
        )
    to = url_for("people.show", membership_id=membership.id)
    return htmx.done(N_("Prośba wysłana do innych osób z administracji."), to=to)


@bp.get("/zaproszenie/<token>")
@never_cached
@public
def invitation(token: str) -> ResponseReturnValue:
    offered = _offered(token)
    return render_template("people/invitation.html", **_offer_context(offered, token))


@bp.post("/zaproszenie/<token>")
@signed_in
def accept(token: str) -> ResponseReturnValue:
    offered = _offered(token)
    form = _acceptance_form(offered)
    if not form.validate_on_submit():
        context = _offer_context(offered, token, form)
        return render_template("people/invitation.html", **context), 422
    with transaction():
        memberships.accept(offered, get_person(), current_actor(), now=clock.now())
    return htmx.done(N_("Rola przyjęta. Dziękujemy."), to=url_for("pages.home"))


def _roles() -> tuple[Role, ...]:
    """Return the roles that the signed-in person may see and invite to."""
    if holds(current_actor(), Permission.MANAGE_PEOPLE):
        return staff_rules.GIVEN_HERE
    return (Role.FACILITATOR,)


def _reaches(row: Membership | Invitation) -> bool:
    """Tell whether a role that is held or offered is for the signed-in person to see."""
    actor = current_actor()
    if holds(actor, Permission.MANAGE_PEOPLE, on=row):
        return True
    return row.role == Role.FACILITATOR and holds(actor, Permission.INVITE_FACILITATORS, on=row)


def _consultations() -> list[tuple[int, str]]:
    """Return those that the signed-in person's own role reaches."""
    return [
        (key, title)
        for key, title in staff.list_consultations(current_tenant())
        if holds(
            current_actor(),
            Permission.INVITE_FACILITATORS,
            on=memberships.Offer(role=Role.FACILITATOR, consultation_id=key),
        )
    ]


def _units() -> list[tuple[int, str]]:
    return [(unit.id, unit.name) for unit in places.list_units(current_tenant())]


def _invitation_form(*, blank: bool = False) -> InvitationForm:
    tenant = current_tenant()
    form = InvitationForm(formdata=None) if blank else InvitationForm()
    form.offer_choices(
        _roles(),
        _consultations(),
        _units(),
        staff.list_organisations(tenant),
        whole=holds_everywhere(current_actor(), Permission.INVITE_FACILITATORS),
    )
    return form


def _substitute_form(membership: Membership, *, blank: bool = False) -> SubstituteForm:
    form = SubstituteForm()
    if blank:
        form = SubstituteForm(
            formdata=None,
            substitute=str(membership.substitute_id or ""),
            absent_from=membership.absent_from,
            absent_until=membership.absent_until,
        )
    colleagues = staff.list_colleagues(current_tenant(), membership, clock.now())
    names = staff.list_names({*colleagues})
    form.offer_choices(sorted(names.items(), key=lambda pair: (pair[1], pair[0])))
    return form


def _context(
    membership: Membership, form: SubstituteForm, reset_form: FactorResetForm | None = None
) -> dict[str, object]:
    tenant, now = current_tenant(), clock.now()
    asked = approvals.find_open(
        tenant.id, factor_reset.RESET, factor_reset.KIND, membership.person_id
    )
    return {
        "membership": membership,
        "holder": queries.find_person(membership.person_id),
        "giver": queries.find_person(membership.granted_by),
        "role_name": NAMES[Role(membership.role)],
        "form": form,
        "ending_refusal": memberships.ending_refusal(tenant, membership, now=now),
        "asked": asked if asked is not None and now < asked.expires_at else None,
        "reset_form": reset_form or FactorResetForm(formdata=None),
        "reset_refusal": factor_reset.asking_refusal(tenant, membership, current_actor(), now=now),
    }


def _offered(token: str) -> Invitation:
    return staff.find_invitation(current_tenant(), token) or abort(404)


def _acceptance_form(offered: Invitation, *, blank: bool = False) -> AcceptanceForm:
    kind = AgreementForm if offered.role == Role.FACILITATOR else AcceptanceForm
    return kind(formdata=None) if blank else kind()


def _offer_context(
    offered: Invitation, token: str, form: AcceptanceForm | None = None
) -> dict[str, object]:
    tenant = current_tenant()
    facts = memberships.accepting_facts(offered, current_person(), now=clock.now())
    scopes = dict(staff.list_consultations(tenant)) if offered.consultation_id else {}
    return {
        "invitation": offered,
        "token": token,
        "inviter": queries.find_person(offered.invited_by),
        "role_name": NAMES[Role(offered.role)],
        "scope": scopes.get(offered.consultation_id or 0),
        "needs_agreement": offered.role == Role.FACILITATOR,
        "refusal": staff_rules.accepting_refusal(facts),
        "form": form or _acceptance_form(offered, blank=True),
    }
