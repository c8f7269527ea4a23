"""Signing up with and without an account, and the page that each letter leads to."""

from __future__ import annotations

from datetime import timedelta

from flask import abort, render_template, url_for
from flask.typing import ResponseReturnValue

from deliberate.access.decorators import never_cached, public
from deliberate.accounts.current import current_person
from deliberate.accounts.rules import fold_email
from deliberate.kernel import clock, htmx, i18n, ratelimit
from deliberate.kernel.db import transaction
from deliberate.kernel.ratelimit import Limit
from deliberate.kernel.refusals import Refusal, Refused
from deliberate.kernel.texts import N_
from deliberate.meetings import links, queries, rules, sign_ups, words
from deliberate.meetings.actions import signing
from deliberate.meetings.actions.signing import Wish
from deliberate.meetings.forms import ConfirmForm, Press, SignUpForm
from deliberate.meetings.kinds import LIVE, SignUpState
from deliberate.meetings.models import Meeting, SignUp
from deliberate.meetings.queries import Listed
from deliberate.meetings.views import bp
from deliberate.meetings.views.common import ONE, page_of, slot_choices
from deliberate.tenancy.current import current_tenant

# Letters to strangers: a library full of people may sign up, nobody's box is filled.
FOR_ADDRESS = Limit(bucket="meetings.address", most=6, per=timedelta(hours=1))
OF_NETWORK = Limit(bucket="meetings.network", most=60, per=timedelta(hours=1))
SENT = N_(
    "Wysłaliśmy list na podany adres. Zapis będzie ważny, gdy potwierdzisz go łączem z listu."
)
MINE = "/zapis/<token>"


@bp.get(ONE + "/zapis")
@never_cached
@public
def sign_up(meeting_id: int) -> ResponseReturnValue:
    listed = queries.get_meeting(current_tenant(), meeting_id)
    person = current_person()
    form = SignUpForm(
        formdata=None,
        name=person.display_name if person else "",
        email=person.email if person else "",
    )
    return _form_page(listed, form)


@bp.post(ONE + "/zapis")
@public
def give_sign_up(meeting_id: int) -> ResponseReturnValue:
    tenant, person, now = current_tenant(), current_person(), clock.now()
    listed, form = queries.get_meeting(tenant, meeting_id), SignUpForm()
    meeting = listed.meeting
    form.offer(slot_choices(meeting))
    if person is not None:
        form.email.data = person.email  # proved already; a letter to another address would not be
    if not form.validate_on_submit():
        return _form_page(listed, form, code=422)
    if person is None:
        ratelimit.check(FOR_ADDRESS, fold_email(form.email.data))
        ratelimit.check(OF_NETWORK, ratelimit.address())
    wish = Wish(
        name=form.name.data,
        email=form.email.data,
        persons=form.persons.data,
        needs=form.needs.data or "",
        slot=form.chosen_slot,
    )
    try:
        with transaction():
            if person is None:
                ratelimit.count(FOR_ADDRESS, fold_email(wish.email))
                ratelimit.count(OF_NETWORK, ratelimit.address())
            row = signing.sign_up(
                tenant, meeting, wish, person=person, locale=i18n.locale(), now=now
            )
    except Refused as refused:
        return _form_page(listed, form, refusal=refused.refusal, code=409)
    if person is None or row is None:
        return htmx.done(SENT, to=page_of(meeting))
    return htmx.done(_said(row), to=url_for(".mine", token=links.token_of(row)))


@bp.get(MINE)
@never_cached
@public
def mine(token: str) -> ResponseReturnValue:
    row, listed = _load(token)
    return _mine_page(token, row, listed)


@bp.post(MINE + "/potwierdzenie")
@public
def confirm(token: str) -> ResponseReturnValue:
    row, listed = _load(token)
    form = ConfirmForm()
    form.offer(slot_choices(listed.meeting) if row.state == SignUpState.ASKED else [])
    if not form.validate_on_submit():
        return _mine_page(token, row, listed, form=form, code=422)
    try:
        with transaction():
            signing.confirm(
                current_tenant(), listed.meeting, row, slot=form.chosen_slot, now=clock.now()
            )
    except Refused as refused:
        return _mine_page(token, row, listed, refusal=refused.refusal, code=409)
    return htmx.done(_said(row), to=url_for(".mine", token=token))


@bp.post(MINE + "/wycofanie")
@public
def withdraw(token: str) -> ResponseReturnValue:
    row, listed = _load(token)
    if not Press().validate_on_submit():
        abort(400)
    with transaction():
        signing.withdraw(current_tenant(), listed.meeting, row, now=clock.now())
    return htmx.done(
        N_("Zapis jest wycofany, a Twoje dane usunięte."), to=url_for(".mine", token=token)
    )


def _said(row: SignUp) -> str:
    if row.state == SignUpState.SIGNED:
        return N_("Jesteś na liście. Potwierdzenie wysłaliśmy e-mailem.")
    return N_("Jesteś na liście rezerwowej. Gdy zwolni się miejsce, damy znać e-mailem.")


def _load(token: str) -> tuple[SignUp, Listed]:
    """Return what the link names; 404 for a forged link and for what is no longer kept."""
    tenant = current_tenant()
    row = links.find(tenant, token)
    if row is None:
        abort(404)
    return row, queries.get_meeting(tenant, row.meeting_id)


def _form_page(
    listed: Listed, form: SignUpForm, *, refusal: Refusal | None = None, code: int = 200
) -> ResponseReturnValue:
    meeting, person = listed.meeting, current_person()
    facts = sign_ups.sign_up_facts(meeting, clock.now())
    closed = rules.sign_up_refusal(facts)
    there = sign_ups.find_live(meeting, person.email) if person is not None else None
    if code == 200:
        form.offer(slot_choices(meeting))
    page = render_template(
        "meetings/sign_up.html",
        meeting=meeting,
        listed=listed,
        words=words,
        form=form,
        closed=closed,
        refusal=refusal,
        there_token=links.token_of(there) if there is not None else "",
        is_full=not _has_room(meeting),
    )
    return page, code


def _has_room(meeting: Meeting) -> bool:
    return rules.fits(meeting.seats, meeting.taken, 1)


def _mine_page(
    token: str,
    row: SignUp,
    listed: Listed,
    *,
    form: ConfirmForm | None = None,
    refusal: Refusal | None = None,
    code: int = 200,
) -> ResponseReturnValue:
    meeting, now = listed.meeting, clock.now()
    if form is None:
        form = ConfirmForm(formdata=None, slot=row.slot)
        form.offer(slot_choices(meeting) if row.state == SignUpState.ASKED else [])
    expired = row.state == SignUpState.ASKED and now >= row.asked_at + rules.LINK_VALID
    slot = sign_ups.slot_start(meeting, row.slot)
    page = render_template(
        "meetings/mine.html",
        token=token,
        row=row,
        meeting=meeting,
        listed=listed,
        words=words,
        form=form,
        slot=words.hour(slot) if slot else "",
        is_live=row.state in LIVE,
        refusal=refusal or (rules.LINK_EXPIRED if expired else None),
        is_over=now >= meeting.ends_at,
    )
    return page, code
