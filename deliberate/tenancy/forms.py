"""What an administrator may set: a form a section. Fields are named as the columns they set."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from wtforms import (
    BooleanField,
    DateTimeLocalField,
    Field,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import Email, NumberRange, ValidationError
from wtforms.validators import Optional as MayBeEmpty

from deliberate.kernel import clock
from deliberate.kernel.forms import Between, Form, clean_line, line, text
from deliberate.kernel.i18n import LANGUAGES, say
from deliberate.kernel.texts import N_
from deliberate.tenancy import colours, rules
from deliberate.tenancy.models import Area, SilenceMode

BAD_EMAIL = N_("Sprawdź adres: ma wyglądać jak ewa@poczta.pl.")
BAD_COLOUR = N_("Podaj kolor jako # i sześć znaków, na przykład #0f5257.")
UNREADABLE = N_(
    "Tego koloru nie da się dobrze przeczytać: kontrast na tle %(ground)s wynosi %(ratio)s : 1, "
    "a potrzebne jest co najmniej 4,5 : 1. Wybierz ciemniejszy."
)
UNREAL_HOUR = N_("Podaj dzień i pełną godzinę, na przykład 2027-10-09 00:00.")
# The first is what browsers send and want to be given; the others are typed without a picker.
HOUR_FORMATS = ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"]
LARGEST_NUMBER = 50_000_000


class Hour(DateTimeLocalField):
    """A whole hour of Warsaw's clock; pages are kept for an hour, so they change only at one."""

    def process_data(self, value: datetime | None) -> None:
        self.data = clock.local(value) if value is not None else None

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata([value.strip() for value in valuelist])
        except ValueError as error:
            raise ValueError(UNREAL_HOUR) from error
        if self.data is None:
            return
        if self.data.minute or self.data.second or not 2000 <= self.data.year < 2200:
            self.data = None
            raise ValueError(UNREAL_HOUR)
        self.data = self.data.replace(tzinfo=clock.WARSAW).astimezone(UTC)


class SectionForm(Form):
    """A part of the settings, saved on its own."""

    @property
    def fields(self) -> dict[str, object]:
        """Return columns and their values."""
        return {name: value for name, value in self.data.items() if name != "csrf_token"}


class NamesForm(SectionForm):
    portal_name = line(N_("Nazwa portalu"), longest=60, shortest=2)
    name = line(N_("Nazwa (kto? co?)"), longest=80, shortest=2)
    official_name = line(N_("Nazwa urzędowa"), longest=120, shortest=2)
    genitive = line(N_("Dopełniacz (kogo? czego?)"), longest=80, shortest=2)
    locative = line(N_("Miejscownik z przyimkiem (gdzie?)"), longest=80, shortest=3)
    adjective = line(N_("Przymiotnik"), longest=80, shortest=2)
    residents_name = line(N_("Mieszkanki i mieszkańcy"), longest=120, shortest=2)
    name_en = line(N_("Nazwa po angielsku"), longest=80, shortest=2)
    name_uk = line(N_("Nazwa po ukraińsku"), longest=80, shortest=2)
    executive = line(N_("Organ wykonawczy"), longest=120, shortest=2)
    executive_genitive = line(N_("Organ wykonawczy: kogo?"), longest=120, shortest=2)
    executive_instrumental = line(N_("Organ wykonawczy: z kim?"), longest=120, shortest=2)
    council = line(N_("Rada"), longest=80, shortest=2)


class ContactForm(SectionForm):
    office_name = line(N_("Nazwa urzędu"), longest=120, shortest=2)
    office_address = line(N_("Adres"), longest=200, shortest=5)
    office_phone = line(N_("Telefon"), longest=40, shortest=5)
    office_email = StringField(
        N_("E-mail"),
        filters=[clean_line],
        validators=[Between(0, 254), Email(BAD_EMAIL)],
    )
    office_hours = line(N_("Godziny"), longest=200, required=False)
    lead_unit = line(N_("Kto prowadzi konsultacje"), longest=200, required=False)
    paper_places = text(N_("Gdzie można to zrobić bez internetu"), longest=1000, required=False)
    dpo_contact = line(N_("Kontakt w sprawie danych osobowych"), longest=300, required=False)


class PracticeForm(SectionForm):
    legal_basis = text(N_("Stała podstawa prawna konsultacji"), longest=500, required=False)
    accepts_late_letters = BooleanField(
        N_("Na listy po terminie urząd odpowiada, choć nie wchodzą już do konsultacji")
    )
    languages = SelectMultipleField(
        N_("Języki stron"),
        choices=[SelectChoice(code, name) for code, name in LANGUAGES.items()],
    )

    @property
    def fields(self) -> dict[str, object]:
        # Polish is always there, and first: it is the language of the source and of the law.
        chosen = {"pl", *(self.languages.data or ())}
        listed = ",".join(code for code in LANGUAGES if code in chosen)
        return {**super().fields, "languages": listed}


