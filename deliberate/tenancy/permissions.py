"""What a role may do here."""

from enum import StrEnum


class Permission(StrEnum):
    EDIT = "tenancy:edit"
