"""A published result as a table and as data."""

from __future__ import annotations

from collections.abc import Sequence

from deliberate.kernel.i18n import say
from deliberate.kernel.sheets import csv_bytes
from deliberate.kernel.texts import N_
from deliberate.voting.models import Poll
from deliberate.voting.queries import Project, Tally

HEADER = (N_("Numer na karcie"), N_("Projekt"), N_("Koszt w zł"), N_("Głosy"))


def result_csv(projects: Sequence[Project], tally: Tally) -> bytes:
    """Return the options by votes, the most first; equal ones by number."""
    votes = {no: n for section in tally.votes.values() for no, n in section.items()}
    rows = [
        (project.no, project.title, _zloty(project.cost), votes[project.no])
        for project in sorted(projects, key=lambda p: (-votes[p.no], p.no))
    ]
    return csv_bytes([say(name) for name in HEADER], rows)


def result_data(poll: Poll, projects: Sequence[Project], tally: Tally) -> dict[str, object]:
    """Return all that is published of a vote, for machines; keys are English and stable."""
    by_no = {project.no: project for project in projects}
    return {
        "title": poll.title,
        "opens_at": poll.opens_at.isoformat(),
        "ends_at": poll.ends_at.isoformat(),
        "counted_at": tally.counted_at.isoformat(),
        "electorate": poll.electorate,
        "needs": poll.needs,
        "method": {"key": tally.method, "version": tally.version},
        "rules_sha256": poll.rules_hash,
        "ballots_sha256": tally.ballots_hash,
        "participations": tally.participations,
        "order_seed": poll.order_seed,
        "sections": [
            {
                "no": section_no,
                "most_votes": sorted(tally.winners[section_no]),
                "options": [
                    {
                        "no": no,
                        "title": by_no[no].title,
                        "cost_grosze": by_no[no].cost,
                        "votes": n,
                    }
                    for no, n in sorted(votes.items(), key=lambda pair: (-pair[1], pair[0]))
                ],
            }
            for section_no, votes in sorted(tally.votes.items())
        ],
    }


def _zloty(grosze: int | None) -> str | int:
    if grosze is None:
        return ""
    whole, rest = divmod(grosze, 100)
    return whole if not rest else f"{whole},{rest:02}"
