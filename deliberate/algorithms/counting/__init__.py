"""Methods of counting votes, one file each. A new one is a file and a line in ``METHODS``."""

from collections.abc import Mapping
from types import MappingProxyType

from deliberate.algorithms.counting.approval import APPROVAL
from deliberate.algorithms.counting.method import BallotKind, CountingMethod, Outcome

METHODS: Mapping[str, CountingMethod] = MappingProxyType(
    {method.key: method for method in (APPROVAL,)}
)

__all__ = ["METHODS", "BallotKind", "CountingMethod", "Outcome"]
