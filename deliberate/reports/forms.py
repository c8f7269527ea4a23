"""The forms of the desk where a report is written."""

from __future__ import annotations

from wtforms import IntegerField
from wtforms.validators import InputRequired, NumberRange
from wtforms.widgets import HiddenInput

from deliberate.kernel.forms import Form, line, text
from deliberate.kernel.texts import N_
from deliberate.reports.kinds import TEXT_LABELS, Text
from deliberate.reports.rules import RESPONSIBLE

LONGEST_TEXT = 20_000
LONGEST_LINE = 200
LONGEST_REASON = 500


class DraftForm(Form):
    """The office's own texts; none is required before a version is asked for."""

    revision = IntegerField(validators=[InputRequired(), NumberRange(min=0)], widget=HiddenInput())
    responsible = line(RESPONSIBLE, longest=LONGEST_LINE, required=False)
    case_number = line(N_("Znak sprawy"), longest=LONGEST_LINE, required=False)
    initiator = line(TEXT_LABELS[Text.INITIATOR], longest=LONGEST_LINE, required=False)
    summary = text(TEXT_LABELS[Text.SUMMARY], longest=LONGEST_TEXT, required=False)
    minority = text(TEXT_LABELS[Text.MINORITY], longest=LONGEST_TEXT, required=False)
    conclusions = text(TEXT_LABELS[Text.CONCLUSIONS], longest=LONGEST_TEXT, required=False)
    next_steps = text(TEXT_LABELS[Text.NEXT_STEPS], longest=LONGEST_TEXT, required=False)
    evaluation = text(TEXT_LABELS[Text.EVALUATION], longest=LONGEST_TEXT, required=False)
    annexes = text(TEXT_LABELS[Text.ANNEXES], longest=LONGEST_TEXT, required=False)

    @property
    def texts(self) -> dict[str, str]:
        """Return what is kept, by column."""
        return {
            name: field.data or ""
            for name, field in self._fields.items()
            if name not in ("revision", "csrf_token")
        }


class VersionForm(Form):
    """One press of a button; a version after the first says why."""

    reason = line(N_("Dlaczego powstaje nowa wersja"), longest=LONGEST_REASON, required=False)
