"""How a result came about: what a page says and draws of each section, by its way of counting."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from deliberate.algorithms.counting.method import Denominator, Step
from deliberate.kernel import texts
from deliberate.kernel.i18n import locale, say
from deliberate.kernel.texts import N_
from deliberate.voting import wording
from deliberate.voting.models import Poll, Section
from deliberate.voting.outcomes import SectionOutcome
from deliberate.voting.queries import Project
from deliberate.voting.views import telling_rankings
from deliberate.voting.views.told import (
    Labels,
    Told,
    each,
    figure,
    label_of,
    points,
    quoted,
    rows_of,
    votes,
    with_more,
)

Label = Callable[[int], str]
# Which partial of templates/voting/results draws a way of counting.
SHAPES = {
    "plurality": "votes",
    "approval": "votes",
    "points": "sums",
    "score": "sums",
    "borda": "sums",
    "positional": "sums",
    "majority_judgement": "grades",
    "irv": "rounds",
    "stv": "rounds",
    "schulze": "pairs",
    "questions": "questions",
}


def tell(
    poll: Poll, section: Section, outcome: SectionOutcome, projects: Sequence[Project], ballots: int
) -> Told:
    """Describe one section. ballots: how many lie in it."""
    labels = {project.no: label_of(project) for project in projects}
    label = labels.__getitem__
    said = json.loads(section.terms)
    shape = SHAPES[outcome.method]
    name, how = wording.METHOD_WORDS[outcome.method]
    sentences = [say(how), *_limits(section, outcome, said)]
    if ballots and shape != "questions":
        sentences += _ties(outcome, label) + _open_tie(outcome, label, said.get("seats", 1))
        sentences += _lots(poll, outcome, label)
    told = Told(
        section=section,
        shape=shape,
        method_name=say(name),
        version=outcome.version,
        headline=_headline(outcome, label, ballots, said),
        sentences=sentences,
        ballots=ballots,
    )
    return TELLERS[shape](told, outcome, labels, said)


# Sentences that every way of counting may need.


def _headline(outcome: SectionOutcome, label: Label, ballots: int, said: Mapping[str, Any]) -> str:
    if not ballots:
        return say(N_("Nikt nie zagłosował"))
    if outcome.verdicts:
        return _headline_of_questions(outcome, said)
    is_counted = SHAPES[outcome.method] == "votes"
    if said.get("seats", 1) == 1 and len(outcome.places[0]) == 1:
        word = (
            N_("Najwięcej głosów: %(names)s") if is_counted else N_("Pierwsze miejsce: %(names)s")
        )
        return say(word, names=quoted(map(label, outcome.places[0])))
    if outcome.elected:
        return say(N_("Wybrane: %(names)s"), names=quoted(map(label, outcome.elected)))
    word = (
        N_("Najwięcej głosów, po równo: %(names)s")
        if is_counted
        else N_("Pierwsze miejsce, po równo: %(names)s")
    )
    return say(word, names=quoted(label(no) for no in sorted(outcome.places[0])))


def _headline_of_questions(outcome: SectionOutcome, said: Mapping[str, Any]) -> str:
    all_of = len(outcome.verdicts)
    if said.get("bands"):
        reached = sum(verdict["band"] is not None for verdict in outcome.verdicts.values())
        return say(N_("Próg osiągnęło pytań: %(some)s z %(all)s"), some=reached, all=all_of)
    passed = sum(verdict["yes"] > verdict["no"] for verdict in outcome.verdicts.values())
    return say(N_("Więcej za niż przeciw: w %(some)s z %(all)s pytań"), some=passed, all=all_of)


def _limits(section: Section, outcome: SectionOutcome, said: Mapping[str, Any]) -> Iterable[str]:
    if outcome.method == "approval":
        yield say(
            N_(
                "Każda osoba mogła wybrać do %(most)s. Każdy wybór to jeden głos, więc procenty "
                "nie sumują się do stu."
            ),
            most=section.most,
        )
    if outcome.method == "positional":
        weights = "; ".join(figure(Fraction(weight)) for weight in said.get("weights", ()))
        yield say(N_("Punkty za kolejne miejsca: %(weights)s."), weights=weights)
    if said.get("seats", 1) > 1:
        yield say(N_("Do wybrania: %(seats)s."), seats=said["seats"])


def _ties(outcome: SectionOutcome, label: Label) -> list[str]:
    """Say of additive ways who has as much as another; rounds tell it themselves."""
    if SHAPES[outcome.method] not in {"votes", "sums"}:
        return []
    equals = [sorted(place) for place in outcome.places if len(place) > 1]
    return [
        say(
            N_("Po tyle samo głosów (%(votes)s) mają: %(names)s.")
            if SHAPES[outcome.method] == "votes"
            else N_("Po tyle samo punktów (%(votes)s) mają: %(names)s."),
            votes=figure(outcome.score[place[0]]),
            names=quoted(map(label, place)),
        )
        for place in equals
        if outcome.score[place[0]]
    ]


def _open_tie(outcome: SectionOutcome, label: Label, seats: int) -> list[str]:
    """Say who stands at the border of the seats where no lot was drawn."""
    if len(outcome.elected) >= min(seats, len(outcome.score)):
        return []
    chosen = set(outcome.elected)
    border = next((place for place in outcome.places if place - chosen), frozenset())
    return [
        say(
            N_("Remis zostaje remisem, bo zasady nie przewidują losu: %(names)s."),
            names=quoted(label(no) for no in sorted(border)),
        )
    ]


def _lots(poll: Poll, outcome: SectionOutcome, label: Label) -> list[str]:
    if not outcome.drawn or poll.seed is None:
        return []
    return [
        say(
            N_("Los zdecydował między: %(names)s. Ziarno losu: %(seed)s (%(source)s)."),
            names=quoted(label(no) for no in sorted(outcome.drawn)),
            seed=poll.seed,
            source=poll.randomness_source,
        )
    ]


# Each shape.


def _tell_votes(
    told: Told, outcome: SectionOutcome, labels: Labels, _said: Mapping[str, Any]
) -> Told:
    rows = rows_of(outcome.score, labels, outcome.elected, votes)
    return with_more(told, rows=rows, most=Fraction(told.ballots))


def _tell_sums(
    told: Told, outcome: SectionOutcome, labels: Labels, _said: Mapping[str, Any]
) -> Told:
    rows = rows_of(outcome.score, labels, outcome.elected, points)
    highest = told.section.highest
    if highest is not None:  # a score of all that could be given, not of the best one
        return with_more(told, rows=rows, most=Fraction(highest * told.ballots))
    return with_more(told, rows=rows, most=max(outcome.score.values(), default=Fraction(0)))


def _tell_grades(
    told: Told, outcome: SectionOutcome, labels: Labels, _said: Mapping[str, Any]
) -> Told:
    """Order by place; each option's grades from the best, as parts of one bar."""
    lowest, highest = told.section.lowest or 0, told.section.highest or 0
    grades = list(range(highest, lowest - 1, -1))
    order = [no for place in outcome.places for no in sorted(place)]
    bars = [
        {
            "label": labels[no],
            "median": figure(outcome.score[no]),
            "is_elected": no in outcome.elected,
            "parts": _parts_of(outcome.spread.get(no, {}), grades, told.ballots),
            "times": [outcome.spread.get(no, {}).get(grade, 0) for grade in grades],
        }
        for no in order
    ]
    steps = [step for step in outcome.rounds if step["step"] == Step.COMPARED]
    apart = [
        say(
            N_(
                "Tę samą ocenę środkową mają: %(names)s. Po odłożeniu środkowych ocen "
                "(po %(taken)s) następna to: %(figures)s."
            ),
            names=quoted(labels[no] for no in step["among"]),
            taken=step.get("taken", 0),
            figures=each(step["figures"], labels),
        )
        for step in steps
    ]
    return with_more(told, more={"grades": grades, "bars": bars, "apart": apart})


