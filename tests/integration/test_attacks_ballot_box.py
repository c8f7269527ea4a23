"""The ballot box as somebody sees it who wants another vote, another's vote, or a void count."""

import hashlib
import itertools
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from deliberate.accounts.models import Person
from deliberate.approvals.rules import NO_SECOND_FACTOR, NOT_FRESH
from deliberate.kernel import clock
from deliberate.kernel.actor import SYSTEM, Actor, Role
from deliberate.kernel.db import db, transaction
from deliberate.kernel.refusals import Refused
from deliberate.subjects.gate import Activity
from deliberate.tenancy.models import Municipality
from deliberate.voting import codes, queries, rules
from deliberate.voting.actions import casting, coding, counting, pausing, preparing
from deliberate.voting.models import (
    CodeBatch,
    LogHead,
    Participation,
    Poll,
    VoteCase,
    VotingCode,
)
from deliberate.voting.states import Electorate, Publication
from tests import make
from tests.integration import by_word
from tests.integration import test_voting_codes as by_code
from tests.integration import test_voting_files as published
from tests.terminal import run

PAGE = by_word.PAGE
HOUR = timedelta(hours=1)


@pytest.fixture
def consultation(app: Flask, tenant: int) -> int:
    return make.consultation(app, tenant, opens=[Activity.VOTE])


def rows(app: Flask, model: type) -> int:
    with app.app_context():
        return db.session.scalars(select(func.count()).select_from(model)).one()


# One person, many names.


def test_one_contact_brings_no_more_votes_than_the_rules_say(
    app: Flask, tenant: int, consultation: int
) -> None:
    make.poll(
        app,
        tenant,
        consultation,
        electorate=Electorate.DECLARED,
        electorate_terms='{"persons_a_contact":2}',
    )
    visitor = make.client(app)
    by_word.vote(app, visitor, given_name="Jan")
    by_word.vote(app, visitor, given_name="Ewa")

    third = by_word.ask_for_code(app, visitor, given_name="Ola")
    refused = visitor.post(f"{PAGE}/dane/glos", data=third)
    claimed = visitor.post(f"{PAGE}/dane/glos", data={**third, "wyjasnienie": "household"})
    again = visitor.post(
        f"{PAGE}/dane/glos", data=by_word.ask_for_code(app, visitor, given_name="Ewa")
    )

    assert refused.status_code == claimed.status_code == 409
    assert "zadzwoń do urzędu" in refused.text
    assert "Głos z tymi danymi" in again.text  # whoever has voted hears that, not the limit
    assert (rows(app, Participation), rows(app, VoteCase)) == (2, 0)
    by_word.vote(app, visitor, given_name="Ola", contact="ola@poczta.example")


@pytest.mark.parametrize(
    ("address", "flat"),
    [
        ("Rynek 5", "3"),
        ("Rynek 5 lokal 3", ""),
        ("Rynek 5 3", ""),
        ("Rynek 5-3", ""),
        ("Rynek 5, 3", ""),
        ("ul. Rynek nr 5 mieszkanie 3", ""),
        ("Ry\u200bnek 5/3", ""),
    ],
)
def test_one_home_written_otherwise_makes_no_second_vote(
    app: Flask, tenant: int, consultation: int, address: str, flat: str
) -> None:
    make.poll(app, tenant, consultation, electorate=Electorate.DECLARED)
    visitor = make.client(app)
    by_word.vote(app, visitor)

    sent = by_word.ask_for_code(app, visitor, address=address, flat=flat, contact="x@poczta.pl")

    assert visitor.post(f"{PAGE}/dane/glos", data=sent).status_code == 409
    assert rows(app, Participation) == 1


# Another electorate's door.


@pytest.mark.parametrize("kind", list(Electorate))
def test_no_electorate_votes_by_the_way_of_another(
    app: Flask, tenant: int, consultation: int, kind: Electorate
) -> None:
    """Somebody signed in, whom no list names, tries each address there is."""
    make.poll(app, tenant, consultation, electorate=kind)
    resident = make.client(app, signed_in=make.person(app, resident_of=tenant))
    sent = {"wybor-1": ["1"], "klucz": "k" * 30, **by_word.SAID, "code": by_code.MADE[0]}
    doors = {
        Electorate.RESIDENTS: "glos",
        Electorate.LISTED: "glos",
        Electorate.DECLARED: "dane/glos",
        Electorate.CODES: "kod-z-listu/glos",
    }

    for door in sorted({door for of, door in doors.items() if of is not Electorate.RESIDENTS}):
        if kind is Electorate.RESIDENTS and door == doors[kind]:
            continue
        assert resident.post(f"{PAGE}/{door}", data=sent).status_code in {404, 409, 422}
    assert rows(app, Participation) == 0


