"""What a role may do here."""

from enum import StrEnum


class Permission(StrEnum):
    PREPARE = "voting:prepare"
    WITNESS = "voting:witness"  # as the second person: a pause, a drawn value
