"""The forms of the desk where answers are written."""

from __future__ import annotations

from collections.abc import Sequence

from flask_wtf.file import FileField
from wtforms import RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from deliberate.answers.positions import LABELS, Position
from deliberate.answers.rules.answers import LONGEST_REASON, SHORTEST_REASON
from deliberate.kernel.forms import REQUIRED, Form, text
from deliberate.kernel.texts import N_
from deliberate.tenancy.models import OrgUnit

WHOLE_OFFICE = 0


class AnswerForm(Form):
    """A position, why, and in whose name."""

    position = RadioField(
        N_("Stanowisko"),
        choices=[SelectChoice(str(position), label) for position, label in LABELS.items()],
        validators=[InputRequired(REQUIRED)],
    )
    reason = text(N_("Uzasadnienie"), shortest=SHORTEST_REASON, longest=LONGEST_REASON)
    unit = SelectField(N_("W imieniu"), coerce=int)

    def offer(self, office: str, units: Sequence[OrgUnit]) -> AnswerForm:
        """Say in whose name an answer may be given here."""
        whole = SelectChoice(WHOLE_OFFICE, office)
        self.unit.choices = [whole, *(SelectChoice(unit.id, unit.name) for unit in units)]
        return self

    @property
    def chosen(self) -> Position:
        return Position(self.position.data)

    @property
    def unit_id(self) -> int | None:
        return self.unit.data or None


class TableForm(Form):
    """A filled-in table."""

    table = FileField(N_("Tabela (XLSX albo CSV)"), validators=[InputRequired(REQUIRED)])


class Press(Form):
    """A button alone: nothing but the token."""
