"""What a role may do here."""

from enum import StrEnum


class Permission(StrEnum):
    SEE = "answers:see"
    EDIT = "answers:edit"
    PUBLISH = "answers:publish"
