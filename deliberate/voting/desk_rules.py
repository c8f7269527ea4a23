"""Voting at a counter, on paper or with help: when it may be, and what is refused there. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from deliberate.kernel.refusals import Refusal
from deliberate.kernel.texts import N_
from deliberate.voting.states import PollState

NO_DESK = Refusal(
    "desk.none",
    N_("W tym głosowaniu nie głosuje się na papierze ani przy okienku: tak mówią zasady."),
)
ONLY_POSTED = Refusal(
    "desk.only_posted",
    N_(
        "Głosowanie się skończyło. Zapisać można już tylko kartę, która przyszła pocztą "
        "najpóźniej ostatniego dnia: podaj dzień wpływu."
    ),
)
NOT_IN_TIME = Refusal(
    "desk.not_in_time",
    N_("Karta liczy się, jeśli wpłynęła w dniach głosowania: od %(first)s do %(last)s."),
)
NO_LINE = Refusal("desk.no_line", N_("Na liście nie ma takiej osoby. Wybierz ją z listy."))
NO_ACCOUNT = Refusal(
    "desk.no_account",
    N_(
        "Nikt nie ma konta z tym adresem. W tym głosowaniu głosują osoby z kontem: można je "
        "założyć przy okienku, wystarczy adres e-mail."
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CardFacts:
    """A card that somebody is given, or that came by post.

    window: why nobody may vote now, or None (rules.window_refusal). received_on: the day of a
    posted card; opened_on, ends_on: first and last day of the vote, here.
    """

    has_paper: bool
    state: PollState
    window: Refusal | None
    received_on: date | None
    today: date
    opened_on: date
    ends_on: date


def card_refusal(facts: CardFacts) -> Refusal | None:
    """Return why no card can be marked, or None. After the end only those that came before it."""
    if not facts.has_paper:
        return NO_DESK
    if facts.state is PollState.WORKING_UP:
        if facts.received_on is None:
            return ONLY_POSTED
    elif facts.window is not None:
        return facts.window
    if facts.received_on is None:
        return None
    last = min(facts.ends_on, facts.today)
    if not facts.opened_on <= facts.received_on <= last:
        return NOT_IN_TIME.with_values(first=facts.opened_on, last=last)
    return None
