"""Ballots and results of every kind in a browser: chosen by keyboard, narrow, seen by axe."""

import re
import secrets
from collections.abc import Callable, Mapping
from datetime import timedelta
from fractions import Fraction

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from deliberate.accounts import sessions
from deliberate.algorithms.counting import BallotKind, Terms
from deliberate.algorithms.counting.method import Band
from deliberate.kernel import clock
from deliberate.kernel.actor import SYSTEM, Role
from deliberate.kernel.db import db, transaction
from deliberate.subjects.gate import Activity
from deliberate.tenancy.models import Municipality
from deliberate.voting.actions import casting, counting
from deliberate.voting.actions.preparing import SectionDraft
from deliberate.voting.ballot_rules import Written
from deliberate.voting.models import Ballot, Poll
from deliberate.voting.states import Channel
from tests import make
from tests.browser.looking import find_faults, looks


def faults_of(page: Page, axe: Callable[[Page], None]) -> list[str]:
    """Return what is wrong with a page, wide and narrow, light and dark."""
    return [f"{look}: {fault}" for look in looks(page) for fault in find_faults(page, axe)]


HERE = "/g/lubowierz/konsultacje/rynek/glosowanie"
STORED = {
    BallotKind.SINGLE: "[2]",
    BallotKind.APPROVAL: "[2]",
    BallotKind.KNAPSACK: "[2]",
    BallotKind.RANKED: "[2]",
    BallotKind.SCORE: "[[2,1]]",
    BallotKind.POINTS: "[[2,1]]",
    BallotKind.QUESTIONS: '[[2,"yes"]]',
}


def sign_in(app: Flask, site: str, context: BrowserContext, person: int) -> None:
    client = make.client(app, signed_in=person)
    with client.session_transaction() as cookie:
        signed = app.session_interface.get_signing_serializer(app)
        value = signed.dumps(dict(cookie))  # type: ignore[union-attr]
        assert sessions.TOKEN in cookie
    name = app.config["SESSION_COOKIE_NAME"]
    context.add_cookies([{"name": name, "value": str(value), "url": f"{site}/g/lubowierz/"}])


@pytest.mark.parametrize("kind", STORED)
def test_every_kind_of_ballot_is_filled_in(
    app: Flask, site: str, context: BrowserContext, page: Page, kind: BallotKind
) -> None:
    tenant = make.municipality(app)
    consultation = make.consultation(app, tenant, opens=[Activity.VOTE])
    make.poll(app, tenant, consultation, sections=[make.section(kind)])
    sign_in(app, site, context, make.person(app, resident_of=tenant))
    page.goto(HERE)
    second = page.locator("#projekt-2")
    if kind in {BallotKind.RANKED, BallotKind.POINTS}:
        second.get_by_role("spinbutton").fill("1")
    elif kind is BallotKind.SCORE:
        second.get_by_label("1", exact=True).check()
    elif kind is BallotKind.QUESTIONS:
        second.get_by_label("za", exact=True).check()
    else:
        second.get_by_label("projekt nr 2").check()
    page.get_by_role("button", name="Dalej").click()
    expect(page.get_by_role("heading", name="Sprawdź swój wybór")).to_be_visible()
    page.get_by_role("button", name="Oddaję głos").click()
    expect(page.get_by_role("heading", name="Głos przyjęty")).to_be_visible()

    with app.app_context():
        assert db.session.scalars(select(Ballot.choices)).all() == [STORED[kind]]


@pytest.mark.parametrize("context", [True], indirect=True, ids=["javascript"])
def test_a_ballot_of_every_kind_fits_and_axe_finds_nothing(
    app: Flask,
    site: str,
    context: BrowserContext,
    page: Page,
    *,
    axe: Callable[[Page], None],
) -> None:
    tenant = make.municipality(app)
    consultation = make.consultation(app, tenant, opens=[Activity.VOTE])
    sections = [
        make.section(kind, first=3 * number + 1, title=kind.value.title())
        for number, kind in enumerate(STORED)
    ]
    make.poll(app, tenant, consultation, sections=sections)
    sign_in(app, site, context, make.person(app, resident_of=tenant))
    page.goto(HERE)

    assert faults_of(page, axe) == []
    points = page.locator("[data-kind=points]")
    points.get_by_role("spinbutton").first.fill("7")
    expect(points.locator("[data-running]")).to_contain_text("Rozdane punkty: 7. Zostało: 3.")
    basket = page.locator("[data-kind=knapsack]")
    basket.get_by_role("checkbox").first.check()
    expect(basket.locator("[data-running]")).to_contain_text(
        re.compile(r"Koszt wybranych: [\d\s]+zł")
    )
    expect(page.locator("[data-over]")).to_be_visible()


