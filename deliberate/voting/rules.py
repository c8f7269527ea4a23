"""Who may vote and when, what a ballot may hold, when a vote is sealed, counted, published. Pure.

Reasons stand in the order from what nobody can do to what this person has done already.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from deliberate.accounts.standing import Needs, standing_refusal
from deliberate.kernel.refusals import Refusal
from deliberate.kernel.texts import N_
from deliberate.voting.states import OPEN, PollState

STOPPED = Refusal(
    "cast.stopped",
    N_("Te konsultacje są wstrzymane albo odwołane, więc nie można głosować."),
)
NOT_SEALED = Refusal("cast.not_sealed", N_("Karta do głosowania nie jest jeszcze gotowa."))
TOO_EARLY = Refusal(
    "cast.too_early",
    N_("Głosowanie jeszcze się nie zaczęło. Projekty możesz przeczytać już teraz."),
)
TOO_LATE = Refusal("cast.too_late", N_("Głosowanie już się zakończyło. Głos nie został przyjęty."))
CLOSE_AFTER_COUNT = Refusal(
    "poll.close_after_count",
    N_(
        "Z tego konta oddano głos, który nie jest jeszcze policzony. Konto można zamknąć po "
        "policzeniu – dzięki temu jedna osoba głosuje raz."
    ),
)
ALREADY = Refusal(
    "cast.already", N_("Głos z tymi danymi został przyjęty %(day)s. Jedna osoba głosuje raz.")
)

TOO_MANY = Refusal(
    "ballot.too_many",
    N_(
        "Możesz wybrać najwyżej %(most)s, a zaznaczone: %(chosen)s. "
        "Odznacz to, z czego rezygnujesz."
    ),
)
TOO_FEW = Refusal("ballot.too_few", N_("Wybierz co najmniej: %(least)s. Zaznaczone: %(chosen)s."))
UNKNOWN_OPTION = Refusal(
    "ballot.unknown_option",
    N_("Na karcie nie ma pozycji, która przyszła z formularzem. Wybierz jeszcze raz."),
)

NOT_DRAFT = Refusal(
    "poll.not_draft", N_("Karta jest zapieczętowana, więc jej treść i zasady już się nie zmienią.")
)
TOO_FEW_OPTIONS = Refusal(
    "poll.too_few_options", N_("Na karcie muszą być co najmniej dwa projekty.")
)
LIMIT_TOO_HIGH = Refusal(
    "poll.limit_too_high", N_("Nie można pozwolić na więcej wyborów, niż jest projektów na karcie.")
)
SEAL_TOO_LATE = Refusal(
    "poll.seal_too_late",
    N_("Pora otwarcia głosowania minęła. Przesuń termin w konsultacjach i przygotuj kartę znowu."),
)
RESULT_TOO_EARLY = Refusal(
    "poll.result_too_early", N_("Wynik można obiecać najwcześniej na dzień po końcu głosowania.")
)
ONLY_LATER = Refusal("poll.only_later", N_("Koniec głosowania można tylko odsunąć."))
ENDED = Refusal("poll.ended", N_("Głosowanie już się zakończyło."))

COUNT_NOT_SEALED = Refusal("count.not_sealed", N_("Tej karty nie zapieczętowano."))
COUNT_TOO_EARLY = Refusal(
    "count.too_early", N_("Policzyć głosy można dopiero po końcu głosowania.")
)
COUNTED = Refusal("count.counted", N_("Głosy są już policzone."))
UNEQUAL = Refusal(
    "count.unequal",
    N_(
        "Liczba osób (%(participations)s) i liczba kart (%(ballots)s) nie zgadzają się. "
        "Niczego nie policzono: najpierw trzeba to wyjaśnić."
    ),
)
NOT_COUNTED = Refusal("publish.not_counted", N_("Najpierw trzeba policzyć głosy."))
PUBLISHED = Refusal("publish.published", N_("Wynik jest już ogłoszony."))


@dataclass(frozen=True, slots=True, kw_only=True)
class CastFacts:
    """All that decides whether a person may vote at a moment of the database's clock."""

    now: datetime
    state: PollState
    opens_at: datetime
    ends_at: datetime
    is_stopped: bool
    standing: Needs
    needs: Needs
    residence_refused: bool = False
    voted_on: date | None = None


