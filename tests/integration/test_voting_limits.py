"""Limits of every kind of ballot as the databases hold them, and the one text of equal choices."""

import secrets
from collections.abc import Mapping

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from deliberate.algorithms.counting import BallotKind
from deliberate.kernel import clock
from deliberate.kernel.db import db, transaction
from deliberate.kernel.refusals import Refused
from deliberate.voting.actions import casting
from deliberate.voting.ballot_rules import Written
from deliberate.voting.models import Ballot, Participation, Poll
from deliberate.voting.states import AreaLock, Channel
from tests import make

KINDS = (
    BallotKind.SINGLE,
    BallotKind.APPROVAL,
    BallotKind.RANKED,
    BallotKind.SCORE,
    BallotKind.POINTS,
    BallotKind.KNAPSACK,
    BallotKind.QUESTIONS,
)
SECTION_OF = {kind: no for no, kind in enumerate(KINDS, start=1)}
OPTIONS = 4


def first_of(kind: BallotKind) -> int:
    """Return the number of the first option in the section of a kind."""
    return (SECTION_OF[kind] - 1) * OPTIONS + 1


@pytest.fixture
def poll(app: Flask, tenant: int) -> int:
    """Make a vote with a section of each kind, four options in each, two may be chosen."""
    limits = {
        BallotKind.SINGLE: {"least": 1, "most": 1},
        BallotKind.POINTS: {"points": 10, "each_most": 6, "spend_all": True},
        BallotKind.SCORE: {"lowest": 1, "highest": 5},
        # The dearest two together: 2 100 000 + 2 200 000 zł and more.
        BallotKind.KNAPSACK: {"budget": (2 * first_of(BallotKind.KNAPSACK) + 1) * 100_000_00},
    }
    sections = [
        make.section(
            kind,
            options=OPTIONS,
            first=first_of(kind),
            **{"least": 1, "most": 2, **limits.get(kind, {})},
        )
        for kind in KINDS
    ]
    return make.poll(app, tenant, make.consultation(app, tenant), sections=sections)


def shift(text: str, kind: BallotKind) -> str:
    """Return a ballot written with a, b, c, d for the options of a section, as it is stored."""
    for place, letter in enumerate("ABCD"):
        text = text.replace(letter, str(first_of(kind) + place))
    return text.replace("X", "999")


def insert(app: Flask, poll: int, kind: BallotKind, choices: str) -> None:
    """Put a ballot straight into the table, past every rule of ours."""
    with app.app_context(), transaction():
        tenant = db.session.get_one(Poll, poll).tenant_id
        ballot = Ballot(
            id=secrets.token_hex(16),
            tenant_id=tenant,
            poll_id=poll,
            section_no=SECTION_OF[kind],
            choices=shift(choices, kind),
            link_tag=secrets.token_hex(4),
        )
        db.session.add(ballot)


