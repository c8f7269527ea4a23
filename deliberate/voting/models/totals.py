"""What is left of a vote's persons, when they are forgotten."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from deliberate.kernel.tables import Base, OfTenant, same_tenant


class PollTotals(OfTenant, Base):
    """The numbers of the protocol that were counted from rows which are removed with this one.

    Where it is, nobody knows any more who took part, who held a code or whose vote was looked at.
    """

    __tablename__ = "poll_totals"
    __table_args__ = (same_tenant("poll_id", "poll"),)
    public = False

    poll_id: Mapped[int] = mapped_column(primary_key=True)
    persons: Mapped[int]  # rows of participation
    codes: Mapped[str]  # JSON: number of a batch → state → codes
    handed: Mapped[int]  # codes given at the counter
    cases: Mapped[str]  # JSON: kind → [kept, taken out]
    forgotten_at: Mapped[datetime]
