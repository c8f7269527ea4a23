"""What may be done to meetings by whom: the string of access/roles.py."""

from enum import StrEnum


class Permission(StrEnum):
    EDIT = "meetings:edit"
