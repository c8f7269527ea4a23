"""What the office may send. A form checks the shape of the input; the rules check the case."""

from __future__ import annotations

from typing import Any

from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    Field,
    FieldList,
    FormField,
    HiddenField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms import Form as PlainForm
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, NumberRange, Optional, ValidationError
from wtforms.widgets import HiddenInput

from deliberate.accounts.standing import Needs
from deliberate.consultations.procedures import (
    CONTENT_NAMES,
    DEFINITIONS,
    FORM_NAMES,
    PLANNED,
    Demand,
    Procedure,
)
from deliberate.consultations.rules.corrections import SHORTEST_REASON
from deliberate.consultations.states import Effect
from deliberate.kernel.fields import Day, https, whole
from deliberate.kernel.forms import REQUIRED, Form, clean_line, line, text
from deliberate.kernel.texts import N_
from deliberate.kernel.urls import web_url
from deliberate.subjects.activities import Activity

LONGEST_TITLE = 120
LONGEST_TEXT = 6_000
MOST_PHASES = 8

ACTIVITIES = (
    SelectChoice(Activity.INFORM, N_("informacja")),
    SelectChoice(Activity.PROPOSE, N_("zgłaszanie propozycji")),
    SelectChoice(Activity.SUPPORT, N_("popieranie")),
    SelectChoice(Activity.DISCUSS, N_("rozmowa")),
    SelectChoice(Activity.REMARK, N_("uwagi do dokumentu")),
    SelectChoice(Activity.SURVEY, N_("ankieta")),
    SelectChoice(Activity.VOTE, N_("głosowanie")),
    SelectChoice(Activity.ANSWER, N_("odpowiedzi urzędu")),
)
NEEDS = (
    SelectChoice(Needs.EMAIL, N_("każda osoba z adresem e-mail")),
    SelectChoice(Needs.DECLARED, N_("kto oświadczy, że tu mieszka")),
    SelectChoice(Needs.CONFIRMED, N_("kogo zamieszkanie potwierdził urząd")),
)
EFFECTS = (
    SelectChoice(Effect.INFORMS, N_("informuje: niczego się nie rozstrzyga")),
    SelectChoice(Effect.ADVISES, N_("doradza: wynik jest opinią")),
    SelectChoice(Effect.DECIDES, N_("decyduje: wynik wiąże")),
)
PICTURES = (
    SelectChoice("", N_("bez obrazka albo z dodanego zdjęcia")),
    SelectChoice("square", N_("plac")),
    SelectChoice("river", N_("rzeka")),
    SelectChoice("common_room", N_("świetlica")),
    SelectChoice("table", N_("rozmowa przy stole")),
    SelectChoice("ballot", N_("głosowanie")),
    SelectChoice("library_bus", N_("autobus biblioteczny")),
    SelectChoice("tram_stop", N_("przystanek")),
    SelectChoice("door", N_("drzwi urzędu")),
)

PROCEDURES = tuple(SelectChoice(key, each.name) for key, each in DEFINITIONS.items())
FORMS = tuple(SelectChoice(form, FORM_NAMES[form]) for form in PLANNED)
DEMANDS = (
    SelectChoice(Demand.REMARK_DAYS, N_("ile dni trwają uwagi")),
    SelectChoice(Demand.NOTICE_DAYS, N_("ile dni wcześniej ogłosić")),
    SelectChoice(Demand.OTHER_FORMS, N_("ile innych form obok uwag")),
    SelectChoice(Demand.REPORT_DAYS, N_("w ile dni sprawozdanie")),
    SelectChoice(Demand.CONTENTS, N_("ile obowiązkowych części dokumentu")),
)
CONTENTS = tuple(SelectChoice(key, name) for key, name in CONTENT_NAMES.items())

BACKWARDS = N_("Etap kończy się, zanim się zacznie. Popraw daty.")
WEB_ONLY = N_("Podaj adres, który zaczyna się od https:// albo http://")


def _web(_form: object, field: Field) -> None:
    if field.data and web_url(field.data) is None:
        raise ValidationError(WEB_ONLY)


class PhaseForm(PlainForm):
    """One phase: whole days, in Warsaw; a row left empty is left out."""

    phase_id = HiddenField()
    title = StringField(N_("Nazwa etapu"), filters=[clean_line])
    first = Day(N_("Od"), validators=[Optional()])
    last = Day(N_("Do"), validators=[Optional()])
    opens = SelectMultipleField(N_("Co otwiera"), choices=ACTIVITIES)

    @property
    def is_empty(self) -> bool:
        said = (self.title.data, self.first.data, self.last.data)
        return not any(said)

    def validate(self, extra_validators: Any = None) -> bool:
        good: bool = super().validate(extra_validators)
        if self.is_empty:
            return good
        for field in (self.title, self.first, self.last):
            if not field.data and not field.errors:
                field.errors = [REQUIRED]
                good = False
        first, last = self.first.data, self.last.data
        if first is not None and last is not None and last < first:
            self.last.errors = [BACKWARDS]
            good = False
        if len(self.title.data or "") > LONGEST_TITLE:
            self.title.errors = [N_("Skróć nazwę etapu.")]
            good = False
        return good


