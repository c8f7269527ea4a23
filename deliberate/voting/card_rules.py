"""Cards on paper: how clerks write down what stands on one, and when a box may be counted. Pure.

Clerks type numbers, a section a line: ``3 7 12`` marks, ``7 3 1`` ranks from the first place on,
``3:5 7:2`` gives points or scores, ``1:z 2:p 3:w`` answers (za, przeciw, wstrzymuję się).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from deliberate.algorithms.counting import BallotKind, ballots
from deliberate.algorithms.counting.ballots import MARKED, write
from deliberate.algorithms.counting.method import Answer
from deliberate.kernel.refusals import Refusal
from deliberate.kernel.texts import N_
from deliberate.voting import ballot_rules
from deliberate.voting.ballot_rules import Areas, SectionRules, Written
from deliberate.voting.canonical import canonical
from deliberate.voting.states import UNCOUNTED, CardState, PollState

BLIND_FROM = (
    200  # cards in the boxes of a vote, from which two clerks key without seeing each other
)
ANSWERS = {"z": Answer.YES, "p": Answer.NO, "w": Answer.ABSTAIN}
LETTERS = {answer: letter for letter, answer in ANSWERS.items()}

NO_PAPER = Refusal(
    "cards.no_paper",
    N_("W tym głosowaniu nie ma kart na papierze: tak mówią zapieczętowane zasady."),
)
TOO_LATE_TO_PRINT = Refusal(
    "cards.too_late", N_("Karty numeruje się po zapieczętowaniu, przed końcem głosowania.")
)
NOT_ENDED = Refusal(
    "cards.not_ended",
    N_("Karty z urn liczy się i wpisuje dopiero po końcu głosowania, przed policzeniem głosów."),
)
NOT_ADDING_UP = Refusal(
    "cards.not_adding_up",
    N_("Partia ma kart: %(issued)s, a te liczby dają razem %(said)s. Przelicz jeszcze raz."),
)
FEWER_THAN_KEYED = Refusal(
    "cards.fewer_than_keyed",
    N_("Z tej partii wpisano już %(keyed)s kart, więc w urnie nie może ich być mniej."),
)
NOTHING_SAID = Refusal("cards.nothing_said", N_("Nikt jeszcze nie podał liczb dla tej partii."))
SAID_OTHERWISE = Refusal(
    "cards.said_otherwise", N_("Liczby w tej chwili się zmieniły. Przeczytaj je jeszcze raz.")
)
OWN_NUMBERS = Refusal("cards.own_numbers", N_("Twoje liczby potwierdza ktoś drugi."))
CONFIRMED = Refusal("cards.confirmed", N_("Te liczby potwierdziły już dwie osoby."))
NOT_SETTLED = Refusal(
    "cards.not_settled",
    N_(
        "Najpierw dwie osoby podają, co stało się z kartami każdej partii. Potem wpisuje się karty."
    ),
)
NOT_IN_A_BATCH = Refusal("cards.not_in_a_batch", N_("Karty o numerze %(serial)s nie wydano."))
BOX_IS_EMPTY = Refusal(
    "cards.box_is_empty",
    N_(
        "Z partii %(batch)s wpisano już tyle kart, ile było w urnie: %(in_box)s. "
        "Sprawdź numer na karcie."
    ),
)
KEYED_BY_YOU = Refusal(
    "cards.keyed_by_you",
    N_("Kartę nr %(serial)s już masz wpisaną. Drugi raz wpisuje ją ktoś inny."),
)
FINISHED = Refusal("cards.finished", N_("Karta nr %(serial)s jest już wpisana przez dwie osoby."))
NOT_ALONE = Refusal(
    "cards.not_alone",
    N_("Przy tylu kartach każda z dwóch osób wpisuje kartę sama, nie widząc wpisu drugiej."),
)
NOT_WAITING = Refusal("cards.not_waiting", N_("Ta karta nie czeka już na potwierdzenie."))
NOT_TO_WITHDRAW = Refusal(
    "cards.not_to_withdraw", N_("Wpis można cofnąć tylko swój i zanim kartę wpisze ktoś drugi.")
)
UNREADABLE = Refusal(
    "cards.unreadable",
    N_("Nie rozumiemy „%(typed)s”. Wpisz numery z karty, rozdzielone odstępem: %(example)s."),
)
NOT_ON_CARD = Refusal(
    "cards.not_on_card", N_("Na karcie nie ma pozycji nr %(no)s. Sprawdź, co na niej stoi.")
)
TWICE = Refusal("cards.twice", N_("Numer %(no)s jest wpisany dwa razy. Sprawdź kartę."))
INVALID_BUT_FILLED = Refusal(
    "cards.invalid_but_filled",
    N_("Ta część jest zaznaczona jako nieważna, a coś jest w niej wpisane. Wybierz jedno."),
)
UNSETTLED_BOXES = Refusal(
    "count.unsettled_boxes",
    N_("Są partie kart, o których dwie osoby nie powiedziały jeszcze, co się z nimi stało."),
)
UNKEYED_CARDS = Refusal(
    "count.unkeyed_cards", N_("W urnach było %(in_box)s kart, a do końca wpisanych jest %(keyed)s.")
)
UNEQUAL_PAPER = Refusal(
    "count.unequal_paper",
    N_(
        "Na papierze zagłosowało osób: %(people)s, a kart w urnach i kart, które do nich nie "
        "wróciły, jest razem: %(cards)s. Te liczby muszą być równe."
    ),
)

EXAMPLES = {
    BallotKind.SINGLE: "7",
    BallotKind.APPROVAL: "3 7 12",
    BallotKind.KNAPSACK: "3 7 12",
    BallotKind.RANKED: "7 3 12",
    BallotKind.SCORE: "3:5 7:2",
    BallotKind.POINTS: "3:5 7:2",
    BallotKind.QUESTIONS: "1:z 2:p 3:w",
}


# What stands on a card.


def read(kind: BallotKind, typed: str) -> Written | Refusal:
    """Return what a clerk typed as a form would bring it; a number typed twice is a slip."""
    words = typed.replace(",", " ").replace(";", " ").split()
    pairs = [_pair(kind, word) for word in words]
    numbers: list[int] = []
    for word, pair in zip(words, pairs, strict=True):
        if pair is None:
            return UNREADABLE.with_values(typed=word, example=EXAMPLES[kind])
        if pair[0] in numbers:
            return TWICE.with_values(no=pair[0])
        numbers.append(pair[0])
    if kind in MARKED:
        return Written(marked=frozenset(numbers))
    if kind is BallotKind.RANKED:
        return Written(said={no: str(place) for place, no in enumerate(numbers, start=1)})
    return Written(said=dict(pair for pair in pairs if pair is not None))


def typed(kind: BallotKind, written: Written) -> str:
    """Return what a clerk types to say this: ``read`` backwards."""
    if kind in MARKED:
        return " ".join(str(no) for no in sorted(written.marked))
    if kind is BallotKind.RANKED:
        return " ".join(str(no) for no in sorted(written.said, key=lambda n: int(written.said[n])))
    said = sorted(written.said.items())
    if kind is BallotKind.QUESTIONS:
        return " ".join(f"{no}:{LETTERS[Answer(answer)]}" for no, answer in said)
    return " ".join(f"{no}:{number}" for no, number in said)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """Why what was typed is no card, and in which section; None: in all of them."""

    section_no: int | None
    refusal: Refusal


def judge(
    sections: Sequence[SectionRules],
    areas: Areas,
    typed_in: Mapping[int, str],
    invalid: frozenset[int],
) -> str | Wrong:
    """Return a card as one canonical text: section → choices, or null where it has no valid ballot.

    typed_in: section → what the clerk read; invalid: sections that the clerk calls void. A card
    has a ballot in every section of the whole municipality, and in those of areas that anything is
    written in: the same rule as on the web, so the same choices are the same text.
    """
    choices: dict[int, Written] = {}
    for section in sections:
        written = read(section.kind, typed_in.get(section.no, ""))
        if isinstance(written, Refusal):
            return Wrong(section_no=section.no, refusal=written)
        if section.no in invalid and written.touched:
            return Wrong(section_no=section.no, refusal=INVALID_BUT_FILLED)
        if strange := sorted((written.marked | written.said.keys()) - section.options):
            return Wrong(section_no=section.no, refusal=NOT_ON_CARD.with_values(no=strange[0]))
        choices[section.no] = written
    touched = {areas.of_section[no] for no in areas.of_section if choices[no].touched}
    home = min(touched) if touched else None
    own = ballot_rules.own_sections(sections, areas, area_id=home, choices=choices)
    if isinstance(own, Refusal):
        return Wrong(section_no=None, refusal=own)
    card: dict[str, str | None] = {str(no): None for no in invalid}
    for section in own:
        if section.no in invalid:
            continue
        ballot = ballot_rules.judge(section, choices[section.no])
        if isinstance(ballot, Refusal):
            return Wrong(section_no=section.no, refusal=ballot)
        card[str(section.no)] = write(section.kind, ballot)
    return canonical(card)


def as_typed(kinds: Mapping[int, BallotKind], card: str) -> dict[int, str | None]:
    """Return section → what a clerk would type to say what a card's text says; None: not valid."""
    return {
        int(no): None if text is None else typed(kinds[int(no)], _written(kinds[int(no)], text))
        for no, text in json.loads(card).items()
    }