GOOD = [
    (BallotKind.SINGLE, "[A]"),
    (BallotKind.APPROVAL, "[A,D]"),
    (BallotKind.RANKED, "[D,A]"),
    (BallotKind.SCORE, "[[A,1],[B,5]]"),
    (BallotKind.POINTS, "[[A,6],[B,4]]"),
    (BallotKind.KNAPSACK, "[A,B]"),
    (BallotKind.QUESTIONS, '[[A,"yes"],[B,"abstain"]]'),
]
LISTED = (BallotKind.APPROVAL, BallotKind.RANKED, BallotKind.KNAPSACK)
BAD = [
    (BallotKind.SINGLE, "[A,B]"),
    (BallotKind.SINGLE, "[]"),
    *((kind, text) for kind in LISTED for text in ("[A,B,C]", "[]", "[X]", "[A,A]", "[A,X]")),
    *((kind, text) for kind in LISTED for text in ("[A.0]", "[A.5]", '["A"]', "[[A,1]]")),
    *((kind, text) for kind in LISTED for text in ("[0]", "[-1]", "A", '{"a":A}', "null", "nic")),
    (BallotKind.KNAPSACK, "[C,D]"),
    (BallotKind.SCORE, "[[A,0]]"),
    (BallotKind.SCORE, "[[A,6]]"),
    (BallotKind.SCORE, "[[A,-1]]"),
    (BallotKind.SCORE, "[[A,2.5]]"),
    (BallotKind.SCORE, "[[A,1],[B,1],[C,1]]"),
    (BallotKind.SCORE, "[[A,1],[A,2]]"),
    (BallotKind.SCORE, "[[X,1]]"),
    (BallotKind.SCORE, "[]"),
    (BallotKind.SCORE, "[A]"),
    (BallotKind.SCORE, "[[A]]"),
    (BallotKind.SCORE, "[[A,1,1]]"),
    (BallotKind.SCORE, '[[A,"1"]]'),
    (BallotKind.SCORE, "[[A,1.0]]"),
    (BallotKind.SCORE, "[[A.0,1]]"),
    (BallotKind.SCORE, "[[A,null]]"),
    (BallotKind.SCORE, '{"A":1}'),
    (BallotKind.POINTS, "[[A,7],[B,3]]"),  # too many for one
    (BallotKind.POINTS, "[[A,6],[B,5]]"),  # more than there are
    (BallotKind.POINTS, "[[A,6],[B,3]]"),  # one is left
    (BallotKind.POINTS, "[[A,6],[B,4],[C,0]]"),
    (BallotKind.POINTS, "[[A,6],[B,6],[C,-2]]"),
    (BallotKind.POINTS, "[[A,5.5],[B,4.5]]"),
    (BallotKind.POINTS, '[[A,"6"],[B,"4"]]'),
    (BallotKind.POINTS, "[[A,5],[A,5]]"),
    (BallotKind.POINTS, "[[X,5],[A,5]]"),
    (BallotKind.QUESTIONS, '[[A,"tak"]]'),
    (BallotKind.QUESTIONS, "[[A,1]]"),
    (BallotKind.QUESTIONS, "[A]"),
    (BallotKind.QUESTIONS, "[[A,null]]"),
    (BallotKind.QUESTIONS, '[["A","yes"]]'),
    (BallotKind.QUESTIONS, '[[A,"yes"],[A,"no"]]'),
    (BallotKind.QUESTIONS, '[[A,"yes"],[B,"yes"],[C,"yes"]]'),
    (BallotKind.QUESTIONS, '[[X,"yes"]]'),
]


@pytest.mark.parametrize(("kind", "choices"), GOOD)
def test_the_tables_take_a_ballot_within_its_limits(
    app: Flask, poll: int, kind: BallotKind, choices: str
) -> None:
    insert(app, poll, kind, choices)

    with app.app_context():
        assert db.session.scalars(select(Ballot.choices)).all() == [shift(choices, kind)]


@pytest.mark.parametrize(("kind", "choices"), BAD)
def test_the_tables_refuse_every_ballot_beyond_its_limits(
    app: Flask, poll: int, kind: BallotKind, choices: str
) -> None:
    with pytest.raises(DBAPIError):
        insert(app, poll, kind, choices)

    with app.app_context():
        assert db.session.scalars(select(Ballot)).all() == []


# What the web and the keyboard of a clerk bring is one text.

WEB: Mapping[BallotKind, Written] = {
    BallotKind.SINGLE: Written(marked=frozenset({2})),
    BallotKind.APPROVAL: Written(marked=frozenset({3, 1})),
    BallotKind.KNAPSACK: Written(marked=frozenset({2, 1})),
    BallotKind.RANKED: Written(said={2: "1", 3: "2"}),
    BallotKind.SCORE: Written(said={1: "5", 2: "", 3: "0"}),
    BallotKind.POINTS: Written(said={1: "7", 2: "0", 3: "3"}),
    BallotKind.QUESTIONS: Written(said={1: "yes", 3: "abstain"}),
}
PAPER: Mapping[BallotKind, Written] = {
    **WEB,
    BallotKind.RANKED: Written(said={3: "3", 2: " 1 "}),
    BallotKind.SCORE: Written(said={3: "00", 1: "5"}),
    BallotKind.POINTS: Written(said={3: "03", 1: "7"}),
    BallotKind.QUESTIONS: Written(said={3: " abstain", 1: "yes", 2: " "}),
}


