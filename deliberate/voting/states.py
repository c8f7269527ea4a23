"""The closed lists of a vote: pure, so that rules and tables read the same words."""

from __future__ import annotations

from enum import StrEnum


class PollState(StrEnum):
    """What people decided about a vote. A sealed one receives and closes by its dates."""

    DRAFT = "draft"
    SEALED = "sealed"
    RECEIVING = "receiving"
    WORKING_UP = "working_up"
    COUNTED = "counted"
    PUBLISHED = "published"


# Held by a trigger as well. Nobody clicks at midnight: who acts after the end finds a sealed poll.
STEPS: dict[str, tuple[str, ...]] = {
    PollState.DRAFT: (PollState.SEALED,),
    PollState.SEALED: (PollState.RECEIVING, PollState.WORKING_UP),
    PollState.RECEIVING: (PollState.WORKING_UP,),
    PollState.WORKING_UP: (PollState.COUNTED,),
    PollState.COUNTED: (PollState.PUBLISHED,),
    PollState.PUBLISHED: (),
}

# In these ballots may come in, if the clock agrees.
OPEN = frozenset({PollState.SEALED, PollState.RECEIVING})


class Electorate(StrEnum):
    """Who may take part: one kind a poll."""

    RESIDENTS = "residents"  # with an account; declared or confirmed, as the poll says


class Publication(StrEnum):
    """What is published after the count, chosen at sealing."""

    TOTALS = "totals"


class Channel(StrEnum):
    """How a person took part."""

    WEB = "web"


class Effect(StrEnum):
    """What the result does; the consultation says it."""

    INFORMS = "informs"
    ADVISES = "advises"
    DECIDES = "decides"
