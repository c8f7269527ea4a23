"""What everyone may read: the list, a proposal, its versions, open data; and giving support."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Response, abort, render_template, request
from flask.typing import ResponseReturnValue

from deliberate.access.decorators import public, signed_in
from deliberate.accounts.current import current_person, get_person
from deliberate.authorship import versions
from deliberate.consultations.current import open_published
from deliberate.consultations.models import Consultation
from deliberate.consultations.tiles import tile
from deliberate.discussion import talk
from deliberate.kernel import clock, files, htmx
from deliberate.kernel.db import transaction
from deliberate.kernel.i18n import say
from deliberate.kernel.pagination import page_number
from deliberate.kernel.texts import N_
from deliberate.moderation.queries import list_traces
from deliberate.proposals import actions, exports, listing, public_list, queries, rules, words
from deliberate.proposals.content import FIELD_LABELS
from deliberate.proposals.listing import Wish
from deliberate.proposals.models import Proposal
from deliberate.proposals.queries import KIND, Whole
from deliberate.proposals.views.common import ALL, ONE, bp, load, page_of
from deliberate.subjects.gate import Activity, gate
from deliberate.subjects.queries import list_related
from deliberate.subjects.states import TOMBSTONE, is_shown
from deliberate.tenancy import queries as tenancy
from deliberate.tenancy.current import current_tenant
from deliberate.tenancy.models import Area


@bp.get(ALL)
@public
def index(slug: str) -> ResponseReturnValue:
    tenant, consultation, now = current_tenant(), open_published(slug), clock.now()
    areas = tenancy.list_areas(tenant)
    wish = listing.read(request.args, {area.slug: area.id for area in areas}, now=now)
    page = public_list.list_page(consultation, wish, page_number(request.args.get("strona")))
    template = "proposals/list.hx.html" if htmx.is_htmx() else "proposals/index.html"
    return render_template(
        template,
        consultation=consultation,
        tile=tile(consultation, now),
        gate=queries.proposing_gate(consultation, now=now),
        collecting=gate(tenant.id, consultation.id, Activity.SUPPORT, now=now).is_open,
        wish=wish,
        page=page,
        near_misses=public_list.list_near_misses(consultation, wish) if not page.total else [],
        choices=_choices(wish, areas),
        area_names={area.id: area.name for area in areas},
        area_slugs={area.id: area.slug for area in areas},
        listing=listing,
        words=words,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One select of the list's form: its parameter, its words, the value that holds now."""

    name: str
    label: str
    options: Sequence[tuple[str, str]]
    chosen: str


def _choices(wish: Wish, areas: Sequence[Area]) -> list[Choice]:
    places = [(area.slug, area.name) for area in areas]
    states = [(word, say(listing.STATE_LABELS[state])) for word, state in listing.STATES.items()]
    people = [(str(who), say(label)) for who, label in listing.WHO_LABELS.items()]
    orders = [(str(order), say(label)) for order, label in listing.ORDER_LABELS.items()]
    chosen = {**wish.address, listing.AREA: _slug(wish.area_id, areas)}
    selects = (
        (listing.AREA, N_("Część gminy"), [("", say(N_("Każda"))), *places]),
        (listing.STATE, N_("Co się z nią dzieje"), [("", say(N_("Wszystko jedno"))), *states]),
        (listing.WHO, N_("Kto zgłasza"), [("", say(N_("Każda osoba"))), *people]),
        (listing.ORDER, N_("Kolejność"), orders),
    )
    return [
        Choice(name=name, label=say(label), options=options, chosen=chosen[name] or "")
        for name, label, options in selects
        if name != listing.AREA or places
    ]


def _slug(area_id: int | None, areas: Sequence[Area]) -> str | None:
    return next((area.slug for area in areas if area.id == area_id), None)


@bp.get(ALL + ".csv")
@public
def csv(slug: str) -> ResponseReturnValue:
    consultation = open_published(slug)
    return _file(exports.as_csv(consultation, _area_names()), "text/csv", f"{slug}.csv")


