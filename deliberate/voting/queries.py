"""Reading votes. ``get_`` answers 404 for what is not there; all begin with the municipality."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask import abort
from sqlalchemy import func, select

from deliberate.accounts import queries as accounts
from deliberate.accounts.models import Person, ResidenceState
from deliberate.accounts.standing import Needs
from deliberate.kernel import clock
from deliberate.kernel.db import db
from deliberate.subjects import gate, registry
from deliberate.subjects.activities import Activity
from deliberate.subjects.states import is_shown
from deliberate.tenancy.models import Municipality
from deliberate.voting import canonical, keys, rules
from deliberate.voting.clock import db_now
from deliberate.voting.models import (
    FinalBallot,
    Option,
    Participation,
    Poll,
    PollResult,
    Section,
)
from deliberate.voting.states import OPEN, PollState

CONSULTATION = "consultation"


def find_poll(tenant_id: int, consultation_id: int) -> Poll | None:
    """Return the vote of a consultation, a draft too."""
    return db.session.scalar(
        select(Poll).where(
            Poll.tenant_id == tenant_id,
            Poll.subject_kind == CONSULTATION,
            Poll.subject_id == consultation_id,
        )
    )


def get_poll(tenant_id: int, poll_id: int) -> Poll:
    return db.session.scalar(
        select(Poll).where(Poll.tenant_id == tenant_id, Poll.id == poll_id)
    ) or abort(404)


def get_sealed(tenant_id: int, consultation_id: int) -> Poll:
    """Return the vote that people may see; 404 while its ballot is a draft."""
    poll = find_poll(tenant_id, consultation_id)
    return poll if poll is not None and poll.state != PollState.DRAFT else abort(404)


def lock(poll: Poll, *, shared: bool = False) -> None:
    """Hold the poll's row until the transaction ends, and read it afresh.

    Votes share it, the count wants it alone. FOR KEY SHARE would not do: a change of ``state``
    passes it.
    """
    db.session.get(Poll, poll.id, with_for_update={"read": shared}, populate_existing=True)


def list_sections(poll: Poll) -> Sequence[Section]:
    return db.session.scalars(
        select(Section).where(Section.poll_id == poll.id).order_by(Section.no)
    ).all()


def list_options(poll: Poll) -> Sequence[Option]:
    """Return the options in the order of the ballot: by drawn number."""
    return db.session.scalars(
        select(Option).where(Option.poll_id == poll.id).order_by(Option.section_no, Option.no)
    ).all()


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """An option as a page shows it: the frozen words, and what its living thing adds."""

    no: int
    subject_id: int
    title: str
    text: str
    cost: int | None
    author: str
    url: str | None
    is_shown: bool  # hidden by moderation: the number stays, the words go


def list_projects(options: Sequence[Option]) -> list[Project]:
    """Return the options as pages show them, in the same order."""
    cards: dict[tuple[str, int], registry.Card] = {}
    for kind in sorted({option.subject_kind for option in options}):
        ids = [option.subject_id for option in options if option.subject_kind == kind]
        known = registry.kinds().get(kind)
        if known is not None:
            found = known.load_many(options[0].tenant_id, ids)
            cards.update({(kind, card.id): card for card in found})
    return [
        _project(option, cards.get((option.subject_kind, option.subject_id))) for option in options
    ]


def _project(option: Option, card: registry.Card | None) -> Project:
    seen = card is not None and is_shown(card.state)
    return Project(
        no=option.no,
        subject_id=option.subject_id,
        title=option.title if seen else "",
        text=option.text if seen else "",
        cost=option.cost,
        author=card.author_label if card is not None and seen else "",
        url=card.url if card is not None and seen else None,
        is_shown=seen,
    )


def section_rules(
    sections: Sequence[Section], options: Sequence[Option]
) -> list[rules.SectionRules]:
    """Return the sections as the rules take them."""
    return [
        rules.SectionRules(
            no=section.no,
            least=section.least,
            most=section.most,
            options=frozenset(o.no for o in options if o.section_no == section.no),
        )
        for section in sections
    ]


def rules_text(poll: Poll) -> str:
    """Return the canonical rules of a draft as they stand now."""
    return canonical.rules(poll, list_sections(poll), list_options(poll))


# Who may vote.


def cast_facts(
    tenant: Municipality, poll: Poll, person: Person | None, *, now: datetime
) -> rules.CastFacts:
    """Gather what the rule asks, but for whether a vote is there: the database's key tells."""
    residence = accounts.find_residence(tenant, person) if person is not None else None
    standing = Needs.ANYONE if person is None else accounts.standing_of(residence)
    is_open = gate.gate(tenant.id, poll.consultation_id, Activity.VOTE, now=now)
    return rules.CastFacts(
        now=now,
        state=PollState(poll.state),
        opens_at=poll.opens_at,
        ends_at=poll.ends_at,
        is_stopped=is_open.stopped,
        standing=standing,
        needs=Needs(poll.needs),
        residence_refused=residence is not None and residence.state == ResidenceState.REFUSED,
    )