def _written(kind: BallotKind, text: str) -> Written:
    return ballot_rules.written(kind, ballots.read(kind, text))


def choices_of(card: str) -> dict[int, str]:
    """Return section → choices of the ballots of a card's text."""
    return {int(no): text for no, text in json.loads(card).items() if text is not None}


def invalid_in(card: str) -> str:
    """Return in which sections a card has no valid ballot, as a text that ``sections_in`` reads."""
    return canonical(sorted(int(no) for no, text in json.loads(card).items() if text is None))


def sections_in(invalid: str) -> list[int]:
    return [int(no) for no in json.loads(invalid)]


# When.


def order_refusal(state: PollState, *, has_paper: bool) -> Refusal | None:
    """Return why no cards can be numbered, or None. state: by the clock (queries.present_state)."""
    if not has_paper:
        return NO_PAPER
    before_the_end = UNCOUNTED - {PollState.WORKING_UP}
    return None if state in before_the_end else TOO_LATE_TO_PRINT


def work_refusal(state: PollState) -> Refusal | None:
    """Return why nothing can be said of the boxes now, or None."""
    return None if state is PollState.WORKING_UP else NOT_ENDED


@dataclass(frozen=True, slots=True, kw_only=True)
class CardFacts:
    """A card that somebody keys: what is known of it and of its batch.

    state: None before anyone has keyed it. keyed: how many cards of the batch are begun.
    """

    serial: int
    batch_no: int | None
    in_box: int
    keyed: int
    all_settled: bool
    state: CardState | None
    by_this_clerk: bool


