"""Tagged PDF. A long table is parted into volumes: one of 1,400 pages helps nobody, nor fits."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from deliberate.kernel import paper, prose
from deliberate.reports.blocks import Part
from deliberate.reports.entries import Entry
from deliberate.reports.snapshot import Snapshot

VOLUME = 500  # rows; about 150 pages, and 250 MB while it is typeset
HEAD = [
    "Numer",
    "Kiedy, jak, kto",
    "Miejsce, temat",
    "Treść",
    "Stanowisko i uzasadnienie",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """One PDF to make. Nothing is typeset before ``write`` is called."""

    name: str
    write: Callable[[], bytes]


def volumes(snapshot: Snapshot) -> Iterator[Volume]:
    """Return the report, and the volumes of its table where it does not fit into it."""
    entries = snapshot.entries
    fits = len(entries) <= VOLUME
    pieces = [] if fits else [entries[at : at + VOLUME] for at in range(0, len(entries), VOLUME)]
    yield Volume(name="raport.pdf", write=lambda: _report(snapshot, entries if fits else ()))
    for number, piece in enumerate(pieces, start=1):
        title = f"{snapshot.heading} – tabela, tom {number} z {len(pieces)}"
        yield Volume(name=volume_name(number), write=_later(snapshot, title, piece))


def volume_name(number: int) -> str:
    return f"tabela-{number:02}.pdf"


def _later(snapshot: Snapshot, title: str, piece: Sequence[Entry]) -> Callable[[], bytes]:
    return lambda: _typeset("volume", snapshot, title, piece)


def _report(snapshot: Snapshot, entries: Sequence[Entry]) -> bytes:
    return _typeset("report", snapshot, snapshot.heading, entries)


def _typeset(template: str, snapshot: Snapshot, title: str, entries: Sequence[Entry]) -> bytes:
    data = {
        "title": title,
        "facts": snapshot.facts,
        "parts": [_plain(part) for part in snapshot.parts],
        "entries": [_row(entry) for entry in entries],
        "entries_note": _where(snapshot),
        "labels": {"head": HEAD, "contents": "Spis treści"},
        "footer": f"{snapshot.heading} · wersja {snapshot.no} · {snapshot.made_on}",
    }
    return paper.typeset(template, data, language="pl", at=snapshot.made_at)


def _where(snapshot: Snapshot) -> str:
    if not snapshot.entries:
        return "Nie zgłoszono żadnej uwagi ani propozycji."
    last = -(-len(snapshot.entries) // VOLUME)
    return (
        f"Tabela ma wiersze: {len(snapshot.entries)}. Jest w osobnych plikach: "
        f"{volume_name(1)} – {volume_name(last)}."
    )


def _row(entry: Entry) -> dict[str, object]:
    late = "po terminie" if entry.is_late else ""
    same = f"jednakowe pisma: {entry.same}" if entry.same > 1 else ""
    changed = f"zmieniono: {entry.changed}" if entry.changed else ""
    return {
        "number": str(entry.number),
        "what": entry.what,
        "how": [text for text in (entry.date, entry.channel, entry.author, late, same) if text],
        "place": [text for text in (entry.place, entry.theme, changed) if text],
        "text": prose.plain(entry.text),
        "position": entry.position,
        "reason": "\n\n".join(
            text for text in (prose.plain(entry.reason), entry.signed_as) if text
        ),
    }


def _plain(part: Part) -> Part:
    """Return the part with its texts as paper shows them: without the marks of kernel.prose."""
    blocks = [
        {**block, "text": prose.plain(block["text"])} if block["kind"] == "text" else block
        for block in part["blocks"]
    ]
    return {**part, "blocks": blocks}
