"""The settings of a municipality, a section a page, and the sheet of its colours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from flask import Blueprint, Response, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from deliberate.access.decorators import never_cached, public, requires
from deliberate.kernel import clock, htmx
from deliberate.kernel.actor import current_actor
from deliberate.kernel.db import transaction
from deliberate.kernel.texts import N_
from deliberate.tenancy import actions, colours, queries, rules
from deliberate.tenancy.current import current_tenant
from deliberate.tenancy.forms import (
    AreaForm,
    ColoursForm,
    ContactForm,
    NamesForm,
    PracticeForm,
    RulesForm,
    SectionForm,
    SilenceForm,
    UnitForm,
)
from deliberate.tenancy.models import Area, OrgUnit
from deliberate.tenancy.permissions import Permission

bp = Blueprint("tenancy", __name__)

A_YEAR = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of the settings that is one form over columns of the municipality."""

    title: str
    lead: str
    form: type[SectionForm]


SECTIONS: Mapping[str, Section] = MappingProxyType(
    {
        "nazwy": Section(
            title=N_("Nazwy i odmiana"),
            lead=N_("Portal odmienia nazwę w zdaniach, więc potrzebuje jej form."),
            form=NamesForm,
        ),
        "kontakt": Section(
            title=N_("Kontakt"),
            lead=N_("Te dane stoją u dołu każdej strony i w każdym liście."),
            form=ContactForm,
        ),
        "praktyka": Section(
            title=N_("Podstawa, terminy, języki"),
            lead=N_("To wpisujemy z góry do każdych nowych konsultacji."),
            form=PracticeForm,
        ),
        "cisza": Section(
            title=N_("Cisza wyborcza"),
            lead=N_(
                "Od kiedy do kiedy i co wtedy z rozmowami. Głosowania, uwagi i poparcia działają "
                "jak zwykle."
            ),
            form=SilenceForm,
        ),
        "barwy": Section(
            title=N_("Barwy"),
            lead=N_(
                "Dwa kolory. Sprawdzamy, czy da się je przeczytać; nocne odcienie robimy sami."
            ),
            form=ColoursForm,
        ),
    }
)


def _area(area_id: int) -> Area:
    return queries.find_area(current_tenant(), area_id) or abort(404)


def _unit(unit_id: int) -> OrgUnit:
    return queries.find_unit(current_tenant(), unit_id) or abort(404)


@bp.get("/barwy.css", endpoint="colours")
@never_cached
@public
def colours_sheet() -> ResponseReturnValue:
    """Serve the colours; an address that names them may be kept for good."""
    tenant = current_tenant()
    response = Response(colours.sheet(tenant.brand, tenant.accent), mimetype="text/css")
    named = f"{tenant.brand}{tenant.accent}".replace("#", "")
    response.headers["Cache-Control"] = A_YEAR if request.args.get("v") == named else "no-cache"
    return response


@bp.get("/urzad/gmina")
@requires(Permission.EDIT)
def settings() -> ResponseReturnValue:
    tenant = current_tenant()
    return render_template(
        "tenancy/settings.html",
        sections=SECTIONS,
        areas=len(queries.list_areas(tenant)),
        units=len(queries.list_units(tenant)),
        rules=queries.current_rules(tenant),
    )


@bp.get("/urzad/gmina/<any(nazwy, kontakt, praktyka, cisza, barwy):key>")
@requires(Permission.EDIT)
def section(key: str) -> ResponseReturnValue:
    form = SECTIONS[key].form(formdata=None, obj=current_tenant())
    if isinstance(form, PracticeForm):
        form.languages.data = current_tenant().language_list
    return render_template("tenancy/section.html", section=SECTIONS[key], form=form)


@bp.post("/urzad/gmina/<any(nazwy, kontakt, praktyka, cisza, barwy):key>")
@requires(Permission.EDIT)
def save_section(key: str) -> ResponseReturnValue:
    form = SECTIONS[key].form()
    if not form.validate_on_submit():
        return render_template("tenancy/section.html", section=SECTIONS[key], form=form), 422
    with transaction():
        actions.change(current_tenant(), form.fields, current_actor(), now=clock.now())
    return htmx.done(N_("Zapisane."), to=url_for("tenancy.settings"))


@bp.get("/urzad/gmina/czesci")
@requires(Permission.EDIT)
def areas() -> ResponseReturnValue:
    return _areas_page(_area_form(blank=True))


