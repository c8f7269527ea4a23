"""The tables of moderation. A decision is a row with reason, rule and scope; it never changes."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from deliberate.kernel.tables import Base, OfTenant, one_of, pair, same_tenant
from deliberate.moderation.reasons import Reason
from deliberate.subjects.states import ContentState


class NoticeState(StrEnum):
    """What has become of a notice."""

    RECEIVED = "received"
    DECIDED = "decided"


class Notice(OfTenant, Base):
    """Someone says that a thing breaks the rules. Never shown to the author of the thing.

    Personal data: the reporter's address, if left; emptied 180 days after the decision.
    """

    __tablename__ = "notice"
    __table_args__ = (
        pair(),
        UniqueConstraint("tenant_id", "number"),
        one_of("reason", Reason),
        one_of("state", NoticeState),
        Index("ix_notice_subject", "tenant_id", "subject_kind", "subject_id"),
    )
    public = False

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int]  # per municipality; on the receipt
    consultation_id: Mapped[int | None]
    subject_kind: Mapped[str]
    subject_id: Mapped[int]
    reason: Mapped[str]
    text: Mapped[str]
    reporter_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reporter_email: Mapped[str | None]
    locale: Mapped[str]
    state: Mapped[str] = mapped_column(default=NoticeState.RECEIVED)
    at: Mapped[datetime]
    decision_id: Mapped[int | None]
    decided_at: Mapped[datetime | None]

    @property
    def consultation_scope(self) -> int | None:
        return self.consultation_id


class Decision(OfTenant, Base):
    """A change of a thing's content state by a facilitator, with its reasons.

    ``undone_at`` is set only within the thirty seconds before the author is told; that column
    alone may change.
    """

    __tablename__ = "decision"
    __table_args__ = (
        pair(),
        one_of("reason", Reason),
        one_of("from_state", ContentState),
        one_of("to_state", ContentState),
        same_tenant("organisation_id", "organisation"),
        CheckConstraint("from_state <> to_state", name="changes"),
        CheckConstraint(
            "to_state <> 'hidden'"
            " OR (reason IS NOT NULL AND reason NOT IN ('off_topic', 'duplicate'))",
            name="hidden_has_reason",
        ),
        CheckConstraint("to_state <> 'hidden' OR length(explanation) >= 20", name="explained"),
        CheckConstraint("author_id IS NULL OR decided_by <> author_id", name="not_own"),
        UniqueConstraint("tenant_id", "subject_kind", "subject_id", "turn"),
        CheckConstraint("turn >= 1", name="turn"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int | None]
    subject_kind: Mapped[str]
    subject_id: Mapped[int]
    # 1 for the first about this thing: of two made at once, only one finds the number free.
    turn: Mapped[int]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # of the thing
    from_state: Mapped[str]
    to_state: Mapped[str]
    reason: Mapped[str | None]
    rule: Mapped[int | None]  # number of the rule of discussion
    rules_version: Mapped[int | None]
    passage: Mapped[str] = mapped_column(default="")  # what was marked; shown to the author only
    explanation: Mapped[str]
    scope: Mapped[str] = mapped_column(default="whole")  # the whole thing
    until: Mapped[datetime | None]  # None: until corrected
    notice_id: Mapped[int | None]
    decided_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    decider_label: Mapped[str]  # "facylitatorka, Stowarzyszenie Rozmowa i Miejsce"; no name
    organisation_id: Mapped[int | None]
    at: Mapped[datetime]
    told_after: Mapped[datetime]  # thirty seconds of undo
    undone_at: Mapped[datetime | None]

    @property
    def consultation_scope(self) -> int | None:
        return self.consultation_id


class Passed(OfTenant, Base):
    """A facilitator has read a thing and left it as it is; a later edit brings it back."""

    __tablename__ = "passed"
    public = False

    subject_kind: Mapped[str] = mapped_column(primary_key=True)
    subject_id: Mapped[int] = mapped_column(primary_key=True)
    passed_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
