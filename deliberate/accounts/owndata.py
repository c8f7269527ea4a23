"""What accounts keep of a person, as that person gets it: part of ``mydata``."""

from __future__ import annotations

from deliberate.accounts import queries
from deliberate.accounts.models import Person
from deliberate.kernel import clock


def account(person: Person) -> list[dict[str, object]]:
    return [
        {
            "email": person.email,
            "display_name": person.display_name,
            "form": person.form,
            "language": person.locale,
            "has_password": person.password_hash is not None,
            "has_second_factor": queries.has_second_factor(person),
            "at_least_13_since": person.aged_13_at,
            "created_at": person.created_at,
        }
    ]


def residences(person: Person) -> list[dict[str, object]]:
    return [
        {
            "municipality": place,
            "area": area.name if area else None,
            "state": residence.state,
            "method": residence.method,
            "declared_at": residence.declared_at,
            "decided_at": residence.decided_at,
            "reason": residence.reason,
            "letter_name": residence.letter_name,
            "letter_address": residence.letter_address,
            "letter_asked_at": residence.letter_asked_at,
            "letter_sent_at": residence.letter_sent_at,
        }
        for residence, place, area in queries.list_residences_of(person)
    ]


def memberships(person: Person) -> list[dict[str, object]]:
    return [
        {
            "municipality": place,
            "role": membership.role,
            "scope": membership.scope_kind,
            "job_title": membership.job_title,
            "starts_at": membership.starts_at,
            "ends_at": membership.ends_at,
        }
        for membership, place in queries.list_memberships_of(person)
    ]


def browsers(person: Person) -> list[dict[str, object]]:
    return [
        {"municipality": place, "browser": row.browser, "signed_in_at": row.created_at}
        for row, place in queries.list_sessions(person, now=clock.now())
    ]
