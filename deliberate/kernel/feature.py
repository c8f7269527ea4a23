"""What a feature tells the application about itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from flask import Blueprint, Flask

if TYPE_CHECKING:
    import click

    from deliberate.kernel.guards import Guard
    from deliberate.kernel.jobs import Job


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeKind:
    """A letter that people get and may switch off: ``label`` is what the switch says."""

    key: str
    label: str


@dataclass(frozen=True, kw_only=True)
class Feature:
    """A package's manifest, found in its ``feature.py``."""

    name: str
    blueprints: tuple[Blueprint, ...] = ()
    permissions: type[StrEnum] | None = None
    guards: tuple[Guard, ...] = ()
    jobs: tuple[Job, ...] = ()
    notices: tuple[NoticeKind, ...] = ()
    commands: tuple[click.Command, ...] = ()
    setup: Callable[[Flask], None] | None = None  # hooks of the whole application, if it has any

    def init_app(self, app: Flask) -> None:
        if self.setup:
            self.setup(app)
        for blueprint in self.blueprints:
            app.register_blueprint(blueprint)
