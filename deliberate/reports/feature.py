"""What the application needs to know of this package."""

from collections.abc import Sequence
from datetime import datetime

from flask import Flask, url_for

from deliberate.consultations import components
from deliberate.consultations.components import Component, Way
from deliberate.consultations.models import Consultation
from deliberate.consultations.states import UNPUBLISHED
from deliberate.kernel.feature import Feature
from deliberate.kernel.i18n import say
from deliberate.kernel.texts import N_
from deliberate.reports import queries
from deliberate.reports.guards import GUARDS
from deliberate.reports.jobs import JOBS
from deliberate.reports.permissions import Permission
from deliberate.reports.views import (  # noqa: F401 - their routes
    bp,
    desk,
    posters,
    posters_bp,
    public,
)
from deliberate.subjects.activities import Activity
from deliberate.tenancy import kept


def _ways(consultation: Consultation, opened: frozenset[Activity], _now: datetime) -> Sequence[Way]:
    # While people take part there is no report yet, and nothing is asked.
    if opened - {Activity.INFORM, Activity.ANSWER, Activity.DISCUSS}:
        return []
    there = kept.look_unless_empty(
        ("report", consultation.id), lambda: queries.list_published(consultation)
    )
    if not there:
        return []
    return [
        Way(
            icon="scroll-text",
            url=url_for("reports.latest", slug=consultation.slug),
            label=say(N_("Raport z konsultacji")),
        )
    ]


def _desk(consultation: Consultation) -> Sequence[Way]:
    if consultation.state in UNPUBLISHED:
        return []
    here = consultation.slug
    return [
        Way(icon="scroll-text", url=url_for("reports.desk", slug=here), label=say(N_("Raport"))),
        Way(
            icon="printer",
            url=url_for("posters.poster", slug=here),
            label=say(N_("Plakat A4 (PDF)")),
        ),
        Way(
            icon="printer",
            url=url_for("posters.poster", slug=here, format="a3"),
            label=say(N_("Plakat A3 (PDF)")),
        ),
        Way(
            icon="printer", url=url_for("posters.leaflet", slug=here), label=say(N_("Ulotka (PDF)"))
        ),
    ]


def _setup(app: Flask) -> None:
    components.register(app, Component(key="reports", ways=_ways, desk=_desk))


FEATURE = Feature(
    name="reports",
    blueprints=(bp, posters_bp),
    permissions=Permission,
    guards=GUARDS,
    jobs=JOBS,
    setup=_setup,
)
