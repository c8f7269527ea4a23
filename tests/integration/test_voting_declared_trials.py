"""The same words of twenty people at once are one vote; beside it the control without the key."""

import threading
from collections import Counter

import pytest
from flask import Flask
from sqlalchemy import func, select

from deliberate.kernel.db import db, transaction
from deliberate.kernel.ids import token_hash
from deliberate.kernel.refusals import Refusal, Refused
from deliberate.subjects.gate import Activity
from deliberate.tenancy.models import Municipality
from deliberate.voting.actions import declaring
from deliberate.voting.actions.casting import Form
from deliberate.voting.actions.declaring import Proof, Saying
from deliberate.voting.contacts import Contact, ContactKind
from deliberate.voting.identity import Identity
from deliberate.voting.models import Ballot, ContactCode, Participation, Poll, Receipt
from deliberate.voting.states import CaseKind, Electorate
from tests import make

AT_ONCE = 20
ANNA = Identity(given_name="Anna", surname="Kos", street="Rynek", house_no="5", flat="3")


@pytest.fixture
def poll(app: Flask) -> int:
    tenant = make.municipality(app)
    consultation = make.consultation(app, tenant, opens=[Activity.VOTE])
    return make.poll(app, tenant, consultation, electorate=Electorate.DECLARED)


def contact(number: int) -> Contact:
    return Contact(kind=ContactKind.EMAIL, address=f"osoba{number}@poczta.example")


def proof(app: Flask, poll_id: int, number: int, *, code: str = "418207") -> Proof:
    """Make a code that came to a contact, and return it as the form would send it."""
    with app.app_context(), transaction():
        poll = db.session.get_one(Poll, poll_id)
        token = declaring.send_code(
            db.session.get_one(Municipality, poll.tenant_id),
            poll,
            contact(number),
            network=f"192.0.2.{number}",
            locale="pl",
        )
        row = db.session.get_one(ContactCode, token_hash(token))
        row.code_hash = declaring.code_hash(poll, token, code)
    return Proof(token=token, code=code, network=f"192.0.2.{number}")


def at_once(
    app: Flask, poll_id: int, proofs: list[Proof], *, numbers: list[int], claim: CaseKind | None
) -> Counter[str]:
    """Have all of them cast in the same moment; returns what came of it."""
    came, lock, barrier = Counter[str](), threading.Lock(), threading.Barrier(len(proofs))

    def vote(index: int) -> None:
        with app.app_context():
            barrier.wait()
            try:
                with transaction():
                    poll = db.session.get_one(Poll, poll_id)
                    taken = declaring.cast(
                        poll,
                        Saying(identity=ANNA, contact=contact(numbers[index]), claim=claim),
                        make.marks(1, 2),
                        form=Form(idem=f"form {numbers[index]} {index}"),
                        proof=proofs[index],
                    )
                said = taken.code if isinstance(taken, Refusal) else "taken"
            except Refused as refused:
                said = refused.refusal.code
            with lock:
                came[said] += 1

    threads = [threading.Thread(target=vote, args=(index,)) for index in range(len(proofs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return came


def rows(app: Flask, model: type) -> int:
    with app.app_context():
        return db.session.scalars(select(func.count()).select_from(model)).one()


def test_twenty_with_the_same_words_at_once_are_one_vote(app: Flask, poll: int) -> None:
    numbers = list(range(AT_ONCE))
    proofs = [proof(app, poll, number) for number in numbers]
    came = at_once(app, poll, proofs, numbers=numbers, claim=None)

    assert came == {"taken": 1, "cast.already": AT_ONCE - 1}
    assert [rows(app, model) for model in (Participation, Ballot, Receipt)] == [1, 1, 1]


def test_control_without_one_key_for_one_person_they_are_twenty(
    app: Flask, poll: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = iter(range(10_000))
    monkeypatch.setattr(
        declaring.keys, "identity_key", lambda *_args, **_named: f"key {next(drawn)}"
    )
    numbers = list(range(AT_ONCE))
    proofs = [proof(app, poll, number) for number in numbers]
    came = at_once(app, poll, proofs, numbers=numbers, claim=None)

    assert came == {"taken": AT_ONCE}
    assert rows(app, Participation) == AT_ONCE


def test_namesakes_at_once_get_a_place_each_until_the_home_is_full(app: Flask, poll: int) -> None:
    first = [proof(app, poll, 0)]
    at_once(app, poll, first, numbers=[0], claim=None)
    numbers = list(range(1, 7))
    proofs = [proof(app, poll, number) for number in numbers]
    came = at_once(app, poll, proofs, numbers=numbers, claim=CaseKind.NOT_MINE)

    assert came == {"taken": 3, "household.full": 3}
    assert rows(app, Participation) == 4


def test_one_code_used_twice_at_once_is_one_vote(app: Flask, poll: int) -> None:
    one = proof(app, poll, 1)
    came = at_once(app, poll, [one, one], numbers=[1, 1], claim=CaseKind.HOUSEHOLD)

    assert came == {"taken": 1, "contact.expired": 1}
    assert rows(app, Participation) == 1


def test_a_code_guessed_at_once_has_five_tries(app: Flask, poll: int) -> None:
    real = proof(app, poll, 1)
    guesses = [Proof(token=real.token, code=f"00000{n}", network=real.network) for n in range(10)]
    came = at_once(app, poll, guesses, numbers=[1] * 10, claim=None)

    assert came == {"contact.wrong": 4, "contact.spent": 6}
    assert rows(app, Participation) == 0