@bp.post("/urzad/gmina/czesci")
@requires(Permission.EDIT)
def add_area() -> ResponseReturnValue:
    form = _area_form()
    if not form.validate_on_submit():
        return _areas_page(form), 422
    with transaction():
        actions.add_area(current_tenant(), form.fields, current_actor(), now=clock.now())
    return htmx.done(N_("Dodane."), to=url_for("tenancy.areas"))


@bp.get("/urzad/gmina/czesci/<int(max=2147483647):area_id>")
@requires(Permission.EDIT)
def area(area_id: int) -> ResponseReturnValue:
    row = _area(area_id)
    form = AreaForm(formdata=None, obj=row, parent_id=str(row.parent_id or ""))
    form.offer(queries.list_areas(current_tenant()), besides=row.id)
    return render_template("tenancy/area.html", area=row, form=form)


@bp.post("/urzad/gmina/czesci/<int(max=2147483647):area_id>")
@requires(Permission.EDIT)
def save_area(area_id: int) -> ResponseReturnValue:
    row, form = _area(area_id), AreaForm()
    form.offer(queries.list_areas(current_tenant()), besides=row.id)
    if not form.validate_on_submit():
        return render_template("tenancy/area.html", area=row, form=form), 422
    with transaction():
        actions.change_area(current_tenant(), row, form.fields, current_actor(), now=clock.now())
    return htmx.done(N_("Zapisane."), to=url_for("tenancy.areas"))


@bp.get("/urzad/gmina/wydzialy")
@requires(Permission.EDIT)
def units() -> ResponseReturnValue:
    return _units_page(UnitForm(formdata=None))


@bp.post("/urzad/gmina/wydzialy")
@requires(Permission.EDIT)
def add_unit() -> ResponseReturnValue:
    form = UnitForm()
    if not form.validate_on_submit():
        return _units_page(form), 422
    with transaction():
        actions.add_unit(current_tenant(), form.fields, current_actor(), now=clock.now())
    return htmx.done(N_("Dodane."), to=url_for("tenancy.units"))


@bp.get("/urzad/gmina/wydzialy/<int(max=2147483647):unit_id>")
@requires(Permission.EDIT)
def unit(unit_id: int) -> ResponseReturnValue:
    row = _unit(unit_id)
    form = UnitForm(formdata=None, obj=row)
    return render_template("tenancy/unit.html", unit=row, form=form)


@bp.post("/urzad/gmina/wydzialy/<int(max=2147483647):unit_id>")
@requires(Permission.EDIT)
def save_unit(unit_id: int) -> ResponseReturnValue:
    row, form = _unit(unit_id), UnitForm()
    if not form.validate_on_submit():
        return render_template("tenancy/unit.html", unit=row, form=form), 422
    with transaction():
        actions.change_unit(row, form.fields, current_actor(), now=clock.now())
    return htmx.done(N_("Zapisane."), to=url_for("tenancy.units"))


@bp.get("/urzad/gmina/zasady")
@requires(Permission.EDIT)
def discussion_rules() -> ResponseReturnValue:
    former = queries.current_rules(current_tenant())
    form = RulesForm(formdata=None, text=former.text if former else "\n".join(rules.USUAL_RULES))
    return render_template("tenancy/rules.html", former=former, form=form)


@bp.post("/urzad/gmina/zasady")
@requires(Permission.EDIT)
def publish_rules() -> ResponseReturnValue:
    form = RulesForm()
    if not form.validate_on_submit():
        former = queries.current_rules(current_tenant())
        return render_template("tenancy/rules.html", former=former, form=form), 422
    with transaction():
        actions.publish_rules(current_tenant(), form.lines, current_actor(), now=clock.now())
    return htmx.done(N_("Nowe zasady obowiązują od teraz."), to=url_for("tenancy.settings"))


def _area_form(*, blank: bool = False) -> AreaForm:
    form = AreaForm(formdata=None) if blank else AreaForm()
    form.offer(queries.list_areas(current_tenant()))
    return form


def _areas_page(form: AreaForm) -> str:
    listed = queries.list_areas(current_tenant())
    return render_template(
        "tenancy/areas.html",
        areas=listed,
        names={row.id: row.name for row in listed},
        total=rules.sum_of_leaves((row.id, row.parent_id, row.residents) for row in listed),
        form=form,
    )


def _units_page(form: UnitForm) -> str:
    return render_template(
        "tenancy/units.html", units=queries.list_units(current_tenant()), form=form
    )
