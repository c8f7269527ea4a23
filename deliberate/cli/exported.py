"""A poll in a file, as anyone may download it: options, rules of counting, ballots as texts.

One section is ``{"options": [{"no": 1, "title": "…"}, …], "kind": "approval", "terms": {…},
"ballots": ["[1,2]", …]}``; a file with several has them under ``"sections"``. ``terms`` holds what
differs from the usual, by the names of ``Terms``; exact numbers are whole, ``0.5`` or ``"3/2"``.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from deliberate.algorithms.counting import ballots as texts
from deliberate.algorithms.counting.ballots import Ballot
from deliberate.algorithms.counting.method import BallotKind, Band, Denominator, Terms
from deliberate.cli.application import Refusal

DECIMAL = re.compile(r"[0-9]{1,9}\.[0-9]{1,9}")
RATIO = re.compile(r"[0-9]{1,9}(/[1-9][0-9]{0,8})?")

Data = dict[str, Any]  # as JSON has it: looked at before it is believed


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One vote of the file; options by their keys, in the order of the ballot paper."""

    no: int
    title: str
    titles: Mapping[str, str]
    kind: BallotKind
    terms: Terms
    ballots: Sequence[Ballot]


def read(path: Path) -> list[Section]:
    """Return the sections of a file; whatever is wrong with it is refused in one line."""
    data = _load(path)
    if "sections" not in data:
        return [_section(data, 1, f"Plik {path}")]
    listed = _field(data, "sections", list, f"Plik {path}")
    if not listed:
        raise Refusal(f"Plik {path}: pole „sections” jest puste.")
    return [
        _section(part, number, f"Plik {path}, sekcja {number}")
        for number, part in enumerate(listed, start=1)
    ]


def _load(path: Path) -> Data:
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise Refusal(f"Nie ma pliku {path}.") from error
    except OSError as error:
        raise Refusal(f"Pliku {path} nie da się odczytać.") from error
    except UnicodeDecodeError as error:
        raise Refusal(f"Plik {path} nie jest tekstem UTF-8.") from error
    try:
        data = json.loads(text, parse_float=_decimal, parse_constant=_decimal)
    except json.JSONDecodeError as error:
        raise Refusal(f"Plik {path} nie jest poprawnym JSON-em (wiersz {error.lineno}).") from error
    except (ValueError, RecursionError) as error:
        raise Refusal(f"Plik {path} ma liczbę albo budowę, której nie czytamy.") from error
    if not isinstance(data, dict):
        raise Refusal(f"Plik {path}: to nie jest głosowanie.")
    return data


def _section(data: object, number: int, where: str) -> Section:
    if not isinstance(data, dict):
        raise Refusal(f"{where}: to nie jest sekcja głosowania.")
    titles = _titles(_field(data, "options", list, where), where)
    named = _field(data, "kind", str, where)
    if named not in set(BallotKind):
        raise Refusal(f"{where}: nieznany rodzaj karty „{named}”.")
    kind = BallotKind(named)
    return Section(
        no=number,
        title=_field(data, "title", str, where) if "title" in data else "",
        titles=titles,
        kind=kind,
        terms=_terms(_field(data, "terms", dict, where) if "terms" in data else {}, where),
        ballots=_ballots(kind, _field(data, "ballots", list, where), titles, where),
    )


def _field(data: Data, name: str, expected: type, where: str) -> Any:
    if name not in data:
        raise Refusal(f"{where}: brakuje pola „{name}”.")
    if type(data[name]) is not expected:
        raise Refusal(f"{where}: pole „{name}” ma złą wartość.")
    return data[name]


def _titles(listed: list[Any], where: str) -> Mapping[str, str]:
    for option in listed:
        if (
            not isinstance(option, dict)
            or type(option.get("no")) is not int
            or not texts.KEY.fullmatch(str(option["no"]))
            or not isinstance(option.get("title"), str)
        ):
            raise Refusal(f"{where}: opcja bez numeru („no”, od 1) albo tytułu („title”).")
    keys = [str(option["no"]) for option in listed]
    if not keys:
        raise Refusal(f"{where}: nie ma żadnej opcji.")
    if twice := [key for key, times in Counter(keys).items() if times > 1]:
        raise Refusal(f"{where}: opcja {', '.join(twice)} jest dwa razy.")
    return {key: option["title"] for key, option in zip(keys, listed, strict=True)}


def _ballots(
    kind: BallotKind, listed: list[Any], titles: Mapping[str, str], where: str
) -> list[Ballot]:
    known: dict[str, Ballot] = {}  # equal ballots are equal texts, and are read once
    found = []
    for number, text in enumerate(listed, start=1):
        if not isinstance(text, str):
            raise Refusal(f"{where}: karta {number} nie jest tekstem.")
        if text not in known:
            known[text] = _ballot(kind, text, titles, f"{where}: karta {number}")
        found.append(known[text])
    return found


def _ballot(kind: BallotKind, text: str, titles: Mapping[str, str], which: str) -> Ballot:
    try:
        ballot = texts.read(kind, text)
    except ValueError as error:
        raise Refusal(f"{which} nie jest zapisana jak karta „{kind}”: {text[:60]}") from error
    named = {part if isinstance(part, str) else part[0] for part in ballot}
    if strangers := sorted(named - titles.keys(), key=int):
        raise Refusal(f"{which} wskazuje opcję {', '.join(strangers)}, której nie ma.")
    return ballot


# Rules of counting.


def _terms(data: Data, where: str) -> Terms:
    if unknown := sorted(data.keys() - RULES.keys()):
        raise Refusal(f"{where}: nieznana reguła „{unknown[0]}”.")
    found: Data = {}
    for name, value in data.items():
        try:
            found[name] = RULES[name](value)
        except (KeyError, TypeError, ValueError) as error:
            raise Refusal(f"{where}: reguła „{name}” ma złą wartość.") from error
    return Terms(**found)


def _whole(value: object) -> int:
    if type(value) is not int:
        raise TypeError("A whole number is wanted")
    return value


def _scale(value: Sequence[object]) -> tuple[int, int]:
    lowest, highest = (_whole(end) for end in value)
    return lowest, highest


def _exact(value: object) -> Fraction:
    if isinstance(value, str) and RATIO.fullmatch(value):
        return Fraction(value)
    return value if isinstance(value, Fraction) else Fraction(_whole(value))


def _weights(value: Sequence[object]) -> tuple[Fraction, ...]:
    return tuple(_exact(weight) for weight in value)


def _bands(value: Sequence[Mapping[str, object]]) -> tuple[Band, ...]:
    return tuple(Band(key=str(band["key"]), least=_exact(band["least"])) for band in value)


def _lots(value: Sequence[object]) -> tuple[str, ...]:
    return tuple(str(_whole(number)) for number in value)


def _decimal(text: str) -> Fraction:
    if not DECIMAL.fullmatch(text):
        raise ValueError("A plain decimal is wanted")
    return Fraction(text)


RULES: Mapping[str, Callable[[Any], object]] = {
    "seats": _whole,
    "lots": _lots,
    "scale": _scale,
    "weights": _weights,
    "denominator": Denominator,
    "quorum": _whole,
    "bands": _bands,
    "entitled": _whole,
}
