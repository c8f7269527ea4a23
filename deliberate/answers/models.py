"""Answers: drafts are invisible until published together."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from deliberate.answers.positions import Position
from deliberate.kernel.tables import Base, OfTenant, one_of, pair, same_tenant

__all__ = ["Answer", "Position"]


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

    @property
    def consultation_scope(self) -> int:
        return self.consultation_id
