"""What a role may do in moderation."""

from enum import StrEnum


class Permission(StrEnum):
    """The same strings as in access/roles.py."""

    DECIDE = "moderation:decide"
    SEE_CASES = "moderation:see_cases"
