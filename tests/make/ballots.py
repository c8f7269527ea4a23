"""Sections of a ballot paper, and what a voter writes on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from deliberate.algorithms.counting import BallotKind
from deliberate.voting.actions.preparing import OptionDraft, SectionDraft
from deliberate.voting.ballot_rules import Written

METHOD_OF = {
    BallotKind.SINGLE: "plurality",
    BallotKind.APPROVAL: "approval",
    BallotKind.KNAPSACK: "approval",
    BallotKind.RANKED: "borda",
    BallotKind.SCORE: "score",
    BallotKind.POINTS: "points",
    BallotKind.QUESTIONS: "questions",
}


def section(
    kind: BallotKind = BallotKind.APPROVAL,
    *,
    options: int = 3,
    first: int = 1,
    proposals: Sequence[int] = (),
    title: str = "Całe miasto",
    method: str | None = None,
    least: int = 0,
    most: int | None = None,
    **more: Any,
) -> SectionDraft:
    """Describe a section whose options are numbered from ``first``; each costs 100 000 zł more."""
    numbers = range(first, first + options)
    subjects = dict(zip(numbers, proposals, strict=False))
    limits = {
        BallotKind.SCORE: {"lowest": 0, "highest": 5},
        BallotKind.POINTS: {"points": 10},
        BallotKind.KNAPSACK: {"budget": 300_000_00},
    }.get(kind, {})
    drafts = [
        OptionDraft(
            no=no,
            title=f"Projekt {no}",
            text="",
            cost=no * 100_000_00,
            subject_kind="proposal" if no in subjects else None,
            subject_id=subjects.get(no),
        )
        for no in numbers
    ]
    every = 1 if kind is BallotKind.SINGLE else options
    return SectionDraft(
        title=title,
        kind=kind,
        method=method or METHOD_OF[kind],
        least=least,
        most=most or every,
        options=drafts,
        **{**limits, **more},
    )


def marks(*chosen: int) -> dict[int, Written]:
    """Write a ballot of one section: these numbers are ticked."""
    return {1: Written(marked=frozenset(chosen))}


def said(texts: Mapping[int, str], *, section: int = 1) -> dict[int, Written]:
    """Write a ballot of one section: this stands beside these numbers."""
    return {section: Written(said=texts)}
