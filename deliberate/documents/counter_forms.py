"""The forms of the counter: a letter with one remark or many, its correction, a table of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    DateField,
    Field,
    FieldList,
    FormField,
    HiddenField,
    IntegerField,
    SelectField,
    SubmitField,
)
from wtforms.validators import Email, InputRequired, Length, NumberRange
from wtforms.validators import Optional as MayBeEmpty
from wtforms.widgets import HiddenInput, TextInput

from deliberate.authorship.models import Capacity
from deliberate.documents.forms import (
    BIGGEST,
    LONGEST_BODY,
    LONGEST_REASON,
    LONGEST_WORDING,
    NOTHING_SAID,
    select_choices,
)
from deliberate.documents.kinds import CHANNEL_LABELS, KIND_LABELS, Channel, RemarkKind
from deliberate.kernel import forms
from deliberate.kernel.i18n import LANGUAGES
from deliberate.kernel.texts import N_

LONGEST_LABEL, LONGEST_PLACE = 80, 120
LONGEST_NAME, LONGEST_ADDRESS, LONGEST_EMAIL, LONGEST_SHORT = 120, 200, 254, 40
DAYS = ["%d.%m.%Y", "%Y-%m-%d"]  # the first is how it is shown
MOST_PARTS = 30  # remarks of one letter
SHORTEST_REASON = 5

CHANNELS = {channel: label for channel, label in CHANNEL_LABELS.items() if channel != Channel.WEB}
WHO = {
    Capacity.RESIDENT: N_("osoba, która tu mieszka"),
    Capacity.GUEST: N_("inna osoba"),
    Capacity.ORGANISATION: N_("organizacja, firma, instytucja"),
}
OWNS = {"": N_("nie wiadomo"), "yes": N_("tak"), "no": N_("nie")}
BAD_EMAIL = N_("Popraw adres e-mail. Wygląda tak: imie@poczta.pl")
BAD_DATE = N_("Podaj datę: dzień, miesiąc i rok.")


class Said:
    """The fields of one remark, wherever it is written down."""

    place = forms.line(N_("Miejsce w dokumencie"), longest=LONGEST_PLACE, required=False)
    kind = SelectField(
        N_("Czego dotyczy uwaga"),
        choices=select_choices([(str(kind), label) for kind, label in KIND_LABELS.items()]),
        default=str(RemarkKind.GENERAL),
    )
    body = forms.text(N_("Treść uwagi i uzasadnienie"), longest=LONGEST_BODY, required=False)
    wording = forms.text(N_("Proponowane brzmienie"), longest=LONGEST_WORDING, required=False)

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for one text of the two; a field that may be empty ends its own checks there."""
        is_whole: bool = super().validate(extra_validators)  # type: ignore[misc]
        if not self.body.data and not self.wording.data:
            self.body.errors = [NOTHING_SAID]
            return False
        return is_whole


class PartForm(Said, forms.Form):
    """One remark of a letter."""

    class Meta(forms.Form.Meta):
        csrf = False  # the form around it has the token

    @property
    def is_empty(self) -> bool:
        return not (self.place.data or self.body.data or self.wording.data)


class LetterForm(forms.Form):
    """How it came and from whom; what everybody reads is the label alone."""

    channel = SelectField(
        N_("Jak przyszła"),
        choices=select_choices([(str(channel), label) for channel, label in CHANNELS.items()]),
    )
    # One field to type into: a calendar takes four presses of Tab to pass.
    received_on = DateField(
        N_("Data wpływu"), validators=[InputRequired(BAD_DATE)], format=DAYS, widget=TextInput()
    )
    who = SelectField(
        N_("Od kogo"), choices=select_choices([(str(who), label) for who, label in WHO.items()])
    )
    label = forms.line(N_("Jak podpisać publicznie"), longest=LONGEST_LABEL, shortest=2)
    name = forms.line(N_("Imię i nazwisko albo nazwa"), longest=LONGEST_NAME, required=False)
    address = forms.line(N_("Adres"), longest=LONGEST_ADDRESS, required=False)
    email = forms.line(
        N_("E-mail, na który wyślemy odpowiedź"), longest=LONGEST_EMAIL, required=False
    )
    phone = forms.line(N_("Telefon"), longest=LONGEST_SHORT, required=False)
    case_number = forms.line(N_("Znak sprawy"), longest=LONGEST_SHORT, required=False)
    owns_land = SelectField(
        N_("Ma grunt na tym obszarze"), choices=select_choices(list(OWNS.items())), default=""
    )
    language = SelectField(
        N_("Język pisma"), choices=select_choices(list(LANGUAGES.items())), default="pl"
    )

    def validate_email(self, field: Field) -> None:
        if field.data:
            Email(BAD_EMAIL)(self, field)

    @property
    def owns(self) -> bool | None:
        return {"yes": True, "no": False}.get(self.owns_land.data or "")


class EntryForm(LetterForm):
    parts = FieldList(
        FormField(PartForm), N_("Uwagi z tego pisma"), min_entries=1, max_entries=MOST_PARTS
    )
    scan = FileField(N_("Skan albo plik pisma"))
    scan_token = HiddenField(validators=[Length(max=64)])  # of one that came in before
    keep = BooleanField(N_("Następne pismo: ten sam sposób, data i podpis"), default=True)
    alike = BooleanField(N_("To jednakowe listy – nie pytaj o takie same słowa"))
    form_key = HiddenField(validators=[InputRequired(), Length(min=16, max=64)])
    despite = SubmitField(N_("Zapisz mimo to"))  # although the same words are entered already
    more = SubmitField(N_("Dodaj kolejną uwagę z tego pisma"))

    def validate(self, extra_validators: Any = None) -> bool:
        """Pass over parts that were opened and left empty, but for the first."""
        entries = self.parts.entries
        self.parts.entries = [each for each in entries if not each.form.is_empty] or entries[:1]
        return bool(super().validate(extra_validators))

    @property
    def said(self) -> Sequence[PartForm]:
        return [entry.form for entry in self.parts]


class CorrectionForm(Said, LetterForm):
    """An entry is corrected by itself. How it came stays, so it is not asked."""

    channel = None
    reason = forms.line(N_("Powód poprawki"), longest=LONGEST_REASON, shortest=SHORTEST_REASON)
    based_on = IntegerField(
        widget=HiddenInput(), validators=[InputRequired(), NumberRange(1, BIGGEST)]
    )


class WithdrawEntryForm(forms.Form):
    reason = forms.line(
        N_("Skąd wiadomo, że wycofana"), longest=LONGEST_REASON, shortest=SHORTEST_REASON
    )
    based_on = IntegerField(
        widget=HiddenInput(), validators=[InputRequired(), NumberRange(1, BIGGEST)]
    )


class ImportForm(forms.Form):
    table = FileField(
        N_("Tabela z uwagami (CSV albo XLSX)"), validators=[InputRequired(forms.REQUIRED)]
    )


class ConfirmForm(forms.Form):
    """A table that was looked at."""

    seen = HiddenField(validators=[MayBeEmpty(), Length(max=64)])
