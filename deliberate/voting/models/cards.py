"""Cards on paper: numbered in batches, and keyed by two persons from the box.

No card is ever joined with the person who was given it: a participation knows no number of a card.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from deliberate.kernel.tables import Base, OfTenant, one_of, pair, same_tenant
from deliberate.voting.states import CardState


class CardBatch(OfTenant, Base):
    """Numbered cards for one place, and what two persons say became of them.

    issued = in the box + spoiled + missing + unused. Missing: handed out, and not in the box.
    """

    __tablename__ = "card_batch"
    __table_args__ = (
        pair(),
        same_tenant("poll_id", "poll"),
        UniqueConstraint("poll_id", "no"),
        UniqueConstraint("poll_id", "first"),
        CheckConstraint("1 <= first AND first <= last AND last - first < 1000", name="serials"),
        CheckConstraint(
            "(said_by IS NULL AND in_box IS NULL AND spoiled IS NULL AND missing IS NULL "
            "AND unused IS NULL) OR (said_by IS NOT NULL AND in_box >= 0 AND spoiled >= 0 "
            "AND missing >= 0 AND unused >= 0 "
            "AND in_box + spoiled + missing + unused = last - first + 1)",
            name="adds_up",
        ),
        CheckConstraint("confirmed_by <> said_by", name="two_persons"),
        CheckConstraint("confirmed_by IS NULL OR said_by IS NOT NULL", name="said_first"),
    )
    public = False

    id: Mapped[int] = mapped_column(primary_key=True)
    poll_id: Mapped[int]
    no: Mapped[int]
    place: Mapped[str]
    first: Mapped[int]  # serials run through all batches of a poll
    last: Mapped[int]
    made_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    in_box: Mapped[int | None]
    spoiled: Mapped[int | None]
    missing: Mapped[int | None]
    unused: Mapped[int | None]
    said_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    @property
    def issued(self) -> int:
        return self.last - self.first + 1


class Card(Base):
    """One card from the box, while it is keyed. Goes at the count, as its keyings do.

    invalid: JSON, the sections in which the finished card has no valid ballot.
    """

    __tablename__ = "card"
    __table_args__ = (
        same_tenant("poll_id", "poll"),
        same_tenant("batch_id", "card_batch"),
        one_of("state", CardState),
        CheckConstraint("(state = 'once') = (entry2_by IS NULL)", name="second"),
        CheckConstraint("(state = 'decided') = (decided_by IS NOT NULL)", name="third"),
        CheckConstraint("entry1_by <> entry2_by", name="two_persons"),
        CheckConstraint("decided_by <> entry1_by AND decided_by <> entry2_by", name="third_person"),
        Index("ix_card_batch", "batch_id"),
        {"sqlite_with_rowid": False},
    )
    public = False

    poll_id: Mapped[int] = mapped_column(primary_key=True)
    serial: Mapped[int] = mapped_column(primary_key=True)
    tenant_id: Mapped[int]
    batch_id: Mapped[int]
    state: Mapped[str] = mapped_column(default=CardState.ONCE)
    entry1_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    entry2_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    invalid: Mapped[str] = mapped_column(default="[]")


class CardKeying(Base):
    """What one clerk read from a card: canonical, section → choices or null for no valid ballot."""

    __tablename__ = "card_keying"
    __table_args__ = (
        same_tenant("poll_id", "poll"),
        {"sqlite_with_rowid": False},
    )
    public = False

    poll_id: Mapped[int] = mapped_column(primary_key=True)
    serial: Mapped[int] = mapped_column(primary_key=True)
    clerk_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    tenant_id: Mapped[int]
    choices: Mapped[str]
