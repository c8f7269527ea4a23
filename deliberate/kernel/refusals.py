"""Saying no, with a reason."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why something may not be done now.

    ``code`` is stable: tests, the audit log and the open data use it. ``message`` is for people,
    a Polish source text marked with ``N_``; ``values`` fill its ``%(name)s`` places.
    """

    code: str
    message: str
    values: Mapping[str, object] = field(default_factory=dict)

    def with_values(self, **values: object) -> "Refusal":
        return Refusal(self.code, self.message, values)


class Refused(Exception):
    """Raised by an action whose rule returned a refusal; answered with status 409."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal
