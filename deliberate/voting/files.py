"""The files of a counted vote, so that a stranger can check it with no word of ours.

They are made while they are sent: what is small is read at once, ballots and codes a page at a
time, so that a slow reader holds neither memory nor a transaction. The tables behind them never
change, so the same file is always the same bytes.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from sqlalchemy import select, tuple_

from deliberate.kernel import clock
from deliberate.kernel.db import db
from deliberate.voting import canonical, queries, receipts, verify
from deliberate.voting.files_readme import readme
from deliberate.voting.models import FinalBallot, FinalReceipt, LogHead, Poll, PollResult
from deliberate.voting.states import Publication

PAGE = 10_000  # rows that are read at once
FEWEST = 100  # ballots of a section that are published one by one; of fewer only totals
PROGRAM = "verify.py"

Content = Callable[[], Iterator[bytes]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """All files of one vote by name, each a way to send it; ``dated`` is when they came out."""

    content: Mapping[str, Content]
    dated: datetime


def get_files(poll: Poll) -> Files:
    """Return the files of a published vote; 404 before."""
    queries.get_tally(poll)
    result = db.session.get_one(PollResult, poll.id)
    published = poll.published_at or result.counted_at
    content: dict[str, Content] = {
        "README.txt": _text(readme(poll.title)),
        PROGRAM: _text(Path(verify.__file__).read_text("utf-8")),
        "rules.json": _text(poll.rules),
        "heads.json": _text(heads_text(poll, queries.list_heads(poll))),
        "result.json": _text(_result_text(poll, result)),
        "codes.txt": _codes(poll.id),
    }
    if poll.publication == Publication.LINKED:
        content["linked.jsonl"] = _linked(poll.id)
    for no in published_apart(poll.publication, json.loads(result.outcome)):
        content[f"ballots-{no}.txt"] = _ballots(poll.id, no)
    return Files(content=content, dated=clock.local(published))


def silent_sections(poll: Poll) -> list[str]:
    """Return the titles of the sections of which only totals are published."""
    if poll.publication == Publication.LINKED:
        return []
    outcome = json.loads(db.session.get_one(PollResult, poll.id).outcome)
    apart = published_apart(poll.publication, outcome)
    return [section.title for section in queries.list_sections(poll) if section.no not in apart]


def lists_ballots(poll: Poll, tally: queries.Tally) -> bool:
    """Tell whether any ballots come out one by one, so that a hash over them says something."""
    if poll.publication == Publication.APART:
        return any((section.ballots or 0) >= FEWEST for section in tally.sections.values())
    return poll.publication == Publication.LINKED


def published_apart(publication: str, outcome: Mapping[str, Mapping[str, Any]]) -> list[int]:
    """Return the sections whose ballots are published one a line, apart from the codes."""
    if publication != Publication.APART:
        return []
    return sorted(int(no) for no, section in outcome.items() if section["ballots"] >= FEWEST)


def heads_text(poll: Poll, heads: Sequence[LogHead]) -> str:
    """Return signed heads as JSON: each body is the very text that is hashed and signed."""
    said = {
        "signing_key": poll.signing_key,
        "heads": [
            {"body": head.body, "hash": head.hash, "signature": head.signature} for head in heads
        ],
    }
    return json.dumps(said, ensure_ascii=False, indent=1) + "\n"


def archive(files: Files, folder: str) -> Iterator[bytes]:
    """Send all files as one ZIP, under a folder of its own."""
    sink = _Sink()
    with ZipFile(sink, "w") as whole:
        for name, content in files.content.items():
            entry = ZipInfo(f"{folder}/{name}", files.dated.timetuple()[:6])
            entry.compress_type, entry.external_attr = ZIP_DEFLATED, 0o644 << 16
            with whole.open(entry, "w") as member:
                for piece in content():
                    member.write(piece)
                    yield sink.take()
    yield sink.take()


class _Sink(io.RawIOBase):
    """Where a ZIP is written to and taken from, piece by piece; nothing in it can be sought."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, piece: Any) -> int:  # Any: whatever holds bytes
        self._pieces.append(bytes(piece))
        return len(piece)

    def take(self) -> bytes:
        taken, self._pieces = b"".join(self._pieces), []
        return taken


