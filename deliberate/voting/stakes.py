"""What is asked before sealing: some votes belong on paper, or in Belenios (CNIL 2019-053)."""

from __future__ import annotations

from wtforms import RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from deliberate.kernel.forms import Form
from deliberate.kernel.refusals import Refusal
from deliberate.kernel.texts import N_
from deliberate.voting import course_rules

YES, NO = "tak", "nie"
CHOICES = [SelectChoice(NO, N_("Nie")), SelectChoice(YES, N_("Tak"))]
CHOOSE = N_("Odpowiedz na to pytanie.")


class StakesForm(Form):
    """Two questions; neither has an answer beforehand."""

    formally_secret = RadioField(
        N_("Czy ustawa albo statut nakazuje tajne wybory?"),
        choices=CHOICES,
        validators=[InputRequired(CHOOSE)],
        description=N_("Na przykład wybór sołtysa, rady osiedla albo władz organizacji."),
    )
    high_stakes = RadioField(
        N_("Czy wynik sam rozstrzyga o wysoką stawkę?"),
        choices=CHOICES,
        validators=[InputRequired(CHOOSE)],
        description=N_("Tak dużą, że ktoś mógłby chcieć kupić głosy albo je wymusić."),
    )

    def refusal(self) -> Refusal | None:
        """Return why the vote must be held elsewhere, or None."""
        return course_rules.stakes_refusal(
            formally_secret=self.formally_secret.data == YES,
            high_stakes=self.high_stakes.data == YES,
        )

    @property
    def answers(self) -> str:
        """Return what was answered, for the second person; official, so in Polish."""
        return "\n".join(
            f"{field.label.text} {next(c.label for c in CHOICES if c.value == field.data)}."
            for field in (self.formally_secret, self.high_stakes)
        )
