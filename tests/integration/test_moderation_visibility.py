"""What is not shown is shown nowhere: every state against every page, list, export, file, letter.

The pages are not listed here: they are all routes that answer GET, asked by everyone there is
(tests/canary.py). A new route whose address cannot be filled in fails until it is known. Such a
walk takes long, so in one walk a thing of each state is looked for.
"""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from deliberate.accounts import mydata
from deliberate.accounts.models import Person
from deliberate.discussion import queries as discussion
from deliberate.discussion.models import Contribution, Summary
from deliberate.kernel.actor import Role
from deliberate.kernel.db import db
from deliberate.kernel.models import Outbox
from deliberate.proposals.models import Proposal
from deliberate.subjects import registry
from deliberate.subjects.states import SHOWN, ContentState
from tests import make
from tests.canary import CANARY, WORD, Thing, World, build, searched

NOT_SHOWN = [state for state in ContentState if state not in SHOWN]
TAKEN_BACK = "takenback"  # by its author, which is no state
# Where every thing sings while it is shown; three of them at home.
SINGING = {
    "answers.change", "answers.desk", "answers.edit", "answers.history", "answers.outcome",
    "answers.table_csv", "answers.table_docx", "answers.table_xlsx", "discussion.history",
    "discussion.replies", "discussion.summarise", "discussion.write", "discussion.write_reply",
    "moderation.notice_new", "moderation.queue", "proposals.csv", "proposals.details",
    "proposals.edit", "proposals.history", "proposals.index", "proposals.json",
    "proposals.section_form", "proposals.show", "proposals.turn_down_form", "proposals.withdrawal",
    "topics.show",
}  # fmt: skip
SEARCHED = {
    "answers.history", "answers.outcome", "discussion.history", "moderation.notice_new",
    "pages.search", "proposals.csv", "proposals.details", "proposals.edit", "proposals.history",
    "proposals.index", "proposals.json", "proposals.show", "proposals.withdrawal", "topics.show",
}  # fmt: skip
HOME = "pages.home"
ALL_SINGING = {HOME, searched(HOME), *SINGING, *map(searched, SEARCHED)}


@pytest.fixture
def world(app: Flask) -> World:
    """Give a world of one thing."""
    return build(app, "one")


@pytest.mark.one_database
def test_while_it_is_shown_the_canary_sings_where_it_should(app: Flask) -> None:
    """The control: were these pages empty, or too short for all, silence would tell nothing."""
    world = build(app, *NOT_SHOWN, TAKEN_BACK)
    sung = world.leaks()

    assert {page for page, _ in sung} >= ALL_SINGING
    for name in world.things:
        silent = ALL_SINGING - {page for page, whose in sung if whose == name}
        assert silent <= {HOME, searched(HOME)}
    for thing in world.things.values():
        assert world.people["visitor"].get(thing.file).status_code == 200


def test_what_is_not_shown_is_shown_nowhere(app: Flask) -> None:
    world = build(app, *NOT_SHOWN, TAKEN_BACK)
    for state in NOT_SHOWN:
        world.put(state, thing=world.things[state])
    taken_back = world.things[TAKEN_BACK]
    world.quiet_proposal(taken_back)
    world.put(ContentState.HIDDEN, Summary, thing=taken_back)  # so that only one thing could sing
    make.withdrawn(app, taken_back.contribution)

    assert world.leaks() == set()
    for state in NOT_SHOWN:
        file = world.things[state].file
        assert {client.get(file).status_code for client in world.people.values()} == {404}
    with app.app_context():
        card = registry.find_card(world.tenant, "contribution", taken_back.contribution)
    assert card is not None
    assert card.text == ""


# What hides a thing hides its conversation: nothing of it is readable, and all of it comes back.


def test_under_what_is_not_shown_nobody_reads_the_conversation(app: Flask) -> None:
    world = build(app, *NOT_SHOWN)
    visitor = world.people["visitor"]
    search = f"/szukaj?szukaj={WORD}"
    for thing in world.things.values():
        world.quiet_proposal(thing)
        assert {visitor.get(path).status_code for path in _within(thing)} == {200, 302}
    assert world.songs(visitor, search) == set(NOT_SHOWN)
    for state in NOT_SHOWN:
        world.put(state, Proposal, thing=world.things[state])

    assert world.leaks() == set()
    for thing in world.things.values():
        assert {visitor.get(path).status_code for path in _within(thing)} == {404}
    assert world.songs(visitor, search) == set()


def _within(thing: Thing) -> tuple[str, ...]:
    return (
        f"/glos/{thing.contribution}",
        f"/glos/{thing.contribution}/odpowiedzi",
        f"/glos/{thing.contribution}/wersje",
        f"/podsumowanie/{thing.summary}",
        f"/zgloszenie/contribution/{thing.contribution}",
        f"/zgloszenie/summary/{thing.summary}",
        f"/zgloszenie/answer/{thing.answer}",
    )


