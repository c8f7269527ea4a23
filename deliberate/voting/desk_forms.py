"""What a clerk types at the counter: who stands there, cards, and what became of them."""

from __future__ import annotations

from collections.abc import Sequence

from wtforms import (
    BooleanField,
    DateField,
    Field,
    HiddenField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
)
from wtforms.validators import DataRequired, InputRequired, NumberRange, ValidationError
from wtforms.validators import Optional as MayBeEmpty

from deliberate.accounts.forms import NO_AREA
from deliberate.kernel.forms import REQUIRED, Form, clean_line, line
from deliberate.kernel.i18n import say
from deliberate.kernel.texts import N_
from deliberate.tenancy.models import Area, Municipality
from deliberate.voting.actions.carding import Figures
from deliberate.voting.actions.desk import Visitor
from deliberate.voting.declared_forms import (
    LONGEST_CONTACT,
    LONGEST_FLAT,
    LONGEST_NAME,
    LONGEST_STREET,
    NO_NUMBER,
)
from deliberate.voting.identity import Identity, read_address
from deliberate.voting.models import Poll, RollLine, Section
from deliberate.voting.states import AgeRule, CaseKind, Electorate

MOST_CARDS = 1_000
LONGEST_PLACE, LONGEST_TYPED, LONGEST_CODE = 120, 2_000, 40
SAYS_SO = N_("Osoba oświadcza, że mieszka %(where)s i że to jej jedyny głos.")
OLD_ENOUGH, WITH_GUARDIAN = "sama", "z-opieka"
NO_CLAIM = "nie"
CLAIMS = (
    (NO_CLAIM, N_("Nie, to pierwszy głos z tymi danymi")),
    (CaseKind.HOUSEHOLD, N_("Tak: widzę dokument innej osoby o tym samym imieniu i nazwisku")),
    (CaseKind.NOT_MINE, N_("Tak: osoba mówi, że tamten głos nie jest jej")),
)
MUST_SAY_SO = N_("Bez tego oświadczenia głosu nie zapiszemy.")
WHOLE = N_("Wpisz liczbę, także zero.")


class VisitorForm(Form):
    """Who votes. Only what the electorate of the vote asks for is left in it."""

    given_name = line(N_("Imię"), longest=LONGEST_NAME)
    surname = line(N_("Nazwisko"), longest=LONGEST_NAME)
    address = line(N_("Ulica i numer domu"), longest=LONGEST_STREET)
    flat = line(N_("Mieszkanie"), longest=LONGEST_FLAT, required=False)
    code = line(N_("Kod z listu"), longest=LONGEST_CODE)
    roll_line = SelectField(N_("Osoba z listy"), validators=[DataRequired(REQUIRED)])
    email = line(N_("E-mail konta"), longest=LONGEST_CONTACT)
    area = SelectField(N_("W której części mieszka"), default="")
    age = RadioField(N_("Wiek"), validators=[InputRequired(REQUIRED)])
    claim = RadioField(
        N_("Czy ktoś już głosował z tymi danymi?"),
        choices=[SelectChoice(value, label) for value, label in CLAIMS],
        default=NO_CLAIM,
    )
    says_so = BooleanField(SAYS_SO, validators=[DataRequired(MUST_SAY_SO)])
    klucz = HiddenField()

    def ask_about(
        self,
        poll: Poll,
        tenant: Municipality,
        *,
        areas: Sequence[Area],
        roll: Sequence[RollLine],
        where: str,
    ) -> None:
        """Leave the fields that this vote's electorate asks for, and fill in what they offer."""
        asked = {
            Electorate.DECLARED: {"given_name", "surname", "address", "flat", "claim"},
            Electorate.CODES: {"code"},
            Electorate.LISTED: {"roll_line"},
            Electorate.RESIDENTS: {"email"},
        }[Electorate(poll.electorate)]
        without_account = poll.electorate in {Electorate.DECLARED, Electorate.CODES}
        asked |= {"says_so"} if without_account else set()
        asked |= {"area"} if areas and without_account else set()
        asked |= {"age"} if poll.age_rule != AgeRule.NONE else set()
        for name in list(self._fields):
            if name not in asked | {"klucz", "csrf_token"} and hasattr(VisitorForm, name):
                del self[name]
        if "area" in self:
            self.area.choices = [
                SelectChoice("", NO_AREA),
                *(SelectChoice(str(area.id), area.name) for area in areas),
            ]
        if "roll_line" in self:
            self.roll_line.choices = [SelectChoice("", N_("Wybierz osobę"))]
            self.roll_line.choices += [
                SelectChoice(str(row.no), row.name)
                for row in roll
                if row.added_by is None or row.confirmed_by is not None
            ]
        if "says_so" in self:
            self.says_so.label.text = say(SAYS_SO, where=where)
        if "age" in self:
            self.age.choices = _ages(poll)

    def validate_address(self, field: Field) -> None:
        if read_address(field.data) is None:
            raise ValidationError(NO_NUMBER)

    def visitor(self) -> Visitor:
        """Return who votes; only of a form that was found right."""
        return Visitor(
            identity=self._identity() if "address" in self else None,
            area_id=int(self.area.data) if "area" in self and self.area.data else None,
            claim=self._claim(),
            code=self.code.data if "code" in self else "",
            line=int(self.roll_line.data) if "roll_line" in self else 0,
            email=self.email.data if "email" in self else "",
        )

    def _identity(self) -> Identity:
        home = read_address(self.address.data, self.flat.data or "")
        assert home is not None  # noqa: S101 - validated
        return Identity(
            given_name=self.given_name.data,
            surname=self.surname.data,
            street=home.street,
            house_no=home.house_no,
            flat=home.flat,
        )

    def _claim(self) -> CaseKind | None:
        said = self.claim.data if "claim" in self else NO_CLAIM
        return None if said == NO_CLAIM else CaseKind(said)


