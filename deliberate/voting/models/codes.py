"""Codes by which people vote who were given one: in a letter, or against a declaration."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from deliberate.kernel.tables import Base, OfTenant, one_of, pair, same_tenant
from deliberate.voting.states import CodeState


class CodeBatch(OfTenant, Base):
    """Codes that two persons ordered. They are made when they are printed, and seen only then."""

    __tablename__ = "code_batch"
    __table_args__ = (
        pair(),
        same_tenant("poll_id", "poll"),
        UniqueConstraint("poll_id", "no"),
        CheckConstraint("1 <= codes AND codes <= 1000", name="codes"),
    )
    public = False

    id: Mapped[int] = mapped_column(primary_key=True)
    poll_id: Mapped[int]
    no: Mapped[int]
    codes: Mapped[int]  # how many
    ordered_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    ordered_at: Mapped[datetime]
    printed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    printed_at: Mapped[datetime | None]


class VotingCode(Base):
    """One code, as far as we know it: a hash, and a number that stands on its letter."""

    __tablename__ = "voting_code"
    __table_args__ = (
        same_tenant("poll_id", "poll"),
        same_tenant("batch_id", "code_batch"),
        UniqueConstraint("batch_id", "serial"),
        one_of("state", CodeState),
        CheckConstraint("(state = 'used') = (person_key IS NOT NULL)", name="used_has_person"),
        CheckConstraint("(state = 'void') = (length(void_reason) >= 10)", name="void_has_reason"),
        Index("ix_voting_code_poll", "poll_id", "state"),
        {"sqlite_with_rowid": False},
    )
    public = False

    hash: Mapped[str] = mapped_column(primary_key=True)  # HMAC under the municipality's key
    tenant_id: Mapped[int]
    poll_id: Mapped[int]
    batch_id: Mapped[int]
    serial: Mapped[int]
    state: Mapped[str] = mapped_column(default=CodeState.UNUSED)
    void_reason: Mapped[str] = mapped_column(default="")
    person_key: Mapped[str | None]
