"""The demo world as it is loaded: once, whole, and true to its own counters."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from deliberate.accounts.models import Membership, Person
from deliberate.answers.models import Answer
from deliberate.audit import entries
from deliberate.cli.demo import (
    common_room,
    common_room_rules,
    integration,
    market_square,
    panel,
    plan,
    programme,
    registers,
    roads,
)
from deliberate.cli.demo.calendar import Days
from deliberate.cli.demo.people import PEOPLE, SHOWN
from deliberate.consultations.models import Consultation
from deliberate.discussion.models import Contribution
from deliberate.documents.models import Document, Remark, UnitText
from deliberate.kernel import clock
from deliberate.kernel.db import db
from deliberate.kernel.models import Outbox, Task
from deliberate.meetings.models import Meeting
from deliberate.organisations.models import Organisation
from deliberate.pages.known_factors import list_codes
from deliberate.petitions.models import Entry
from deliberate.proposals.models import Proposal, Support
from deliberate.reports.models import Report
from deliberate.subjects.models import Link
from deliberate.subjects.relations import Relation
from deliberate.surveys.models import Survey
from deliberate.tenancy.models import Area, Municipality
from deliberate.voting.models import (
    Ballot,
    FinalBallot,
    FinalParticipation,
    Option,
    Participation,
    Poll,
    PollResult,
)
from tests.databases import Databases
from tests.terminal import Terminal


@pytest.fixture(scope="module")
def terminal(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Terminal:
    """Give a terminal where ``demo prepare`` has been run."""
    folder = tmp_path_factory.mktemp("demo")
    terminal = Terminal(database_url=databases.new_empty("demo"), folder=folder)
    said = terminal.run("demo", "prepare")
    assert (said.code, said.err) == (0, "")
    return terminal


@pytest.fixture(scope="module")
def served(terminal: Terminal) -> Iterator[Flask]:
    """Give the application that serves the world, its templates compiled once for each language."""
    from deliberate.app import create_app
    from deliberate.config import Settings

    app = create_app(Settings.from_environment(terminal.environment))
    yield app
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()


@pytest.fixture
def world(served: Flask) -> Iterator[Flask]:
    with served.app_context():
        yield served
        db.session.remove()


def consultation(slug: str) -> Consultation:
    return db.session.scalars(select(Consultation).where(Consultation.slug == slug)).one()


def proposals_of(slug: str) -> list[Proposal]:
    wanted = select(Proposal).where(Proposal.consultation_id == consultation(slug).id)
    return list(db.session.scalars(wanted.order_by(Proposal.number)))


def poll_of(slug: str) -> Poll:
    wanted = select(Poll).where(Poll.consultation_id == consultation(slug).id)
    return db.session.scalars(wanted).one()


def outcome_of(poll: Poll) -> dict[str, Any]:
    """Return what the count says of the first section."""
    outcome: dict[str, Any] = json.loads(db.session.get_one(PollResult, poll.id).outcome)["1"]
    return outcome


def count_rows(statement: object) -> int:
    return db.session.execute(statement).scalar_one()  # type: ignore[call-overload,no-any-return]


def test_a_second_load_is_refused(terminal: Terminal) -> None:
    said = terminal.run("demo", "load")

    assert (said.code, said.out, said.err.count("\n")) == (1, "", 1)


def test_preparing_again_keeps_the_world_and_its_password(terminal: Terminal) -> None:
    password = (terminal.folder / "demo-password").read_text()

    said = terminal.run("demo", "prepare")

    assert said.code == 0
    assert password in said.out
    assert terminal.run("municipality", "list").out.count("\n") == 3


def test_the_password_is_read_by_its_owner_only(terminal: Terminal) -> None:
    assert (terminal.folder / "demo-password").stat().st_mode & 0o777 == 0o600


def test_sign_ins_name_the_address_and_everybody_who_signs_in(terminal: Terminal) -> None:
    said = terminal.run("demo", "prepare")

    assert "http://localhost:8000/" in said.out
    assert [each.name for each in SHOWN if f"{each.name} – {each.about}" not in said.out] == []
    assert len(SHOWN) == 10


def test_those_who_sign_in_are_the_first_people_and_staff_has_a_password(world: Flask) -> None:
    first = db.session.scalars(select(Person).order_by(Person.id).limit(len(PEOPLE))).all()
    staff = set(db.session.scalars(select(Membership.person_id)))

    assert [person.display_name for person in first] == [each.name for each in PEOPLE]
    assert {person.id for person in first if person.password_hash} == staff


def test_staff_that_is_shown_has_a_telephone_at_the_post(world: Flask) -> None:
    shown = [each for each in SHOWN if each.roles]
    listed = [each.email for each in list_codes(None, clock.now())]
    page = world.test_client().get("/poczta").text

    assert sorted(listed) == sorted(each.email for each in shown)
    assert [each.name for each in shown if f"<dt>{each.name}</dt>" not in page] == []


@pytest.mark.parametrize("slug", ["lubowierz", "wrzosowiany", "powiat-wierzbogorski"])
def test_residents_of_areas_add_up_to_the_population(world: Flask, slug: str) -> None:
    tenant = db.session.scalars(select(Municipality).where(Municipality.slug == slug)).one()
    residents = count_rows(select(func.sum(Area.residents)).where(Area.tenant_id == tenant.id))

    assert residents == tenant.population


def test_the_record_of_acts_is_whole(world: Flask) -> None:
    assert list(entries.verify()) == []


def test_nothing_is_left_to_do_but_reminders_of_meetings_and_no_task_failed(world: Flask) -> None:
    left = db.session.scalars(select(Task).where(Task.finished_at.is_(None))).all()

    assert [task.kind for task in left] == ["meetings.letters"] * 4
    assert all(task.error is None and task.run_at > clock.now() for task in left)


def test_no_letter_is_from_the_future(world: Flask) -> None:
    late = select(func.count()).select_from(Outbox).where(Outbox.created_at > clock.now())

    assert count_rows(late) == 0


@pytest.mark.parametrize("texts", [market_square, common_room, integration])
def test_supports_shown_are_supports_given(world: Flask, texts: object) -> None:
    proposals = proposals_of(texts.SLUG)  # type: ignore[attr-defined]
    expected = [text["supports"] for text in texts.PROPOSALS]  # type: ignore[attr-defined]
    rows = [
        count_rows(select(func.count()).where(Support.proposal_id == proposal.id))
        for proposal in proposals
    ]

    assert [proposal.supports for proposal in proposals] == rows == expected


@pytest.mark.parametrize("texts", [market_square, common_room])
def test_every_voice_is_heard_and_counted(world: Flask, texts: object) -> None:
    slug = texts.SLUG  # type: ignore[attr-defined]
    said = select(func.count()).where(Contribution.consultation_id == consultation(slug).id)
    talk = texts.TALK  # type: ignore[attr-defined]
    counted = {proposal.number: proposal.voices for proposal in proposals_of(slug)}

    assert count_rows(said) == len(talk)
    assert counted == {number: sum(1 for row in talk if row[0] == number) for number in counted}


def test_the_vote_is_counted_as_told_and_its_ballots_name_nobody(world: Flask) -> None:
    poll = poll_of(common_room.SLUG)
    votes = outcome_of(poll)["score"]
    options = db.session.scalars(select(Option).where(Option.poll_id == poll.id)).all()
    titles = {option.title: int(votes[str(option.no)]) for option in options}

    assert poll.state == "published"
    assert titles == {text["title"]: text["votes"] for text in common_room.PROPOSALS}
    for model in (FinalParticipation, FinalBallot):
        rows = select(func.count()).select_from(model).where(model.poll_id == poll.id)
        assert count_rows(rows) == common_room.PEOPLE
    assert count_rows(select(func.count()).select_from(Ballot)) == 0
    assert count_rows(select(func.count()).select_from(Participation)) == 0


def test_the_panel_promises_what_its_thresholds_say(world: Flask) -> None:
    poll = poll_of(panel.SLUG)
    verdicts = outcome_of(poll)["verdicts"]
    wanted = [yes for _, yes in panel.RECOMMENDATIONS]

    assert (poll.state, poll.electorate) == ("published", "listed")
    assert [verdicts[str(no)]["yes"] for no in range(1, 5)] == wanted
    assert {verdict["base"] for verdict in verdicts.values()} == {panel.PEOPLE}
    done, looked_at = (key for key, _ in panel.BANDS)
    assert [verdicts[str(no)]["band"] for no in range(1, 5)] == [done, done, looked_at, None]


def test_the_senate_has_chosen_four_stretches_in_rounds(world: Flask) -> None:
    poll = poll_of(roads.SLUG)
    outcome = outcome_of(poll)

    assert (poll.state, poll.seed) == ("published", "4,11,19,27,36,48")
    assert sorted(outcome["elected"]) == [1, 2, 3, 4]
    assert len(outcome["rounds"]) > 2
    page = world.test_client().get(f"/g/wrzosowiany/konsultacje/{roads.SLUG}/glosowanie/wynik")
    assert roads.STRETCHES[0][0] in page.text
    assert "Na zamkniętej liście, przy pieczętowaniu karty, było osób: 24." in page.text


def test_every_proposal_of_the_common_room_has_its_answer(world: Flask) -> None:
    answers = {
        answer.subject_id: answer
        for answer in db.session.scalars(select(Answer).where(Answer.published_at.is_not(None)))
    }
    proposals = proposals_of(common_room.SLUG)

    assert consultation(common_room.SLUG).state == "answered"
    assert [answers[proposal.id].position for proposal in proposals] == [
        text["position"] for text in common_room.PROPOSALS
    ]


def test_what_the_answer_announced_continues_the_common_room(world: Flask) -> None:
    link = db.session.scalars(select(Link)).one()
    ends = (consultation(common_room_rules.SLUG).id, consultation(common_room.SLUG).id)

    assert (link.from_id, link.to_id) == ends
    assert link.relation == Relation.CONTINUES


def test_a_voice_that_names_somebody_is_hidden_and_a_proposal_changed_its_title(
    world: Flask,
) -> None:
    here = consultation(integration.SLUG).id
    hidden = db.session.scalars(
        select(Contribution).where(
            Contribution.consultation_id == here, Contribution.content_state == "hidden"
        )
    ).one()
    number, title, _ = integration.RETITLED
    voices = {proposal.number: proposal.voices for proposal in proposals_of(integration.SLUG)}
    said = [row[0] for row in (*integration.TALK, *integration.OBJECTION)]

    assert hidden.body == next(row[3] for row in integration.TALK if row[0] == 5)
    assert proposals_of(integration.SLUG)[number - 1].title == title
    assert voices == {n: said.count(n) - (n == integration.HIDDEN[0]) for n in voices}


def remarks() -> list[Remark]:
    wanted = select(Remark).where(Remark.consultation_id == consultation(programme.SLUG).id)
    return list(db.session.scalars(wanted.order_by(Remark.number)))


def test_the_programme_has_fourteen_paragraphs_and_the_parts_that_the_law_asks_for(
    world: Flask,
) -> None:
    document = db.session.scalars(
        select(Document).where(Document.consultation_id == consultation(programme.SLUG).id)
    ).one()
    levels = list(
        db.session.scalars(select(UnitText.level).where(UnitText.document_id == document.id))
    )

    assert levels.count("paragraph") == 14
    assert len(levels) == 371
    assert consultation(programme.SLUG).contents.count(",") == 10  # eleven


def test_the_programme_is_as_long_as_twenty_standard_pages(world: Flask) -> None:
    document = db.session.scalars(
        select(Document).where(Document.consultation_id == consultation(programme.SLUG).id)
    ).one()
    texts = db.session.scalars(select(UnitText.text).where(UnitText.document_id == document.id))

    assert sum(len(text) for text in texts) >= 20 * 1_800


def test_remarks_came_in_three_languages_by_many_ways_beside_forty_letters(world: Flask) -> None:
    came = remarks()

    assert len(programme.read_remarks()) == 120
    assert [remark.number for remark in came] == list(range(1, 161))
    assert {remark.language for remark in came} == {"pl", "uk", "en"}
    assert {remark.channel for remark in came} == {
        "web", "paper", "email", "telephone", "epuap", "meeting", "point",
    }  # fmt: skip
    assert [remark.place for remark in came[:6]] == [
        "§ 6 ust. 2", "§ 9 ust. 1", "§ 5 pkt 3", "§ 12 ust. 4", "§ 7 ust. 1", "",
    ]  # fmt: skip


def test_a_quarter_of_the_remarks_is_one_letter_and_each_is_counted(world: Flask) -> None:
    count = func.count(Remark.id)
    same = select(count).group_by(Remark.same_as).order_by(count.desc())

    assert list(db.session.scalars(same.limit(2))) == [40, 1]


def test_remarks_are_withdrawn_and_late_where_the_table_says_so(world: Flask) -> None:
    rows = programme.read_remarks()
    last = programme.PHASES[0][2]

    assert [remark.state_reason for remark in remarks() if remark.withdrawn_at] == [
        row.withdrawn for row in rows if row.withdrawn
    ]
    assert [remark.author_name for remark in remarks() if remark.is_late] == [
        row.who for row in rows if row.day > last
    ]


def test_positions_of_remarks_are_drafted_and_nobody_outside_sees_them(world: Flask) -> None:
    drafted = db.session.scalars(select(Answer).where(Answer.subject_kind == "remark")).all()
    rows = [row for row in programme.read_remarks() if row.position]

    assert sorted(each.justification for each in drafted) == sorted(row.answer for row in rows)
    assert all(each.published_at is None for each in drafted)


def test_meetings_of_the_programme_were_held_and_those_of_the_plan_are_to_come(
    world: Flask,
) -> None:
    def states(slug: str) -> list[str]:
        wanted = select(Meeting.state).where(Meeting.consultation_id == consultation(slug).id)
        return list(db.session.scalars(wanted))

    assert states(programme.SLUG) == ["held"] * len(programme.MEETINGS)
    assert states(plan.SLUG) == ["planned"] * 4


def test_the_survey_of_the_plan_is_offered(world: Flask) -> None:
    survey = db.session.scalars(select(Survey)).one()

    assert survey.consultation_id == consultation(plan.SLUG).id
    assert (survey.state, survey.definition) == ("offered", plan.SURVEY)


def test_the_report_of_the_common_room_is_published(world: Flask) -> None:
    report = db.session.scalars(select(Report)).one()

    assert report.consultation_id == consultation(common_room.SLUG).id
    assert (report.state, report.entries) == ("published", len(common_room.PROPOSALS))


def test_registers_show_what_is_left_after_blacking_out(world: Flask) -> None:
    entries_ = {entry.title: entry for entry in db.session.scalars(select(Entry))}
    initiative = entries_[registers.INITIATIVE["title"]]
    request = entries_[registers.REQUEST["title"]]

    assert (initiative.state, initiative.paper) == ("gathering", 171)
    assert (request.state, request.supports) == ("gathering", registers.REQUEST["supports"])
    assert [entries_[each["title"]].state for each in registers.PETITIONS] == [
        "partly",
        "submitted",
    ]
    for text in (registers.INITIATIVE, *registers.PETITIONS):
        published = entries_[text["title"]].text
        assert "█" in published
        assert not [word for word in text["passages"].splitlines() if word in published]


def test_one_organisation_waits_for_the_office(world: Flask) -> None:
    wanted = select(Organisation.name).where(Organisation.verified_at.is_(None))

    assert list(db.session.scalars(wanted)) == ["Klub „Pogodne Popołudnie”"]


PAGES = [
    "/",
    "/g/lubowierz/",
    "/g/wrzosowiany/",
    "/g/powiat-wierzbogorski/",
    "/g/lubowierz/konsultacje",
    "/g/lubowierz/konsultacje/plac-targowy",
    "/g/lubowierz/konsultacje/plac-targowy/propozycje",
    "/g/lubowierz/konsultacje/plac-targowy/propozycje/1",
    "/g/lubowierz/konsultacje/senat-obywatelski",
    "/g/lubowierz/organizacje",
    "/g/lubowierz/tematy/senat-obywatelski",
    "/g/wrzosowiany/konsultacje/swietlica-stary-mlyn",
    "/g/wrzosowiany/konsultacje/swietlica-stary-mlyn/wynik",
    "/g/wrzosowiany/konsultacje/swietlica-stary-mlyn/glosowanie/wynik",
    "/g/wrzosowiany/konsultacje/swietlica-stary-mlyn/propozycje/3",
    "/g/wrzosowiany/konsultacje/swietlica-stary-mlyn/raport",
    "/g/wrzosowiany/konsultacje/plan-zagroble",
    "/g/wrzosowiany/kalendarz",
    "/g/wrzosowiany/wnioski",
    "/g/wrzosowiany/inicjatywy",
    "/g/wrzosowiany/petycje",
    "/g/lubowierz/konsultacje/strategia-integracji",
    "/g/powiat-wierzbogorski/konsultacje/program-wspolpracy",
    "/g/powiat-wierzbogorski/konsultacje/program-wspolpracy/dokumenty/2",
    "/g/powiat-wierzbogorski/konsultacje/program-wspolpracy/uwagi",
    "/g/powiat-wierzbogorski/konsultacje/program-wspolpracy/uwagi/1",
]


@pytest.mark.first_on_both
@pytest.mark.parametrize(
    "language",
    ["pl", *(pytest.param(other, marks=pytest.mark.one_database) for other in ("en", "uk"))],
)
@pytest.mark.parametrize("page", PAGES)
def test_every_page_of_the_world_opens(served: Flask, page: str, language: str) -> None:
    client = served.test_client()
    client.set_cookie("jezyk", language)

    assert client.get(page).status_code == 200


@pytest.mark.parametrize("month", range(1, 13))
def test_the_days_of_the_world_follow_the_calendar_of_warsaw(month: int) -> None:
    days = Days(clock.local(clock.now()).date().replace(month=month, day=28))

    for number in range(-100, 100):
        there = clock.local(days.at(number, 17, 30))
        assert (there.date(), there.hour, there.minute) == (days.day(number), 17, 30)


def test_the_next_weekday_is_that_day_itself_or_within_the_week() -> None:
    days = Days(clock.local(clock.now()).date())

    for weekday in range(7):
        number = days.next_weekday(5, weekday)
        assert (days.day(number).weekday(), 5 <= number < 12) == (weekday, True)


@pytest.mark.parametrize(("first", "last", "count"), [(-95, -91, 5), (-90, -76, 41), (-6, -1, 6)])
def test_what_is_spread_over_days_keeps_its_order_and_stays_inside(
    first: int, last: int, count: int
) -> None:
    days = Days(clock.local(clock.now()).date())

    moments = days.spread(first, last, count)

    assert moments == sorted(set(moments))
    assert len(moments) == count
    assert days.at(first, 0) < moments[0]
    assert moments[-1] < days.at(last, 23)