class CardForm(VisitorForm):
    """Who votes on paper, and when a posted card came."""

    received_on = DateField(N_("Karta przyszła pocztą: dzień wpływu"), validators=[MayBeEmpty()])


class BatchForm(Form):
    """How many cards, and where."""

    place = line(N_("Gdzie będą te karty"), longest=LONGEST_PLACE)
    number = IntegerField(
        N_("Ile kart"),
        validators=[
            InputRequired(REQUIRED),
            NumberRange(1, MOST_CARDS, N_("Wpisz liczbę od 1 do 1000.")),
        ],
    )


class BoxForm(Form):
    """What became of the cards of a batch."""

    in_box = IntegerField(N_("W urnie"), validators=[InputRequired(WHOLE)])
    spoiled = IntegerField(N_("Zepsute i wymienione"), validators=[InputRequired(WHOLE)])
    missing = IntegerField(N_("Wydane, a nie ma ich w urnie"), validators=[InputRequired(WHOLE)])
    unused = IntegerField(N_("Niewydane"), validators=[InputRequired(WHOLE)])

    def validate(self, extra_validators: object = None) -> bool:
        """Hold each number between nothing and a whole batch."""
        for each in (self.in_box, self.spoiled, self.missing, self.unused):
            each.validators = [InputRequired(WHOLE), NumberRange(0, MOST_CARDS, WHOLE)]
        return bool(super().validate(extra_validators))

    @property
    def figures(self) -> Figures:
        return Figures(
            in_box=self.in_box.data,
            spoiled=self.spoiled.data,
            missing=self.missing.data,
            unused=self.unused.data,
        )


class KeyingForm(Form):
    """One card: its number, and for each section what stands on it."""

    serial = IntegerField(
        N_("Numer karty"),
        validators=[InputRequired(REQUIRED), NumberRange(1, 10_000_000, REQUIRED)],
    )


def keying_form(sections: Sequence[Section], **values: object) -> KeyingForm:
    """Return the form of a card of this ballot: two fields a section."""
    fields: dict[str, object] = {}
    for section in sections:
        fields[typed_name(section.no)] = StringField(
            section.title, filters=[clean_line], validators=[MayBeEmpty()]
        )
        fields[invalid_name(section.no)] = BooleanField(N_("W tej części karta jest nieważna"))
    form: KeyingForm = type("KeyingForm", (KeyingForm,), fields)(**values)
    return form


def typed_name(section_no: int) -> str:
    return f"czesc-{section_no}"


def invalid_name(section_no: int) -> str:
    return f"niewazna-{section_no}"


def _ages(poll: Poll) -> list[SelectChoice]:
    said = [SelectChoice(OLD_ENOUGH, say(N_("Ma ukończone lata: %(age)s"), age=poll.age))]
    if poll.age_rule == AgeRule.GUARDIAN:
        younger = N_("Jest młodsza: opiekunka albo opiekun jest obok i się zgadza")
        said.append(SelectChoice(WITH_GUARDIAN, say(younger)))
    return said
