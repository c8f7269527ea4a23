"""One unit of what is prepared: its words, its division, its joining with the one before."""

from __future__ import annotations

from dataclasses import dataclass

from flask import abort, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectChoice

from deliberate.access.decorators import requires
from deliberate.consultations.models import Consultation
from deliberate.consultations.permissions import Permission
from deliberate.documents import cutting, preparing, texts
from deliberate.documents.forms import SplitForm, UnitForm
from deliberate.documents.models import Document
from deliberate.documents.views.common import NUMBER, bp
from deliberate.documents.views.desk import DRAFT, PER_PAGE, Prepared, load_document, press
from deliberate.kernel import htmx
from deliberate.kernel.db import transaction
from deliberate.kernel.refusals import Refusal, Refused
from deliberate.kernel.texts import N_

UNIT = f"{DRAFT}/<{NUMBER}:number>"


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedUnit(Prepared):
    unit: texts.UnitRow


def load_unit(slug: str, document_id: int, number: int) -> PreparedUnit:
    prepared = load_document(slug, document_id)
    document = prepared.document
    unit = texts.find_unit(document, document.version_no + 1, number) or abort(404)
    return PreparedUnit(consultation=prepared.consultation, document=document, unit=unit)


@bp.get(UNIT)
@requires(Permission.EDIT, on=load_unit)
def desk_unit(prepared: PreparedUnit) -> ResponseReturnValue:
    return _unit_page(prepared)


@bp.post(UNIT)
@requires(Permission.EDIT, on=load_unit)
def desk_change(prepared: PreparedUnit) -> ResponseReturnValue:
    form = UnitForm()
    if not form.validate_on_submit():
        return _unit_page(prepared, form=form, code=422)
    try:
        with transaction():
            preparing.change(
                prepared.consultation,
                prepared.document,
                prepared.unit.number,
                label=form.label.data or "",
                level=form.chosen_level,
                text=form.text.data,
                based_on=form.revision.data,
            )
    except Refused as refused:
        return _unit_page(prepared, form=form, refusal=refused.refusal, code=409)
    return htmx.done(N_("Jednostka jest zmieniona."), to=_to_unit(prepared, prepared.unit.number))


@bp.post(UNIT + "/podzial")
@requires(Permission.EDIT, on=load_unit)
def desk_split(prepared: PreparedUnit) -> ResponseReturnValue:
    form = SplitForm()
    if not form.validate_on_submit():
        return _unit_page(prepared, split=form, code=422)
    try:
        with transaction():
            preparing.split(
                prepared.consultation,
                prepared.document,
                prepared.unit.number,
                form.place,
                based_on=form.revision.data,
            )
    except Refused as refused:
        return _unit_page(prepared, split=form, refusal=refused.refusal, code=409)
    return htmx.done(N_("Jednostka jest podzielona."), to=_to_unit(prepared, prepared.unit.number))


@bp.post(UNIT + "/polaczenie")
@requires(Permission.EDIT, on=load_unit)
def desk_merge(prepared: PreparedUnit) -> ResponseReturnValue:
    before = max(1, prepared.unit.position - 1)

    def merge(consultation: Consultation, document: Document, *, based_on: int) -> None:
        preparing.merge(consultation, document, prepared.unit.number, based_on=based_on)

    to = _at(prepared, before)
    return press(prepared, merge, N_("Jednostka jest połączona z poprzednią."), to=to)


def _unit_page(
    prepared: PreparedUnit,
    *,
    form: UnitForm | None = None,
    split: SplitForm | None = None,
    refusal: Refusal | None = None,
    code: int = 200,
) -> ResponseReturnValue:
    document, unit = prepared.document, prepared.unit
    if form is None:
        data = {"label": unit.label, "level": unit.level, "text": unit.text}
        form = UnitForm(formdata=None, data=data)
    if split is None:
        split = SplitForm(formdata=None)
    split.at.choices = [
        SelectChoice(value=str(place), label=opening)
        for place, opening in cutting.list_cuts(unit.text)
    ]
    for each in (form, split):  # sent once more, it changes what stands there now
        each.revision.data, each.revision.raw_data = document.revision, None
    rendered = render_template(
        "documents/desk/unit.html",
        consultation=prepared.consultation,
        document=document,
        unit=unit,
        form=form,
        split=split,
        back=_to_unit(prepared, unit.number),
        refusal=refusal or preparing.refusal_of(prepared.consultation),
    )
    return rendered, code


def _to_unit(prepared: PreparedUnit, number: int) -> str:
    """Return the address of a unit among those in preparation."""
    document = prepared.document
    unit = texts.find_unit(document, document.version_no + 1, number)
    return _at(prepared, unit.position if unit else 1)


def _at(prepared: PreparedUnit, position: int) -> str:
    return url_for(
        "documents.desk_draft",
        slug=prepared.consultation.slug,
        document_id=prepared.document.id,
        pokaz="podzial",
        strona=(position - 1) // PER_PAGE + 1,
        _anchor=f"miejsce-{position}",
    )