def ranked(*numbers: int) -> Written:
    return Written(said={no: str(place) for place, no in enumerate(numbers, start=1)})


def scored(*scores: int) -> Written:
    return Written(said={no: str(score) for no, score in enumerate(scores, start=1)})


RANKED = [ranked(1, 2), ranked(1, 2), ranked(1, 3), ranked(2, 3), ranked(3, 2), ranked(1)]
BANDS = Terms(bands=(Band(key="urząd wykona", least=Fraction(4, 5)),))
RESULTS: Mapping[str, tuple[SectionDraft, list[Written]]] = {
    "votes": (make.section(), [Written(marked=frozenset({1, 2})), Written(marked=frozenset({1}))]),
    "sums": (make.section(BallotKind.POINTS), [scored(4, 6, 0), scored(0, 1, 2)]),
    "grades": (
        make.section(BallotKind.SCORE, method="majority_judgement"),
        [scored(5, 3, 0), scored(5, 4, 0), scored(0, 4, 1)],
    ),
    "rounds": (make.section(BallotKind.RANKED, method="irv"), RANKED),
    "pairs": (make.section(BallotKind.RANKED, method="schulze"), RANKED),
    "questions": (
        make.section(BallotKind.QUESTIONS, terms=BANDS),
        [Written(said={1: "yes", 2: "no"}), Written(said={1: "yes", 3: "abstain"})],
    ),
}


@pytest.mark.parametrize("shape", RESULTS)
@pytest.mark.parametrize("context", [True], indirect=True, ids=["javascript"])
def test_a_result_of_every_shape_fits_and_axe_finds_nothing(
    app: Flask, page: Page, shape: str, axe: Callable[[Page], None]
) -> None:
    section, ballots = RESULTS[shape]
    tenant = make.municipality(app)
    consultation = make.consultation(app, tenant, opens=[Activity.VOTE])
    poll = make.poll(app, tenant, consultation, sections=[section], left=timedelta(seconds=-1))
    with app.app_context(), transaction():
        row = db.session.get_one(Poll, poll)
        for written in ballots:
            line = casting.Line(
                person_key=secrets.token_hex(8), area_id=None, source="list", channel=Channel.WEB
            )
            form = casting.Form(idem=secrets.token_hex(16))
            casting.take(row, line, {1: written}, form, refusal=None, now=clock.now())
        rules_hash = row.rules_hash or ""
    make.approval(app, tenant, "poll.count", poll, rules_hash)
    with app.app_context(), transaction():
        counting.count(db.session.get_one(Municipality, tenant), poll, actor=SYSTEM)
    make.publish_poll(app, tenant, poll)
    page.goto(f"{HERE}/wynik")
    page.locator("details.data summary").first.click()

    assert faults_of(page, axe) == []


@pytest.mark.parametrize("kind", BallotKind)
@pytest.mark.parametrize("context", [True], indirect=True, ids=["javascript"])
def test_the_desk_of_every_kind_fits_and_axe_finds_nothing(
    app: Flask,
    site: str,
    context: BrowserContext,
    page: Page,
    *,
    axe: Callable[[Page], None],
    kind: BallotKind,
) -> None:
    tenant = make.municipality(app)
    consultation = make.consultation(app, tenant, opens=[Activity.VOTE])
    sections = [make.section(kind)]
    left = timedelta(days=9)
    make.poll(app, tenant, consultation, sections=sections, left=left, sealed=False)
    sign_in(app, site, context, make.staff(app, tenant, Role.OFFICER))
    desk = "/g/lubowierz/urzad/konsultacje/rynek/glosowanie"
    faults = []
    for path in ("", "/czesci/1", "/zasady"):
        page.goto(f"{desk}{path}")
        faults += faults_of(page, axe)

    assert faults == []
