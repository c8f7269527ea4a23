"""The closed lists of meetings: pure, so that rules, tables and pages read the same words."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from deliberate.kernel.texts import N_

SUBJECT = "meeting"  # key of the subject kind


class Kind(StrEnum):
    """A form of taking part in person. Closed list; stored."""

    OPEN_MEETING = "open_meeting"
    EXPERT_PANEL = "expert_panel"
    WORKSHOP = "workshop"
    STUDY_WALK = "study_walk"
    OUTDOOR_MEETING = "outdoor_meeting"
    CONSULTATION_POINT = "consultation_point"  # with opening hours
    DESIGNER_HOURS = "designer_hours"  # may be parted into times, one person each
    INTERVIEW = "interview"
    PUBLIC_HEARING = "public_hearing"


KIND_LABELS: Mapping[Kind, str] = MappingProxyType(
    {
        Kind.OPEN_MEETING: N_("spotkanie otwarte"),
        Kind.EXPERT_PANEL: N_("panel ekspercki"),
        Kind.WORKSHOP: N_("warsztat"),
        Kind.STUDY_WALK: N_("spacer studyjny"),  # the law's word (art. 8i u.p.z.p.)
        Kind.OUTDOOR_MEETING: N_("spotkanie plenerowe"),
        Kind.CONSULTATION_POINT: N_("punkt konsultacyjny"),
        Kind.DESIGNER_HOURS: N_("dyżur projektanta"),
        Kind.INTERVIEW: N_("wywiad"),
        Kind.PUBLIC_HEARING: N_("wysłuchanie publiczne"),
    }
)


class State(StrEnum):
    """What has become of a meeting. Whether it is over follows from its dates."""

    PLANNED = "planned"
    MOVED = "moved"  # another time or place than was first announced
    CANCELLED = "cancelled"
    HELD = "held"  # there is something to say of it


# Held by a trigger as well. What was cancelled is announced anew as another meeting.
STEPS: dict[str, tuple[str, ...]] = {
    State.PLANNED: (State.MOVED, State.CANCELLED, State.HELD),
    State.MOVED: (State.CANCELLED, State.HELD),
    State.CANCELLED: (),
    State.HELD: (),
}


class Known(StrEnum):
    """Whether something is there. "Unknown" is an answer: silence would be read as a no."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


KNOWN_LABELS: Mapping[Known, str] = MappingProxyType(
    {Known.YES: N_("tak"), Known.NO: N_("nie"), Known.UNKNOWN: N_("nie wiemy")}
)

# Columns of the meeting, in the order in which pages say them.
ACCESS: Mapping[str, str] = MappingProxyType(
    {
        "step_free": N_("Wejście bez schodów"),
        "lift": N_("Winda"),
        "toilet": N_("Dostępna toaleta"),
        "loop": N_("Pętla indukcyjna"),
        "sign_language": N_("Tłumaczenie na język migowy (PJM)"),
        "captions": N_("Napisy na żywo"),
        "easy_text": N_("Tekst łatwy do czytania (ETR)"),
        "assistant_dog": N_("Wejście z psem asystującym"),
        "quiet_room": N_("Cichy pokój"),
        "childcare": N_("Opieka nad dziećmi"),
    }
)


class SignUpState(StrEnum):
    """Where a sign-up stands."""

    ASKED = "asked"  # its address is not confirmed yet; takes no seat
    SIGNED = "signed"
    WAITING = "waiting"  # no seat yet
    WITHDRAWN = "withdrawn"  # emptied of what it said of a person


SIGN_UP_STEPS: dict[str, tuple[str, ...]] = {
    SignUpState.ASKED: (SignUpState.SIGNED, SignUpState.WAITING, SignUpState.WITHDRAWN),
    SignUpState.WAITING: (SignUpState.SIGNED, SignUpState.WITHDRAWN),
    SignUpState.SIGNED: (SignUpState.WITHDRAWN,),
    SignUpState.WITHDRAWN: (),
}

LIVE = frozenset({SignUpState.SIGNED, SignUpState.WAITING})
