"""The accessibility declaration: fields in, the page in the prescribed structure out.

The structure and its ids are those of the "Warunki techniczne publikacji deklaracji dostępności"
that the minister publishes under art. 12 pt 7 of the act of 4 April 2019: monitoring programs read
the page by them. Until the office has filled in the fields, the page says just that.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from wtforms import DateField, Field, RadioField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, Email, InputRequired

from deliberate.access.decorators import public, requires
from deliberate.audit import entries as audit
from deliberate.kernel import clock, forms, htmx
from deliberate.kernel.actor import Actor, current_actor
from deliberate.kernel.db import db, transaction
from deliberate.kernel.texts import N_
from deliberate.pages.blueprint import bp
from deliberate.pages.permissions import Permission
from deliberate.tenancy.current import current_tenant
from deliberate.tenancy.models import Declaration, Municipality

CONFORMS, PARTLY, FAILS = "conforms", "partly", "fails"
SELF, OUTSIDE = "self", "outside"
NO_GAPS = N_("Napisz, czego brakuje i dlaczego.")
NO_AUDITOR = N_("Napisz, kto badał stronę.")
DATES = ("published_on", "updated_on", "prepared_on", "reviewed_on")


class DeclarationForm(forms.Form):
    published_on = DateField(
        N_("Data publikacji strony"), validators=[InputRequired(forms.REQUIRED)]
    )
    updated_on = DateField(
        N_("Data ostatniej istotnej aktualizacji strony"),
        validators=[InputRequired(forms.REQUIRED)],
    )
    status = RadioField(
        N_("Strona jest z ustawą"),
        choices=[
            SelectChoice(CONFORMS, N_("zgodna")),
            SelectChoice(PARTLY, N_("częściowo zgodna")),
            SelectChoice(FAILS, N_("niezgodna")),
        ],
        validators=[DataRequired(forms.REQUIRED)],
    )
    gaps: TextAreaField = forms.text(N_("Czego brakuje i dlaczego"), longest=5000, required=False)
    prepared_on = DateField(
        N_("Data sporządzenia deklaracji"), validators=[InputRequired(forms.REQUIRED)]
    )
    reviewed_on = DateField(
        N_("Data ostatniego przeglądu deklaracji"), validators=[InputRequired(forms.REQUIRED)]
    )
    method = RadioField(
        N_("Deklarację sporządzono na podstawie"),
        choices=[
            SelectChoice(SELF, N_("samooceny")),
            SelectChoice(OUTSIDE, N_("badania podmiotu zewnętrznego")),
        ],
        validators=[DataRequired(forms.REQUIRED)],
    )
    auditor = forms.line(N_("Kto badał"), longest=200, required=False)
    person = forms.line(N_("Osoba albo komórka do kontaktu"), longest=200)
    email = forms.line(N_("E-mail do kontaktu"), longest=254)
    phone = forms.line(N_("Telefon do kontaktu"), longest=40)
    architecture: TextAreaField = forms.text(N_("Dostępność architektoniczna"), longest=5000)
    communication: TextAreaField = forms.text(
        N_("Dostępność informacyjno-komunikacyjna"), longest=5000, required=False
    )

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        """Judge two fields by their neighbours as well: they may be empty or must not."""
        is_valid = super().validate(extra_validators)
        if self.status.data in (PARTLY, FAILS) and not self.gaps.data:
            self.gaps.errors, is_valid = [NO_GAPS], False
        if self.method.data == OUTSIDE and not self.auditor.data:
            self.auditor.errors, is_valid = [NO_AUDITOR], False
        return bool(is_valid)

    def validate_email(self, field: Field) -> None:
        Email(N_("Sprawdź adres: powinien wyglądać jak nazwa@urzad.pl."))(self, field)


@bp.get("/deklaracja-dostepnosci")
@public
def declaration() -> ResponseReturnValue:
    return render_template("pages/declaration.html", fields=find_fields(current_tenant()))


@bp.get("/urzad/deklaracja")
@requires(Permission.EDIT_DECLARATION)
def edit_declaration() -> ResponseReturnValue:
    tenant = current_tenant()
    form = DeclarationForm(formdata=None, data=find_fields(tenant) or _proposed(tenant))
    return render_template("pages/edit_declaration.html", form=form)


@bp.post("/urzad/deklaracja")
@requires(Permission.EDIT_DECLARATION)
def publish_declaration() -> ResponseReturnValue:
    form = DeclarationForm()
    if not form.validate_on_submit():
        return render_template("pages/edit_declaration.html", form=form), 422
    fields = {name: form[name].data for name in form.data if name != "csrf_token"}
    with transaction():
        publish(current_tenant(), fields, actor=current_actor(), now=clock.now())
    return htmx.done(N_("Deklaracja opublikowana."), to=url_for("pages.declaration"))


def find_fields(tenant: Municipality) -> dict[str, object] | None:
    """Return the newest version's fields, its dates as dates; None: nothing is declared yet."""
    row = db.session.scalar(
        select(Declaration)
        .where(Declaration.tenant_id == tenant.id)
        .order_by(Declaration.id.desc())
        .limit(1)
    )
    if row is None:
        return None
    fields: dict[str, object] = json.loads(row.fields)
    return {
        name: date.fromisoformat(str(value)) if name in DATES else value
        for name, value in fields.items()
    }


def publish(
    tenant: Municipality, fields: Mapping[str, object], *, actor: Actor, now: datetime
) -> None:
    """Add a version; the earlier ones stay."""
    row = Declaration(
        tenant_id=tenant.id,
        fields=json.dumps(fields, ensure_ascii=False, default=str),
        published_at=now,
        published_by=actor.person_id,
    )
    db.session.add(row)
    db.session.flush()
    audit.record("declaration.published", f"declaration:{row.id}", actor=actor, at=now)


def _proposed(tenant: Municipality) -> dict[str, object]:
    """Return what is known already, for the first filling in."""
    return {
        "person": tenant.lead_unit or tenant.office_name,
        "email": tenant.office_email,
        "phone": tenant.office_phone,
    }
