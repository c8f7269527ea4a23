"""Reading votes. ``get_`` answers 404 for what is not there; all begin with the municipality."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from types import MappingProxyType

from flask import abort
from sqlalchemy import ColumnElement, Select, bindparam, func, select, union_all

from deliberate.accounts import queries as accounts
from deliberate.accounts.models import Person, ResidenceState
from deliberate.accounts.rules import fold_email
from deliberate.accounts.standing import Needs
from deliberate.algorithms.counting import METHODS, BallotKind
from deliberate.kernel import clock
from deliberate.kernel.db import db, fetch_rows, id_of
from deliberate.subjects import gate, registry
from deliberate.subjects.states import is_shown
from deliberate.tenancy.models import Municipality
from deliberate.voting import (
    ballot_rules,
    canonical,
    cards,
    course_rules,
    electorates,
    keys,
    outcomes,
    rules,
    terms,
)
from deliberate.voting.ballot_rules import Areas, SectionRules
from deliberate.voting.clock import db_now
from deliberate.voting.models import (
    Ballot,
    FinalBallot,
    FinalParticipation,
    LogHead,
    Option,
    Participation,
    Pause,
    Poll,
    PollResult,
    Receipt,
    RollLine,
    Section,
)
from deliberate.voting.outcomes import SectionOutcome
from deliberate.voting.states import (
    UNCOUNTED,
    AreaLock,
    Channel,
    Electorate,
    PollState,
    Publication,
)

CONSULTATION = "consultation"
NEED_LOTS = frozenset({"irv", "stv"})  # a tie in a round stops them


def find_poll(tenant_id: int, consultation_id: int) -> Poll | None:
    """Return the vote of a consultation, a draft too; the latest where one was repeated."""
    wanted = {"tenant_id": tenant_id, "consultation_id": consultation_id}
    return db.session.scalar(_select_of_consultation(), wanted)


@cache
def _select_of_consultation() -> Select[Poll]:
    return (
        select(Poll)
        .where(
            Poll.tenant_id == bindparam("tenant_id"),
            Poll.subject_kind == CONSULTATION,
            Poll.subject_id == bindparam("consultation_id"),
        )
        .order_by(Poll.repeat_no.desc())
        .limit(1)
    )


def get_poll(tenant_id: int, poll_id: int) -> Poll:
    return db.session.scalar(
        select(Poll).where(Poll.tenant_id == tenant_id, Poll.id == poll_id)
    ) or abort(404)


def get_sealed(tenant_id: int, consultation_id: int) -> Poll:
    """Return the vote that people may see; 404 while its ballot is a draft."""
    poll = find_poll(tenant_id, consultation_id)
    return poll if poll is not None and poll.state != PollState.DRAFT else abort(404)


def get_sealed_brief(tenant_id: int, consultation_id: int) -> tuple[int, str]:
    """Return the number and the rules' hash of what ``get_sealed`` gives: a vote needs no more."""
    wanted = {"tenant_id": tenant_id, "consultation_id": consultation_id}
    rows = fetch_rows(_select_brief(), wanted)
    if not rows or rows[0].rules_hash is None:
        abort(404)
    return rows[0].id, rows[0].rules_hash


@cache
def _select_brief() -> Select[int, str | None]:
    return _select_of_consultation().with_only_columns(Poll.id, Poll.rules_hash)


def find_former(poll: Poll) -> Poll | None:
    """Return the vote that this one repeats."""
    return db.session.get(Poll, poll.repeats_id) if poll.repeats_id is not None else None


def get_numbered(tenant_id: int, consultation_id: int, repeat_no: int) -> Poll:
    """Return a vote of a consultation by its number, the first is 0; 404 for a draft."""
    return db.session.scalar(
        select(Poll).where(
            Poll.tenant_id == tenant_id,
            Poll.subject_kind == CONSULTATION,
            Poll.subject_id == consultation_id,
            Poll.repeat_no == repeat_no,
            Poll.state != PollState.DRAFT,
        )
    ) or abort(404)


