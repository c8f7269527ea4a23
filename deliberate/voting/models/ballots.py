"""What comes in while people vote. Emptied at the count; see ``final``."""

from datetime import date

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from deliberate.kernel.tables import Base, OfTenant, one_of
from deliberate.voting.states import Channel


class Participation(OfTenant, Base):
    """That someone took part, never how. The key is the rule "one person, one vote".

    Day and form are those of the last vote, where the rules let a voter change it.
    """

    __tablename__ = "participation"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "poll_id", "person_key"],
            ["eligibility.tenant_id", "eligibility.poll_id", "eligibility.person_key"],
        ),
        one_of("channel", Channel),
        # The key of a form is one voter's: sent again it finds its vote, foreign it finds a stop.
        Index("ix_participation_once_a_form", "poll_id", "idem_hash", unique=True),
        # The few on paper are counted often, and by a guard; it costs others nothing.
        Index(
            "ix_participation_on_paper",
            "tenant_id",
            "poll_id",
            sqlite_where="channel = 'paper'",
            postgresql_where="channel = 'paper'",
        ),
        {"sqlite_with_rowid": False},  # nor in which order they came
    )
    public = False

    tenant_id: Mapped[int] = mapped_column(ForeignKey("municipality.id"), primary_key=True)
    poll_id: Mapped[int] = mapped_column(primary_key=True)
    person_key: Mapped[str] = mapped_column(primary_key=True)
    channel: Mapped[str]
    day: Mapped[date]
    idem_hash: Mapped[str]  # of the form's key: a repeated sending is the same vote


class Ballot(Base):
    """What was chosen in one section. No person, no time, no address."""

    __tablename__ = "ballot"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "poll_id"], ["poll.tenant_id", "poll.id"]),
        Index("ix_ballot_once_a_section", "poll_id", "section_no", "link_tag", unique=True),
        {"sqlite_with_rowid": False},
    )
    public = False

    id: Mapped[str] = mapped_column(primary_key=True)  # 128 random bits: order tells nothing
    tenant_id: Mapped[int]
    poll_id: Mapped[int]
    section_no: Mapped[int]
    choices: Mapped[str]  # canonical text (algorithms.counting.ballots)
    link_tag: Mapped[str]  # HMAC under the poll's link key; gone with the row at counting


class Receipt(Base):
    """The leaf of one voter's choices in the public log: one for all sections, one code."""

    __tablename__ = "receipt"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "poll_id"], ["poll.tenant_id", "poll.id"]),
        Index("ix_receipt_once", "poll_id", "link_tag", unique=True),
        {"sqlite_with_rowid": False},
    )
    public = False

    leaf: Mapped[str] = mapped_column(primary_key=True)  # SHA-256, hex
    tenant_id: Mapped[int]
    poll_id: Mapped[int]
    link_tag: Mapped[str]
    nonce: Mapped[str | None]  # hex; kept only where the poll publishes ballots with their codes
    batch: Mapped[int | None]  # the head that covers it
    # Two persons took this vote out: a leaf that a head covers stays in the log, without a ballot.
    taken_out: Mapped[bool] = mapped_column(default=False)


class ReplacedReceipt(Base):
    """The leaf of a vote that its voter changed: it stays in the log, and no ballot belongs to it.

    Neither the person's key nor their tag: which vote came in its place is not kept anywhere.
    """

    __tablename__ = "replaced_receipt"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "poll_id"], ["poll.tenant_id", "poll.id"]),
        # A form that has brought a vote once brings it back never.
        Index("ix_replaced_receipt_once_a_form", "poll_id", "idem_hash", unique=True),
        {"sqlite_with_rowid": False},
    )
    public = False

    leaf: Mapped[str] = mapped_column(primary_key=True)
    tenant_id: Mapped[int]
    poll_id: Mapped[int]
    idem_hash: Mapped[str]  # of the key of the form that brought it
    batch: Mapped[int | None]  # the head that covers it
