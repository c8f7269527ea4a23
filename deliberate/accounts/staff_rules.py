"""Who may be invited by whom, who may accept, who may stop working here. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from deliberate.kernel.actor import Role
from deliberate.kernel.refusals import Refusal
from deliberate.kernel.texts import N_

INVITATION_VALID = timedelta(days=14)

# The installation's own role is not a municipality's to give.
GIVEN_HERE = tuple(role for role in Role if role is not Role.OPERATOR)

# What these look after is of the whole municipality: its people, its journal, its appeals.
ALWAYS_WHOLE = frozenset({Role.ADMINISTRATOR, Role.AUDITOR, Role.REVIEWER})

NOT_YOURS_TO_GIVE = Refusal(
    "invitation.role", N_("Do tej roli zaprasza administracja portalu w urzędzie.")
)
WHOLE_ONLY = Refusal(
    "invitation.whole_only",
    N_("Ta rola obejmuje zawsze cały samorząd. Wybierz cały samorząd albo inną rolę."),
)
YOURSELF = Refusal("invitation.yourself", N_("Nikt nie nadaje roli sobie. Poproś drugą osobę."))

USED = Refusal("invitation.used", N_("To zaproszenie zostało już wykorzystane."))
REVOKED = Refusal(
    "invitation.revoked",
    N_("To zaproszenie zostało wycofane. Jeśli to pomyłka, poproś o nowe."),
)
EXPIRED = Refusal("invitation.expired", N_("To zaproszenie wygasło po 14 dniach. Poproś o nowe."))
SIGN_IN = Refusal("invitation.sign_in", N_("Zaloguj się adresem, na który przyszło zaproszenie."))
OTHER_ADDRESS = Refusal(
    "invitation.other_address",
    N_(
        "Zaproszenie przyszło na inny adres niż adres Twojego konta. "
        "Wyloguj się i zaloguj tamtym adresem."
    ),
)
ALREADY_HELD = Refusal("invitation.held", N_("Masz już tę rolę."))

ENDED = Refusal("membership.ended", N_("Ta rola jest już zakończona."))
LAST_ADMINISTRATOR = Refusal(
    "membership.last_administrator",
    N_("To jedyna osoba, która zarządza rolami. Najpierw zaproś do tego drugą osobę."),
)
BAD_SUBSTITUTE = Refusal(
    "membership.substitute", N_("Zastępuje inna osoba, która ma tu tę samą rolę.")
)

HALF_ABSENCE = Refusal(
    "membership.half_absence",
    N_("Podaj oba dni nieobecności albo żadnego. Bez tych dni nikt nie zastępuje."),
)
BACKWARDS = Refusal(
    "membership.absence", N_("Nieobecność kończy się, zanim się zacznie. Popraw dni.")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """The first and the last day on which somebody else decides; both or neither."""

    first: date | None = None
    last: date | None = None


def absence_refusal(absence: Absence) -> Refusal | None:
    """Return why these cannot be days of absence."""
    if (absence.first is None) != (absence.last is None):
        return HALF_ABSENCE
    if absence.first is not None and absence.last is not None and absence.last < absence.first:
        return BACKWARDS
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitingFacts:
    role: Role
    is_whole: bool  # for the whole municipality, not for one consultation
    may_manage: bool
    may_invite_facilitators: bool  # as far as the role will reach
    is_own_address: bool


def inviting_refusal(facts: InvitingFacts) -> Refusal | None:
    """Return why the person may not invite to this role, or None."""
    if facts.role not in GIVEN_HERE:
        return NOT_YOURS_TO_GIVE
    if not facts.may_manage and not (
        facts.may_invite_facilitators and facts.role is Role.FACILITATOR
    ):
        return NOT_YOURS_TO_GIVE
    if facts.role in ALWAYS_WHOLE and not facts.is_whole:
        return WHOLE_ONLY
    return YOURSELF if facts.is_own_address else None


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptingFacts:
    """``is_address`` and the rest are of the person who is signed in, if anybody is."""

    now: datetime
    expires_at: datetime
    is_used: bool
    is_revoked: bool
    is_signed_in: bool
    is_address: bool
    is_inviter: bool
    is_held: bool


def accepting_refusal(facts: AcceptingFacts) -> Refusal | None:
    """Return why an invitation cannot be accepted, or None."""
    if facts.is_used:
        return USED
    if facts.is_revoked:
        return REVOKED
    if facts.now >= facts.expires_at:
        return EXPIRED
    if not facts.is_signed_in:
        return SIGN_IN
    if facts.is_inviter:
        return YOURSELF
    if not facts.is_address:
        return OTHER_ADDRESS
    return ALREADY_HELD if facts.is_held else None


def ending_refusal(
    *, is_ended: bool, is_administrator: bool, other_administrators: int
) -> Refusal | None:
    """Return why a membership may not be ended, or None."""
    if is_ended:
        return ENDED
    return LAST_ADMINISTRATOR if is_administrator and not other_administrators else None
