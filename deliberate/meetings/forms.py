"""What may be sent about meetings. A form checks the shape; the rules check the case."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from email_validator import EmailNotValidError, validate_email
from flask_wtf.file import FileField
from wtforms import BooleanField, Field, HiddenField, IntegerField, SelectField, StringField
from wtforms.fields import EmailField, SelectChoice, TimeField
from wtforms.validators import InputRequired, NumberRange, Optional, ValidationError
from wtforms.widgets import HiddenInput

from deliberate.kernel import clock
from deliberate.kernel.fields import Day, https, whole
from deliberate.kernel.forms import REQUIRED, Form, clean_line, line, text
from deliberate.kernel.texts import N_
from deliberate.meetings import content, rules
from deliberate.meetings.content import Content
from deliberate.meetings.kinds import ACCESS, KIND_LABELS, KNOWN_LABELS, Known
from deliberate.meetings.models import MOST_PERSONS, Meeting

LONGEST_TITLE, LONGEST_LINE, LONGEST_TEXT, LONGEST_NOTE = 120, 200, 3_000, 20_000
LONGEST_NEEDS, LONGEST_NAME, LONGEST_EMAIL, LONGEST_PHONE = 500, 80, 254, 30
MOST_SEATS, MOST_CAME = 5_000, 100_000
SHORTEST_REASON = 5

UNREAL_HOUR = N_("Podaj godzinę w postaci 17:30.")
UNREAL_NUMBER = N_("Podaj liczbę.")
LEFT_OUT = N_("Tej godziny nie ma: w nocy zmienia się czas. Podaj inną.")
BACKWARDS = N_("Koniec wypada przed początkiem. Popraw daty albo godziny.")
NO_ADDRESS = N_("Wpisz cały adres, na przykład anna@poczta.pl.")
NO_SLOT_FITS = N_("Między początkiem a końcem nie mieści się ani jedna wizyta.")
TOO_LATE = N_("Zapisy muszą się skończyć najpóźniej w dniu spotkania.")
CHOOSE = N_("Wybierz z listy.")
WHOLE = N_("cała gmina")


class Hour(TimeField):
    """An hour; the browser sends 17:30."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata([value.strip() for value in valuelist])
        except ValueError as error:
            raise ValueError(UNREAL_HOUR) from error


class Number(IntegerField):
    """A whole number, or nothing."""

    def process_formdata(self, valuelist: list[str]) -> None:
        typed = valuelist[0].strip() if valuelist else ""
        if not typed:
            self.data = None
        elif typed.isascii() and typed.isdigit() and len(typed) < 10:
            self.data = int(typed)
        else:
            raise ValueError(UNREAL_NUMBER)


def _known(column: str) -> SelectField:
    return SelectField(
        ACCESS[column],
        choices=[SelectChoice(code, label) for code, label in KNOWN_LABELS.items()],
        default=Known.UNKNOWN,
        invalid_choice_message=CHOOSE,
    )


def _label(name: str) -> str:
    return content.LABELS[name]


