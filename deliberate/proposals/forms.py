"""What people may send about proposals. The shape only; whether they may is for the rules."""

from __future__ import annotations

from collections.abc import Iterable

from email_validator import EmailNotValidError, validate_email
from flask_wtf.file import FileField
from wtforms import (
    EmailField,
    Field,
    HiddenField,
    IntegerField,
    SelectChoice,
    SelectField,
    StringField,
    SubmitField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange
from wtforms.validators import Optional as MayBeEmpty
from wtforms.widgets import HiddenInput

from deliberate.kernel import forms
from deliberate.kernel.i18n import LANGUAGES
from deliberate.kernel.texts import N_
from deliberate.proposals import cost

LONGEST_TITLE, LONGEST_PLACE, LONGEST_REASON, LONGEST_DETAILS = 120, 160, 2000, 8000
LONGEST_NOTE, SHORTEST_WITHDRAWAL = 300, 10
BIGGEST_VERSION = 1_000_000

CHANGE_NOTE = N_("Co i dlaczego się zmienia?")
NO_COST = N_("Wpisz kwotę w złotych, na przykład 12 500 albo 800,50.")
NO_ALT = N_("Napisz jednym zdaniem, co widać – dla osób, które tego nie zobaczą.")
NO_ADDRESS = N_("Wpisz cały adres, na przykład anna@poczta.pl.")


def select_choices(pairs: Iterable[tuple[str, str]]) -> list[SelectChoice]:
    """Return what a select offers, from pairs of a value and a label."""
    return [SelectChoice(value=value, label=label) for value, label in pairs]


class ThreeQuestions(forms.Form):
    """What, where, why: all that is asked before a proposal is published."""

    title = forms.line(N_("Co proponujesz? (jedno zdanie)"), longest=LONGEST_TITLE, shortest=5)
    place = forms.line(N_("Gdzie?"), longest=LONGEST_PLACE, shortest=2)
    reason = forms.text(N_("Dlaczego to potrzebne?"), longest=LONGEST_REASON, shortest=10)
    language = SelectField(N_("Język tego tekstu"), choices=select_choices(LANGUAGES.items()))


class NewProposalForm(ThreeQuestions):
    voice = SelectField(N_("Piszesz jako"))
    form_key = HiddenField(validators=[InputRequired(), Length(min=16, max=64)])
    mine = SubmitField(N_("Publikuję swoją"))  # although there are similar ones
    draft = SubmitField(N_("Zapisz szkic"))


class ChangeForm(ThreeQuestions):
    note = forms.line(CHANGE_NOTE, longest=LONGEST_NOTE, shortest=5, required=False)
    version = IntegerField(
        widget=HiddenInput(), validators=[InputRequired(), NumberRange(1, BIGGEST_VERSION)]
    )


class DetailsForm(forms.Form):
    """The rest, which can wait: details, cost, part of the municipality, picture."""

    details = forms.text(N_("Szczegóły"), longest=LONGEST_DETAILS, required=False)
    cost = StringField(
        N_("Ile to może kosztować? (w złotych)"),
        filters=[forms.clean_line],
        validators=[MayBeEmpty(), Length(max=30, message=NO_COST)],
    )
    area = SelectField(N_("Część gminy"))
    picture = FileField(N_("Zdjęcie albo rysunek"))
    picture_token = HiddenField(validators=[Length(max=64)])  # of one that came in before
    alt = forms.line(N_("Co na nim widać?"), longest=300, required=False)
    note = forms.line(CHANGE_NOTE, longest=LONGEST_NOTE, shortest=5, required=False)
    version = IntegerField(
        widget=HiddenInput(), validators=[InputRequired(), NumberRange(1, BIGGEST_VERSION)]
    )

    def validate_cost(self, field: Field) -> None:
        if field.data and cost.parse(field.data) is None:
            forms.stop(field, NO_COST)

    @property
    def grosze(self) -> int | None:
        return cost.parse(self.cost.data) if self.cost.data else None

    @property
    def area_id(self) -> int | None:
        return int(self.area.data) if self.area.data else None


class InvitationForm(forms.Form):
    email = EmailField(
        N_("Adres e-mail"),
        filters=[forms.clean_line],
        validators=[DataRequired(forms.REQUIRED), Length(max=254, message=NO_ADDRESS)],
    )

    def validate_email(self, field: Field) -> None:
        try:
            found = validate_email(field.data, check_deliverability=False)
        except EmailNotValidError:
            forms.stop(field, NO_ADDRESS)
        else:
            field.data = found.normalized


class WithdrawalForm(forms.Form):
    reason = forms.text(
        N_("Dlaczego wycofujesz tę propozycję?"), longest=500, shortest=SHORTEST_WITHDRAWAL
    )
