"""Reading Pabulib files: real elections of participatory budgets, as their cities published them.

The format: sections META, PROJECTS and VOTES, each with a row of names; fields are parted by
semicolons and may be quoted (http://pabulib.org/format). Files begin with a byte-order mark, repeat
white space, and quote names that hold a semicolon.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

SECTIONS = frozenset({"META", "PROJECTS", "VOTES"})

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Election:
    """One file: what it says of itself, its projects by id, and a row a voter."""

    meta: Mapping[str, str]
    projects: Mapping[str, Row]
    votes: tuple[Row, ...]

    @property
    def ballots(self) -> list[frozenset[str]]:
        """Return which projects each voter named, in whatever order and with whatever points."""
        return [
            frozenset(name for part in vote["vote"].split(",") if (name := part.strip()))
            for vote in self.votes
        ]

    @property
    def published_votes(self) -> dict[str, int]:
        """Return how many voters named each project, by the city's own count."""
        return {key: int(project["votes"]) for key, project in self.projects.items()}


def read(path: Path) -> Election:
    sections: dict[str, list[Row]] = {}
    for name, row in _rows(path):
        sections.setdefault(name, []).append(row)
    return Election(
        meta={row["key"]: row["value"] for row in sections["META"]},
        projects={row["project_id"]: row for row in sections["PROJECTS"]},
        votes=tuple(sections["VOTES"]),
    )


def _rows(path: Path) -> Iterator[tuple[str, Row]]:
    section, names = "", list[str]()
    with path.open(encoding="utf-8-sig", newline="") as file:
        for read_fields in csv.reader(file, delimiter=";"):
            fields = [" ".join(field.split()) for field in read_fields]
            if not any(fields):
                continue
            if fields[0] in SECTIONS and not any(fields[1:]):
                section, names = fields[0], []
            elif not names:
                names = fields
            else:
                yield section, dict(zip(names, fields, strict=False))
