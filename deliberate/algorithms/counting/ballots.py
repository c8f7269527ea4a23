"""The one text of a ballot, so that equal choices are equal bytes, on paper and on the web.

A text is JSON without spaces; options are numbers from 1, their keys the same numbers as text:

- marks (single, approval, knapsack): ``[2,5]``, by number
- ranking: ``[5,2]``, the most wanted first
- points and scores: ``[[2,3],[5,1]]``, by number; no points are left out of points, while a score
  of 0 is a score
- answers: ``[[1,"yes"],[2,"abstain"]]``, by number
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable
from typing import cast

from deliberate.algorithms.counting.method import (
    Answer,
    Answers,
    BallotKind,
    Marks,
    Points,
    Ranking,
)

Ballot = Marks | Ranking | Points | Answers

MARKED = frozenset({BallotKind.SINGLE, BallotKind.APPROVAL, BallotKind.KNAPSACK})
KEY = re.compile(r"[1-9][0-9]{0,8}")  # what a column of whole numbers holds on every database


def write(kind: BallotKind, ballot: Ballot) -> str:
    """Return the text of a ballot.

    Raises ValueError where an option is no number from 1 or stands twice, where a single choice is
    of two, where points are no whole numbers or below 0 (scores may be), and for other answers.
    """
    match kind:
        case BallotKind.RANKED:
            numbers = _numbers(cast(Ranking, ballot))
        case BallotKind.SCORE | BallotKind.POINTS:
            return _text(_pointed(kind, cast(Points, ballot)))
        case BallotKind.QUESTIONS:
            return _text(_answered(cast(Answers, ballot)))
        case _:
            numbers = sorted(_numbers(cast(Marks, ballot)))
    if kind is BallotKind.SINGLE and len(numbers) > 1:
        raise ValueError(f"More than one mark: {numbers}")
    return _text(numbers)


def read(kind: BallotKind, text: str) -> Ballot:
    """Return the ballot of a text.

    Raises ValueError for every text that ``write`` would not have written: other order, spaces,
    an option twice, numbers with a sign, a fraction or a zero before them.
    """
    try:
        listed = json.loads(text)
        ballot = _of_list(kind, listed)
        written = write(kind, ballot)
    except (ValueError, TypeError, RecursionError) as error:
        raise ValueError(f"No ballot of this kind ({kind}): {text[:80]!r}") from error
    if written != text:
        raise ValueError(f"Not written as ballots are ({kind}): {text[:80]!r}, not {written!r}")
    return ballot


def _of_list(kind: BallotKind, listed: object) -> Ballot:
    if not isinstance(listed, list):
        raise TypeError("A ballot is a list")
    if kind in MARKED:
        return frozenset(_key(number) for number in listed)
    if kind is BallotKind.RANKED:
        return tuple(_key(number) for number in listed)
    if kind is BallotKind.QUESTIONS:
        return frozenset((_key(number), Answer(answer)) for number, answer in listed)
    return frozenset((_key(number), points) for number, points in listed)


def _key(number: object) -> str:
    if type(number) is not int:
        raise TypeError("An option is a whole number")
    return str(number)


def _numbers(keys: Collection[str]) -> list[int]:
    if odd := [key for key in keys if not KEY.fullmatch(key)]:
        raise ValueError(f"Options that are no numbers from 1: {sorted(odd)}")
    if len(set(keys)) < len(keys):
        raise ValueError(f"An option twice: {sorted(keys)}")
    return [int(key) for key in keys]


def _pointed(kind: BallotKind, ballot: Points) -> list[list[int]]:
    numbers = _numbers([key for key, _ in ballot])
    given = [points for _, points in ballot]
    if odd := [points for points in given if type(points) is not int]:
        raise ValueError(f"Points that are no whole numbers: {odd}")
    if kind is BallotKind.POINTS and min(given, default=0) < 0:
        raise ValueError(f"Points below 0: {sorted(given)}")
    is_kept = kind is BallotKind.SCORE
    pairs = sorted(zip(numbers, given, strict=True))
    return [[number, points] for number, points in pairs if points or is_kept]


def _answered(ballot: Answers) -> list[list[object]]:
    numbers = _numbers([key for key, _ in ballot])
    answers = [Answer(answer) for _, answer in ballot]
    return [[number, answer] for number, answer in sorted(zip(numbers, answers, strict=True))]


def _text(listed: Iterable[object]) -> str:
    return json.dumps(listed, separators=(",", ":"))