def lock(poll: Poll, *, shared: bool = False) -> None:
    """Hold the poll's row until the transaction ends, and read it afresh.

    Votes share it, the count wants it alone. FOR KEY SHARE would not do: a change of ``state``
    passes it.
    """
    hold(id_of(poll), shared=shared)


def hold(poll_id: int, *, shared: bool = False) -> Poll:
    """Return a poll as it is now, held as ``lock`` does."""
    return db.session.get_one(
        Poll, poll_id, with_for_update={"read": shared}, populate_existing=True
    )


def read_state(poll_id: int) -> str:
    """Return the state of a poll as it is now, without reading the rest of it."""
    return str(fetch_rows(_select_state(), {"id": poll_id})[0].state)


@cache
def _select_state() -> Select[str]:
    return select(Poll.state).where(Poll.id == bindparam("id"))


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
    subject_id: int | None
    title: str
    text: str
    cost: int | None
    author: str
    url: str | None
    is_shown: bool  # hidden by moderation: the number stays, the words go


def are_drawn(projects: Sequence[Project]) -> bool:
    """Tell whether a section's numbers were drawn: of proposals; own options stand as put."""
    return any(project.subject_id is not None for project in projects)


def list_projects(options: Sequence[Option]) -> list[Project]:
    """Return the options as pages show them, in the same order."""
    wanted: dict[str, list[int]] = {}
    for option in options:
        if option.subject_kind is not None and option.subject_id is not None:
            wanted.setdefault(option.subject_kind, []).append(option.subject_id)
    cards: dict[tuple[str, int], registry.Card] = {}
    for kind in sorted(wanted):
        known = registry.kinds().get(kind)
        if known is not None:
            found = known.load_many(options[0].tenant_id, wanted[kind])
            cards.update({(kind, card.id): card for card in found})
    return [_project(option, cards) for option in options]


def _project(option: Option, cards: Mapping[tuple[str, int], registry.Card]) -> Project:
    if option.subject_kind is None or option.subject_id is None:
        card, seen = None, True  # the poll's own words, which nobody moderates
    else:
        card = cards.get((option.subject_kind, option.subject_id))
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


def section_rules(sections: Sequence[Section], options: Sequence[Option]) -> list[SectionRules]:
    """Return the sections as the rules take them."""
    mine = {section.no: [o for o in options if o.section_no == section.no] for section in sections}
    return [
        SectionRules(
            no=section.no,
            kind=BallotKind(section.kind),
            least=section.least,
            most=section.most,
            options=frozenset(option.no for option in mine[section.no]),
            lowest=section.lowest,
            highest=section.highest,
            points=section.points,
            each_most=section.each_most,
            spend_all=section.spend_all,
            budget=section.budget,
            costs={o.no: o.cost for o in mine[section.no] if o.cost is not None},
        )
        for section in sections
    ]


def areas_of(poll: Poll, sections: Sequence[Section]) -> Areas:
    """Return in which areas' sections a voter of the poll may vote."""
    return Areas(
        lock=AreaLock(poll.area_lock),
        most=poll.areas_most,
        of_section={s.no: s.area_id for s in sections if s.area_id is not None},
    )


def rules_text(poll: Poll) -> str:
    """Return the canonical rules of a draft as they stand now."""
    return canonical.rules(poll, list_sections(poll), list_options(poll))


# Who may vote.


def cast_facts(poll: Poll, person: Person | None, *, now: datetime) -> rules.CastFacts:
    """Gather what the rule asks, but for whether a vote is there: the database's key tells."""
    residence = accounts.find_residence_in(poll.tenant_id, id_of(person)) if person else None
    standing = Needs.ANYONE if person is None else accounts.standing_of(residence)
    state, ends_at = course(poll, now=now)
    return rules.CastFacts(
        now=now,
        state=state,
        opens_at=poll.opens_at,
        ends_at=ends_at,
        stop_reason=poll.stop_reason,
        is_stopped=gate.is_stopped(poll.tenant_id, poll.consultation_id),
        standing=standing,
        needs=Needs(poll.needs),
        area_id=residence.area_id if residence is not None else None,
        residence_refused=residence is not None and residence.state == ResidenceState.REFUSED,
        is_listed=None if poll.electorate != Electorate.LISTED else _is_listed(poll, person),
    )