def find_participation(poll: Poll, person: Person) -> Participation | None:
    """Return that this person has voted, and on which day."""
    key = keys.person_key(poll.tenant_id, poll.id, person.id)
    return find_participation_of(poll, key)


def find_participation_of(poll: Poll, person_key: str) -> Participation | None:
    return db.session.get(Participation, (poll.tenant_id, poll.id, person_key))


@dataclass(frozen=True, slots=True, kw_only=True)
class Voted:
    """That a person voted: in what and on which day; never how."""

    poll_id: int
    consultation_id: int
    title: str
    day: date


def list_voted(tenant: Municipality, person: Person) -> list[Voted]:
    """Return in which votes of the municipality a person took part, the latest first."""
    polls = db.session.scalars(
        select(Poll)
        .where(Poll.tenant_id == tenant.id, Poll.state != PollState.DRAFT)
        .order_by(Poll.opens_at.desc(), Poll.id.desc())
    ).all()
    wanted = {keys.person_key(tenant.id, poll.id, person.id): poll for poll in polls}
    if not wanted:
        return []
    days = db.session.execute(
        select(Participation.person_key, Participation.day).where(
            Participation.tenant_id == tenant.id, Participation.person_key.in_(wanted)
        )
    )
    found = {wanted[key].id: day for key, day in days}
    return [
        Voted(
            poll_id=poll.id,
            consultation_id=poll.consultation_id,
            title=poll.title,
            day=found[poll.id],
        )
        for poll in polls
        if poll.id in found
    ]


def present_state(poll: Poll, *, now: datetime | None = None) -> PollState:
    """Return the poll's state by the database's clock, noted or not."""
    return rules.present_state(PollState(poll.state), poll.opens_at, poll.ends_at, now or db_now())


def seal_facts(poll: Poll, *, now: datetime) -> rules.SealFacts:
    sections = list_sections(poll)
    return rules.SealFacts(
        now=now,
        state=PollState(poll.state),
        opens_at=poll.opens_at,
        ends_on=clock.last_day(poll.ends_at),
        result_due=poll.result_due,
        most=max((section.most for section in sections), default=0),
        options=len(list_options(poll)),
    )


def count_uncounted(tenant_id: int) -> int:
    """Return how many sealed polls of a municipality still need its person key."""
    unfinished = (*OPEN, PollState.WORKING_UP)
    counted = select(func.count()).where(Poll.tenant_id == tenant_id, Poll.state.in_(unfinished))
    return db.session.scalars(counted).one()


# The result.


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """A published count: how many took part, and votes by section and option."""

    participations: int
    votes: Mapping[int, Mapping[int, int]]
    winners: Mapping[int, frozenset[int]]
    ballots_hash: str
    method: str
    version: int
    counted_at: datetime


def get_tally(poll: Poll) -> Tally:
    """Return the count of a published poll; 404 before."""
    if poll.state != PollState.PUBLISHED:
        abort(404)
    row = db.session.get_one(PollResult, poll.id)
    outcome = json.loads(row.outcome)
    return Tally(
        participations=row.participations,
        votes={
            int(no): {int(option): votes for option, votes in section["votes"].items()}
            for no, section in outcome.items()
        },
        winners={int(no): frozenset(section["winners"]) for no, section in outcome.items()},
        ballots_hash=row.ballots_hash,
        method=row.method,
        version=row.version,
        counted_at=row.counted_at,
    )


def list_final_choices(poll: Poll) -> Sequence[tuple[int, str]]:
    """Return (section, choices) of each counted ballot, for whoever counts again."""
    rows = db.session.execute(
        select(FinalBallot.section_no, FinalBallot.choices)
        .where(FinalBallot.tenant_id == poll.tenant_id, FinalBallot.poll_id == poll.id)
        .order_by(FinalBallot.id)
    )
    return [(section_no, choices) for section_no, choices in rows]
