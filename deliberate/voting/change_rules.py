"""Whether a vote that is in can be changed by its voter. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from deliberate.kernel.refusals import Refusal
from deliberate.kernel.texts import N_
from deliberate.voting.rules import ALREADY
from deliberate.voting.states import Channel, Electorate

MOST_A_DAY = 10  # each is a leaf in the log for ever
# A card in the box cannot be found again, and at a counter somebody has looked at the voter.
CHANGED_ON = frozenset({Channel.WEB, Channel.CODE})

SPENT = Refusal(
    "change.spent",
    N_("Tym formularzem oddano głos, który potem zmieniono. Nic się nie stało: liczy się ostatni."),
)
FINAL = Refusal(
    "change.final",
    N_("Głos przyjęto na papierze albo z pomocą urzędu. Takiego głosu nie można zmienić."),
)
LOOKED_AT = Refusal(
    "change.looked_at",
    N_("Ten głos sprawdzają dwie osoby. Dopóki nie zdecydują, że się liczy, nie można go zmienić."),
)
OTHER_AREA = Refusal(
    "change.other_area",
    N_(
        "Głos, który już jest, oddano w innej części miejscowości. Zmienić można wybór, a nie "
        "część. Jeśli podano ją błędnie, zadzwoń do urzędu."
    ),
)
TOO_OFTEN = Refusal(
    "change.too_often",
    N_("Ten głos zmieniono dziś już tyle razy: %(most)s. Liczy się ostatni. Spróbuj jutro."),
)
OTHER_CONTACT = Refusal(
    "household.other_contact",
    N_(
        "Głos zmienia się z tym samym telefonem albo e-mailem, którym go potwierdzono. Ten jest "
        "inny, więc nie wiemy, czy to Twój głos."
    ),
)
SHARED_CONTACT = Refusal(
    "change.shared_contact",
    N_(
        "Bez konta głos zmienia się telefonem albo e-mailem, którym go potwierdzono. Gdy głosuje "
        "nim kilka osób, jedna mogłaby zmienić głos drugiej. Wpisz, że z jednego telefonu albo "
        "e-maila głosuje jedna osoba, albo nie pozwalaj zmieniać głosu."
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeFacts:
    """What decides whether a new vote comes in the place of one that is there."""

    day: date  # of the vote that is there
    is_offered: bool  # by the sealed rules
    was: Channel
    now: Channel
    is_looked_at: bool = False  # two persons have not said that it counts
    is_other_area: bool = False
    changed_today: int = 0


def change_refusal(facts: ChangeFacts) -> Refusal | None:
    if not facts.is_offered or facts.now not in CHANGED_ON:
        return ALREADY.with_values(day=facts.day)
    if facts.was not in CHANGED_ON:
        return FINAL
    if facts.is_looked_at:
        return LOOKED_AT
    if facts.is_other_area:
        return OTHER_AREA
    if facts.changed_today >= MOST_A_DAY:
        return TOO_OFTEN.with_values(most=MOST_A_DAY)
    return None


def offer_refusal(electorate: Electorate, *, persons_a_contact: int) -> Refusal | None:
    """Return why the rules of a vote cannot let people change their vote, or None."""
    is_shared = electorate is Electorate.DECLARED and persons_a_contact > 1
    return SHARED_CONTACT if is_shared else None
