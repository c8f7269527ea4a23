"""The settings of a municipality by key: judged by the very forms of its pages at /urzad/gmina."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, Field, IntegerField, SelectMultipleField, StringField
from wtforms.validators import NumberRange, Regexp

from deliberate.cli.application import Refusal
from deliberate.kernel.forms import clean_line
from deliberate.tenancy.forms import (
    LARGEST_NUMBER,
    ColoursForm,
    ContactForm,
    NamesForm,
    PracticeForm,
    SectionForm,
)
from deliberate.tenancy.models import Municipality

YES, NO = "tak", "nie"
LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"  # between two dots of a host (RFC 1123, 2.1)
HOST_LENGTH = ".{1,253}"
BAD_HOST = "Podaj nazwę serwera bez portu i bez https://, na przykład rozmowa.lubowierz.example."
BAD_TERYT = "Podaj 7 cyfr gminy albo 4 cyfry powiatu."


class PlaceForm(SectionForm):
    """What has no page: the operator sets it, as it says whose pages are served where."""

    host = StringField(
        filters=[lambda typed: clean_line(typed).lower()],
        validators=[Regexp(rf"(?={HOST_LENGTH}\Z){LABEL}(\.{LABEL})*\Z", message=BAD_HOST)],
    )
    teryt = StringField(
        filters=[clean_line],
        validators=[Regexp(r"([0-9]{4}|[0-9]{7})?\Z", message=BAD_TERYT)],
    )
    population = IntegerField(
        validators=[NumberRange(0, LARGEST_NUMBER, "Podaj liczbę od zera.")],
    )

    @property
    def fields(self) -> dict[str, object]:
        return {**super().fields, "teryt": self.teryt.data or None}


SECTIONS: tuple[type[SectionForm], ...] = (
    PlaceForm,
    NamesForm,
    ContactForm,
    PracticeForm,
    ColoursForm,
)


def shown(tenant: Municipality) -> Iterator[tuple[str, str]]:
    """Give every key with its value, as ``judged`` reads it back."""
    for section in SECTIONS:
        for field in _blank(section):
            yield field.name, _written(getattr(tenant, field.name))


def judged(tenant: Municipality, given: Mapping[str, str]) -> dict[str, object]:
    """Return the columns that the words set; refuse with the form's own sentence.

    The rest of a section is filled in from the municipality, so that it is judged as on its page;
    only what was given is returned and complained of.
    """
    known = {field.name: section for section in SECTIONS for field in _blank(section)}
    if unknown := [name for name in given if name not in known]:
        raise Refusal(f"Nie ma takiego ustawienia: {', '.join(unknown)}.")
    columns: dict[str, object] = {}
    for section in dict.fromkeys(known[name] for name in given):
        form = _filled(section, tenant, given)
        form.validate()
        for name, messages in form.errors.items():
            if name in given:
                raise Refusal(f"{name}: {messages[0]}")
        columns |= {name: value for name, value in form.fields.items() if name in given}
    return columns


def _blank(section: type[SectionForm]) -> SectionForm:
    return section(formdata=None, meta={"csrf": False})


def _filled(
    section: type[SectionForm], tenant: Municipality, given: Mapping[str, str]
) -> SectionForm:
    typed: MultiDict[str, str] = MultiDict()
    for field in _blank(section):
        text = given.get(field.name, _written(getattr(tenant, field.name)))
        typed.setlist(field.name, _as_sent(field, text))
    return section(formdata=typed, meta={"csrf": False})


def _as_sent(field: Field, text: str) -> Sequence[str]:
    """Return what a browser would send for the words of a command."""
    if isinstance(field, SelectMultipleField):
        return [part.strip() for part in text.split(",") if part.strip()]
    if isinstance(field, BooleanField):
        if text not in (YES, NO):
            raise Refusal(f"{field.name}: napisz {YES} albo {NO}.")
        return ["y"] if text == YES else []
    return [text]


def _written(value: Any) -> str:
    # Any: a column of the municipality, each of its own type.
    if isinstance(value, bool):
        return YES if value else NO
    return "" if value is None else str(value)
