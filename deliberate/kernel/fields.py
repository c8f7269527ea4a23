"""Fields that forms of several features share: a day, a choice by id, a secure address."""

from __future__ import annotations

from datetime import date

from wtforms import DateField, Field
from wtforms.validators import ValidationError

from deliberate.kernel.texts import N_
from deliberate.kernel.urls import web_url

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2200, 1, 1)

UNREAL_DAY = N_("Podaj dzień w postaci 2026-06-07.")
HTTPS_ONLY = N_("Podaj adres, który zaczyna się od https://")


class Day(DateField):
    """A day; the browser sends 2026-06-07. A year that no calendar of ours knows is refused."""

    data: date | None

    @property
    def day(self) -> date:
        """Return the day of a form that was found right."""
        if self.data is None:
            raise ValueError(UNREAL_DAY)
        return self.data

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata([value.strip() for value in valuelist])
        except ValueError as error:
            raise ValueError(UNREAL_DAY) from error
        if self.data is not None and not FIRST_DAY <= self.data <= LAST_DAY:
            self.data = None
            raise ValueError(UNREAL_DAY)


def whole(value: object) -> int | None:
    """Read an id of a select; nonsense is a value that no choice has."""
    try:
        return int(str(value))
    except ValueError:
        return -1


def https(_form: object, field: Field) -> None:
    """Refuse an address that is no secure one; none at all may stand."""
    address = web_url(field.data)
    if field.data and (address is None or not address.startswith("https://")):
        raise ValidationError(HTTPS_ONLY)
