"""Who signs a proposal with its author: asking, answering, stopping."""

from __future__ import annotations

from flask import abort, render_template, url_for
from flask.typing import ResponseReturnValue

from deliberate.access.decorators import signed_in
from deliberate.accounts.current import get_person
from deliberate.authorship import coauthors
from deliberate.authorship.models import Coauthor
from deliberate.consultations.models import Consultation
from deliberate.kernel import clock, htmx
from deliberate.kernel.db import transaction
from deliberate.kernel.refusals import Refused
from deliberate.kernel.texts import N_
from deliberate.proposals import actions, queries, rules
from deliberate.proposals.forms import InvitationForm
from deliberate.proposals.models import Proposal
from deliberate.proposals.queries import KIND
from deliberate.proposals.views.common import ONE, bp, load, page_of
from deliberate.tenancy.current import current_tenant


@bp.get(ONE + "/podpisy")
@signed_in
def signers(slug: str, number: int) -> ResponseReturnValue:
    consultation, proposal = load(slug, number)
    return _page(consultation, proposal, InvitationForm(formdata=None))


@bp.post(ONE + "/podpisy")
@signed_in
def invite(slug: str, number: int) -> ResponseReturnValue:
    consultation, proposal = load(slug, number)
    form = InvitationForm()
    if not form.validate_on_submit():
        return _page(consultation, proposal, form), 422
    try:
        with transaction():
            actions.invite(current_tenant(), consultation, proposal, get_person(), form.email.data)
    except Refused as refused:
        form.email.errors = [refused.refusal.message]
        return _page(consultation, proposal, form), 409
    return htmx.done(
        N_("Zaproszenie jest wysłane. Jest ważne 14 dni."), to=_page_url(consultation, proposal)
    )


@bp.post(ONE + "/podpisy/<int(max=2147483647):signer_id>/usuniecie")
@signed_in
def remove(slug: str, number: int, signer_id: int) -> ResponseReturnValue:
    """Take an invitation back (the author), or one's own signature; 404 for anything else."""
    consultation, proposal = load(slug, number)
    person = get_person()
    with transaction():
        row = _find(proposal, signer_id)
        is_own = row is not None and row.person_id == person.id
        takes_back = row is not None and not row.accepted_at and proposal.author_id == person.id
        if row is None or not (is_own or takes_back):
            abort(404)
        coauthors.remove(row)
    if is_own:
        return htmx.done(N_("Twój podpis jest zdjęty."), to=page_of(consultation, proposal))
    return htmx.done(N_("Zaproszenie jest cofnięte."), to=_page_url(consultation, proposal))


@bp.get(ONE + "/podpis/<token>")
@signed_in
def signature(slug: str, number: int, token: str) -> ResponseReturnValue:
    consultation, proposal = load(slug, number)
    found = _invitation(proposal, token)
    page = render_template(
        "proposals/signature.html",
        consultation=consultation,
        proposal=proposal,
        token=token,
        is_for_me=found is not None,
    )
    return page, 200 if found is not None else 404


@bp.post(ONE + "/podpis/<token>/przyjecie")
@signed_in
def accept(slug: str, number: int, token: str) -> ResponseReturnValue:
    consultation, proposal = load(slug, number)
    with transaction():
        invitation = _invitation(proposal, token) or abort(404)
        actions.accept_invitation(
            current_tenant(), consultation, proposal, get_person(), invitation
        )
    return htmx.done(N_("Twój podpis jest pod propozycją."), to=page_of(consultation, proposal))


@bp.post(ONE + "/podpis/<token>/odmowa")
@signed_in
def decline(slug: str, number: int, token: str) -> ResponseReturnValue:
    consultation, proposal = load(slug, number)
    with transaction():
        coauthors.remove(_invitation(proposal, token) or abort(404))
    return htmx.done(
        N_("Zaproszenie jest odrzucone. Twój adres został usunięty."),
        to=page_of(consultation, proposal),
    )


def _page(consultation: Consultation, proposal: Proposal, form: InvitationForm) -> str:
    person, rows = get_person(), queries.list_signers(proposal)
    facts = queries.change_facts(current_tenant(), proposal, person, signers=rows, now=clock.now())
    if not facts.signs:
        abort(404)
    return render_template(
        "proposals/signers.html",
        consultation=consultation,
        proposal=proposal,
        form=form,
        # An address is seen by the one who typed it, not by those who sign with them.
        rows=[row for row in rows if row.accepted_at or facts.is_author],
        refusal=rules.withdrawal_refusal(facts),
    )


def _page_url(consultation: Consultation, proposal: Proposal) -> str:
    return url_for("proposals.signers", slug=consultation.slug, number=proposal.number)


def _find(proposal: Proposal, signer_id: int) -> Coauthor | None:
    return next((row for row in queries.list_signers(proposal) if row.id == signer_id), None)


def _invitation(proposal: Proposal, token: str) -> Coauthor | None:
    return coauthors.find_invitation(
        proposal.tenant_id, KIND, proposal.id, token, get_person(), now=clock.now()
    )