def test_the_page_of_a_hidden_proposal_says_that_the_conversation_waits(world: World) -> None:
    world.put(ContentState.HIDDEN, Proposal)
    page = world.people["visitor"].get("/konsultacje/rynek/propozycje/1").text

    assert "Rozmowy pod tą propozycją nie pokazujemy" in page
    assert 'id="rozmowa"' not in page
    assert "/glos/" not in page


@pytest.mark.one_database
def test_with_its_thing_the_conversation_comes_back_as_it_was(world: World) -> None:
    before = world.leaks(among={HOME, *SINGING, *SEARCHED})
    assert {page for page, _ in before} == ALL_SINGING
    with world.app.app_context():
        opening = discussion.find_opening(world.tenant, "proposal", world.thing.proposal)
    world.put(ContentState.HIDDEN, Proposal)
    with world.app.app_context():
        assert discussion.find_opening(world.tenant, "proposal", world.thing.proposal) is None
    world.put(ContentState.VISIBLE, Proposal)

    assert world.leaks(among={HOME, *SINGING, *SEARCHED}) == before
    with world.app.app_context():
        again = discussion.find_opening(world.tenant, "proposal", world.thing.proposal)
    assert opening is not None
    assert again is not None
    assert (
        (again.voices, len(again.summaries)) == (opening.voices, len(opening.summaries)) == (2, 1)
    )


def test_authors_keep_their_own_words_among_theirs(world: World) -> None:
    world.quiet_proposal()
    world.put(ContentState.HIDDEN, Proposal)
    author = make.client(world.app, signed_in=world.author)
    page = author.get("/moje").text

    assert CANARY in page
    assert "propozycja, pod którą stoi, jest ukryta razem z rozmową" in page
    assert f"/glos/{world.thing.contribution}" not in page
    assert CANARY not in world.people["neighbour"].get("/moje").text


def test_a_facilitator_decides_about_words_under_a_hidden_thing_by_their_own_state(
    world: World,
) -> None:
    """Otherwise what a proposal hides would look hidden itself, and "restoring" it do nothing."""
    world.put(ContentState.HIDDEN, Proposal)
    page = world.people[Role.FACILITATOR].get(
        f"/urzad/moderacja/contribution/{world.thing.contribution}"
    )

    assert CANARY in page.text
    assert 'id="hide"' in page.text
    assert 'id="restore"' not in page.text
    assert "Rozmowa ukryta razem z tym, czego dotyczy" in page.text
    with world.app.app_context():
        card = registry.find_card(world.tenant, "contribution", world.thing.contribution)
    assert card is not None
    assert (card.state, card.own_state) == (ContentState.HIDDEN, ContentState.VISIBLE)


def test_what_is_hidden_with_its_thing_does_not_wait_to_be_read(world: World) -> None:
    queue = world.people[Role.FACILITATOR]
    assert (
        f"/urzad/moderacja/contribution/{world.thing.contribution}"
        in queue.get("/urzad/moderacja").text
    )
    world.put(ContentState.HIDDEN, Proposal)

    assert "Nic nie czeka" in queue.get("/urzad/moderacja").text


@pytest.mark.parametrize("state", [ContentState.HELD, ContentState.HIDDEN, ContentState.ERASED])
def test_counts_do_not_count_what_is_not_shown(world: World, state: ContentState) -> None:
    with world.app.app_context():
        before = discussion.find_opening(world.tenant, "proposal", world.thing.proposal)
        assert before is not None
        assert before.voices == 2
    world.put(state, Contribution, Summary)
    with world.app.app_context():
        after = discussion.find_opening(world.tenant, "proposal", world.thing.proposal)
    world.put(state, Proposal)
    with world.app.app_context():
        kind = registry.get_kind("proposal")
        assert kind.list_in is not None
        listed = kind.list_in(world.tenant, 1)

    assert after is not None
    assert after.voices == 1
    assert not after.summaries
    assert listed == []


def test_letters_and_the_data_of_others_do_not_hold_it(world: World) -> None:
    """A reply is answered while all is shown: the letter of that day must not keep the words."""
    neighbour = world.people["neighbour"]
    neighbour.post(
        "/rozmowy/2/glosy",
        data={
            "body": "Zgadzam się.",
            "kind": "voice",
            "voice": "resident",
            "language": "pl",
            "answers": 1,
            "rules": "y",
            "rules_version": 1,
        },
    )
    with world.app.app_context():
        letters = db.session.scalars(select(Outbox)).all()
        assert len(letters) == 1
        assert all(CANARY not in letter.body + letter.subject for letter in letters)
        people = db.session.scalars(select(Person).where(Person.display_name != "Halina K."))
        for person in people:
            assert CANARY not in repr(mydata.collect(person))
