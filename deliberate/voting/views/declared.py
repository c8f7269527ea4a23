"""Voting without an account, in four screens: the ballot, who you are, a code, and "głos przyjęty".

Choices and what one says of oneself travel in the forms. The server keeps a code's hash, and
nothing else, until the vote is cast.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from flask import current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from deliberate.access.decorators import never_cached, public
from deliberate.config import Settings
from deliberate.kernel import clock, i18n, ids, ratelimit
from deliberate.kernel.db import transaction
from deliberate.kernel.ratelimit import TooMany
from deliberate.kernel.refusals import Refusal, Refused
from deliberate.kernel.security import csrf
from deliberate.tenancy import queries as tenancy
from deliberate.tenancy.current import current_tenant
from deliberate.tenancy.models import Area
from deliberate.voting import forms, queries, rules
from deliberate.voting.actions import declaring
from deliberate.voting.actions.casting import Form
from deliberate.voting.actions.declaring import Proof
from deliberate.voting.ballot_rules import Written
from deliberate.voting.clock import db_now
from deliberate.voting.declared_forms import ContactCodeForm, DeclaredForm
from deliberate.voting.states import CLAIMS, AreaLock, CaseKind, Electorate
from deliberate.voting.views import choosing
from deliberate.voting.views.ballot import ballot_page
from deliberate.voting.views.common import Paper, bp, get_sealed_paper

Choices = Mapping[int, Written]
CLAIM, CHANGE = "wyjasnienie", "zmiana"  # CHANGE: it is the voter's own vote, and is cast anew


@bp.post("/dane/wybor")
@never_cached
@public
def change_choice(slug: str) -> ResponseReturnValue:
    """Show the ballot again, with the choices and with what was said so far."""
    paper, choices = _read(slug)
    said = _form(paper)
    return ballot_page(paper, None, choices, db_now(), carried=said.as_sent())


@bp.post("/dane")
@never_cached
@public
def you(slug: str) -> ResponseReturnValue:
    """Ask who votes; come back to, it has what was typed."""
    paper, choices = _read(slug)
    if refused := _refusal_page(paper, choices, choosing.inferred_area(paper, choices)):
        return refused
    return _you_page(paper, choices, _form(paper))


@bp.post("/dane/kod")
@never_cached
@public
def send_code(slug: str) -> ResponseReturnValue:
    paper, choices = _read(slug)
    said = _form(paper)
    if not said.validate():
        return _you_page(paper, choices, said), 422
    if refused := _refusal_page(paper, choices, said.saying().area_id, said):
        return refused
    carried = _carried(paper, choices, said)
    try:
        with transaction():
            token = declaring.send_code(
                current_tenant(),
                paper.poll,
                said.said_contact,
                network=ratelimit.address(),
                locale=i18n.locale(),
            )
    except TooMany as trouble:
        return _you_page(paper, choices, said, trouble=trouble), 429
    code = ContactCodeForm(formdata=None, token=token)
    return _code_page(paper, said, code, carried)


@bp.post("/dane/glos")
@never_cached
@public
def cast_declared(slug: str) -> ResponseReturnValue:
    paper, choices = _read(slug)
    said, code = _form(paper), ContactCodeForm()
    idem = forms.read_idem(request.form)
    if not said.validate():
        return _you_page(paper, choices, said), 422
    carried = _carried(paper, choices, said)
    if idem is None or not code.validate():
        return _code_page(paper, said, code, carried), 422
    claim = _claim()
    saying = said.saying(claim, changes=request.form.get(CLAIM) == CHANGE)
    sent = Form(idem=idem, browser=forms.read_browser(request.form))
    proof = Proof(
        token=code.token.data or "", code=code.code.data or "", network=ratelimit.address()
    )
    try:
        with transaction():
            taken = declaring.cast(paper.poll, saying, choices, form=sent, proof=proof)
    except TooMany as trouble:
        return _code_page(paper, said, code, carried, trouble=trouble), 429
    except Refused as refused:
        return _refused(get_sealed_paper(slug), choices, said, code, refused.refusal)
    if isinstance(taken, Refusal):
        return _code_page(paper, said, code, carried, refusal=taken), 422
    return redirect(f"{url_for('.received', slug=slug)}?{forms.IDEM}={quote(idem)}", code=303)


# From the ballot, which every visitor reads alike, no form brings a token. These two only show
# what they were sent.
csrf.exempt(you)
csrf.exempt(change_choice)


def _read(slug: str) -> tuple[Paper, Choices]:
    """Return the ballot and what is written on it; 404 where this is not how people vote here."""
    paper = get_sealed_paper(slug, electorate=Electorate.DECLARED)
    return paper, forms.read_choices(paper.sections, request.form)


def _form(paper: Paper) -> DeclaredForm:
    """Return what was said so far, nothing at first."""
    settings: Settings = current_app.extensions["deliberate.settings"]
    form = DeclaredForm() if "given_name" in request.form else DeclaredForm(formdata=None)
    areas = _areas(paper)
    form.ask_about(
        paper.poll, current_tenant(), areas, i18n.locale(), offers_sms=settings.offers_sms
    )
    if areas and not form.area.data:
        choices = forms.read_choices(paper.sections, request.form)
        form.area.data = str(choosing.inferred_area(paper, choices) or "")
    return form


def _areas(paper: Paper) -> list[Area]:
    """Return the parts that a voter has to tell apart: those that have a section of their own."""
    if paper.poll.area_lock != AreaLock.HOME:
        return []
    wanted = {section.area_id for section in paper.sections}
    if wanted == {None}:
        return []
    return [area for area in tenancy.list_areas(current_tenant()) if area.id in wanted]


def _claim() -> CaseKind | None:
    said = request.form.get(CLAIM, "")
    return next((claim for claim in CLAIMS if claim == said), None)


# The pages.


def _refusal_page(
    paper: Paper, choices: Choices, area_id: int | None, said: DeclaredForm | None = None
) -> ResponseReturnValue | None:
    """Return the ballot with why nobody can vote now, or with what is wrong with the choices."""
    facts = queries.cast_facts(paper.poll, None, now=db_now())
    refusal, status = rules.window_refusal(facts), 409
    if refusal is None:
        (refusal, _), status = choosing.find_refusal(paper, choices, area_id=area_id), 422
    if refusal is None:
        return None
    carried = said.as_sent() if said is not None else []
    return ballot_page(paper, None, choices, db_now(), refusal, carried=carried), status


def _you_page(
    paper: Paper, choices: Choices, said: DeclaredForm, *, trouble: TooMany | None = None
) -> str:
    return render_template(
        "voting/you.html",
        paper=paper,
        poll=paper.poll,
        sections=choosing.as_chosen(paper, choices, area_id=choosing.inferred_area(paper, choices)),
        carried=forms.as_sent(paper.sections, choices),
        form=said,
        retry_at=clock.local(trouble.retry_at) if trouble else None,
    )


def _carried(paper: Paper, choices: Choices, said: DeclaredForm) -> list[tuple[str, str]]:
    """Return what travels on; read before a transaction lets go of the ballot's rows."""
    return [*forms.as_sent(paper.sections, choices), *said.as_sent()]


