"""What the application needs to know of this package."""

from flask import Flask

from deliberate.approvals import registry as approvals
from deliberate.consultations import act, extra_phase_act, journal, schedule, subject
from deliberate.consultations.guards import GUARDS
from deliberate.consultations.jobs import JOBS
from deliberate.consultations.permissions import Permission
from deliberate.consultations.views import (  # noqa: F401 - their routes
    announcements,
    approval,
    bp,
    desk,
    ending,
    extra_phase,
    laws,
    manage,
    public,
    related,
    translation,
    writing,
)
from deliberate.kernel.feature import Feature
from deliberate.subjects.gate import register_gatekeeper
from deliberate.subjects.journal import register_journal
from deliberate.subjects.registry import register
from deliberate.subjects.schedule import register_schedule


def _setup(app: Flask) -> None:
    register(app, subject.SUBJECT, subject.ANNOUNCEMENT)
    approvals.register(app, act.PUBLISH, extra_phase_act.ADDING)
    register_gatekeeper(app, subject.keep_gate, subject.is_stopped)
    register_journal(app, journal.keep)
    register_schedule(app, schedule.SCHEDULE)


FEATURE = Feature(
    name="consultations",
    blueprints=(bp,),
    permissions=Permission,
    guards=GUARDS,
    jobs=JOBS,
    setup=_setup,
)
