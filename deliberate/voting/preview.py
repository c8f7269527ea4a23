"""A ballot before it is sealed, in words: what the second person agrees to, section by section."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import select

from deliberate.algorithms.counting import BallotKind
from deliberate.algorithms.counting.method import Denominator
from deliberate.kernel import texts
from deliberate.kernel.db import db
from deliberate.kernel.i18n import locale, say
from deliberate.kernel.texts import N_
from deliberate.tenancy.models import Area
from deliberate.voting import queries, wording
from deliberate.voting.models import Option, Poll, Section
from deliberate.voting.queries import Project


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One section: what stands in it, and how it is counted."""

    section: Section
    projects: Sequence[Project]
    area: str  # its name; empty for the whole municipality
    kind: str
    method: str
    sentences: Sequence[str]

    @property
    def is_drawn(self) -> bool:
        return queries.are_drawn(self.projects)


def parts_of(poll: Poll, sections: Sequence[Section], options: Sequence[Option]) -> list[Part]:
    """Return the sections as a page shows them, in the order of the ballot."""
    projects = list(zip(options, queries.list_projects(options), strict=True))
    names = _areas(poll.tenant_id, sections)
    return [
        Part(
            section=section,
            projects=[project for option, project in projects if option.section_no == section.no],
            area=names[section.area_id] if section.area_id is not None else "",
            kind=say(wording.KINDS[BallotKind(section.kind)][0]),
            method=say(wording.METHOD_WORDS[section.method][0]),
            sentences=list(_how(section)),
        )
        for section in sections
    ]


def _areas(tenant_id: int, sections: Sequence[Section]) -> dict[int, str]:
    wanted = {section.area_id for section in sections if section.area_id is not None}
    if not wanted:
        return {}
    rows = db.session.execute(
        select(Area.id, Area.name).where(Area.tenant_id == tenant_id, Area.id.in_(wanted))
    )
    return dict(rows.tuples())


def _how(section: Section) -> Iterator[str]:
    """Say how a section is counted, and every term that the method is told."""
    said = json.loads(section.terms)
    yield say(wording.METHOD_WORDS[section.method][1])
    if section.method == "questions":
        denominator = Denominator(said.get("denominator", Denominator.YES_AND_NO))
        yield say(N_("Procent liczymy od %(what)s."), what=say(wording.DENOMINATORS[denominator]))
        if "entitled" in said:
            people = texts.number(said["entitled"], locale())
            yield say(N_("Uprawnionych osób: %(people)s."), people=people)
        if "quorum" in said:
            quorum = texts.number(said["quorum"], locale())
            yield say(N_("Wynik liczy się od tylu kart: %(quorum)s."), quorum=quorum)
        for key, least in said.get("bands", ()):
            share = texts.percent(Fraction(least), locale())
            yield say(N_("Od %(least)s: %(key)s."), least=share, key=key)
        return
    yield say(N_("Wybranych zostanie: %(seats)s."), seats=said.get("seats", 1))
    if "weights" in said:
        weights = "; ".join(wording.figure(Fraction(w), locale()) for w in said["weights"])
        yield say(N_("Punkty za kolejne miejsca: %(weights)s."), weights=weights)
