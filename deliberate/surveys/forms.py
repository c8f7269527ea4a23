"""What the office sends about a survey; sheets have a shape of their own (rules.answering)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectMultipleField,
    TextAreaField,
)
from wtforms.validators import InputRequired, NumberRange
from wtforms.validators import Optional as MayBeEmpty
from wtforms.widgets import HiddenInput

from deliberate.algorithms.branching import Condition
from deliberate.kernel import forms
from deliberate.kernel.texts import N_
from deliberate.surveys.definition import Definition, Question
from deliberate.surveys.kinds import QuestionKind
from deliberate.surveys.rules import building

LONGEST_TITLE, LONGEST_INTRO = 120, 2_000
LONGEST_LINE = 300
BIGGEST_REVISION = 1_000_000
LAST_BATCH = 9_999
IDEM, STAMP = "klucz", "wersja"
LONGEST_IDEM = 100

WHOLE_NUMBER = N_("Wpisz liczbę.")
LONG_LINE = N_("Każdy wiersz może mieć najwyżej 300 znaków.")
ANONYMOUS = (
    SelectChoice("tak", N_("anonimowa: nie da się sprawdzić, kto co odpowiedział")),
    SelectChoice("nie", N_("przy koncie: do końca ankiety można zmienić swoje odpowiedzi")),
)


def _whole(label: str, *, least: int = 0, most: int = building.LONGEST_TEXT) -> IntegerField:
    return IntegerField(
        label, validators=[MayBeEmpty(), NumberRange(least, most, message=WHOLE_NUMBER)]
    )


def _stamp() -> IntegerField:
    return IntegerField(
        widget=HiddenInput(), validators=[InputRequired(), NumberRange(1, BIGGEST_REVISION)]
    )


def _lines(label: str) -> TextAreaField:
    return TextAreaField(label, filters=[forms.clean_text])


def _split(text: str | None) -> tuple[str, ...]:
    """Return the lines of a list that are not empty."""
    return tuple(line for line in map(forms.clean_line, (text or "").split("\n")) if line)


class NewSurveyForm(forms.Form):
    """The beginning of a survey: its name, its first words, whose the answers are."""

    title = forms.line(N_("Tytuł ankiety"), longest=LONGEST_TITLE, shortest=3)
    intro = forms.text(
        N_("Wstęp: o co pytacie i co zrobicie z odpowiedziami"),
        longest=LONGEST_INTRO,
        required=False,
    )
    anonymous = RadioField(N_("Czyje są odpowiedzi"), choices=ANONYMOUS, default="tak")

    @property
    def is_anonymous(self) -> bool:
        return bool(self.anonymous.data != "nie")


class SettingsForm(NewSurveyForm):
    revision = _stamp()


class QuestionForm(forms.Form):
    """All fields of all kinds; a page shows those of one kind, the others stay empty."""

    text = forms.line(N_("Pytanie"), longest=LONGEST_LINE)
    hint = forms.line(N_("Wyjaśnienie pod pytaniem"), longest=LONGEST_LINE, required=False)
    is_required = BooleanField(N_("Odpowiedź jest konieczna"))
    options = _lines(N_("Odpowiedzi"))
    rows = _lines(N_("Wiersze tabelki"))
    least = _whole(N_("Co najmniej"))
    most = _whole(N_("Najwyżej"))
    least_label = forms.line(N_("Co znaczy początek skali"), longest=60, required=False)
    most_label = forms.line(N_("Co znaczy koniec skali"), longest=60, required=False)
    longest = _whole(N_("Najwięcej znaków"))
    shown_if = SelectMultipleField(N_("Pokaż tylko, gdy odpowiedziano"), validate_choice=False)
    revision = _stamp()

    def offer_answers(self, before: Sequence[Question]) -> None:
        """Offer as conditions the answers to the questions before this one."""
        self.shown_if.choices = [
            SelectChoice(f"{number}:{value}", question.label(value), optgroup=question.text)
            for number, question in enumerate(before, start=1)
            for value in sorted(question.values)
        ]

    def fill(self, question: Question) -> None:
        """Show a question as it is."""
        condition = question.shown_if
        self.text.data, self.hint.data = question.text, question.hint
        self.is_required.data = question.is_required
        self.options.data = "\n".join(question.options)
        self.rows.data = "\n".join(question.rows)
        self.least.data, self.most.data = question.least, question.most
        self.least_label.data, self.most_label.data = question.least_label, question.most_label
        self.longest.data = question.longest
        if condition is not None:
            self.shown_if.data = [f"{condition.question}:{each}" for each in condition.values]

    def read(self, kind: QuestionKind) -> Question | None:
        """Return the question, or None with errors at its fields."""
        valid = self.validate()
        condition = self._condition()
        options, rows = _split(self.options.data), _split(self.rows.data)
        for field, lines in ((self.options, options), (self.rows, rows)):
            if any(len(line) > LONGEST_LINE for line in lines):
                field.errors = [LONG_LINE]
                valid = False
        question = Question(
            kind=kind,
            text=self.text.data or "",
            hint=self.hint.data or "",
            is_required=bool(self.is_required.data),
            options=() if kind in (QuestionKind.SCALE, QuestionKind.TEXT) else options,
            rows=rows if kind is QuestionKind.MATRIX else (),
            least=self._least(kind),
            most=self._most(kind, len(options)),
            least_label=self.least_label.data or "" if kind is QuestionKind.SCALE else "",
            most_label=self.most_label.data or "" if kind is QuestionKind.SCALE else "",
            longest=self._longest(kind),
            shown_if=condition,
        )
        for name, message in building.question_faults(question).items():
            if not self[name].errors:
                self[name].errors = [message]
            valid = False
        return question if valid and not self.shown_if.errors else None

    def _least(self, kind: QuestionKind) -> int:
        has_least = kind in (QuestionKind.MULTIPLE, QuestionKind.SCALE, QuestionKind.RANKING)
        return (self.least.data or 0) if has_least else 0

    def _most(self, kind: QuestionKind, options: int) -> int:
        if kind in (QuestionKind.MULTIPLE, QuestionKind.RANKING):
            return options if self.most.data is None else int(self.most.data)
        return (self.most.data or 0) if kind is QuestionKind.SCALE else 0

    def _longest(self, kind: QuestionKind) -> int:
        if kind is not QuestionKind.TEXT:
            return 0
        return building.USUAL_TEXT if self.longest.data is None else int(self.longest.data)

    def _condition(self) -> Condition | None:
        offered = {choice.value for choice in self.shown_if.choices or ()}
        chosen = [text for text in self.shown_if.data or () if text in offered]
        if not chosen:
            return None
        pairs = [tuple(map(int, text.split(":"))) for text in chosen]
        if len({question for question, _ in pairs}) > 1:
            self.shown_if.errors = [building.ONE_QUESTION]
            return None
        return Condition(pairs[0][0], frozenset(value for _, value in pairs))


class StampForm(forms.Form):
    """A button of the builder: nothing but which revision it was pressed on."""

    revision = _stamp()


class BatchForm(forms.Form):
    """Which batch of paper is being entered."""

    batch = IntegerField(
        N_("Numer partii"),
        validators=[
            InputRequired(forms.REQUIRED),
            NumberRange(1, LAST_BATCH, message=N_("Wpisz numer od 1 do 9999.")),
        ],
    )
    klucz = HiddenField()


class ReasonForm(forms.Form):
    reason = forms.line(N_("Co i dlaczego poprawiacie"), longest=300, shortest=10)


def read_texts(definition: Definition, sent: MultiDict[str, str]) -> dict[str, str]:
    """Return the text sent for each place of a survey; a missing one is empty."""
    return {
        place: (forms.clean_text if place == "intro" else forms.clean_line)(sent.get(place, ""))
        for place in definition.texts()
    }


def long_texts(texts: Mapping[str, str]) -> list[str]:
    """Return the places whose text is longer than its kind may be."""
    most = {"title": LONGEST_TITLE, "intro": LONGEST_INTRO}
    return [place for place, text in texts.items() if len(text) > most.get(place, LONGEST_LINE)]


def read_given(sent: MultiDict[str, str]) -> dict[str, list[str]]:
    """Return what a sheet sent, by control, its texts cleaned."""
    return {
        name: [forms.clean_text(value) for value in sent.getlist(name)]
        for name in sent
        if name.startswith("p")
    }


def read_idem(sent: MultiDict[str, str]) -> str | None:
    """Return the form's own key, or None where the form is not ours."""
    key = sent.get(IDEM, "")
    return key if 20 <= len(key) <= LONGEST_IDEM else None


def read_stamp(sent: MultiDict[str, str]) -> int:
    """Return the revision that a sheet answers; 0 for nonsense, which no survey has."""
    text = sent.get(STAMP, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 0


def read_places(values: Iterable[str]) -> set[tuple[str, int]]:
    """Return sheet and question of the texts that check boxes name: "1f…:3"."""
    found = set()
    for value in values:
        sheet, _, number = value.partition(":")
        if number.isascii() and number.isdigit() and len(number) <= 3:
            found.add((sheet, int(number)))
    return found
