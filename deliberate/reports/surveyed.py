"""Published results of surveys as a report tells them: the same numbers, small ones hidden."""

from __future__ import annotations

from deliberate.consultations.models import Consultation
from deliberate.kernel import texts
from deliberate.reports import blocks
from deliberate.reports.blocks import Block
from deliberate.surveys import queries as surveys
from deliberate.surveys.kinds import CHANNEL_LABELS, Channel
from deliberate.surveys.models import Survey
from deliberate.surveys.results import QuestionResult, Table

HIDDEN = "ukryte, bo to mała liczba"


def blocks_in(consultation: Consultation) -> list[Block | None]:
    return [
        block
        for survey in surveys.list_offered(consultation)
        if survey.published_at is not None
        for block in _survey(survey)
    ]


def _survey(survey: Survey) -> list[Block | None]:
    results = surveys.results(survey)
    told = [
        (CHANNEL_LABELS[Channel(channel)], texts.number(count, "pl"))
        for channel, count in sorted(results.sheets.items())
    ]
    return [
        blocks.facts([("Ankieta", survey.title), *told]),
        *(block for each in results.questions for block in _question(each)),
    ]


def _question(each: QuestionResult) -> list[Block | None]:
    if each.withheld:
        return [blocks.facts([(each.question.text, HIDDEN)])]
    if each.texts:
        return [blocks.facts([(each.question.text, f"odpowiedzi: {len(each.texts)}")])]
    return [_table(each, table) for table in each.tables]


def _table(each: QuestionResult, table: Table) -> Block | None:
    caption = " – ".join(text for text in (each.question.text, table.caption) if text)
    rows = [
        [label, HIDDEN if cell is None else texts.number(cell, "pl")]
        for label, cell in zip(table.labels, table.cells, strict=True)
    ]
    return blocks.table(caption, ["Odpowiedź", "Liczba"], rows)
