"""What the law demands, compared with what is planned: tables of cases, no database."""

from dataclasses import replace
from datetime import date

import pytest

from deliberate.consultations.procedures import (
    FORM_NAMES,
    Channel,
    Content,
    Demand,
    Form,
    Procedure,
    rule_prefix,
)
from deliberate.consultations.rules import announcing, legal
from deliberate.consultations.rules.legal import Plan, Requirements, Rule
from deliberate.meetings.kinds import KIND_LABELS

GROUPS = "remarks+open_meeting|workshop+study_walk|survey|designer_hours"


def requirements(procedure: Procedure, *, verified: bool = True, **values: str) -> Requirements:
    rules = {
        Demand[name]: Rule(value=value, source="ustawa, art. 8i", verified=verified)
        for name, value in values.items()
    }
    return Requirements(procedure=procedure, rules=rules)


SPATIAL = requirements(
    Procedure.SPATIAL_PLAN,
    REMARK_DAYS="28",
    FORMS=GROUPS,
    CHANNELS="press+board+website_bip+customary",
    WHO="anyone",
)
# Announced on Monday 23 November 2026.
PLAN = Plan(
    announced=date(2026, 11, 23),
    first_day=date(2026, 11, 23),
    first_remark=date(2026, 11, 23),
    remark_days=29,
    forms=frozenset({Form.REMARKS, Form.OPEN_MEETING, Form.SURVEY}),
    is_open_to_anyone=True,
    contents=frozenset(),
    decision_due=None,
)


@pytest.mark.parametrize(
    ("plan", "fields"),
    [
        (PLAN, []),
        (replace(PLAN, remark_days=28), []),
        (replace(PLAN, remark_days=27), ["phases"]),
        (replace(PLAN, forms=PLAN.forms - {Form.SURVEY}), ["forms"]),
        (replace(PLAN, forms=PLAN.forms - {Form.OPEN_MEETING}), ["forms"]),
        (replace(PLAN, forms=PLAN.forms - {Form.REMARKS}), ["phases"]),
        (replace(PLAN, forms=frozenset()), ["phases", "forms", "forms"]),
        # A form of the third group does not stand for one of the second.
        (replace(PLAN, forms=frozenset({Form.REMARKS, Form.STUDY_WALK})), ["forms"]),
        (replace(PLAN, is_open_to_anyone=False), ["propose_needs"]),
    ],
)
def test_what_a_spatial_plan_lacks(plan: Plan, fields: list[str]) -> None:
    assert [each.field for each in legal.breaches(SPATIAL, plan)] == fields


def test_a_short_term_names_the_earliest_end() -> None:
    found = legal.breaches(SPATIAL, replace(PLAN, remark_days=21))[0]

    assert found.text % dict(found.values) == (
        "Zbieranie uwag trwa za krótko. Dni: 21, wymagane co najmniej: 28. "
        "Najwcześniejszy koniec: 21.12.2026."
    )


def test_a_missing_group_is_named() -> None:
    found = legal.breaches(SPATIAL, replace(PLAN, forms=PLAN.forms - {Form.SURVEY}))[0]

    assert found.text % dict(found.values) == (
        "Brakuje formy z grupy: spacer studyjny, ankieta, dyżur projektanta."
    )


REVITALISATION = requirements(
    Procedure.REVITALISATION, REMARK_DAYS="30", NOTICE_DAYS="7", OTHER_FORMS="2"
)


