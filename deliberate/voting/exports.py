"""A published result as a table and as data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from deliberate.kernel.i18n import say
from deliberate.kernel.sheets import csv_bytes
from deliberate.kernel.texts import N_
from deliberate.voting.models import Poll, Section
from deliberate.voting.outcomes import SectionOutcome
from deliberate.voting.queries import Project, Tally

HEADER = (
    N_("Numer na karcie"),
    N_("Projekt"),
    N_("Koszt w zł"),
    N_("Głosy"),
    N_("Część"),
    N_("Miejsce"),
    N_("Wybrany"),
)
OF_QUESTIONS = (
    N_("Za"),
    N_("Przeciw"),
    N_("Wstrzymało się"),
    N_("Bez odpowiedzi"),
    N_("Procent liczony od"),
    N_("Próg"),
)
ANSWERS = ("yes", "no", "abstain", "blank", "base")


def result_csv(sections: Sequence[Section], projects: Sequence[Project], tally: Tally) -> bytes:
    """Return the options section by section, by place; equal ones by number.

    Columns of questions are there where something was asked.
    """
    by_no = {project.no: project for project in projects}
    has_questions = any(outcome.verdicts for outcome in tally.sections.values())
    header = HEADER + (OF_QUESTIONS if has_questions else ())
    rows = [
        (*row, *(_answers(tally.sections[section.no], no) if has_questions else ()))
        for section in sections
        for no, row in _rows(section, by_no, tally.sections[section.no])
    ]
    return csv_bytes([say(name) for name in header], rows)


def _rows(
    section: Section, by_no: Mapping[int, Project], outcome: SectionOutcome
) -> Iterator[tuple[int, tuple[str | int, ...]]]:
    place = 1
    for equals in outcome.places:
        for no in sorted(equals):
            project, score = by_no[no], figure(outcome.score[no])
            chosen = say(N_("tak")) if no in outcome.elected else ""
            cost = _zloty(project.cost)
            yield no, (no, project.title, cost, score, section.title, place, chosen)
        place += len(equals)


def _answers(outcome: SectionOutcome, no: int) -> tuple[str | int, ...]:
    verdict = outcome.verdicts.get(no)
    if verdict is None:
        return ("",) * len(OF_QUESTIONS)
    return (*(verdict[name] for name in ANSWERS), verdict["band"] or "")


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
        "rules_sha256": poll.rules_hash,
        "ballots_sha256": tally.ballots_hash,
        "participations": tally.participations,
        "order_seed": poll.order_seed,
        "channels": dict(tally.channels),
        "replaced": tally.replaced,
        "areas": [{"name": name or None, "people": people} for name, people in tally.areas],
        "randomness": {"source": poll.randomness_source, "seed": poll.seed},
        "sections": [
            {
                "no": section_no,
                "method": {"key": outcome.method, "version": outcome.version},
                "ballots": outcome.ballots,
                "invalid_on_paper": tally.invalid_on_paper.get(section_no, 0),
                "places": [sorted(place) for place in outcome.places],
                "elected": list(outcome.elected),
                "drawn": sorted(outcome.drawn),
                "options": [
                    {
                        "no": no,
                        "title": by_no[no].title,
                        "cost_grosze": by_no[no].cost,
                        "figure": str(score),
                    }
                    for no, score in sorted(
                        outcome.score.items(), key=lambda pair: (-pair[1], pair[0])
                    )
                ],
                "rounds": list(outcome.rounds),
                "verdicts": {str(no): verdict for no, verdict in outcome.verdicts.items()},
                "spread": {
                    str(no): {str(grade): times for grade, times in own.items()}
                    for no, own in outcome.spread.items()
                },
            }
            for section_no, outcome in sorted(tally.sections.items())
        ],
    }


def figure(score: Fraction) -> int | str:
    """Return a figure as a table takes it: whole where it is, else an exact fraction."""
    return score.numerator if score.denominator == 1 else str(score)


def _zloty(grosze: int | None) -> str | int:
    if grosze is None:
        return ""
    whole, rest = divmod(grosze, 100)
    return whole if not rest else f"{whole},{rest:02}"
