"""Who may vote and when, when a vote is sealed, counted, published. Pure.

What a ballot may hold is in ``ballot_rules``. Reasons stand in the order from what nobody can do
to what this person has done already.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from deliberate.accounts.standing import SIGN_IN, Needs, standing_refusal
from deliberate.kernel.refusals import Refusal
from deliberate.kernel.texts import N_
from deliberate.voting.roll_rules import NOT_LISTED
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
PAUSED = Refusal(
    "cast.paused",
    N_(
        "Nikt teraz nie głosuje. To, co zaznaczysz na tej stronie, zostanie na niej, dopóki jej "
        "nie zamkniesz. Koniec głosowania przesunie się o czas przerwy. Powód: %(reason)s"
    ),
)
CALLED_OFF = Refusal("cast.called_off", N_("Głosowanie odwołano. Powód: %(reason)s"))
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
FOREIGN_FORM = Refusal(
    "cast.foreign_form",
    N_("Tym formularzem oddano już inny głos. Otwórz kartę jeszcze raz i wybierz na nowo."),
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
METHOD_UNFIT = Refusal(
    "poll.method_unfit",
    N_("Wybranym sposobem nie da się policzyć takich kart. Wybierz inny w części %(no)s."),
)
UNREACHABLE = Refusal(
    "poll.unreachable",
    N_(
        "W części %(no)s nikt nie wypełni karty zgodnie z zasadami: tylu punktów nie da się rozdać "
        "albo na tyle pozycji nie starczy kwoty. Popraw granice."
    ),
)
TOO_MANY_SEATS = Refusal(
    "poll.too_many_seats",
    N_("W części %(no)s ma zostać wybranych tyle pozycji, ile ich jest, albo więcej."),
)
LOTS_NEEDED = Refusal(
    "poll.lots_needed",
    N_(
        "Tego liczenia nie da się dokończyć bez losu, gdy w rundzie jest remis. Podaj źródło losu "
        "i moment losowania."
    ),
)
LOTS_TOO_EARLY = Refusal(
    "poll.lots_too_early",
    N_("Losowanie musi być po końcu głosowania. Inaczej ktoś znałby los przed oddaniem głosu."),
)
LOTS_TOO_LATE = Refusal(
    "poll.lots_too_late",
    N_("Losowanie musi być najpóźniej w dniu, w którym obiecujesz wynik."),
)
SEAL_TOO_LATE = Refusal(
    "poll.seal_too_late",
    N_("Pora otwarcia głosowania minęła. Przesuń termin w konsultacjach i przygotuj kartę znowu."),
)
NO_ROLL = Refusal(
    "poll.no_roll",
    N_(
        "Głosuje zamknięta lista osób, a listy jeszcze nie ma. Dodaj ją na stronie "
        "„Kto może głosować”."
    ),
)
LINKED_BY_AREA = Refusal(
    "poll.linked_by_area",
    N_(
        "Kart razem z kodami nie ogłasza się, gdy karta ma części tylko dla niektórych miejsc: "
        "po miejscu można by poznać osobę, a po niej jej głos w pozostałych częściach. Wybierz "
        "inny sposób ogłoszenia."
    ),
)
LINKED_PAPER = Refusal(
    "poll.linked_paper",
    N_(
        "Kart razem z kodami nie ogłasza się, gdy głosuje się też na papierze: karta z papieru nie "
        "ma kodu, więc te nieliczne leżałyby osobno. Wybierz inny sposób ogłoszenia."
    ),
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
COUNT_PAUSED = Refusal(
    "count.paused",
    N_("Głosowanie jest wstrzymane. Policzyć można po zniesieniu przerwy i po końcu głosowania."),
)
COUNT_CANCELLED = Refusal("count.cancelled", N_("To głosowanie odwołano. Głosów nie policzy nikt."))
BEING_COUNTED = Refusal("count.being_counted", N_("Głosy są właśnie liczone."))
COUNTED = Refusal("count.counted", N_("Głosy są już policzone."))
UNEQUAL = Refusal(
    "count.unequal",
    N_(
        "Liczba osób (%(participations)s) i liczba kart (%(ballots)s) nie zgadzają się. "
        "Niczego nie policzono: najpierw trzeba to wyjaśnić."
    ),
)
UNEQUAL_RECEIPTS = Refusal(
    "count.unequal_receipts",
    N_(
        "Liczba osób (%(participations)s) i liczba kodów (%(receipts)s) nie zgadzają się. "
        "Niczego nie policzono: najpierw trzeba to wyjaśnić."
    ),
)
NO_SEED = Refusal(
    "count.no_seed",
    N_(
        "Zasady mówią, że remisy rozstrzyga los. Najpierw dwie osoby wpisują wylosowaną wartość "
        "z podanego źródła."
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
    is_listed: bool | None = None  # on the closed list; None where there is none
    voted_on: date | None = None
    stop_reason: str = ""
    area_id: int | None = None  # where they live, as far as we know it


def cast_refusal(facts: CastFacts) -> Refusal | None:
    """Return why this person may not vote now, or None if they may."""
    if refusal := window_refusal(facts):
        return refusal
    if refusal := electorate_refusal(facts):
        return refusal
    if facts.voted_on is not None:
        return ALREADY.with_values(day=facts.voted_on)
    return None


def electorate_refusal(facts: CastFacts) -> Refusal | None:
    """Return why this person is not one of those who may vote, or None."""
    if facts.is_listed is None:
        return standing_refusal(facts.standing, facts.needs, refused=facts.residence_refused)
    if facts.standing is Needs.ANYONE:
        return SIGN_IN
    return None if facts.is_listed else NOT_LISTED


def window_refusal(facts: CastFacts) -> Refusal | None:
    """Return why nobody may vote now, or None."""
    if facts.is_stopped:
        return STOPPED
    if facts.state is PollState.DRAFT:
        return NOT_SEALED
    if facts.state is PollState.PAUSED:
        return PAUSED.with_values(reason=facts.stop_reason)
    if facts.state is PollState.CANCELLED:
        return CALLED_OFF.with_values(reason=facts.stop_reason)
    if facts.now < facts.opens_at:
        return TOO_EARLY
    if facts.now >= facts.ends_at or facts.state not in OPEN:
        return TOO_LATE
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
class CountFacts:
    """How a section is counted, and whether that can be.

    options_less_seats: how many would not be chosen; None where nobody is.
    """

    no: int
    fits: bool  # the method counts ballots of this kind
    is_reachable: bool  # some ballot keeps all its limits
    needs_lots: bool  # the method cannot go on between equals
    options_less_seats: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SealFacts:
    """What a draft needs before anyone is asked to seal it."""

    now: datetime
    state: PollState
    opens_at: datetime
    ends_on: date  # the last day of voting
    result_due: date
    # Of each: the fewest options it makes sense with, how many may be chosen, how many there are.
    sections: Sequence[tuple[int, int, int]]
    counts: Sequence[CountFacts] = ()  # how each is counted
    ends_at: datetime | None = None
    lacks_roll: bool = False  # who may vote is a closed list, and there is none yet
    has_lots: bool = False
    drawn_at: datetime | None = None  # the moment of public randomness
    drawn_on: date | None = None  # its day here
    links_areas: bool = False  # ballots come out with their codes, and some sections have an area
    links_paper: bool = False  # ballots come out with their codes, and some are on paper


def seal_refusal(facts: SealFacts) -> Refusal | None:
    if facts.state is not PollState.DRAFT:
        return NOT_DRAFT
    if facts.now >= facts.opens_at:
        return SEAL_TOO_LATE
    if facts.lacks_roll:
        return NO_ROLL
    for fewest, most, options in facts.sections or ((1, 0, 0),):
        if options < fewest:
            return TOO_FEW_OPTIONS
        if most > options:
            return LIMIT_TOO_HIGH
    if facts.links_areas:
        return LINKED_BY_AREA
    if facts.links_paper:
        return LINKED_PAPER
    if facts.result_due <= facts.ends_on:
        return RESULT_TOO_EARLY
    return _count_refusal(facts) or _lots_refusal(facts)


def _count_refusal(facts: SealFacts) -> Refusal | None:
    for section in facts.counts:
        if not section.fits:
            return METHOD_UNFIT.with_values(no=section.no)
        if not section.is_reachable:
            return UNREACHABLE.with_values(no=section.no)
        if section.options_less_seats is not None and section.options_less_seats < 1:
            return TOO_MANY_SEATS.with_values(no=section.no)
    return None


def _lots_refusal(facts: SealFacts) -> Refusal | None:
    if not facts.has_lots:
        needed = any(section.needs_lots for section in facts.counts)
        return LOTS_NEEDED if needed else None
    if facts.drawn_at is None or facts.ends_at is None or facts.drawn_at <= facts.ends_at:
        return LOTS_TOO_EARLY
    if facts.drawn_on is None or facts.drawn_on > facts.result_due:
        return LOTS_TOO_LATE
    return None


def extension_refusal(
    state: PollState,
    *,
    ends_at: datetime,
    wanted: datetime,
    now: datetime,
    drawn_at: datetime | None = None,
) -> Refusal | None:
    """Return why the end cannot be moved there, or None."""
    if state is not PollState.PAUSED and (state not in OPEN or now >= ends_at):
        return ENDED
    if wanted <= ends_at:
        return ONLY_LATER
    return LOTS_TOO_EARLY if drawn_at is not None and drawn_at <= wanted else None


def count_refusal(state: PollState) -> Refusal | None:
    """Return why votes cannot be counted in a state (of ``present_state``), or None."""
    if state is PollState.DRAFT:
        return COUNT_NOT_SEALED
    if state in OPEN:
        return COUNT_TOO_EARLY
    if state is PollState.PAUSED:
        return COUNT_PAUSED
    if state is PollState.CANCELLED:
        return COUNT_CANCELLED
    return COUNTED if state is not PollState.WORKING_UP else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What came in, counted table by table before anything is moved.

    everywhere: ballots in each section of the whole municipality, and the cards that are invalid in
    it; in_areas: ballots in each of an area. on_paper: participations without a receipt; cards:
    those that were in the boxes and are keyed.
    """

    participations: int
    receipts: int
    on_paper: int = 0
    cards: int = 0
    everywhere: Sequence[int]
    in_areas: Sequence[int]


def equality_refusal(counts: Counts) -> Refusal | None:
    """Return that the tables tell different numbers of voters, or None.

    Everybody but those on paper has one receipt. Each of these, and each card, has a ballot in each
    section of the whole municipality; no section of an area has more ballots than there are voters.
    """
    on_screen = counts.participations - counts.on_paper
    if counts.receipts != on_screen:
        return UNEQUAL_RECEIPTS.with_values(participations=on_screen, receipts=counts.receipts)
    voters = on_screen + counts.cards
    for number in counts.everywhere:
        if number != voters:
            return UNEQUAL.with_values(participations=voters, ballots=number)
    for number in counts.in_areas:
        if number > voters:
            return UNEQUAL.with_values(participations=voters, ballots=number)
    return None


def publish_refusal(state: PollState) -> Refusal | None:
    if state is PollState.PUBLISHED:
        return PUBLISHED
    return None if state is PollState.COUNTED else NOT_COUNTED