def _is_listed(poll: Poll, person: Person | None) -> bool:
    if person is None or person.email is None:
        return False
    found = select(RollLine.no).where(*lines_of(poll, fold_email(person.email)))
    return db.session.scalar(found) is not None


def lines_of(poll: Poll, email: str) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions of the line of a closed list with an address (folded)."""
    return (
        RollLine.poll_id == poll.id,
        RollLine.email == email,
        RollLine.added_by.is_(None) | RollLine.confirmed_by.is_not(None),
    )


def list_roll(poll: Poll) -> Sequence[RollLine]:
    """Return the lines of a closed list, added ones last."""
    return db.session.scalars(
        select(RollLine).where(RollLine.poll_id == poll.id).order_by(RollLine.no)
    ).all()


def count_added(poll: Poll) -> int:
    """Return how many two persons added to a closed list after it was sealed."""
    added = select(func.count()).where(
        RollLine.poll_id == poll.id, RollLine.confirmed_by.is_not(None)
    )
    return db.session.scalars(added).one()


def area_of(tenant: Municipality, person: Person) -> int | None:
    """Return the area in which a person lives, as far as we know it."""
    residence = accounts.find_residence(tenant, person)
    return residence.area_id if residence else None


def find_participation(poll: Poll, person: Person) -> Participation | None:
    """Return that this person has voted, and on which day."""
    key = keys.person_key(poll.tenant_id, poll.id, person.id)
    return find_participation_of(poll, key)


def find_participation_of(poll: Poll, person_key: str) -> Participation | None:
    """Return a participation while votes are kept apart for the count; none after it."""
    return db.session.get(Participation, (poll.tenant_id, poll.id, person_key))


def find_voted_day(poll: Poll, person: Person) -> date | None:
    """Return on which day a person took part, before the count and after it."""
    key = keys.person_key(poll.tenant_id, poll.id, person.id)
    place = (poll.tenant_id, poll.id, key)
    there: Participation | FinalParticipation | None
    if poll.state in UNCOUNTED:
        there = db.session.get(Participation, place)
    else:
        there = db.session.get(FinalParticipation, place)
    return there.day if there is not None else None


def is_form_used(poll: Poll, idem_hash: str) -> bool:
    return db.session.scalar(_by_form(poll, idem_hash)) is not None


def find_taken(poll: Poll, idem_hash: str) -> tuple[date, str] | None:
    """Return the day and the leaf of the vote that a form has brought; None after the count.

    Who votes on paper has no leaf: their card is read after the end.
    """
    there = db.session.scalar(_by_form(poll, idem_hash))
    if there is None or there.channel == Channel.PAPER:
        return None
    return there.day, get_leaf(poll, there.person_key)


def _by_form(poll: Poll, idem_hash: str) -> Select[Participation]:
    return select(Participation).where(
        Participation.poll_id == poll.id, Participation.idem_hash == idem_hash
    )


def get_leaf(poll: Poll, person_key: str) -> str:
    """Return the leaf of a vote that has not been counted yet."""
    tag = keys.link_tag(poll.id, person_key)
    return db.session.scalars(
        select(Receipt.leaf).where(Receipt.poll_id == poll.id, Receipt.link_tag == tag)
    ).one()


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
        union_all(
            *(
                select(model.person_key, model.day).where(
                    model.tenant_id == tenant.id, model.person_key.in_(wanted)
                )
                for model in (Participation, FinalParticipation)
            )
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


def find_pause(poll: Poll) -> Pause | None:
    """Return the pause that has not been lifted, or None."""
    return db.session.scalar(
        select(Pause).where(Pause.poll_id == poll.id, Pause.lifted_at.is_(None))
    )


def list_pauses(poll: Poll) -> Sequence[Pause]:
    """Return the pauses of a vote, the first one first."""
    return db.session.scalars(
        select(Pause).where(Pause.poll_id == poll.id).order_by(Pause.no)
    ).all()


def paused_for(poll: Poll) -> timedelta:
    """Return by how much pauses have moved the end."""
    return sum(
        (
            course_rules.lasted(pause.paused_at, pause.lifted_at)
            for pause in list_pauses(poll)
            if pause.lifted_at is not None
        ),
        timedelta(),
    )


def count_pauses(poll: Poll) -> int:
    counted = select(func.count()).select_from(Pause).where(Pause.poll_id == poll.id)
    return db.session.scalars(counted).one()


def course(poll: Poll, *, now: datetime) -> tuple[PollState, datetime]:
    """Return the state and the end of a poll; a pause that lapsed is lifted, noted or not."""
    state = PollState(poll.state)
    if state is PollState.PAUSED:
        pause = find_pause(poll)
        if pause is not None and course_rules.has_lapsed(
            pause.paused_at, is_confirmed=pause.confirmed_by is not None, now=now
        ):
            return PollState.RECEIVING, poll.ends_at + course_rules.UNCONFIRMED
    return state, poll.ends_at


def present_state(poll: Poll, *, now: datetime | None = None) -> PollState:
    """Return the poll's state by the database's clock, noted or not."""
    now = now or db_now()
    state, ends_at = course(poll, now=now)
    return rules.present_state(state, poll.opens_at, ends_at, now)


def drawn_at(poll: Poll) -> datetime | None:
    """Return from when the drawn value counts; None: the rules know no lots.

    As it was sealed – unless pauses have moved the end behind it: then it moves with the end, so
    that nobody knows the lot while people vote.
    """
    sealed = poll.randomness_at if poll.randomness_source else None
    if sealed is None or poll.ends_at < sealed:
        return sealed
    return sealed + paused_for(poll)


def lots_facts(poll: Poll, *, now: datetime) -> course_rules.LotsFacts:
    return course_rules.LotsFacts(
        now=now,
        state=present_state(poll, now=now),
        drawn_at=drawn_at(poll),
        is_settled=poll.seed is not None,
    )


def seal_facts(poll: Poll, *, now: datetime) -> rules.SealFacts:
    rows = list_sections(poll)
    sections = section_rules(rows, list_options(poll))
    moment = poll.randomness_at
    return rules.SealFacts(
        now=now,
        state=PollState(poll.state),
        opens_at=poll.opens_at,
        ends_on=clock.last_day(poll.ends_at),
        result_due=poll.result_due,
        sections=[
            (1 if section.kind is BallotKind.QUESTIONS else 2, section.most, len(section.options))
            for section in sections
        ],
        counts=[_count_facts(row, section) for row, section in zip(rows, sections, strict=True)],
        ends_at=poll.ends_at,
        lacks_roll=poll.electorate == Electorate.LISTED
        and not electorates.read(poll.electorate_terms).roll_lines,
        has_lots=bool(poll.randomness_source),
        drawn_at=moment,
        drawn_on=clock.local(moment).date() if moment is not None else None,
        links_areas=poll.publication == Publication.LINKED
        and any(row.area_id is not None for row in rows),
        links_paper=poll.publication == Publication.LINKED
        and electorates.read(poll.electorate_terms).has_paper,
    )


def _count_facts(row: Section, section: SectionRules) -> rules.CountFacts:
    method = METHODS.get(row.method)
    seats = terms.read(row, seed=None, options=()).seats
    has_seats = section.kind is not BallotKind.QUESTIONS
    return rules.CountFacts(
        no=row.no,
        fits=method is not None and section.kind in method.ballots,
        is_reachable=ballot_rules.is_reachable(section),
        needs_lots=row.method in NEED_LOTS,
        options_less_seats=len(section.options) - seats if has_seats else None,
    )


def count_uncounted(tenant_id: int) -> int:
    """Return how many sealed polls of a municipality still need its person key."""
    counted = select(func.count()).where(Poll.tenant_id == tenant_id, Poll.state.in_(UNCOUNTED))
    return db.session.scalars(counted).one()


# The log and the count.


def find_head(poll: Poll, no: int) -> LogHead | None:
    return db.session.get(LogHead, (poll.id, no))


def list_heads(poll: Poll) -> Sequence[LogHead]:
    """Return the heads of a poll's log, the oldest first."""
    return db.session.scalars(
        select(LogHead).where(LogHead.poll_id == poll.id).order_by(LogHead.no)
    ).all()


