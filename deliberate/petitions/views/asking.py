"""A person's own: asking for a consultation, handing in a petition, taking either back."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from deliberate.access.decorators import signed_in
from deliberate.accounts.current import get_person
from deliberate.kernel import clock, htmx
from deliberate.kernel.actor import current_actor
from deliberate.kernel.db import transaction
from deliberate.kernel.i18n import locale
from deliberate.kernel.ratelimit import TooMany
from deliberate.kernel.refusals import Refusal, Refused
from deliberate.kernel.texts import N_
from deliberate.petitions import figures, queries, rules, words
from deliberate.petitions.actions import asking
from deliberate.petitions.forms import PetitionForm, RequestForm, WithdrawalForm
from deliberate.petitions.kinds import Register, State
from deliberate.petitions.models import Entry
from deliberate.petitions.views import bp
from deliberate.petitions.views.common import OWN, areas, new_key, page_of
from deliberate.tenancy.current import current_tenant


@bp.get("/wnioski/nowy")
@signed_in
def new_request() -> ResponseReturnValue:
    form = RequestForm(formdata=None, form_key=new_key(), language=locale())
    return _request_page(form, None)


@bp.post("/wnioski/nowy")
@signed_in
def create_request() -> ResponseReturnValue:
    form = RequestForm().offer(areas())
    if not form.validate_on_submit() or len(form.form_key.data or "") < 16:
        return _request_page(form, None, code=422)
    try:
        with transaction():
            entry = asking.draft(
                current_tenant(),
                get_person(),
                form.wish(),
                form_key=form.form_key.data,
                now=clock.now(),
            )
    except Refused as refused:
        return _request_page(form, None, refusal=refused.refusal, code=409)
    except TooMany as error:
        return _request_page(form, None, too_many=error, code=429)
    return htmx.done(N_("Szkic zapisany. Przeczytaj go i ogłoś."), to=_own(entry))


@bp.get(OWN)
@signed_in
def own(entry_id: int) -> ResponseReturnValue:
    """Show a person's own entry, published or not: a draft to change, a petition to follow."""
    return _own_page(queries.get_own(current_tenant(), entry_id, get_person()))


@bp.get(OWN + "/edycja")
@signed_in
def edit_request(entry_id: int) -> ResponseReturnValue:
    entry = queries.get_own(current_tenant(), entry_id, get_person())
    if entry.state != State.DRAFT:
        return redirect(_own(entry), code=303)
    original = queries.find_original(entry)
    form = RequestForm(
        formdata=None,
        title=entry.title,
        text=original.text if original else entry.text,
        form=entry.form,
        reason=entry.reason,
        area=str(entry.area_id or ""),
        language=entry.language,
    )
    return _request_page(form, entry)


@bp.post(OWN + "/edycja")
@signed_in
def save_request(entry_id: int) -> ResponseReturnValue:
    entry = queries.get_own(current_tenant(), entry_id, get_person())
    form = RequestForm().offer(areas())
    if not form.validate_on_submit():
        return _request_page(form, entry, code=422)
    try:
        with transaction():
            asking.change(entry, get_person(), form.wish())
    except Refused as refused:
        return _request_page(form, entry, refusal=refused.refusal, code=409)
    return htmx.done(N_("Szkic zapisany. Przeczytaj go i ogłoś."), to=_own(entry))


@bp.post(OWN + "/ogloszenie")
@signed_in
def publish_request(entry_id: int) -> ResponseReturnValue:
    entry = queries.get_own(current_tenant(), entry_id, get_person())
    try:
        with transaction():
            asking.publish(current_tenant(), entry, get_person(), now=clock.now())
    except Refused as refused:
        return _own_page(entry, refusal=refused.refusal, code=409)
    return htmx.done(N_("Wniosek jest w rejestrze i zbiera poparcie."), to=page_of(entry))


@bp.post(OWN + "/usuniecie")
@signed_in
def remove_request(entry_id: int) -> ResponseReturnValue:
    entry = queries.get_own(current_tenant(), entry_id, get_person())
    try:
        with transaction():
            asking.remove_draft(entry, get_person())
    except Refused as refused:
        return _own_page(entry, refusal=refused.refusal, code=409)
    return htmx.done(N_("Szkic usunięty."), to=url_for("petitions.requests"))