def keying_refusal(facts: CardFacts) -> Refusal | None:
    """Return why this clerk cannot key this card, or None."""
    if not facts.all_settled:
        return NOT_SETTLED
    if facts.batch_no is None:
        return NOT_IN_A_BATCH.with_values(serial=facts.serial)
    if facts.state in {CardState.AGREED, CardState.DECIDED}:
        return FINISHED.with_values(serial=facts.serial)
    if facts.by_this_clerk:
        return KEYED_BY_YOU.with_values(serial=facts.serial)
    if facts.state is None and facts.keyed >= facts.in_box:
        return BOX_IS_EMPTY.with_values(batch=facts.batch_no, in_box=facts.in_box)
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxFacts:
    """All cards of a vote, as the count asks. keyed: those that two or three persons finished."""

    unsettled: int
    in_box: int
    missing: int
    keyed: int
    people: int


def count_refusal(facts: BoxFacts) -> Refusal | None:
    """Return why the cards do not let the votes be counted, or None. A trigger asks the same."""
    if facts.unsettled:
        return UNSETTLED_BOXES
    if facts.keyed != facts.in_box:
        return UNKEYED_CARDS.with_values(in_box=facts.in_box, keyed=facts.keyed)
    if facts.people != facts.in_box + facts.missing:
        return UNEQUAL_PAPER.with_values(people=facts.people, cards=facts.in_box + facts.missing)
    return None


def _pair(kind: BallotKind, word: str) -> tuple[int, str] | None:
    """Return the number of an option and what is said of it, or None."""
    number, _, said = word.partition(":")
    if not _is_number(number):
        return None
    if kind in MARKED or kind is BallotKind.RANKED:
        return (int(number), "") if ":" not in word else None
    if kind is BallotKind.QUESTIONS:
        return (int(number), ANSWERS[said.lower()]) if said.lower() in ANSWERS else None
    return (int(number), said) if _is_number(said) else None


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 4
