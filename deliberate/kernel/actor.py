"""Who acts: all that access and audit know of a person."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from flask import g


class Role(StrEnum):
    """What a membership makes of a person in one municipality. Closed list."""

    OFFICER = "officer"  # prowadzi konsultacje
    APPROVER = "approver"  # zatwierdza
    FACILITATOR = "facilitator"  # prowadzi rozmowę
    REVIEWER = "reviewer"  # rozpatruje odwołania
    AUDITOR = "auditor"  # sprawdza
    ADMINISTRATOR = "administrator"  # ludzie i ustawienia
    OPERATOR = "operator"  # the installation; no content


@dataclass(frozen=True, slots=True)
class Grant:
    """One role; ``consultation_id`` None means the whole municipality."""

    role: Role
    consultation_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A person (or nobody, or the machine) acting in a municipality, as one request sees them."""

    person_id: int | None = None
    tenant_id: int | None = None
    grants: frozenset[Grant] = frozenset()
    name: str = ""
    is_fresh: bool = False  # proved a moment ago who they are (accounts.sessions)
    has_second_factor: bool = False  # this sign-in proved a second factor too

    @property
    def reference(self) -> str:
        """What the audit stores: no name, no address."""
        return f"person:{self.person_id}" if self.person_id is not None else "system"

    def has_role(self, *roles: Role, consultation_id: int | None = None) -> bool:
        """Tell whether one of the roles is held here: everywhere, or for this consultation."""
        return any(
            grant.role in roles and grant.consultation_id in (None, consultation_id)
            for grant in self.grants
        )


NOBODY = Actor()
SYSTEM = Actor(name="system")


def current_actor() -> Actor:
    """Return who makes the present request; NOBODY when nobody is signed in."""
    actor: Actor = g.get("actor", NOBODY)
    return actor
