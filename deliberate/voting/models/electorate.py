"""Who may take part."""

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from deliberate.kernel.tables import Base, OfTenant, same_tenant


class Eligibility(OfTenant, Base):
    """A line of an electorate: this person key may take part."""

    __tablename__ = "eligibility"
    __table_args__ = (
        same_tenant("poll_id", "poll"),
        UniqueConstraint("tenant_id", "poll_id", "person_key"),
        {"sqlite_with_rowid": False},
    )
    public = False

    poll_id: Mapped[int] = mapped_column(primary_key=True)
    person_key: Mapped[str] = mapped_column(primary_key=True)  # HMAC under the municipality's key
    area_id: Mapped[int | None]
    source: Mapped[str]  # account, declared, code, list
