"""What moderation asks of conversations: answered by discussion, which is above this package."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import Flask, current_app

from deliberate.moderation.queries import Scope
from deliberate.subjects.registry import Card


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What stands before and after a thing in its conversation; only what may be read."""

    before: Sequence[Card]
    after: Sequence[Card]


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """What is asked of a conversation.

    ``list_unread(tenant_id, scope, reader_id, limit)``: contributions no facilitator has read
    yet, the longest waiting first, not the reader's own; ``count_unread`` likewise.
    ``around(card)``: what stands beside it. ``has_spoken(card, person_id)``: whether the person
    speaks for themselves in the conversation that the thing is in, or that is about it.
    """

    list_unread: Callable[[int, Scope, int, int], Sequence[Card]]
    count_unread: Callable[[int, Scope, int], int]
    around: Callable[[Card], Surroundings]
    has_spoken: Callable[[Card, int], bool]


def register(app: Flask, conversation: Conversation) -> None:
    """There is exactly one."""
    app.extensions["deliberate.conversation"] = conversation


def conversation() -> Conversation:
    found: Conversation = current_app.extensions["deliberate.conversation"]
    return found