def test_days_of_notice_lie_between_the_announcement_and_the_start() -> None:
    days = legal.earliest(REVITALISATION, announced=date(2026, 11, 23))

    # 24 to 30 November are the seven days; 30 days after 1 December is New Year's Eve.
    assert (days.starts, days.ends) == (date(2026, 12, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("first", "fields"),
    [(date(2026, 11, 30), ["phases"]), (date(2026, 12, 1), [])],
)
def test_a_start_without_notice_is_too_soon(first: date, fields: list[str]) -> None:
    plan = replace(PLAN, first_day=first, first_remark=first, remark_days=31)

    assert [each.field for each in legal.breaches(REVITALISATION, plan)] == fields


def test_other_forms_are_counted_besides_remarks() -> None:
    plan = replace(
        PLAN,
        first_day=date(2026, 12, 1),
        first_remark=date(2026, 12, 1),
        remark_days=31,
        forms=frozenset({Form.REMARKS, Form.WORKSHOP}),
    )

    assert [each.field for each in legal.breaches(REVITALISATION, plan)] == ["forms"]


NGO = requirements(Procedure.NGO_PROGRAMME, CONTENTS="11", ADOPTED_BY="11-30")


def test_a_programme_needs_all_its_parts() -> None:
    all_but_one = frozenset(Content) - {Content.MONEY}

    lacking = legal.breaches(NGO, replace(PLAN, contents=all_but_one))

    assert [(each.field, dict(each.values)["n"]) for each in lacking] == [("contents", 1)]
    assert legal.breaches(NGO, replace(PLAN, contents=frozenset(Content))) == []


@pytest.mark.parametrize(
    ("first", "due", "warned"),
    [
        (date(2026, 10, 1), date(2026, 11, 30), False),
        (date(2026, 10, 1), date(2026, 12, 1), True),
        (date(2026, 12, 1), date(2027, 11, 30), False),
        (date(2026, 10, 1), None, False),
    ],
)
def test_a_late_decision_is_advice(first: date, due: date | None, warned: bool) -> None:
    plan = replace(PLAN, first_day=first, decision_due=due, contents=frozenset(Content))

    assert bool(legal.advice(NGO, plan)) is warned
    assert legal.breaches(NGO, plan) == []


@pytest.mark.parametrize("value", ["", "13-40", "listopad", "02-30"])
def test_a_day_that_is_none_demands_nothing(value: str) -> None:
    assert legal.next_day(value, after=date(2026, 1, 1)) is None


@pytest.mark.parametrize("value", ["", "dużo", "-3", "2.5"])
def test_a_number_that_is_none_demands_nothing(value: str) -> None:
    odd = requirements(Procedure.GENERAL, REMARK_DAYS=value)

    assert legal.breaches(odd, replace(PLAN, remark_days=1)) == []


def test_the_first_row_of_a_key_is_meant() -> None:
    prefix = rule_prefix(Procedure.GENERAL)
    own = Rule(value="21", source="uchwała nr 7", verified=True)
    country = Rule(value="14", source="praktyka", verified=False)

    found = legal.of_rows(
        Procedure.GENERAL,
        [
            (f"{prefix}remarks.days", own),
            (f"{prefix}remarks.days", country),
            (f"{prefix}unknown", own),
            ("procedure.spatial_plan.notice.days", own),
        ],
        prefix,
    )

    assert found.rules == {Demand.REMARK_DAYS: own}


def test_sentences_say_what_a_procedure_takes() -> None:
    said = [each.text % dict(each.values) for each in legal.sentences(SPATIAL)]

    assert "Uwagi co najmniej 28 dni" in said
    assert "Ogłoszenie w 4 miejscach" in said
    assert "Formy obok uwag, z różnych grup: 2" in said
    assert [each.text % dict(each.values) for each in legal.sentences(NGO)] == [
        "Obowiązkowe części dokumentu: 11",
        "Uchwalenie do dnia: 30.11",
    ]


# Announcements.


def test_what_lacks_is_in_the_order_of_the_list() -> None:
    assert announcing.lacking(SPATIAL, {Channel.BOARD, Channel.SOCIAL}) == [
        Channel.PRESS,
        Channel.WEBSITE_BIP,
        Channel.CUSTOMARY,
    ]


TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("planned", "done", "evidence", "code"),
    [
        (None, None, False, "announcement.no_day"),
        (date(2026, 12, 1), None, False, None),
        (None, date(2026, 11, 24), True, "announcement.not_yet"),
        (None, TODAY, False, "announcement.no_evidence"),
        (None, TODAY, True, None),
    ],
)
def test_what_counts_as_announced(
    planned: date | None, done: date | None, evidence: bool, code: str | None
) -> None:
    refusal = announcing.save_refusal(
        planned_on=planned, done_on=done, has_evidence=evidence, today=TODAY
    )

    assert (refusal.code if refusal else None) == code


def test_a_meeting_is_called_as_the_law_calls_the_form() -> None:
    assert {Form(kind): name for kind, name in KIND_LABELS.items()} == {
        Form(kind): FORM_NAMES[Form(kind)] for kind in KIND_LABELS
    }