def _text(text: str) -> Content:
    return lambda: iter([text.encode()])


def _result_text(poll: Poll, result: PollResult) -> str:
    """Return the outcome and who took part how; the outcome's own text is what is signed."""
    said = {
        "participations": result.participations,
        "channels": json.loads(result.channels),
        "outcome": json.loads(result.outcome),
        "seed": poll.seed,
    }
    if paper := json.loads(result.paper):
        said["paper"] = paper
    if areas := json.loads(result.areas):
        said["areas"] = areas
    return canonical.canonical(said)


# What is large. Each page is a transaction of its own.


def _codes(poll_id: int) -> Content:
    """Return the codes with their leaves in the order of the tree: by batch, then by leaf."""
    chosen = (
        select(FinalReceipt.batch, FinalReceipt.leaf, FinalReceipt.taken_out, FinalReceipt.replaced)
        .where(FinalReceipt.poll_id == poll_id)
        .order_by(FinalReceipt.batch, FinalReceipt.leaf)
    )
    place = tuple_(FinalReceipt.batch, FinalReceipt.leaf)

    def send() -> Iterator[bytes]:
        for page in _pages(chosen, place, 2):
            yield "".join(
                _code(leaf, is_out=out, is_replaced=replaced) for _, leaf, out, replaced in page
            ).encode()

    return send


def _ballots(poll_id: int, section_no: int) -> Content:
    """Return the choices of a section's ballots, one a line, in the order of random keys."""
    chosen = (
        select(FinalBallot.id, FinalBallot.choices)
        .where(FinalBallot.poll_id == poll_id, FinalBallot.section_no == section_no)
        .order_by(FinalBallot.id)
    )

    def send() -> Iterator[bytes]:
        for page in _pages(chosen, tuple_(FinalBallot.id), 1):
            yield "".join(f"{choices}\n" for _, choices in page).encode()

    return send


def _linked(poll_id: int) -> Content:
    """Return each leaf with its nonce and what was chosen in all sections, by leaf."""
    leaves = (
        select(FinalReceipt.leaf, FinalReceipt.nonce)
        .where(
            FinalReceipt.poll_id == poll_id,
            FinalReceipt.taken_out.is_(False),
            FinalReceipt.replaced.is_(False),
        )
        .order_by(FinalReceipt.leaf)
    )

    def send() -> Iterator[bytes]:
        for page in _pages(leaves, tuple_(FinalReceipt.leaf), 1):
            chosen: dict[str, dict[int, str]] = {leaf: {} for leaf, _ in page}
            rows = db.session.execute(
                select(FinalBallot.leaf, FinalBallot.section_no, FinalBallot.choices).where(
                    FinalBallot.poll_id == poll_id,
                    FinalBallot.leaf >= page[0][0],
                    FinalBallot.leaf <= page[-1][0],
                )
            )
            for leaf, section_no, choices in rows:
                chosen[str(leaf)][section_no] = choices
            db.session.rollback()
            yield "".join(_line(leaf, nonce, chosen[leaf]) for leaf, nonce in page).encode()

    return send


def _code(leaf: str, *, is_out: bool, is_replaced: bool) -> str:
    mark = " taken-out" if is_out else " replaced" if is_replaced else ""
    return f"{receipts.code(leaf)} {leaf}{mark}\n"


def _line(leaf: str, nonce: str, choices: Mapping[int, str]) -> str:
    return f'{{"leaf":"{leaf}","nonce":"{nonce}","choices":{receipts.all_choices(choices)}}}\n'


def _pages(chosen: Any, place: Any, wide: int) -> Iterator[Sequence[Any]]:
    """Read a page at a time, each after the last row's place: its first ``wide`` columns.

    Any: a statement and its rows, whatever they hold.
    """
    page = db.session.execute(chosen.limit(PAGE)).all()
    while page:
        db.session.rollback()  # nothing is held while the reader takes what is there
        yield page
        after = tuple(page[-1][:wide])
        page = db.session.execute(chosen.where(place > after).limit(PAGE)).all()
    db.session.rollback()
