"""What a role may do with people and where they live."""

from enum import StrEnum


class Permission(StrEnum):
    """The same strings as in access/roles.py."""

    DECIDE_RESIDENCE = "residence:decide"
    SEE_RETENTION = "privacy:retention"
    MANAGE_PEOPLE = "people:manage"
    INVITE_FACILITATORS = "people:invite_facilitators"
