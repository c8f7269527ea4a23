"""Sheets of paper, entered one after another with the keyboard alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from deliberate.access.decorators import requires
from deliberate.consultations.permissions import Permission
from deliberate.kernel import clock, htmx, ids
from deliberate.kernel.actor import current_actor
from deliberate.kernel.db import transaction
from deliberate.kernel.refusals import Refusal, Refused
from deliberate.kernel.texts import N_
from deliberate.surveys import forms, queries
from deliberate.surveys.actions import paper as actions
from deliberate.surveys.forms import LAST_BATCH, BatchForm
from deliberate.surveys.kinds import State
from deliberate.surveys.rules import answering
from deliberate.surveys.rules.answering import Wrong
from deliberate.surveys.views.common import DESK_ONE, NUMBER, OnDesk, bp, load_survey

LATEST = 20  # sheets of a batch that the page lists


@bp.get(DESK_ONE + "/papier")
@requires(Permission.EDIT, on=load_survey)
def paper(there: OnDesk) -> ResponseReturnValue:
    batches = queries.count_batches(there.survey)
    batch = request.args.get("partia", type=int) or (batches[-1][0] if batches else 1)
    form = BatchForm(formdata=None, data={"batch": max(1, min(batch, LAST_BATCH))})
    return _page(there, form)


@bp.post(DESK_ONE + "/papier")
@requires(Permission.EDIT, on=load_survey)
def enter(there: OnDesk) -> ResponseReturnValue:
    form, given = BatchForm(), forms.read_given(request.form)
    idem = forms.read_idem(request.form)
    sheet = answering.read_sheet(there.survey.definition, given, lenient=True)
    if not form.validate_on_submit() or sheet.wrong or idem is None:
        return _page(there, form, given=given, wrong=sheet.wrong, code=422)
    try:
        with transaction():
            kept = actions.enter(
                there.survey,
                form.batch.data,
                sheet.replies,
                idem=idem,
                actor=current_actor(),
                now=clock.now(),
            )
            batch, number = kept.batch, kept.paper_no
    except Refused as refused:
        code = 422 if refused.refusal == answering.EMPTY else 409
        return _page(there, form, given=given, refusal=refused.refusal, code=code)
    return htmx.done(
        N_("Zapisany arkusz %(number)s z partii %(batch)s. Napisz ten numer na papierze."),
        to=_url(there, batch),
        number=number,
        batch=batch,
    )


@bp.post(DESK_ONE + f"/papier/<{NUMBER}:batch>/<{NUMBER}:paper_no>/usuniecie")
@requires(Permission.EDIT, on=lambda slug, number, batch, paper_no: load_survey(slug, number))  # noqa: ARG005 - the address names a sheet
def remove_paper(there: OnDesk) -> ResponseReturnValue:
    named = request.view_args or {}
    with transaction():
        actions.remove(
            there.survey, named["batch"], named["paper_no"], actor=current_actor(), now=clock.now()
        )
    return htmx.done(N_("Arkusz jest usunięty."), to=_url(there, named["batch"]))


def _url(there: OnDesk, batch: int | None) -> str:
    slug, number = there.consultation.slug, there.survey.number
    return url_for("surveys.paper", slug=slug, number=number, partia=batch, _anchor="arkusz")


def _page(
    there: OnDesk,
    form: BatchForm,
    *,
    given: Mapping[str, Sequence[str]] | None = None,
    wrong: Mapping[int, Wrong] | None = None,
    refusal: Refusal | None = None,
    code: int = 200,
) -> ResponseReturnValue:
    survey = there.survey
    batch = form.batch.data or 1
    rendered = render_template(
        "surveys/desk/paper.html",
        consultation=there.consultation,
        survey=survey,
        definition=survey.definition,
        form=form,
        idem=ids.new_token(),
        names=forms,
        field=answering.field,
        given=given or {},
        wrong=wrong or {},
        refusal=refusal or answering.entry_refusal(State(survey.state)),
        can_enter=answering.entry_refusal(State(survey.state)) is None,
        batches=queries.count_batches(survey),
        latest=queries.list_paper(survey, batch, most=LATEST),
    )
    return rendered, code