def counts(poll: Poll) -> rules.Counts:
    """Count what came in, table by table."""
    ballots = dict(
        db.session.execute(
            select(Ballot.section_no, func.count())
            .where(Ballot.tenant_id == poll.tenant_id, Ballot.poll_id == poll.id)
            .group_by(Ballot.section_no)
        ).all()
    )
    sections = list_sections(poll)
    channels, boxes = count_by_channel(poll), cards.progress(poll)
    invalid = cards.count_invalid(poll)
    return rules.Counts(
        participations=sum(channels.values()),
        on_paper=channels.get(Channel.PAPER, 0),
        cards=boxes.done,
        receipts=db.session.scalars(
            select(func.count()).where(
                Receipt.tenant_id == poll.tenant_id,
                Receipt.poll_id == poll.id,
                ~Receipt.taken_out,
            )
        ).one(),
        everywhere=[
            ballots.get(s.no, 0) + invalid.get(s.no, 0) for s in sections if s.area_id is None
        ],
        in_areas=[ballots.get(s.no, 0) for s in sections if s.area_id is not None],
    )


def count_by_channel(poll: Poll) -> dict[str, int]:
    """Return how many took part by each channel; channels that nobody used are not there."""
    return _count_channels(poll, Participation)


def count_final_by_channel(poll: Poll) -> dict[str, int]:
    """Return the same of a vote that is counted, or just being counted."""
    return _count_channels(poll, FinalParticipation)