# Codes without the second factor.


def weak(app: Flask, tenant: int, **lacks: bool) -> Actor:
    proof = {"is_fresh": True, "has_second_factor": True, **lacks}
    return Actor(person_id=make.person(app), tenant_id=tenant, **proof)


WEAK = pytest.mark.parametrize(
    ("lacks", "refusal"),
    [({"is_fresh": False}, NOT_FRESH), ({"has_second_factor": False}, NO_SECOND_FACTOR)],
)


@WEAK
def test_a_borrowed_screen_prints_no_codes(
    app: Flask, tenant: int, consultation: int, lacks: dict[str, bool], refusal: object
) -> None:
    """Whoever prints codes holds them all: each is a vote."""
    poll = make.poll(app, tenant, consultation, electorate=Electorate.CODES)
    by_code.batch(app, tenant, poll)
    actor = weak(app, tenant, **lacks)

    with pytest.raises(Refused) as refused, app.app_context(), transaction():
        coding.issue(db.session.get_one(Poll, poll), 1, by_code.MADE, actor=actor)

    assert refused.value.refusal == refusal
    assert rows(app, VotingCode) == 0


@WEAK
def test_a_borrowed_screen_takes_nobodys_code(
    app: Flask, tenant: int, consultation: int, lacks: dict[str, bool], refusal: object
) -> None:
    poll = make.poll(app, tenant, consultation, electorate=Electorate.CODES)
    by_code.issued(app, tenant, poll)
    actor = weak(app, tenant, **lacks)

    with pytest.raises(Refused) as refused, app.app_context(), transaction():
        coding.void(db.session.get_one(Poll, poll), 1, 1, "Bo tak chcemy.", actor=actor)

    assert refused.value.refusal == refusal
    assert by_code.states(app) == {"unused": 3}


def test_letters_are_not_made_for_who_has_not_just_signed_in(
    app: Flask, tenant: int, consultation: int
) -> None:
    poll = make.poll(app, tenant, consultation, electorate=Electorate.CODES)
    by_code.batch(app, tenant, poll)
    officer = make.client(app, signed_in=make.staff(app, tenant, Role.OFFICER))
    with clock.at(clock.now() + timedelta(minutes=20)):
        answer = officer.post(f"{by_code.DESK}/1/druk")

    assert answer.status_code == 409
    assert "application/pdf" not in answer.content_type
    with app.app_context():
        assert db.session.scalars(select(CodeBatch.printed_at)).one() is None


def test_a_code_of_another_municipality_opens_nothing(
    app: Flask, tenant: int, consultation: int
) -> None:
    poll = make.poll(app, tenant, consultation, electorate=Electorate.CODES)
    with app.app_context():
        row = db.session.get_one(Poll, poll)
        ours = codes.hash_of(row, by_code.MADE[0])
    other = make.municipality(app, slug="obce", name="Obce")
    theirs = make.poll(
        app,
        other,
        make.consultation(app, other, opens=[Activity.VOTE]),
        electorate=Electorate.CODES,
    )
    with app.app_context():
        assert codes.hash_of(db.session.get_one(Poll, theirs), by_code.MADE[0]) != ours


# A lot that is known before the last vote.


def lots_poll(app: Flask, tenant: int, consultation: int, *, drawn: timedelta) -> int:
    return make.poll(
        app,
        tenant,
        consultation,
        left=HOUR,
        randomness_source="Lotto",
        randomness_shape="lotto",
        randomness_at=clock.now() + drawn,
    )


def test_the_end_does_not_move_behind_the_draw(app: Flask, tenant: int, consultation: int) -> None:
    poll = lots_poll(app, tenant, consultation, drawn=2 * HOUR)
    with app.app_context():
        row = db.session.get_one(Poll, poll)
        begin, end = row.opens_at, row.ends_at

    with pytest.raises(Refused) as refused, app.app_context(), transaction():
        preparing.follow_phase(tenant, consultation, [(begin, end + 2 * HOUR)], actor=SYSTEM)

    assert refused.value.refusal == rules.LOTS_TOO_EARLY


