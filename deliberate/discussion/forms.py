"""What a person may send to a conversation. The shape only; whether they may is for the rules."""

from __future__ import annotations

from wtforms import BooleanField, HiddenField, IntegerField, RadioField, SelectField
from wtforms.fields import SelectChoice
from wtforms.validators import NumberRange
from wtforms.validators import Optional as MayBeEmpty
from wtforms.widgets import HiddenInput

from deliberate.discussion.kinds import CHOSEN, KIND_LABELS, ContributionKind
from deliberate.discussion.rules import LONGEST
from deliberate.kernel import forms
from deliberate.kernel.i18n import LANGUAGES
from deliberate.kernel.ids import BIGGEST_ROW_ID
from deliberate.kernel.texts import N_

LONGEST_SUMMARY = 3000
CHOOSE = N_("Wybierz jedną z możliwości.")


class ContributionForm(forms.Form):
    body = forms.text(N_("Twoja wypowiedź"), longest=LONGEST)
    kind = RadioField(
        N_("Co to jest? (jeśli chcesz)"),
        choices=[SelectChoice(str(kind), KIND_LABELS[kind]) for kind in CHOSEN],
        default=str(ContributionKind.VOICE),
        invalid_choice_message=CHOOSE,
    )
    voice = SelectField(N_("Piszesz jako"), invalid_choice_message=CHOOSE)
    language = SelectField(
        N_("Język tej wypowiedzi"),
        choices=[SelectChoice(code, name) for code, name in LANGUAGES.items()],
        invalid_choice_message=CHOOSE,
    )
    answers = IntegerField(
        widget=HiddenInput(), validators=[MayBeEmpty(), NumberRange(min=1, max=BIGGEST_ROW_ID)]
    )
    rules_version = IntegerField(
        widget=HiddenInput(), validators=[MayBeEmpty(), NumberRange(min=1, max=BIGGEST_ROW_ID)]
    )
    rules = BooleanField(N_("Znam te zasady i będę się ich trzymać"))


class CorrectionForm(forms.Form):
    body = forms.text(N_("Twoja wypowiedź"), longest=LONGEST)
    note = forms.line(N_("Co się zmieniło? (jedno zdanie)"), longest=200, required=False)
    version = HiddenField()


class SummaryForm(forms.Form):
    agreed = forms.text(N_("Co do tego jest zgoda"), longest=LONGEST_SUMMARY, shortest=10)
    disputed = forms.text(N_("Co zostaje sporne"), longest=LONGEST_SUMMARY, required=False)
