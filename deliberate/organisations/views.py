"""Pages of organisations: the list, one, signing up, its people, and the office's desk."""

from __future__ import annotations

from datetime import timedelta
from typing import TypeVar

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from deliberate.access.decorators import may, never_cached, public, requires, signed_in
from deliberate.accounts.current import current_person, get_person
from deliberate.kernel import clock, htmx, i18n, mail, ratelimit
from deliberate.kernel.actor import current_actor
from deliberate.kernel.db import transaction
from deliberate.kernel.i18n import say
from deliberate.kernel.pagination import page_number
from deliberate.kernel.texts import N_
from deliberate.organisations import actions, kinds, links, queries, rules
from deliberate.organisations.forms import (
    AboutForm,
    ButtonForm,
    MemberForm,
    ProfileForm,
    RefusalForm,
    SignUpForm,
)
from deliberate.organisations.models import Organisation
from deliberate.organisations.permissions import Permission
from deliberate.organisations.subject import KIND
from deliberate.tenancy.current import current_tenant
from deliberate.tenancy.links import absolute
from deliberate.topics import queries as topic_queries

bp = Blueprint("organisations", __name__)

SIGNED_UP = ratelimit.Limit(bucket="organisation", most=5, per=timedelta(days=1))
INVITED = ratelimit.Limit(bucket="organisation-invitation", most=20, per=timedelta(days=1))

FormOf = TypeVar("FormOf", bound=AboutForm)


def _organisation(slug: str) -> Organisation:
    return queries.get_organisation(current_tenant(), slug)


@bp.get("/organizacje")
@public
def index() -> ResponseReturnValue:
    tenant, person = current_tenant(), current_person()
    page = queries.page_verified(tenant, page_number(request.args.get("strona")))
    own = queries.list_of(tenant, person) if person is not None else []
    return render_template("organisations/index.html", page=page, own=own, kinds=kinds.KINDS)


@bp.get("/organizacje/<slug>")
@public
def show(slug: str) -> ResponseReturnValue:
    organisation, person = _organisation(slug), current_person()
    is_member = queries.is_member(organisation, person)
    if organisation.verified_at is None and not (is_member or may(Permission.VERIFY)):
        abort(404)
    return render_template(
        "organisations/show.html",
        organisation=organisation,
        is_member=is_member,
        topics=topic_queries.list_of(current_tenant(), KIND, organisation.id),
        signed=queries.list_signed(organisation),
        kinds=kinds.KINDS,
        registers=kinds.REGISTERS,
    )


@bp.get("/organizacje/nowa")
@signed_in
def new() -> ResponseReturnValue:
    return _form_page(_with_topics(SignUpForm(formdata=None)))


@bp.post("/organizacje/nowa")
@signed_in
def sign_up() -> ResponseReturnValue:
    form = _with_topics(SignUpForm())
    if not form.validate_on_submit():
        return _form_page(form), 422
    tenant, person = current_tenant(), get_person()
    ratelimit.check(SIGNED_UP, str(person.id))
    with transaction():
        ratelimit.count(SIGNED_UP, str(person.id))
        organisation = actions.sign_up(
            tenant, form.profile, person, form.function.data, now=clock.now()
        )
    return htmx.done(
        N_("Zgłoszenie zapisane. Urząd sprawdzi je i da znać na tej stronie."),
        to=_page(organisation),
    )


@bp.get("/organizacje/<slug>/zmiana")
@signed_in
def edit(slug: str) -> ResponseReturnValue:
    organisation = _own(slug)
    chosen = [row.key for row in topic_queries.list_of(current_tenant(), KIND, organisation.id)]
    form = _edit_form(organisation)(
        formdata=None, obj=organisation, number=organisation.register_number, topics=chosen
    )
    return _form_page(_with_topics(form), organisation)


@bp.post("/organizacje/<slug>/zmiana")
@signed_in
def save(slug: str) -> ResponseReturnValue:
    organisation, tenant = _own(slug), current_tenant()
    form = _with_topics(_edit_form(organisation)())
    if not form.validate_on_submit():
        return _form_page(form, organisation), 422
    with transaction():
        if isinstance(form, ProfileForm):
            actions.correct(tenant, organisation, form.profile)
        else:
            actions.describe(tenant, organisation, form.about.data, form.topics.data or ())
    return htmx.done(N_("Zapisane."), to=_page(organisation))


@bp.get("/organizacje/<slug>/osoby")
@signed_in
def members(slug: str) -> ResponseReturnValue:
    return _members_page(_own(slug), MemberForm(formdata=None))