class MeetingForm(Form):
    """All that is said of a meeting. Days and hours are Warsaw's."""

    revision = IntegerField(widget=HiddenInput(), default=0, validators=[NumberRange(min=0)])
    kind = SelectField(
        _label("kind"),
        choices=[SelectChoice(code, label) for code, label in KIND_LABELS.items()],
        invalid_choice_message=CHOOSE,
    )
    title = line(_label("title"), longest=LONGEST_TITLE, shortest=3)
    about = text(_label("about"), longest=LONGEST_TEXT, required=False)
    day = Day(N_("Dzień"), validators=[InputRequired(REQUIRED)])
    starts = Hour(N_("Od godziny"), validators=[InputRequired(REQUIRED)])
    ends = Hour(N_("Do godziny"), validators=[InputRequired(REQUIRED)])
    last_day = Day(N_("Ostatni dzień"), validators=[Optional()])
    hours = line(_label("hours"), longest=LONGEST_LINE, required=False)
    place = line(_label("place"), longest=LONGEST_LINE, required=False)
    address = line(_label("address"), longest=LONGEST_LINE, required=False)
    directions = text(_label("directions"), longest=LONGEST_TEXT, required=False)
    online_url = StringField(_label("online_url"), filters=[clean_line], validators=[https])
    area_id = SelectField(N_("Część gminy"), coerce=whole, default=0, invalid_choice_message=CHOOSE)
    leader = line(_label("leader"), longest=LONGEST_LINE, required=False)
    bring = line(_label("bring"), longest=LONGEST_LINE, required=False)
    step_free = _known("step_free")
    lift = _known("lift")
    toilet = _known("toilet")
    loop = _known("loop")
    sign_language = _known("sign_language")
    captions = _known("captions")
    easy_text = _known("easy_text")
    assistant_dog = _known("assistant_dog")
    quiet_room = _known("quiet_room")
    childcare = _known("childcare")
    access_contact = line(_label("access_contact"), longest=LONGEST_LINE, required=False)
    has_sign_up = BooleanField(N_("Trzeba się zapisać"))
    seats = Number(
        _label("seats"), validators=[Optional(), NumberRange(1, MOST_SEATS, UNREAL_NUMBER)]
    )
    slot_minutes = Number(
        _label("slot_minutes"), validators=[Optional(), NumberRange(5, 480, UNREAL_NUMBER)]
    )
    sign_up_until = Day(_label("sign_up_until"), validators=[Optional()])
    reason = text(
        N_("Dlaczego – zobaczą to wszyscy"),
        longest=1_000,
        shortest=SHORTEST_REASON,
        required=False,
    )

    @classmethod
    def of(cls, meeting: Meeting) -> MeetingForm:
        """Return the form with what the meeting says."""
        first, last = clock.local(meeting.starts_at), clock.local(meeting.ends_at)
        until = meeting.sign_up_until
        return cls(
            formdata=None,
            obj=meeting,
            day=first.date(),
            starts=first.time(),
            ends=last.time(),
            last_day=last.date() if last.date() != first.date() else None,
            area_id=meeting.area_id or 0,
            seats=None if meeting.slot_minutes else meeting.seats,
            sign_up_until=clock.last_day(until) if until else None,
        )

    def offer(self, areas: list[tuple[int, str]]) -> MeetingForm:
        """Give the list of the municipality's parts."""
        self.area_id.choices = [
            SelectChoice(str(value), label) for value, label in ((0, WHOLE), *areas)
        ]
        return self

    starts_at: datetime | None = None
    ends_at: datetime | None = None

    def validate(self, extra_validators: Any = None) -> bool:
        good: bool = super().validate(extra_validators)
        day, last = self.day.data, self.last_day.data or self.day.data
        if day is None or last is None or self.starts.data is None or self.ends.data is None:
            return False
        self.starts_at = rules.moment(day, self.starts.data)
        self.ends_at = rules.moment(last, self.ends.data)
        if self.starts_at is None:
            return _wrong(self.starts, LEFT_OUT)
        if self.ends_at is None:
            return _wrong(self.ends, LEFT_OUT)
        if self.starts_at >= self.ends_at:
            return _wrong(self.ends, BACKWARDS)
        if self.slot_minutes.data and not self._slots():
            return _wrong(self.slot_minutes, NO_SLOT_FITS)
        if self.sign_up_until.data and self.sign_up_until.data > day:
            return _wrong(self.sign_up_until, TOO_LATE)
        return good

    def content(self) -> Content:
        """Return what the validated form says."""
        if self.starts_at is None or self.ends_at is None:
            raise RuntimeError("Only a form that is in order has a content.")
        has_sign_up = bool(self.has_sign_up.data or self.slot_minutes.data)
        until = self.sign_up_until.data
        return Content(
            **{name: self[name].data or "" for name in _PLAIN},
            starts_at=self.starts_at,
            ends_at=self.ends_at,
            access={column: self[column].data for column in ACCESS},
            area_id=self.area_id.data or None,
            has_sign_up=has_sign_up,
            seats=self._seats() if has_sign_up else None,
            slot_minutes=self.slot_minutes.data or None,
            sign_up_until=clock.end_of_day(until) if until and has_sign_up else None,
        )

    def _slots(self) -> list[datetime]:
        if self.starts_at is None or self.ends_at is None or not self.slot_minutes.data:
            return []
        return rules.slots(self.starts_at, self.ends_at, self.slot_minutes.data)

    def _seats(self) -> int | None:
        seats: int | None = self.seats.data
        return len(self._slots()) or seats


