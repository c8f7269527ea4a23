"""The shape of what people type about themselves."""

from __future__ import annotations

from collections.abc import Sequence

from email_validator import EmailNotValidError, validate_email
from wtforms import BooleanField, Field, PasswordField, RadioField, SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, Length, Regexp, ValidationError

from deliberate.accounts import codes, factor_rules, rules
from deliberate.accounts.models import Form as FormOfAddress
from deliberate.kernel.forms import REQUIRED, Between, Form, clean_line, line, text
from deliberate.kernel.i18n import LANGUAGES, say
from deliberate.kernel.texts import N_
from deliberate.tenancy.models import Area, Municipality

LONGEST_EMAIL = 254  # RFC 5321, 4.5.3.1
LONGEST_NAME = 60
BAD_EMAIL = N_("Sprawdź adres: ma wyglądać jak ewa@poczta.pl.")
LIVES_HERE = N_("Mieszkam %(where)s i tu jest moje codzienne życie.")
NO_AREA = N_("Nie wybieram")
CHOOSE = N_("Wybierz z listy.")


class EmailForm(Form):
    email = StringField(
        N_("Adres e-mail"),
        filters=[clean_line],
        validators=[DataRequired(REQUIRED), Between(0, LONGEST_EMAIL)],
    )

    def validate_email(self, field: Field) -> None:
        field.data = _checked(field.data)


class PasswordSignInForm(EmailForm):
    password = PasswordField(
        N_("Hasło"),
        validators=[DataRequired(REQUIRED), Between(0, rules.LONGEST_PASSWORD)],
    )


class CodeForm(Form):
    """Six digits, however they are spaced."""

    code = StringField(
        N_("Kod z listu"),
        filters=[lambda typed: "".join((typed or "").split())],
        validators=[DataRequired(REQUIRED), Regexp(r"[0-9]{6}\Z", message=N_("Kod ma 6 cyfr."))],
    )


class AppCodeForm(Form):
    """The first code of an app, to see that the secret arrived there."""

    code = StringField(
        N_("Kod z aplikacji"),
        filters=[lambda typed: "".join((typed or "").split())],
        validators=[
            DataRequired(REQUIRED),
            Regexp(
                rf"[0-9]{{{factor_rules.CODE_DIGITS}}}\Z", message=N_("Kod z aplikacji ma 6 cyfr.")
            ),
        ],
    )


class FactorForm(Form):
    """A code of the app, or one from paper in its place: the number of digits tells."""

    code = StringField(
        N_("Kod z aplikacji albo zapasowy"),
        filters=[lambda typed: "".join((typed or "").replace("-", " ").split())],
        validators=[
            DataRequired(REQUIRED),
            Regexp(
                rf"([0-9]{{{factor_rules.CODE_DIGITS}}}|[0-9]{{{factor_rules.RECOVERY_DIGITS}}})\Z",
                message=N_("Kod z aplikacji ma 6 cyfr, a zapasowy 12."),
            ),
        ],
    )


class ProfileForm(Form):
    display_name = line(N_("Jak Cię podpisywać"), longest=LONGEST_NAME, shortest=2)
    form = RadioField(
        N_("Jak o Tobie pisać"),
        choices=[
            SelectChoice(FormOfAddress.FEMININE, N_("ona – mieszkanka, autorka")),
            SelectChoice(FormOfAddress.MASCULINE, N_("on – mieszkaniec, autor")),
            SelectChoice(FormOfAddress.NEUTRAL, N_("bez rodzaju – osoba")),
        ],
        invalid_choice_message=CHOOSE,
        default=FormOfAddress.NEUTRAL,
    )

    def validate_display_name(self, field: Field) -> None:
        if problem := rules.name_problem(field.data):
            raise ValidationError(problem)


class AccountForm(ProfileForm):
    locale = SelectField(
        N_("Język stron i listów"),
        choices=[SelectChoice(code, name) for code, name in LANGUAGES.items()],
        invalid_choice_message=CHOOSE,
    )


class ResidenceFields(Form):
    """The declaration and the part of the municipality; see ``ask_about``."""

    lives_here = BooleanField()
    area = SelectField(N_("Część gminy"), choices=[], default="", invalid_choice_message=CHOOSE)

    def ask_about(self, tenant: Municipality, areas: Sequence[Area], locale: str) -> None:
        """Fill in what differs between municipalities: the sentence and the list of areas."""
        self.lives_here.label.text = say(LIVES_HERE, where=tenant.where_in(locale))
        self.area.choices = _choices_of(areas)

    @property
    def area_id(self) -> int | None:
        return int(self.area.data) if self.area.data else None


class IntroductionForm(ProfileForm, ResidenceFields):
    is_13 = BooleanField(
        N_("Mam co najmniej 13 lat."),
        validators=[
            DataRequired(N_("Konto może mieć osoba od 13 lat. Młodszej pomoże rodzic albo urząd."))
        ],
    )


class DeclarationForm(ResidenceFields):
    def validate_lives_here(self, field: Field) -> None:
        if not field.data:
            raise ValidationError(N_("Zaznacz, jeśli tak jest. Bez tego nie ma oświadczenia."))


class LetterForm(Form):
    name = line(N_("Imię i nazwisko"), longest=120, shortest=3)
    address = text(N_("Adres do listu"), longest=300, shortest=8)


class LetterCodeForm(Form):
    code = StringField(
        N_("Kod z listu"),
        filters=[lambda typed: codes.read_letter_code(clean_line(typed))],
        validators=[
            DataRequired(REQUIRED),
            Regexp(
                rf"[{codes.ALPHABET}]{{{codes.LETTER_CODE_LENGTH}}}\Z",
                message=N_("Kod ma osiem znaków, bez liter I, L, O i U."),
            ),
        ],
    )


class NewPasswordForm(Form):
    """``current`` is asked for only when the session is no longer fresh; the view judges it."""

    current = PasswordField(N_("Obecne hasło"), validators=[Between(0, rules.LONGEST_PASSWORD)])
    password = PasswordField(
        N_("Nowe hasło"),
        validators=[
            DataRequired(REQUIRED),
            Length(
                min=rules.SHORTEST_PASSWORD,
                message=N_("Hasło ma mieć co najmniej 12 znaków. Długie zdanie też może być."),
            ),
            Between(0, rules.LONGEST_PASSWORD),
        ],
    )


class ClosingForm(Form):
    understood = BooleanField(
        N_("Wiem, że konta nie da się przywrócić."),
        validators=[DataRequired(N_("Zaznacz, żeby zamknąć konto."))],
    )


class DeskDecisionForm(Form):
    """What an officer has seen at the desk."""

    area = SelectField(N_("Część gminy"), choices=[], default="", invalid_choice_message=CHOOSE)

    def offer(self, areas: Sequence[Area]) -> None:
        self.area.choices = _choices_of(areas)

    @property
    def area_id(self) -> int | None:
        return int(self.area.data) if self.area.data else None


class RefusalForm(Form):
    reason = text(N_("Powód"), longest=1000, shortest=rules.SHORTEST_REASON)


def _choices_of(areas: Sequence[Area]) -> list[SelectChoice]:
    none = SelectChoice("", say(NO_AREA))
    return [none, *(SelectChoice(str(area.id), area.name) for area in areas)]


def _checked(address: str) -> str:
    """Return the address as it is written to; its host is not asked, so nothing waits."""
    try:
        return validate_email(address, check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise ValidationError(BAD_EMAIL) from error
