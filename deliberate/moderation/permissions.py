"""What a role may do in moderation."""

from enum import StrEnum


class Permission(StrEnum):
    """The same strings as in access/roles.py."""

    DECIDE = "moderation:decide"
    ANSWER_FOR_OFFICE = "moderation:answer_for_office"  # notices about the office's own texts
    REVIEW = "moderation:review"