class DraftForm(Form):
    """The six fields of the officer, the dates, and what the municipality fills in.

    ``bad_file``: why the upload, which is judged before all else, was not taken.
    """

    bad_file = ""

    revision = IntegerField(widget=HiddenInput(), default=0, validators=[NumberRange(min=0)])
    title = line(N_("Tytuł, najlepiej jako pytanie"), longest=LONGEST_TITLE)
    summary = text(N_("O co chodzi"), longest=LONGEST_TEXT, required=False)
    can_change = text(N_("Na co ludzie mają wpływ"), longest=LONGEST_TEXT, required=False)
    cannot_change = text(N_("Czego nie zmienimy"), longest=LONGEST_TEXT, required=False)
    area_id = SelectField(N_("Miejsce"), coerce=whole, default=0)
    upload = FileField(N_("Plik albo zdjęcie"))
    file_token = HiddenField()
    file_alt = line(N_("Co jest w tym pliku albo na zdjęciu"), longest=300, required=False)
    phases = FieldList(FormField(PhaseForm), max_entries=MOST_PHASES)

    procedure = SelectField(N_("Tryb konsultacji"), choices=PROCEDURES, default=Procedure.GENERAL)
    forms = SelectMultipleField(N_("Formy, które planujecie obok uwag i rozmowy"), choices=FORMS)
    contents = SelectMultipleField(N_("Obowiązkowe części, które są w projekcie"), choices=CONTENTS)
    case_number = line(N_("Znak sprawy"), longest=80, required=False)
    responsible_person = line(N_("Osoba odpowiedzialna za treść"), longest=120, required=False)
    effect = SelectField(N_("Co robi wynik"), choices=EFFECTS, default=Effect.ADVISES)
    decided_by = line(N_("Kto podejmie decyzję"), longest=200, required=False)
    decision_due = Day(N_("Decyzja do"), validators=[Optional()])
    answer_due = Day(N_("Urząd odpowie do"), validators=[Optional()])
    unit_id = SelectField(N_("Kto prowadzi"), coerce=whole, default=0)
    organisation_id = SelectField(N_("Kto prowadzi rozmowę"), coerce=whole, default=0)
    appeal_person_id = SelectField(
        N_("Kto rozpatruje odwołania od ukrycia wpisu"), coerce=whole, default=0
    )
    contact = line(N_("Kontakt"), longest=300, required=False)
    legal_basis = line(N_("Podstawa prawna"), longest=600, required=False)
    topics = SelectMultipleField(N_("Tematy"))
    picture = SelectField(N_("Obrazek"), choices=PICTURES, default="")
    easy_text = text(N_("Tekst łatwy do czytania (ETR)"), longest=LONGEST_TEXT, required=False)
    sign_video_url = StringField(
        N_("Adres nagrania w języku migowym (PJM)"), filters=[clean_line], validators=[https]
    )
    propose_needs = SelectField(N_("Kto może zgłaszać"), choices=NEEDS, default=Needs.DECLARED)
    support_needs = SelectField(N_("Kto może popierać"), choices=NEEDS, default=Needs.DECLARED)
    discuss_needs = SelectField(N_("Kto może rozmawiać"), choices=NEEDS, default=Needs.EMAIL)
    vote_needs = SelectField(N_("Kto może głosować"), choices=NEEDS[1:], default=Needs.DECLARED)

    @property
    def written_phases(self) -> list[PhaseForm]:
        """Return the rows that say something."""
        return [entry.form for entry in self.phases if not entry.form.is_empty]


class AskForm(Form):
    """Who is to approve, and a word to them."""

    asked_of = SelectField(N_("Kto zatwierdzi"), coerce=whole)
    note = text(N_("Wiadomość"), longest=1_000, required=False)


def _reason() -> Any:
    # Any: kernel.forms gives a WTForms field, which has no types.
    return text(N_("Dlaczego – zobaczą to wszyscy"), longest=1_000, shortest=SHORTEST_REASON)


class _OneOfMany(Form):
    """A form that shares its page with others: its fields' names and ids begin with its own."""

    begin = ""

    def __init__(self, **given: Any) -> None:
        # Any: whatever Flask-WTF takes; it has no types.
        super().__init__(prefix=self.begin, **given)


class StepForm(_OneOfMany):
    """Suspending, resuming, cancelling, putting away: each with its reason."""

    begin = "step-"
    reason = _reason()


