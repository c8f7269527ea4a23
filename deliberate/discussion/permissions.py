"""What a role may do in a discussion."""

from enum import StrEnum


class Permission(StrEnum):
    """The same strings as in access/roles.py."""

    FACILITATE = "discussion:facilitate"
    SUMMARISE = "discussion:summarise"
    ANSWER_OFFICIALLY = "discussion:answer_officially"
