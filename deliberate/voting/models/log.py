"""The public log: a chain of signed heads over the receipts."""

from datetime import date

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from deliberate.kernel.tables import Base, OfTenant, same_tenant


class LogHead(OfTenant, Base):
    """What the log held on a day, signed. Only the day is kept: an hour would order the voters."""

    __tablename__ = "log_head"
    __table_args__ = (
        same_tenant("poll_id", "poll"),
        UniqueConstraint("hash"),
        CheckConstraint("1 <= no AND 0 <= leaves", name="numbers"),
    )
    public = False

    poll_id: Mapped[int] = mapped_column(primary_key=True)
    no: Mapped[int] = mapped_column(primary_key=True)
    leaves: Mapped[int]  # receipts covered, in whole tens but for the final head
    root: Mapped[str]  # of the Merkle tree over all of them
    previous: Mapped[str]  # hash of the head before; of nothing for the first
    day: Mapped[date]
    body: Mapped[str]  # canonical JSON: what is signed
    hash: Mapped[str]  # SHA-256 of the body
    signature: Mapped[str]  # Ed25519 over the body, base64
