"""What people and officers may send about documents. The shape only; the rules say whether."""

from __future__ import annotations

from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    Field,
    HiddenField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    SubmitField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange
from wtforms.validators import Optional as MayBeEmpty
from wtforms.widgets import HiddenInput

from deliberate.documents.kinds import KIND_LABELS, LEVEL_LABELS, Level
from deliberate.kernel import forms
from deliberate.kernel.i18n import LANGUAGES
from deliberate.kernel.texts import N_

LONGEST_WORDING, LONGEST_BODY, LONGEST_REASON = 8000, 4000, 500
LONGEST_ON_BEHALF, LONGEST_TITLE, LONGEST_NOTE = 160, 160, 300
LONGEST_LABEL, LONGEST_UNIT = 60, 20_000
LONGEST_PASTED = 200_000  # characters; a longer one does not fit into a form and comes as a file
BIGGEST = 2**31 - 1

NOTHING_SAID = N_("Napisz, co zmienić albo dlaczego. Wystarczy jedno z dwojga.")
NO_SOURCE = N_("Wybierz plik albo wklej tekst.")
NO_FILE_ALONE = N_("Wybierz plik, który ma być udostępniony w całości.")


def select_choices(pairs: list[tuple[str, str]]) -> list[SelectChoice]:
    """Return what a select offers, from pairs of a value and a label."""
    return [SelectChoice(value=value, label=label) for value, label in pairs]


# Remarks.


class RemarkForm(forms.Form):
    """``place`` is "document:version:unit", 0 for the whole; the view finds it.

    There may be hundreds of places, so the template writes them itself.
    """

    place = SelectField(N_("Do czego jest uwaga"), validate_choice=False)
    kind = RadioField(
        N_("Czego dotyczy uwaga"),
        choices=select_choices([(str(kind), label) for kind, label in KIND_LABELS.items()]),
    )
    wording = forms.text(N_("Proponowane brzmienie"), longest=LONGEST_WORDING, required=False)
    body = forms.text(N_("Dlaczego?"), longest=LONGEST_BODY, required=False)
    attachment = FileField(N_("Załącznik"))
    attachment_token = HiddenField(validators=[Length(max=64)])  # of one that came in before
    language = SelectField(N_("Język tego tekstu"), choices=select_choices(list(LANGUAGES.items())))
    voice = SelectField(N_("Piszesz jako"))
    on_behalf = forms.line(
        N_("W imieniu instytucji, firmy albo grupy"), longest=LONGEST_ON_BEHALF, required=False
    )
    form_key = HiddenField(validators=[InputRequired(), Length(min=16, max=64)])
    fill = SubmitField(N_("Wstaw obecne brzmienie"))
    mine = SubmitField(N_("Zgłaszam swoją"))  # although there are similar ones
    draft = SubmitField(N_("Zapisz szkic"))

    def validate_body(self, field: Field) -> None:
        if not field.data and not self.wording.data:
            forms.stop(field, NOTHING_SAID)


class WithdrawalForm(forms.Form):
    reason = forms.text(N_("Powód"), longest=LONGEST_REASON, required=False)


# Documents.


class Revision(forms.Form):
    """A press of a button by an officer who saw the document as it stood then."""

    revision = IntegerField(
        widget=HiddenInput(), validators=[InputRequired(), NumberRange(1, BIGGEST)]
    )


class SourceForm(forms.Form):
    """A file or a pasted text, to be cut into units."""

    upload = FileField(N_("Plik z tekstem"))
    upload_token = HiddenField(validators=[Length(max=64)])  # of one that came in before
    pasted = TextAreaField(
        N_("Albo wklej tekst"),
        filters=[forms.clean_text],
        validators=[MayBeEmpty(), forms.Between(0, LONGEST_PASTED)],
    )
    whole = BooleanField(N_("Udostępnij sam plik, bez podziału na części"))


class NewDocumentForm(SourceForm):
    title = forms.line(N_("Tytuł dokumentu"), longest=LONGEST_TITLE, shortest=3)
    language = SelectField(N_("Język dokumentu"), choices=select_choices(list(LANGUAGES.items())))


class NewVersionForm(SourceForm, Revision):
    pass


class UnitForm(Revision):
    """One unit in preparation: how it is called, what it is, what it says."""

    label = forms.line(N_("Oznaczenie"), longest=LONGEST_LABEL, required=False)
    level = SelectField(
        N_("Poziom"),
        choices=select_choices([(str(level), label) for level, label in LEVEL_LABELS.items()]),
    )
    text = forms.text(N_("Tekst"), longest=LONGEST_UNIT)

    @property
    def chosen_level(self) -> Level:
        return Level(self.level.data)


class SplitForm(Revision):
    """Where a unit is cut: before which character of its text."""

    at = RadioField(N_("Od którego miejsca zaczyna się nowa jednostka"), validate_choice=False)

    @property
    def place(self) -> int:
        text = self.at.data or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


class KeepForm(Revision):
    """What is prepared becomes the version that stands."""

    title = forms.line(N_("Tytuł dokumentu"), longest=LONGEST_TITLE, shortest=3)
    note = forms.line(N_("Skąd ta wersja"), longest=LONGEST_NOTE, required=False)
