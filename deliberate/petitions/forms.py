"""What may be sent to the registers. A form checks the shape; the rules check the case."""

from __future__ import annotations

from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField, IntegerField, RadioField, SelectField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length
from wtforms.validators import Optional as MayBeEmpty

from deliberate.kernel import forms
from deliberate.kernel.fields import Day
from deliberate.kernel.forms import REQUIRED, Form
from deliberate.kernel.i18n import LANGUAGES
from deliberate.kernel.texts import N_
from deliberate.petitions.content import Letter, Wish
from deliberate.petitions.kinds import Register

LONGEST_TITLE, LONGEST_TEXT, LONGEST_LINE = 160, 20_000, 200
MOST = 10_000_000
UNREAL_NUMBER = N_("Podaj liczbę.")
CHOOSE = N_("Wybierz z listy.")
WHOLE = N_("cała gmina")


class Number(IntegerField):
    """A whole number, or nothing."""

    def process_formdata(self, valuelist: list[str]) -> None:
        typed = "".join(valuelist[0].split()) if valuelist else ""
        self.data = None
        if typed.isascii() and typed.isdigit() and int(typed[:9]) <= MOST and len(typed) < 9:
            self.data = int(typed)
        elif typed:
            raise ValueError(UNREAL_NUMBER)


def languages() -> SelectField:
    choices = [SelectChoice(value=value, label=label) for value, label in LANGUAGES.items()]
    return SelectField(N_("Język tego tekstu"), choices=choices)


class RequestForm(Form):
    """What a resident asks to be consulted."""

    title = forms.line(N_("O co pytać? (jedno zdanie)"), longest=LONGEST_TITLE, shortest=5)
    text = forms.text(N_("Opisz sprawę"), longest=LONGEST_TEXT, shortest=20)
    form = forms.text(N_("W jakiej formie?"), longest=1_000, shortest=3)
    reason = forms.text(N_("Dlaczego to potrzebne?"), longest=5_000, shortest=10)
    area = SelectField(N_("Której części gminy to dotyczy?"), validators=[Length(max=20)])
    language = languages()
    form_key = HiddenField(validators=[Length(max=64)])

    def offer(self, areas: list[tuple[int, str]]) -> RequestForm:
        self.area.choices = [
            SelectChoice(value="", label=WHOLE),
            *(SelectChoice(value=str(key), label=name) for key, name in areas),
        ]
        return self

    def wish(self) -> Wish:
        return Wish(
            title=self.title.data,
            text=self.text.data,
            form=self.form.data,
            reason=self.reason.data,
            area_id=int(self.area.data) if self.area.data else None,
            language=self.language.data,
        )


class PetitionForm(Form):
    """What a person petitions for, with how to reach them. Both are sealed until redaction."""

    title = forms.line(
        N_("Czego dotyczy petycja? (jedno zdanie)"), longest=LONGEST_TITLE, shortest=5
    )
    text = forms.text(N_("Treść petycji"), longest=LONGEST_TEXT, shortest=20)
    name = forms.line(N_("Imię i nazwisko albo nazwa"), longest=LONGEST_LINE, shortest=3)
    contact = forms.text(
        N_("Adres zamieszkania albo siedziby i adres do odpowiedzi"), longest=500, shortest=5
    )
    name_is_public = BooleanField(N_("Zgadzam się, żeby moje imię i nazwisko było jawne"))
    language = languages()
    form_key = HiddenField(validators=[InputRequired(), Length(min=16, max=64)])

    def letter(self) -> Letter:
        return Letter(
            title=self.title.data,
            text=self.text.data,
            name=self.name.data,
            contact=self.contact.data,
            name_is_public=bool(self.name_is_public.data),
            language=self.language.data,
        )


class EntryForm(Form):
    """What an officer enters from paper."""

    register = RadioField(
        N_("Co wpłynęło?"),
        choices=[
            SelectChoice(value=Register.PETITION.value, label=N_("petycja")),
            SelectChoice(value=Register.INITIATIVE.value, label=N_("inicjatywa uchwałodawcza")),
        ],
        default=Register.PETITION.value,
    )
    title = forms.line(N_("Czego dotyczy?"), longest=LONGEST_TITLE, shortest=5)
    text = forms.text(N_("Treść, tak jak wpłynęła"), longest=LONGEST_TEXT, shortest=10)
    name = forms.line(N_("Kto składa albo komitet"), longest=LONGEST_LINE, required=False)
    contact = forms.text(N_("Adres i kontakt"), longest=500, required=False)
    name_is_public = BooleanField(N_("Jest zgoda na ujawnienie imienia i nazwiska albo nazwy"))
    received_on = Day(N_("Dzień wpływu"), validators=[InputRequired(REQUIRED)])
    scan = FileField(N_("Skan albo plik oryginału"))
    scan_token = HiddenField(validators=[Length(max=64)])

    def letter(self) -> Letter:
        return Letter(
            title=self.title.data,
            text=self.text.data,
            name=self.name.data or "",
            contact=self.contact.data or "",
            name_is_public=bool(self.name_is_public.data),
            received_on=self.received_on.data,
        )


