"""What a reporter and a facilitator may send. The shape only; who may is for the rules."""

from __future__ import annotations

from flask import request
from wtforms import BooleanField, EmailField, HiddenField, RadioField, SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, Email, Length
from wtforms.validators import Optional as MayBeEmpty

from deliberate.kernel import forms
from deliberate.kernel.i18n import say
from deliberate.kernel.texts import N_
from deliberate.moderation import rules
from deliberate.moderation.reasons import HIDING, LABELS, USUAL_RULE, Reason

LONGEST_NOTICE = 3000


class NoticeForm(forms.Form):
    reason = RadioField(
        N_("Co jest nie tak?"),
        choices=[SelectChoice(str(reason), LABELS[reason]) for reason in Reason],
        validators=[DataRequired(N_("Wybierz jeden powód."))],
        invalid_choice_message=N_("Wybierz jeden powód."),
    )
    text = forms.text(
        N_("Który fragment i dlaczego?"),
        longest=LONGEST_NOTICE,
        shortest=10,
    )
    email = EmailField(
        N_("Twój e-mail"),
        filters=[forms.clean_line],
        validators=[
            MayBeEmpty(),
            forms.Between(0, 254),
            Email(N_("Sprawdź adres: powinien wyglądać jak nazwa@poczta.pl.")),
        ],
    )
    good_faith = BooleanField(
        N_("Piszę w dobrej wierze: uważam, że to, co zgłaszam, jest prawdą."),
        validators=[DataRequired(N_("Zaznacz, że zgłaszasz w dobrej wierze."))],
    )
    # People do not see it; programs that fill in every field do.
    website = StringField(
        N_("Zostaw to pole puste"),
        validators=[Length(max=0, message=N_("Zostaw to pole puste."))],
    )


class HideForm(forms.Form):
    """``quick`` is a button with its reason; without it the list counts."""

    quick = HiddenField()
    reason = RadioField(
        N_("Inny powód"),
        choices=[SelectChoice(str(reason), LABELS[reason]) for reason in HIDING],
        validate_choice=False,
    )
    passage = forms.text(N_("Fragment, o który chodzi"), longest=rules.LONGEST_PASSAGE)
    words = forms.text(N_("Dodaj jedno zdanie"), longest=1000, required=False)
    rule = SelectField(N_("Zasada"), coerce=int, validate_choice=False)
    seen = HiddenField()
    step = HiddenField()

    @property
    def why(self) -> Reason | None:
        chosen = self.quick.data or self.reason.data
        return Reason(chosen) if chosen in set(HIDING) else None

    def offer_rules(self, lines: list[str]) -> None:
        """Offer the rules of discussion, the usual one of the reason chosen beforehand."""
        self.rule.choices = [
            SelectChoice(0, N_("prawo, nie zasady rozmowy")),
            *(
                SelectChoice(number, f"{number}. {line}")
                for number, line in enumerate(lines, start=1)
            ),
        ]
        numbers = set(range(len(lines) + 1))
        if "rule" not in request.form or self.rule.data not in numbers:
            usual = USUAL_RULE.get(self.why or "", 0)
            self.rule.data = usual if usual in numbers else 0

    def fits(self, text: str) -> bool:
        """Validate the form against the text of the thing."""
        valid = bool(self.validate())
        if self.why is None:
            self.reason.errors = [*self.reason.errors, N_("Wybierz powód.")]
            valid = False
        elif wrong := rules.explanation_error(self.why, self.words.data or ""):
            message, shortest = wrong
            self.words.errors = [*self.words.errors, say(message, min=shortest)]
            valid = False
        if not self.passage.errors and not rules.is_passage_of(text, self.passage.data or ""):
            self.passage.errors = [*self.passage.errors, rules.MARK_PASSAGE]
            valid = False
        return valid


class RestoreForm(forms.Form):
    explanation = forms.text(
        N_("Dlaczego wraca?"), longest=1000, shortest=rules.SHORTEST_EXPLANATION
    )
    seen = HiddenField()


class OfficeForm(forms.Form):
    words = forms.text(
        N_("Odpowiedź dla osoby, która zgłosiła"),
        longest=2000,
        shortest=rules.SHORTEST_EXPLANATION,
    )


class LeaveForm(forms.Form):
    words = forms.text(N_("Zdanie dla osoby, która zgłosiła"), longest=1000, required=False)
    seen = HiddenField()
