"""What a role may do with reports."""

from enum import StrEnum


class Permission(StrEnum):
    SEE = "reports:see"
    EDIT = "reports:edit"
    PUBLISH = "reports:publish"
