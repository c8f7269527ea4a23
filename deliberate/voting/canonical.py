"""What is sealed and what is counted, each as one text that anyone can hash again. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deliberate.voting.models import Option, Poll, Section

VERSION = 1


def rules(poll: Poll, sections: Sequence[Section], options: Sequence[Option]) -> str:
    """Return the rules of a vote as JSON: keys sorted, no spaces, moments in UTC.

    ``ends_at`` stands as it was at sealing: later it may only grow.
    """
    return canonical(
        {
            "version": VERSION,
            "poll": poll.id,
            "title": poll.title,
            "electorate": poll.electorate,
            "needs": poll.needs,
            "method": poll.method,
            "publication": poll.publication,
            "effect": poll.effect,
            "decided_by": poll.decided_by,
            "decision_due": poll.decision_due.isoformat() if poll.decision_due else None,
            "result_due": poll.result_due.isoformat(),
            "order_seed": poll.order_seed,
            "opens_at": _moment(poll.opens_at),
            "ends_at": _moment(poll.ends_at),
            "sections": [
                {
                    "no": section.no,
                    "title": section.title,
                    "kind": section.kind,
                    "least": section.least,
                    "most": section.most,
                    "options": [
                        {
                            "no": option.no,
                            "title": option.title,
                            "text": option.text,
                            "cost": option.cost,
                            "subject": f"{option.subject_kind}:{option.subject_id}",
                        }
                        for option in options
                        if option.section_no == section.no
                    ],
                }
                for section in sections
            ],
        }
    )


def choices(chosen: Iterable[int]) -> str:
    """Return the choices of one section: sorted numbers, so that equal ballots are equal texts."""
    return canonical(sorted(set(chosen)))


def read_choices(text: str) -> frozenset[int]:
    numbers: list[int] = json.loads(text)
    return frozenset(numbers)


def ballots_hash(ballots: Iterable[tuple[int, str]]) -> str:
    """Return SHA-256 of all (section, choices), one a line, sorted: their order tells nothing."""
    lines = sorted(f"{section_no}:{choices}\n" for section_no, choices in ballots)
    return digest("".join(lines))


def canonical(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")