class SilenceForm(SectionForm):
    """Both hours, or none: then there is no silence."""

    silence_from = Hour(N_("Od"), validators=[MayBeEmpty()], format=HOUR_FORMATS)
    silence_until = Hour(N_("Do"), validators=[MayBeEmpty()], format=HOUR_FORMATS)
    silence_mode = SelectField(
        N_("Co się zmienia w rozmowach"),
        choices=[
            SelectChoice(SilenceMode.BANNER, N_("nic, tylko napis na każdej stronie")),
            SelectChoice(
                SilenceMode.PRE_MODERATION, N_("nowe wypowiedzi pokazujemy po sprawdzeniu")
            ),
            SelectChoice(SilenceMode.READ_ONLY, N_("rozmowy można tylko czytać")),
        ],
        default=SilenceMode.BANNER,
    )

    def validate(self, extra_validators: Any = None) -> bool:
        # Not a validator of one field: an empty one asks no further.
        good: bool = super().validate(extra_validators)
        problem = rules.silence_problem(self.silence_from.data, self.silence_until.data)
        if good and problem is not None:
            self.silence_until.errors = [problem]
        return good and problem is None


class ColoursForm(SectionForm):
    brand = StringField(N_("Kolor główny"), filters=[clean_line])
    accent = StringField(N_("Kolor akcentu"), filters=[clean_line])

    def validate_brand(self, field: Field) -> None:
        _check_colour(field)

    def validate_accent(self, field: Field) -> None:
        _check_colour(field)

    @property
    def fields(self) -> dict[str, object]:
        return {name: value.lower() or None for name, value in super().fields.items()}  # type: ignore[attr-defined]


class AreaForm(SectionForm):
    name = line(N_("Nazwa"), longest=80, shortest=2)
    kind = line(N_("Rodzaj"), longest=40, shortest=2)
    parent_id = SelectField(N_("Leży w"), choices=[], default="")
    residents = IntegerField(
        N_("Ile osób tam mieszka"),
        validators=[MayBeEmpty(), NumberRange(0, LARGEST_NUMBER, N_("Podaj liczbę od zera."))],
    )
    position = IntegerField(
        N_("Kolejność na listach"),
        default=0,
        validators=[MayBeEmpty(), NumberRange(0, 10_000, N_("Podaj liczbę od zera."))],
    )

    def offer(self, areas: Sequence[Area], *, besides: int | None = None) -> None:
        others = [area for area in areas if area.id != besides]
        self.parent_id.choices = [
            SelectChoice("", say(N_("cały samorząd"))),
            *(SelectChoice(str(area.id), area.name) for area in others),
        ]

    @property
    def fields(self) -> dict[str, object]:
        parent = int(self.parent_id.data) if self.parent_id.data else None
        return {**super().fields, "parent_id": parent, "position": self.position.data or 0}


class UnitForm(SectionForm):
    name = line(N_("Nazwa"), longest=120, shortest=2)
    email = StringField(
        N_("E-mail"),
        filters=[clean_line],
        validators=[MayBeEmpty(), Between(0, 254), Email(BAD_EMAIL)],
    )
    position = IntegerField(
        N_("Kolejność na listach"),
        default=0,
        validators=[MayBeEmpty(), NumberRange(0, 10_000, N_("Podaj liczbę od zera."))],
    )

    @property
    def fields(self) -> dict[str, object]:
        return {**super().fields, "position": self.position.data or 0}


class RulesForm(Form):
    text = text(N_("Zasady, każda w osobnym wierszu"), longest=3000)

    def validate_text(self, field: Field) -> None:
        if problem := rules.rules_problem(self.lines):
            raise ValidationError(problem)

    @property
    def lines(self) -> list[str]:
        return rules.split_rules(self.text.data)


def _check_colour(field: Field) -> None:
    """Refuse what is no colour, and what cannot be read, with the number that was measured."""
    if not field.data:
        return
    try:
        reading = colours.measure(field.data)
    except ValueError:
        raise ValidationError(BAD_COLOUR) from None
    if not reading.is_enough:
        # Rounded down: "4,5" must not stand where 4.5 was not reached.
        ratio = f"{int(reading.ratio * 100) / 100:.2f}".replace(".", ",")
        raise ValidationError(say(UNREADABLE, ground=reading.ground, ratio=ratio))
