"""Writing a text so that people find it: without case, without accents, without endings."""

import re
import unicodedata

SHORTEST_STEM = 3


def fold(text: str) -> str:
    """Return the text in lower case with Latin letters bare: "Żółć" and "zolc" are the same.

    Signs over Latin letters go, and letters that Unicode does not take apart are replaced
    (ł, đ, ø, æ, œ, þ, ı; ß becomes ss). Cyrillic keeps its signs: й and ї are letters of their
    own, not и and і with something on them. The three ways to write a Ukrainian apostrophe
    become one. Folding twice is folding once.
    """
    text = unicodedata.normalize("NFKD", text).casefold()
    # Once more: a compatibility letter may have hidden a capital, and a capital a sign.
    text = unicodedata.normalize("NFKD", text).translate(_LETTERS)
    return unicodedata.normalize("NFC", _SIGNS.sub(r"\1", text))


def words(text: str) -> list[str]:
    """Return the folded words in their order; an apostrophe inside a word is left out."""
    return re.findall(r"[^\W_]+", _INNER_APOSTROPHE.sub("", fold(text)))


def stems(text: str) -> list[str]:
    """Return the folded words in their order, each without its ending.

    One common ending of Polish or Ukrainian nouns and adjectives is cut, the longest that leaves
    at least three letters, so that drzewo, drzewa and drzewami meet in "drzew". A stem is a
    beginning of its word, fit for a search by parts of words. Sounds that change inside a word
    are not followed: ławka and ławek do not meet. No dictionary, so the ends of verbs and names
    are sometimes cut wrong; good enough for looking, not for linguistics.
    """
    return [_stem(word) for word in words(text)]


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST_STEM:
            return word.removesuffix(ending)
    return word


_LETTERS = str.maketrans(
    {
        "ł": "l", "đ": "d", "ø": "o", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ı": "i",
        "’": "'", "ʼ": "'", "‘": "'",
    }
)  # fmt: skip
# Marks after anything but a Cyrillic letter; the first group keeps that letter.
_SIGNS = re.compile(r"(^|[^\u0400-\u04ff\u0300-\u036f])[\u0300-\u036f]+")
_INNER_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)")

_POLISH = (
    "owie iego iemu iach iami iech ach ami ego emu ich imi iom ych ymi owi iem iej "
    "em ie ej om ow im ym a e i o u y"
)
_UKRAINIAN = (
    "ями ами ього ому ого ові еві ах ях ам ям ою ею ів ей ий ій их им і и а я у ю о е є ь й"
)
_ENDINGS = sorted(set(f"{_POLISH} {_UKRAINIAN}".split()), key=lambda ending: (-len(ending), ending))
