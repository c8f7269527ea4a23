"""Who may answer a survey, when, and what a sheet may say.

Reasons stand in the order from what nobody can do to what this person has done already.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from deliberate.algorithms.branching import asked
from deliberate.kernel.refusals import Refusal
from deliberate.kernel.texts import N_
from deliberate.surveys.definition import Definition, Question
from deliberate.surveys.kinds import QuestionKind, State

if TYPE_CHECKING:
    from deliberate.subjects.gate import Gate

STOPPED = Refusal(
    "survey.stopped",
    N_("Te konsultacje są zatrzymane albo zakończone. Powód jest na ich stronie."),
)
TOO_EARLY = Refusal("survey.too_early", N_("Ankieta jeszcze się nie zaczęła."))
TOO_LATE = Refusal("survey.too_late", N_("Ankieta już się skończyła."))
NOT_HERE = Refusal("survey.not_here", N_("Tej ankiety nie można teraz wypełnić."))
ALREADY = Refusal(
    "survey.already", N_("Odpowiedzi z tego konta są zapisane: %(day)s. Jedna osoba odpowiada raz.")
)
CHANGED = Refusal(
    "survey.changed",
    N_("Urząd zmienił w międzyczasie pytania. Przejrzyj odpowiedzi i wyślij je jeszcze raz."),
)
NOT_ENTERED = Refusal(
    "survey.not_entered", N_("Wpisać arkusz można od udostępnienia ankiety do ogłoszenia wyników.")
)
EMPTY = Refusal("survey.empty", N_("W tym arkuszu nie ma żadnej odpowiedzi."))

REQUIRED = N_("To pytanie wymaga odpowiedzi.")
NOT_ONE_OF = N_("Wybierz jedną z odpowiedzi z listy.")
TOO_FEW = N_("Wybierz co najmniej: %(count)s.")
TOO_MANY = N_("Wybierz najwyżej: %(count)s.")
TOO_LONG = N_("Skróć tekst: najwyżej %(count)s znaków.")
SAME_PLACE = N_("Dwie odpowiedzi mają to samo miejsce. Każde miejsce wybierz raz.")
SKIPPED_PLACE = N_("Zacznij od miejsca 1 i nie pomijaj żadnego.")
EVERY_ROW = N_("Zaznacz odpowiedź w każdym wierszu.")

Chosen = tuple[int, ...] | dict[int, int]  # of a matrix: row → column


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with an answer: a Polish source text and its values."""

    message: str
    count: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer. Exactly one of the two is filled: what was chosen, or a text."""

    chosen: Chosen = ()
    body: str = ""

    @property
    def values(self) -> frozenset[int]:
        """Return what later questions look at."""
        return frozenset(self.chosen if isinstance(self.chosen, tuple) else ())


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What a form says: answers to the questions that are asked, and what to mend, by number."""

    replies: Mapping[int, Reply]
    wrong: Mapping[int, Wrong]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerFacts:
    """``answered_on``: the day of an earlier sheet; ``is_final``: it cannot be changed.

    An anonymous sheet cannot, nor one from a former account, which lost its name.
    """

    state: State
    gate: Gate
    lacks: Refusal | None
    answered_on: date | None
    is_final: bool


def answer_refusal(facts: AnswerFacts) -> Refusal | None:
    """Return why this person may not answer now, or None if they may."""
    if closed := closed_refusal(facts):
        return closed
    if facts.answered_on is not None and facts.is_final:
        return ALREADY.with_values(day=facts.answered_on)
    return facts.lacks


def closed_refusal(facts: AnswerFacts) -> Refusal | None:
    """Return why nobody may answer now, or None if people may."""
    if facts.gate.stopped:
        return STOPPED
    if facts.state is State.PUBLISHED:
        return TOO_LATE
    if facts.state is State.DRAFT:
        return NOT_HERE
    if facts.gate.is_open:
        return None
    return TOO_EARLY if facts.gate.opens_at is not None else TOO_LATE


def entry_refusal(state: State) -> Refusal | None:
    """Return why no paper may be entered now. After the end it may: until the results."""
    return None if state is State.OFFERED else NOT_ENTERED


# What a form sends.


def field(number: int, part: int | None = None) -> str:
    """Return the name of a control: of a question, or of one answer or row of it."""
    return f"p{number}" if part is None else f"p{number}-{part}"


