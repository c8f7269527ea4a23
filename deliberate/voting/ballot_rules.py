"""What a ballot of each kind may hold: from what a voter or a clerk wrote to a ballot. Pure.

The database holds the same limits (``ballot_guards``); here each has its sentence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import cast

from deliberate.algorithms.counting import BallotKind
from deliberate.algorithms.counting.ballots import MARKED, Ballot
from deliberate.algorithms.counting.method import Answer, Answers, Points
from deliberate.kernel.refusals import Refusal
from deliberate.kernel.texts import N_
from deliberate.voting.states import AreaLock

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
NOT_A_NUMBER = Refusal(
    "ballot.not_a_number",
    N_("Przy pozycji nr %(no)s wpisz liczbę całkowitą, bez przecinka i bez minusa."),
)
PLACE_TWICE = Refusal(
    "ballot.place_twice",
    N_("Miejsce %(place)s ma więcej niż jedna pozycja. Każde miejsce daj tylko raz."),
)
PLACE_TOO_FAR = Refusal(
    "ballot.place_too_far", N_("Przy pozycji nr %(no)s wpisz miejsce od 1 do %(most)s.")
)
OFF_THE_SCALE = Refusal(
    "ballot.off_the_scale",
    N_("Przy pozycji nr %(no)s wpisz ocenę od %(lowest)s do %(highest)s."),
)
TOO_MANY_POINTS = Refusal(
    "ballot.too_many_points",
    N_("Masz do rozdania %(points)s punktów, a rozdane są %(given)s. Zmniejsz je gdzieś."),
)
POINTS_LEFT = Refusal(
    "ballot.points_left",
    N_("Rozdaj wszystkie punkty: jest ich %(points)s, rozdane są %(given)s."),
)
TOO_MANY_FOR_ONE = Refusal(
    "ballot.too_many_for_one",
    N_("Jedna pozycja może dostać najwyżej %(each)s punktów. Popraw pozycję nr %(no)s."),
)
OVER_BUDGET = Refusal(
    "ballot.over_budget",
    N_("Wybrane kosztują razem więcej, niż jest do wydania. Odznacz to, z czego rezygnujesz."),
)
NOT_YOUR_AREA = Refusal(
    "ballot.not_your_area",
    N_("W tym głosowaniu wybiera się projekty tylko z części, w której się mieszka."),
)
TOO_MANY_AREAS = Refusal(
    "ballot.too_many_areas",
    N_("Możesz głosować najwyżej w tylu częściach: %(most)s. Wybrane: %(chosen)s."),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Areas:
    """In which sections of areas one voter may vote: that of their own, or some they choose."""

    lock: AreaLock
    most: int
    of_section: Mapping[int, int]  # section → area; sections of the whole municipality are not in


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionRules:
    """One section of a ballot: its kind, its limits and the numbers that stand on it.

    costs: grosze of each option that has one. Points, scale and budget only where the kind has
    them (models.Section).
    """

    no: int
    kind: BallotKind = BallotKind.APPROVAL
    least: int
    most: int
    options: frozenset[int]
    lowest: int | None = None
    highest: int | None = None
    points: int | None = None
    each_most: int | None = None
    spend_all: bool = False
    budget: int | None = None
    costs: Mapping[int, int] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What stands on one section of a form or a card, as it was written: kept when refused.

    marked: the ticked numbers. said: number → what was written beside it (a place, points, a
    score, an answer); an empty text is nothing said.
    """

    marked: frozenset[int] = frozenset()
    said: Mapping[int, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def touched(self) -> frozenset[int]:
        """Return the numbers about which anything is said."""
        return self.marked | {no for no, text in self.said.items() if text.strip()}


def own_sections(
    sections: Sequence[SectionRules],
    areas: Areas,
    *,
    area_id: int | None,
    choices: Mapping[int, Written],
) -> list[SectionRules] | Refusal:
    """Return the sections in which this voter has a ballot, or why the choices fit none.

    Locked to the home: those of the whole municipality and of the voter's own area. Chosen: of
    areas those that anything is written on; one that stays empty is not voted in.
    """
    touched = {no for no in areas.of_section if choices.get(no, Written()).touched}
    if areas.lock is AreaLock.HOME:
        home = {no for no, area in areas.of_section.items() if area == area_id}
        if touched - home:
            return NOT_YOUR_AREA
        return [s for s in sections if s.no not in areas.of_section or s.no in home]
    chosen = {areas.of_section[no] for no in touched}
    if len(chosen) > areas.most:
        return TOO_MANY_AREAS.with_values(most=areas.most, chosen=len(chosen))
    return [s for s in sections if s.no not in areas.of_section or s.no in touched]


def is_reachable(section: SectionRules) -> bool:
    """Tell whether any ballot keeps all the limits of a section."""
    if section.least > len(section.options):
        return False
    if section.budget is not None:
        cheapest = sorted(section.costs.get(no, 0) for no in section.options)
        return sum(cheapest[: max(section.least, 1)]) <= section.budget
    if section.points is None:
        return True
    each = section.each_most or section.points
    if section.spend_all and each * min(section.most, len(section.options)) < section.points:
        return False
    return section.least <= section.points  # each that gets any gets at least one


def judge(section: SectionRules, written: Written) -> Ballot | Refusal:
    """Return the ballot, or the first reason why this is none."""
    if not written.touched <= section.options:
        return UNKNOWN_OPTION
    if section.kind in MARKED:
        return _marks(section, written)
    if section.kind is BallotKind.RANKED:
        return _ranking(section, written)
    if section.kind is BallotKind.QUESTIONS:
        return _answers(section, written)
    return _points(section, written)


def written(kind: BallotKind, ballot: Ballot) -> Written:
    """Return what somebody wrote whose ballot this is: ``judge`` backwards."""
    if kind in MARKED:
        return Written(marked=frozenset(int(str(option)) for option in ballot))
    if kind is BallotKind.RANKED:
        return Written(said={int(str(o)): str(place) for place, o in enumerate(ballot, start=1)})
    pairs = cast(Points | Answers, ballot)
    return Written(said={int(option): str(said) for option, said in pairs})


def _marks(section: SectionRules, written: Written) -> Ballot | Refusal:
    if refusal := _count_refusal(section, len(written.marked)):
        return refusal
    spent = sum(section.costs.get(no, 0) for no in written.marked)
    if section.budget is not None and spent > section.budget:
        return OVER_BUDGET
    return frozenset(str(no) for no in written.marked)


def _ranking(section: SectionRules, written: Written) -> Ballot | Refusal:
    """Read places; numbers left out between them only say the order."""
    places: dict[int, int] = {}
    for no in sorted(written.touched):
        place = _number(written.said.get(no, ""))
        if place is None:
            return NOT_A_NUMBER.with_values(no=no)
        if not 1 <= place <= len(section.options):
            return PLACE_TOO_FAR.with_values(no=no, most=len(section.options))
        if place in places:
            return PLACE_TWICE.with_values(place=place)
        places[place] = no
    if refusal := _count_refusal(section, len(places)):
        return refusal
    return tuple(str(places[place]) for place in sorted(places))


def _points(section: SectionRules, written: Written) -> Ballot | Refusal:
    given: dict[int, int] = {}
    for no in sorted(written.touched):
        number = _number(written.said.get(no, ""))
        if number is None:
            return NOT_A_NUMBER.with_values(no=no)
        given[no] = number
    if section.kind is BallotKind.POINTS:
        given = {no: number for no, number in given.items() if number}
    if refusal := _count_refusal(section, len(given)) or _sum_refusal(section, given):
        return refusal
    return frozenset((str(no), number) for no, number in given.items())


def _sum_refusal(section: SectionRules, given: Mapping[int, int]) -> Refusal | None:
    if section.lowest is not None and section.highest is not None:
        for no, score in given.items():
            if not section.lowest <= score <= section.highest:
                return OFF_THE_SCALE.with_values(
                    no=no, lowest=section.lowest, highest=section.highest
                )
    if section.points is None:
        return None
    most = section.each_most or section.points
    for no, number in given.items():
        if number > most and section.each_most is not None:
            return TOO_MANY_FOR_ONE.with_values(no=no, each=most)
    spent = sum(given.values())
    if spent > section.points:
        return TOO_MANY_POINTS.with_values(points=section.points, given=spent)
    if section.spend_all and spent < section.points:
        return POINTS_LEFT.with_values(points=section.points, given=spent)
    return None


def _answers(section: SectionRules, written: Written) -> Ballot | Refusal:
    given: dict[int, Answer] = {}
    for no in sorted(written.touched):
        try:
            given[no] = Answer(written.said.get(no, "").strip())
        except ValueError:
            return UNKNOWN_OPTION
    if refusal := _count_refusal(section, len(given)):
        return refusal
    return frozenset((str(no), answer) for no, answer in given.items())


def _count_refusal(section: SectionRules, chosen: int) -> Refusal | None:
    if chosen > section.most:
        return TOO_MANY.with_values(most=section.most, chosen=chosen)
    if chosen < section.least:
        return TOO_FEW.with_values(least=section.least, chosen=chosen)
    return None


def _number(text: str) -> int | None:
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None
