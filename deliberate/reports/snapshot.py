"""A report as it was at one moment: what all its files are made from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from deliberate.reports.blocks import Part
from deliberate.reports.days import day_of
from deliberate.reports.entries import Entry

LICENCE = "CC BY 4.0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """Everything of one version. Texts are Polish; ``url`` is where people will read it."""

    title: str  # of the consultation
    no: int
    reason: str
    municipality: str
    office: str
    case_number: str
    made_at: datetime
    url: str
    parts: Sequence[Part]
    entries: Sequence[Entry]

    @property
    def heading(self) -> str:
        return f"Raport z konsultacji: {self.title}"

    @property
    def made_on(self) -> str:
        return day_of(self.made_at)

    @property
    def facts(self) -> list[list[str]]:
        """What stands under the heading of each document."""
        rows = [
            ["Urząd", self.office],
            ["Wersja", f"{self.no}"],
            ["Powód nowej wersji", self.reason],
            ["Dane z dnia", self.made_on],
            ["Znak sprawy", self.case_number],
            ["Adres", self.url],
        ]
        return [row for row in rows if row[1]]
