"""The one table of links between things of all kinds."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from deliberate.kernel.tables import Base, OfTenant, one_of
from deliberate.subjects.relations import Relation


class Link(OfTenant, Base):
    """One thing points at another of the same municipality; both pages show it.

    Kinds are keys of the registry, so no foreign key holds the ends: actions.tie does.
    """

    __tablename__ = "link"
    __table_args__ = (
        one_of("relation", Relation),
        UniqueConstraint("tenant_id", "from_kind", "from_id", "to_kind", "to_id", "relation"),
        CheckConstraint("from_kind <> to_kind OR from_id <> to_id", name="ends"),
        Index("ix_link_to", "tenant_id", "to_kind", "to_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    from_kind: Mapped[str]
    from_id: Mapped[int]
    relation: Mapped[str]
    to_kind: Mapped[str]
    to_id: Mapped[int]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # None: the program
    made_at: Mapped[datetime]
