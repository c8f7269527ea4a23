"""The chain: one a municipality and one for the installation."""

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from deliberate.kernel.tables import Base


class AuditHead(Base):
    """The last link of a chain; locked while the next is forged."""

    __tablename__ = "audit_head"
    public = False

    chain: Mapped[str] = mapped_column(primary_key=True)  # "installation" or "m:<id>"
    seq: Mapped[int]
    hash: Mapped[str]


class AuditEntry(Base):
    """One act. Never changed, never removed: a correction is a new entry."""

    __tablename__ = "audit_entry"
    public = False

    chain: Mapped[str] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    prev: Mapped[str]
    hash: Mapped[str] = mapped_column(unique=True)
    at: Mapped[datetime]
    actor: Mapped[str]  # "person:12", "system"
    capacity: Mapped[str]
    action: Mapped[str]  # of the closed list in pages.acts
    subject: Mapped[str]  # "consultation:7"
    payload_hash: Mapped[str]


class AuditDetail(Base):
    """Words and personal data of an entry. ``body`` can be erased; the salted hash stays true."""

    __tablename__ = "audit_detail"
    __table_args__ = (
        ForeignKeyConstraint(["chain", "seq"], ["audit_entry.chain", "audit_entry.seq"]),
    )
    public = False

    chain: Mapped[str] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    salt: Mapped[bytes] = mapped_column(LargeBinary)
    body: Mapped[str | None]  # JSON


class AccessRefusal(Base):
    """A signed-in person was refused a page: one row a person, route and hour."""

    __tablename__ = "access_refusal"
    public = False

    tenant_id: Mapped[int] = mapped_column(primary_key=True)  # 0: no municipality
    person_id: Mapped[int] = mapped_column(primary_key=True)
    endpoint: Mapped[str] = mapped_column(primary_key=True)
    hour: Mapped[datetime] = mapped_column(primary_key=True)
    n: Mapped[int]
