"""Why a vote cannot be held, explained, or decided about yet. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from deliberate.kernel import clock
from deliberate.kernel.refusals import Refusal
from deliberate.kernel.texts import N_
from deliberate.voting.states import UNCOUNTED, PollState

DAYS = timedelta(days=5)  # ballot-box.md: to explain; whole ones, after the day of the letter
LONGEST_EXPLANATION = 2_000

TOO_EARLY = Refusal(
    "held.too_early",
    N_("Podejrzenia widać po końcu głosowania. Wcześniej o głosach nie mówimy niczego."),
)
TOO_LATE = Refusal(
    "held.too_late",
    N_("Głosy są policzone albo głosowanie odwołano: już nie można ich wstrzymać."),
)
GONE = Refusal("held.gone", N_("Tej grupy już nie ma. Odśwież stronę i przeczytaj ją jeszcze raz."))
HINT_ONLY = Refusal(
    "held.hint_only",
    N_(
        "Wspólna sieć albo pora to za mało, żeby wstrzymać głos: z jednej sieci głosuje szkoła, "
        "biblioteka i blok."
    ),
)
ALL_HELD = Refusal("held.all", N_("Te głosy są już wstrzymane."))
ON_PAPER = Refusal(
    "held.paper",
    N_(
        "Karty wrzuconej do urny nie da się już wyjąć: nikt nie wie, która to. Głosu na papierze "
        "nie można wstrzymać ani wyłączyć."
    ),
)
NOT_WRITTEN = Refusal(
    "verdict.no_letter",
    N_("Najpierw wydrukuj i wyślij list do tej osoby. Decyzja zapada po jej odpowiedzi."),
)
WAITS = Refusal(
    "verdict.waits",
    N_("Ta osoba ma jeszcze czas na wyjaśnienie. Decyzja zapada po odpowiedzi albo po terminie."),
)
NOT_TO_WRITE = Refusal(
    "letter.not_now",
    N_("Nowego listu już nie trzeba: jest wyjaśnienie albo decyzja, albo głosy są policzone."),
)
NO_LETTERS = Refusal("letter.none", N_("Nie ma listów, które czekają na druk."))
NO_CODE = Refusal(
    "explanation.no_code",
    N_("Nie ma listu o takim kodzie. Sprawdź znaki z listu: nie używamy liter I, L, O, U."),
)
EXPLAINED = Refusal(
    "explanation.there", N_("Wyjaśnienie już do nas dotarło. Przeczytają je dwie osoby.")
)
LATE = Refusal(
    "explanation.late",
    N_("Czas na wyjaśnienie w internecie minął. Zadzwoń do urzędu albo przyjdź."),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldFacts:
    """How far a vote that is held has come."""

    now: datetime
    answer_until: datetime | None  # None: no letter has been written
    is_explained: bool
    has_verdict: bool  # at least one person has said something
    is_working_up: bool


def answer_until(written_at: datetime) -> datetime:
    """Return until when somebody may explain: the end of the fifth day after their letter."""
    return clock.end_of_day(clock.local(written_at).date() + DAYS)


def hold_refusal(state: PollState) -> Refusal | None:
    """Return why nobody may look for suspicions or hold a vote now, or None."""
    if state is PollState.WORKING_UP:
        return None
    return TOO_EARLY if state in {*UNCOUNTED, PollState.DRAFT} else TOO_LATE


def wait_refusal(facts: HeldFacts) -> Refusal | None:
    """Return why two persons may not decide yet, or None: the voter is heard first."""
    if facts.is_explained:
        return None
    if facts.answer_until is None:
        return NOT_WRITTEN
    return WAITS if facts.now < facts.answer_until else None


def letter_refusal(facts: HeldFacts) -> Refusal | None:
    """Return why no letter is written (again), or None. It gives five new days."""
    if not facts.is_working_up or facts.is_explained or facts.has_verdict:
        return NOT_TO_WRITE
    return None


def explanation_refusal(facts: HeldFacts) -> Refusal | None:
    """Return why an explanation is not taken, or None."""
    if facts.is_explained:
        return EXPLAINED
    is_late = facts.answer_until is None or facts.now >= facts.answer_until
    return LATE if is_late or not facts.is_working_up else None
