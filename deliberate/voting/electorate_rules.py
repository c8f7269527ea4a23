"""Why a code, a claim or a verdict is refused. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from deliberate.kernel.refusals import Refusal
from deliberate.kernel.texts import N_

CODE_VALID = timedelta(minutes=10)
MOST_TRIES = 5

OTHER_WAY = Refusal(
    "cast.other_way", N_("W tym głosowaniu nie głosuje się z konta. Otwórz kartę jeszcze raz.")
)
CODE_EXPIRED = Refusal(
    "contact.expired",
    N_("Ten kod wygasł po 10 minutach. Twój wybór jest zachowany. Wyślij nowy kod."),
)
CODE_WRONG = Refusal(
    "contact.wrong", N_("To nie jest ten kod. Sprawdź cyfry i wpisz go jeszcze raz.")
)
CODE_SPENT = Refusal(
    "contact.spent",
    N_(
        "Kod wpisano błędnie pięć razy, więc już nie działa. Twój wybór jest zachowany. "
        "Wyślij nowy kod."
    ),
)
NO_CODE = Refusal(
    "code.unknown",
    N_(
        "Ten kod nie działa w tym głosowaniu. Sprawdź znaki z listu: nie używamy liter I, L, O, U. "
        "Twój wybór jest zachowany."
    ),
)
CODE_VOID = Refusal(
    "code.void", N_("Ten kod unieważniono. Zadzwoń do urzędu, jeśli to kod z Twojego listu.")
)
NO_CODES_HERE = Refusal("codes.not_here", N_("W tym głosowaniu nie głosuje się kodami."))
CODES_TOO_EARLY = Refusal(
    "codes.not_sealed",
    N_("Kody powstają po zapieczętowaniu karty, a przed końcem głosowania."),
)
AT_ONCE = Refusal(
    "codes.at_once", N_("Ktoś w tej samej chwili zamówił kody. Odśwież stronę i spróbuj znowu.")
)
NOT_AGREED = Refusal("codes.not_agreed", N_("Na te kody nie zgodziła się jeszcze druga osoba."))
PRINTED = Refusal(
    "codes.printed",
    N_("Te kody już wydrukowano, a drugi raz nie zobaczy ich nikt. Zamów nową partię."),
)
WITHDRAWN = Refusal("codes.withdrawn", N_("Tę partię wycofano. Zamów nową."))
TOO_MANY_INSTEAD = Refusal(
    "codes.too_many_instead",
    N_("Zastępczych kodów może być najwyżej tyle, ile nieważnych w tej partii: %(most)s."),
)
NO_SERIAL = Refusal("codes.no_serial", N_("W tej partii nie ma listów o takich numerach."))
NOT_TO_VOID = Refusal(
    "codes.not_to_void", N_("Nie można go unieważnić: jest już użyty, nieważny albo policzony.")
)
HOUSEHOLD_FULL = Refusal(
    "household.full",
    N_(
        "Pod tym adresem zagłosowało już kilka osób o tym imieniu i nazwisku. Zadzwoń do urzędu "
        "albo przyjdź: ktoś to sprawdzi i pomoże Ci zagłosować."
    ),
)
CONTACT_FULL = Refusal(
    "household.contact_full",
    N_(
        "Tym telefonem albo e-mailem potwierdzono już tyle głosów, ile pozwalają zasady: "
        "%(most)s. Podaj inny albo zadzwoń do urzędu: ktoś to sprawdzi i pomoże Ci zagłosować."
    ),
)
CASES_WAIT = Refusal(
    "count.cases",
    N_(
        "Głosów, o których dwie osoby jeszcze nie zdecydowały, jest: %(number)s. Najpierw "
        "rozstrzygnij sprawy na stronie „Głosy do wyjaśnienia”."
    ),
)
VERDICT_SETTLED = Refusal("verdict.settled", N_("Dwie osoby już zdecydowały o tym głosie."))
VERDICT_COUNTED = Refusal(
    "verdict.counted", N_("Głosy są policzone albo głosowanie odwołano: już nie można decydować.")
)
VERDICT_OWN = Refusal(
    "verdict.own", N_("Decydują dwie osoby. Swojej decyzji nie można potwierdzić samemu.")
)
VERDICT_MOVED = Refusal(
    "verdict.moved",
    N_("Ktoś przed chwilą zmienił decyzję w tej sprawie. Przeczytaj ją i zdecyduj jeszcze raz."),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeFacts:
    """What decides whether a one-time code can still be tried."""

    now: datetime
    expires_at: datetime
    tries: int


def code_refusal(facts: CodeFacts) -> Refusal | None:
    if facts.tries >= MOST_TRIES:
        return CODE_SPENT
    return CODE_EXPIRED if facts.now >= facts.expires_at else None


def order_refusal(*, has_codes: bool, is_sealed: bool) -> Refusal | None:
    """Return why no codes can be ordered, or None."""
    if not has_codes:
        return NO_CODES_HERE
    return None if is_sealed else CODES_TOO_EARLY


def cases_refusal(undecided: int) -> Refusal | None:
    """Return that votes wait for two persons' decision, or None."""
    return CASES_WAIT.with_values(number=undecided) if undecided else None


def verdict_refusal(*, is_uncounted: bool, is_settled: bool) -> Refusal | None:
    """Return why nobody can say anything of a case any more, or None."""
    if not is_uncounted:
        return VERDICT_COUNTED
    return VERDICT_SETTLED if is_settled else None


def confirmation_refusal(*, said_by: int, confirmed_by: int) -> Refusal | None:
    return VERDICT_OWN if said_by == confirmed_by else None
