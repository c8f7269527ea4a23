"""What the counter adds to the package: the end of senders' data, and a link on the desk."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Flask, url_for

from deliberate.access.decorators import may
from deliberate.consultations.components import Component, Way, register
from deliberate.consultations.models import Consultation
from deliberate.consultations.permissions import Permission
from deliberate.consultations.states import UNPUBLISHED
from deliberate.documents import counter, senders
from deliberate.documents.views import counter as entry  # noqa: F401 - its routes
from deliberate.documents.views import counter_table  # noqa: F401 - its routes
from deliberate.kernel import retention
from deliberate.kernel.i18n import say
from deliberate.kernel.retention import RetentionRule
from deliberate.kernel.texts import N_

SENDERS = RetentionRule(
    key="documents.senders",
    label=N_("Dane osób, które przysłały uwagi na papierze albo podały je urzędowi"),
    keeps=N_("rok od wpływu pisma albo od obiecanego dnia odpowiedzi"),
    count=senders.count_old,
    remove=senders.forget_old,
)


def setup(app: Flask) -> None:
    retention.register(app, SENDERS)
    register(app, Component(key="counter", desk=_desk, follow_dates=counter.follow_dates))


def _desk(consultation: Consultation) -> Sequence[Way]:
    if consultation.state in UNPUBLISHED or not may(Permission.EDIT, consultation):
        return []
    url = url_for("documents.counter_new", slug=consultation.slug)
    return [Way(icon="inbox", url=url, label=say(N_("Wpisz uwagi z papieru, poczty i telefonu")))]
