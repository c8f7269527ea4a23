"""What a ballot sends: choices travel in the form, from page to page; the server keeps none.

And the fields that forms of the desk share.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

from werkzeug.datastructures import MultiDict
from wtforms import IntegerField
from wtforms.fields import DateTimeLocalField

from deliberate.algorithms.counting import BallotKind
from deliberate.algorithms.counting.ballots import MARKED
from deliberate.kernel.texts import N_
from deliberate.voting.ballot_rules import SectionRules, Written

if TYPE_CHECKING:
    from deliberate.voting.models import Section

IDEM, BROWSER = "klucz", "los"
LONGEST_IDEM, LONGEST_BROWSER = 100, 64
NO_OPTION = -1  # stands for whatever is no number: the rule says that it is on no ballot
LONGEST_SAID = 20  # characters beside an option; nobody needs more for a place or for points
MOST_READ = 5_000  # fields of one ballot; more are no ballot of ours


NO_NUMBER = N_("Podaj liczbę.")


class Number(IntegerField):
    """A whole number, or nothing."""

    def process_formdata(self, valuelist: list[str]) -> None:
        typed = "".join(valuelist[0].split()) if valuelist else ""
        if typed and not (typed.isascii() and typed.isdigit() and len(typed) < 10):
            self.data = None
            raise ValueError(NO_NUMBER)
        self.data = int(typed) if typed else None


class Moment(DateTimeLocalField):
    """A moment in Warsaw, or nothing; the browser sends 2027-06-16T22:00."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata([value.strip() for value in valuelist])
        except ValueError as error:
            raise ValueError(N_("Podaj dzień i godzinę.")) from error


def field(section_no: int) -> str:
    return f"wybor-{section_no}"


def said_field(section_no: int, option_no: int) -> str:
    """Return under which name a place, points, a score or an answer is sent."""
    return f"wybor-{section_no}-{option_no}"


def read_choices(
    sections: Sequence[Section | SectionRules], form: MultiDict[str, str]
) -> dict[int, Written]:
    """Return what is written on each section; a number ticked twice is ticked once."""
    return {
        section.no: Written(marked=_marked(section, form))
        if BallotKind(section.kind) in MARKED
        else Written(said=_said(section, form))
        for section in sections
    }


def as_sent(sections: Sequence[Section], choices: Mapping[int, Written]) -> list[tuple[str, str]]:
    """Return names and values of the fields that carry choices on to the next page."""
    fields: list[tuple[str, str]] = []
    for section in sections:
        written = choices.get(section.no, Written())
        fields += [(field(section.no), str(no)) for no in sorted(written.marked)]
        fields += [
            (said_field(section.no, no), text) for no, text in sorted(written.said.items()) if text
        ]
    return fields


def read_idem(form: MultiDict[str, str]) -> str | None:
    """Return the form's own key, or None where the form is not ours."""
    key = form.get(IDEM, "")
    return key if 20 <= len(key) <= LONGEST_IDEM else None


def read_browser(form: MultiDict[str, str]) -> str:
    """Return the random bits that the voter's browser mixed in; none without scripts."""
    return form.get(BROWSER, "")[:LONGEST_BROWSER]


def _marked(section: Section | SectionRules, form: MultiDict[str, str]) -> frozenset[int]:
    sent = form.getlist(field(section.no))[:MOST_READ]
    if section.kind == BallotKind.SINGLE:
        sent = [text for text in sent if text]  # "none of them" sends an empty text
    return frozenset(_number(text) for text in sent)


def _said(section: Section | SectionRules, form: MultiDict[str, str]) -> Mapping[int, str]:
    beginning = f"{field(section.no)}-"
    names = [name for name in form if name.startswith(beginning)][:MOST_READ]
    found = {_number(name.removeprefix(beginning)): form[name][:LONGEST_SAID] for name in names}
    return MappingProxyType({no: text for no, text in found.items() if text.strip()})


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else NO_OPTION
