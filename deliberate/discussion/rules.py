"""Who may speak, change and take back what they said. No database, no request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from deliberate.accounts.standing import Needs, standing_refusal
from deliberate.kernel.refusals import Refusal
from deliberate.kernel.texts import N_

LONGEST = 4000
EDITED_FREELY = timedelta(minutes=15)
SAME_TEXT = timedelta(minutes=10)  # the same words again are a second press of the button
LIMIT_PER = timedelta(hours=1)

# How many contributions an hour, by how sure we are of the person (trust.md §5.4).
HOURLY: Mapping[Needs, int] = MappingProxyType(
    {Needs.ANYONE: 0, Needs.EMAIL: 2, Needs.DECLARED: 10, Needs.CONFIRMED: 10}
)
HOURLY_STAFF = 60

STOPPED = Refusal("talk.stopped", N_("Te konsultacje są teraz wstrzymane albo zamknięte."))
NOT_YET = Refusal("talk.not_yet", N_("Rozmowa jeszcze się nie zaczęła. Czytać możesz już teraz."))
OVER = Refusal("talk.over", N_("Rozmowa się zakończyła. Czytać można nadal."))
NOT_PLANNED = Refusal("talk.not_planned", N_("W tych konsultacjach nie ma teraz rozmowy."))
NOT_YOUR_ROLE = Refusal(
    "talk.not_your_role", N_("W tym imieniu możesz pisać tylko w przydzielonych konsultacjach.")
)
READ_RULES = Refusal(
    "talk.read_rules",
    N_("Zanim zabierzesz głos, przeczytaj zasady rozmowy i zaznacz, że je znasz."),
)
SLOWLY = Refusal(
    "talk.slowly",
    N_(
        "W ciągu godziny można zabrać głos najwyżej %(most)s razy, żeby każda osoba zdążyła się "
        "odezwać. Spróbuj za %(minutes)s min. To, co wpisane, zostaje."
    ),
)
GONE = Refusal("talk.gone", N_("Tej wypowiedzi już tu nie ma, więc nie można na nią odpowiedzieć."))
NOT_OWN = Refusal(
    "talk.not_own", N_("Zmienić lub wycofać wypowiedź może tylko jej autorka lub autor.")
)
ALREADY_WITHDRAWN = Refusal("talk.already_withdrawn", N_("Ta wypowiedź jest już wycofana."))
NOT_SHOWN = Refusal(
    "talk.not_shown", N_("Tej wypowiedzi nie widać teraz w rozmowie, więc nie można jej zmienić.")
)
CHANGED_MEANWHILE = Refusal(
    "talk.changed_meanwhile",
    N_("Ta wypowiedź została zmieniona w międzyczasie, w innej karcie. Otwórz ją jeszcze raz."),
)
NOT_A_ROOT = Refusal(
    "talk.not_a_root", N_("Przypiąć można tylko wypowiedź, która nie jest odpowiedzią.")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeakFacts:
    """All that the rule looks at. A query gathers it; a test writes it out.

    ``said``: when this person's contributions of the last hour were made, oldest first.
    """

    now: datetime
    is_open: bool
    stopped: bool
    opens_at: datetime | None
    ends_at: datetime | None
    needs: Needs
    standing: Needs
    residence_refused: bool
    accepted_rules: bool
    said: tuple[datetime, ...] = ()
    silent: Refusal | None = None  # election silence: why nobody may
    as_staff: bool = False  # in the name of the office, or as the one who leads the conversation
    holds_role: bool = False  # the role for that, in this consultation


def speak_refusal(facts: SpeakFacts) -> Refusal | None:
    """Return why this person may not speak now, or None.

    The office answers and facilitators note also outside of the dates, while nothing is stopped.
    """
    if facts.stopped:
        return STOPPED
    if facts.silent is not None:
        return facts.silent
    if facts.as_staff:
        return _staff_refusal(facts)
    if not facts.is_open:
        return closed_refusal(opens_at=facts.opens_at, ends_at=facts.ends_at, now=facts.now)
    lacking = standing_refusal(facts.standing, facts.needs, refused=facts.residence_refused)
    if lacking is not None:
        return lacking
    if not facts.accepted_rules:
        return READ_RULES
    return _pace_refusal(facts, HOURLY[facts.standing])


def _staff_refusal(facts: SpeakFacts) -> Refusal | None:
    if not facts.holds_role:
        return NOT_YOUR_ROLE
    return _pace_refusal(facts, HOURLY_STAFF)


def _pace_refusal(facts: SpeakFacts, most: int) -> Refusal | None:
    recent = [moment for moment in facts.said if moment > facts.now - LIMIT_PER]
    if len(recent) < most:
        return None
    wait = recent[-most] + LIMIT_PER - facts.now
    return SLOWLY.with_values(most=most, minutes=-(-int(wait.total_seconds()) // 60))


def closed_refusal(
    *, opens_at: datetime | None, ends_at: datetime | None, now: datetime
) -> Refusal:
    """Say why a conversation that is not open is not."""
    if opens_at is not None and opens_at > now:
        return NOT_YET
    return OVER if ends_at is not None else NOT_PLANNED


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnFacts:
    """What is looked at before a person changes or takes back what they said."""

    now: datetime
    is_author: bool
    is_shown: bool
    is_withdrawn: bool
    is_open: bool
    stopped: bool
    said_at: datetime
    silent: Refusal | None = None  # election silence: why nothing is changed now


def edit_refusal(facts: OwnFacts) -> Refusal | None:
    """Return why the text may not be changed. After the end it stays as it was answered."""
    if not facts.is_author:
        return NOT_OWN
    if facts.is_withdrawn:
        return ALREADY_WITHDRAWN
    if not facts.is_shown:
        return NOT_SHOWN
    if facts.stopped:
        return STOPPED
    if facts.silent is not None:
        return facts.silent
    return None if facts.is_open or _is_fresh(facts) else OVER


def withdraw_refusal(facts: OwnFacts) -> Refusal | None:
    """Return why it may not be taken back. One's own words can be taken back at any time."""
    if not facts.is_author:
        return NOT_OWN
    return ALREADY_WITHDRAWN if facts.is_withdrawn else None


def leaves_version(facts: OwnFacts) -> bool:
    """Tell whether a change made now is kept as a version: within 15 minutes it is not."""
    return not _is_fresh(facts)


def _is_fresh(facts: OwnFacts) -> bool:
    return facts.now < facts.said_at + EDITED_FREELY
