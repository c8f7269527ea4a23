"""The demo world, built in the order of time: three municipalities and what happened there."""

from __future__ import annotations

import random
from collections.abc import Callable

from deliberate.cli.demo import (
    common_room,
    founding,
    integration,
    market_square,
    panel,
    plan,
    play_county,
    plays,
    programme,
    roads,
    senate,
)
from deliberate.cli.demo.calendar import Days
from deliberate.kernel import clock

SEED = 20261114  # whoever loads the demo on the same day gets the same supporters

Tell = Callable[[str], None]


def build(password_hash: str, tell: Tell) -> None:
    """Build everything. ``tell`` gets a line about each part as it begins."""
    days = Days(clock.local(clock.now()).date())
    chance = random.Random(SEED)  # noqa: S311 - guards nothing
    tell("samorządy, osoby, organizacje")
    world = founding.found(days, password_hash)
    tell(common_room.TITLE)
    tell(plan.TITLE)
    tell(roads.TITLE)
    plays.play_wrzosowiany(world, days, chance)
    tell(programme.TITLE)
    tell(panel.TITLE)
    play_county.play(world, days)
    tell(market_square.TITLE)
    tell(integration.TITLE)
    tell(senate.TITLE)
    plays.play_lubowierz(world, days, chance)
