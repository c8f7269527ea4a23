"""What an officer may say of a section, and of a vote as a whole. Each kind has its own fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

from wtforms import (
    BooleanField,
    Field,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, NumberRange, ValidationError
from wtforms.validators import Optional as MayBeEmpty

from deliberate.algorithms.counting import BallotKind, Terms
from deliberate.algorithms.counting.method import Band, Denominator
from deliberate.kernel import clock
from deliberate.kernel.fields import Day, whole
from deliberate.kernel.forms import REQUIRED, Between, Form, clean_line, clean_text, line, text
from deliberate.kernel.texts import N_
from deliberate.tenancy.models import Area
from deliberate.voting import randomness, wording
from deliberate.voting.actions.preparing import OptionDraft, SectionDraft
from deliberate.voting.forms import NO_NUMBER, Moment, Number
from deliberate.voting.models import Poll
from deliberate.voting.states import AreaLock

MOST_OPTIONS, MOST_POINTS, MOST_PEOPLE = 500, 10_000, 10_000_000
LONGEST_TITLE, LONGEST_TEXT, LONGEST_PROMISE = 200, 400, 120
HIGHEST_SCORE = 100
PROPOSALS, OWN = "proposals", "own"

NO_AMOUNT = N_("Podaj kwotę w złotych, na przykład 500000 albo 1200,50.")
NO_WEIGHTS = N_("Podaj punkty za kolejne miejsca, coraz mniejsze, na przykład: 3; 2; 1.")
NO_BAND = N_("W każdym wierszu podaj próg i obietnicę, na przykład: 80: urząd wykona.")
SCALE_UPSIDE_DOWN = N_("Najwyższa ocena musi być większa niż najniższa.")
FEWER_THAN_LEAST = N_("Nie może być mniej niż najmniejsza liczba wyborów.")
ONE_SEAT = N_("Ta metoda wybiera jedną pozycję.")
MORE_THAN_ALL = N_("To więcej niż cała pula punktów.")
TITLE_TOO_LONG = N_("Tytuł albo opis w jednym z wierszy jest za długi.")
WHO_IS_ENTITLED = N_("Podaj, ile osób jest uprawnionych: od nich liczy się procent.")
WHEN_AND_WHAT = N_("Podaj źródło i moment losowania albo zostaw oba puste.")


def number(label: str, least: int, most: int, *, required: bool = True) -> Number:
    check = InputRequired(REQUIRED) if required else MayBeEmpty()
    return Number(label, validators=[check, NumberRange(least, most, NO_NUMBER)])


# Which fields a kind has beside those of every kind.
FIELDS: Mapping[BallotKind, frozenset[str]] = {
    BallotKind.SINGLE: frozenset({"may_be_blank", "seats"}),
    BallotKind.APPROVAL: frozenset({"least", "most", "seats"}),
    BallotKind.KNAPSACK: frozenset({"least", "most", "budget", "seats"}),
    BallotKind.RANKED: frozenset({"least", "most", "seats", "weights"}),
    BallotKind.SCORE: frozenset({"least", "most", "lowest", "highest", "seats"}),
    BallotKind.POINTS: frozenset({"least", "most", "points", "each_most", "spend_all", "seats"}),
    BallotKind.QUESTIONS: frozenset({"every", "denominator", "entitled", "quorum", "bands"}),
}


class SectionForm(Form):
    """One section. What does not belong to its kind is not there."""

    kind = HiddenField()
    title = line(N_("Nazwa tej części karty"), longest=LONGEST_TITLE)
    area_id = SelectField(N_("Dla kogo"), coerce=whole)
    source = RadioField(
        N_("Na co się głosuje"),
        choices=[
            SelectChoice(PROPOSALS, N_("Na propozycje z tych konsultacji – zaznacz je niżej")),
            SelectChoice(OWN, N_("Na pytania albo pozycje wpisane tutaj")),
        ],
    )
    # No "may be empty" on fields that another one can make necessary: it would end their checks.
    own = TextAreaField(N_("Pytania albo pozycje, każda w osobnym wierszu"), filters=[clean_text])
    method = RadioField(N_("Jak liczymy głosy"))
    may_be_blank = BooleanField(N_("Można oddać kartę bez wyboru"))
    every = BooleanField(N_("Trzeba odpowiedzieć na każde pytanie"))
    least = number(N_("Ile co najmniej"), 0, MOST_OPTIONS)
    most = number(N_("Ile najwyżej (puste: bez granicy)"), 1, MOST_OPTIONS, required=False)
    lowest = number(N_("Najniższa ocena"), 0, HIGHEST_SCORE - 1)
    highest = number(N_("Najwyższa ocena"), 1, HIGHEST_SCORE)
    points = number(N_("Ile punktów do rozdania"), 1, MOST_POINTS)
    each_most = number(
        N_("Ile punktów najwyżej dla jednej pozycji (puste: bez granicy)"),
        1,
        MOST_POINTS,
        required=False,
    )
    spend_all = BooleanField(N_("Trzeba rozdać wszystkie punkty"))
    budget = line(N_("Kwota w złotych"), longest=20)
    seats = number(N_("Ile pozycji zostaje wybranych"), 1, MOST_OPTIONS)
    weights = StringField(
        N_("Punkty za kolejne miejsca (tylko przy punktach za miejsca)"),
        filters=[clean_line],
        validators=[Between(0, 200)],
    )
    denominator = RadioField(
        N_("Od czego liczymy procent „za”"),
        choices=[SelectChoice(each.value, words) for each, words in wording.DENOMINATORS.items()],
    )
    entitled = Number(N_("Ile osób jest uprawnionych (tylko gdy od nich liczymy)"))
    quorum = number(
        N_("Ile kart co najmniej, żeby wynik się liczył (puste: bez progu)"),
        1,
        MOST_PEOPLE,
        required=False,
    )
    bands = text(
        N_("Obietnice od progu, każda w osobnym wierszu"),
        longest=2_000,
        required=False,
    )

    def __init__(self, kind: BallotKind, areas: Sequence[Area], **given: Any) -> None:
        super().__init__(**given)
        self.kind.data = kind.value
        self.of_kind = kind
        self.area_id.choices = [
            SelectChoice(0, N_("cała gmina")),
            *(SelectChoice(area.id, area.name) for area in areas),
        ]
        self.method.choices = [
            SelectChoice(key, wording.METHOD_WORDS[key][0]) for key in wording.methods_of(kind)
        ]
        every = frozenset().union(*FIELDS.values())
        for name in every - FIELDS[kind]:
            delattr(self, name)
        if kind is BallotKind.QUESTIONS:
            self.own.label.text = N_("Pytania, każde w osobnym wierszu")

    def said(self, name: str, default: Any = None) -> Any:
        """Return what stands in a field of the kind; the default where it has no such field."""
        # Any: a field's data is what its type makes of it.
        field = self._fields.get(name)
        return default if field is None or field.data is None else field.data

    # Shapes that no single field can judge.

    def validate_own(self, field: Field) -> None:
        if self.source.data == OWN:
            _read(read_options, field)

    def validate_most(self, field: Field) -> None:
        if field.data is not None and field.data < (self.said("least") or 0):
            raise ValidationError(FEWER_THAN_LEAST)

    def validate_highest(self, field: Field) -> None:
        if field.data is not None and field.data <= self.said("lowest", -1):
            raise ValidationError(SCALE_UPSIDE_DOWN)

    def validate_each_most(self, field: Field) -> None:
        if field.data is not None and field.data > self.said("points", field.data):
            raise ValidationError(MORE_THAN_ALL)

    def validate_seats(self, field: Field) -> None:
        if field.data is not None and field.data > 1 and self.method.data == "irv":
            raise ValidationError(ONE_SEAT)

    def validate_budget(self, field: Field) -> None:
        _read(read_amount, field)

    def validate_weights(self, field: Field) -> None:
        if self.method.data == "positional":
            _read(read_weights, field)

    def validate_entitled(self, field: Field) -> None:
        if self.said("denominator") == Denominator.ENTITLED and field.data is None:
            raise ValidationError(WHO_IS_ENTITLED)

    def validate_bands(self, field: Field) -> None:
        _read(read_bands, field)

    def draft(self, ticked: int) -> SectionDraft:
        """Return the section of a form that was found right; ``ticked`` proposals stand in it."""
        own = read_options(self.own.data or "") if self.source.data == OWN else []
        every = len(own) if self.source.data == OWN else ticked
        least, most = self.said("least", 0), self.said("most") or max(every, 1)
        if self.of_kind is BallotKind.SINGLE:
            least, most = int(not self.may_be_blank.data), 1
        elif self.of_kind is BallotKind.QUESTIONS:
            least, most = every if self.every.data else 0, max(every, 1)
        amount = self.said("budget")
        return SectionDraft(
            title=self.title.data or "",
            kind=self.of_kind,
            method=self.method.data,
            least=least,
            most=max(least, most),
            options=own,
            area_id=self.area_id.data or None,
            lowest=self.said("lowest"),
            highest=self.said("highest"),
            points=self.said("points"),
            each_most=self.said("each_most"),
            spend_all=self.said("spend_all", default=False),
            budget=read_amount(amount) if amount is not None else None,
            terms=self._terms(),
        )

    def _terms(self) -> Terms:
        is_of_all = self.said("denominator") == Denominator.ENTITLED
        return Terms(
            seats=self.said("seats", 1),
            weights=read_weights(self.said("weights", ""))
            if self.method.data == "positional"
            else (),
            denominator=Denominator(self.said("denominator", Denominator.YES_AND_NO)),
            quorum=self.said("quorum", 0),
            bands=read_bands(self.said("bands", "")),
            entitled=self.said("entitled") if is_of_all else None,
        )


class RulesForm(Form):
    """What holds for the vote as a whole."""

    result_due = Day(N_("Wynik ogłosimy najpóźniej"), validators=[InputRequired(REQUIRED)])
    area_lock = RadioField(
        N_("Części dla jednego osiedla, dzielnicy albo sołectwa"),
        choices=[
            SelectChoice(AreaLock.HOME.value, N_("głosuje się tylko tam, gdzie się mieszka")),
            SelectChoice(AreaLock.CHOSEN.value, N_("każda osoba wybiera, gdzie głosuje")),
        ],
    )
    areas_most = number(N_("W ilu najwyżej można głosować, gdy się wybiera"), 1, 50)
    randomness_source = StringField(
        N_("Skąd weźmiemy los (puste: remis zostaje remisem)"),
        filters=[clean_line],
        validators=[Between(0, 120)],
    )
    randomness_shape = SelectField(
        N_("W jakiej postaci"),
        choices=[SelectChoice(shape.value, kind.label) for shape, kind in randomness.KINDS.items()],
    )
    randomness_at = Moment(N_("Kiedy będzie losowanie"), validators=[MayBeEmpty()])

    def validate_randomness_source(self, field: Field) -> None:
        if bool(field.data) != (self.randomness_at.data is not None):
            raise ValidationError(WHEN_AND_WHAT)

    def rules(self) -> dict[str, Any]:
        """Return what was said, as ``say_rules`` takes it."""
        has_lots = bool(self.randomness_source.data)
        drawn_at: datetime | None = self.randomness_at.data
        return {
            "result_due": self.result_due.day,
            "area_lock": AreaLock(self.area_lock.data),
            "areas_most": self.areas_most.data,
            "randomness_source": self.randomness_source.data if has_lots else "",
            "randomness_shape": self.randomness_shape.data if has_lots else "",
            "randomness_at": drawn_at.replace(tzinfo=clock.WARSAW).astimezone(UTC)
            if has_lots and drawn_at
            else None,
        }


def section_form(
    kind: BallotKind, areas: Sequence[Area], draft: SectionDraft | None, title: str
) -> SectionForm:
    """Return the form of a section as it is drafted, or as a new one usually is."""
    if draft is None or draft.kind is not kind:
        usual = _usual(kind)
        return SectionForm(
            kind, areas, formdata=None, title=draft.title if draft else title, **usual
        )
    own = [option for option in draft.options if option.subject_id is None]
    every, terms = len(draft.options), draft.terms
    return SectionForm(
        kind,
        areas,
        formdata=None,
        title=draft.title,
        area_id=draft.area_id or 0,
        source=OWN if own else PROPOSALS,
        own=write_options(own),
        method=draft.method,
        may_be_blank=draft.least == 0,
        every=every > 0 and draft.least == every,
        least=draft.least,
        most=None if draft.most == every else draft.most,
        lowest=draft.lowest,
        highest=draft.highest,
        points=draft.points,
        each_most=draft.each_most,
        spend_all=draft.spend_all,
        budget=_amount(draft.budget) if draft.budget else "",
        seats=terms.seats,
        weights="; ".join(_decimal(weight) for weight in terms.weights),
        denominator=terms.denominator.value,
        entitled=terms.entitled,
        quorum=terms.quorum or None,
        bands="\n".join(f"{_decimal(band.least * 100)}: {band.key}" for band in terms.bands),
    )


def rules_form(poll: Poll) -> RulesForm:
    """Return the form of a whole vote as it is drafted."""
    drawn_at = clock.local(poll.randomness_at) if poll.randomness_at else None
    return RulesForm(
        formdata=None,
        result_due=poll.result_due,
        area_lock=poll.area_lock,
        areas_most=poll.areas_most,
        randomness_source=poll.randomness_source,
        randomness_shape=poll.randomness_shape or randomness.Shape.LOTTO,
        randomness_at=drawn_at,
    )


def _usual(kind: BallotKind) -> dict[str, Any]:
    return {
        "area_id": 0,
        "source": OWN if kind is BallotKind.QUESTIONS else PROPOSALS,
        "method": wording.methods_of(kind)[0],
        "least": 1,
        "seats": 1,
        "lowest": 0,
        "highest": 5,
        "points": 10,
        "denominator": Denominator.YES_AND_NO.value,
    }


# Lines of a field, both ways.


def read_options(written: str) -> list[OptionDraft]:
    """Read a line an option: ``title | short text | cost in złoty``, the last two as one likes."""
    rows = [
        [part.strip() for part in row.split("|")] for row in written.splitlines() if row.strip()
    ]
    drafts = []
    for no, row in enumerate(rows, start=1):
        title, body, cost, *rest = [*row, "", ""][: max(3, len(row))]
        if rest or not title or len(title) > LONGEST_TITLE or len(body) > LONGEST_TEXT:
            raise ValueError(TITLE_TOO_LONG)
        grosze = read_amount(cost) if cost else None
        drafts.append(OptionDraft(no=no, title=title, text=body, cost=grosze))
    if not drafts:
        raise ValueError(REQUIRED)
    if len(drafts) > MOST_OPTIONS:
        raise ValueError(N_("Na karcie zmieści się najwyżej 500 pozycji."))
    return drafts


def write_options(options: Sequence[OptionDraft]) -> str:
    rows = []
    for option in options:
        cost = _amount(option.cost) if option.cost is not None else ""
        rows.append(f"{option.title} | {option.text} | {cost}".rstrip("| "))
    return "\n".join(rows)


def read_amount(written: str) -> int:
    """Read złoty as grosze."""
    whole_part, comma, rest = "".join(written.split()).removesuffix("zł").partition(",")
    fits = whole_part.isascii() and whole_part.isdigit() and len(whole_part) < 13
    if not fits or (comma and not (rest.isascii() and rest.isdigit() and len(rest) == 2)):
        raise ValueError(NO_AMOUNT)
    return int(whole_part) * 100 + int(rest or 0)


def read_weights(written: str) -> tuple[Fraction, ...]:
    try:
        weights = tuple(_exact(part) for part in written.split(";") if part.strip())
    except ValueError as error:
        raise ValueError(NO_WEIGHTS) from error
    if not weights or weights[0] == 0 or list(weights) != sorted(weights, reverse=True):
        raise ValueError(NO_WEIGHTS)
    return weights


def read_bands(written: str) -> tuple[Band, ...]:
    """Read a line a band: ``80: what is promised from 80 % on``."""
    bands = []
    for row in written.splitlines():
        if not row.strip():
            continue
        share, colon, promise = row.partition(":")
        try:
            least = _exact(share.replace("%", "")) / 100
        except ValueError as error:
            raise ValueError(NO_BAND) from error
        promise = " ".join(promise.split())
        if not (colon and promise and len(promise) <= LONGEST_PROMISE and 0 < least <= 1):
            raise ValueError(NO_BAND)
        bands.append(Band(key=promise, least=least))
    if len({band.least for band in bands}) < len(bands) or len({b.key for b in bands}) < len(bands):
        raise ValueError(NO_BAND)
    return tuple(sorted(bands, key=lambda band: -band.least))


def _exact(written: str) -> Fraction:
    typed = written.strip().replace(",", ".")
    if not typed.isascii() or len(typed) > 12 or not typed.replace(".", "", 1).isdigit():
        raise ValueError(NO_NUMBER)
    return Fraction(typed)


def _decimal(value: Fraction) -> str:
    return wording.figure(value, "pl").replace("\N{NO-BREAK SPACE}", "")


def _amount(grosze: int) -> str:
    whole_part, rest = divmod(grosze, 100)
    return f"{whole_part},{rest:02}" if rest else str(whole_part)


def _read(reader: Any, field: Field) -> None:
    # Any: one of the readers above.
    try:
        reader(field.data or "")
    except ValueError as error:
        raise ValidationError(str(error)) from error