def _count_channels(
    poll: Poll, model: type[Participation] | type[FinalParticipation]
) -> dict[str, int]:
    rows = db.session.execute(
        select(model.channel, func.count())
        .where(model.tenant_id == poll.tenant_id, model.poll_id == poll.id)
        .group_by(model.channel)
    )
    return dict(rows.all())


# The result.


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """A published count: how many took part, and what came of each section."""

    participations: int
    channels: Mapping[str, int]
    sections: Mapping[int, SectionOutcome]
    ballots_hash: str
    counted_at: datetime
    invalid_on_paper: Mapping[int, int] = field(default_factory=lambda: MappingProxyType({}))
    areas: Sequence[tuple[str, int]] = ()  # name of an area and people; the rest has no name
    replaced: int = 0  # votes that their voters changed: codes in the log, without a ballot


def has_public_result(poll: Poll) -> bool:
    """Tell whether the result was published; it stays readable where it was annulled later."""
    return poll.published_at is not None


def get_tally(poll: Poll) -> Tally:
    """Return the count of a published poll; 404 before."""
    if not has_public_result(poll):
        abort(404)
    row = db.session.get_one(PollResult, poll.id)
    return Tally(
        participations=row.participations,
        channels=json.loads(row.channels),
        sections={
            int(no): outcomes.from_data(section) for no, section in json.loads(row.outcome).items()
        },
        ballots_hash=row.ballots_hash,
        counted_at=row.counted_at,
        invalid_on_paper={int(no): n for no, n in json.loads(row.paper).get("invalid", {}).items()},
        areas=[(name, people) for name, people in json.loads(row.areas)],
        replaced=row.replaced,
    )


def list_final_choices(poll: Poll) -> Sequence[tuple[int, str]]:
    """Return (section, choices) of each counted ballot, for whoever counts again."""
    rows = db.session.execute(
        select(FinalBallot.section_no, FinalBallot.choices)
        .where(FinalBallot.tenant_id == poll.tenant_id, FinalBallot.poll_id == poll.id)
        .order_by(FinalBallot.id)
    )
    return [(section_no, choices) for section_no, choices in rows]
