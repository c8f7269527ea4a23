"""A survey as people meet it: the questions, the review, the receipt.

The server keeps nothing half-made: answers travel in the form.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from deliberate.access.decorators import public, signed_in
from deliberate.accounts.current import current_person, get_person
from deliberate.accounts.models import Person
from deliberate.consultations.models import Consultation
from deliberate.consultations.tiles import tile
from deliberate.kernel import clock, ids
from deliberate.kernel.db import transaction
from deliberate.kernel.i18n import locale
from deliberate.kernel.refusals import Refusal, Refused
from deliberate.surveys import forms, queries
from deliberate.surveys.actions import answering as actions
from deliberate.surveys.kinds import State
from deliberate.surveys.models import Survey
from deliberate.surveys.rules import answering
from deliberate.surveys.rules.answering import AnswerFacts, Sheet, Wrong
from deliberate.surveys.rules.building import is_over
from deliberate.surveys.views.common import ONE, bp, open_survey
from deliberate.tenancy.current import current_tenant

Given = Mapping[str, Sequence[str]]


@bp.get(ONE)
@public
def show(slug: str, number: int) -> ResponseReturnValue:
    consultation, survey = open_survey(slug, number)
    person = current_person()
    facts = _facts(survey, person)
    refusal = answering.answer_refusal(facts)
    if refusal is not None and refusal.code == answering.ALREADY.code:
        return _already(consultation, survey, refusal)
    given: Given = {}
    if refusal is None and person is not None and facts.answered_on is not None:
        own = queries.find_own_sheet(survey, person)
        given = answering.as_form(survey.definition, queries.replies_of(own)) if own else {}
    return _page(consultation, survey, facts, given)


@bp.post(ONE)
@signed_in
def answer_again(slug: str, number: int) -> ResponseReturnValue:
    """Show the questions with the answers that came back from the review. Nothing is kept."""
    consultation, survey = open_survey(slug, number)
    return _page(consultation, survey, _facts(survey, get_person()), forms.read_given(request.form))


@bp.post(ONE + "/sprawdzenie")
@signed_in
def review(slug: str, number: int) -> ResponseReturnValue:
    consultation, survey = open_survey(slug, number)
    facts, given = _facts(survey, get_person()), forms.read_given(request.form)
    if refusal := answering.answer_refusal(facts):
        return _refused(consultation, survey, facts, given, refusal)
    if forms.read_stamp(request.form) != survey.revision:
        return _refused(consultation, survey, facts, given, answering.CHANGED)
    sheet = answering.read_sheet(survey.definition, given)
    if sheet.wrong:
        return _page(consultation, survey, facts, given, wrong=sheet.wrong), 422
    if not sheet.replies:
        return _refused(consultation, survey, facts, given, answering.EMPTY)
    return _review_page(consultation, survey, facts, sheet)


@bp.post(ONE + "/wyslanie")
@signed_in
def send(slug: str, number: int) -> ResponseReturnValue:
    consultation, survey = open_survey(slug, number)
    person, given = get_person(), forms.read_given(request.form)
    idem, sheet = forms.read_idem(request.form), answering.read_sheet(survey.definition, given)
    if sheet.wrong or idem is None:
        return _page(consultation, survey, _facts(survey, person), given, wrong=sheet.wrong), 422
    try:
        with transaction():
            actions.send(
                current_tenant(),
                survey,
                person,
                sheet.replies,
                idem=idem,
                stamp=forms.read_stamp(request.form),
            )
    except Refused as refused:
        return _refused(consultation, survey, _facts(survey, person), given, refused.refusal)
    return redirect(url_for("surveys.received", slug=slug, number=number), code=303)


@bp.get(ONE + "/przyjete")
@signed_in
def received(slug: str, number: int) -> ResponseReturnValue:
    """Say that the answers are in; loaded again, it says the same."""
    consultation, survey = open_survey(slug, number)
    facts = _facts(survey, get_person())
    if facts.answered_on is None:
        return redirect(url_for("surveys.show", slug=slug, number=number))
    return render_template(
        "surveys/received.html",
        consultation=consultation,
        survey=survey,
        said=queries.say(survey, locale()),
        day=facts.answered_on,
        gate=facts.gate,
    )


def _facts(survey: Survey, person: Person | None) -> AnswerFacts:
    return queries.answer_facts(current_tenant(), survey, person, now=clock.now())


def _page(
    consultation: Consultation,
    survey: Survey,
    facts: AnswerFacts,
    given: Given,
    *,
    wrong: Mapping[int, Wrong] | None = None,
    refusal: Refusal | None = None,
) -> str:
    now, lacking = clock.now(), answering.answer_refusal(facts)
    person = current_person()
    return render_template(
        "surveys/show.html",
        consultation=consultation,
        tile=tile(consultation, now),
        survey=survey,
        said=queries.say(survey, locale()),
        gate=facts.gate,
        is_over=is_over(facts.gate, now=now),
        has_results=survey.state == State.PUBLISHED,
        can_answer=lacking is None and person is not None,
        lacking=lacking,
        refusal=refusal if refusal != lacking else None,
        given=given,
        wrong=wrong or {},
        answered_on=facts.answered_on,
        field=answering.field,
        names=forms,
        corrections=queries.list_corrections(survey),
    )


def _review_page(
    consultation: Consultation, survey: Survey, facts: AnswerFacts, sheet: Sheet
) -> str:
    return render_template(
        "surveys/review.html",
        consultation=consultation,
        survey=survey,
        said=queries.say(survey, locale()),
        replies=sheet.replies,
        given=answering.as_form(survey.definition, sheet.replies),
        answered_on=facts.answered_on,
        names=forms,
        idem=ids.new_token(),
    )


def _already(consultation: Consultation, survey: Survey, refusal: Refusal) -> str:
    day = refusal.values["day"]
    assert isinstance(day, date)  # noqa: S101 - the rule puts it there
    return render_template(
        "surveys/already.html",
        consultation=consultation,
        survey=survey,
        said=queries.say(survey, locale()),
        day=day,
    )


def _refused(
    consultation: Consultation,
    survey: Survey,
    facts: AnswerFacts,
    given: Given,
    refusal: Refusal,
) -> ResponseReturnValue:
    """Say no where the answers stay as they were."""
    if refusal.code == answering.ALREADY.code:
        return _already(consultation, survey, refusal), 409
    status = 422 if refusal == answering.EMPTY else 409
    return _page(consultation, survey, facts, given, refusal=refusal), status
