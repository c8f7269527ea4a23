"""What a run saw, in numbers: ``make trials`` prints them at its end, for docs/trials.md."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

Note = Callable[..., None]
_NOTED = pytest.StashKey[list[str]]()


def noting(request: pytest.FixtureRequest) -> Note:
    """Return ``note(kills=12, lost=0)``, which keeps one line under the name of the test."""
    noted = request.config.stash.setdefault(_NOTED, [])

    def note(**figures: int) -> None:
        said = ", ".join(f"{name.replace('_', ' ')} {number:,}" for name, number in figures.items())
        noted.append(f"{request.node.name}: {said}")

    return note


def noted(config: pytest.Config) -> Iterator[str]:
    yield from config.stash.get(_NOTED, [])
