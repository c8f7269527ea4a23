"""Votes that wait for somebody: a pause to confirm, a value to type, a count, a publication."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask import url_for
from sqlalchemy import or_, select

from deliberate.access.decorators import may
from deliberate.consultations.models import Consultation
from deliberate.consultations.tiles import Tile
from deliberate.kernel import clock
from deliberate.kernel.db import db
from deliberate.kernel.i18n import say
from deliberate.kernel.texts import N_
from deliberate.pages.work.rows import Work, counted
from deliberate.tenancy.models import Municipality
from deliberate.voting import cards, cases, course_rules, queries
from deliberate.voting.models import Poll
from deliberate.voting.states import PollState

LONG = 3  # days after the end from which the row says for how many
OVER = (PollState.SEALED, PollState.RECEIVING, PollState.WORKING_UP, PollState.COUNTED)


def list_polls(tenant: Municipality, tiles: Sequence[Tile], now: datetime) -> list[Work]:
    """Return what this person, by their roles, can do for votes that stand still."""
    if not may("voting:witness"):
        return []
    by_id = {tile.consultation.id: tile.consultation for tile in tiles}
    polls = db.session.scalars(
        select(Poll)
        .where(
            Poll.tenant_id == tenant.id,
            or_(
                Poll.state == PollState.PAUSED,
                (Poll.ends_at <= now) & Poll.state.in_(OVER),
            ),
        )
        .order_by(Poll.ends_at, Poll.id)
    )
    found = [
        _work(poll, by_id[poll.consultation_id], now)
        for poll in polls
        if poll.consultation_id in by_id and may("voting:witness", by_id[poll.consultation_id])
    ]
    return [work for work in found if work is not None]


def _work(poll: Poll, consultation: Consultation, now: datetime) -> Work | None:
    if poll.state == PollState.PAUSED:
        return _paused(poll, consultation)
    drawn_at = poll.randomness_at
    is_over = poll.state != PollState.COUNTED
    if is_over and poll.randomness_source and poll.seed is None and drawn_at and drawn_at <= now:
        return _row(poll, consultation, say(N_("Wpisz wylosowaną wartość")), "voting_office.show")
    if not may("voting:prepare", consultation):
        return _second_person(poll, consultation) if is_over else None
    title = _count_title(poll, now) if is_over else say(N_("Ogłoś wynik"))
    return _row(poll, consultation, title, "proposals.admission_desk")


def _second_person(poll: Poll, consultation: Consultation) -> Work | None:
    """Return what the count waits for that takes two: votes to decide about, cards to count."""
    if cases.count_undecided(poll):
        return _row(
            poll, consultation, say(N_("Głosy do wyjaśnienia")), "voting_electorate.list_cases"
        )
    progress = cards.progress(poll)
    if cards.count_unsettled(poll) or progress.done < progress.in_box:
        return _row(poll, consultation, say(N_("Wpisz karty z urny")), "voting_desk.batches")
    return None


def _count_title(poll: Poll, now: datetime) -> str:
    days = (now - poll.ends_at).days
    if days < LONG:
        return say(N_("Policz głosy"))
    waits = counted(days, N_("dzień"), N_("dni"), N_("dni"))
    return say(N_("Policz głosy: głosowanie skończyło się przed %(days)s"), days=waits)


def _paused(poll: Poll, consultation: Consultation) -> Work:
    pause = queries.find_pause(poll)
    if pause is not None and pause.confirmed_by is None:
        title = say(N_("Głosowanie wstrzymane: potwierdź przerwę albo ją znieś"))
        due = clock.local(course_rules.lapses_at(pause.paused_at)).date()
    else:
        title, due = say(N_("Głosowanie jest wstrzymane")), None
    return Work(
        kind=say(N_("Głosowanie")),
        icon="vote",
        title=title,
        sub=consultation.title,
        verb=say(N_("Otwórz")),
        url=url_for("voting_office.show", slug=consultation.slug),
        due=due,
    )


def _row(poll: Poll, consultation: Consultation, title: str, endpoint: str) -> Work:
    return Work(
        kind=say(N_("Głosowanie")),
        icon="vote",
        title=title,
        sub=consultation.title,
        verb=say(N_("Otwórz")),
        url=url_for(endpoint, slug=consultation.slug),
        due=clock.local(poll.ends_at).date(),
    )
