"""What a survey may ask, and when it may be changed, offered, corrected and published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from deliberate.algorithms.branching import Condition, Fault, faults
from deliberate.kernel.refusals import Refusal
from deliberate.kernel.texts import N_
from deliberate.surveys.definition import Definition, Question
from deliberate.surveys.kinds import QuestionKind, State

if TYPE_CHECKING:
    from datetime import datetime

    from deliberate.subjects.gate import Gate

MOST_QUESTIONS = 40
MOST_OPTIONS, MOST_ROWS, MOST_COLUMNS = 20, 12, 7
FIRST_POINT, LAST_POINT = 0, 10
LONGEST_TEXT = 4_000
USUAL_TEXT = 500  # characters, where the officer names no other length

ANSWERED = Refusal(
    "survey.answered",
    N_("Ktoś już odpowiedział. Pytania się nie zmienią; można poprawić tylko pisownię."),
)
CHANGED_MEANWHILE = Refusal(
    "survey.meanwhile",
    N_("Ktoś zmienił tę ankietę w międzyczasie. Zobacz, jak wygląda teraz, i zapisz ponownie."),
)
TOO_MANY = Refusal("survey.too_many", N_("Ankieta może mieć najwyżej 40 pytań."))
NEEDED_LATER = Refusal(
    "survey.needed_later",
    N_("Od tego pytania zależy pytanie %(number)s. Najpierw zmień jego warunek."),
)
NOT_BACKWARD = Refusal(
    "survey.not_backward",
    N_("Pytanie %(number)s zależy od odpowiedzi na to, co przed nim. Tak stałoby za wcześnie."),
)
NO_SUCH_ANSWER = Refusal(
    "survey.no_such_answer",
    N_("Pytanie %(number)s zależy od odpowiedzi, której by nie było. Najpierw zmień jego warunek."),
)
NO_QUESTIONS = Refusal("survey.no_questions", N_("W tej ankiecie nie ma jeszcze pytań."))
NOT_DRAFT = Refusal("survey.not_draft", N_("Tę ankietę już widać. Usunąć można tylko szkic."))
NOT_OFFERED = Refusal("survey.not_offered", N_("Tej ankiety jeszcze nie udostępniono."))
PUBLISHED = Refusal("survey.published", N_("Wyniki tej ankiety są ogłoszone. Nic się nie zmieni."))
STILL_OPEN = Refusal(
    "survey.still_open", N_("Ankieta jeszcze trwa. Wyniki można ogłosić po jej zakończeniu.")
)
TEXTS_WAITING = Refusal(
    "survey.texts_waiting",
    N_("Wypowiedzi do przeczytania: %(count)s. Zdecyduj o każdej, zanim ogłosisz wyniki."),
)
NOTHING_CORRECTED = Refusal("survey.nothing_corrected", N_("Nic się nie zmieniło."))
NOT_ANSWERED_YET = Refusal(
    "survey.not_answered_yet", N_("Nikt jeszcze nie odpowiedział, więc zmień po prostu pytania.")
)

NO_TEXT = N_("Napisz pytanie.")
TWO_OPTIONS = N_("Wpisz co najmniej dwie odpowiedzi, każdą w osobnym wierszu.")
TOO_MANY_OPTIONS = N_("Odpowiedzi może być najwyżej 20.")
SAME_OPTION = N_("Dwie odpowiedzi są takie same. Zmień jedną z nich.")
TWO_COLUMNS = N_("Wpisz co najmniej dwie kolumny, każdą w osobnym wierszu.")
TOO_MANY_COLUMNS = N_("Kolumn może być najwyżej 7, żeby tabelka zmieściła się na telefonie.")
NO_ROWS = N_("Wpisz wiersze tabelki, każdy w osobnym wierszu.")
TOO_MANY_ROWS = N_("Wierszy może być najwyżej 12.")
SAME_ROW = N_("Dwa wiersze są takie same. Zmień jeden z nich.")
BAD_SCALE = N_("Skala musi mieć początek mniejszy niż koniec, od 0 do 10.")
BAD_MOST = N_("Podaj liczbę od 1 do liczby odpowiedzi albo zostaw puste.")
BAD_LEAST = N_("Ta liczba nie może być większa niż „najwyżej”.")
BAD_LONGEST = N_("Podaj liczbę znaków od 1 do 4000.")
ONE_QUESTION = N_("Warunek może dotyczyć tylko jednego pytania.")


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildFacts:
    """``is_answered``: somebody sent it, on the web or on paper."""

    state: State
    is_answered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishFacts:
    """``texts_waiting``: free texts about which nobody has decided."""

    state: State
    is_over: bool
    texts_waiting: int


def question_faults(question: Question) -> dict[str, str]:
    """Return what is wrong with a question, by the field where to mend it."""
    found: dict[str, str] = {}
    if not question.text:
        found["text"] = NO_TEXT
    match question.kind:
        case QuestionKind.SINGLE | QuestionKind.MULTIPLE | QuestionKind.RANKING:
            found |= _list_faults("options", question.options, MOST_OPTIONS)
        case QuestionKind.MATRIX:
            found |= _list_faults("options", question.options, MOST_COLUMNS)
            found |= _list_faults("rows", question.rows, MOST_ROWS)
        case QuestionKind.SCALE:
            if not FIRST_POINT <= question.least < question.most <= LAST_POINT:
                found["most"] = BAD_SCALE
        case QuestionKind.TEXT:
            if not 1 <= question.longest <= LONGEST_TEXT:
                found["longest"] = BAD_LONGEST
    if question.kind in (QuestionKind.MULTIPLE, QuestionKind.RANKING):
        if not 1 <= question.most <= max(1, len(question.options)):
            found["most"] = BAD_MOST
        elif not 0 <= question.least <= question.most:
            found["least"] = BAD_LEAST
    return found


def _list_faults(field: str, lines: Sequence[str], most: int) -> dict[str, str]:
    words = {
        "rows": (NO_ROWS, TOO_MANY_ROWS, SAME_ROW),
        "options": (TWO_OPTIONS, TOO_MANY_OPTIONS, SAME_OPTION),
    }[field]
    if most == MOST_COLUMNS:
        words = (TWO_COLUMNS, TOO_MANY_COLUMNS, SAME_OPTION)
    if len(lines) < (1 if field == "rows" else 2):
        return {field: words[0]}
    if len(lines) > most:
        return {field: words[1]}
    return {field: words[2]} if len(set(lines)) < len(lines) else {}


def branching_refusal(definition: Definition) -> Refusal | None:
    """Return why some question could never be asked, or None."""
    values = [question.values for question in definition.questions]
    for number, fault in faults(definition.conditions, values):
        refusal = NOT_BACKWARD if fault is Fault.NOT_BACKWARD else NO_SUCH_ANSWER
        return refusal.with_values(number=number)
    return None


def added(definition: Definition, question: Question) -> Definition:
    return replace(definition, questions=(*definition.questions, question))


def changed(definition: Definition, number: int, question: Question) -> Definition:
    questions = list(definition.questions)
    questions[number - 1] = question
    return replace(definition, questions=tuple(questions))


def moved(definition: Definition, number: int, to: int) -> Definition:
    """Return the survey with a question at another place; conditions follow what they name."""
    order = list(range(1, len(definition.questions) + 1))
    order.insert(max(1, min(to, len(order))) - 1, order.pop(number - 1))
    return _ordered(definition, order)


def removed(definition: Definition, number: int) -> Definition | Refusal:
    """Return the survey without a question, or why it has to stay."""
    for other, condition in enumerate(definition.conditions, start=1):
        if condition is not None and condition.question == number:
            return NEEDED_LATER.with_values(number=other)
    order = [each for each in range(1, len(definition.questions) + 1) if each != number]
    return _ordered(definition, order)


def _ordered(definition: Definition, order: Sequence[int]) -> Definition:
    """Return the questions in an order of their former numbers."""
    places = {former: place for place, former in enumerate(order, start=1)}
    questions = []
    for former in order:
        question = definition.questions[former - 1]
        if (condition := question.shown_if) is not None:
            there = Condition(places[condition.question], condition.values)
            question = replace(question, shown_if=there)
        questions.append(question)
    return replace(definition, questions=tuple(questions))


def change_refusal(facts: BuildFacts) -> Refusal | None:
    """Return why nobody may change what is asked any more, or None."""
    if facts.state is State.PUBLISHED:
        return PUBLISHED
    return ANSWERED if facts.is_answered else None


def offer_refusal(definition: Definition) -> Refusal | None:
    """Return what a survey lacks before people see it, or None."""
    return branching_refusal(definition) if definition.questions else NO_QUESTIONS


def correction_refusal(facts: BuildFacts) -> Refusal | None:
    """Return why typing cannot be corrected now, or None."""
    if facts.state is State.PUBLISHED:
        return PUBLISHED
    return None if facts.is_answered else NOT_ANSWERED_YET


def publish_refusal(facts: PublishFacts) -> Refusal | None:
    """Return why the results cannot be published now, or None."""
    if facts.state is State.PUBLISHED:
        return PUBLISHED
    if facts.state is not State.OFFERED:
        return NOT_OFFERED
    if not facts.is_over:
        return STILL_OPEN
    if facts.texts_waiting:
        return TEXTS_WAITING.with_values(count=facts.texts_waiting)
    return None


def is_over(gate: Gate, *, now: datetime) -> bool:
    """Tell whether nobody will answer here any more. The dates decide, not a stop."""
    if gate.is_open or gate.opens_at is not None:
        return False
    return gate.ends_at is not None and gate.ends_at <= now
