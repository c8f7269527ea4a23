"""Answers: drafts are invisible until published together. Later changes are rows of their own."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    PrimaryKeyConstraint,
    ScalarSelect,
    UniqueConstraint,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute, Mapped, column_property, mapped_column

from deliberate.answers.positions import Position
from deliberate.kernel.tables import Base, OfTenant, one_of, pair, same_tenant

__all__ = ["Answer", "AnswerChange", "Assignment", "Position"]


class AnswerChange(OfTenant, Base):
    """A published answer put differently: written by one person, made public by another.

    Both texts stand in the row, so what was published once can be read for good.
    """

    __tablename__ = "answer_change"
    __table_args__ = (
        same_tenant("answer_id", "answer"),
        same_tenant("unit_id", "org_unit"),
        one_of("position", Position),
        CheckConstraint("length(justification) >= 40", name="justified"),
        CheckConstraint("length(reason) >= 10", name="reasoned"),
        CheckConstraint("published_by <> written_by", name="two_persons"),
        CheckConstraint("(published_at IS NULL) = (published_by IS NULL)", name="published_whole"),
        Index("ix_answer_change_answer", "tenant_id", "answer_id"),
        # One that waits for the second person, an answer.
        Index(
            "uq_answer_change_waiting",
            "tenant_id",
            "answer_id",
            unique=True,
            sqlite_where="published_at IS NULL",
            postgresql_where="published_at IS NULL",
        ),
    )
    public = False  # the answer itself changes with it

    id: Mapped[int] = mapped_column(primary_key=True)
    answer_id: Mapped[int]
    position: Mapped[str]
    justification: Mapped[str]
    unit_id: Mapped[int | None]
    signed_as: Mapped[str]
    reason: Mapped[str]  # why it changes; everybody reads it
    former_position: Mapped[str]
    former_justification: Mapped[str]
    former_signed_as: Mapped[str]
    written_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[datetime]
    published_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    published_at: Mapped[datetime | None]


class Assignment(OfTenant, Base):
    """Which department prepares the answer to a thing, and what the thing is about, in a word.

    The theme groups things in the report, also after the answer is out. Seen by the office alone
    until then.
    """

    __tablename__ = "answer_assignment"
    __table_args__ = (
        PrimaryKeyConstraint("tenant_id", "subject_kind", "subject_id"),
        same_tenant("consultation_id", "consultation"),
        same_tenant("unit_id", "org_unit"),
        CheckConstraint("length(theme) <= 60", name="theme"),
        CheckConstraint("unit_id IS NOT NULL OR theme <> ''", name="says_something"),
        Index("ix_answer_assignment_consultation", "tenant_id", "consultation_id"),
    )
    public = False

    consultation_id: Mapped[int]
    subject_kind: Mapped[str]
    subject_id: Mapped[int]
    unit_id: Mapped[int | None]
    theme: Mapped[str] = mapped_column(default="")
    assigned_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    assigned_at: Mapped[datetime]


class Answer(OfTenant, Base):
    """One answer to one thing; the same text may answer many (``batch`` joins them)."""

    __tablename__ = "answer"
    __table_args__ = (
        pair(),
        UniqueConstraint("tenant_id", "subject_kind", "subject_id"),
        one_of("position", Position),
        same_tenant("consultation_id", "consultation"),
        same_tenant("unit_id", "org_unit"),
        CheckConstraint("published_at IS NULL OR length(justification) >= 40", name="justified"),
        Index("ix_answer_consultation", "tenant_id", "consultation_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int]
    subject_kind: Mapped[str]
    subject_id: Mapped[int]
    position: Mapped[str]
    justification: Mapped[str]
    unit_id: Mapped[int | None]
    signed_as: Mapped[str]  # "Urząd Miasta, Wydział Inwestycji"
    batch: Mapped[str | None]  # the same for things answered together
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    saved_at: Mapped[datetime]
    published_at: Mapped[datetime | None]

    if TYPE_CHECKING:  # of the latest change that is public; see below
        changed_at: Mapped[datetime | None]
        change_reason: Mapped[str | None]

    @property
    def consultation_scope(self) -> int:
        return self.consultation_id


def _of_latest_change(column: InstrumentedAttribute[Any]) -> ScalarSelect[Any]:
    return (
        select(column)
        .where(
            AnswerChange.tenant_id == Answer.tenant_id,
            AnswerChange.answer_id == Answer.id,
            AnswerChange.published_at.is_not(None),
        )
        .order_by(AnswerChange.id.desc())
        .limit(1)
        .correlate_except(AnswerChange)
        .scalar_subquery()
    )


# Read with the answer itself, so that a page of many answers asks nothing more.
Answer.changed_at = column_property(_of_latest_change(AnswerChange.published_at))
Answer.change_reason = column_property(_of_latest_change(AnswerChange.reason))
