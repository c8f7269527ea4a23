"""All that is kept about a person, for that person: each feature adds its own part."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask, current_app

from deliberate.accounts.models import Person

Source = Callable[[Person], list[dict[str, object]]]


def register(app: Flask, key: str, source: Source) -> None:
    """Have ``source(person)`` give the rows of one part; values are JSON, moments or None."""
    sources: dict[str, Source] = app.extensions.setdefault("deliberate.mydata", {})
    if key in sources:
        raise ValueError(f"Two features register the part {key!r} of a person's data.")
    sources[key] = source


def collect(person: Person) -> dict[str, list[dict[str, object]]]:
    """Return every part, in the order of registering; empty ones too, so that none is missed."""
    sources: dict[str, Source] = current_app.extensions.get("deliberate.mydata", {})
    return {key: source(person) for key, source in sources.items()}