def _code_page(
    paper: Paper,
    said: DeclaredForm,
    code: ContactCodeForm,
    carried: list[tuple[str, str]],
    *,
    refusal: Refusal | None = None,
    trouble: TooMany | None = None,
) -> str:
    return render_template(
        "voting/contact_code.html",
        paper=paper,
        poll=paper.poll,
        contact=said.said_contact,
        carried=carried,
        form=code,
        refusal=refusal,
        retry_at=clock.local(trouble.retry_at) if trouble else None,
        **_own_fields(),
    )


def _own_fields() -> dict[str, str]:
    return {
        "idem_field": forms.IDEM,
        "idem": forms.read_idem(request.form) or ids.new_token(),
        "browser_field": forms.BROWSER,
        "browser": forms.read_browser(request.form),
    }


def _refused(
    paper: Paper, choices: Choices, said: DeclaredForm, code: ContactCodeForm, refusal: Refusal
) -> ResponseReturnValue:
    """Say no where everything that was typed stays."""
    if refusal.code == rules.ALREADY.code:
        page = render_template(
            "voting/second_try.html",
            paper=paper,
            poll=paper.poll,
            day=refusal.values["day"],
            carried=[
                *_carried(paper, choices, said),
                (code.code.name, code.code.data or ""),
                (code.token.name, code.token.data or ""),
            ],
            claim_field=CLAIM,
            change=CHANGE,
            **_own_fields(),
        )
        return page, 409
    if refusal.code.startswith("household."):
        return _code_page(paper, said, code, _carried(paper, choices, said), refusal=refusal), 409
    status = 422 if refusal.code.startswith("ballot.") else 409
    page = ballot_page(paper, None, choices, db_now(), refusal, carried=said.as_sent())
    return page, status
