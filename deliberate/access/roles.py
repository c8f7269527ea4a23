"""Which role gives which permissions.

One table of strings; a test compares them with what the features declare.
"""

from collections.abc import Mapping
from types import MappingProxyType

from deliberate.kernel.actor import Role
from deliberate.kernel.texts import N_

NAMES: Mapping[Role, str] = MappingProxyType(
    {
        Role.OFFICER: N_("osoba prowadząca konsultacje"),
        Role.APPROVER: N_("osoba zatwierdzająca"),
        Role.FACILITATOR: N_("osoba prowadząca rozmowę"),
        Role.REVIEWER: N_("osoba rozpatrująca odwołania"),
        Role.AUDITOR: N_("osoba sprawdzająca"),
        Role.ADMINISTRATOR: N_("administracja portalu"),
        Role.OPERATOR: N_("operator instalacji"),
    }
)

PERMISSIONS: Mapping[Role, frozenset[str]] = MappingProxyType(
    {
        Role.OFFICER: frozenset(
            {
                "desk:see",
                "consultations:edit",
                "consultations:ask_approval",
                "consultations:see_drafts",
                "discussion:answer_officially",
                "meetings:edit",
                "moderation:answer_for_office",
                "answers:see",
                "answers:edit",
                "reports:see",
                "reports:edit",
                "voting:prepare",
                "voting:witness",
                "organisations:verify",
                "petitions:edit",
                "residence:decide",
                "people:invite_facilitators",
            }
        ),
        Role.APPROVER: frozenset(
            {
                "desk:see",
                "consultations:see_drafts",
                "approvals:open",
                "approvals:decide",
                "voting:witness",
                "answers:see",
                "answers:publish",
                "reports:see",
                "reports:publish",
            }
        ),
        Role.FACILITATOR: frozenset(
            {"desk:see", "moderation:decide", "discussion:facilitate", "discussion:summarise"}
        ),
        Role.REVIEWER: frozenset({"desk:see", "moderation:review"}),
        Role.AUDITOR: frozenset({"desk:see", "audit:read", "consultations:see_drafts"}),
        Role.ADMINISTRATOR: frozenset(
            {
                "desk:see",
                "tenancy:edit",
                "approvals:open",
                "people:manage",
                "people:invite_facilitators",
                "organisations:verify",
                "privacy:retention",
            }
        ),
        Role.OPERATOR: frozenset(),  # runs the installation; nobody here
    }
)


def permissions_of(role: Role) -> frozenset[str]:
    return PERMISSIONS[role]
