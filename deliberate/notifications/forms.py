"""Which letters, and one address for one letter."""

from __future__ import annotations

from wtforms import EmailField, SelectMultipleField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, Email

from deliberate.kernel.forms import REQUIRED, Between, Form, clean_line
from deliberate.kernel.texts import N_
from deliberate.notifications.notices import KINDS


class PreferencesForm(Form):
    kinds = SelectMultipleField(
        N_("Chcę dostawać e-mailem"),
        choices=[SelectChoice(kind.key, kind.label) for kind in KINDS],
    )


class OneLetterForm(Form):
    email = EmailField(
        N_("E-mail"),
        filters=[clean_line],
        validators=[
            DataRequired(REQUIRED),
            Between(0, 254),
            Email(N_("Sprawdź adres: powinien wyglądać jak nazwa@poczta.pl.")),
        ],
    )
