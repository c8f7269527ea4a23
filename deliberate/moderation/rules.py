"""Who may decide about a thing, and what a decision must hold. No database, no request."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from deliberate.kernel import prose
from deliberate.kernel.refusals import Refusal
from deliberate.kernel.texts import N_
from deliberate.moderation.reasons import NEVER_HIDE, READY, Reason
from deliberate.subjects.states import STEPS, ContentState, is_shown

UNDO = timedelta(seconds=30)
SHORTEST_EXPLANATION = 20
SHORTEST_FOR_OTHER = 50  # "another reason" has nothing else that explains it
LONGEST_PASSAGE = 1000

OWN = Refusal("moderation.own", N_("O własnym tekście zdecyduje ktoś inny."))
CONFLICT = Refusal(
    "moderation.conflict",
    N_(
        "W tej rozmowie masz własną wypowiedź, więc zdecyduje w niej ktoś inny. "
        "Ta próba jest zapisana w dzienniku."
    ),
)
CHANGED_MEANWHILE = Refusal(
    "moderation.changed_meanwhile",
    N_("Ta treść została zmieniona w międzyczasie. Przeczytaj ją jeszcze raz i zdecyduj."),
)
NOT_SHOWN = Refusal("moderation.not_shown", N_("Tej treści już nie widać, nie trzeba jej ukrywać."))
SHOWN_AGAIN = Refusal("moderation.shown_again", N_("Ta treść jest już widoczna."))
DECIDED_BY_YOU = Refusal(
    "moderation.decided_by_you",
    N_("Odwołanie rozpatruje ktoś inny niż osoba, która zdecydowała."),
)
NOTHING_REPORTED = Refusal(
    "moderation.nothing_reported", N_("Na te zgłoszenia ktoś już odpowiedział.")
)
UNDONE = Refusal("moderation.undone", N_("Ta decyzja jest już cofnięta."))
UNDO_LATE = Refusal(
    "moderation.undo_late",
    N_("Minęło 30 sekund i list jest w drodze. Treść możesz przywrócić nową decyzją."),
)
UNDO_OTHERS = Refusal("moderation.undo_others", N_("Cofnąć może tylko osoba, która zdecydowała."))

# What is wrong with a form, next to the field.
MARK_PASSAGE = N_("Zaznacz fragment, o który chodzi: skopiuj go dokładnie z tekstu powyżej.")
EXPLAIN = N_("Napisz dlaczego: co najmniej %(min)d znaków.")
HIDES_NOT = N_("Z tego powodu niczego nie ukrywamy.")


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFacts:
    """What the rules look at before anybody decides about a thing. ``seen`` is what they saw."""

    is_own: bool
    has_spoken: bool  # speaks for themselves in the same conversation
    state: ContentState
    now_is: str
    seen: str


def _decider_refusal(facts: CaseFacts) -> Refusal | None:
    if facts.is_own:
        return OWN
    if facts.has_spoken:
        return CONFLICT
    return CHANGED_MEANWHILE if facts.seen != facts.now_is else None


def leave_refusal(facts: CaseFacts) -> Refusal | None:
    """Return why the person may not say that the thing stays."""
    return _decider_refusal(facts)


def hide_refusal(facts: CaseFacts) -> Refusal | None:
    """Return why the person may not hide the thing."""
    if refusal := _decider_refusal(facts):
        return refusal
    return None if ContentState.HIDDEN in STEPS[facts.state] else NOT_SHOWN


def restore_refusal(facts: CaseFacts) -> Refusal | None:
    """Return why the person may not bring the thing back."""
    if refusal := _decider_refusal(facts):
        return refusal
    if is_shown(facts.state):
        return SHOWN_AGAIN
    return None if ContentState.VISIBLE in STEPS[facts.state] else NOT_SHOWN


def review_refusal(facts: CaseFacts, *, decided: bool) -> Refusal | None:
    """Return why the person may not bring back what another hid; ``decided``: it was them."""
    return DECIDED_BY_YOU if decided else restore_refusal(facts)


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoFacts:
    """What is looked at before a decision is undone."""

    now: datetime
    told_after: datetime
    is_undone: bool
    is_decider: bool


def undo_refusal(facts: UndoFacts) -> Refusal | None:
    """Return why the decision can no longer be undone as if it had not been."""
    if not facts.is_decider:
        return UNDO_OTHERS
    if facts.is_undone:
        return UNDONE
    return UNDO_LATE if facts.now >= facts.told_after else None


def state_before(start: ContentState, end: ContentState) -> ContentState:
    """Return the state to go back to: where it came from, if there is a step, or visible."""
    return start if start in STEPS[end] else ContentState.VISIBLE


def fingerprint(state: str, text: str) -> str:
    """Return what a form keeps of the thing its reader saw, to notice a change in between."""
    return hashlib.sha256(f"{state}\n{text}".encode()).hexdigest()[:16]


def is_passage_of(text: str, passage: str) -> bool:
    """Tell whether the passage stands in the text: as written, or as the page shows it.

    Spaces and line ends count as one space, since a marked text crosses both.
    """
    wanted = _squeezed(passage)
    return bool(wanted) and any(wanted in _squeezed(shown) for shown in (text, prose.plain(text)))


def explanation(reason: Reason, words: str) -> str:
    """Return why, in whole sentences: what goes with the reason, then the decider's own words."""
    return " ".join(filter(None, (READY.get(reason, ""), words)))


def explanation_error(reason: Reason, words: str) -> tuple[str, int] | None:
    """Return what is wrong with the decider's words, and how long they must be."""
    if reason in NEVER_HIDE:
        return HIDES_NOT, 0
    if reason in READY:  # the ready sentence is enough; words may be added
        return None
    shortest = SHORTEST_FOR_OTHER if reason is Reason.OTHER else SHORTEST_EXPLANATION
    return (EXPLAIN, shortest) if len(words) < shortest else None


def _squeezed(text: str) -> str:
    return " ".join(text.split())