def cast_refusal(facts: CastFacts) -> Refusal | None:
    """Return why this person may not vote now, or None if they may."""
    if refusal := window_refusal(facts):
        return refusal
    if refusal := standing_refusal(facts.standing, facts.needs, refused=facts.residence_refused):
        return refusal
    if facts.voted_on is not None:
        return ALREADY.with_values(day=facts.voted_on)
    return None


def window_refusal(facts: CastFacts) -> Refusal | None:
    """Return why nobody may vote now, or None."""
    if facts.is_stopped:
        return STOPPED
    if facts.state is PollState.DRAFT:
        return NOT_SEALED
    if facts.now < facts.opens_at:
        return TOO_EARLY
    if facts.now >= facts.ends_at or facts.state not in OPEN:
        return TOO_LATE
    return None


# What a ballot may hold.


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionRules:
    """One section of a ballot: its limits and the numbers that stand on it."""

    no: int
    least: int
    most: int
    options: frozenset[int]


def section_refusal(section: SectionRules, chosen: Collection[int]) -> Refusal | None:
    """Return why these choices are no ballot of this section, or None."""
    if not set(chosen) <= section.options:
        return UNKNOWN_OPTION
    if len(chosen) > section.most:
        return TOO_MANY.with_values(most=section.most, chosen=len(chosen))
    if len(chosen) < section.least:
        return TOO_FEW.with_values(least=section.least, chosen=len(chosen))
    return None


# The officer's acts.


def present_state(
    state: PollState, opens_at: datetime, ends_at: datetime, now: datetime
) -> PollState:
    """Return the state that a sealed poll has by the clock, whoever has noted it or not."""
    if state not in OPEN or now < opens_at:
        return state
    return PollState.RECEIVING if now < ends_at else PollState.WORKING_UP


@dataclass(frozen=True, slots=True, kw_only=True)
class SealFacts:
    """What a draft needs before anyone is asked to seal it."""

    now: datetime
    state: PollState
    opens_at: datetime
    ends_on: date  # the last day of voting
    result_due: date
    most: int
    options: int


def seal_refusal(facts: SealFacts) -> Refusal | None:
    if facts.state is not PollState.DRAFT:
        return NOT_DRAFT
    if facts.now >= facts.opens_at:
        return SEAL_TOO_LATE
    if facts.options < 2:
        return TOO_FEW_OPTIONS
    if facts.most > facts.options:
        return LIMIT_TOO_HIGH
    if facts.result_due <= facts.ends_on:
        return RESULT_TOO_EARLY
    return None


def extension_refusal(
    state: PollState, *, ends_at: datetime, wanted: datetime, now: datetime
) -> Refusal | None:
    """Return why the end cannot be moved there, or None."""
    if state not in OPEN or now >= ends_at:
        return ENDED
    return None if wanted > ends_at else ONLY_LATER


def count_refusal(state: PollState) -> Refusal | None:
    """Return why votes cannot be counted in a state (of ``present_state``), or None."""
    if state is PollState.DRAFT:
        return COUNT_NOT_SEALED
    if state in OPEN:
        return COUNT_TOO_EARLY
    return COUNTED if state is not PollState.WORKING_UP else None


def equality_refusal(participations: int, ballots: Sequence[int]) -> Refusal | None:
    """Return that some section has not one ballot a person; ``ballots``: how many in each."""
    for number in ballots:
        if number != participations:
            return UNEQUAL.with_values(participations=participations, ballots=number)
    return None


def publish_refusal(state: PollState) -> Refusal | None:
    if state is PollState.PUBLISHED:
        return PUBLISHED
    return None if state is PollState.COUNTED else NOT_COUNTED
