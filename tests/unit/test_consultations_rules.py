"""Phases, stages, steps and corrections of a consultation, as tables of cases."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from deliberate.consultations import plans
from deliberate.consultations.procedures import FORM_NAMES, Demand, Procedure
from deliberate.consultations.rules import corrections, dates, phases, publication, standing, steps
from deliberate.consultations.rules.legal import Plan, Requirements, Rule
from deliberate.consultations.rules.phases import PhaseTimes
from deliberate.consultations.rules.standing import Stage
from deliberate.consultations.states import STEPS, State, Template
from deliberate.subjects.activities import Activity

NOON = datetime(2026, 5, 10, 10, tzinfo=UTC)
REASON = "Sala na spotkanie była zajęta."


def phase(
    first: str, last: str, *opens: Activity, title: str = "Zbieramy propozycje"
) -> PhaseTimes:
    """Write a phase as an officer does: its first and its last day."""
    return PhaseTimes.on_days(
        title=title,
        first=date.fromisoformat(first),
        last=date.fromisoformat(last),
        opens=opens or (Activity.PROPOSE,),
    )


PROPOSING = phase("2026-05-01", "2026-05-31", Activity.PROPOSE, Activity.SUPPORT)
TALKING = phase("2026-06-01", "2026-06-21", Activity.SUPPORT, title="Rozmawiamy")
VOTING = phase("2026-07-01", "2026-07-14", Activity.VOTE, title="Głosujemy")
ROUTE = (PROPOSING, TALKING, VOTING)


# Openings, also on the days when clocks change.


@pytest.mark.parametrize(
    ("last_day", "last_moment"),
    [
        # On 29 March the day has 23 hours, on 25 October 25: it ends at midnight in Warsaw.
        ("2026-03-29", datetime(2026, 3, 29, 21, 59, 59, tzinfo=UTC)),
        ("2026-10-25", datetime(2026, 10, 25, 22, 59, 59, tzinfo=UTC)),
        ("2026-06-07", datetime(2026, 6, 7, 21, 59, 59, tzinfo=UTC)),
        ("2026-12-31", datetime(2026, 12, 31, 22, 59, 59, tzinfo=UTC)),
    ],
)
def test_a_phase_is_open_to_the_last_second_of_its_last_day(
    last_day: str, last_moment: datetime
) -> None:
    listed = [phase("2026-01-01", last_day)]

    assert phases.opening(listed, Activity.PROPOSE, last_moment).is_open
    after = phases.opening(listed, Activity.PROPOSE, last_moment + timedelta(seconds=1))
    assert not after.is_open
    assert after.ends_at == last_moment + timedelta(seconds=1)


def test_phases_without_a_gap_are_one_stretch() -> None:
    found = phases.opening(ROUTE, Activity.SUPPORT, NOON)

    assert found.is_open
    assert found.ends_at == TALKING.ends_at


def test_an_activity_says_when_it_opens_next() -> None:
    found = phases.opening(ROUTE, Activity.VOTE, NOON)

    assert (found.is_open, found.opens_at, found.ends_at) == (False, VOTING.starts_at, None)


def test_an_activity_that_is_over_says_when_it_ended() -> None:
    found = phases.opening(ROUTE, Activity.PROPOSE, TALKING.starts_at)

    assert (found.is_open, found.opens_at, found.ends_at) == (False, None, PROPOSING.ends_at)


def test_what_no_phase_opens_is_never_open() -> None:
    found = phases.opening(ROUTE, Activity.REMARK, NOON)

    assert (found.is_open, found.opens_at, found.ends_at) == (False, None, None)


def test_open_activities_are_those_of_the_moment() -> None:
    assert phases.open_activities(ROUTE, NOON) == {Activity.PROPOSE, Activity.SUPPORT}
    assert phases.open_activities(ROUTE, TALKING.ends_at) == frozenset()


# Stages.


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (PROPOSING.starts_at - timedelta(seconds=1), Stage.ANNOUNCED),
        (PROPOSING.starts_at, Stage.RUNNING),
        (TALKING.ends_at, Stage.RUNNING),  # a pause before the vote
        (VOTING.ends_at - timedelta(seconds=1), Stage.RUNNING),
        (VOTING.ends_at, Stage.WAITING),
    ],
)
def test_the_stage_of_what_is_published_follows_its_dates(
    moment: datetime, expected: Stage
) -> None:
    assert standing.stage(State.PUBLISHED, ROUTE, moment) is expected


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (State.DRAFT, Stage.DRAFT),
        (State.AWAITING_APPROVAL, Stage.DRAFT),
        (State.SUSPENDED, Stage.SUSPENDED),
        (State.CANCELLED, Stage.CANCELLED),
        (State.ANSWERED, Stage.ANSWERED),
        (State.ARCHIVED, Stage.ARCHIVED),
    ],
)
def test_what_people_decided_goes_before_dates(state: State, expected: Stage) -> None:
    for moment in (PROPOSING.starts_at - timedelta(days=1), NOON, VOTING.ends_at):
        assert standing.stage(state, ROUTE, moment) is expected


def test_talk_about_the_answer_does_not_keep_a_consultation_running() -> None:
    answering = phase("2026-08-01", "2026-08-20", Activity.ANSWER)
    stage = standing.stage(State.PUBLISHED, (*ROUTE, answering), answering.starts_at)

    assert stage is Stage.WAITING


def test_a_pause_names_the_next_phase() -> None:
    found = standing.standing(State.PUBLISHED, ROUTE, TALKING.ends_at)

    assert (found.stage, found.phase, found.next) == (Stage.RUNNING, None, VOTING)


def test_a_phase_of_taking_part_goes_before_one_that_informs() -> None:
    informing = phase("2026-04-01", "2026-12-31", Activity.INFORM)

    assert standing.standing(State.PUBLISHED, (informing, *ROUTE), NOON).phase == PROPOSING


@pytest.mark.parametrize(
    ("due", "stage", "days"),
    [
        (date(2026, 5, 7), Stage.WAITING, 3),
        (date(2026, 5, 10), Stage.WAITING, 0),
        (date(2026, 5, 11), Stage.WAITING, 0),
        (date(2026, 5, 7), Stage.ANSWERED, 0),
        (None, Stage.WAITING, 0),
    ],
)
def test_an_answer_is_late_from_the_day_after_the_promised_one(
    due: date | None, stage: Stage, days: int
) -> None:
    assert standing.days_late(due, date(2026, 5, 10), stage) == days


# Phases as they are written.


@pytest.mark.parametrize(
    ("listed", "code"),
    [
        ((), "phases.none"),
        (ROUTE, None),
        ((phase("2026-05-01", "2026-05-31"), phase("2026-05-31", "2026-06-10")), "phases.overlap"),
        ((phase("2026-05-31", "2026-06-10"), phase("2026-05-01", "2026-05-31")), "phases.overlap"),
        ((phase("2026-05-01", "2026-05-31"), phase("2026-06-01", "2026-06-10")), None),
        (
            (
                phase("2026-05-01", "2026-05-31", Activity.PROPOSE),
                phase("2026-05-10", "2026-06-10", Activity.DISCUSS),
            ),
            None,
        ),
        ((replace(PROPOSING, opens=frozenset()),), "phases.opens_nothing"),
        ((replace(PROPOSING, ends_at=PROPOSING.starts_at),), "phases.backwards"),
    ],
)
def test_overlapping_phases_of_one_activity_are_refused(
    listed: tuple[PhaseTimes, ...], code: str | None
) -> None:
    refusal = phases.phases_refusal(listed)

    assert (refusal.code if refusal else None) == code


# Dates of what is published.

FACTS = dates.CorrectionFacts(
    now=NOON, state=State.PUBLISHED, published_at=NOON - timedelta(days=9), contributions=4
)
JUST_PUBLISHED = replace(FACTS, published_at=NOON - timedelta(minutes=119), contributions=0)


def moved(first: str = "2026-05-01", last: str = "2026-05-31", **more: str) -> list[PhaseTimes]:
    """Return the route with other days of the first or of the third phase."""
    third = phase(more.get("third", "2026-07-01"), more.get("until", "2026-07-14"), Activity.VOTE)
    return [
        phase(first, last, Activity.PROPOSE, Activity.SUPPORT),
        TALKING,
        replace(third, title="Głosujemy"),
    ]


@pytest.mark.parametrize(
    ("new", "code"),
    [
        (moved(), "dates.same"),
        (moved(last="2026-05-30"), "dates.only_grow"),
        (moved(last="2026-06-02"), "phases.overlap"),
        (moved(first="2026-05-02"), "dates.began"),
        (moved(until="2026-07-20"), None),
        (moved(third="2026-07-05", until="2026-07-18"), None),  # later as a whole
        (moved(third="2026-07-05"), "dates.only_grow"),  # later, but shorter
        (moved(third="2026-06-28", until="2026-07-14"), "dates.only_grow"),
        (
            [*ROUTE[:2], replace(VOTING, ends_at=VOTING.ends_at - timedelta(minutes=30))],
            "dates.only_grow",
        ),
    ],
)
def test_dates_only_grow(new: list[PhaseTimes], code: str | None) -> None:
    refusal = dates.dates_refusal(ROUTE, new, REASON, FACTS)

    assert (refusal.code if refusal else None) == code


# In 2026 clocks go back on 25 October, so that its day has 25 hours; on 28 March 2027 it has 23.
@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (("2026-10-01", "2026-10-25"), ("2026-10-26", "2026-11-19"), None),
        (("2026-10-25", "2026-10-25"), ("2027-03-28", "2027-03-28"), None),
        (("2026-10-24", "2026-10-26"), ("2027-03-27", "2027-03-29"), None),
        (("2026-10-20", "2026-10-24"), ("2026-10-20", "2026-10-25"), None),
        (("2027-03-20", "2027-03-27"), ("2027-03-20", "2027-03-28"), None),
        (("2027-03-01", "2027-03-28"), ("2027-03-29", "2027-04-25"), None),
        (("2026-10-24", "2026-10-26"), ("2027-03-27", "2027-03-28"), "dates.only_grow"),
        (("2026-10-20", "2026-10-26"), ("2026-10-20", "2026-10-25"), "dates.only_grow"),
        (("2027-03-20", "2027-03-28"), ("2027-03-20", "2027-03-27"), "dates.only_grow"),
    ],
)
def test_days_are_counted_by_the_calendar_whatever_the_clocks_do(
    old: tuple[str, str], new: tuple[str, str], code: str | None
) -> None:
    before, after = phase(*old, Activity.VOTE), phase(*new, Activity.VOTE)

    refusal = dates.dates_refusal((before,), (after,), REASON, FACTS)

    assert (refusal.code if refusal else None) == code


def test_half_an_hour_is_not_lost_under_the_name_of_clocks() -> None:
    old = phase("2026-07-01", "2026-07-14", Activity.VOTE)
    day, late = timedelta(days=1), timedelta(minutes=30)
    new = replace(old, starts_at=old.starts_at + day + late, ends_at=old.ends_at + day)

    assert dates.dates_refusal((old,), (new,), REASON, FACTS) is dates.DATES_ONLY_GROW


@pytest.mark.parametrize(
    ("first", "last", "starts_at", "ends_at"),
    [
        ("2026-10-24", "2026-10-24", "2026-10-23T22:00Z", "2026-10-24T22:00Z"),
        ("2026-10-25", "2026-10-25", "2026-10-24T22:00Z", "2026-10-25T23:00Z"),
        ("2026-10-26", "2026-10-26", "2026-10-25T23:00Z", "2026-10-26T23:00Z"),
        ("2027-03-27", "2027-03-27", "2027-03-26T23:00Z", "2027-03-27T23:00Z"),
        ("2027-03-28", "2027-03-28", "2027-03-27T23:00Z", "2027-03-28T22:00Z"),
        ("2027-03-29", "2027-03-29", "2027-03-28T22:00Z", "2027-03-29T22:00Z"),
        ("2026-10-01", "2027-04-01", "2026-09-30T22:00Z", "2027-04-01T22:00Z"),
    ],
)
def test_a_phase_moved_from_summer_and_from_winter_has_whole_days_there(
    first: str, last: str, starts_at: str, ends_at: str
) -> None:
    days = (date.fromisoformat(first), date.fromisoformat(last))
    for where in (phase("2026-07-01", "2026-07-02"), phase("2026-12-01", "2026-12-24")):
        moved_there = where.moved(*days)

        assert moved_there.starts_at == datetime.fromisoformat(starts_at)
        assert moved_there.ends_at == datetime.fromisoformat(ends_at)
        assert (moved_there.first_day, moved_there.last_day) == days


def test_an_end_that_stays_keeps_its_hour() -> None:
    noon = datetime(2026, 10, 25, 11, tzinfo=UTC)  # by the clock, after it went back
    old = replace(phase("2026-10-20", "2026-10-25"), ends_at=noon)

    assert old.moved(date(2026, 10, 21), date(2026, 10, 25)).ends_at == noon
    assert old.by_the_clock == timedelta(days=5, hours=12)


def test_a_phase_that_is_over_stays_as_it_was() -> None:
    facts = replace(FACTS, now=TALKING.starts_at)

    refusal = dates.dates_refusal(
        (PROPOSING, VOTING), (phase("2026-05-01", "2026-06-05"), VOTING), REASON, facts
    )

    assert refusal is not None
    assert refusal.code == "dates.over"


@pytest.mark.parametrize(
    ("facts", "allowed"),
    [
        (JUST_PUBLISHED, True),
        (replace(JUST_PUBLISHED, published_at=NOON - timedelta(hours=2)), False),
        (replace(JUST_PUBLISHED, contributions=1), False),
        (replace(JUST_PUBLISHED, state=State.SUSPENDED), False),
    ],
)
def test_a_slip_is_corrected_within_two_hours_while_nobody_has_contributed(
    facts: dates.CorrectionFacts, allowed: bool
) -> None:
    refusal = dates.dates_refusal(ROUTE, moved(last="2026-05-20"), REASON, facts)

    assert (refusal is None) is allowed


@pytest.mark.parametrize("reason", ["", "   ", "za krótko", " " * 40])
def test_a_change_needs_a_reason(reason: str) -> None:
    refusals = [
        dates.dates_refusal(ROUTE, moved(until="2026-07-20"), reason, FACTS),
        steps.step_refusal(State.PUBLISHED, State.CANCELLED, reason),
        corrections.typing_refusal(State.PUBLISHED, reason),
        dates.due_refusal(date(2026, 5, 1), date(2026, 6, 1), reason),
    ]

    assert {refusal.code for refusal in refusals if refusal} == {"reason.short"}
    assert None not in refusals


def test_a_draft_has_no_dates_to_extend() -> None:
    facts = replace(FACTS, state=State.DRAFT)

    refusal = dates.dates_refusal(ROUTE, moved(until="2026-07-20"), REASON, facts)

    assert refusal is corrections.NOT_PUBLISHED


def test_a_promised_day_moves_only_later() -> None:
    assert dates.due_refusal(date(2026, 6, 1), date(2026, 5, 31), REASON) is dates.DUE_ONLY_LATER
    assert dates.due_refusal(date(2026, 6, 1), date(2026, 6, 2), REASON) is None


# Steps.


@pytest.mark.parametrize("start", list(State))
@pytest.mark.parametrize("target", list(State))
def test_steps_are_those_that_are_written(start: State, target: State) -> None:
    refusal = steps.step_refusal(start, target, REASON)

    assert (refusal is None) is (target in STEPS[start])


def test_a_draft_is_never_published_without_asking() -> None:
    assert State.PUBLISHED not in STEPS[State.DRAFT]


@pytest.mark.parametrize(
    ("state", "stage", "unanswered", "code"),
    [
        (State.PUBLISHED, Stage.WAITING, 0, None),
        (State.PUBLISHED, Stage.RUNNING, 0, "state.running"),
        (State.PUBLISHED, Stage.WAITING, 7, "answers.missing"),
        (State.CANCELLED, Stage.CANCELLED, 0, "state.step"),
    ],
)
def test_a_consultation_is_answered_when_everything_in_it_is(
    state: State, stage: Stage, unanswered: int, code: str | None
) -> None:
    refusal = steps.finish_refusal(state, stage, unanswered)

    assert (refusal.code if refusal else None) == code


def test_a_second_tab_is_told_that_the_draft_changed() -> None:
    assert corrections.edit_refusal(State.DRAFT, 4, 4) is None
    assert corrections.edit_refusal(State.DRAFT, 4, 3) is corrections.EDITED_MEANWHILE
    assert corrections.edit_refusal(State.PUBLISHED, 4, 4) is corrections.ALREADY_PUBLISHED


# Before publication.

READY = publication.PublicationFacts(
    today=date(2026, 4, 30),
    title="Plac Targowy: jak ma wyglądać?",
    summary="Wymieniamy kanalizację.",
    can_change="Zieleń.",
    cannot_change="Terminu.",
    contact="Biuro Partycypacji",
    answer_due=date(2026, 8, 15),
    has_appeal_person=False,
    easy_text="Tekst.",
    sign_video_url="https://film.example/pjm",
    has_topics=True,
    missing_languages=(),
    requirements=Requirements(procedure=Procedure.GENERAL, rules={}),
    plan=Plan(
        announced=date(2026, 4, 30),
        first_day=date(2026, 5, 1),
        first_remark=None,
        remark_days=0,
        forms=frozenset(),
        is_open_to_anyone=False,
        contents=frozenset(),
        decision_due=None,
    ),
    form_names=FORM_NAMES,
    last_day=date(2026, 7, 14),
    first_day=date(2026, 5, 1),
    phases=ROUTE,
)
REMARKS = (phase("2026-05-01", "2026-05-21", Activity.REMARK, title="Zbieramy uwagi"),)


def days(number: int, *, verified: bool) -> Requirements:
    rule = Rule(value=str(number), source="ustawa, art. 8g", verified=verified)
    return Requirements(procedure=Procedure.GENERAL, rules={Demand.REMARK_DAYS: rule})


DOCUMENT = replace(
    READY,
    phases=REMARKS,
    requirements=days(28, verified=True),
    plan=replace(READY.plan, first_remark=date(2026, 5, 1), remark_days=21),
)
NO_DOCUMENT = publication.Gap("documents", "Dodaj dokument.")
LONG_ENOUGH = replace(DOCUMENT, plan=replace(DOCUMENT.plan, remark_days=28))


@pytest.mark.parametrize(
    ("facts", "fields"),
    [
        (READY, []),
        (replace(READY, title=" "), ["title"]),
        (replace(READY, summary="", can_change="", cannot_change=""), [
            "summary", "can_change", "cannot_change",
        ]),
        (replace(READY, contact=""), ["contact"]),
        (replace(READY, answer_due=None), ["answer_due"]),
        (replace(READY, answer_due=date(2026, 7, 14)), ["answer_due"]),
        (replace(READY, phases=()), ["phases"]),
        (replace(READY, today=date(2026, 5, 2)), ["phases"]),
        (replace(READY, today=date(2026, 7, 15)), ["phases"]),
        (
            replace(READY, phases=(phase("2026-05-01", "2026-05-31", Activity.DISCUSS),)),
            ["appeal_person_id"],
        ),
        (DOCUMENT, ["phases"]),
        (LONG_ENOUGH, []),
        (replace(LONG_ENOUGH, lacking=(NO_DOCUMENT,)), ["documents"]),
        (replace(DOCUMENT, requirements=days(28, verified=False)), []),
    ],
)  # fmt: skip
def test_what_stops_publication(facts: publication.PublicationFacts, fields: list[str]) -> None:
    assert [line.field for line in publication.musts(facts)] == fields


def test_a_number_that_nobody_checked_is_advice() -> None:
    found = publication.mays(replace(DOCUMENT, requirements=days(28, verified=False)))

    assert [(line.field, line.source, line.unverified) for line in found] == [
        ("phases", "ustawa, art. 8g", True)
    ]


def test_what_would_help_stops_nothing() -> None:
    bare = replace(
        READY,
        easy_text="",
        sign_video_url="",
        has_topics=False,
        missing_languages=("en", "uk"),
        summary="słowo " * 101,
    )

    assert len(publication.mays(bare)) == 6
    assert publication.musts(bare) == []
    assert publication.ask_refusal(bare, State.DRAFT, asked_by=1, asked_of=2) is None


@pytest.mark.parametrize(
    ("facts", "state", "asked_of", "code"),
    [
        (READY, State.DRAFT, 2, None),
        (READY, State.AWAITING_APPROVAL, 2, None),
        (READY, State.PUBLISHED, 2, "edit.published"),
        (replace(READY, title=""), State.DRAFT, 2, "publication.musts"),
        (READY, State.DRAFT, 1, "publication.same_person"),
    ],
)
def test_who_may_be_asked_for_what(
    facts: publication.PublicationFacts, state: State, asked_of: int, code: str | None
) -> None:
    refusal = publication.ask_refusal(facts, state, asked_by=1, asked_of=asked_of)

    assert (refusal.code if refusal else None) == code


# What templates propose.


@pytest.mark.parametrize("template", [Template.ASK, Template.DOCUMENT, Template.IDEAS])
def test_a_template_proposes_phases_that_stand_together(template: Template) -> None:
    proposed = plans.schedule(template, today=date(2026, 10, 20))
    listed = [
        PhaseTimes.on_days(title=each.title, first=each.first, last=each.last, opens=each.opens)
        for each in proposed.phases
    ]

    assert proposed.phases[0].first == date(2026, 10, 21)
    assert phases.phases_refusal(listed) is None
    assert proposed.answer_due > proposed.phases[-1].last


def test_remarks_are_proposed_for_as_long_as_the_rule_demands() -> None:
    proposed = plans.schedule(
        Template.DOCUMENT, today=date(2026, 4, 30), requirements=days(35, verified=False)
    )

    # The first day is left out, and 5 June is a Friday.
    assert (proposed.phases[0].first, proposed.phases[0].last) == (
        date(2026, 5, 1),
        date(2026, 6, 5),
    )
