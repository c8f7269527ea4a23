"""Methods of counting votes, one file each. A new one is a file and a line in ``METHODS``."""

from collections.abc import Mapping
from types import MappingProxyType

from deliberate.algorithms.counting.approval import APPROVAL
from deliberate.algorithms.counting.borda import BORDA
from deliberate.algorithms.counting.irv import IRV
from deliberate.algorithms.counting.majority_judgement import MAJORITY_JUDGEMENT
from deliberate.algorithms.counting.method import BallotKind, CountingMethod, Outcome, Terms
from deliberate.algorithms.counting.plurality import PLURALITY
from deliberate.algorithms.counting.points import POINTS
from deliberate.algorithms.counting.positional import POSITIONAL
from deliberate.algorithms.counting.questions import QUESTIONS
from deliberate.algorithms.counting.schulze import SCHULZE
from deliberate.algorithms.counting.score import SCORE
from deliberate.algorithms.counting.stv import STV

METHODS: Mapping[str, CountingMethod] = MappingProxyType(
    {
        method.key: method
        for method in (
            PLURALITY,
            APPROVAL,
            POINTS,
            SCORE,
            BORDA,
            POSITIONAL,
            MAJORITY_JUDGEMENT,
            QUESTIONS,
            IRV,
            STV,
            SCHULZE,
        )
    }
)

__all__ = ["METHODS", "BallotKind", "CountingMethod", "Outcome", "Terms"]
