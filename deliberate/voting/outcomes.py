"""An outcome of a count as data that is kept and published, and read again. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from deliberate.algorithms.counting import CountingMethod, Outcome
from deliberate.algorithms.counting.method import Round, Verdict

Spread = Mapping[str, Mapping[int, int]]


def as_data(
    method: CountingMethod, outcome: Outcome, *, terms: str, ballots: int, spread: Spread
) -> dict[str, object]:
    """Return one section's outcome as JSON takes it: options are numbers, figures exact texts.

    spread: of scores, option → how many gave it each; without it a middle grade could not be seen.
    """
    return {
        "method": method.key,
        "version": method.version,
        "terms": json.loads(terms),
        "ballots": ballots,
        "score": _figures(outcome.score),
        "places": [sorted(map(int, place)) for place in outcome.places],
        "elected": [int(option) for option in outcome.elected],
        "drawn": sorted(map(int, outcome.drawn)),
        "rounds": [_round(step) for step in outcome.rounds],
        "verdicts": {question: _verdict(v) for question, v in sorted(outcome.verdicts.items())},
        "spread": {
            option: {str(grade): times for grade, times in sorted(own.items())}
            for option, own in sorted(spread.items())
        },
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionOutcome:
    """One section's outcome as pages show it. Options are their numbers on the ballot."""

    method: str
    version: int
    ballots: int | None  # None in results counted before they were kept a section
    score: Mapping[int, Fraction]
    places: tuple[frozenset[int], ...]
    elected: tuple[int, ...]
    drawn: frozenset[int]
    rounds: tuple[Mapping[str, Any], ...]
    verdicts: Mapping[int, Mapping[str, Any]]
    spread: Mapping[int, Mapping[int, int]]  # of scores: option → how many gave it each


def from_data(data: Mapping[str, Any]) -> SectionOutcome:
    return SectionOutcome(
        method=data["method"],
        version=data["version"],
        ballots=data.get("ballots"),
        score={int(option): Fraction(figure) for option, figure in data["score"].items()},
        places=tuple(frozenset(place) for place in data["places"]),
        elected=tuple(data["elected"]),
        drawn=frozenset(data["drawn"]),
        rounds=tuple(data["rounds"]),
        verdicts={int(question): verdict for question, verdict in data["verdicts"].items()},
        spread={
            int(option): {int(grade): times for grade, times in own.items()}
            for option, own in data.get("spread", {}).items()
        },
    )


def _round(step: Round) -> dict[str, object]:
    said: dict[str, object] = {"step": step.step, "options": [int(o) for o in step.options]}
    if step.among:
        said["among"] = [int(option) for option in step.among]
    if step.figures:
        said["figures"] = _figures(step.figures)
    if step.moved:
        said["moved"] = _figures(step.moved)
    if step.lost:
        said["lost"] = str(step.lost)
    if step.needed is not None:
        said["needed"] = str(step.needed)
    if step.taken:
        said["taken"] = step.taken
    return said


def _verdict(verdict: Verdict) -> dict[str, object]:
    return {
        "yes": verdict.yes,
        "no": verdict.no,
        "abstain": verdict.abstain,
        "blank": verdict.blank,
        "base": verdict.base,
        "share": str(verdict.share) if verdict.share is not None else None,
        "has_quorum": verdict.has_quorum,
        "band": verdict.band,
    }


def _figures(figures: Mapping[str, Fraction]) -> dict[str, str]:
    return {option: str(figure) for option, figure in sorted(figures.items())}
