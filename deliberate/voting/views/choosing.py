"""A ballot as pages show it, section by section: to choose from, and chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from deliberate.algorithms.counting import BallotKind
from deliberate.algorithms.counting.ballots import MARKED, read
from deliberate.algorithms.counting.method import Answer
from deliberate.kernel import texts
from deliberate.kernel.i18n import locale, say
from deliberate.kernel.refusals import Refusal
from deliberate.kernel.texts import N_
from deliberate.voting import ballot_rules, forms, queries
from deliberate.voting.ballot_rules import SectionRules, Written
from deliberate.voting.models import Section
from deliberate.voting.queries import Project
from deliberate.voting.states import AreaLock
from deliberate.voting.views.common import Paper

Choices = Mapping[int, Written]
ANSWERS = {
    Answer.YES: N_("za"),
    Answer.NO: N_("przeciw"),
    Answer.ABSTAIN: N_("wstrzymuję się"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One section as a page shows it.

    is_own: the voter has a ballot in it. picks: on the review, what is chosen, each with what is
    said of it. more, unspent: what a voter could still add, where there is anything.
    """

    section: Section
    projects: Sequence[Project]
    written: Written
    is_own: bool = True
    picks: Sequence[tuple[Project, str]] = ()
    more: int = 0
    unspent: int = 0

    @property
    def chosen(self) -> frozenset[int]:
        return self.written.touched

    @property
    def is_drawn(self) -> bool:
        return queries.are_drawn(self.projects)

    @property
    def field(self) -> str:
        return forms.field(self.section.no)


def find_refusal(
    paper: Paper, choices: Choices, *, area_id: int | None
) -> tuple[Refusal | None, int | None]:
    """Return what is wrong with the choices and in which section; None where it is all of them."""
    own = _own(paper, choices, area_id=area_id)
    if isinstance(own, Refusal):
        return own, None
    for section in own:
        judged = ballot_rules.judge(section, choices.get(section.no, Written()))
        if isinstance(judged, Refusal):
            return judged, section.no
    return None, None


def as_chosen_from(
    paper: Paper, choices: Choices, *, area_id: int | None, is_known: bool
) -> dict[str, object]:
    """Return what the page of a ballot shows; a visitor reads every section alike."""
    has_areas = any(section.area_id for section in paper.sections)
    is_home = has_areas and is_known and paper.poll.area_lock == AreaLock.HOME
    parts = [
        replace(part, is_own=not is_home or part.section.area_id in {None, area_id})
        for part in _parts(paper, choices)
    ]
    marks_only = all(BallotKind(section.kind) in MARKED for section in paper.sections)
    return {
        "sections": parts,
        "has_areas": has_areas,
        "knows_area": area_id is not None,
        # "2 of 3" where a number says it; of scores, places and answers it says little.
        "all_most": paper.sections[0].most if marks_only and len(parts) == 1 else None,
    }


def as_chosen(paper: Paper, choices: Choices, *, area_id: int | None) -> list[Part]:
    """Return the sections in which a ballot will lie, each with what was chosen, in words."""
    own = _own(paper, choices, area_id=area_id)
    numbers = set() if isinstance(own, Refusal) else {section.no for section in own}
    return [_picked(part) for part in _parts(paper, choices) if part.section.no in numbers]


def inferred_area(paper: Paper, choices: Choices) -> int | None:
    """Return the part in whose section something is written, before anyone says where they live."""
    touched = {
        section.area_id
        for section in paper.sections
        if section.area_id is not None and choices.get(section.no, Written()).touched
    }
    return min(touched) if touched else None


def as_cast(paper: Paper, texts: Mapping[int, str]) -> list[Part]:
    """Return the sections of a counted ballot in words. texts: section → canonical choices."""
    kinds = {section.no: BallotKind(section.kind) for section in paper.sections}
    choices = {
        no: ballot_rules.written(kinds[no], read(kinds[no], text)) for no, text in texts.items()
    }
    picked = (_picked(part) for part in _parts(paper, choices) if part.section.no in choices)
    return [replace(part, more=0, unspent=0) for part in picked]


def _own(paper: Paper, choices: Choices, *, area_id: int | None) -> list[SectionRules] | Refusal:
    areas = queries.areas_of(paper.poll, paper.sections)
    return ballot_rules.own_sections(paper.rules, areas, area_id=area_id, choices=choices)


def _parts(paper: Paper, choices: Choices) -> list[Part]:
    projects = list(zip(paper.options, queries.list_projects(paper.options), strict=True))
    return [
        Part(
            section=section,
            projects=[p for option, p in projects if option.section_no == section.no],
            written=choices.get(section.no, Written()),
        )
        for section in paper.sections
    ]


def _picked(part: Part) -> Part:
    """Say what a ballot that was found right says of each option it names."""
    section, said = part.section, part.written.said
    kind = BallotKind(section.kind)
    named = [project for project in part.projects if project.no in part.chosen]
    if kind in MARKED:
        more = section.most - len(named) if kind is not BallotKind.KNAPSACK else 0
        return replace(part, picks=[(project, "") for project in named], more=more)
    if kind is BallotKind.QUESTIONS:
        answers = [(p, say(ANSWERS[Answer(said[p.no].strip())])) for p in named]
        return replace(part, picks=answers)
    numbers = {project.no: int(said[project.no]) for project in named}
    if kind is BallotKind.RANKED:
        named.sort(key=lambda project: numbers[project.no])
        places = [(p, say(N_("miejsce %(no)s"), no=no)) for no, p in enumerate(named, start=1)]
        return replace(part, picks=places)
    if kind is BallotKind.SCORE:
        grades = [(p, say(N_("ocena %(no)s"), no=numbers[p.no])) for p in named]
        return replace(part, picks=grades)
    given = [(p, _points(numbers[p.no])) for p in named if numbers[p.no]]
    unspent = (section.points or 0) - sum(numbers.values())
    return replace(part, picks=given, unspent=unspent)


def _points(number: int) -> str:
    words = (say(N_("punkt")), say(N_("punkty")), say(N_("punktów")))
    return f"{number} {texts.plural(number, *words, locale())}"
