"""What a person does not wish to be told, and who asked to be told of a beginning."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from deliberate.kernel.tables import Base, OfTenant


class SwitchedOff(Base):
    """A kind of letter that a person switched off. No row: they get it."""

    __tablename__ = "notification_off"
    public = False

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    since: Mapped[datetime]


class OneLetter(OfTenant, Base):
    """Someone without an account asked for one letter about one thing (texts.md no. 2).

    Personal data: the address; the row is deleted when the letter is sent, or after 400 days.
    """

    __tablename__ = "one_letter"
    __table_args__ = (UniqueConstraint("tenant_id", "email", "about"),)
    public = False

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str]
    about: Mapped[str]  # "next_consultation", "consultation:7:result"
    locale: Mapped[str]
    asked_at: Mapped[datetime]
