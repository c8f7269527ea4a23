"""The results as a table and as data: what the page shows, and nothing that it hides."""

from __future__ import annotations

import json
from collections.abc import Iterator

from deliberate.kernel.clock import local
from deliberate.kernel.i18n import say
from deliberate.kernel.sheets import Cell, csv_bytes
from deliberate.kernel.texts import N_
from deliberate.surveys.kinds import QuestionKind
from deliberate.surveys.models import Survey
from deliberate.surveys.results import QuestionResult, Results

HEADER = (
    N_("Nr pytania"),
    N_("Pytanie"),
    N_("Wiersz"),
    N_("Odpowiedź"),
    N_("Liczba"),
    N_("Ile osób odpowiedziało"),
)
HIDDEN = N_("ukryte")


def as_csv(results: Results) -> bytes:
    """Return one row for each answer of each question; hidden numbers as the word "ukryte"."""
    return csv_bytes([say(name) for name in HEADER], _rows(results))


def _rows(results: Results) -> Iterator[list[Cell]]:
    hidden = say(HIDDEN)
    for each in results.questions:
        start: list[Cell] = [each.number, each.question.text]
        if each.withheld:
            yield [*start, "", "", hidden, hidden]
        for table in each.tables:
            answered = hidden if table.total is None else table.total
            for label, cell in zip(table.labels, table.cells, strict=True):
                yield [*start, table.caption, label, hidden if cell is None else cell, answered]
        for text in each.texts:
            yield [*start, "", text, "", ""]


def as_json(survey: Survey, results: Results) -> bytes:
    """Return the same for machines: keys English and stable, hidden numbers null."""
    data = {
        "title": survey.title,
        "anonymous": survey.is_anonymous,
        "published_at": local(survey.published_at).isoformat() if survey.published_at else None,
        "sheets": {str(channel): count for channel, count in results.sheets.items()},
        "questions": [_question(each) for each in results.questions],
    }
    return json.dumps(data, ensure_ascii=False).encode()


def _question(each: QuestionResult) -> dict[str, object]:
    unit = "points" if each.question.kind is QuestionKind.RANKING else "people"
    return {
        "no": each.number,
        "kind": each.question.kind.value,
        "text": each.question.text,
        "withheld": each.withheld,
        "answered": each.answered,
        "tables": [
            {
                "row": table.caption or None,
                "unit": unit,
                "answered": table.total,
                "cells": [
                    {"answer": label, "count": cell}
                    for label, cell in zip(table.labels, table.cells, strict=True)
                ],
            }
            for table in each.tables
        ],
        "mean": float(each.mean) if each.mean is not None else None,
        "texts": list(each.texts),
    }
