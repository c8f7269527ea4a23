"""Documents for paper: tagged PDF (PDF/UA-1) from a template of ours and data.

A template is ``templates/paper/<name>.typ``; what people wrote reaches it as data only, so it is
never markup. The same data give the same bytes. Slow (a tenth of a second, a second for a hundred
pages), so never inside a transaction.
"""

from __future__ import annotations

import json
import subprocess
import sys
from bisect import bisect_right
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from deliberate import paths
from deliberate.kernel import prose
from deliberate.kernel.assets import built

MOST_SECONDS = 60
TYPESETTING = Path(__file__).with_name("typesetting.py")


class NotTypeset(Exception):
    """A document that could not be made: it took too long, or its template is wrong."""


def typeset(
    template: str,
    data: Mapping[str, object],
    *,
    language: str,
    at: datetime,
    seconds: float = MOST_SECONDS,
) -> bytes:
    """Return the PDF. ``at`` is the day that stands in its properties.

    ``data`` is made of dicts, lists, texts, numbers, booleans and None; it has a "title".
    """
    order = {
        "template": str(paths.TEMPLATES / "paper" / f"{template}.typ"),
        "root": str(paths.TEMPLATES / "paper"),
        "fonts": [str(paths.STATIC / "build")],
        "data": json.dumps(_shown({**data, "lang": language}), ensure_ascii=False),
        "at": int(at.timestamp()),
    }
    try:
        done = subprocess.run(  # noqa: S603 - this very Python, a module of ours
            [sys.executable, "-P", str(TYPESETTING)],
            input=json.dumps(order).encode(),
            capture_output=True,
            timeout=seconds,
            check=True,
        )
    except subprocess.TimeoutExpired as error:
        raise NotTypeset(f"{template}: more than {seconds} s") from error
    except subprocess.CalledProcessError as error:
        raise NotTypeset(f"{template}: {_kind_of(error.stderr)}") from None
    return done.stdout


def _kind_of(trouble: bytes) -> str:
    """Return the class of an error. Its text may repeat what people wrote, so it goes nowhere."""
    last = trouble.decode(errors="replace").strip().rpartition("\n")[2]
    return last.partition(":")[0]


def _shown(value: object) -> object:
    """Return the data as it can be printed, texts cleaned and letters without a picture named."""
    match value:
        case str():
            return printable(value)
        case dict():
            return {key: _shown(each) for key, each in value.items()}
        case list() | tuple():
            return [_shown(each) for each in value]
    return value


def printable(text: str) -> str:
    """Return the text without invisible characters; one that our fonts lack becomes its number.

    A tagged document may not hold a letter that is not there to be seen: "[U+1F600]" is.
    """
    text = prose.clean(text)
    if text.isascii():
        return text
    return "".join(c if c.isascii() or _has(ord(c)) else f"[U+{ord(c):04X}]" for c in text)


def _has(code: int) -> bool:
    firsts, lasts = _letters()
    place = bisect_right(firsts, code) - 1
    return place >= 0 and code <= lasts[place]


@lru_cache(maxsize=1)
def _letters() -> tuple[list[int], list[int]]:
    ranges = json.loads(built("paper.json").read_text())
    return [first for first, _ in ranges], [last for _, last in ranges]
