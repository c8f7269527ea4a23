"""The published result: as a page, a table and data."""

from __future__ import annotations

from flask import abort, jsonify, render_template
from flask.typing import ResponseReturnValue

from deliberate.access.decorators import public
from deliberate.voting import electorates, exports, files, queries
from deliberate.voting.course_rules import REPEATABLE
from deliberate.voting.states import PollState
from deliberate.voting.views import telling
from deliberate.voting.views.common import (
    Paper,
    bp,
    find_asked_poll,
    get_card,
    get_paper,
    not_ready_page,
)
from deliberate.voting.views.former import former_number, stopped_page
from deliberate.voting.views.told import Told

CSV = "text/csv; charset=utf-8"


@bp.get("/wynik")
@public
def result(slug: str) -> ResponseReturnValue:
    card = get_card(slug)
    poll = find_asked_poll(card)
    if poll is None or poll.state == PollState.DRAFT:
        return not_ready_page(card)
    if not queries.has_public_result(poll):
        if poll.state in REPEATABLE:
            return stopped_page(card, poll)
        return render_template("voting/hidden.html", card=card, poll=poll)
    paper, tally = get_paper(card, poll), queries.get_tally(poll)
    return render_template(
        "voting/result.html",
        card=card,
        poll=poll,
        former_no=former_number(card, poll),
        tally=tally,
        lists_ballots=files.lists_ballots(poll, tally),
        sections=_told(paper, tally),
        roll_lines=electorates.read(poll.electorate_terms).roll_lines,
    )


@bp.get("/wynik.csv")
@public
def result_csv(slug: str) -> ResponseReturnValue:
    paper, tally = _published(slug)
    name = f"glosowanie-{slug}.csv"
    headers = {"Content-Type": CSV, "Content-Disposition": f'attachment; filename="{name}"'}
    return (
        exports.result_csv(paper.sections, queries.list_projects(paper.options), tally),
        200,
        headers,
    )


@bp.get("/wynik.json")
@public
def result_json(slug: str) -> ResponseReturnValue:
    paper, tally = _published(slug)
    projects = queries.list_projects(paper.options)
    return jsonify(exports.result_data(paper.poll, projects, tally))


def _published(slug: str) -> tuple[Paper, queries.Tally]:
    card = get_card(slug)
    poll = find_asked_poll(card) or abort(404)
    return get_paper(card, poll), queries.get_tally(poll)


def _told(paper: Paper, tally: queries.Tally) -> list[Told]:
    projects = list(zip(paper.options, queries.list_projects(paper.options), strict=True))
    told = []
    for section in paper.sections:
        outcome = tally.sections[section.no]
        mine = [project for option, project in projects if option.section_no == section.no]
        ballots = outcome.ballots if outcome.ballots is not None else tally.participations
        told.append(telling.tell(paper.poll, section, outcome, mine, ballots))
    return told
