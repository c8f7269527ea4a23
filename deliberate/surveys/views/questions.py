"""The officer's pages of one question: added, changed, moved, taken out."""

from __future__ import annotations

from collections.abc import Sequence

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from deliberate.access.decorators import requires
from deliberate.consultations.permissions import Permission
from deliberate.kernel.refusals import Refusal
from deliberate.surveys import queries
from deliberate.surveys.definition import Question
from deliberate.surveys.forms import QuestionForm, StampForm
from deliberate.surveys.kinds import KIND_HINTS, KIND_LABELS, QuestionKind
from deliberate.surveys.rules import building
from deliberate.surveys.views.building import build_page, change
from deliberate.surveys.views.common import DESK_ONE, NUMBER, OnDesk, bp, load_question, load_survey

QUESTION = f"{DESK_ONE}/pytania/<{NUMBER}:no>"


def load_new(slug: str, number: int, kind: str) -> OnDesk:
    return load_survey(slug, number) if kind in set(QuestionKind) else abort(404)


@bp.get(DESK_ONE + "/pytania/nowe/<kind>")
@requires(Permission.EDIT, on=load_new)
def new_question(there: OnDesk) -> ResponseReturnValue:
    form = QuestionForm(formdata=None, data={"revision": there.survey.revision})
    kind = _kind_named()
    if kind is QuestionKind.SCALE:
        form.least.data, form.most.data = 1, 5
    return _question_page(there, kind, form)


@bp.post(DESK_ONE + "/pytania/nowe/<kind>")
@requires(Permission.EDIT, on=load_new)
def add_question(there: OnDesk) -> ResponseReturnValue:
    kind, form = _kind_named(), QuestionForm()
    form.offer_answers(there.survey.definition.questions)
    question = form.read(kind)
    if question is None:
        return _question_page(there, kind, form, code=422)
    return change(there, building.added(there.survey.definition, question), form)


@bp.get(QUESTION)
@requires(Permission.EDIT, on=load_question)
def question(there: OnDesk) -> ResponseReturnValue:
    form = QuestionForm(formdata=None, data={"revision": there.survey.revision})
    form.fill(there.question)
    return _question_page(there, there.question.kind, form)


@bp.post(QUESTION)
@requires(Permission.EDIT, on=load_question)
def save_question(there: OnDesk) -> ResponseReturnValue:
    kind, form = there.question.kind, QuestionForm()
    form.offer_answers(_before(there))
    changed = form.read(kind)
    if changed is None:
        return _question_page(there, kind, form, code=422)
    return change(there, building.changed(there.survey.definition, there.no, changed), form)


@bp.post(QUESTION + "/miejsce")
@requires(Permission.EDIT, on=load_question)
def move(there: OnDesk) -> ResponseReturnValue:
    """Move a question one place up, or down where the button says so."""
    form = StampForm()
    if not form.validate_on_submit():
        abort(422)
    step = 1 if "nizej" in request.form else -1
    definition = building.moved(there.survey.definition, there.no, there.no + step)
    return change(there, definition, form)


@bp.post(QUESTION + "/usuniecie")
@requires(Permission.EDIT, on=load_question)
def remove_question(there: OnDesk) -> ResponseReturnValue:
    form = StampForm()
    if not form.validate_on_submit():
        abort(422)
    definition = building.removed(there.survey.definition, there.no)
    if isinstance(definition, Refusal):
        return build_page(there, refusal=definition, code=409)
    return change(there, definition, form)


def _kind_named() -> QuestionKind:
    return QuestionKind((request.view_args or {})["kind"])


def _before(there: OnDesk) -> Sequence[Question]:
    """Return the questions on which this one may depend."""
    questions = there.survey.definition.questions
    return questions[: there.no - 1] if there.no else questions


def _question_page(
    there: OnDesk, kind: QuestionKind, form: QuestionForm, *, code: int = 200
) -> ResponseReturnValue:
    form.offer_answers(_before(there))
    rendered = render_template(
        "surveys/desk/question.html",
        consultation=there.consultation,
        survey=there.survey,
        no=there.no,
        kind=kind,
        kind_label=KIND_LABELS[kind],
        kind_hint=KIND_HINTS[kind],
        before=list(enumerate(_before(there), start=1)),
        form=form,
        locked=building.change_refusal(queries.build_facts(there.survey)),
    )
    return rendered, code
