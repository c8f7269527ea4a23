"""What a role may do here."""

from enum import StrEnum


class Permission(StrEnum):
    OPEN = "approvals:open"  # requests of which one's role may decide some
    DECIDE = "approvals:decide"  # those that name no permission of their own
