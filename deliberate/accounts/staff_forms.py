"""What is typed about people who work for a municipality."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from wtforms import BooleanField, DateField, SelectField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, InputRequired, ValidationError
from wtforms.validators import Optional as MayBeEmpty

from deliberate.access.roles import NAMES
from deliberate.accounts import factor_rules, staff_rules
from deliberate.accounts.forms import EmailForm
from deliberate.accounts.memberships import Offer
from deliberate.kernel.actor import Role
from deliberate.kernel.forms import REQUIRED, Form, line, text
from deliberate.kernel.texts import N_

UNREAL_DAY = N_("Podaj dzień w postaci 2026-06-07.")
Choices = Sequence[tuple[int, str]]


class InvitationForm(EmailForm):
    role = SelectField(N_("Rola"), choices=[], validators=[InputRequired(REQUIRED)])
    consultation = SelectField(N_("Zakres"), choices=[], default="")
    unit = SelectField(N_("Wydział"), choices=[], default="")
    organisation = SelectField(N_("Organizacja"), choices=[], default="")
    job_title = line(N_("Stanowisko służbowe"), longest=120, required=False)

    def offer_choices(
        self,
        roles: Sequence[Role],
        consultations: Choices,
        units: Choices,
        organisations: Choices,
        *,
        whole: bool,
    ) -> None:
        """Fill in what may be chosen here, and by this person; ``whole``: the municipality too."""
        self.role.choices = [SelectChoice(role.value, NAMES[role]) for role in roles]
        scopes = _choices(N_("Cały samorząd"), consultations)
        self.consultation.choices = scopes if whole else scopes[1:]
        self.unit.choices = _choices(N_("Bez wydziału"), units)
        self.organisation.choices = _choices(N_("Bez organizacji"), organisations)

    def validate_consultation(self, field: SelectField) -> None:
        if field.data and self.role.data in staff_rules.ALWAYS_WHOLE:
            raise ValidationError(staff_rules.WHOLE_ONLY.message)

    @property
    def offer(self) -> Offer:
        return Offer(
            role=Role(self.role.data),
            consultation_id=_chosen(self.consultation.data),
            unit_id=_chosen(self.unit.data),
            organisation_id=_chosen(self.organisation.data),
            job_title=self.job_title.data,
        )


class FactorResetForm(Form):
    """Why a person's second factor is to be taken away; the administrator who decides reads it."""

    note = text(
        N_("Co się stało i skąd wiesz, że to ta osoba"),
        longest=500,
        shortest=factor_rules.SHORTEST_REASON,
    )


class AcceptanceForm(Form):
    """The button of somebody who will work for the office itself."""


class AgreementForm(AcceptanceForm):
    """A facilitator comes from outside: data protection is agreed to first (art. 28 RODO)."""

    agreed = BooleanField(
        N_("Zgadzam się na te zasady."),
        validators=[DataRequired(N_("Bez zgody na te zasady nie można prowadzić rozmowy."))],
    )


class Day(DateField):
    """A day; the browser sends 2026-06-07."""

    data: date | None

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata([value.strip() for value in valuelist])
        except ValueError as error:
            raise ValueError(UNREAL_DAY) from error


class SubstituteForm(Form):
    substitute = SelectField(N_("Kto zastępuje"), choices=[], default="")
    absent_from = Day(N_("Nieobecność od"), validators=[MayBeEmpty()])
    absent_until = Day(N_("Nieobecność do"), validators=[MayBeEmpty()])

    def validate(self, extra_validators: Any = None) -> bool:
        # Not a validator of one field: an empty one asks no further.
        good: bool = super().validate(extra_validators)
        refusal = staff_rules.absence_refusal(self.absence) if good else None
        if refusal is not None:
            self.absent_until.errors = [refusal.message]
        return good and refusal is None

    @property
    def absence(self) -> staff_rules.Absence:
        return staff_rules.Absence(first=self.absent_from.data, last=self.absent_until.data)

    def offer_choices(self, colleagues: Choices) -> None:
        self.substitute.choices = _choices(N_("Nikt"), colleagues)

    @property
    def substitute_id(self) -> int | None:
        return _chosen(self.substitute.data)


def _choices(nothing: str, things: Choices) -> list[SelectChoice]:
    return [SelectChoice("", nothing), *(SelectChoice(str(key), name) for key, name in things)]


def _chosen(text: str) -> int | None:
    return int(text) if text else None