@bp.post("/organizacje/<slug>/osoby")
@signed_in
def invite(slug: str) -> ResponseReturnValue:
    """Write to an address, known or not: the answer tells nobody who has an account."""
    organisation, form, person = _own(slug), MemberForm(), get_person()
    if not form.validate_on_submit():
        return _members_page(organisation, form), 422
    ratelimit.check(INVITED, str(person.id))
    token = links.sign(organisation, form.email.data, form.function.data, now=clock.now())
    body = render_template(
        "emails/organisations/invitation.txt",
        organisation=organisation,
        inviter=person.display_name,
        function=form.function.data,
        link=absolute(current_tenant(), "organisations.joining", slug=slug, token=token),
    )
    with transaction():
        ratelimit.count(INVITED, str(person.id))
        mail.write(
            kind="organisation.invitation",
            address=form.email.data,
            subject=say(N_("Zaproszenie: %(name)s"), name=organisation.name),
            body=body,
            locale=i18n.locale(),
            tenant_id=organisation.tenant_id,
        )
    return htmx.done(
        N_("Zaproszenie wysłane. Jest ważne 14 dni."),
        to=url_for("organisations.members", slug=slug),
    )


@bp.post("/organizacje/<slug>/osoby/<int(max=2147483647):person_id>/odejscie")
@signed_in
def leave(slug: str, person_id: int) -> ResponseReturnValue:
    organisation, person = _own(slug), get_person()
    if not ButtonForm().validate_on_submit():
        abort(400)
    with transaction():
        actions.leave(organisation, person_id, person, now=clock.now())
    gone = url_for("organisations.index")
    stayed = url_for("organisations.members", slug=slug)
    return htmx.done(N_("Zapisane."), to=gone if person_id == person.id else stayed)


@bp.get("/organizacje/<slug>/zaproszenie/<token>")
@never_cached
@signed_in
def joining(slug: str, token: str) -> ResponseReturnValue:
    organisation = _organisation(slug)
    offered = links.read(organisation, token) or abort(404)
    facts = actions.joining_facts(organisation, get_person(), offered, now=clock.now())
    return render_template(
        "organisations/joining.html",
        organisation=organisation,
        offered=offered,
        token=token,
        refusal=rules.joining_refusal(facts),
    )


@bp.post("/organizacje/<slug>/zaproszenie/<token>")
@signed_in
def join(slug: str, token: str) -> ResponseReturnValue:
    organisation = _organisation(slug)
    offered = links.read(organisation, token) or abort(404)
    if not ButtonForm().validate_on_submit():
        abort(400)
    with transaction():
        actions.join(organisation, get_person(), offered, now=clock.now())
    return htmx.done(N_("Możesz teraz pisać w imieniu tej organizacji."), to=_page(organisation))


@bp.get("/urzad/organizacje")
@requires(Permission.VERIFY)
def desk() -> ResponseReturnValue:
    tenant = current_tenant()
    return render_template(
        "organisations/desk.html",
        waiting=queries.list_undecided(tenant),
        everything=queries.list_all(tenant),
        kinds=kinds.KINDS,
        registers=kinds.REGISTERS,
    )


@bp.get("/urzad/organizacje/<slug>")
@requires(Permission.VERIFY, on=_organisation)
def check(organisation: Organisation) -> ResponseReturnValue:
    return _check_page(organisation, RefusalForm(formdata=None))


@bp.post("/urzad/organizacje/<slug>/potwierdzenie")
@requires(Permission.VERIFY, on=_organisation)
def verify(organisation: Organisation) -> ResponseReturnValue:
    if not ButtonForm().validate_on_submit():
        abort(400)
    with transaction():
        actions.verify(organisation, current_actor(), now=clock.now())
    return htmx.done(N_("Organizacja jest sprawdzona."), to=url_for("organisations.desk"))


@bp.post("/urzad/organizacje/<slug>/odmowa")
@requires(Permission.VERIFY, on=_organisation)
def refuse(organisation: Organisation) -> ResponseReturnValue:
    form = RefusalForm()
    if not form.validate_on_submit():
        return _check_page(organisation, form), 422
    with transaction():
        actions.refuse(organisation, form.reason.data, current_actor(), now=clock.now())
    return htmx.done(N_("Odmowa zapisana."), to=url_for("organisations.desk"))


def _own(slug: str) -> Organisation:
    """Return an organisation of the signed-in person; for others its inner pages are not there."""
    organisation = _organisation(slug)
    return organisation if queries.is_member(organisation, get_person()) else abort(404)


def _page(organisation: Organisation) -> str:
    return url_for("organisations.show", slug=organisation.slug)


def _edit_form(organisation: Organisation) -> type[AboutForm]:
    return ProfileForm if organisation.verified_at is None else AboutForm


def _with_topics(form: FormOf) -> FormOf:
    form.offer_topics(topic_queries.list_topics(), i18n.locale())
    return form


def _form_page(form: AboutForm, organisation: Organisation | None = None) -> str:
    return render_template("organisations/form.html", form=form, organisation=organisation)


def _members_page(organisation: Organisation, form: MemberForm) -> str:
    return render_template(
        "organisations/members.html",
        organisation=organisation,
        members=queries.list_members(organisation),
        form=form,
    )


def _check_page(organisation: Organisation, form: RefusalForm) -> str:
    return render_template(
        "organisations/check.html",
        organisation=organisation,
        members=queries.list_members(organisation),
        same=queries.find_same_number(organisation),
        refusal=rules.verdict_refusal(
            is_verified=organisation.verified_at is not None,
            is_member=queries.is_member(organisation, current_person()),
        ),
        form=form,
        kinds=kinds.KINDS,
        registers=kinds.REGISTERS,
    )
