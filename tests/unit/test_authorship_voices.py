"""How a person is named by what they are here: the label that stays with a text for good."""

import pytest

from deliberate.accounts.models import Form
from deliberate.authorship.voices import resident_label
from deliberate.tenancy.models import Municipality

LUBOWIERZ = Municipality(genitive="Lubowierza", locative="w Lubowierzu")


@pytest.mark.parametrize(
    ("form", "area", "label"),
    [
        (Form.FEMININE, "Nadrzecze", "mieszkanka, Nadrzecze"),
        (Form.MASCULINE, "Nadrzecze", "mieszkaniec, Nadrzecze"),
        (Form.NEUTRAL, "Nadrzecze", "mieszka w Lubowierzu, Nadrzecze"),
        (Form.FEMININE, None, "mieszkanka Lubowierza"),
        (Form.MASCULINE, None, "mieszkaniec Lubowierza"),
        (Form.NEUTRAL, None, "mieszka w Lubowierzu"),
    ],
)
def test_residents_are_named_as_they_wish(form: Form, area: str | None, label: str) -> None:
    assert resident_label(LUBOWIERZ, form, area=area) == label
