"""The forms of the desk where answers are written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from deliberate.answers.positions import Position, labels_of
from deliberate.answers.rules.answers import LONGEST_REASON, LONGEST_THEME, SHORTEST_REASON
from deliberate.answers.rules.changes import LONGEST_WHY, SHORTEST_WHY
from deliberate.kernel.forms import REQUIRED, Form, line, text
from deliberate.kernel.texts import N_
from deliberate.tenancy.models import OrgUnit

WHOLE_OFFICE = 0
AS_IT_IS = -1


class AnswerForm(Form):
    """A position, why, and in whose name."""

    position = RadioField(
        N_("Stanowisko"),
        validators=[InputRequired(REQUIRED)],
    )
    reason = text(N_("Uzasadnienie"), shortest=SHORTEST_REASON, longest=LONGEST_REASON)
    unit = SelectField(N_("W imieniu"), coerce=int)
    seen = HiddenField()  # what stood there when the page was opened

    def offer(self, office: str, units: Sequence[OrgUnit], kinds: Iterable[str] = ()) -> AnswerForm:
        """Say what may be answered, in the words for these kinds, and in whose name."""
        self.position.choices = [
            SelectChoice(str(position), label) for position, label in labels_of(kinds).items()
        ]
        whole = SelectChoice(WHOLE_OFFICE, office)
        self.unit.choices = [whole, *(SelectChoice(unit.id, unit.name) for unit in units)]
        return self

    @property
    def chosen(self) -> Position:
        return Position(self.position.data)

    @property
    def unit_id(self) -> int | None:
        return self.unit.data or None


class ChangeForm(AnswerForm):
    """A published answer put differently, and why."""

    why = text(N_("Dlaczego odpowiedź się zmienia"), shortest=SHORTEST_WHY, longest=LONGEST_WHY)


class SeenForm(Form):
    """A button that goes with what was read."""

    seen = HiddenField()


class AssignForm(Form):
    """Who prepares the answers, and what the things are about."""

    unit = SelectField(N_("Komórka urzędu"), coerce=int, default=AS_IT_IS)
    theme = line(N_("Temat, w jednym albo kilku słowach"), longest=LONGEST_THEME, required=False)
    clear_theme = BooleanField(N_("Usuń temat"))

    def offer(self, units: Sequence[OrgUnit]) -> AssignForm:
        self.unit.choices = [
            SelectChoice(AS_IT_IS, N_("Bez zmian")),
            SelectChoice(WHOLE_OFFICE, N_("Nikt – zdejmij przydział")),
            *(SelectChoice(unit.id, unit.name) for unit in units),
        ]
        return self

    @property
    def sets_unit(self) -> bool:
        return bool(self.unit.data != AS_IT_IS)

    @property
    def sets_theme(self) -> bool:
        return bool(self.theme.data) or bool(self.clear_theme.data)

    @property
    def said_theme(self) -> str:
        return "" if self.clear_theme.data else str(self.theme.data)


class TableForm(Form):
    """A filled-in table."""

    table = FileField(N_("Tabela (DOCX, XLSX albo CSV)"), validators=[InputRequired(REQUIRED)])


class ConfirmForm(Form):
    """A table that was looked at; the choices come as plain fields, one a thing."""

    seen = HiddenField()


class Press(Form):
    """A button alone: nothing but the token."""
