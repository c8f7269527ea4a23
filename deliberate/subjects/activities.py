"""What a phase of a consultation may open. Pure, so that rules may name it."""

from enum import StrEnum


class Activity(StrEnum):
    """What a phase may open. Closed list; stored."""

    INFORM = "inform"
    PROPOSE = "propose"
    SUPPORT = "support"
    DISCUSS = "discuss"
    REMARK = "remark"
    SURVEY = "survey"
    VOTE = "vote"
    ANSWER = "answer"
