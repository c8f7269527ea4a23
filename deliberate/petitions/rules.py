"""Who may ask, support, submit and answer in the registers, and when. No database, no request.

Reasons stand in the order from what nobody can do to what this person has done already.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from deliberate.kernel.refusals import Refusal
from deliberate.kernel.texts import N_
from deliberate.petitions.kinds import CLOSED, OUTCOMES, Register, State

SHORTEST_ANSWER = 40

NO_TERMS = Refusal(
    "registers.no_terms",
    N_(
        "Nie ma tu jeszcze zasad składania wniosków o konsultacje: ile osób musi je poprzeć "
        "i kiedy urząd odpowiada. Napisz do urzędu – kontakt jest w stopce."
    ),
)
NOT_SHOWN = Refusal("registers.not_shown", N_("Ten wpis jest ukryty."))
NOT_PUBLIC = Refusal("registers.not_public", N_("Ten wpis nie jest jeszcze w rejestrze."))
CLOSED_MATTER = Refusal("registers.closed", N_("Ta sprawa jest już zamknięta."))
NO_SUPPORT = Refusal("registers.no_support", N_("W tym rejestrze nie zbiera się poparcia."))
GATHERING_OVER = Refusal("registers.gathering_over", N_("Zbieranie poparcia już się skończyło."))
OTHER_AREA = Refusal(
    "registers.other_area",
    N_(
        "Ten wniosek popierają osoby, które mieszkają w części gminy „%(area)s”, "
        "a Twoje oświadczenie o zamieszkaniu mówi o innej."
    ),
)
NO_AREA = Refusal(
    "registers.no_area",
    N_(
        "Ten wniosek popierają osoby, które mieszkają w części gminy „%(area)s”, "
        "a Twoje oświadczenie o zamieszkaniu nie mówi, w której części mieszkasz."
    ),
)
OWN_ENTRY = Refusal(
    "registers.own", N_("To Twój wniosek. Poparcie dają mu inne osoby – możesz im go pokazać.")
)
ALREADY_GIVEN = Refusal("registers.already_given", N_("Twoje poparcie jest już zapisane."))
NOT_GIVEN = Refusal("registers.not_given", N_("Nie ma tu Twojego poparcia."))

NOT_AUTHOR = Refusal("registers.not_author", N_("Może to zrobić tylko osoba, która to złożyła."))
NOT_A_DRAFT = Refusal(
    "registers.not_a_draft", N_("To już jest w rejestrze, więc treść się nie zmieni.")
)
NOT_GATHERING = Refusal(
    "registers.not_gathering", N_("Złożyć można tylko to, co zbiera teraz poparcie.")
)
TOO_FEW = Refusal(
    "registers.too_few",
    N_("Poparcia jest za mało: %(have)d z wymaganych %(needed)d."),
)
HANDED_IN_LATE = Refusal(
    "registers.handed_in_late",
    N_("Podpisy zbierano do %(until)s. Dzień złożenia nie może być późniejszy."),
)
TIME_LEFT = Refusal(
    "registers.time_left",
    N_("Czas na zbieranie podpisów jeszcze nie minął albo nie jest wyznaczony."),
)
NEEDED_UNKNOWN = Refusal(
    "registers.needed_unknown", N_("Wpisz, ile podpisów jest wymaganych, zanim to ogłosisz.")
)

ALREADY_PUBLISHED = Refusal("registers.published", N_("To jest już w rejestrze publicznym."))
NOTHING_LEFT = Refusal(
    "registers.nothing_left", N_("Po zakryciu nic nie zostało. Sprawdź, co zakrywasz.")
)
NOT_READ = Refusal(
    "registers.not_read",
    N_("Najpierw zapisz, co zakryć, i przeczytaj wynik. Dopiero potem publikuj."),
)
ORIGINAL_GONE = Refusal(
    "registers.original_gone", N_("Oryginału już nie ma: jego czas przechowywania minął.")
)
NOT_SUBMITTED = Refusal(
    "registers.not_submitted", N_("Na to nie można jeszcze odpowiedzieć: nie zostało złożone.")
)
PUBLISH_FIRST = Refusal(
    "registers.publish_first", N_("Najpierw opublikuj treść w rejestrze, potem odpowiedz.")
)
NO_SUCH_OUTCOME = Refusal("registers.no_outcome", N_("Takiego wyniku nie ma w tym rejestrze."))
ANSWER_TOO_SHORT = Refusal(
    "registers.answer_short", N_("Uzasadnij odpowiedź: co najmniej %(least)d znaków.")
)
CONSULTATION_NEEDED = Refusal(
    "registers.consultation_needed",
    N_("Wybierz konsultacje, które z tego wyniknęły – choćby szkic."),
)
ADDRESSEE_NEEDED = Refusal(
    "registers.addressee_needed", N_("Napisz, komu petycja została przekazana.")
)
ANSWERED_TOGETHER = Refusal(
    "registers.together", N_("Ta petycja jest rozpatrywana łącznie z inną. Odpowiedz na tamtą.")
)

NOT_A_PETITION = Refusal("registers.not_petition", N_("To można zrobić tylko z petycją."))
EXTENDED_ONCE = Refusal("registers.extended", N_("Ten termin był już raz przedłużony."))
NOT_LATER = Refusal("registers.not_later", N_("Nowy termin musi być późniejszy niż obecny."))
TOO_LONG = Refusal(
    "registers.too_long", N_("Tak długo przedłużyć nie można: najpóźniej do %(latest)s.")
)
SAME_ENTRY = Refusal("registers.same", N_("Petycji nie łączy się z nią samą."))
JOINED_ELSEWHERE = Refusal(
    "registers.joined", N_("Jedna z tych petycji jest już połączona. Połącz z tamtą główną.")
)
IN_THE_FUTURE = Refusal("registers.future", N_("Dzień wpływu nie może być w przyszłości."))


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportFacts:
    """``lacks``: what the person lacks to support here; ``until``: the last day.

    ``area``: the name of the part that a request is about; ``lives_there``: whether the person
    says, or the office confirmed, that they live in it; None: nobody knows in which part.
    """

    register: str
    state: str
    is_shown: bool
    until: date | None
    today: date
    lacks: Refusal | None
    is_author: bool
    has_supported: bool
    area: str = ""
    lives_there: bool | None = None


def support_refusal(facts: SupportFacts) -> Refusal | None:
    if refusal := _collecting_refusal(facts):
        return refusal
    if facts.lacks:
        return facts.lacks
    if facts.area and not facts.lives_there:
        refusal = NO_AREA if facts.lives_there is None else OTHER_AREA
        return refusal.with_values(area=facts.area)
    if facts.is_author:
        return OWN_ENTRY
    return ALREADY_GIVEN if facts.has_supported else None


def support_withdrawal_refusal(facts: SupportFacts) -> Refusal | None:
    if refusal := _collecting_refusal(facts):
        return refusal
    return None if facts.has_supported else NOT_GIVEN


def _collecting_refusal(facts: SupportFacts) -> Refusal | None:
    if not facts.is_shown:
        return NOT_SHOWN
    if facts.register == Register.PETITION:
        return NO_SUPPORT
    if facts.state == State.DRAFT:
        return NOT_PUBLIC
    if facts.state != State.GATHERING or is_over(facts.until, facts.today):
        return GATHERING_OVER
    return None


def is_over(until: date | None, today: date) -> bool:
    """Tell whether the time for gathering is over; without a last day it never is."""
    return until is not None and today > until


def lives_in(area_id: int, home_id: int | None, parents: Mapping[int, int | None]) -> bool | None:
    """Tell whether who lives in an area lives in another one too, because it is a part of it."""
    if home_id is None:
        return None
    while home_id is not None and home_id != area_id:
        home_id = parents.get(home_id)
    return home_id == area_id


def draft_refusal(*, state: str, is_author: bool) -> Refusal | None:
    """Say why somebody may not change, publish or remove a draft."""
    if not is_author:
        return NOT_AUTHOR
    return None if state == State.DRAFT else NOT_A_DRAFT


def withdrawal_refusal(*, state: str, is_author: bool) -> Refusal | None:
    if not is_author:
        return NOT_AUTHOR
    return CLOSED_MATTER if state in CLOSED else None


def supporters(register: str, *, supports: int, paper: int) -> int:
    """Return how many count: interest declared on line is no signature under an initiative."""
    return paper if register == Register.INITIATIVE else supports + paper


def submission_refusal(*, state: str, have: int, needed: int | None) -> Refusal | None:
    """Return why something cannot be handed in: it may be written down after the last day."""
    if state != State.GATHERING:
        return NOT_GATHERING
    if needed is not None and have < needed:
        return TOO_FEW.with_values(have=have, needed=needed)
    return None


def late_refusal(*, on: date, until: date | None) -> Refusal | None:
    """Return why the day on which something was handed in cannot be right."""
    if until is None or not is_over(until, on):
        return None
    return HANDED_IN_LATE.with_values(until=until.strftime("%d.%m.%Y"))


def lapse_refusal(*, state: str, until: date | None, today: date) -> Refusal | None:
    """Return why a matter cannot be closed for want of signatures in time."""
    if state != State.GATHERING:
        return NOT_GATHERING
    return None if is_over(until, today) else TIME_LEFT


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishFacts:
    """``text``: what would be published; ``is_read``: the officer has seen this very redaction."""

    register: str
    state: str
    is_published: bool
    has_original: bool
    is_read: bool
    text: str
    needed: int | None


def publish_refusal(facts: PublishFacts) -> Refusal | None:
    if facts.is_published:
        return ALREADY_PUBLISHED
    if facts.state in CLOSED:
        return CLOSED_MATTER
    if not facts.has_original:
        return ORIGINAL_GONE
    if not facts.is_read:
        return NOT_READ
    if not facts.text.replace("█", "").strip():
        return NOTHING_LEFT
    if facts.register == Register.INITIATIVE and facts.needed is None:
        return NEEDED_UNKNOWN
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerFacts:
    register: str
    state: str
    is_published: bool
    is_joined: bool
    outcome: str
    answer: str
    has_consultation: bool
    forwarded_to: str


def answer_refusal(facts: AnswerFacts) -> Refusal | None:
    if facts.state in CLOSED:
        return CLOSED_MATTER
    if facts.state != State.SUBMITTED:
        return NOT_SUBMITTED
    if not facts.is_published:
        return PUBLISH_FIRST
    if facts.is_joined:
        return ANSWERED_TOGETHER
    if facts.outcome not in OUTCOMES[facts.register]:
        return NO_SUCH_OUTCOME
    if len(facts.answer) < SHORTEST_ANSWER:
        return ANSWER_TOO_SHORT.with_values(least=SHORTEST_ANSWER)
    if facts.outcome == State.FORWARDED and not facts.forwarded_to:
        return ADDRESSEE_NEEDED
    is_request = facts.register == Register.REQUEST
    if is_request and facts.outcome == State.AGREED and not facts.has_consultation:
        return CONSULTATION_NEEDED
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionFacts:
    """``latest``: the last day to which the law lets it be extended; None: no rule says."""

    register: str
    state: str
    due_on: date | None
    is_extended: bool
    until: date
    latest: date | None


def extension_refusal(facts: ExtensionFacts) -> Refusal | None:
    if facts.register != Register.PETITION:
        return NOT_A_PETITION
    if facts.state != State.SUBMITTED or facts.due_on is None:
        return CLOSED_MATTER
    if facts.is_extended:
        return EXTENDED_ONCE
    if facts.until <= facts.due_on:
        return NOT_LATER
    if facts.latest is not None and facts.until > facts.latest:
        return TOO_LONG.with_values(latest=facts.latest.strftime("%d.%m.%Y"))
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinFacts:
    """Of one petition that joins another, the main one."""

    registers: tuple[str, str]
    states: tuple[str, str]
    is_same: bool
    is_joined: bool  # the one already joins another, or others join it
    main_is_joined: bool


def join_refusal(facts: JoinFacts) -> Refusal | None:
    if facts.registers != (Register.PETITION, Register.PETITION):
        return NOT_A_PETITION
    if facts.is_same:
        return SAME_ENTRY
    if facts.states != (State.SUBMITTED, State.SUBMITTED):
        return CLOSED_MATTER
    return JOINED_ELSEWHERE if facts.is_joined or facts.main_is_joined else None
