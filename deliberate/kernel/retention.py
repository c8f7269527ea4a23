"""What is kept for how long: one rule a kind of data, shown to people and run every day.

A rule counts what it would remove before it removes it, so that the page that previews and the
job that acts cannot disagree.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Flask, current_app


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionRule:
    """``count(now)`` rows have had their time; ``remove(now)`` removes them and says how many.

    ``label`` and ``keeps`` are texts marked with N_: what it is, and how long it is kept.
    ``remove`` runs in a transaction of the job and never commits.
    """

    key: str
    label: str
    keeps: str
    count: Callable[[datetime], int]
    remove: Callable[[datetime], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """How much of what a rule would remove at a moment."""

    rule: RetentionRule
    count: int


def register(app: Flask, *rules: RetentionRule) -> None:
    known: dict[str, RetentionRule] = app.extensions.setdefault("deliberate.retention", {})
    for rule in rules:
        if rule.key in known:
            raise ValueError(f"Two features register the retention rule {rule.key!r}.")
        known[rule.key] = rule


def list_rules() -> Sequence[RetentionRule]:
    """Return all rules in the order of registering."""
    known: dict[str, RetentionRule] = current_app.extensions.get("deliberate.retention", {})
    return tuple(known.values())


def preview(now: datetime) -> list[Due]:
    """Return what each rule would remove at ``now``. Removes nothing."""
    return [Due(rule=rule, count=rule.count(now)) for rule in list_rules()]
