"""How a count of rankings came about: round by round, or each option against each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from deliberate.algorithms.counting.method import Step
from deliberate.kernel.i18n import say
from deliberate.kernel.texts import N_
from deliberate.voting.outcomes import SectionOutcome
from deliberate.voting.views.told import (
    Labels,
    Stage,
    Told,
    each,
    figure,
    quoted,
    rows_of,
    votes,
    with_more,
)

MOST_COMPARED = 12  # options of which a page shows every comparison; the data have all


def tell_rounds(
    told: Told, outcome: SectionOutcome, labels: Labels, _said: Mapping[str, Any]
) -> Told:
    stages: list[Stage] = []
    lost = Fraction(0)
    for group in _by_stage(outcome.rounds):
        first = group[0]
        lost += Fraction(first.get("lost", "0"))
        figures = {int(no): Fraction(value) for no, value in first.get("figures", {}).items()}
        chosen = [no for step in group if step["step"] == Step.ELECTED for no in step["options"]]
        needed = Fraction(first["needed"]) if "needed" in first else None
        stages.append(
            Stage(
                rows=rows_of(figures, labels, chosen, votes),
                sentences=[_event(step, labels) for step in group],
                lost=votes(lost) if lost else "",
                needed=needed,
                needed_words=figure(needed) if needed is not None else "",
            )
        )
    most = max((row.figure for stage in stages for row in stage.rows), default=Fraction(0))
    return with_more(told, stages=stages, most=most)


def _by_stage(rounds: Sequence[Mapping[str, Any]]) -> list[list[Mapping[str, Any]]]:
    """Return the rounds by stage: a count or a transfer begins one, decisions follow."""
    stages: list[list[Mapping[str, Any]]] = []
    for step in rounds:
        if step["step"] in {Step.TALLY, Step.TRANSFERRED} or not stages:
            stages.append([])
        stages[-1].append(step)
    return stages


def _event(step: Mapping[str, Any], labels: Labels) -> str:
    names = quoted(labels[no] for no in step["options"])
    if step["step"] == Step.TALLY:
        return say(N_("Liczą się pierwsze miejsca z kart."))
    if step["step"] == Step.ELECTED:
        return say(N_("Wybrane: %(names)s."), names=names)
    if step["step"] == Step.EXCLUDED:
        return say(N_("Najmniej głosów, więc odpada: %(names)s."), names=names)
    if step["step"] == Step.DRAWN:
        among = quoted(labels[no] for no in step.get("among", step["options"]))
        return say(
            N_("Po równo mają: %(among)s. Los wskazał: %(names)s."), among=among, names=names
        )
    moved = each(step.get("moved", {}), labels)
    sentence = (
        say(
            N_("Głosy z %(names)s przeszły na następne miejsca z kart: %(moved)s."),
            names=names,
            moved=moved,
        )
        if moved
        else say(N_("Głosy z %(names)s nie miały już następnego miejsca na kartach."), names=names)
    )
    if step.get("lost"):
        rest = figure(Fraction(step["lost"]))
        sentence += " " + say(N_("Bez dalszego wyboru: %(rest)s."), rest=rest)
    return sentence


def tell_pairs(
    told: Told, outcome: SectionOutcome, labels: Labels, _said: Mapping[str, Any]
) -> Told:
    order = [no for place in outcome.places for no in sorted(place)]
    shown = order[:MOST_COMPARED]
    wanted = {
        (step["options"][0], int(other)): int(value)
        for step in outcome.rounds
        if step["step"] == Step.COMPARED
        for other, value in step["figures"].items()
    }
    rows = [
        {
            "label": labels[no],
            "is_elected": no in outcome.elected,
            "words": _compared(no, order, labels, wanted),
        }
        for no in shown
    ]
    table = [
        (labels[one], labels[other], wanted[one, other], wanted[other, one])
        for index, one in enumerate(shown)
        for other in shown[index + 1 :]
    ]
    return with_more(
        told,
        more={"pairs": rows, "table": table, "left_out": len(order) - len(shown)},
        extra=_verdict_of_pairs(outcome, labels, wanted),
    )


def _compared(
    no: int,
    order: Sequence[int],
    labels: Labels,
    wanted: Mapping[tuple[int, int], int],
) -> list[str]:
    others = [other for other in order if other != no]
    beaten = [o for o in others if wanted[no, o] > wanted[o, no]]
    equal = [o for o in others if wanted[no, o] == wanted[o, no]]
    lost = [o for o in others if wanted[no, o] < wanted[o, no]]
    told = []
    for word, group in (
        (N_("Wygrywa z: %(names)s."), beaten),
        (N_("Po równo z: %(names)s."), equal),
        (N_("Przegrywa z: %(names)s."), lost),
    ):
        if group:
            pairs = [f"„{labels[o]}” {wanted[no, o]} : {wanted[o, no]}" for o in group]
            told.append(say(word, names=", ".join(pairs[:MOST_COMPARED])))
    return told


def _verdict_of_pairs(
    outcome: SectionOutcome,
    labels: Labels,
    wanted: Mapping[tuple[int, int], int],
) -> list[str]:
    if not any(wanted.values()):
        return []
    for no in outcome.places[0]:
        if all(wanted[no, o] > wanted[o, no] for o in labels if o != no):
            return [
                say(N_("%(name)s wygrywa z każdą inną pozycją wprost."), name=f"„{labels[no]}”")
            ]
    return [
        say(
            N_(
                "Żadna pozycja nie wygrywa wprost z każdą inną. Rozstrzygają łańcuchy zwycięstw: "
                "łańcuch jest tak mocny, jak jego najsłabsze ogniwo."
            )
        )
    ]
