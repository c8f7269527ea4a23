"""What comes of a box: the outcome of each section, the hash over ballots, the root over leaves.

It is worked out before the poll is locked, and under the lock only where the box holds something
else by then: to read and count 100,000 ballots takes longer than a town should wait.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from deliberate.algorithms import merkle
from deliberate.algorithms.counting import BallotKind
from deliberate.algorithms.counting.ballots import Ballot, read
from deliberate.voting import canonical, files, queries, tallying
from deliberate.voting.models import Option, Poll, Section
from deliberate.voting.states import Publication

Outcome = dict[str, dict[str, Any]]  # section → what tallying says of it
Known = Mapping[int, Mapping[str, Ballot]]  # section → text → what it says
Tell = Callable[[int, int], None]  # so many ballots of so many are read

AT_ONCE = 2_000  # texts between two words of how far it is


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """What is counted. ballots: section → texts, in any order; leaves: in the order of the log."""

    ballots: Mapping[int, Sequence[str]]
    leaves: Sequence[str]
    seed: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Workings:
    """What a box held, and all that came of it."""

    box: Box
    texts: Mapping[int, Mapping[str, int]]  # section → text → ballots
    known: Known
    outcome: Outcome
    ballots_hash: str
    root: str  # hex


def judge(poll: Poll, box: Box, tell: Tell) -> Known:
    """Read the texts of a box, and tell how far it is.

    Raises ValueError for a text that is no ballot of its section's kind.
    """
    known: dict[int, dict[str, Ballot]] = {}
    total, done = sum(map(len, box.ballots.values())), 0
    for section in queries.list_sections(poll):
        kind, texts = BallotKind(section.kind), box.ballots.get(section.no, ())
        mine = known[section.no] = {}
        for start in range(0, len(texts), AT_ONCE):
            tell(done + start, total)
            for text in texts[start : start + AT_ONCE]:
                if text not in mine:
                    mine[text] = read(kind, text)
        done += len(texts)
    tell(total, total)
    return known


def work_out(
    poll: Poll, box: Box, *, known: Known | None = None, before: Workings | None = None
) -> Workings:
    """Work out a box; of what was worked out before, what is the same is taken over."""
    known = known or (before.known if before is not None else {})
    sections, options = queries.list_sections(poll), queries.list_options(poll)
    texts = {section.no: dict(Counter(box.ballots.get(section.no, ()))) for section in sections}
    same = {no for no in texts if before is not None and _is_same(box, texts, before, no)}
    outcome = {
        str(section.no): before.outcome[str(section.no)]
        if before is not None and section.no in same
        else _count(section, options, box, known)
        for section in sections
    }
    is_same_log = before is not None and list(before.box.leaves) == list(box.leaves)
    return Workings(
        box=box,
        texts=texts,
        known=known,
        outcome=outcome,
        ballots_hash=before.ballots_hash
        if before is not None and len(same) == len(sections)
        else _hash(poll, box, outcome),
        root=before.root if before is not None and is_same_log else root_of(box.leaves),
    )


def root_of(leaves: Sequence[str]) -> str:
    return merkle.root([bytes.fromhex(leaf) for leaf in leaves]).hex()


def _is_same(
    box: Box, texts: Mapping[int, Mapping[str, int]], before: Workings, section_no: int
) -> bool:
    """Tell whether a section holds the very ballots that were worked out, in any order."""
    return before.box.seed == box.seed and before.texts[section_no] == texts[section_no]


def _count(
    section: Section, options: Sequence[Option], box: Box, known: Known
) -> dict[str, object]:
    numbers = [option.no for option in options if option.section_no == section.no]
    return tallying.tally(
        section,
        numbers,
        box.ballots.get(section.no, ()),
        seed=box.seed,
        known=known.get(section.no, {}),
    )


def _hash(poll: Poll, box: Box, outcome: Outcome) -> str:
    """Return the hash over the ballots that come out one by one.

    Those alone are hashed for everybody: a hash over a few ballots that nobody may see would be
    as good as the ballots, since all that they can be is soon tried.
    """
    linked = poll.publication == Publication.LINKED
    shown = map(int, outcome) if linked else files.published_apart(poll.publication, outcome)
    return canonical.ballots_hash(
        (no, text) for no in sorted(shown) for text in box.ballots.get(no, ())
    )
