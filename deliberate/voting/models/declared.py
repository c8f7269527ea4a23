"""Those who say at the moment of voting who they are, and the codes that prove their contact."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from deliberate.kernel.tables import Base, OfTenant, one_of, same_tenant
from deliberate.voting.contacts import ContactKind
from deliberate.voting.states import SignalKind


class Voter(Base):
    """Who a person key of a poll is, as they typed it.

    Personal data, kept so that the office can look before the count whether anyone voted twice,
    and write to somebody whose vote is doubted. Removed 60 days after the result was published
    (30 days for protests and 30 more), and when the vote is cancelled (voting.retention). Never
    joined with ballots: those know only a tag under a key that lies elsewhere.
    """

    __tablename__ = "voter"
    __table_args__ = (
        same_tenant("poll_id", "poll"),
        one_of("contact_kind", ContactKind),
        {"sqlite_with_rowid": False},
    )
    public = False

    tenant_id: Mapped[int] = mapped_column(ForeignKey("municipality.id"), primary_key=True)
    poll_id: Mapped[int] = mapped_column(primary_key=True)
    person_key: Mapped[str] = mapped_column(primary_key=True)
    given_name: Mapped[str]
    surname: Mapped[str]
    street: Mapped[str]
    house_no: Mapped[str]
    flat: Mapped[str]
    contact_kind: Mapped[str]
    contact_hash: Mapped[str]  # HMAC under the municipality's key: the same one is seen, not read
    # The contact itself, under the poll's contact key, which goes at the count: for the letter to
    # somebody whose vote is held. Empty: there was no key, so the letter goes by post.
    contact_sealed: Mapped[str] = mapped_column(default="", server_default="")
    locale: Mapped[str] = mapped_column(default="pl", server_default="pl")  # of that letter


class ContactCode(OfTenant, Base):
    """A one-time code on its way to a telephone or an e-mail.

    All that the server keeps of somebody who has not voted yet. Goes with the vote it proves, else
    a day after it expired.
    """

    __tablename__ = "contact_code"
    __table_args__ = (
        same_tenant("poll_id", "poll"),
        CheckConstraint("0 <= tries", name="tries"),
        Index("ix_contact_code_expires_at", "expires_at"),
    )
    public = False

    token_hash: Mapped[str] = mapped_column(primary_key=True)  # the form holds the token
    poll_id: Mapped[int]
    contact_hash: Mapped[str]
    code_hash: Mapped[str]
    tries: Mapped[int] = mapped_column(default=0)
    expires_at: Mapped[datetime]


class VoteSignal(Base):
    """That a vote came with one contact, from one network or one home, in an hour.

    A row a vote and kind. Which vote it is, is kept only so that a suspicion can be said of votes,
    and these be held, rather than of numbers with which nobody could do anything. The rest are
    hashes, and the hour tells less than the order in which participations came. Nobody reads them
    before the end; the count removes them, with the space they took (jobs).
    """

    __tablename__ = "vote_signal"
    __table_args__ = (
        same_tenant("poll_id", "poll"),
        one_of("kind", SignalKind),
        Index("ix_vote_signal_poll", "poll_id", "person_key"),
        {"sqlite_with_rowid": False},
    )
    public = False

    id: Mapped[str] = mapped_column(primary_key=True)  # random: votes of one hour have no order
    tenant_id: Mapped[int]
    poll_id: Mapped[int]
    person_key: Mapped[str]
    kind: Mapped[str]
    value_hash: Mapped[str]
    hour: Mapped[datetime]