class RedactionForm(Form):
    title = forms.line(N_("Tytuł w rejestrze"), longest=LONGEST_TITLE, shortest=5)
    passages = forms.text(N_("Co zakryć? Po jednym w wierszu"), longest=10_000, required=False)
    needed = Number(N_("Ile podpisów jest wymaganych?"), validators=[MayBeEmpty()])


class PublishForm(Form):
    seen = HiddenField(validators=[InputRequired(REQUIRED), Length(max=64)])
    scan = FileField(N_("Skan z zakrytymi danymi"))
    scan_token = HiddenField(validators=[Length(max=64)])


class CountForm(Form):
    signatures = Number(N_("Ile jest ważnych podpisów na papierze?"))
    note = forms.line(N_("Kto liczył i co odrzucono"), longest=LONGEST_LINE, shortest=3)

    def validate_signatures(self, field: Number) -> None:
        if field.data is None and not field.errors:
            forms.stop(field, UNREAL_NUMBER)


class SubmissionForm(Form):
    on = Day(N_("Dzień złożenia"), validators=[InputRequired(REQUIRED)])


class AnswerForm(Form):
    outcome = SelectField(N_("Co postanowiono?"))
    answer = forms.text(N_("Odpowiedź z uzasadnieniem"), longest=LONGEST_TEXT, shortest=10)
    forwarded_to = forms.line(N_("Komu przekazano"), longest=LONGEST_LINE, required=False)
    consultation = SelectField(N_("Konsultacje, które z tego wyniknęły"))

    def offer(
        self, outcomes: list[tuple[str, str]], consultations: list[tuple[int, str]]
    ) -> AnswerForm:
        self.outcome.choices = [SelectChoice(value=key, label=label) for key, label in outcomes]
        self.consultation.choices = [
            SelectChoice(value="", label=N_("żadne")),
            *(SelectChoice(value=str(key), label=title) for key, title in consultations),
        ]
        return self

    @property
    def consultation_id(self) -> int | None:
        return int(self.consultation.data) if self.consultation.data else None


class ExtensionForm(Form):
    until = Day(N_("Nowy termin"), validators=[InputRequired(REQUIRED)])
    reason = forms.text(N_("Dlaczego potrzeba więcej czasu?"), longest=2_000, shortest=10)


class JoinForm(Form):
    other = SelectField(N_("Rozpatrz łącznie z petycją"))

    def offer(self, mains: list[tuple[int, str]]) -> JoinForm:
        self.other.choices = [SelectChoice(value=str(key), label=name) for key, name in mains]
        return self


class WithdrawalForm(Form):
    reason = forms.text(N_("Dlaczego to wycofujesz?"), longest=500, shortest=5)


class TermsForm(Form):
    """The municipality's own numbers for requests, and where they come from."""

    needed = Number(N_("Ile osób musi poprzeć wniosek w sprawie całej gminy?"))
    needed_in_area = Number(N_("Ile osób, gdy sprawa dotyczy jednej części gminy?"))
    answer_days = Number(N_("W ile dni urząd odpowiada?"))
    gathering_days = Number(N_("Ile dni można zbierać poparcie?"))
    source = forms.line(
        N_("Skąd te liczby? (uchwała, zarządzenie)"), longest=LONGEST_LINE, shortest=5
    )

    def validate(self, extra_validators: object = None) -> bool:
        valid = bool(super().validate(extra_validators))
        for field in (self.needed, self.needed_in_area, self.answer_days, self.gathering_days):
            if not field.data and not field.errors:
                field.errors = [UNREAL_NUMBER]
                valid = False
        if self.answer_days.data and self.answer_days.data > LONGEST_TERM:
            self.answer_days.errors, valid = [TOO_MANY_DAYS], False
        if self.gathering_days.data and self.gathering_days.data > LONGEST_TERM:
            self.gathering_days.errors, valid = [TOO_MANY_DAYS], False
        return valid


class InitiativeTermsForm(Form):
    """How long signatures under an initiative are gathered, if the council has said so."""

    initiative_days = Number(N_("Ile dni od wpisu do rejestru można zbierać podpisy?"))
    initiative_source = forms.line(
        N_("Skąd ten termin? (uchwała rady)"), longest=LONGEST_LINE, required=False
    )

    def validate(self, extra_validators: object = None) -> bool:
        valid = bool(super().validate(extra_validators))
        days = self.initiative_days
        if days.data is not None and not 0 < days.data <= LONGEST_TERM:
            days.errors, valid = [TOO_MANY_DAYS if days.data else UNREAL_NUMBER], False
        if days.data and not self.initiative_source.data:
            self.initiative_source.errors, valid = [REQUIRED], False
        return valid


LONGEST_TERM = 730
TOO_MANY_DAYS = N_("To za długo: najwyżej 730 dni.")
