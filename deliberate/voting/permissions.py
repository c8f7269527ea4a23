"""What a role may do here."""

from enum import StrEnum


class Permission(StrEnum):
    PREPARE = "voting:prepare"
