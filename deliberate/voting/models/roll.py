"""A closed list: who may vote in an assembly, a senate, a council."""

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from deliberate.kernel.tables import Base, same_tenant


class RollLine(Base):
    """One person of a closed list, who votes from an account with this address.

    Personal data, kept to let them vote and for protests; removed with the voters of other votes
    (voting.retention). Lines that came after sealing have who added and who confirmed them.
    """

    __tablename__ = "roll_line"
    __table_args__ = (
        same_tenant("poll_id", "poll"),
        UniqueConstraint("poll_id", "email"),
        UniqueConstraint("poll_id", "account_key"),
        CheckConstraint("confirmed_by <> added_by", name="two_persons"),
        CheckConstraint("confirmed_by IS NULL OR added_by IS NOT NULL", name="added_first"),
        {"sqlite_with_rowid": False},
    )
    public = False

    poll_id: Mapped[int] = mapped_column(primary_key=True)
    no: Mapped[int] = mapped_column(primary_key=True)
    tenant_id: Mapped[int]
    name: Mapped[str]
    email: Mapped[str]  # folded as accounts fold theirs
    added_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    account_key: Mapped[str | None]  # the one account that voted on this line
