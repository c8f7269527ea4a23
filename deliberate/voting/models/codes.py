"""Codes by which people vote who were given one: sent, or against a declaration."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from deliberate.kernel.tables import Base, OfTenant, one_of, pair, same_tenant
from deliberate.voting.states import CodeState, HolderKind


class CodeBatch(OfTenant, Base):
    """Codes that two persons ordered. They are made when they are printed, and seen only then.

    Of a batch with addressees list_hash says what two persons agreed to, once the list is gone.
    instead_of: the number of a batch; these codes come in the place of void ones of it.
    """

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
    list_hash: Mapped[str | None]
    instead_of: Mapped[int | None]
    withdrawn_at: Mapped[datetime | None]  # before its codes were made


class CodeAddressee(Base):
    """To whom a code will go: name, home and contact, under the poll's contact key.

    Personal data, kept only until the letters are made; else until the end, at most seven days
    after the opening or the order (voting.retention). Nothing joins an addressee and a code: they
    meet in the memory of the one request that makes the letters.
    """

    __tablename__ = "code_addressee"
    __table_args__ = (
        same_tenant("batch_id", "code_batch"),
        Index("ix_code_addressee_batch", "batch_id"),
        {"sqlite_with_rowid": False},
    )
    public = False

    id: Mapped[str] = mapped_column(primary_key=True)  # random: the table's order is in sealed
    tenant_id: Mapped[int]
    batch_id: Mapped[int]
    sealed: Mapped[str]


class CodeHolder(Base):
    """That somebody got a code, or a contact did: one person, one code. Which one, nobody knows.

    Removed 60 days after the result, and when the vote is cancelled (voting.retention).
    """

    __tablename__ = "code_holder"
    __table_args__ = (
        same_tenant("poll_id", "poll"),
        one_of("kind", HolderKind),
        Index("ix_code_holder_batch", "batch_id"),
        {"sqlite_with_rowid": False},
    )
    public = False

    tenant_id: Mapped[int] = mapped_column(ForeignKey("municipality.id"), primary_key=True)
    poll_id: Mapped[int] = mapped_column(primary_key=True)
    hash: Mapped[str] = mapped_column(primary_key=True)  # HMAC under the municipality's key
    kind: Mapped[str]
    batch_id: Mapped[int | None]  # only until its letters are made: it may be withdrawn


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
