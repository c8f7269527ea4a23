"""From counted answers to what may be published of them: small numbers hidden. Pure.

Nothing here knows a sheet: each question is counted by itself, so no two answers of one person
ever stand beside each other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from deliberate.algorithms.suppression import FEWEST, Row, follows, suppress
from deliberate.surveys.definition import Definition, Question
from deliberate.surveys.kinds import Channel, QuestionKind
from deliberate.surveys.rules.answering import read_chosen

# One answer each: the cells of a question make its total.
PARTS = frozenset({QuestionKind.SINGLE, QuestionKind.SCALE})

Counted = Sequence[tuple[int, str, int]]  # question, chosen as it is kept, how many chose so


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Counts of one question, or of one row of a matrix (``row``, from 1; else 0).

    ``labels`` and ``cells`` go together; a cell is None where its number is hidden. ``whole`` is
    what the full width of a bar means: people, of a ranking the most points.
    """

    row: int
    caption: str
    labels: tuple[str, ...]
    cells: tuple[int | None, ...]
    total: int | None
    whole: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionResult:
    """``answered``: how many answered, None where it is hidden.

    ``withheld``: the number of people asked would give away a hidden number of another question,
    so nothing of this one is shown. ``mean`` of a scale, only where no cell is hidden. ``texts``
    in random order.
    """

    number: int
    question: Question
    answered: int | None
    withheld: bool
    tables: tuple[Table, ...]
    mean: Fraction | None
    texts: tuple[str, ...]

    @property
    def is_fewest(self) -> bool:
        """Tell whether too few answered for any number to be shown."""
        return not self.withheld and self.answered is None

    @property
    def hides(self) -> bool:
        """Tell whether some number is hidden, so that the page explains why."""
        return any(cell is None for table in self.tables for cell in table.cells)


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """What a survey brought, as it may be read by anybody."""

    sheets: Mapping[Channel, int]
    questions: tuple[QuestionResult, ...]

    @property
    def total(self) -> int:
        return sum(self.sheets.values())


def tally(
    definition: Definition,
    sheets: Mapping[Channel, int],
    counted: Counted,
    texts: Mapping[int, Sequence[str]],
) -> Results:
    """Count each question and hide what is small; ``texts``: those that may be shown."""
    by_question: dict[int, list[tuple[str, int]]] = {}
    for number, chosen, count in counted:
        by_question.setdefault(number, []).append((chosen, count))
    found: list[QuestionResult] = []
    rows: dict[int, Row] = {}  # what later questions could give away
    withheld: set[int] = set()
    for number, question in enumerate(definition.questions, start=1):
        if _gives_away(definition, number, rows, withheld):
            withheld.add(number)
            found.append(_withheld(number, question))
            continue
        result, row = _result(number, question, by_question.get(number, ()), texts.get(number, ()))
        rows[number] = row
        found.append(result)
    return Results(sheets=sheets, questions=tuple(found))


def _gives_away(
    definition: Definition, number: int, rows: Mapping[int, Row], withheld: set[int]
) -> bool:
    condition = definition.questions[number - 1].shown_if
    if condition is None:
        return False
    if condition.question in withheld:
        return True
    before = definition.questions[condition.question - 1]
    cells = frozenset(before.points.index(value) for value in condition.values)
    return not follows(rows[condition.question], cells, parts=before.kind in PARTS)


def _withheld(number: int, question: Question) -> QuestionResult:
    return QuestionResult(
        number=number,
        question=question,
        answered=None,
        withheld=True,
        tables=(),
        mean=None,
        texts=(),
    )


def _result(
    number: int,
    question: Question,
    counted: Sequence[tuple[str, int]],
    texts: Sequence[str],
) -> tuple[QuestionResult, Row]:
    tables: tuple[Table, ...] = ()
    if question.kind is QuestionKind.TEXT:
        answered, row = len(texts), Row((), len(texts))
    else:
        answered = sum(count for _, count in counted)
        tables, row = _tables(question, counted, answered)
    mean = None
    if question.kind is QuestionKind.SCALE and row.is_whole and answered:
        weighed = sum(
            point * (cell or 0) for point, cell in zip(question.points, row.cells, strict=True)
        )
        mean = Fraction(weighed, answered)
    result = QuestionResult(
        number=number,
        question=question,
        answered=answered if question.kind is QuestionKind.TEXT else row.total,
        withheld=False,
        tables=tables,
        mean=mean,
        texts=tuple(texts),
    )
    return result, row


def _tables(
    question: Question, counted: Sequence[tuple[str, int]], answered: int
) -> tuple[tuple[Table, ...], Row]:
    """Return the tables of a question, and its row as later questions see it."""
    points = question.points
    labels = tuple(question.label(point) for point in points)
    if question.kind is QuestionKind.MATRIX:
        # A row that somebody left out has a total of its own: the small difference would show.
        tables = tuple(
            _matrix_table(question, number, labels, counted)
            for number in range(1, len(question.rows) + 1)
        )
        total = None if 0 < answered < FEWEST else answered
        return tables, Row((), total)
    counts = Counter[int]()
    for chosen, count in counted:
        for place, value in enumerate(read_chosen(chosen), start=1):
            counts[value] += count * (_points(question, place) if _ranks(question) else 1)
    whole = answered * (_points(question, 1) if _ranks(question) else 1)
    ceiling = None if question.kind in PARTS else whole
    row = suppress([counts[point] for point in points], answered, ceiling=ceiling)
    table = Table(
        row=0, caption="", labels=labels, cells=row.cells, total=row.total, whole=max(whole, 1)
    )
    return (table,), row


def _matrix_table(
    question: Question, number: int, labels: tuple[str, ...], counted: Sequence[tuple[str, int]]
) -> Table:
    counts = Counter[int]()
    for chosen, count in counted:
        cells = read_chosen(chosen)
        if isinstance(cells, dict) and number in cells:
            counts[cells[number]] += count
    total = counts.total()
    row = suppress([counts[point] for point in question.points], total)
    return Table(
        row=number,
        caption=question.rows[number - 1],
        labels=labels,
        cells=row.cells,
        total=row.total,
        whole=max(total, 1),
    )


def _ranks(question: Question) -> bool:
    return question.kind is QuestionKind.RANKING


def _points(question: Question, place: int) -> int:
    """Return the points of a place: the last of all options gets none, as one not placed."""
    last = question.most == len(question.options)
    return question.most - place + (0 if last else 1)
