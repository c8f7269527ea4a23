"""The closed lists of a vote: pure, so that rules and tables read the same words."""

from __future__ import annotations

from enum import StrEnum


class PollState(StrEnum):
    """What people decided about a vote. A sealed one receives and closes by its dates."""

    DRAFT = "draft"
    SEALED = "sealed"
    RECEIVING = "receiving"
    PAUSED = "paused"  # by one person; without a second within a day it receives again
    WORKING_UP = "working_up"
    COUNTED = "counted"
    PUBLISHED = "published"
    CANCELLED = "cancelled"  # before anyone could vote, or instead of a count
    ANNULLED = "annulled"  # after a count; a repeat is a new poll that names it


# Held by a trigger as well. Nobody clicks at midnight: who acts after the end finds a sealed poll.
STEPS: dict[str, tuple[str, ...]] = {
    PollState.DRAFT: (PollState.SEALED,),
    PollState.SEALED: (
        PollState.RECEIVING,
        PollState.PAUSED,
        PollState.WORKING_UP,
        PollState.CANCELLED,
    ),
    PollState.RECEIVING: (PollState.PAUSED, PollState.WORKING_UP, PollState.CANCELLED),
    PollState.PAUSED: (PollState.RECEIVING, PollState.CANCELLED),
    PollState.WORKING_UP: (PollState.COUNTED, PollState.CANCELLED),
    PollState.COUNTED: (PollState.PUBLISHED, PollState.ANNULLED),
    PollState.PUBLISHED: (PollState.ANNULLED,),
    PollState.CANCELLED: (),
    PollState.ANNULLED: (),
}

# In these ballots may come in, if the clock agrees.
OPEN = frozenset({PollState.SEALED, PollState.RECEIVING})
# In these the poll's keys are still needed, and a person key must stay the same person's.
UNCOUNTED = frozenset({*OPEN, PollState.PAUSED, PollState.WORKING_UP})


class Electorate(StrEnum):
    """Who may take part: one kind a poll."""

    RESIDENTS = "residents"  # with an account; declared or confirmed, as the poll says
    DECLARED = "declared"  # name, address, declaration and a code, at the moment of voting
    CODES = "codes"  # whoever holds a code that was given against a declaration, or sent
    LISTED = "listed"  # a list frozen at sealing: an assembly, a senate, a council


# In these nobody signs in to vote.
WITHOUT_ACCOUNT = frozenset({Electorate.DECLARED, Electorate.CODES})


class Publication(StrEnum):
    """What is published after the count, chosen at sealing."""

    TOTALS = "totals"
    APART = "apart"  # the list of codes and the list of ballots, each in its own random order
    LINKED = "linked"  # a code opens its ballot, with proof; can be demanded by others


class Channel(StrEnum):
    """How a person took part."""

    WEB = "web"
    CODE = "code"
    PAPER = "paper"
    ASSISTED = "assisted"


class AgeRule(StrEnum):
    """What the resolution says of age."""

    NONE = "none"
    ALONE = "alone"  # only from an age on
    GUARDIAN = "guardian"  # younger ones with a guardian, at a counter or on paper


class AreaLock(StrEnum):
    """In which area's section a voter votes beside those of the whole municipality."""

    HOME = "home"
    CHOSEN = "chosen"  # one, or as many as the poll allows, chosen by the voter


class Effect(StrEnum):
    """What the result does; the consultation says it."""

    INFORMS = "informs"
    ADVISES = "advises"
    DECIDES = "decides"


class CaseKind(StrEnum):
    """Why two persons look at a vote before the count."""

    HOUSEHOLD = "household"  # a second one: somebody of the same name lives there too
    NOT_MINE = "not_mine"  # a second one: its voter says that the first is not theirs
    DISPUTED = "disputed"  # a first one, of which somebody says that
    SUSPICION = "suspicion"  # held by the office after the end, for what it has in common


# What somebody can say of a second vote with their words.
CLAIMS = frozenset({CaseKind.HOUSEHOLD, CaseKind.NOT_MINE})


class Verdict(StrEnum):
    """What becomes of a vote that was looked at."""

    KEEP = "keep"
    TAKE_OUT = "take_out"


class LetterWay(StrEnum):
    """How somebody hears that their vote is held."""

    EMAIL = "email"
    SMS = "sms"
    PAPER = "paper"  # printed at the office


class SignalKind(StrEnum):
    """What is counted of votes that came without an account; with a code only the network."""

    CONTACT = "contact"  # persons a telephone or an address
    NETWORK = "network"
    HOME = "home"


class CodeState(StrEnum):
    """What became of a code: those that were issued are these three together."""

    UNUSED = "unused"
    USED = "used"
    VOID = "void"


class HolderKind(StrEnum):
    """What is remembered of somebody who got a code."""

    HOME = "home"  # a name in a home, to whom a code was sent
    CONTACT = "contact"  # a telephone or an e-mail, likewise
    COUNTER = "counter"  # a name in a home: handed out against a declaration


class CardState(StrEnum):
    """How far a card from the box has come."""

    ONCE = "once"  # one clerk has keyed it
    AGREED = "agreed"  # a second one says the same
    DISPUTED = "disputed"  # a second one says otherwise: a third decides
    DECIDED = "decided"


# What such a card says lies in the box of ballots.
DONE = frozenset({CardState.AGREED, CardState.DECIDED})
