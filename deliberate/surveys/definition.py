"""What a survey asks, as one value: written and read whole, kept as canonical JSON. Pure."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from deliberate.algorithms.branching import Condition
from deliberate.surveys.kinds import QuestionKind

CHOOSABLE = frozenset({QuestionKind.SINGLE, QuestionKind.MULTIPLE, QuestionKind.SCALE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question; answers, rows and columns are numbered from 1 in their order.

    ``options``: answers of single, multiple and ranking, columns of a matrix. ``rows``: of a
    matrix. ``least`` and ``most``: how many may be chosen or put in order; of a scale its ends.
    ``longest``: characters of a text.
    """

    kind: QuestionKind
    text: str
    hint: str = ""
    is_required: bool = False
    options: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    least: int = 0
    most: int = 0
    least_label: str = ""
    most_label: str = ""
    longest: int = 0
    shown_if: Condition | None = None

    @property
    def values(self) -> frozenset[int]:
        """Return the answers that a later question may depend on."""
        if self.kind not in CHOOSABLE:
            return frozenset()
        return frozenset(self.points)

    @property
    def points(self) -> range:
        """Return the numbers of the answers: of a scale its points, else from 1."""
        if self.kind is QuestionKind.SCALE:
            return range(self.least, self.most + 1)
        return range(1, len(self.options) + 1)

    def label(self, value: int) -> str:
        """Return the words of an answer: "Tak", "3", "5 – bardzo dobrze"."""
        if self.kind is not QuestionKind.SCALE:
            return self.options[value - 1]
        words = {self.least: self.least_label, self.most: self.most_label}.get(value, "")
        return f"{value} – {words}" if words else str(value)

    def texts(self) -> dict[str, str]:
        """Return every text that people read, by its place: "text", "option-2", "row-1"."""
        return {
            "text": self.text,
            "hint": self.hint,
            "least": self.least_label,
            "most": self.most_label,
            **{f"option-{no}": text for no, text in enumerate(self.options, start=1)},
            **{f"row-{no}": text for no, text in enumerate(self.rows, start=1)},
        }

    def mapped(self, change: Callable[[str, str], str]) -> Question:
        """Return the question with ``change(place, text)`` in place of each text."""
        return replace(
            self,
            text=change("text", self.text),
            hint=change("hint", self.hint),
            least_label=change("least", self.least_label),
            most_label=change("most", self.most_label),
            options=tuple(
                change(f"option-{no}", text) for no, text in enumerate(self.options, start=1)
            ),
            rows=tuple(change(f"row-{no}", text) for no, text in enumerate(self.rows, start=1)),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """A whole survey. Question numbers, from 1, are places in ``questions``."""

    title: str
    intro: str = ""
    questions: tuple[Question, ...] = ()

    @property
    def conditions(self) -> tuple[Condition | None, ...]:
        return tuple(question.shown_if for question in self.questions)

    def texts(self) -> dict[str, str]:
        """Return every text that people read and that is not empty, by its place: "q2-text"."""
        found = {"title": self.title, "intro": self.intro}
        for number, question in enumerate(self.questions, start=1):
            found |= {f"q{number}-{place}": text for place, text in question.texts().items()}
        return {place: text for place, text in found.items() if text}

    def mapped(self, change: Callable[[str, str], str]) -> Definition:
        """Return the same survey with ``change(place, text)`` in place of each text."""
        return Definition(
            title=change("title", self.title),
            intro=change("intro", self.intro),
            questions=tuple(
                question.mapped(lambda place, text, q=number: change(f"q{q}-{place}", text))  # type: ignore[misc]
                for number, question in enumerate(self.questions, start=1)
            ),
        )

    def with_texts(self, texts: Mapping[str, str]) -> Definition:
        """Return the same survey with other words at the places named; nothing else changes."""
        return self.mapped(lambda place, text: texts.get(place, text) if text else text)


def write(definition: Definition) -> str:
    """Return the survey as JSON: keys sorted, no spaces, what is empty left out."""
    content = {
        "title": definition.title,
        "intro": definition.intro,
        "questions": [_fields(question) for question in definition.questions],
    }
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


@lru_cache(200)  # a survey is read with each sheet and each page
def read(content: str) -> Definition:
    """Return what ``write`` wrote."""
    fields: dict[str, Any] = json.loads(content)
    return Definition(
        title=fields["title"],
        intro=fields["intro"],
        questions=tuple(_question(question) for question in fields["questions"]),
    )


def _fields(question: Question) -> dict[str, object]:
    condition = question.shown_if
    fields: dict[str, object] = {
        "kind": question.kind.value,
        "text": question.text,
        "hint": question.hint,
        "is_required": question.is_required,
        "options": list(question.options),
        "rows": list(question.rows),
        "least": question.least,
        "most": question.most,
        "least_label": question.least_label,
        "most_label": question.most_label,
        "longest": question.longest,
        "shown_if": [condition.question, sorted(condition.values)] if condition else None,
    }
    return {name: value for name, value in fields.items() if value or name in ("kind", "text")}


def _question(fields: Mapping[str, Any]) -> Question:
    condition = fields.get("shown_if")
    return Question(
        kind=QuestionKind(fields["kind"]),
        text=fields["text"],
        hint=fields.get("hint", ""),
        is_required=fields.get("is_required", False),
        options=tuple(fields.get("options", ())),
        rows=tuple(fields.get("rows", ())),
        least=fields.get("least", 0),
        most=fields.get("most", 0),
        least_label=fields.get("least_label", ""),
        most_label=fields.get("most_label", ""),
        longest=fields.get("longest", 0),
        shown_if=Condition(condition[0], frozenset(condition[1])) if condition else None,
    )
