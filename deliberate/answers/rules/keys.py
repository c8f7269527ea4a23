"""The key of a row: what tells which thing a row is of, whatever happened to the table. Pure.

It also says how the answer stood when the table went out, and for whom the table was narrowed;
the last part shows a key that somebody changed, or that belongs to other consultations.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from deliberate.algorithms.folding import fold

NO_ANSWER = "0"  # in place of the mark of an answer
EVERYTHING = "a"
_FORM = re.compile(r"([a-z_]{2,20})-(\d{1,9})-(0|[0-9a-f]{8})-(a|[wt][0-9a-z]+)-([0-9a-f]{6})")
_SCOPE = re.compile(r"(?:w(\d{1,9}))?(?:t([0-9a-f]{4}))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What a table was narrowed to: one department, one theme, both, or (nothing) everything."""

    unit_id: int | None = None
    theme: str = ""  # its mark

    def holds(self, *, unit_id: int | None, theme: str) -> bool:
        """Tell whether a thing with this department and theme would stand in the table."""
        if self.unit_id is not None and unit_id != self.unit_id:
            return False
        return not self.theme or theme_mark(theme) == self.theme


@dataclass(frozen=True, slots=True, kw_only=True)
class RowKey:
    kind: str
    id: int
    mark: str  # of the answer that stood there: Stand.mark, or NO_ANSWER
    scope: Scope


def write(key: RowKey, seal: str) -> str:
    """Return the key as it stands in a cell; ``seal`` names the consultation."""
    unit = "" if key.scope.unit_id is None else f"w{key.scope.unit_id}"
    theme = f"t{key.scope.theme}" if key.scope.theme else ""
    body = f"{key.kind}-{key.id}-{key.mark}-{unit}{theme or ('' if unit else EVERYTHING)}"
    return f"{body}-{_check(body, seal)}"


def read(text: str, seal: str) -> RowKey | None:
    """Return what a cell says; None where it is no key of this consultation's tables."""
    found = _FORM.fullmatch(text.strip().casefold())
    if found is None:
        return None
    kind, subject_id, mark, scope, check = found.groups()
    if check != _check(f"{kind}-{subject_id}-{mark}-{scope}", seal):
        return None
    narrowed = _SCOPE.fullmatch("" if scope == EVERYTHING else scope)
    if narrowed is None:
        return None
    unit, theme = narrowed.groups()
    return RowKey(
        kind=kind,
        id=int(subject_id),
        mark=mark,
        scope=Scope(unit_id=int(unit) if unit else None, theme=theme or ""),
    )


def theme_mark(theme: str) -> str:
    """Return what stands for a theme in a key; themes that differ in accents alone are one."""
    return hashlib.sha256(fold(theme).encode()).hexdigest()[:4] if theme else ""


def _check(body: str, seal: str) -> str:
    return hashlib.sha256(f"{seal}:{body}".encode()).hexdigest()[:6]
