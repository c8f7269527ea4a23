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

VERSION = 2  # 1 had one kind of choice, and the end inside


def rules(poll: Poll, sections: Sequence[Section], options: Sequence[Option]) -> str:
    """Return the rules of a vote as JSON: keys sorted, no spaces, moments in UTC.

    ``ends_at`` is not among them: it may grow.
    """
    return canonical(
        {
            "version": VERSION,
            "poll": poll.id,
            "title": poll.title,
            "repeats": poll.repeats_id,
            "electorate": poll.electorate,
            "electorate_terms": json.loads(poll.electorate_terms),
            "needs": poll.needs,
            "age": {"rule": poll.age_rule, "years": poll.age},
            "areas": {"lock": poll.area_lock, "most": poll.areas_most},
            "revote": poll.revote,
            "publication": poll.publication,
            "effect": poll.effect,
            "decided_by": poll.decided_by,
            "decision_due": poll.decision_due.isoformat() if poll.decision_due else None,
            "result_due": poll.result_due.isoformat(),
            "order_seed": poll.order_seed,
            "randomness": {
                "source": poll.randomness_source,
                "shape": poll.randomness_shape,
                "at": _moment(poll.randomness_at) if poll.randomness_at else None,
            },
            "signing_key": poll.signing_key,
            "opens_at": _moment(poll.opens_at),
            "sections": [
                _section(section, [o for o in options if o.section_no == section.no])
                for section in sections
            ],
        }
    )


def _section(section: Section, options: Sequence[Option]) -> dict[str, object]:
    limits = {
        name: getattr(section, name)
        for name in ("least", "most", "lowest", "highest", "points", "each_most", "budget")
        if getattr(section, name) is not None
    }
    return {
        "no": section.no,
        "title": section.title,
        "area": section.area_id,
        "kind": section.kind,
        "method": section.method,
        "limits": limits | ({"spend_all": True} if section.spend_all else {}),
        "terms": json.loads(section.terms),
        "options": [
            {
                "no": option.no,
                "title": option.title,
                "text": option.text,
                "cost": option.cost,
                "subject": f"{option.subject_kind}:{option.subject_id}"
                if option.subject_kind
                else None,
            }
            for option in options
        ],
    }


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