_PLAIN = (
    "kind",
    "title",
    "about",
    "hours",
    "place",
    "address",
    "directions",
    "online_url",
    "access_contact",
    "bring",
    "leader",
)


def _wrong(field: Field, message: str) -> bool:
    field.errors = [message]
    return False


class CancelForm(Form):
    reason = text(N_("Dlaczego – zobaczą to wszyscy"), longest=1_000, shortest=SHORTEST_REASON)


class _Timed(Form):
    """One of the times that nobody has yet, where a meeting is held by times."""

    slot: SelectField

    def offer(self, slots: list[tuple[int, str]]) -> None:
        """Give the free times; where there are none, the field goes."""
        if slots:
            self.slot.choices = [SelectChoice(str(value), label) for value, label in slots]
        else:
            del self.slot

    @property
    def chosen_slot(self) -> int | None:
        field = self._fields.get("slot")
        return field.data if field is not None else None


class _Coming(_Timed):
    """Who comes: shared by people's own form and the office's."""

    name = line(N_("Imię i nazwisko albo jak Cię zapisać"), longest=LONGEST_NAME, shortest=2)
    persons = SelectField(
        N_("Ile osób przyjdzie"),
        coerce=whole,
        choices=[SelectChoice(str(n), str(n)) for n in range(1, MOST_PERSONS + 1)],
        default=1,
        invalid_choice_message=CHOOSE,
    )
    needs = text(N_("Czego potrzebujesz, żeby wziąć udział"), longest=LONGEST_NEEDS, required=False)
    slot = SelectField(N_("Godzina"), coerce=whole, choices=[], invalid_choice_message=CHOOSE)


class SignUpForm(_Coming):
    email = EmailField(N_("Adres e-mail"), filters=[clean_line])

    def validate_email(self, field: Field) -> None:
        if not field.data:
            raise ValidationError(REQUIRED)
        field.data = _address(field.data)


class EntryForm(_Coming):
    """Somebody who telephoned: the officer types."""

    name = line(N_("Imię i nazwisko"), longest=LONGEST_NAME, shortest=2)
    needs = text(N_("Potrzeby"), longest=LONGEST_NEEDS, required=False)
    email = EmailField(N_("Adres e-mail"), filters=[clean_line])
    phone = line(N_("Telefon"), longest=LONGEST_PHONE, required=False)

    def validate_email(self, field: Field) -> None:
        if field.data:
            field.data = _address(field.data)


def _address(typed: str) -> str:
    try:
        found = validate_email(typed, check_deliverability=False)
    except EmailNotValidError as error:
        raise ValidationError(NO_ADDRESS) from error
    if len(found.normalized) > LONGEST_EMAIL:
        raise ValidationError(NO_ADDRESS)
    return found.normalized


class ConfirmForm(_Timed):
    """The button of the letter's page; where there are times, one of those still free."""

    slot = SelectField(N_("Godzina"), coerce=whole, choices=[], invalid_choice_message=CHOOSE)


class MessageForm(Form):
    subject = line(N_("Temat"), longest=120, shortest=3)
    body = text(N_("Treść"), longest=4_000, shortest=10)


class NoteForm(Form):
    """What came of it."""

    revision = IntegerField(widget=HiddenInput(), default=0, validators=[NumberRange(min=0)])
    attendance = Number(
        N_("Ile osób przyszło"), validators=[Optional(), NumberRange(0, MOST_CAME, UNREAL_NUMBER)]
    )
    topics = text(
        N_("O czym mówiono – każdy temat w osobnym wierszu"), longest=LONGEST_TEXT, required=False
    )
    note = text(N_("Notatka ze spotkania"), longest=LONGEST_NOTE, required=False)


class QuestionForm(Form):
    question = text(N_("Pytanie"), longest=LONGEST_TEXT, shortest=3)
    asked_by = line(N_("Kto pytał"), longest=80, required=False)
    answer = text(N_("Odpowiedź"), longest=LONGEST_NOTE, required=False)
    publish = BooleanField(N_("Pokaż na stronie spotkania"), default=True)


class FileForm(Form):
    upload = FileField(N_("Plik albo zdjęcie"))
    file_token = HiddenField()
    file_alt = line(N_("Co jest w tym pliku albo na zdjęciu"), longest=300)


class Press(Form):
    """A button and nothing else."""
