"""The request of one person and the decision of another."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from deliberate.kernel.tables import Base, OfTenant


class Approval(OfTenant, Base):
    """``payload_sha256`` is of what exactly is approved: what changes is asked anew."""

    __tablename__ = "approval"
    __table_args__ = (
        CheckConstraint("asked_by <> decided_by", name="two_persons"),
        CheckConstraint(
            "(decided_at IS NULL) = (decided_by IS NULL)"
            " AND (approved IS NULL) = (decided_by IS NULL)",
            name="decided_whole",
        ),
        Index("ix_approval_subject", "tenant_id", "act", "subject_kind", "subject_id"),
        # One open request an act and thing.
        Index(
            "uq_approval_open",
            "tenant_id",
            "act",
            "subject_kind",
            "subject_id",
            unique=True,
            sqlite_where="decided_at IS NULL AND closed_at IS NULL",
            postgresql_where="decided_at IS NULL AND closed_at IS NULL",
        ),
    )
    public = False

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(unique=True)  # in the link of the letter; opens, not decides
    act: Mapped[str]  # "consultation.publish"
    subject_kind: Mapped[str]
    subject_id: Mapped[int]
    payload_sha256: Mapped[str]
    asked_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    asked_of: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # None: any approver
    note: Mapped[str] = mapped_column(default="")
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    approved: Mapped[bool | None]
    reason: Mapped[str | None]  # why not
    expires_at: Mapped[datetime]
    spent_at: Mapped[datetime | None]  # the act was done
    closed_at: Mapped[datetime | None]  # withdrawn, or asked anew

    @property
    def consultation_scope(self) -> int | None:
        """What a role must reach to decide (access.decorators)."""
        return self.subject_id if self.subject_kind == "consultation" else None

    def concerns(self, person_id: int | None) -> bool:
        """Tell whether the act would be done to this very person, who then decides nothing."""
        return self.subject_kind == "person" and self.subject_id == person_id
