"""The closed lists of surveys: pure, so that rules and tables read the same words."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from deliberate.kernel.texts import N_

KIND = "survey"  # of translations and of the audit's subjects


class QuestionKind(StrEnum):
    """What a question asks for."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    SCALE = "scale"
    TEXT = "text"
    RANKING = "ranking"
    MATRIX = "matrix"


class State(StrEnum):
    """What has become of a survey. Whether it takes answers follows from the consultation."""

    DRAFT = "draft"
    OFFERED = "offered"  # people see it
    PUBLISHED = "published"  # with its results


# Held by a trigger as well. Nobody takes a survey away once somebody has answered.
STEPS: dict[str, tuple[str, ...]] = {
    State.DRAFT: (State.OFFERED,),
    State.OFFERED: (State.DRAFT, State.PUBLISHED),
    State.PUBLISHED: (),
}


class Channel(StrEnum):
    """How a sheet came in."""

    WEB = "web"
    PAPER = "paper"


class TextState(StrEnum):
    """Whether a free text may stand among the results."""

    WAITING = "waiting"
    SHOWN = "shown"
    HIDDEN = "hidden"


KIND_LABELS: Mapping[QuestionKind, str] = MappingProxyType(
    {
        QuestionKind.SINGLE: N_("jedna odpowiedź"),
        QuestionKind.MULTIPLE: N_("kilka odpowiedzi"),
        QuestionKind.SCALE: N_("skala"),
        QuestionKind.TEXT: N_("własne słowa"),
        QuestionKind.RANKING: N_("kolejność"),
        QuestionKind.MATRIX: N_("tabelka"),
    }
)
KIND_HINTS: Mapping[QuestionKind, str] = MappingProxyType(
    {
        QuestionKind.SINGLE: N_("Wybór jednej z kilku odpowiedzi."),
        QuestionKind.MULTIPLE: N_("Wybór kilku odpowiedzi, od–do."),
        QuestionKind.SCALE: N_("Liczba od–do, na przykład ocena od 1 do 5."),
        QuestionKind.TEXT: N_("Kilka zdań. Przed ogłoszeniem wyników każde trzeba przeczytać."),
        QuestionKind.RANKING: N_("Ułożenie odpowiedzi od najważniejszej."),
        QuestionKind.MATRIX: N_("Ta sama skala dla kilku spraw: wiersze i kolumny."),
    }
)
STATE_LABELS: Mapping[State, str] = MappingProxyType(
    {
        State.DRAFT: N_("szkic"),
        State.OFFERED: N_("udostępniona"),
        State.PUBLISHED: N_("wyniki ogłoszone"),
    }
)
STATE_TONES: Mapping[State, str] = MappingProxyType(
    {State.DRAFT: "wait", State.OFFERED: "now", State.PUBLISHED: "go"}
)
CHANNEL_LABELS: Mapping[Channel, str] = MappingProxyType(
    {Channel.WEB: N_("przez stronę"), Channel.PAPER: N_("na papierze")}
)
