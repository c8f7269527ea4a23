"""What a role may do on the pages that gather: the same strings as in access/roles.py."""

from enum import StrEnum


class Permission(StrEnum):
    """``tenancy:edit`` is the one of the settings: the declaration and reports belong to them."""

    SEE_DESK = "desk:see"
    READ_AUDIT = "audit:read"
    EDIT_DECLARATION = "tenancy:edit"
