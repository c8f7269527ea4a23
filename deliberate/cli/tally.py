"""``deliberate tally``: count an exported poll again, with no database and no installation."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import click

from deliberate.algorithms.counting import METHODS, CountingMethod, Outcome
from deliberate.algorithms.counting.method import LotsNeeded, Round, Terms, Verdict
from deliberate.algorithms.lots import draw_order
from deliberate.cli import exported, tally_words
from deliberate.cli.application import Refusal
from deliberate.cli.exported import Section


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--method", "key", required=True, type=click.Choice(sorted(METHODS)))
@click.option("--seed", help="Tekst, z którego losuje się kolejność między równymi.")
@click.option("--seats", type=click.IntRange(1), help="Ile opcji wybrać; bez tego mówi plik.")
@click.option("--json", "as_json", is_flag=True, help="Wynik jako JSON, z dokładnymi ułamkami.")
def tally(*, file: Path, key: str, seed: str | None, seats: int | None, as_json: bool) -> None:
    """Policz głosy z pliku FILE (JSON), bez bazy danych.

    Plik ma opcje, rodzaj karty, reguły i karty jednej sekcji albo listę sekcji.
    """
    method = METHODS[key]
    counted = []
    for section in exported.read(file):
        terms = _terms(section, seed, seats)
        counted.append((section, terms, _count(method, section, terms)))
    if as_json:
        sections = [_as_data(section, outcome) for section, _, outcome in counted]
        said = {"method": key, "version": method.version, "sections": sections}
        click.echo(json.dumps(said, ensure_ascii=False, indent=1))
        return
    click.echo(f"Metoda: {key}, wersja {method.version} · {method.source}")
    for section, terms, outcome in counted:
        for line in tally_words.lines(section, outcome):
            click.echo(line)
        click.echo(tally_words.ending(section, outcome, seats=terms.seats))


def _terms(section: Section, seed: str | None, seats: int | None) -> Terms:
    terms = section.terms
    if seats is not None:
        terms = replace(terms, seats=seats)
    if seed is None:
        return terms
    if terms.lots:
        raise Refusal(f"Sekcja {section.no}: plik podaje już kolejność losów; pomiń --seed.")
    drawn = draw_order(map(int, section.titles), seed)
    return replace(terms, lots=tuple(str(number) for number in drawn))


def _count(method: CountingMethod, section: Section, terms: Terms) -> Outcome:
    if section.kind not in method.ballots:
        own = ", ".join(sorted(method.ballots))
        raise Refusal(
            f"Sekcja {section.no}: metoda {method.key} liczy karty „{own}”, "
            f"a te są „{section.kind}”."
        )
    try:
        return method.count(list(section.titles), section.ballots, terms)
    except LotsNeeded as error:
        raise Refusal(
            f"Sekcja {section.no}: między równymi musi rozstrzygnąć los; podaj --seed."
        ) from error
    except ValueError as error:
        raise Refusal(f"Sekcja {section.no}: tak nie da się policzyć ({error}).") from error


# JSON: options are numbers, exact figures are texts.


def _as_data(section: Section, outcome: Outcome) -> dict[str, object]:
    return {
        "no": section.no,
        "title": section.title,
        "ballots": len(section.ballots),
        "score": _exact(outcome.score),
        "places": [_numbers(sorted(place, key=int)) for place in outcome.places],
        "elected": _numbers(outcome.elected),
        "drawn": _numbers(sorted(outcome.drawn, key=int)),
        "rounds": [_round(step) for step in outcome.rounds],
        "verdicts": {option: _verdict(own) for option, own in outcome.verdicts.items()},
    }


def _round(step: Round) -> dict[str, object]:
    return {
        "step": step.step,
        "options": _numbers(step.options),
        "among": _numbers(step.among),
        "figures": _exact(step.figures),
        "moved": _exact(step.moved),
        "lost": str(step.lost),
        "needed": None if step.needed is None else str(step.needed),
        "taken": step.taken,
    }


def _verdict(verdict: Verdict) -> dict[str, object]:
    return {
        "yes": verdict.yes,
        "no": verdict.no,
        "abstain": verdict.abstain,
        "blank": verdict.blank,
        "base": verdict.base,
        "share": None if verdict.share is None else str(verdict.share),
        "has_quorum": verdict.has_quorum,
        "band": verdict.band,
    }


def _exact(figures: Mapping[str, Fraction]) -> dict[str, str]:
    return {option: str(figures[option]) for option in sorted(figures, key=int)}


def _numbers(options: tuple[str, ...] | list[str]) -> list[int]:
    return [int(option) for option in options]
