"""A section's result as a page shows it: the values, and how names and figures are written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from deliberate.kernel import texts
from deliberate.kernel.i18n import locale, say
from deliberate.kernel.texts import N_
from deliberate.voting import wording
from deliberate.voting.models import Section
from deliberate.voting.queries import Project

Labels = Mapping[int, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One option beside its bar."""

    label: str
    figure: Fraction
    words: str
    is_elected: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One round: what each option has, and what was decided."""

    rows: Sequence[Row]
    sentences: Sequence[str]
    lost: str  # votes that found no further choice, so far; empty where there are none
    needed: Fraction | None
    needed_words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A section's result, ready to be shown."""

    section: Section
    shape: str
    method_name: str
    version: int
    headline: str
    sentences: Sequence[str]
    ballots: int
    rows: Sequence[Row] = ()
    most: Fraction = Fraction(0)  # what the whole width of a bar is
    stages: Sequence[Stage] = ()
    more: Mapping[str, Any] = field(default_factory=dict)


def label_of(project: Project) -> str:
    hidden = say(N_("treść ukryta"))
    return f"{project.no}. {project.title if project.is_shown else hidden}"


def quoted(labels: Iterable[str]) -> str:
    return ", ".join(f"„{label}”" for label in labels)


def figure(value: Fraction) -> str:
    return wording.figure(value, locale())


def votes(value: Fraction) -> str:
    """Return "3 głosy"; a number with decimals goes with the form of a fraction."""
    words = (say(N_("głos")), say(N_("głosy")), say(N_("głosów")))
    if value.denominator != 1:
        part = say(N_("głosu"))  # not inside the other text: it would not be found for translation
        return f"{figure(value)} {part}"
    return f"{figure(value)} {texts.plural(int(value), *words, locale())}"


def points(value: Fraction) -> str:
    if value.denominator != 1:
        part = say(N_("punktu"))  # not inside the other text: it would not be found for translation
        return f"{figure(value)} {part}"
    words = (say(N_("punkt")), say(N_("punkty")), say(N_("punktów")))
    return f"{figure(value)} {texts.plural(int(value), *words, locale())}"


def each(figures: Mapping[str, str], labels: Labels) -> str:
    """Return "„A” 4, „B” 3", the most first."""
    values = sorted(((-Fraction(value), int(no)) for no, value in figures.items()))
    return ", ".join(f"„{labels[no]}” {figure(-value)}" for value, no in values)


def rows_of(
    figures: Mapping[int, Fraction],
    labels: Labels,
    elected: Iterable[int],
    words: Callable[[Fraction], str],
) -> list[Row]:
    chosen = set(elected)
    return [
        Row(label=labels[no], figure=value, words=words(value), is_elected=no in chosen)
        for no, value in sorted(figures.items(), key=lambda pair: (-pair[1], pair[0]))
    ]


def with_more(told: Told, *, extra: Sequence[str] = (), **more: Any) -> Told:
    # Any: the fields of Told, each as its own shape needs them.
    return replace(told, sentences=[*told.sentences, *extra], **more)
