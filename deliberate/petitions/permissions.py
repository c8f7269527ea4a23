"""What may be done in the registers by whom: the string of access/roles.py."""

from enum import StrEnum


class Permission(StrEnum):
    EDIT = "petitions:edit"
