"""When one may sign up and what the office may do with a meeting. No database, no request.

Reasons stand in the order from what nobody can do to what this person has done already.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from deliberate.kernel.clock import WARSAW
from deliberate.kernel.refusals import Refusal
from deliberate.kernel.texts import N_
from deliberate.meetings.kinds import State

CANCELLED = Refusal(
    "meetings.cancelled", N_("To spotkanie jest odwołane. Powód jest na jego stronie.")
)
NO_SIGN_UP = Refusal(
    "meetings.no_sign_up", N_("Na to spotkanie nie trzeba się zapisywać. Po prostu przyjdź.")
)
BEGUN = Refusal("meetings.begun", N_("To spotkanie już się zaczęło albo skończyło."))
CLOSED = Refusal("meetings.closed", N_("Zapisy na to spotkanie się skończyły."))
TOO_MANY_PERSONS = Refusal(
    "meetings.too_many_persons",
    N_("Na tym spotkaniu jest mniej miejsc, niż potrzebujesz: %(seats)d."),
)
ALREADY = Refusal("meetings.already", N_("Ten adres e-mail jest już na liście tego spotkania."))
SLOT_TAKEN = Refusal(
    "meetings.slot_taken", N_("Tę godzinę wybrał już ktoś inny. Wybierz inną godzinę.")
)
LINK_EXPIRED = Refusal(
    "meetings.link_expired",
    N_("Ten zapis nie został potwierdzony w ciągu doby, więc go usunęliśmy. Zapisz się ponownie."),
)
WITHDRAWN = Refusal("meetings.withdrawn", N_("Ten zapis jest już wycofany."))

EDITED_MEANWHILE = Refusal(
    "meetings.edited_meanwhile",
    N_(
        "Ktoś zmienił to spotkanie w międzyczasie. Twoje zmiany są poniżej – "
        "sprawdź je i zapisz jeszcze raz."
    ),
)
ALREADY_PUBLISHED = Refusal("meetings.published", N_("To spotkanie jest już ogłoszone."))
NOT_PUBLISHED = Refusal("meetings.not_published", N_("Najpierw ogłoś to spotkanie."))
IN_THE_PAST = Refusal(
    "meetings.in_the_past", N_("Początek spotkania już minął. Popraw datę, zanim je ogłosisz.")
)
NOWHERE = Refusal(
    "meetings.nowhere", N_("Podaj miejsce albo adres spotkania w internecie, zanim je ogłosisz.")
)
OVER = Refusal(
    "meetings.over", N_("Tego spotkania nie można już zmienić: odbyło się albo jest odwołane.")
)
REASON_NEEDED = Refusal(
    "meetings.reason_needed",
    N_("Spotkanie jest ogłoszone. Napisz, dlaczego je zmieniasz – zobaczą to wszyscy."),
)
SEATS_TAKEN = Refusal(
    "meetings.seats_taken", N_("Zapisanych osób jest już więcej: %(taken)d. Nie ubędzie im miejsc.")
)
SLOTS_CHOSEN = Refusal(
    "meetings.slots_chosen",
    N_("Ktoś jest już na liście, więc sposób zapisów i godziny wizyt się nie zmienią."),
)
NOT_BEGUN = Refusal(
    "meetings.not_begun", N_("To spotkanie jeszcze się nie zaczęło. Wróć tu po jego początku.")
)
NO_READERS = Refusal("meetings.no_readers", N_("Nikt z listy nie podał adresu e-mail."))

KEPT = timedelta(days=30)  # what people said of themselves, after the meeting's end
LINK_VALID = timedelta(days=1)  # for confirming an address
REMINDED_AT = time(9)  # of the day before, in Warsaw
MOST_SLOTS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class SignUpFacts:
    """What stands about a meeting when somebody wants to sign up.

    ``by_office``: entered by an officer, who may do it until the meeting ends.
    """

    now: datetime
    is_published: bool
    state: str
    has_sign_up: bool
    starts_at: datetime
    ends_at: datetime
    sign_up_until: datetime | None
    seats: int | None
    persons: int = 1
    by_office: bool = False


def sign_up_refusal(facts: SignUpFacts) -> Refusal | None:
    """Return why nobody can be put on the list now, or None. A full list is no reason."""
    if not facts.is_published:
        return NOT_PUBLISHED
    if facts.state == State.CANCELLED:
        return CANCELLED
    if not facts.has_sign_up:
        return NO_SIGN_UP
    if facts.now >= (facts.ends_at if facts.by_office else facts.starts_at):
        return BEGUN
    if not facts.by_office and facts.sign_up_until and facts.now >= facts.sign_up_until:
        return CLOSED
    if facts.seats is not None and facts.persons > facts.seats:
        return TOO_MANY_PERSONS.with_values(seats=facts.seats)
    return None


def fits(seats: int | None, taken: int, persons: int) -> bool:
    """Tell whether so many persons still find a seat."""
    return seats is None or taken + persons <= seats


def next_in(waiting: Iterable[tuple[int, int]], seats: int | None, taken: int) -> list[int]:
    """Return who gets a seat, of (id, persons) in the order of asking.

    Nobody is parted from those they come with, so a smaller group may go before a larger one
    that does not fit; the larger one keeps its place in the line.
    """
    found = []
    for sign_up, persons in waiting:
        if fits(seats, taken, persons):
            found.append(sign_up)
            taken += persons
    return found


# What the office may do.


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishFacts:
    now: datetime
    is_published: bool
    starts_at: datetime
    ends_at: datetime
    place: str
    online_url: str
    is_open_for_days: bool  # such a thing may have begun before it is announced here


def publish_refusal(facts: PublishFacts) -> Refusal | None:
    if facts.is_published:
        return ALREADY_PUBLISHED
    if facts.now >= (facts.ends_at if facts.is_open_for_days else facts.starts_at):
        return IN_THE_PAST
    if not facts.place and not facts.online_url:
        return NOWHERE
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeFacts:
    """``shown``: whether something changes that people were told; ``holders``: who has a seat."""

    state: str
    is_published: bool
    shown: bool
    reason: str
    taken: int
    seats: int | None
    slots_change: bool
    holders: int


def change_refusal(facts: ChangeFacts) -> Refusal | None:
    if facts.state in (State.CANCELLED, State.HELD):
        return OVER
    if facts.slots_change and facts.holders:
        return SLOTS_CHOSEN
    if facts.seats is not None and facts.seats < facts.taken:
        return SEATS_TAKEN.with_values(taken=facts.taken)
    if facts.is_published and facts.shown and not facts.reason:
        return REASON_NEEDED
    return None


def cancel_refusal(state: str, *, is_published: bool) -> Refusal | None:
    if not is_published:
        return NOT_PUBLISHED
    return OVER if state in (State.CANCELLED, State.HELD) else None


def afterwards_refusal(
    state: str, *, is_published: bool, starts_at: datetime, now: datetime
) -> Refusal | None:
    """Return why nothing can be said yet of how it went."""
    if not is_published:
        return NOT_PUBLISHED
    if state == State.CANCELLED:
        return CANCELLED
    return NOT_BEGUN if now < starts_at else None


# Moments.


def moment(day: date, at: time) -> datetime | None:
    """Return the moment at which clocks in Warsaw show this, None for an hour that is left out.

    The hour that comes twice in October is its first one, still in summer time.
    """
    there = datetime.combine(day, at, WARSAW).astimezone(UTC)
    shown = there.astimezone(WARSAW)
    return there if (shown.date(), shown.time()) == (day, at) else None


def slots(starts_at: datetime, ends_at: datetime, minutes: int) -> list[datetime]:
    """Return when each time begins; one that would not end in time is left out."""
    length = timedelta(minutes=minutes)
    number = min((ends_at - starts_at) // length, MOST_SLOTS)
    return [starts_at + index * length for index in range(number)]


def reminded_at(starts_at: datetime) -> datetime:
    """Return when those who signed up are reminded: the morning of the day before."""
    day = starts_at.astimezone(WARSAW).date() - timedelta(days=1)
    return datetime.combine(day, REMINDED_AT, WARSAW).astimezone(UTC)