def _parts_of(
    spread: Mapping[int, int], grades: Sequence[int], ballots: int
) -> list[dict[str, Any]]:
    """Return the parts of a bar: where each begins and ends, in percent of the ballots."""
    parts, begin = [], 0
    for place, grade in enumerate(grades):
        times = spread.get(grade, 0)
        shade = 1 - 0.85 * place / max(len(grades) - 1, 1)
        if times and ballots:
            parts.append(
                {
                    "x": round(100 * begin / ballots, 2),
                    "width": round(100 * times / ballots, 2),
                    "shade": round(shade, 2),
                }
            )
        begin += times
    return parts


def _tell_questions(
    told: Told, outcome: SectionOutcome, labels: Labels, said: Mapping[str, Any]
) -> Told:
    denominator = Denominator(said.get("denominator", Denominator.YES_AND_NO))
    bands = [
        {"key": key, "least": Fraction(least)}
        for key, least in sorted(said.get("bands", ()), key=lambda band: -Fraction(band[1]))
    ]
    extra = [say(N_("Procent liczymy od %(what)s."), what=say(wording.DENOMINATORS[denominator]))]
    if quorum := said.get("quorum"):
        extra.append(
            say(
                N_(
                    "Żeby wynik się liczył, musiało zagłosować co najmniej %(quorum)s; "
                    "kart jest %(ballots)s."
                ),
                quorum=texts.number(quorum, locale()),
                ballots=texts.number(told.ballots, locale()),
            )
        )
    items = [
        {
            "label": labels[no],
            "share": Fraction(verdict["share"]) if verdict["share"] is not None else None,
            **{name: verdict[name] for name in ("yes", "no", "abstain", "blank", "base", "band")},
            "has_quorum": verdict["has_quorum"],
        }
        for no, verdict in sorted(outcome.verdicts.items())
    ]
    return with_more(told, more={"questions": items, "bands": bands}, extra=extra)


TELLERS: Mapping[str, Callable[[Told, SectionOutcome, Labels, Mapping[str, Any]], Told]] = {
    "votes": _tell_votes,
    "sums": _tell_sums,
    "grades": _tell_grades,
    "rounds": telling_rankings.tell_rounds,
    "pairs": telling_rankings.tell_pairs,
    "questions": _tell_questions,
}