@pytest.mark.first_on_both
@pytest.mark.parametrize("kind", KINDS)
def test_equal_choices_are_equal_bytes_on_paper_and_on_the_web(
    app: Flask, tenant: int, kind: BallotKind
) -> None:
    poll = make.poll(app, tenant, make.consultation(app, tenant), sections=[make.section(kind)])
    for channel, written in ((Channel.WEB, WEB[kind]), (Channel.PAPER, PAPER[kind])):
        take(app, poll, {1: written}, channel=channel)

    with app.app_context():
        one, other = db.session.scalars(select(Ballot.choices))
        assert one == other
        channels = db.session.scalars(select(Participation.channel)).all()
        assert sorted(channels) == ["paper", "web"]


def take(
    app: Flask,
    poll: int,
    choices: Mapping[int, Written],
    *,
    channel: Channel = Channel.WEB,
    area: int | None = None,
) -> None:
    with app.app_context(), transaction():
        line = casting.Line(
            person_key=secrets.token_hex(8), area_id=area, source="list", channel=channel
        )
        casting.take(
            db.session.get_one(Poll, poll),
            line,
            choices,
            casting.Form(idem=secrets.token_hex(16)),
            refusal=None,
            now=clock.now(),
        )


# Sections of areas.


@pytest.fixture
def areas(app: Flask, tenant: int) -> list[int]:
    return [make.area(app, tenant, name=name) for name in ("Nadrzecze", "Zatorze")]


def in_areas(app: Flask, tenant: int, areas: list[int], lock: AreaLock, most: int = 1) -> int:
    sections = [make.section(options=2)] + [
        make.section(options=2, first=first, area_id=area, title=f"Część {area}")
        for first, area in zip((3, 5), areas, strict=True)
    ]
    consultation = make.consultation(app, tenant)
    return make.poll(app, tenant, consultation, sections=sections, area_lock=lock, areas_most=most)


def kept(app: Flask) -> list[tuple[int, str]]:
    with app.app_context():
        rows = db.session.execute(
            select(Ballot.section_no, Ballot.choices).order_by(Ballot.section_no)
        )
        return [(no, choices) for no, choices in rows]


def test_at_home_one_has_a_ballot_in_the_own_area_and_none_elsewhere(
    app: Flask, tenant: int, areas: list[int]
) -> None:
    poll = in_areas(app, tenant, areas, AreaLock.HOME)
    foreign = {3: Written(marked=frozenset({5}))}
    with pytest.raises(Refused) as refused:
        take(app, poll, foreign, area=areas[0])
    take(app, poll, {1: Written(marked=frozenset({1})), 2: Written()}, area=areas[0])

    assert refused.value.refusal.code == "ballot.not_your_area"
    assert kept(app) == [(1, "[1]"), (2, "[]")]


def test_by_choice_one_has_a_ballot_where_something_is_chosen(
    app: Flask, tenant: int, areas: list[int]
) -> None:
    poll = in_areas(app, tenant, areas, AreaLock.CHOSEN)
    both = {2: Written(marked=frozenset({3})), 3: Written(marked=frozenset({5}))}
    with pytest.raises(Refused) as refused:
        take(app, poll, both, area=areas[0])
    take(app, poll, {3: Written(marked=frozenset({5}))}, area=areas[0])

    assert refused.value.refusal.code == "ballot.too_many_areas"
    assert kept(app) == [(1, "[]"), (3, "[5]")]
