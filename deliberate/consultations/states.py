"""The closed lists of a consultation: pure, so that rules and tables read the same words."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """What people decided about a consultation; "published" runs or is closed by its dates."""

    DRAFT = "draft"
    AWAITING_APPROVAL = "awaiting_approval"
    PUBLISHED = "published"
    SUSPENDED = "suspended"
    CANCELLED = "cancelled"
    ANSWERED = "answered"
    ARCHIVED = "archived"


# Held by a trigger as well. A draft is never published without somebody having been asked.
STEPS: dict[str, tuple[str, ...]] = {
    State.DRAFT: (State.AWAITING_APPROVAL,),
    State.AWAITING_APPROVAL: (State.DRAFT, State.PUBLISHED),
    State.PUBLISHED: (State.SUSPENDED, State.CANCELLED, State.ANSWERED),
    State.SUSPENDED: (State.PUBLISHED, State.CANCELLED),
    State.CANCELLED: (State.ARCHIVED,),
    State.ANSWERED: (State.ARCHIVED,),
    State.ARCHIVED: (),
}

UNPUBLISHED = frozenset({State.DRAFT, State.AWAITING_APPROVAL})
PUBLIC = frozenset(State) - UNPUBLISHED


class Effect(StrEnum):
    """What the result does."""

    INFORMS = "informs"
    ADVISES = "advises"
    DECIDES = "decides"


class Template(StrEnum):
    """What the officer wanted to do."""

    ASK = "ask"  # zapytać o zdanie
    DOCUMENT = "document"  # zebrać uwagi do dokumentu
    IDEAS = "ideas"  # zebrać pomysły i wybrać
    REPEAT = "repeat"  # powtórzyć poprzednie


class ChangeKind(StrEnum):
    """Why a published thing changed."""

    EXTENSION = "extension"  # dates only grow
    SLIP = "slip"  # a date corrected within two hours, before anyone contributed
    TYPING = "typing"  # a correction of typing
    STATE = "state"  # suspended, resumed, cancelled, repeated
    CONTENT = "content"
