"""Long texts of the demo world, to be read and changed without Python."""

from __future__ import annotations

from importlib.resources import files


def read(name: str) -> str:
    """Return a text by the name of its file."""
    return files(__name__).joinpath(name).read_text(encoding="utf-8")
