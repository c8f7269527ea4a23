"""The ballot, from the first look to "głos przyjęty"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType
from urllib.parse import quote

from flask import current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from deliberate.access.decorators import never_cached, public, signed_in
from deliberate.accounts.current import current_person, get_person
from deliberate.accounts.models import Person
from deliberate.config import Settings
from deliberate.kernel import ids
from deliberate.kernel.db import transaction
from deliberate.kernel.refusals import Refusal, Refused
from deliberate.tenancy.current import current_tenant, takes_kept
from deliberate.voting import (
    cases,
    change_rules,
    changes,
    forms,
    log,
    queries,
    receipts,
    rules,
    sealed,
    slip,
)
from deliberate.voting.actions import casting
from deliberate.voting.ballot_rules import Written
from deliberate.voting.clock import db_now
from deliberate.voting.course_rules import REPEATABLE
from deliberate.voting.models import Poll
from deliberate.voting.states import WITHOUT_ACCOUNT, Channel, Electorate, PollState
from deliberate.voting.views import choosing
from deliberate.voting.views.common import (
    Paper,
    bp,
    get_card,
    get_paper,
    get_sealed_paper,
    not_ready_page,
)
from deliberate.voting.views.former import stopped_page

Choices = Mapping[int, Written]
CHANGE = "zmiana"  # in the address: whoever has voted wants the ballot again
# Where a ballot goes on, by the electorate; with an account to the review.
NEXT: Mapping[str, str] = MappingProxyType(
    {Electorate.DECLARED: ".you", Electorate.CODES: ".letter_code"}
)


@bp.get("")
@public
def ballot(slug: str) -> ResponseReturnValue:
    card = get_card(slug)
    poll = queries.find_poll(card.tenant_id, card.id)
    if poll is None or poll.state == PollState.DRAFT:
        return not_ready_page(card)
    if poll.state in REPEATABLE:
        return stopped_page(card, poll)
    paper, person = get_paper(card, poll), current_person()
    voted_on = _voted_on(poll, person)
    if voted_on is not None and (CHANGE not in request.args or _change_refusal(paper, person)):
        return _already(paper, voted_on, person)
    return ballot_page(paper, person, {}, db_now())


@bp.post("")
@signed_in
def choose_again(slug: str) -> ResponseReturnValue:
    """Show the ballot with the choices that came back from the review. Nothing is kept."""
    paper = get_sealed_paper(slug)
    choices = forms.read_choices(paper.sections, request.form)
    return ballot_page(paper, get_person(), choices, db_now())


@bp.post("/sprawdzenie")
@signed_in
def review(slug: str) -> ResponseReturnValue:
    paper, person = get_sealed_paper(slug), get_person()
    return _look(paper, person, forms.read_choices(paper.sections, request.form))


@bp.post("/glos")
@takes_kept
@signed_in
def cast(slug: str) -> ResponseReturnValue:
    card, person = get_card(slug), get_person()
    poll_id, rules_hash = queries.get_sealed_brief(card.tenant_id, card.id)
    choices = forms.read_choices(sealed.read_under(poll_id, rules_hash).sections, request.form)
    idem = forms.read_idem(request.form)
    if idem is None:
        return _look(get_sealed_paper(slug), person, choices, code=422)
    sent = casting.Form(idem=idem, browser=forms.read_browser(request.form))
    try:
        with transaction():
            casting.cast(poll_id, person, choices, sent)
    except Refused as refused:
        return _refused(get_sealed_paper(slug), person, choices, refused.refusal)
    return redirect(f"{url_for('.received', slug=slug)}?{forms.IDEM}={quote(idem)}", code=303)


@bp.get("/przyjety")
@never_cached
@public
def received(slug: str) -> ResponseReturnValue:
    """Say that the vote is in, with its code; loaded again before the count, it says the same.

    The address holds the form's key, which only the browser knows that sent it: whoever just sits
    down at a signed-in account learns that a vote is in, not its code.
    """
    paper = get_sealed_paper(slug)
    idem_hash = ids.token_hash(request.args.get(forms.IDEM, ""))
    taken = queries.find_taken(paper.poll, idem_hash)
    if taken is None:
        voted_on = _voted_on(paper.poll, current_person())
        if voted_on is None and not changes.is_spent(paper.poll, idem_hash):
            return redirect(url_for(".ballot", slug=slug))
        return _already(paper, voted_on, current_person())
    day, code = taken[0], receipts.code(taken[1])
    return render_template(
        "voting/received.html",
        paper=paper,
        poll=paper.poll,
        day=day,
        code=code,
        picture=slip.picture(slip.address(current_tenant(), slug, code)),
        case_numbers=cases.list_numbers_of_form(paper.poll, idem_hash)
        if paper.poll.electorate in WITHOUT_ACCOUNT
        else [],
    )


def _voted_on(poll: Poll, person: Person | None) -> date | None:
    return queries.find_voted_day(poll, person) if person is not None else None


def _look(
    paper: Paper, person: Person, choices: Choices, *, code: int = 200
) -> ResponseReturnValue:
    """Have the choices checked by the rules, and then by the voter."""
    facts = queries.cast_facts(paper.poll, person, now=db_now())
    if refusal := rules.cast_refusal(facts):
        return _refused(paper, person, choices, refusal)
    voted_on = _voted_on(paper.poll, person)
    if voted_on is not None and _change_refusal(paper, person):
        return _already(paper, voted_on, person), 409
    area_id = _area_of(paper, person)
    refusal, _ = choosing.find_refusal(paper, choices, area_id=area_id)
    if refusal is not None:
        return _refused(paper, person, choices, refusal)
    return _review_page(paper, choices, area_id), code


def _change_refusal(paper: Paper, person: Person | None) -> Refusal | None:
    """Return why the vote of somebody with an account cannot be changed, as casting would."""
    poll = paper.poll
    if not poll.revote or person is None:
        return rules.ALREADY
    if refusal := rules.window_refusal(queries.cast_facts(poll, person, now=db_now())):
        return refusal
    there = queries.find_participation(poll, person)
    if there is None:
        return None
    facts = changes.facts(
        poll,
        there,
        Channel.WEB,
        area_id=_area_of(paper, person),
        has_areas=any(section.area_id for section in paper.sections),
    )
    return change_rules.change_refusal(facts)


def _area_of(paper: Paper, person: Person | None) -> int | None:
    """Return where a person lives, if the ballot has sections that ask for it."""
    if person is None or not any(section.area_id for section in paper.sections):
        return None
    return queries.area_of(current_tenant(), person)


# The pages.


def ballot_page(
    paper: Paper,
    person: Person | None,
    choices: Choices,
    now: datetime,
    refusal: Refusal | None = None,
    *,
    carried: Sequence[tuple[str, str]] = (),
) -> str:
    """Show the ballot. carried: what was said on a later page, for who comes back from there."""
    settings: Settings = current_app.extensions["deliberate.settings"]
    facts = queries.cast_facts(paper.poll, person, now=now)
    without_account = paper.poll.electorate in WITHOUT_ACCOUNT
    lacking = rules.window_refusal(facts) if without_account else rules.cast_refusal(facts)
    is_open = _keeps_choices(rules.window_refusal(facts))
    is_off_list = person is not None and facts.is_listed is False
    area_id = _area_of(paper, person)
    if without_account:
        area_id = choosing.inferred_area(paper, choices)
    _, refused_at = choosing.find_refusal(paper, choices, area_id=area_id)
    return render_template(
        "voting/ballot.html",
        paper=paper,
        poll=paper.poll,
        is_open=is_open,
        turnout=log.find_turnout(paper.poll),
        can_choose=is_open and (without_account or person is not None) and not is_off_list,
        without_account=without_account,
        next_url=url_for(NEXT.get(paper.poll.electorate, ".review"), slug=paper.card.name),
        offers_sms=settings.offers_sms,
        added=queries.count_added(paper.poll) if paper.poll.electorate == Electorate.LISTED else 0,
        carried=carried,
        lacking=lacking,
        refusal=refusal if refusal is not None and refusal != lacking else None,
        refused_at=refused_at,
        **choosing.as_chosen_from(paper, choices, area_id=area_id, is_known=person is not None),
    )


def _keeps_choices(refusal: Refusal | None) -> bool:
    """Tell whether people may tick: also while the vote is paused, so that nothing is lost."""
    return refusal is None or refusal.code == rules.PAUSED.code


def _review_page(paper: Paper, choices: Choices, area_id: int | None) -> str:
    return render_template(
        "voting/review.html",
        paper=paper,
        poll=paper.poll,
        sections=choosing.as_chosen(paper, choices, area_id=area_id),
        carried=forms.as_sent(paper.sections, choices),
        idem_field=forms.IDEM,
        idem=ids.new_token(),
        browser_field=forms.BROWSER,
    )


def already_page(paper: Paper, refusal: Refusal) -> str:
    """Say on which day the one vote of somebody was taken."""
    day = refusal.values["day"]
    assert isinstance(day, date)  # noqa: S101 - the rule puts it there
    return _already(paper, day)


def _already(paper: Paper, day: date | None, person: Person | None = None) -> str:
    """Say that a vote is there. day: None where all that is known is that it was changed."""
    refusal = _change_refusal(paper, person)
    return render_template(
        "voting/already.html",
        paper=paper,
        poll=paper.poll,
        day=day,
        change=CHANGE,
        may_change=refusal is None,
        refusal=refusal if refusal is not None and refusal.code.startswith("change.") else None,
    )


def _refused(
    paper: Paper, person: Person, choices: Choices, refusal: Refusal
) -> ResponseReturnValue:
    """Say no where the choices stay as they were."""
    if refusal.code == rules.ALREADY.code:
        return already_page(paper, refusal), 409
    status = 422 if refusal.code.startswith("ballot.") else 409
    return ballot_page(paper, person, choices, db_now(), refusal), status
