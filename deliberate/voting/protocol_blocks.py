"""What a protocol is made of, as documents for paper take it (templates/paper/_blocks.typ)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from deliberate.kernel import clock
from deliberate.kernel.texts import moment_text

Part = dict[str, Any]  # Any: JSON
Block = dict[str, Any]


def part(title: str, *blocks: Block | None) -> Part:
    return {"title": title, "blocks": [block for block in blocks if block]}


def facts(rows: Sequence[tuple[str, str]]) -> Block | None:
    said = [[label, value] for label, value in rows if value]
    return {"kind": "facts", "rows": said} if said else None


def text(text: str) -> Block:
    return {"kind": "text", "title": "", "text": text}


def table(caption: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> Block | None:
    if not rows:
        return None
    listed = [list(row) for row in rows]
    return {"kind": "table", "caption": caption, "head": list(head), "rows": listed}


def moment(moment: datetime | None) -> str:
    return moment_text(moment, "pl") if moment is not None else ""


def end(moment: datetime) -> str:
    return moment_text(clock.closing_time(moment), "pl")
