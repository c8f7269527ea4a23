"""Requests, initiatives and petitions that wait for the office, with their first date."""

from __future__ import annotations

from flask import url_for

from deliberate.kernel.i18n import say
from deliberate.kernel.texts import N_
from deliberate.pages.work.counts import Counts
from deliberate.pages.work.rows import Work, counted


def list_registers(counts: Counts) -> list[Work]:
    if not counts.matters:
        return []
    unpublished, due = counts.unpublished, counts.first_due
    words = (
        N_("sprawa w rejestrach czeka na odpowiedź"),
        N_("sprawy w rejestrach czekają na odpowiedź"),
        N_("spraw w rejestrach czeka na odpowiedź"),
    )
    sub = (
        say(N_("przed publikacją trzeba zakryć dane osobowe: %(n)s"), n=unpublished)
        if unpublished
        else say(N_("wnioski, inicjatywy i petycje"))
    )
    return [
        Work(
            kind=say(N_("Rejestry")),
            icon="inbox",
            title=counted(counts.matters, *words),
            sub=sub,
            verb=say(N_("Otwórz")),
            url=url_for("petitions.desk"),
            # The law says "without delay" of publishing, so that does not wait for the date.
            due=None if unpublished else due,
            later=due is None and not unpublished,
        )
    ]
