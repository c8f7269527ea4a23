"""What a person has done, and what became of it; theirs alone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from deliberate.accounts.models import Person
from deliberate.authorship import coauthors, drafts
from deliberate.kernel import clock
from deliberate.kernel.db import db, transaction
from deliberate.moderation.models import Decision
from deliberate.pages import my as my_page
from deliberate.voting.actions import casting
from tests import make
from tests.sql import counted


@pytest.fixture
def halina(app: Flask, tenant: int) -> int:
    return make.person(app, name="Halina K.", email="halina@poczta.example", resident_of=tenant)


def my(app: Flask, person: int) -> str:
    answer = make.client(app, signed_in=person).get("/moje")
    assert answer.status_code == 200
    return answer.text


def test_an_empty_page_says_where_to_begin(app: Flask, halina: int) -> None:
    text = my(app, halina)

    assert "Nie masz tu jeszcze propozycji." in text
    assert "Nie popierasz jeszcze żadnej propozycji." in text


def test_what_i_wrote_and_supported_stands_with_its_answer(
    app: Flask, tenant: int, halina: int
) -> None:
    consultation = make.consultation(app, tenant)
    mine = make.proposal(app, tenant, consultation, author=halina, title="Moje ławki")
    others = make.proposal(app, tenant, consultation, title="Cudze drzewa")
    make.proposal(app, tenant, consultation, title="Nic mi do tego")
    make.support(app, tenant, others, halina)
    make.published_answer(app, tenant, consultation, "proposal", mine)

    text = my(app, halina)

    signed, _, supported = text.partition('id="supported"')
    assert "Moje ławki" in signed
    assert "przyjęta" in signed
    assert "Cudze drzewa" in supported
    assert "Nic mi do tego" not in text


def test_what_i_said_names_the_consultation(app: Flask, tenant: int, halina: int) -> None:
    consultation = make.consultation(app, tenant, title="Park nad rzeką")
    proposal = make.proposal(app, tenant, consultation)
    thread = make.thread_of(app, tenant, "proposal", proposal)
    make.contribution(app, tenant, thread, author=halina, body="Popieram z całego serca.")

    said = my(app, halina).partition('id="said"')[2]

    assert "Park nad rzeką" in said
    assert "Popieram z całego serca." in said


def test_what_i_only_support_goes_when_it_is_hidden_and_mine_stays_marked(
    app: Flask, tenant: int, halina: int
) -> None:
    consultation = make.consultation(app, tenant)
    mine = make.proposal(app, tenant, consultation, author=halina, title="Moje ławki")
    others = make.proposal(app, tenant, consultation, title="Cudze drzewa")
    make.support(app, tenant, others, halina)
    for each in (mine, others):
        make.hidden(app, "proposal", each)

    text = my(app, halina)

    assert "Moje ławki" in text
    assert "Ukryta" in text
    assert "Cudze drzewa" not in text


def test_a_vote_shows_its_day_and_no_choice(app: Flask, tenant: int, halina: int) -> None:
    poll = make.poll(app, tenant, make.consultation(app, tenant))
    with app.test_request_context(), transaction():
        casting.cast(
            poll,
            db.session.get_one(Person, halina),
            make.marks(2),
            casting.Form(idem="x" * 32),
        )

    text = my(app, halina)

    assert "Wybierz projekty" in text
    assert "głos oddany" in text
    assert "Projekt 2" not in text


def test_drafts_invitations_voices_and_decisions_are_there(
    app: Flask, tenant: int, halina: int
) -> None:
    consultation = make.consultation(app, tenant, title="Plac Targowy")
    others = make.proposal(app, tenant, consultation, title="Dach nad targiem")
    talk = make.thread_of(app, tenant, "proposal", others)
    voice = make.contribution(app, tenant, talk, author=halina, body="Zgadzam się z dachem.")
    now, facilitator = clock.now(), make.person(app)
    with app.app_context(), transaction():
        drafts.save(
            tenant, halina, "proposal", f"consultation:{consultation}", {"title": "x"}, at=now
        )
        coauthors.invite(tenant, "proposal", others, "halina@poczta.example", at=now)
        db.session.add(
            Decision(
                tenant_id=tenant,
                subject_kind="contribution",
                subject_id=voice,
                turn=1,
                author_id=halina,
                from_state="hidden",
                to_state="visible",
                explanation="To jest krytyka pracy urzędu, a ta jest dozwolona.",
                decided_by=facilitator,
                decider_label="facylitatorka, Stowarzyszenie",
                at=now,
                told_after=now,
            )
        )

    text = my(app, halina)

    assert "Szkic propozycji: Plac Targowy" in text
    assert "Dach nad targiem" in text
    assert "Zgadzam się z dachem." in text
    assert "facylitatorka, Stowarzyszenie" in text
    theirs = my(app, make.person(app, resident_of=tenant))
    for mine in ("Szkic", "Dach nad targiem", "Zgadzam się", "facylitatorka"):
        assert mine not in theirs


def test_an_invitation_that_expired_is_gone(app: Flask, tenant: int, halina: int) -> None:
    others = make.proposal(app, tenant, make.consultation(app, tenant), title="Dach nad targiem")
    with app.app_context(), transaction():
        long_ago = clock.now() - timedelta(days=15)
        coauthors.invite(tenant, "proposal", others, "halina@poczta.example", at=long_ago)

    assert "Dach nad targiem" not in my(app, halina)


def test_an_invitation_stands_before_fifty_newer_proposals_of_ones_own(
    app: Flask, tenant: int, halina: int
) -> None:
    consultation = make.consultation(app, tenant)
    others = make.proposal(app, tenant, consultation, title="Dach nad targiem")
    with app.app_context(), transaction():
        coauthors.invite(tenant, "proposal", others, "halina@poczta.example", at=clock.now())
    for _ in range(my_page.MOST):
        make.proposal(app, tenant, consultation, author=halina)

    assert "Dach nad targiem" in my(app, halina)


def test_an_invitation_to_what_may_not_be_shown_is_not_there(
    app: Flask, tenant: int, halina: int
) -> None:
    consultation = make.consultation(app, tenant)
    others = make.proposal(app, tenant, consultation, title="Dach nad targiem")
    with app.app_context(), transaction():
        coauthors.invite(tenant, "proposal", others, "halina@poczta.example", at=clock.now())
    make.hidden(app, "proposal", others)

    assert "Dach nad targiem" not in my(app, halina)


def test_another_person_sees_nothing_of_it(app: Flask, tenant: int, halina: int) -> None:
    consultation = make.consultation(app, tenant)
    make.proposal(app, tenant, consultation, author=halina, title="Moje ławki")

    assert "Moje ławki" not in my(app, make.person(app, resident_of=tenant))


def test_what_was_done_elsewhere_stays_there(app: Flask, tenant: int, halina: int) -> None:
    other = make.municipality(app, slug="inna", name="Inna")
    elsewhere = make.consultation(app, other)
    make.proposal(app, other, elsewhere, author=halina, title="Ławki w Innej")

    assert "Ławki w Innej" not in my(app, halina)


def test_the_page_takes_twelve_queries_however_much_there_is(
    app: Flask, tenant: int, halina: int
) -> None:
    consultation = make.consultation(app, tenant)
    for n in range(15):
        each = make.proposal(app, tenant, consultation, author=halina if n % 2 else None)
        if not n % 2:
            make.support(app, tenant, each, halina)
        make.published_answer(app, tenant, consultation, "proposal", each)
        make.contribution(app, tenant, make.thread_of(app, tenant, "proposal", each), author=halina)
    make.poll(app, tenant, consultation)
    with app.app_context(), transaction():
        place = f"consultation:{consultation}"
        drafts.save(tenant, halina, "proposal", place, {}, at=clock.now())
        coauthors.invite(tenant, "proposal", each, "halina@poczta.example", at=clock.now())
    client = make.client(app, signed_in=halina)
    client.get("/moje")  # the municipality is read anew after a change, and kept

    with counted(app) as statements:
        assert client.get("/moje").status_code == 200

    assert len(statements) <= 12, statements  # a kind of thing, a query
