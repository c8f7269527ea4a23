"""The demo world, built in the order of time: three municipalities and what happened there."""

from __future__ import annotations

import random
from collections.abc import Callable

from deliberate.cli.demo import common_room, founding, market_square, plays, senate
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
    plays.play_common_room(world, days, chance)
    tell(market_square.TITLE)
    tell(senate.TITLE)
    plays.play_lubowierz(world, days, chance)
