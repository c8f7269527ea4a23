"""The texts of a survey in the reader's language. Pure.

A translation belongs to the Polish words, not to their place: a question that is moved stays
translated, one that is changed needs its translation anew.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from deliberate.surveys.definition import Definition, read


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A survey as it is shown, all of it in one language."""

    definition: Definition
    language: str


def words_key(text: str) -> str:
    """Return under what name a translation of these words is kept."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def said(definition: Definition, there: Mapping[str, str], language: str) -> Said:
    """Return the survey translated, or in Polish while a single text of it is missing.

    there: translations by words_key. A question in one language with answers in another would
    be read aloud wrongly, and understood by nobody.
    """
    if any(words_key(text) not in there for text in definition.texts().values()):
        return Said(definition=definition, language="pl")
    translated = definition.mapped(lambda _place, text: there[words_key(text)] if text else "")
    return Said(definition=translated, language=language)


def decimal(number: Fraction, language: str) -> str:
    """Return "3,7": one decimal, rounded half up."""
    tenths = int(number * 10 + Fraction(1, 2))
    sign = "." if language == "en" else ","
    return f"{tenths // 10}{sign}{tenths % 10}"


def differences(former: str, present: str) -> list[tuple[str, str]]:
    """Return the texts that a correction changed, before and after; contents as they are kept."""
    before, after = read(former).texts(), read(present).texts()
    return [(before[place], after[place]) for place in before if before[place] != after[place]]
