"""An outcome in plain lines: a line an option, a line a round."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction

from deliberate.algorithms.counting.method import Outcome, Round, Step, Verdict
from deliberate.cli.exported import Section


def lines(section: Section, outcome: Outcome) -> Iterator[str]:
    title = f" {section.title}" if section.title else ""
    yield f"Sekcja {section.no}{title} · karty: {len(section.ballots)}"
    for place, option in ranked(outcome):
        yield f"{place}. · nr {option} · {section.titles[option]} · {figure(outcome.score[option])}"
        if verdict := outcome.verdicts.get(option):
            yield f"   {judged(verdict)}"
    yield "Przebieg:"
    for number, step in enumerate(outcome.rounds, start=1):
        yield f"  {number}. {SENTENCES[step.step](step)}"


def ending(section: Section, outcome: Outcome, *, seats: int) -> str:
    """Return who is chosen; a tie at the border that no lot decided is said to be one."""
    if outcome.verdicts:
        return "Każde pytanie rozstrzyga się osobno."
    chosen = ", ".join(f"nr {option} {section.titles[option]}" for option in outcome.elected)
    border = next((place for place in outcome.places if place - set(outcome.elected)), frozenset())
    if len(outcome.elected) < seats and border:
        tie = f"remis o miejsce: {names(sorted(border, key=int))}; rozstrzyga los (--seed)"
        return f"Wybrano: {chosen}; {tie}." if chosen else f"Nie wybrano nikogo: {tie}."
    return f"Wybrano: {chosen}."


def ranked(outcome: Outcome) -> Iterator[tuple[int, str]]:
    """Give (place, option); equals share a place, and as many places after it stay empty."""
    place = 1
    for equals in outcome.places:
        for option in sorted(equals, key=int):
            yield place, option
        place += len(equals)


def figure(value: Fraction) -> str:
    """Return a whole number, a decimal that is exact, or else the ratio."""
    for digits in range(6):
        if (shifted := value * 10**digits).denominator == 1:
            whole = f"{abs(int(shifted)):0{digits + 1}d}"
            sign = "-" if value < 0 else ""
            return sign + (f"{whole[:-digits]},{whole[-digits:]}" if digits else whole)
    return str(value)


def judged(verdict: Verdict) -> str:
    said = (
        f"za {verdict.yes}, przeciw {verdict.no}, wstrzymujących {verdict.abstain}, "
        f"pustych {verdict.blank}; {verdict.yes} z {verdict.base}"
    )
    if not verdict.has_quorum:
        return f"{said}; nie ma kworum"
    return f"{said}; próg: {verdict.band}" if verdict.band else f"{said}; żaden próg"


def names(options: Iterable[str]) -> str:
    return ", ".join(f"nr {option}" for option in options)


def each(figures: Mapping[str, Fraction]) -> str:
    best_first = sorted(figures, key=lambda option: (-figures[option], int(option)))
    return ", ".join(f"nr {option}: {figure(figures[option])}" for option in best_first)


# A sentence for each step; no verb tells a man from a woman.


def _tally(step: Round) -> str:
    return f"Policzono: {each(step.figures)}.{_needed(step)}"


def _elected(step: Round) -> str:
    return f"Wybrano: {names(step.options)}.{_needed(step)}"


def _excluded(step: Round) -> str:
    return f"Odpada: {names(step.options)}."


def _transferred(step: Round) -> str:
    moved = f"przechodzi {each(step.moved)}" if step.moved else "nic nie przechodzi"
    lost = f", bez dalszego wyboru: {figure(step.lost)}" if step.lost else ""
    return f"Głosy z {names(step.options)}: {moved}{lost}. Teraz {each(step.figures)}."


def _drawn(step: Round) -> str:
    return f"Rozstrzyga los między równymi ({names(step.among)}): {names(step.options)}."


def _compared(step: Round) -> str:
    if step.taken:
        return (
            f"Równe: {names(step.among)}. Po odjęciu tylu środkowych ocen: {step.taken} – "
            f"środkowa ocena {each(step.figures)}."
        )
    return f"Tyle osób woli {names(step.options)} niż: {each(step.figures)}."


def _linked(step: Round) -> str:
    return (
        f"Najsłabsze ogniwo najsilniejszej drogi z {names(step.options)} do: {each(step.figures)}."
    )


def _needed(step: Round) -> str:
    return f" Potrzeba {figure(step.needed)}." if step.needed is not None else ""


SENTENCES: Mapping[Step, Callable[[Round], str]] = {
    Step.TALLY: _tally,
    Step.ELECTED: _elected,
    Step.EXCLUDED: _excluded,
    Step.TRANSFERRED: _transferred,
    Step.DRAWN: _drawn,
    Step.COMPARED: _compared,
    Step.LINKED: _linked,
}
