"""Signing what people write. Its caller commits."""

from __future__ import annotations

from datetime import datetime

from deliberate.accounts.models import Person
from deliberate.accounts.rules import CLOSED_NAME
from deliberate.authorship.capacities import Voice
from deliberate.authorship.models import Authored

CLOSED_ACCOUNT = CLOSED_NAME  # what stands in place of an author's name once the account is closed


def sign(row: Authored, person: Person, voice: Voice, *, language: str, at: datetime) -> None:
    """Fill in who wrote a new text, in whose name, in which language and when.

    Name and label are copied: they stay as they were true on that day.
    """
    row.author_id = person.id
    row.author_name = person.display_name
    row.capacity = voice.capacity
    row.capacity_label = voice.label
    row.organisation_id = voice.organisation_id
    row.unit_id = voice.unit_id
    row.language = language
    row.version_no = 1
    row.created_at = at
    row.edited_at = None
