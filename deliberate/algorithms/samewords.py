"""Telling that two letters say the same in the same words: a mass letter, signed by many.

Only identical letters meet here, whatever was done to them on the way: capitals, accents, line
breaks, bullets, the greeting, the date and the signature. A letter with one word more is another
letter; it may have merits of its own.
"""

import re

from deliberate.algorithms.folding import words

LONGEST_COURTESY = 80  # characters of a line that greets, dates or takes leave
MOST_SIGNED = 4  # lines after "z poważaniem": name, street, town, telephone
LONGEST_SIGNED = 8  # words of each; "ul. Lipowa 5 m. 3, 00-001 Lubowierz" has so many


def key(text: str) -> str:
    """Return the folded words of a letter without its courtesies; equal keys, the same letter.

    Greetings and dates are left out at the beginning, "Z poważaniem" and a short signature after
    it at the end. A letter that is nothing else keeps all its words. Polish, English, Ukrainian.
    """
    lines = [line for line in text.splitlines() if words(line)]
    meant = _without_signature(_without_opening(lines))
    return " ".join(words("\n".join(meant or lines)))


def _without_opening(lines: list[str]) -> list[str]:
    for place, line in enumerate(lines):
        if rest := _after_greeting(line):
            return [rest, *lines[place + 1 :]]
    return []


def _after_greeting(line: str) -> str:
    """Return what a line says after "Szanowni Państwo,": all of it where nobody is greeted."""
    if _is_courtesy(line, _DATE) or _is_courtesy(line, _GREETING):
        return ""
    greeting, sign, rest = line.partition(",")
    return rest if sign and words(rest) and _is_courtesy(greeting, _GREETING) else line


def _without_signature(lines: list[str]) -> list[str]:
    for place in range(max(len(lines) - MOST_SIGNED - 1, 0), len(lines)):
        if _is_courtesy(lines[place], _LEAVE) and all(map(_signs, lines[place + 1 :])):
            return lines[:place]
    return lines


def _signs(line: str) -> bool:
    """Tell whether a line may be a part of a signature: short, and no afterthought."""
    said = words(line)
    return len(said) <= LONGEST_SIGNED and said[:1] != ["ps"] and said[:2] != ["p", "s"]


def _is_courtesy(line: str, pattern: re.Pattern[str]) -> bool:
    if len(line) > LONGEST_COURTESY:
        return False
    return bool(pattern.fullmatch(" ".join(words(line))))


def _one_of(*courtesies: str) -> re.Pattern[str]:
    return re.compile("|".join(courtesies))


# All in folded words; after some there may be a few names and titles.
_NAMES = r"(?: [^\W\d]+){0,3}"
_GREETING = _one_of(
    rf"szanown[iay]{_NAMES}", rf"dear{_NAMES}", rf"шановн[іийа]+{_NAMES}", "dzien dobry",
    "witam(?: serdecznie)?(?: panstwa)?", "hello", "good (?:morning|afternoon)", "доброго дня",
    "добрий день", "вітаю", "to whom it may concern",
)  # fmt: skip
_LEAVE = _one_of(
    rf"z (?:powazaniem|szacunkiem|pozdrowieniami|wyrazami szacunku){_NAMES}",
    "(?:serdecznie )?pozdrawiam(?: serdecznie)?", "lacze (?:wyrazy szacunku|pozdrowienia)",
    "(?:(?:yours|best|kind|warm) )?(?:sincerely|faithfully|regards|wishes)", rf"з повагою{_NAMES}",
    "щиро(?: ваш[аі]?)?",
)  # fmt: skip
_DATE = re.compile(r"(?:\S+ ){0,2}(?:dnia )?\d{1,2} (?:\d{1,2}|[^\W\d]+) \d{4}(?: r(?:oku)?)?")
