"""What an organisation says of itself, as a form gives it to an action."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What an organisation says of itself; ``number`` is empty where there is no register."""

    name: str
    kind: str
    register: str
    number: str
    seat: str
    about: str
    topics: tuple[str, ...] = ()