class DatesRow(PlainForm):
    """New days of a published phase."""

    phase_id = IntegerField(widget=HiddenInput(), validators=[InputRequired(REQUIRED)])
    first = Day(N_("Od"), validators=[InputRequired(REQUIRED)])
    last = Day(N_("Do"), validators=[InputRequired(REQUIRED)])

    def validate(self, extra_validators: Any = None) -> bool:
        good: bool = super().validate(extra_validators)
        first, last = self.first.data, self.last.data
        if good and first is not None and last is not None and last < first:
            self.last.errors = [BACKWARDS]
            return False
        return good


class DatesForm(_OneOfMany):
    """Dates of what is published: they grow, or a slip is corrected."""

    begin = "dates-"
    revision = IntegerField(widget=HiddenInput(), default=0, validators=[NumberRange(min=0)])
    rows = FieldList(FormField(DatesRow), max_entries=MOST_PHASES)
    answer_due = Day(N_("Urząd odpowie do"), validators=[Optional()])
    reason = _reason()


class ExtraPhaseForm(Form):
    """The days of a phase of voting that is to be added, and why."""

    first = Day(N_("Pierwszy dzień głosowania"), validators=[InputRequired(REQUIRED)])
    last = Day(N_("Ostatni dzień głosowania"), validators=[InputRequired(REQUIRED)])
    reason = _reason()


class CorrectionForm(_OneOfMany):
    """Corrections of typing in what is published; each is listed with its reason."""

    begin = "correction-"
    revision = IntegerField(widget=HiddenInput(), default=0, validators=[NumberRange(min=0)])
    title = line(N_("Tytuł"), longest=LONGEST_TITLE)
    summary = text(N_("O co chodzi"), longest=LONGEST_TEXT)
    can_change = text(N_("Na co ludzie mają wpływ"), longest=LONGEST_TEXT)
    cannot_change = text(N_("Czego nie zmienimy"), longest=LONGEST_TEXT)
    easy_text = text(N_("Tekst łatwy do czytania (ETR)"), longest=LONGEST_TEXT, required=False)
    contact = line(N_("Kontakt"), longest=300)
    reason = _reason()


class TranslationForm(Form):
    """The public texts in another language; an empty one is shown in Polish, as missing."""

    title = line(N_("Tytuł"), longest=LONGEST_TITLE, required=False)
    summary = text(N_("O co chodzi"), longest=LONGEST_TEXT, required=False)
    can_change = text(N_("Na co ludzie mają wpływ"), longest=LONGEST_TEXT, required=False)
    cannot_change = text(N_("Czego nie zmienimy"), longest=LONGEST_TEXT, required=False)


class FileForm(Form):
    """One more file of a consultation."""

    upload = FileField(N_("Plik albo zdjęcie"))
    file_token = HiddenField()
    file_alt = line(N_("Co jest w tym pliku albo na zdjęciu"), longest=300)


class AddressForm(Form):
    """Another address of the page; the former one leads to it."""

    slug = line(N_("Nowy adres"), longest=60)


class AnnouncementForm(Form):
    """One place where it is announced; several stand on a page, so it is given a prefix."""

    bad_file = ""

    planned_on = Day(N_("Planowane na"), validators=[Optional()])
    done_on = Day(N_("Ogłoszono dnia"), validators=[Optional()])
    words = line(N_("Gdzie dokładnie"), longest=300, required=False)
    url = StringField(N_("Adres"), filters=[clean_line], validators=[_web])
    upload = FileField(N_("Plik: skan albo zdjęcie"))
    file_token = HiddenField()


class LawForm(Form):
    """A number that the municipality wrote down from a resolution, or compared with an act."""

    procedure = SelectField(N_("Tryb konsultacji"), choices=PROCEDURES)
    demand = SelectField(N_("Czego dotyczy"), choices=DEMANDS)
    number = IntegerField(
        N_("Liczba"),
        validators=[InputRequired(REQUIRED), NumberRange(0, 365, N_("Podaj liczbę od 0 do 365."))],
    )
    valid_from = Day(N_("Obowiązuje od"), validators=[InputRequired(REQUIRED)])
    source = line(N_("Gdzie to jest napisane"), longest=300, shortest=3)
    verified = BooleanField(N_("Ktoś porównał tę liczbę z aktualnym tekstem przepisu"))


class ContinuationForm(Form):
    """Which earlier consultation this one continues."""

    former = SelectField(
        N_("Wcześniejsze konsultacje"),
        coerce=whole,
        choices=[],
        invalid_choice_message=N_("Wybierz z listy."),
    )
    reason = _reason()


class UntieForm(Form):
    """Why a link goes; one of many on its page, so it is given a prefix."""

    reason = _reason()


class Press(Form):
    """A button and nothing else."""

    sure = BooleanField()
