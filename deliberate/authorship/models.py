"""Who wrote, in whose name, in which language; versions, drafts, co-authors, translations."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from deliberate.kernel.tables import Base, OfTenant


class Capacity(StrEnum):
    """In whose name a statement is made. Stored with it for good."""

    RESIDENT = "resident"
    GUEST = "guest"  # takes part, has not declared that they live here
    OFFICE = "office"
    FACILITATOR = "facilitator"
    ORGANISATION = "organisation"
    COUNCILLOR = "councillor"
    VILLAGE_HEAD = "village_head"  # sołtyska, sołtys
    NEIGHBOURHOOD_COUNCIL = "neighbourhood_council"  # rada osiedla
    YOUTH_COUNCIL = "youth_council"


class Authored:
    """Columns of everything people write.

    ``capacity_label`` is frozen: "Urząd Miasta, Wydział Edukacji", "mieszkanka, Nadrzecze" – as
    it was true on that day.
    """

    capacity: Mapped[str]
    capacity_label: Mapped[str]
    author_name: Mapped[str]  # as shown on that day; emptied when the account is closed
    language: Mapped[str] = mapped_column(default="pl")  # of the text itself
    version_no: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]

    @declared_attr
    @classmethod
    def author_id(cls) -> Mapped[int | None]:
        return mapped_column(ForeignKey("person.id"), index=True)

    @declared_attr
    @classmethod
    def organisation_id(cls) -> Mapped[int | None]:
        return mapped_column(ForeignKey("organisation.id"))

    @declared_attr
    @classmethod
    def unit_id(cls) -> Mapped[int | None]:
        return mapped_column(ForeignKey("org_unit.id"))


class Version(OfTenant, Base):
    """How a text stood before and after a change; number 1 is the first. Seen while the text is."""

    __tablename__ = "version"
    __table_args__ = (UniqueConstraint("tenant_id", "kind", "subject_id", "no"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    subject_id: Mapped[int]
    no: Mapped[int]
    fields: Mapped[str]  # JSON: field → text
    note: Mapped[str] = mapped_column(default="")  # why it was changed
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    author_label: Mapped[str]
    at: Mapped[datetime]


class Coauthor(OfTenant, Base):
    """Someone asked to sign a text with its author; counts once accepted.

    They are asked by address, whether it has an account or not, so that asking tells nobody which
    addresses have one. Whoever declines leaves no row. Personal data: the address, emptied when
    accepted, removed with the row 14 days after asking.
    """

    __tablename__ = "coauthor"
    __table_args__ = (
        UniqueConstraint("tenant_id", "kind", "subject_id", "person_id"),
        Index("ix_coauthor_subject", "tenant_id", "kind", "subject_id"),
        CheckConstraint("(accepted_at IS NULL) = (email IS NOT NULL)", name="address_until_answer"),
        CheckConstraint("(accepted_at IS NULL) = (person_id IS NULL)", name="accepted_by"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    subject_id: Mapped[int]
    token_hash: Mapped[str] = mapped_column(unique=True)
    email: Mapped[str | None]  # folded
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[str] = mapped_column(default="")  # as shown on the day of accepting
    invited_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]


class Draft(OfTenant, Base):
    """A text not yet sent, seen by its writer only.

    Deleted when sent, or 180 days after the last change.
    """

    __tablename__ = "draft"
    public = False

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    place: Mapped[str] = mapped_column(primary_key=True)  # "consultation:7"
    fields: Mapped[str]  # JSON: form field → text
    updated_at: Mapped[datetime]


class Translation(OfTenant, Base):
    """An official text's field in another language; one that is missing is shown as missing."""

    __tablename__ = "translation"

    kind: Mapped[str] = mapped_column(primary_key=True)
    subject_id: Mapped[int] = mapped_column(primary_key=True)
    field: Mapped[str] = mapped_column(primary_key=True)
    lang: Mapped[str] = mapped_column(primary_key=True)
    text: Mapped[str]
    translated_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
