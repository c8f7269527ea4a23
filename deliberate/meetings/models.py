"""The tables of meetings, of those who sign up for them, and of what was said there."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from deliberate.kernel.tables import Base, OfTenant, one_of, pair, same_tenant
from deliberate.meetings.kinds import ACCESS, SUBJECT, Kind, Known, SignUpState, State

MOST_PERSONS = 5  # of one sign-up


class Meeting(OfTenant, Base):
    """One meeting, of a consultation or of the municipality alone.

    ``taken`` counts the persons who have a seat. It is changed with this row locked, and the
    check below is what makes more of them than seats impossible.
    """

    __tablename__ = "meeting"
    __table_args__ = (
        pair(),
        same_tenant("consultation_id", "consultation"),
        same_tenant("area_id", "area"),
        one_of("kind", Kind),
        one_of("state", State),
        *(one_of(column, Known) for column in ACCESS),
        CheckConstraint("starts_at < ends_at", name="dates"),
        CheckConstraint("seats > 0", name="seats"),
        CheckConstraint("taken >= 0 AND (seats IS NULL OR taken <= seats)", name="taken"),
        CheckConstraint("slot_minutes > 0", name="slot_minutes"),
        CheckConstraint("slot_minutes IS NULL OR has_sign_up", name="slots"),
        CheckConstraint("attendance >= 0", name="attendance"),
        CheckConstraint("state <> 'cancelled' OR length(state_reason) > 0", name="reason"),
        Index("ix_meeting_when", "tenant_id", "starts_at"),
        Index("ix_meeting_consultation", "tenant_id", "consultation_id", "starts_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int | None]
    area_id: Mapped[int | None]  # None: the whole municipality
    kind: Mapped[str]
    title: Mapped[str]
    about: Mapped[str] = mapped_column(default="")
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]  # the first moment outside
    hours: Mapped[str] = mapped_column(default="")  # of what is open for days: "pon.–pt. 8–16"
    place: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")
    directions: Mapped[str] = mapped_column(default="")
    online_url: Mapped[str] = mapped_column(default="")
    step_free: Mapped[str] = mapped_column(default=Known.UNKNOWN)
    lift: Mapped[str] = mapped_column(default=Known.UNKNOWN)
    toilet: Mapped[str] = mapped_column(default=Known.UNKNOWN)
    loop: Mapped[str] = mapped_column(default=Known.UNKNOWN)
    sign_language: Mapped[str] = mapped_column(default=Known.UNKNOWN)
    captions: Mapped[str] = mapped_column(default=Known.UNKNOWN)
    easy_text: Mapped[str] = mapped_column(default=Known.UNKNOWN)
    assistant_dog: Mapped[str] = mapped_column(default=Known.UNKNOWN)
    quiet_room: Mapped[str] = mapped_column(default=Known.UNKNOWN)
    childcare: Mapped[str] = mapped_column(default=Known.UNKNOWN)
    access_contact: Mapped[str] = mapped_column(default="")
    bring: Mapped[str] = mapped_column(default="")
    leader: Mapped[str] = mapped_column(default="")
    has_sign_up: Mapped[bool] = mapped_column(default=False)  # False: one just comes
    seats: Mapped[int | None]  # None: no limit
    slot_minutes: Mapped[int | None]  # parted into times, one person each; seats is their number
    sign_up_until: Mapped[datetime | None]  # None: until it begins
    taken: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(default=State.PLANNED)
    state_reason: Mapped[str] = mapped_column(default="")
    created_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]  # None: a draft, which nobody outside the office sees
    revision: Mapped[int] = mapped_column(default=1)  # rises with each change; SEQUENCE of .ics
    attendance: Mapped[int | None]
    topics: Mapped[str] = mapped_column(default="")  # one a line
    note: Mapped[str] = mapped_column(default="")  # the public minutes
    note_published_at: Mapped[datetime | None]

    @property
    def consultation_scope(self) -> int | None:
        return self.consultation_id


def subject_of(meeting: Meeting) -> str:
    """Return how the audit names a meeting."""
    return f"{SUBJECT}:{meeting.id}"


class MeetingChange(OfTenant, Base):
    """A public line about a change after publication: what, from, to, why. Never removed."""

    __tablename__ = "meeting_change"
    __table_args__ = (
        same_tenant("meeting_id", "meeting"),
        Index("ix_meeting_change_meeting", "tenant_id", "meeting_id", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int]
    field: Mapped[str]
    old: Mapped[str]
    new: Mapped[str]
    reason: Mapped[str]
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]


LIVE = text("state IN ('signed', 'waiting')")


class SignUp(OfTenant, Base):
    """Who wants to come, with how many, and what they need to be able to.

    Personal data: name, address, telephone, needs. Kept until 30 days after the meeting's end, a
    sign-up that was never confirmed for a day; emptied at once on withdrawal. Never public.
    """

    __tablename__ = "meeting_sign_up"
    __table_args__ = (
        pair(),
        same_tenant("meeting_id", "meeting"),
        one_of("state", SignUpState),
        CheckConstraint(f"persons BETWEEN 1 AND {MOST_PERSONS}", name="persons"),
        CheckConstraint("state <> 'withdrawn' OR length(name || email || needs) = 0", name="empty"),
        CheckConstraint("slot IS NULL OR persons = 1", name="slot"),
        # One time for one person.
        Index(
            "ux_meeting_sign_up_slot",
            "meeting_id",
            "slot",
            unique=True,
            sqlite_where=text("state = 'signed'"),
            postgresql_where=text("state = 'signed'"),
        ),
        # One address once; who has none was entered by the office.
        Index(
            "ux_meeting_sign_up_email",
            "meeting_id",
            "email_folded",
            unique=True,
            sqlite_where=LIVE,
            postgresql_where=LIVE,
        ),
        Index("ix_meeting_sign_up_meeting", "tenant_id", "meeting_id", "id"),
    )
    public = False

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[str]
    email: Mapped[str] = mapped_column(default="")
    email_folded: Mapped[str | None] = mapped_column(index=True)
    phone: Mapped[str] = mapped_column(default="")
    persons: Mapped[int] = mapped_column(default=1)
    needs: Mapped[str] = mapped_column(default="")
    slot: Mapped[int | None]  # which time, from 0
    locale: Mapped[str] = mapped_column(default="pl")
    state: Mapped[str] = mapped_column(default=SignUpState.ASKED)
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # by telephone
    asked_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]


class MeetingMessage(OfTenant, Base):
    """What the office wrote to everybody who signed up: its log."""

    __tablename__ = "meeting_message"
    __table_args__ = (same_tenant("meeting_id", "meeting"),)
    public = False

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(index=True)
    subject: Mapped[str]
    body: Mapped[str]
    readers: Mapped[int]  # to how many addresses
    sent_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    sent_at: Mapped[datetime]


class MeetingQuestion(OfTenant, Base):
    """A question asked there and what was answered. ``asked_by`` is a label, not a name."""

    __tablename__ = "meeting_question"
    __table_args__ = (
        same_tenant("meeting_id", "meeting"),
        CheckConstraint("published_at IS NULL OR length(answer) > 0", name="answered"),
        Index("ix_meeting_question_meeting", "tenant_id", "meeting_id", "position", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int]
    position: Mapped[int]
    asked_by: Mapped[str] = mapped_column(default="")  # "mieszkanka Nadrzecza"
    question: Mapped[str]
    answer: Mapped[str] = mapped_column(default="")
    published_at: Mapped[datetime | None]
