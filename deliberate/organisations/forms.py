"""What an organisation says of itself, and what the office says of it."""

from __future__ import annotations

from collections.abc import Sequence

from wtforms import Field, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import ValidationError

from deliberate.accounts.forms import EmailForm
from deliberate.kernel.forms import Between, Form, clean_line, line, text
from deliberate.kernel.texts import N_
from deliberate.organisations import kinds, rules
from deliberate.organisations.profile import Profile
from deliberate.topics.models import Topic


class AboutForm(Form):
    about = text(N_("Czym się zajmujecie"), longest=2000, required=False)
    topics = SelectMultipleField(N_("Tematy"), choices=[])

    def offer_topics(self, topics: Sequence[Topic], locale: str) -> None:
        self.topics.choices = [SelectChoice(row.key, row.name_in(locale)) for row in topics]


class ProfileForm(AboutForm):
    name = line(N_("Nazwa"), longest=160, shortest=3)
    kind = SelectField(
        N_("Rodzaj"), choices=[SelectChoice(key.value, label) for key, label in kinds.KINDS.items()]
    )
    register = SelectField(
        N_("Rejestr"),
        choices=[SelectChoice(key.value, label) for key, label in kinds.REGISTERS.items()],
    )
    # Whether it may be empty is for the register to say, so no validator ends the check before.
    number = StringField(
        N_("Numer w rejestrze"),
        filters=[clean_line],
        validators=[Between(0, 40)],
    )
    seat = line(N_("Siedziba"), longest=120, shortest=2)

    def validate_number(self, field: Field) -> None:
        if problem := rules.number_problem(self.register.data, field.data):
            raise ValidationError(problem)

    @property
    def profile(self) -> Profile:
        return Profile(
            name=self.name.data,
            kind=self.kind.data,
            register=self.register.data,
            number=self.number.data,
            seat=self.seat.data,
            about=self.about.data,
            topics=tuple(self.topics.data or ()),
        )


class SignUpForm(ProfileForm):
    function = line(N_("Twoja funkcja"), longest=80, shortest=2)


class MemberForm(EmailForm):
    function = line(N_("Funkcja"), longest=80, shortest=2)


class RefusalForm(Form):
    reason: TextAreaField = text(N_("Powód odmowy"), longest=1000, shortest=rules.SHORTEST_REASON)


class ButtonForm(Form):
    """A button and its token."""
