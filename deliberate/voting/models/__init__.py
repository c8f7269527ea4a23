"""The tables of a vote, in the shape of ballot-box.md, a file a noun.

Options are frozen copies; participation and ballot lie apart; one participation a person is a key.
After the count everything that came in lies in the tables of ``final``, rewritten in an order that
tells nothing.
"""

from deliberate.voting.models.ballots import Ballot, Participation, Receipt, ReplacedReceipt
from deliberate.voting.models.cards import Card, CardBatch, CardKeying
from deliberate.voting.models.cases import VoteCase, VoteVerdict
from deliberate.voting.models.codes import CodeAddressee, CodeBatch, CodeHolder, VotingCode
from deliberate.voting.models.declared import ContactCode, Voter, VoteSignal
from deliberate.voting.models.electorate import Eligibility
from deliberate.voting.models.final import FinalBallot, FinalParticipation, FinalReceipt
from deliberate.voting.models.log import LogHead
from deliberate.voting.models.poll import Option, Pause, Poll, Section
from deliberate.voting.models.quarantine import CaseExplanation, CaseLetter, DecisionLetter
from deliberate.voting.models.result import CountStop, PollResult, PollStep, SeedTyping
from deliberate.voting.models.roll import RollLine
from deliberate.voting.models.totals import PollTotals

__all__ = [
    "Ballot",
    "Card",
    "CardBatch",
    "CardKeying",
    "CaseExplanation",
    "CaseLetter",
    "CodeAddressee",
    "CodeBatch",
    "CodeHolder",
    "ContactCode",
    "CountStop",
    "DecisionLetter",
    "Eligibility",
    "FinalBallot",
    "FinalParticipation",
    "FinalReceipt",
    "LogHead",
    "Option",
    "Participation",
    "Pause",
    "Poll",
    "PollResult",
    "PollStep",
    "PollTotals",
    "Receipt",
    "ReplacedReceipt",
    "RollLine",
    "Section",
    "SeedTyping",
    "VoteCase",
    "VoteSignal",
    "VoteVerdict",
    "Voter",
    "VotingCode",
]