@bp.post(OWN + "/zlozenie")
@signed_in
def submit_request(entry_id: int) -> ResponseReturnValue:
    entry = queries.get_own(current_tenant(), entry_id, get_person())
    try:
        with transaction():
            asking.submit(current_tenant(), entry, current_actor(), now=clock.now())
    except Refused as refused:
        return _own_page(entry, refusal=refused.refusal, code=409)
    return htmx.done(N_("Wniosek jest złożony. Urząd ma czas na odpowiedź."), to=page_of(entry))


@bp.post(OWN + "/wycofanie")
@signed_in
def withdraw(entry_id: int) -> ResponseReturnValue:
    entry = queries.get_own(current_tenant(), entry_id, get_person())
    form = WithdrawalForm()
    if not form.validate_on_submit():
        return _own_page(entry, form=form, code=422)
    try:
        with transaction():
            asking.withdraw(
                current_tenant(), entry, get_person(), reason=form.reason.data, now=clock.now()
            )
    except Refused as refused:
        return _own_page(entry, form=form, refusal=refused.refusal, code=409)
    return htmx.done(N_("To jest wycofane."), to=_own(entry))


@bp.get("/petycje/nowa")
@signed_in
def new_petition() -> ResponseReturnValue:
    return _petition_page(PetitionForm(formdata=None, form_key=new_key(), language=locale()))


@bp.post("/petycje/nowa")
@signed_in
def file_petition() -> ResponseReturnValue:
    form = PetitionForm()
    if not form.validate_on_submit():
        return _petition_page(form, code=422)
    try:
        with transaction():
            entry = asking.file_petition(
                current_tenant(),
                get_person(),
                form.letter(),
                form_key=form.form_key.data,
                now=clock.now(),
            )
    except TooMany as error:
        return _petition_page(form, too_many=error, code=429)
    return htmx.done(
        N_("Petycja jest złożona. W rejestrze pojawi się po zakryciu danych osobowych."),
        to=_own(entry),
    )


def _own(entry: Entry) -> str:
    return url_for("petitions.own", entry_id=entry.id)


def _own_page(
    entry: Entry,
    *,
    form: WithdrawalForm | None = None,
    refusal: Refusal | None = None,
    code: int = 200,
) -> ResponseReturnValue:
    have = rules.supporters(entry.register, supports=entry.supports, paper=entry.paper)
    original = queries.find_original(entry)
    page = render_template(
        "petitions/own.html",
        entry=entry,
        original=original,
        form=form or WithdrawalForm(formdata=None),
        refusal=refusal,
        names=words.NAMES[entry.register],
        words=words,
        page_url=page_of(entry) if entry.published_at else None,
        is_draft=entry.state == State.DRAFT,
        may_withdraw=entry.state != State.DRAFT
        and rules.withdrawal_refusal(state=entry.state, is_author=True) is None,
        submission=rules.submission_refusal(state=entry.state, have=have, needed=entry.needed),
        is_request=entry.register == Register.REQUEST,
        have=have,
    )
    return page, code


def _request_page(
    form: RequestForm,
    entry: Entry | None,
    *,
    refusal: Refusal | None = None,
    too_many: TooMany | None = None,
    code: int = 200,
) -> ResponseReturnValue:
    tenant, today = current_tenant(), clock.local(clock.now()).date()
    known = queries.list_figures(tenant, today)
    page = render_template(
        "petitions/request.html",
        form=form.offer(areas()),
        entry=entry,
        refusal=refusal or queries.asking_refusal(tenant, get_person(), known),
        too_many=too_many,
        known=known,
        gate=None,
        here=request.path,
    )
    return page, code


def _petition_page(
    form: PetitionForm, *, too_many: TooMany | None = None, code: int = 200
) -> ResponseReturnValue:
    known = queries.list_figures(current_tenant(), clock.local(clock.now()).date())
    page = render_template(
        "petitions/petition.html",
        form=form,
        too_many=too_many,
        months=known.get(figures.PETITION_MONTHS),
    )
    return page, code
