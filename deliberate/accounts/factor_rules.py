"""The second factor: when a code is right, when a try ends, who may take another's away. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from deliberate.accounts.rules import CodeFacts
from deliberate.kernel.refusals import Refusal
from deliberate.kernel.texts import N_

RECOVERY_CODES = 10
RECOVERY_DIGITS = 12  # digits alone: a telephone shows one keyboard for both kinds of code
CODE_DIGITS = 6
STEP_VALID = timedelta(minutes=10)  # from the first factor to the second
MOST_TRIES = 5
# From the fresh sign-in to the first code: whoever has no app yet has to find and install one.
SETTING_UP = timedelta(minutes=30)
SHORTEST_REASON = 10

CODE_WRONG = Refusal(
    "factor.wrong",
    N_("Kod się nie zgadza. Przepisz ten, który aplikacja pokazuje teraz, albo kod zapasowy."),
)
CODE_REPLAYED = Refusal(
    "factor.replayed",
    N_("Ten kod został już użyty. Poczekaj na następny: zmienia się co 30 sekund."),
)
RECOVERY_USED = Refusal(
    "factor.recovery_used", N_("Ten kod zapasowy został już użyty. Weź następny z listy.")
)
UNREADABLE = Refusal(
    "factor.unreadable",
    N_(
        "Kodów z aplikacji nie da się teraz sprawdzić. Wpisz kod zapasowy albo zadzwoń do "
        "administracji portalu w urzędzie."
    ),
)
STEP_EXPIRED = Refusal(
    "factor.step_expired", N_("Od pierwszego kodu minęło 10 minut. Zaloguj się od nowa.")
)
STEP_USED = Refusal(
    "factor.step_used", N_("To logowanie już się skończyło. Jeśli trzeba, zaloguj się od nowa.")
)
STEP_SPENT = Refusal(
    "factor.step_spent", N_("Pięć prób się nie udało. Zaloguj się od nowa i spróbuj jeszcze raz.")
)
OVERTAKEN = Refusal(
    "factor.overtaken",
    N_("Drugi składnik został tymczasem ustawiony albo zmieniony w innej karcie."),
)
NONE = Refusal("factor.none", N_("Na tym koncie nie ma drugiego składnika."))
ALREADY = Refusal("factor.already", N_("Na tym koncie jest już drugi składnik."))

OWN = Refusal(
    "factor_reset.own", N_("Swój drugi składnik wyłączysz kodem na stronie „Moje konto”.")
)
NOTHING_TO_RESET = Refusal("factor_reset.none", N_("Ta osoba nie ma drugiego składnika."))
WORKS_ELSEWHERE = Refusal(
    "factor_reset.elsewhere",
    N_("Ta osoba ma rolę także w innym samorządzie. Drugi składnik usunie operator instalacji."),
)
NO_SECOND_ADMINISTRATOR = Refusal(
    "factor_reset.alone",
    N_(
        "Potrzebna jest zgoda drugiej osoby z administracji portalu, a takiej tu nie ma. "
        "Drugi składnik usunie operator instalacji."
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AppCode:
    """What is known of six digits; ``step`` is None where they are no code of this half-minute."""

    step: int | None
    last_step: int


def app_code_refusal(code: AppCode) -> Refusal | None:
    """Return why a code of the app is not accepted. A code that worked never works again."""
    if code.step is None:
        return CODE_WRONG
    return CODE_REPLAYED if code.step <= code.last_step else None


def step_refusal(facts: CodeFacts) -> Refusal | None:
    """Return why no code can be accepted in this try to sign in, right or wrong."""
    if facts.used:
        return STEP_USED
    if facts.tries >= MOST_TRIES:
        return STEP_SPENT
    return STEP_EXPIRED if facts.now >= facts.expires_at else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResetFacts:
    """``administrators``: those who can approve it, besides who asks and whom it concerns."""

    is_own: bool
    has_factor: bool
    works_elsewhere: bool
    administrators: int


def reset_refusal(facts: ResetFacts) -> Refusal | None:
    """Return why an administrator may not ask to take a person's second factor away."""
    if facts.works_elsewhere:
        return WORKS_ELSEWHERE
    if facts.is_own:
        return OWN
    if not facts.has_factor:
        return NOTHING_TO_RESET
    return None if facts.administrators else NO_SECOND_ADMINISTRATOR
