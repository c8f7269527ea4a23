"""What forms share: cleaned texts, lengths, and the answer to input of the wrong shape."""

from __future__ import annotations

from collections.abc import Callable

from flask_wtf import FlaskForm
from markupsafe import Markup
from wtforms import Field, StringField, TextAreaField
from wtforms.fields.choices import Choice
from wtforms.form import BaseForm
from wtforms.validators import DataRequired, StopValidation
from wtforms.validators import Optional as MayBeEmpty
from wtforms.widgets import Select

from deliberate.kernel import prose
from deliberate.kernel.i18n import say
from deliberate.kernel.texts import N_

REQUIRED = N_("Uzupełnij to pole.")
TOO_LONG = N_("Skróć tekst: najwyżej %(max)d znaków.")
TOO_SHORT = N_("Napisz trochę więcej: co najmniej %(min)d znaków.")


class Options(Select):
    """A list to choose from. What it offers is a Polish source text, or a name, which stays."""

    @classmethod
    def render_option(cls, choice: Choice, **kwargs: object) -> Markup:
        label = say(str(choice.label)) if choice.label else ""
        option: Markup = super().render_option(choice._replace(label=label), **kwargs)
        return option


class Form(FlaskForm):
    """A form of ours: a token against forgery, texts cleaned before they are judged."""

    class Meta(FlaskForm.Meta):
        def render_field(self, field: Field, render_kw: dict[str, object]) -> Markup:
            if type(field.widget) is Select:
                field.widget = Options()
            rendered: Markup = super().render_field(field, render_kw)
            return rendered

    @property
    def first_error(self) -> str:
        """Return the first message, for a place that has room for one."""
        return next((errors[0] for errors in self.errors.values() if errors), "")


def clean_line(text: str | None) -> str:
    """Make one line: control characters and outer space go, inner space becomes single."""
    return " ".join(prose.clean(text or "").split())


def clean_text(text: str | None) -> str:
    """Make a text of paragraphs: control characters and outer space go."""
    return prose.clean(text or "").strip()


def line(label: str, *, longest: int, shortest: int = 0, required: bool = True) -> StringField:
    """Make a field for one line of text."""
    return StringField(
        label,
        filters=[clean_line],
        validators=_checks(longest, shortest, required=required),
    )


def text(label: str, *, longest: int, shortest: int = 0, required: bool = True) -> TextAreaField:
    """Make a field for paragraphs."""
    return TextAreaField(
        label,
        filters=[clean_text],
        validators=_checks(longest, shortest, required=required),
    )


class Between:
    """Hold a text to a number of characters; says it in the language of the request."""

    def __init__(self, shortest: int, longest: int) -> None:
        self.shortest, self.longest = shortest, longest
        self.field_flags = {"maxlength": longest}

    def __call__(self, _form: BaseForm, field: Field) -> None:
        length = len(field.data or "")
        if length > self.longest:
            raise StopValidation(say(TOO_LONG, max=self.longest))
        if length < self.shortest:
            raise StopValidation(say(TOO_SHORT, min=self.shortest))


def _checks(longest: int, shortest: int, *, required: bool) -> list[Callable[..., None]]:
    return [DataRequired(REQUIRED) if required else MayBeEmpty(), Between(shortest, longest)]


def stop(field: Field, message: str) -> None:
    """End the validation of a field with one message, in place of what was said before."""
    field.errors = []
    raise StopValidation(message)