def read_sheet(
    definition: Definition, given: Mapping[str, Sequence[str]], *, lenient: bool = False
) -> Sheet:
    """Read what a form sent. What was not asked is left out, whatever it says.

    ``lenient``: from paper, where a required answer may be missing; nonsense is refused as ever.
    """
    read = {
        number: _read_reply(number, question, given)
        for number, question in enumerate(definition.questions, start=1)
    }
    chosen = {number: each.values for number, each in read.items() if isinstance(each, Reply)}
    on_road = asked(definition.conditions, chosen)
    replies: dict[int, Reply] = {}
    wrong: dict[int, Wrong] = {}
    for number in sorted(on_road):
        question, found = definition.questions[number - 1], read[number]
        if isinstance(found, Wrong):
            wrong[number] = found
        elif found is None:
            if question.is_required and not lenient:
                wrong[number] = Wrong(REQUIRED)
        elif fault := _fault(question, found, lenient=lenient):
            wrong[number] = fault
        else:
            replies[number] = found
    return Sheet(replies=replies, wrong=wrong)


def _read_reply(
    number: int, question: Question, given: Mapping[str, Sequence[str]]
) -> Reply | Wrong | None:
    sent = given.get(field(number), ())
    match question.kind:
        case QuestionKind.TEXT:
            body = sent[0] if sent else ""
            return Reply(body=body) if body else None
        case QuestionKind.RANKING:
            return _read_ranking(number, question, given)
        case QuestionKind.MATRIX:
            return _read_matrix(number, question, given)
    numbers = sorted({_number(text) for text in sent if text})
    if not set(numbers) <= set(question.points):
        return Wrong(NOT_ONE_OF)
    return Reply(chosen=tuple(numbers)) if numbers else None


def _read_ranking(
    number: int, question: Question, given: Mapping[str, Sequence[str]]
) -> Reply | Wrong | None:
    places: dict[int, int] = {}
    for option in question.points:
        sent = [text for text in given.get(field(number, option), ()) if text]
        if not sent:
            continue
        place = _number(sent[0])
        if not 1 <= place <= question.most:
            return Wrong(NOT_ONE_OF)
        if place in places:
            return Wrong(SAME_PLACE)
        places[place] = option
    if not places:
        return None
    if max(places) > len(places):
        return Wrong(SKIPPED_PLACE)
    return Reply(chosen=tuple(option for _, option in sorted(places.items())))


def _read_matrix(
    number: int, question: Question, given: Mapping[str, Sequence[str]]
) -> Reply | Wrong | None:
    cells: dict[int, int] = {}
    for row in range(1, len(question.rows) + 1):
        sent = [text for text in given.get(field(number, row), ()) if text]
        if not sent:
            continue
        if (column := _number(sent[0])) not in question.points:
            return Wrong(NOT_ONE_OF)
        cells[row] = column
    return Reply(chosen=cells) if cells else None


def _fault(question: Question, reply: Reply, *, lenient: bool) -> Wrong | None:
    count = len(reply.chosen)
    match question.kind:
        case QuestionKind.TEXT if len(reply.body) > question.longest:
            return Wrong(TOO_LONG, question.longest)
        case QuestionKind.SINGLE | QuestionKind.SCALE if count > 1:
            return Wrong(NOT_ONE_OF)
        case QuestionKind.MULTIPLE if count > question.most:
            return Wrong(TOO_MANY, question.most)
        case QuestionKind.MULTIPLE | QuestionKind.RANKING if count < question.least and not lenient:
            return Wrong(TOO_FEW, question.least)
        case QuestionKind.MATRIX if (
            question.is_required and count < len(question.rows) and not lenient
        ):
            return Wrong(EVERY_ROW)
    return None


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 3 else -1


# How an answer is kept, and shown to its author again.


def write_chosen(chosen: Chosen) -> str:
    """Return what was chosen as JSON: [3] or [2,1] in order, {"1":2} of a matrix."""
    if isinstance(chosen, dict):
        value: object = {str(row): column for row, column in sorted(chosen.items())}
    else:
        value = list(chosen)
    return json.dumps(value, separators=(",", ":"))


def read_chosen(text: str) -> Chosen:
    value = json.loads(text)
    if isinstance(value, dict):
        return {int(row): column for row, column in value.items()}
    return tuple(value)


def as_form(definition: Definition, replies: Mapping[int, Reply]) -> dict[str, list[str]]:
    """Return what a form would send to give these answers."""
    sent: dict[str, list[str]] = {}
    for number, reply in replies.items():
        kind = definition.questions[number - 1].kind
        if reply.body:
            sent[field(number)] = [reply.body]
        elif isinstance(reply.chosen, dict):
            sent |= {field(number, row): [str(column)] for row, column in reply.chosen.items()}
        elif kind is QuestionKind.RANKING:
            places = enumerate(reply.chosen, start=1)
            sent |= {field(number, option): [str(place)] for place, option in places}
        else:
            sent[field(number)] = [str(value) for value in reply.chosen]
    return sent
