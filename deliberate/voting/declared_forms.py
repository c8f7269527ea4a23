"""What somebody without an account says of themselves, on its way from page to page."""

from __future__ import annotations

from collections.abc import Sequence

from wtforms import BooleanField, Field, HiddenField, SelectChoice, SelectField, StringField
from wtforms.validators import DataRequired, Length, ValidationError

from deliberate.accounts.forms import LIVES_HERE, NO_AREA
from deliberate.kernel.forms import Form, clean_line, line
from deliberate.kernel.i18n import say
from deliberate.kernel.texts import N_
from deliberate.tenancy.models import Area, Municipality
from deliberate.voting.actions.declaring import Saying
from deliberate.voting.contacts import Contact, ContactKind, read_contact
from deliberate.voting.identity import Identity, read_address
from deliberate.voting.models import Poll
from deliberate.voting.states import AgeRule, CaseKind

LONGEST_NAME, LONGEST_STREET, LONGEST_FLAT, LONGEST_CONTACT = 60, 120, 10, 254
MUST_DECLARE = N_("Głosować może osoba, która tu mieszka. Zaznacz, jeśli tak jest.")
MUST_BE_OLDER = N_("Samodzielnie głosuje osoba w tym wieku. Zaznacz, jeśli tak jest.")
NO_NUMBER = N_("Podaj ulicę albo miejscowość i numer domu, na przykład: Rynek 5.")
NO_CONTACT = N_("Sprawdź: potrzebny jest adres e-mail, na przykład ewa@poczta.pl.")
NO_CONTACT_OR_PHONE = N_(
    "Sprawdź: potrzebny jest e-mail, na przykład ewa@poczta.pl, albo telefon, dziewięć cyfr."
)


class DeclaredForm(Form):
    """Name, home, a way to send a code, and what one declares. No PESEL and no date of birth."""

    given_name = line(N_("Imię"), longest=LONGEST_NAME)
    surname = line(N_("Nazwisko"), longest=LONGEST_NAME)
    address = line(N_("Ulica i numer domu"), longest=LONGEST_STREET)
    flat = line(N_("Mieszkanie"), longest=LONGEST_FLAT, required=False)
    area = SelectField(N_("W której części mieszkasz"), default="", validate_choice=True)
    contact = line(N_("E-mail"), longest=LONGEST_CONTACT)
    lives_here = BooleanField(LIVES_HERE, validators=[DataRequired(MUST_DECLARE)])
    is_of_age = BooleanField("", validators=[DataRequired(MUST_BE_OLDER)])

    offers_sms: bool = False
    locale: str = "pl"

    def ask_about(
        self,
        poll: Poll,
        tenant: Municipality,
        areas: Sequence[Area],
        locale: str,
        *,
        offers_sms: bool,
    ) -> None:
        """Fill in what differs: the sentences, the parts that have a section, telephone or not."""
        self.offers_sms, self.locale = offers_sms, locale
        self.lives_here.label.text = say(LIVES_HERE, where=tenant.where_in(locale))
        if offers_sms:
            self.contact.label.text = N_("E-mail albo telefon")
        if areas:
            self.area.choices = [
                SelectChoice("", NO_AREA),
                *(SelectChoice(str(area.id), area.name) for area in areas),
            ]
        else:
            del self.area
        if poll.age_rule == AgeRule.NONE:
            del self.is_of_age
        else:
            self.is_of_age.label.text = say(N_("Mam ukończone lata: %(age)s."), age=poll.age)

    def validate_address(self, field: Field) -> None:
        if read_address(field.data) is None:
            raise ValidationError(NO_NUMBER)

    def validate_contact(self, field: Field) -> None:
        contact = read_contact(field.data)
        if contact is None or (contact.kind is ContactKind.SMS and not self.offers_sms):
            raise ValidationError(NO_CONTACT_OR_PHONE if self.offers_sms else NO_CONTACT)

    def saying(self, claim: CaseKind | None = None, *, changes: bool = False) -> Saying:
        """Return what was said; only of a form that was found right."""
        home, contact = read_address(self.address.data, self.flat.data or ""), self.said_contact
        assert home is not None  # noqa: S101 - validated
        return Saying(
            identity=Identity(
                given_name=self.given_name.data,
                surname=self.surname.data,
                street=home.street,
                house_no=home.house_no,
                flat=home.flat,
            ),
            contact=contact,
            area_id=int(self.area.data) if "area" in self and self.area.data else None,
            claim=claim,
            changes=changes,
            locale=self.locale,
        )

    @property
    def said_contact(self) -> Contact:
        contact = read_contact(self.contact.data)
        assert contact is not None  # noqa: S101 - validated
        return contact

    def as_sent(self) -> list[tuple[str, str]]:
        """Return names and values of the fields that carry all of this on to the next page."""
        fields: list[tuple[str, str]] = []
        for field in self:
            if isinstance(field, BooleanField):
                fields += [(field.name, "y")] if field.data else []
            elif field.name != "csrf_token" and field.data:
                fields.append((field.name, field.data))
        return fields


class ContactCodeForm(Form):
    """Six digits, and the token that says which ones."""

    code = StringField(
        N_("Kod"),
        filters=[clean_line],
        validators=[DataRequired(N_("Wpisz sześć cyfr kodu.")), Length(max=20)],
    )
    token = HiddenField(validators=[Length(max=100)])
