"""What a report is made of, whatever it is shown as: a page, a PDF, a DOCX. JSON, so that it keeps.

A part has a title and blocks; a block is one of the kinds below. ENTRIES stands where the table of
everything belongs, whose rows are kept apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Block = dict[str, Any]  # Any: JSON
Part = dict[str, Any]

ENTRIES: Block = {"kind": "entries"}


def part(key: str, title: str, *blocks: Block | None) -> Part:
    """Return a part of those blocks that have something in them."""
    return {"key": key, "title": title, "blocks": [block for block in blocks if block]}


def facts(rows: Sequence[tuple[str, str]]) -> Block | None:
    """Return labels and values; what has no value is left out."""
    said = [[label, value] for label, value in rows if value]
    return {"kind": "facts", "rows": said} if said else None


def prose(text: str, title: str = "") -> Block | None:
    """Return a text of paragraphs that somebody wrote (kernel.prose)."""
    return {"kind": "text", "title": title, "text": text} if text.strip() else None


def listing(items: Sequence[str], title: str = "") -> Block | None:
    return {"kind": "list", "title": title, "items": list(items)} if items else None


def table(caption: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> Block | None:
    """Return a table; the first cell of each row names it."""
    if not rows:
        return None
    return {
        "kind": "table",
        "caption": caption,
        "head": list(head),
        "rows": [list(row) for row in rows],
    }
