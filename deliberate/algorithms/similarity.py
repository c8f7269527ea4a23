"""How alike two short texts are, and which of many are like one: for "someone wrote this already".

Similarity is Dice's coefficient of the sets of trigrams of the folded words (L. R. Dice, "Measures
of the Amount of Ecologic Association Between Species", Ecology 26, 1945), each word with two
spaces before it and one after, as pg_trgm of PostgreSQL makes them. Endings and typing errors
change few trigrams, so inflected Polish needs no dictionary here. Order of words does not count.
"""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Generic, TypeVar

from deliberate.algorithms.folding import words

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True, kw_only=True)
class Similar(Generic[Key]):
    """A candidate and how like it is: exactly 1 for the same trigrams, 0 for none in common."""

    key: Key
    score: Fraction


def trigrams(text: str) -> frozenset[str]:
    """Return all runs of three characters of the padded, folded words; empty without words."""
    padded = (f"  {word} " for word in words(text))
    return frozenset(word[i : i + 3] for word in padded for i in range(len(word) - 2))


def similarity(one: str, other: str) -> Fraction:
    """Return how alike two texts are, from 0 to 1. Texts without words are like nothing."""
    return _dice(trigrams(one), trigrams(other))


def rank_similar(
    text: str,
    candidates: Iterable[tuple[Key, str]],
    *,
    at_least: Fraction,
    limit: int,
) -> list[Similar[Key]]:
    """Return the candidates most like ``text``, best first.

    candidates: pairs of a key and a text, in the order that breaks ties: of two that are equally
    like, the one given first comes first. at_least: from 0 to 1, reached counts. limit: at most
    so many.
    """
    mine = trigrams(text)
    scored = (Similar(key=key, score=_dice(mine, trigrams(other))) for key, other in candidates)
    near = [similar for similar in scored if similar.score >= at_least]
    return sorted(near, key=lambda similar: similar.score, reverse=True)[:limit]


def _dice(one: frozenset[str], other: frozenset[str]) -> Fraction:
    if not one or not other:
        return Fraction(0)
    return Fraction(2 * len(one & other), len(one) + len(other))
