"""One section's count, from the texts of its ballots to what is published. Pure.

The count and ``deliberate verify`` both come here, so that a stranger counts what we counted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, cast

from deliberate.algorithms.counting import METHODS, BallotKind
from deliberate.algorithms.counting.ballots import Ballot, read
from deliberate.algorithms.counting.method import Points
from deliberate.algorithms.counting.pointing import spread_of
from deliberate.voting import outcomes, terms

if TYPE_CHECKING:
    from deliberate.voting.models import Section


def tally(
    section: Section,
    numbers: Sequence[int],
    texts: Sequence[str],
    *,
    seed: str | None,
    known: Mapping[str, Ballot] = MappingProxyType({}),
) -> dict[str, object]:
    """Return the outcome of a section as data. numbers: of its options; texts: of its ballots.

    known: what was read of texts before. Raises ValueError where a text is no ballot of the
    section's kind or names what it has not.
    """
    kind, method = BallotKind(section.kind), METHODS[section.method]
    said = terms.read(section, seed=seed, options=numbers)
    once = {  # equal ballots are one value
        text: known[text] if text in known else read(kind, text) for text in set(texts)
    }
    ballots = [once[text] for text in texts]
    if said.entitled is not None:  # more came than were written down: nobody is above the whole
        said = replace(said, entitled=max(said.entitled, len(ballots)))
    keys = [str(number) for number in numbers]
    outcome = method.count(keys, ballots, said)
    is_score = kind is BallotKind.SCORE
    spread = spread_of(keys, cast(list[Points], ballots), said.scale) if is_score else {}
    return outcomes.as_data(
        method, outcome, terms=section.terms, ballots=len(ballots), spread=spread
    )
