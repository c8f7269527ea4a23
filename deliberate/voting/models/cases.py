"""Votes about which two persons decide before the count."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from deliberate.kernel.tables import Base, OfTenant, one_of, pair, same_tenant
from deliberate.voting.states import CaseKind, Verdict


class VoteCase(OfTenant, Base):
    """A vote that somebody has to look at: whose it is, and why; never what it says.

    A suspicion is opened by one person of the office, who says why and what the vote has in common
    with others (grounds: suspicions.Kind); all other kinds are opened by voters.
    """

    __tablename__ = "vote_case"
    __table_args__ = (
        pair(),
        same_tenant("poll_id", "poll"),
        UniqueConstraint("poll_id", "person_key", "kind"),
        one_of("kind", CaseKind),
        CheckConstraint("(kind = 'suspicion') = (opened_by IS NOT NULL)", name="opened_by"),
        CheckConstraint("(kind = 'suspicion') = (length(reason) >= 10)", name="reason"),
    )
    public = False

    id: Mapped[int] = mapped_column(primary_key=True)
    poll_id: Mapped[int]
    kind: Mapped[str]
    person_key: Mapped[str]
    opened_at: Mapped[datetime]
    opened_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    grounds: Mapped[str] = mapped_column(default="", server_default="")
    reason: Mapped[str] = mapped_column(default="", server_default="")


class VoteVerdict(OfTenant, Base):
    """What one person says of a case, and that another says so too: then it holds.

    A vote is taken out at the count only where such a row says so (guards).
    """

    __tablename__ = "vote_verdict"
    __table_args__ = (
        same_tenant("case_id", "vote_case"),
        one_of("verdict", Verdict),
        CheckConstraint("confirmed_by <> said_by", name="two_persons"),
        CheckConstraint("(confirmed_by IS NULL) = (confirmed_at IS NULL)", name="confirmed"),
        CheckConstraint("length(reason) >= 10", name="reason"),
    )
    public = False

    case_id: Mapped[int] = mapped_column(primary_key=True)
    verdict: Mapped[str]
    reason: Mapped[str]
    said_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    said_at: Mapped[datetime]
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    confirmed_at: Mapped[datetime | None]
