"""What was counted: rewritten in the order of random keys, with nothing that leads to a person.

Foreign keys would be asked row by row while the count holds the lock; the guards of these tables
ask for municipality and poll (once a statement on PostgreSQL), and a sealed poll never goes.
"""

from datetime import date

from sqlalchemy import false
from sqlalchemy.orm import Mapped, mapped_column

from deliberate.kernel.tables import Base, one_of
from deliberate.voting.states import Channel


class FinalBallot(Base):
    """An accepted ballot."""

    __tablename__ = "ballot_final"
    __table_args__ = {"sqlite_with_rowid": False}
    public = False

    poll_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)  # a new random key
    tenant_id: Mapped[int]
    section_no: Mapped[int]
    choices: Mapped[str]
    leaf: Mapped[str | None]  # only where the poll publishes ballots with their codes


class FinalReceipt(Base):
    """A leaf of the public log."""

    __tablename__ = "receipt_final"
    __table_args__ = {"sqlite_with_rowid": False}
    public = False

    poll_id: Mapped[int] = mapped_column(primary_key=True)
    leaf: Mapped[str] = mapped_column(primary_key=True)
    tenant_id: Mapped[int]
    nonce: Mapped[str | None]  # only where the poll publishes ballots with their codes
    batch: Mapped[int]
    taken_out: Mapped[bool] = mapped_column(default=False)  # in the log, but not counted
    # In the log, but its voter changed the vote: another leaf, nobody knows which, is counted.
    replaced: Mapped[bool] = mapped_column(default=False, server_default=false())


class FinalParticipation(Base):
    """That a person took part, for "is a vote recorded in my name?"."""

    __tablename__ = "participation_final"
    __table_args__ = (
        one_of("channel", Channel),
        {"sqlite_with_rowid": False},
    )
    public = False

    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    poll_id: Mapped[int] = mapped_column(primary_key=True)
    person_key: Mapped[str] = mapped_column(primary_key=True)
    channel: Mapped[str]
    day: Mapped[date]
