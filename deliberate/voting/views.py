"""The ballot, from the first look to "głos przyjęty", and the result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask import Blueprint, abort, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from deliberate.access.decorators import public, signed_in
from deliberate.accounts.current import current_person, get_person
from deliberate.accounts.models import Person
from deliberate.kernel import clock, ids, texts
from deliberate.kernel.db import transaction
from deliberate.kernel.i18n import locale, say
from deliberate.kernel.refusals import Refusal, Refused
from deliberate.kernel.texts import N_
from deliberate.subjects import gate, registry
from deliberate.subjects.activities import Activity
from deliberate.subjects.registry import Card
from deliberate.subjects.states import is_shown
from deliberate.tenancy.current import current_tenant
from deliberate.voting import exports, forms, queries, rules
from deliberate.voting.actions import casting
from deliberate.voting.models import Option, Poll, Section
from deliberate.voting.states import PollState

bp = Blueprint("voting", __name__, url_prefix="/konsultacje/<slug>/glosowanie")

Choices = Mapping[int, frozenset[int]]
CSV = "text/csv; charset=utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A sealed ballot with all that stands on it."""

    card: Card
    poll: Poll
    sections: Sequence[Section]
    options: Sequence[Option]

    @property
    def rules(self) -> list[rules.SectionRules]:
        return queries.section_rules(self.sections, self.options)


@bp.get("")
@public
def ballot(slug: str) -> ResponseReturnValue:
    card = _card(slug)
    poll = queries.find_poll(card.tenant_id, card.id)
    if poll is None or poll.state == PollState.DRAFT:
        return _not_ready(card)
    paper, person = _paper(card, poll), current_person()
    voted_on = _voted_on(poll, person)
    if voted_on is not None:
        return _already(paper, voted_on)
    return _ballot_page(paper, person, {}, clock.now())


@bp.post("")
@signed_in
def choose_again(slug: str) -> ResponseReturnValue:
    """Show the ballot with the choices that came back from the review. Nothing is kept."""
    paper = _sealed_paper(slug)
    choices = forms.read_choices(paper.sections, request.form)
    return _ballot_page(paper, get_person(), choices, clock.now())


@bp.post("/sprawdzenie")
@signed_in
def review(slug: str) -> ResponseReturnValue:
    paper, person = _sealed_paper(slug), get_person()
    choices = forms.read_choices(paper.sections, request.form)
    facts = queries.cast_facts(current_tenant(), paper.poll, person, now=clock.now())
    if refusal := rules.cast_refusal(facts):
        return _refused(paper, person, choices, refusal)
    voted_on = _voted_on(paper.poll, person)
    if voted_on is not None:
        return _already(paper, voted_on), 409
    for section in paper.rules:
        if refusal := rules.section_refusal(section, choices[section.no]):
            return _refused(paper, person, choices, refusal)
    return _review_page(paper, choices)


@bp.post("/glos")
@signed_in
def cast(slug: str) -> ResponseReturnValue:
    paper, person = _sealed_paper(slug), get_person()
    choices = forms.read_choices(paper.sections, request.form)
    idem = forms.read_idem(request.form)
    if idem is None:
        return _review_page(paper, choices), 422
    try:
        with transaction():
            casting.cast(current_tenant(), paper.poll, person, choices, idem=idem)
    except Refused as refused:
        return _refused(_sealed_paper(slug), person, choices, refused.refusal)
    return redirect(url_for(".received", slug=slug), code=303)


@bp.get("/przyjety")
@signed_in
def received(slug: str) -> ResponseReturnValue:
    """Say that the vote is in; loaded again, it says the same."""
    paper = _sealed_paper(slug)
    voted_on = _voted_on(paper.poll, get_person())
    if voted_on is None:
        return redirect(url_for(".ballot", slug=slug))
    return render_template("voting/received.html", paper=paper, poll=paper.poll, day=voted_on)


@bp.get("/wynik")
@public
def result(slug: str) -> ResponseReturnValue:
    card = _card(slug)
    poll = queries.find_poll(card.tenant_id, card.id)
    if poll is None or poll.state == PollState.DRAFT:
        return _not_ready(card)
    if poll.state != PollState.PUBLISHED:
        return render_template("voting/hidden.html", card=card, poll=poll)
    paper, tally = _paper(card, poll), queries.get_tally(poll)
    return render_template(
        "voting/result.html",
        card=card,
        poll=poll,
        tally=tally,
        sections=[_section_result(section, paper, tally) for section in paper.sections],
    )


@bp.get("/wynik.csv")
@public
def result_csv(slug: str) -> ResponseReturnValue:
    paper, tally = _published(slug)
    name = f"glosowanie-{slug}.csv"
    headers = {"Content-Type": CSV, "Content-Disposition": f'attachment; filename="{name}"'}
    return exports.result_csv(queries.list_projects(paper.options), tally), 200, headers