def test_the_draw_moves_with_an_end_that_a_pause_moved_behind_it(
    app: Flask, tenant: int, consultation: int
) -> None:
    """Else one person who pauses would have votes come in when the lot is known."""
    poll = lots_poll(app, tenant, consultation, drawn=2 * HOUR)
    officer = make.staff(app, tenant, Role.OFFICER)
    actor = Actor(person_id=officer, tenant_id=tenant, is_fresh=True, has_second_factor=True)
    with app.app_context(), transaction():
        municipality = db.session.get_one(Municipality, tenant)
        pausing.pause(municipality, poll, "Serwer nie odpowiada.", actor=actor)
    with clock.at(clock.now() + 3 * HOUR), app.app_context(), transaction():
        pausing.lift(db.session.get_one(Municipality, tenant), poll, actor=actor)

    with app.app_context():
        row = db.session.get_one(Poll, poll)
        facts = queries.lots_facts(row, now=row.ends_at)
        assert row.randomness_at is not None
        assert row.ends_at > row.randomness_at
        assert facts.drawn_at is not None
        assert facts.drawn_at > row.ends_at


# What is published says more than it promises.


def counted(app: Flask, tenant: int, consultation: int, chosen: list[tuple[int, ...]]) -> None:
    """Publish only the sums of a small vote."""
    poll = make.poll(app, tenant, consultation, publication=Publication.TOTALS)
    for number, marks in enumerate(chosen):
        person = make.person(app, resident_of=tenant)
        with app.app_context(), transaction():
            casting.cast(
                poll,
                db.session.get_one(Person, person),
                make.marks(*marks),
                casting.Form(idem=f"form {number}"),
            )
    with app.app_context():
        rules_hash = db.session.get_one(Poll, poll).rules_hash or ""
    make.approval(app, tenant, "poll.count", poll, rules_hash)
    with clock.at(clock.now() + timedelta(days=10)), app.app_context(), transaction():
        counting.count(db.session.get_one(Municipality, tenant), poll, actor=SYSTEM)
    make.publish_poll(app, tenant, poll)


def test_totals_do_not_let_anyone_guess_the_ballots(
    app: Flask, tenant: int, consultation: int
) -> None:
    """A hash over a handful of ballots is as good as the ballots: trying them all takes no time."""
    counted(app, tenant, consultation, [(1, 3), (2,), (2, 3)])
    with app.app_context():
        said = json.loads(db.session.scalars(select(LogHead.body)).one())

    cards = [f"1:[{','.join(map(str, marks))}]\n" for n in (1, 2) for marks in _sets(n)]
    guesses = (
        "".join(sorted(three)) for three in itertools.combinations_with_replacement(cards, 3)
    )
    found = [g for g in guesses if hashlib.sha256(g.encode()).hexdigest() == said["ballots"]]

    assert found == []


def _sets(number: int) -> list[tuple[int, ...]]:
    return list(itertools.combinations((1, 2, 3), number))


def test_cards_with_codes_are_not_published_by_areas(
    app: Flask, tenant: int, consultation: int
) -> None:
    """The one voter of an area would be known by it, and with it the rest of their ballot."""
    poll = make.poll(
        app,
        tenant,
        consultation,
        sections=[
            make.section(title="Całe miasto", options=3, first=1),
            make.section(title="Nadrzecze", options=3, first=4, area_id=make.area(app, tenant)),
        ],
        publication=Publication.LINKED,
        began=-HOUR,
        sealed=False,
    )
    with app.app_context():
        row = db.session.get_one(Poll, poll)
        refusal = rules.seal_refusal(queries.seal_facts(row, now=clock.now()))

    assert refusal == rules.LINKED_BY_AREA


# A folder that fools who checks it.

download = published.download


@pytest.mark.one_database
def test_a_kept_key_counts_only_where_it_signs(
    download: Callable[..., Path],
) -> None:
    """A forger who signs with a key of their own may not just write the true one beside it."""
    folder = download(Publication.TOTALS)
    heads = json.loads((folder / "heads.json").read_text())
    true_key, true_hash = heads["signing_key"], heads["heads"][0]["hash"]
    published._forge(folder)
    forged = json.loads((folder / "heads.json").read_text())
    forged["also"] = [true_key, true_hash]
    forged["heads"][0]["note"] = true_hash
    (folder / "heads.json").write_text(json.dumps(forged))

    for kept in (true_key, true_hash):
        assert published.check(folder, kept)[0] == 1
        assert run("verify", folder, kept, environment={}).code == 1