@bp.get(ALL + ".json")
@public
def json(slug: str) -> ResponseReturnValue:
    consultation = open_published(slug)
    return _file(exports.as_json(consultation, _area_names()), "application/json", f"{slug}.json")


def _area_names() -> dict[int, str]:
    return {area.id: area.name for area in tenancy.list_areas(current_tenant())}


def _file(content: bytes, media_type: str, name: str) -> Response:
    response = Response(content, mimetype=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="propozycje-{name}"'
    return response


@bp.get(ONE)
@public
def show(slug: str, number: int) -> ResponseReturnValue:
    consultation = open_published(slug)
    whole, person = queries.get_whole(consultation, number), current_person()
    proposal = whole.proposal
    is_own = queries.signs(proposal, whole.signers, person)
    if proposal.content_state in TOMBSTONE:
        return _tombstone(consultation, proposal, is_own=is_own)
    if not is_shown(proposal.content_state) and not is_own:
        abort(404)  # held: it was never public, so nothing marks its place
    return render_template("proposals/show.html", **_context(consultation, whole))


def _tombstone(
    consultation: Consultation, proposal: Proposal, *, is_own: bool
) -> ResponseReturnValue:
    traces = list_traces(proposal.tenant_id, KIND, [proposal.id])
    return render_template(
        "proposals/tombstone.html",
        consultation=consultation,
        number=proposal.number,
        is_own=is_own,
        trace=traces.get(proposal.id),
    )


def _context(consultation: Consultation, whole: Whole) -> dict[str, object]:
    tenant, person, now = current_tenant(), current_person(), clock.now()
    proposal, signers, shown = whole.proposal, whole.signers, tile(consultation, now)
    return {
        "consultation": consultation,
        "tile": shown,
        "whole": whole,
        "is_own": queries.signs(proposal, signers, person),
        "signed_by": [signer for signer in signers if signer.accepted_at],
        "steps": words.route(proposal, shown.steps),
        "file_name": files.url_name,
        "related": list_related(tenant.id, KIND, proposal.id) if whole.is_tied else [],
        **_support_context(consultation, whole),
        **talk.context(tenant, KIND, proposal.id, person),
    }


@bp.post(ONE + "/poparcie")
@signed_in
def support(slug: str, number: int) -> ResponseReturnValue:
    consultation, proposal = load(slug, number)
    with transaction():
        actions.give_support(current_tenant(), proposal, get_person())
    return _support_changed(consultation, number, N_("Twoje poparcie jest zapisane. Dziękujemy."))


@bp.post(ONE + "/poparcie/wycofanie")
@signed_in
def withdraw_support(slug: str, number: int) -> ResponseReturnValue:
    consultation, proposal = load(slug, number)
    with transaction():
        actions.withdraw_support(current_tenant(), proposal, get_person())
    return _support_changed(consultation, number, N_("Twoje poparcie zostało wycofane."))


def _support_changed(consultation: Consultation, number: int, status: str) -> ResponseReturnValue:
    whole = queries.get_whole(consultation, number)
    return htmx.changed(
        "proposals/support.hx.html",
        status,
        to=page_of(consultation, whole.proposal),
        **_support_context(consultation, whole),
    )


def _support_context(consultation: Consultation, whole: Whole) -> dict[str, object]:
    facts = queries.support_facts(
        current_tenant(),
        whole.proposal,
        current_person(),
        signers=whole.signers,
        now=clock.now(),
    )
    return {
        "consultation": consultation,
        "proposal": whole.proposal,
        "gate": facts.gate,
        "refusal": rules.support_refusal(facts),
        "can_withdraw": rules.support_withdrawal_refusal(facts) is None,
        "has_supported": facts.has_supported,
    }


@bp.get(ONE + "/wersje")
@public
def history(slug: str, number: int) -> ResponseReturnValue:
    """Show every version with what it changed: the whole way of a text on one page."""
    consultation, proposal = load(slug, number)
    return render_template(
        "proposals/versions.html",
        consultation=consultation,
        proposal=proposal,
        versions=versions.list_steps(proposal.tenant_id, KIND, proposal.id),
        field_labels=FIELD_LABELS,
    )
