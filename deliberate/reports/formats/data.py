"""For spreadsheets and for programs: the table as CSV, everything as JSON."""

from __future__ import annotations

import json

from deliberate.kernel.sheets import Cell, csv_bytes
from deliberate.reports.snapshot import LICENCE, Snapshot

HEADER = (
    "Numer",
    "Rodzaj",
    "Data",
    "Sposób złożenia",
    "Kto",
    "Miejsce",
    "Treść",
    "Temat",
    "Stanowisko",
    "Uzasadnienie",
    "Kto odpowiada",
    "Co zmieniono",
    "Po terminie",
    "Jednakowe pisma",
    "Adres",
)


def as_csv(snapshot: Snapshot) -> bytes:
    rows: list[list[Cell]] = [
        [
            entry.number,
            entry.what,
            entry.date,
            entry.channel,
            entry.author,
            entry.place,
            entry.text,
            entry.theme,
            entry.position,
            entry.reason,
            entry.signed_as,
            entry.changed,
            "tak" if entry.is_late else "",
            entry.same if entry.same > 1 else "",
            entry.url,
        ]
        for entry in snapshot.entries
    ]
    return csv_bytes(HEADER, rows)


def as_json(snapshot: Snapshot) -> bytes:
    """Return all of it; keys are English and stable."""
    hidden = {"kind", "subject_id"}
    data = {
        "title": snapshot.title,
        "version": snapshot.no,
        "reason": snapshot.reason,
        "municipality": snapshot.municipality,
        "case_number": snapshot.case_number,
        "made_at": snapshot.made_at.isoformat(),
        "url": snapshot.url,
        "licence": LICENCE,
        "parts": list(snapshot.parts),
        "entries": [
            {key: value for key, value in entry.data.items() if key not in hidden}
            for entry in snapshot.entries
        ],
    }
    return json.dumps(data, ensure_ascii=False, indent=1).encode()
