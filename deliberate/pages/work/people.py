"""People and organisations that wait for the office."""

from __future__ import annotations

from flask import url_for

from deliberate.access.decorators import admits
from deliberate.kernel.i18n import say
from deliberate.kernel.texts import N_
from deliberate.organisations import queries as organisations
from deliberate.pages.work.rows import Work, counted
from deliberate.tenancy.models import Municipality


def list_letters(n: int) -> list[Work]:
    words = (
        N_("list z kodem do wydruku"),
        N_("listy z kodem do wydruku"),
        N_("listów z kodem do wydruku"),
    )
    if not n:
        return []
    return [
        Work(
            kind=say(N_("Zamieszkanie")),
            icon="mail",
            title=counted(n, *words),
            sub=say(N_("osoby czekają na potwierdzenie zamieszkania")),
            verb=say(N_("Otwórz")),
            url=url_for("accounts.desk"),
        )
    ]


def list_organisations(tenant: Municipality) -> list[Work]:
    if not admits("organisations.desk"):
        return []
    n = len(organisations.list_undecided(tenant))
    words = (
        N_("organizacja do sprawdzenia"),
        N_("organizacje do sprawdzenia"),
        N_("organizacji do sprawdzenia"),
    )
    if not n:
        return []
    return [
        Work(
            kind=say(N_("Organizacje")),
            icon="users",
            title=counted(n, *words),
            sub=say(N_("dopóki czekają, nie mogą zabierać głosu")),
            verb=say(N_("Sprawdź")),
            url=url_for("organisations.desk"),
            later=True,
        )
    ]
