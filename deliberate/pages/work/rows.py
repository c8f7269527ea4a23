"""A row of the desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from deliberate.kernel.i18n import locale, say
from deliberate.kernel.texts import plural


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One row. ``due``: its last day; None: nobody has promised one, and it waits from now on."""

    kind: str
    icon: str
    title: str
    sub: str
    verb: str
    url: str
    due: date | None = None
    later: bool = False  # without a day, and not for today either


def counted(n: int, one: str, few: str, many: str) -> str:
    return f"{n}\N{NO-BREAK SPACE}{plural(n, say(one), say(few), say(many), locale())}"