@bp.get("/wynik.json")
@public
def result_json(slug: str) -> ResponseReturnValue:
    paper, tally = _published(slug)
    projects = queries.list_projects(paper.options)
    return jsonify(exports.result_data(paper.poll, projects, tally))


# What the address names.


def _card(slug: str) -> Card:
    card = registry.get_named(current_tenant().id, queries.CONSULTATION, slug)
    return card if is_shown(card.state) else abort(404)


def _paper(card: Card, poll: Poll) -> Paper:
    sections, options = queries.list_sections(poll), queries.list_options(poll)
    return Paper(card=card, poll=poll, sections=sections, options=options)


def _sealed_paper(slug: str) -> Paper:
    card = _card(slug)
    return _paper(card, queries.get_sealed(card.tenant_id, card.id))


def _published(slug: str) -> tuple[Paper, queries.Tally]:
    paper = _sealed_paper(slug)
    return paper, queries.get_tally(paper.poll)


def _voted_on(poll: Poll, person: Person | None) -> date | None:
    there = queries.find_participation(poll, person) if person is not None else None
    return there.day if there is not None else None


# The pages.


def _ballot_page(
    paper: Paper,
    person: Person | None,
    choices: Choices,
    now: datetime,
    refusal: Refusal | None = None,
) -> str:
    facts = queries.cast_facts(current_tenant(), paper.poll, person, now=now)
    lacking = rules.cast_refusal(facts)
    return render_template(
        "voting/ballot.html",
        paper=paper,
        poll=paper.poll,
        sections=[_section(section, paper, choices) for section in paper.sections],
        is_open=rules.window_refusal(facts) is None,
        lacking=lacking,
        refusal=refusal if refusal is not None and refusal != lacking else None,
    )


def _section(section: Section, paper: Paper, choices: Choices) -> dict[str, object]:
    mine = [option for option in paper.options if option.section_no == section.no]
    chosen = choices.get(section.no, frozenset())
    return {
        "section": section,
        "projects": queries.list_projects(mine),
        "chosen": chosen,
        "field": forms.field(section.no),
    }


def _review_page(paper: Paper, choices: Choices) -> str:
    return render_template(
        "voting/review.html",
        paper=paper,
        poll=paper.poll,
        sections=[_section(section, paper, choices) for section in paper.sections],
        idem_field=forms.IDEM,
        idem=ids.new_token(),
    )


def _already(paper: Paper, day: date) -> str:
    return render_template("voting/already.html", paper=paper, poll=paper.poll, day=day)


def _not_ready(card: Card) -> ResponseReturnValue:
    """Say when voting begins where a ballot is still being prepared; 404 where there is none."""
    opening = gate.gate(card.tenant_id, card.id, Activity.VOTE, now=clock.now())
    if opening.opens_at is None and opening.ends_at is None:
        abort(404)
    return render_template("voting/not_ready.html", card=card, gate=opening)


def _refused(
    paper: Paper, person: Person, choices: Choices, refusal: Refusal
) -> ResponseReturnValue:
    """Say no where the choices stay as they were."""
    if refusal.code == rules.ALREADY.code:
        day = refusal.values["day"]
        assert isinstance(day, date)  # noqa: S101 - the rule puts it there
        return _already(paper, day), 409
    status = 422 if refusal.code.startswith("ballot.") else 409
    return _ballot_page(paper, person, choices, clock.now(), refusal), status


def _section_result(section: Section, paper: Paper, tally: queries.Tally) -> dict[str, object]:
    votes, winners = tally.votes[section.no], tally.winners[section.no]
    mine = [option for option in paper.options if option.section_no == section.no]
    projects = sorted(queries.list_projects(mine), key=lambda p: (-votes[p.no], p.no))
    return {
        "section": section,
        "rows": [
            (_label(project), votes[project.no], _votes(votes[project.no])) for project in projects
        ],
        "winners": [_label(project) for project in projects if project.no in winners],
        "ties": _ties([(_label(project), votes[project.no]) for project in projects]),
    }


def _label(project: queries.Project) -> str:
    hidden = say(N_("treść ukryta"))
    return f"{project.no}. {project.title if project.is_shown else hidden}"


def _votes(number: int) -> str:
    words = (say(N_("głos")), say(N_("głosy")), say(N_("głosów")))
    return f"{texts.number(number, locale())} {texts.plural(number, *words, locale())}"


def _ties(rows: Sequence[tuple[str, int]]) -> list[tuple[int, list[str]]]:
    """Return who has as many votes as another: (votes, labels), the most first."""
    numbers = sorted({n for _, n in rows if n}, reverse=True)
    groups = [(number, [label for label, n in rows if n == number]) for number in numbers]
    return [(number, group) for number, group in groups if len(group) > 1]
