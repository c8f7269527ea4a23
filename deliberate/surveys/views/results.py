"""The results: read by the office first, then by everyone."""

from __future__ import annotations

from fractions import Fraction

from flask import Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from deliberate.access.decorators import public, requires
from deliberate.consultations.permissions import Permission
from deliberate.kernel import clock, htmx
from deliberate.kernel.actor import current_actor
from deliberate.kernel.db import transaction
from deliberate.kernel.i18n import locale
from deliberate.kernel.refusals import Refusal, Refused
from deliberate.kernel.texts import N_
from deliberate.surveys import exports, forms, queries
from deliberate.surveys.actions import building as actions
from deliberate.surveys.actions import texts
from deliberate.surveys.kinds import CHANNEL_LABELS, State, TextState
from deliberate.surveys.models import Survey
from deliberate.surveys.rules import building
from deliberate.surveys.views.common import DESK_ONE, ONE, OnDesk, bp, load_survey, open_survey
from deliberate.surveys.words import decimal

READ_AT_ONCE = 20


@bp.get(ONE + "/wyniki")
@public
def results(slug: str, number: int) -> ResponseReturnValue:
    consultation, survey = open_survey(slug, number)
    if survey.state != State.PUBLISHED:
        return redirect(url_for("surveys.show", slug=slug, number=number))
    return render_template(
        "surveys/results.html",
        consultation=consultation,
        survey=survey,
        said=queries.say(survey, locale()),
        results=queries.results(survey),
        decimal=_decimal,
        channel_labels=CHANNEL_LABELS,
    )


@bp.get(ONE + "/wyniki.csv")
@public
def results_csv(slug: str, number: int) -> ResponseReturnValue:
    survey = _published(slug, number)
    content = exports.as_csv(queries.results(survey))
    return _file(content, "text/csv", f"ankieta-{slug}-{number}.csv")


@bp.get(ONE + "/wyniki.json")
@public
def results_json(slug: str, number: int) -> ResponseReturnValue:
    survey = _published(slug, number)
    content = exports.as_json(survey, queries.results(survey))
    return _file(content, "application/json", f"ankieta-{slug}-{number}.json")


def _decimal(number: Fraction) -> str:
    return decimal(number, locale())


def _published(slug: str, number: int) -> Survey:
    _, survey = open_survey(slug, number)
    return survey if survey.state == State.PUBLISHED else abort(404)


def _file(content: bytes, media_type: str, name: str) -> Response:
    response = Response(content, mimetype=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@bp.get(DESK_ONE + "/wyniki")
@requires(Permission.EDIT, on=load_survey)
def desk_results(there: OnDesk) -> ResponseReturnValue:
    return _desk_page(there)


@bp.post(DESK_ONE + "/wyniki/wypowiedzi")
@requires(Permission.EDIT, on=load_survey)
def decide_texts(there: OnDesk) -> ResponseReturnValue:
    """Show the texts that stood on the page, but those that were ticked."""
    read = forms.read_places(request.form.getlist("wypowiedz"))
    hidden = forms.read_places(request.form.getlist("ukryj"))
    with transaction():
        texts.decide(there.survey, read, hidden & read, actor=current_actor(), now=clock.now())
    return htmx.done(N_("Zapisane."), to=_url(there))


@bp.post(DESK_ONE + "/wyniki/ogloszenie")
@requires(Permission.EDIT, on=load_survey)
def publish(there: OnDesk) -> ResponseReturnValue:
    try:
        with transaction():
            actions.publish(there.survey, actor=current_actor(), now=clock.now())
    except Refused as refused:
        return _desk_page(there, refusal=refused.refusal, code=409)
    return htmx.done(N_("Wyniki są ogłoszone."), to=_url(there))


def _url(there: OnDesk) -> str:
    slug, number = there.consultation.slug, there.survey.number
    return url_for("surveys.desk_results", slug=slug, number=number)


def _desk_page(
    there: OnDesk, *, refusal: Refusal | None = None, code: int = 200
) -> ResponseReturnValue:
    survey = there.survey
    facts = queries.publish_facts(survey, now=clock.now())
    counts = queries.count_texts(survey)
    state = TextState.WAITING if counts[TextState.WAITING] else TextState.HIDDEN
    rendered = render_template(
        "surveys/desk/results.html",
        consultation=there.consultation,
        survey=survey,
        definition=survey.definition,
        # While people answer, nobody sees how: a number that moves tells who moved it.
        results=queries.results(survey) if facts.is_over else None,
        decimal=_decimal,
        channel_labels=CHANNEL_LABELS,
        sheets=queries.count_sheets(survey),
        counts=counts,
        texts=queries.list_texts(survey, state, most=READ_AT_ONCE) if facts.is_over else (),
        reading=state,
        refusal=refusal,
        lacking=building.publish_refusal(facts),
    )
    return rendered, code
