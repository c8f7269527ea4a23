"""The tables of discussion."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from deliberate.authorship.models import Authored
from deliberate.discussion.kinds import ContributionKind
from deliberate.kernel.tables import Base, OfTenant, one_of, pair, same_tenant
from deliberate.subjects.states import ContentState


class Thread(OfTenant, Base):
    """A discussion of one thing. Knows the kind and id of the thing, not the thing."""

    __tablename__ = "thread"
    __table_args__ = (
        pair(),
        UniqueConstraint("tenant_id", "subject_kind", "subject_id"),
        same_tenant("consultation_id", "consultation"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int]
    subject_kind: Mapped[str]
    subject_id: Mapped[int]
    last_number: Mapped[int] = mapped_column(default=0)

    @property
    def consultation_scope(self) -> int:
        return self.consultation_id


class Contribution(OfTenant, Authored, Base):
    """One voice. Replies are one level deep: a reply to a reply stands beside it and names it."""

    __tablename__ = "contribution"
    __table_args__ = (
        pair(),
        UniqueConstraint("tenant_id", "thread_id", "id"),
        UniqueConstraint("tenant_id", "thread_id", "number"),
        one_of("kind", ContributionKind),
        one_of("content_state", ContentState),
        same_tenant("thread_id", "thread"),
        ForeignKeyConstraint(  # a reply stays in its thread
            ["tenant_id", "thread_id", "parent_id"],
            ["contribution.tenant_id", "contribution.thread_id", "contribution.id"],
        ),
        CheckConstraint("parent_id <> id", name="parent"),
        CheckConstraint("number >= 1", name="number"),
        Index("ix_contribution_roots", "thread_id", "parent_id", "pinned_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int]
    thread_id: Mapped[int]
    number: Mapped[int]  # in its thread; the permalink shows it
    parent_id: Mapped[int | None]  # the root it stands under
    answers_number: Mapped[int | None]  # which voice exactly, where not the root
    kind: Mapped[str] = mapped_column(default=ContributionKind.VOICE)
    body: Mapped[str]
    folded: Mapped[str]
    content_state: Mapped[str] = mapped_column(default=ContentState.VISIBLE)
    pinned_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]  # by its author; the text is kept, and never shown

    @property
    def consultation_scope(self) -> int:
        return self.consultation_id


class Summary(OfTenant, Authored, Base):
    """A facilitator's summary of a thread; later ones stand above earlier ones."""

    __tablename__ = "summary"
    __table_args__ = (
        pair(),
        same_tenant("thread_id", "thread"),
        one_of("content_state", ContentState),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int]
    thread_id: Mapped[int]
    agreed: Mapped[str]  # co do tego jest zgoda
    disputed: Mapped[str]  # co zostaje sporne
    covers: Mapped[int]  # how many voices it is of
    content_state: Mapped[str] = mapped_column(default=ContentState.VISIBLE)

    @property
    def consultation_scope(self) -> int:
        return self.consultation_id
