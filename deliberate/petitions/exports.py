"""The yearly summary of petitions as a table. Without names: the page shows those who agreed."""

from __future__ import annotations

from collections.abc import Sequence

from deliberate.kernel import clock
from deliberate.kernel.i18n import say
from deliberate.kernel.sheets import csv_bytes
from deliberate.petitions import words
from deliberate.petitions.models import Entry

HEADER = (
    "numer",
    "tytul",
    "wplynela",
    "termin",
    "przedluzona_z",
    "powod_przedluzenia",
    "rozpatrzona_lacznie",
    "stan",
    "zamknieta",
    "przekazana_do",
    "odpowiedz",
)


def as_csv(rows: Sequence[Entry]) -> bytes:
    return csv_bytes(
        HEADER,
        (
            [
                words.reference(row),
                row.title,
                row.received_on,
                row.due_on,
                row.extended_from,
                row.extension_reason,
                "tak" if row.joined_id else "nie",
                say(words.state(row.register, row.state)[0]),
                clock.local(row.closed_at).date() if row.closed_at else None,
                row.forwarded_to,
                row.answer,
            ]
            for row in rows
        ),
    )
