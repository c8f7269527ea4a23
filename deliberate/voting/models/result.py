"""The count of a vote, and what follows it."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from deliberate.kernel.tables import Base, OfTenant, same_tenant


class PollResult(OfTenant, Base):
    """The count of a poll: enough for anyone to count again."""

    __tablename__ = "poll_result"
    __table_args__ = (same_tenant("poll_id", "poll"),)
    public = False

    poll_id: Mapped[int] = mapped_column(primary_key=True)
    ballots_hash: Mapped[str]
    outcome: Mapped[str]  # JSON: per section method, version, terms, figures, places, rounds
    participations: Mapped[int]
    channels: Mapped[str] = mapped_column(default="{}")  # JSON: channel → participations
    # JSON, where people voted on paper: cards, missing, invalid (section → cards).
    paper: Mapped[str] = mapped_column(default="{}", server_default="{}")
    # JSON, where it may be told: [name of an area, participations]; the rest has no name (turnout).
    areas: Mapped[str] = mapped_column(default="[]", server_default="[]")
    replaced: Mapped[int] = mapped_column(default=0, server_default="0")  # votes that were changed
    counted_at: Mapped[datetime]


class CountStop(OfTenant, Base):
    """Why a count that two persons agreed on was not made: something had changed meanwhile."""

    __tablename__ = "count_stop"
    __table_args__ = (same_tenant("poll_id", "poll"),)
    public = False

    poll_id: Mapped[int] = mapped_column(primary_key=True)
    approval_id: Mapped[int] = mapped_column(ForeignKey("approval.id"), primary_key=True)
    refusal: Mapped[str]  # canonical JSON: code, message, values
    stopped_at: Mapped[datetime]


class PollStep(OfTenant, Base):
    """A restartable step after the count: the poll's keys destroyed, space reclaimed."""

    __tablename__ = "poll_step"
    __table_args__ = (same_tenant("poll_id", "poll"),)
    public = False

    poll_id: Mapped[int] = mapped_column(primary_key=True)
    step: Mapped[str] = mapped_column(primary_key=True)
    done_at: Mapped[datetime]


class SeedTyping(OfTenant, Base):
    """The public random value as one person typed it; two equal ones become the poll's seed."""

    __tablename__ = "seed_typing"
    __table_args__ = (same_tenant("poll_id", "poll"),)
    public = False

    poll_id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    value: Mapped[str]  # canonical form
    typed_at: Mapped[datetime]
