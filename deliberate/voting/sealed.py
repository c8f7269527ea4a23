"""The rules of sealed ballots as this process last read them.

Nothing on a sealed ballot changes (guards), and its hash names all that stands on it: so what was
read once under a hash is right for ever, and a vote need not read two hundred options again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from deliberate.kernel.db import db
from deliberate.voting import queries
from deliberate.voting.ballot_rules import Areas, SectionRules
from deliberate.voting.models import Poll

MOST_KEPT = 32  # ballots


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedRules:
    """The sections of a ballot with their limits, and which of them belong to an area."""

    sections: Sequence[SectionRules]
    areas: Areas


def read(poll: Poll) -> SealedRules:
    """Return the rules of a poll; of a draft as they are now."""
    return _read(poll) if poll.rules_hash is None else read_under(poll.id, poll.rules_hash)


def read_under(poll_id: int, rules_hash: str) -> SealedRules:
    """Return the rules of a sealed poll; the poll itself is read only where they are not kept."""
    kept = _kept()
    found = kept.get((poll_id, rules_hash))
    if found is None:
        found = kept[poll_id, rules_hash] = _read(db.session.get_one(Poll, poll_id))
        if len(kept) > MOST_KEPT:
            kept.pop(next(iter(kept)))
    return found


@lru_cache(maxsize=1)
def _kept() -> dict[tuple[int, str], SealedRules]:
    return {}


def _read(poll: Poll) -> SealedRules:
    sections = queries.list_sections(poll)
    return SealedRules(
        sections=tuple(queries.section_rules(sections, queries.list_options(poll))),
        areas=queries.areas_of(poll, sections),
    )
