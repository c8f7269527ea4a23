"""What may be done to a consultation by whom: the strings of access/roles.py."""

from enum import StrEnum


class Permission(StrEnum):
    """Each is given by roles, here or in the whole municipality."""

    EDIT = "consultations:edit"
    ASK_APPROVAL = "consultations:ask_approval"
    SEE_DRAFTS = "consultations:see_drafts"
