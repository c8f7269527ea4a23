"""Questions: yes, no or abstain to each for itself, with a quorum and bands of promises."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import chain
from types import MappingProxyType

from deliberate.algorithms.counting.method import (
    Answer,
    Answers,
    BallotKind,
    CountingMethod,
    Denominator,
    Outcome,
    Round,
    Step,
    Terms,
    Verdict,
)
from deliberate.algorithms.counting.places import check_known, check_options, places_of


def count_questions(options: Sequence[str], ballots: Sequence[Answers], terms: Terms) -> Outcome:
    """Tell for each question who said what, and which band its share of "yes" reaches.

    options: m ≥ 1 distinct questions, in the order of the ballot paper (it decides nothing).
    ballots: n sets of (question, answer), a question at most once; one left out is blank there.
    Share: "yes" of what ``terms.denominator`` says, exact, None where that is nobody. Band: the
    highest whose ``least`` the share reaches (the border itself is in), if ``terms.quorum``
    ballots or more were cast; with no band reached, or no quorum, None.
    Score: the number of "yes". Questions do not stand against each other: there are no seats,
    nobody is elected, no lot is drawn, and places only say which has more "yes".
    Raises ValueError if there are no questions, if one stands twice, among them or on a ballot, if
    a ballot names something that is no question or gives no such answer; for a quorum below 0,
    bands that are not exact shares above 0 and up to 1 or not different from each other; and where
    the denominator needs the number of those entitled, but it is missing or below n.
    Source: Gerwin, "Citizens' Assemblies: Guide to democracy that works", Otwarty Plan (2018), for
    the band of 80 %; that there may be more than one is the practice of Wrocław's assembly (2020).
    """
    check_options(options)
    _check_terms(terms, voters=len(ballots))
    if twice := {
        question
        for ballot in ballots
        if len(dict(ballot)) < len(ballot)
        for question, times in Counter(question for question, _ in ballot).items()
        if times > 1
    }:
        raise ValueError(f"Questions answered twice on a ballot: {sorted(twice, key=repr)}")
    tally = Counter(chain.from_iterable(ballots))
    check_known((question for question, _ in tally), options)
    if unknown := {answer for _, answer in tally} - set(Answer):
        raise ValueError(f"No such answers: {sorted(unknown, key=repr)}")

    verdicts = {question: _judge(question, tally, terms, len(ballots)) for question in options}
    score = MappingProxyType({question: Fraction(v.yes) for question, v in verdicts.items()})
    return Outcome(
        score=score,
        places=places_of(score),
        elected=(),
        rounds=(Round(step=Step.TALLY, figures=score),),
        verdicts=MappingProxyType(verdicts),
    )


def _judge(
    question: str, tally: Mapping[tuple[str, Answer], int], terms: Terms, voters: int
) -> Verdict:
    yes, no, abstain = (tally[question, answer] for answer in Answer)
    base = {
        Denominator.YES_AND_NO: yes + no,
        Denominator.ANSWERED: yes + no + abstain,
        Denominator.BALLOTS: voters,
        Denominator.ENTITLED: terms.entitled or 0,
    }[terms.denominator]
    share = Fraction(yes, base) if base else None
    has_quorum = voters >= terms.quorum
    reached = [
        band for band in terms.bands if has_quorum and share is not None and share >= band.least
    ]
    return Verdict(
        yes=yes,
        no=no,
        abstain=abstain,
        blank=voters - yes - no - abstain,
        base=base,
        share=share,
        has_quorum=has_quorum,
        band=max(reached, key=lambda band: band.least).key if reached else None,
    )


def _check_terms(terms: Terms, *, voters: int) -> None:
    if type(terms.quorum) is not int or terms.quorum < 0:
        raise ValueError(f"No quorum: {terms.quorum}")
    shares = [band.least for band in terms.bands]
    if odd := [s for s in shares if type(s) not in {int, Fraction} or not 0 < s <= 1]:
        raise ValueError(f"Bands that begin at no exact share: {[str(share) for share in odd]}")
    if len(set(shares)) < len(shares) or len({band.key for band in terms.bands}) < len(shares):
        raise ValueError(f"Bands alike: {[(band.key, str(band.least)) for band in terms.bands]}")
    if terms.denominator is Denominator.ENTITLED and (
        type(terms.entitled) is not int or terms.entitled < voters
    ):
        raise ValueError(f"{voters} ballots of so many entitled: {terms.entitled}")


QUESTIONS = CountingMethod(
    key="questions",
    version=1,
    ballots=frozenset({BallotKind.QUESTIONS}),
    uses=frozenset({"denominator", "quorum", "bands", "entitled"}),
    source=('Gerwin, "Citizens\' Assemblies: Guide to democracy that works", Otwarty Plan (2018)'),
    promises=frozenset({"monotone"}),
    count=count_questions,
)
