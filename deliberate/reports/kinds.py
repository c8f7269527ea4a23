"""The closed lists of reports: pure, so that rules, tables and pages read the same words."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from deliberate.kernel.texts import N_


class State(StrEnum):
    """Where a version stands. One that is not published may be thrown away."""

    MAKING = "making"  # a job gathers it and writes its files
    READY = "ready"  # whole; nobody outside the office sees it
    PUBLISHED = "published"


STEPS: dict[str, tuple[str, ...]] = {
    State.MAKING: (State.READY,),
    State.READY: (State.PUBLISHED,),
    State.PUBLISHED: (),
}


class Text(StrEnum):
    """What an officer writes in the report; all else comes from the data."""

    INITIATOR = "initiator"
    SUMMARY = "summary"
    MINORITY = "minority"
    CONCLUSIONS = "conclusions"
    NEXT_STEPS = "next_steps"
    EVALUATION = "evaluation"
    ANNEXES = "annexes"


TEXT_LABELS: Mapping[Text, str] = MappingProxyType(
    {
        Text.INITIATOR: N_("Kto zainicjował konsultacje"),
        Text.SUMMARY: N_("Podsumowanie według tematów"),
        Text.MINORITY: N_("Zdania mniejszości"),
        Text.CONCLUSIONS: N_("Wnioski i co się zmienia"),
        Text.NEXT_STEPS: N_("Następne kroki z datami"),
        Text.EVALUATION: N_("Ocena przebiegu, skargi, ograniczenia"),
        Text.ANNEXES: N_("Załączniki"),
    }
)
# A report without these says nothing of what came of it.
REQUIRED = (Text.SUMMARY, Text.CONCLUSIONS, Text.NEXT_STEPS)
