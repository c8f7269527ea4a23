"""The tables of the public registers: entries hold what is public, what came in is sealed."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from deliberate.kernel.tables import Base, OfTenant, one_of, pair, same_tenant
from deliberate.petitions.kinds import Register, State
from deliberate.subjects.states import ContentState


class Entry(OfTenant, Base):
    """One thing in a register, numbered by register and year from the day it is in it.

    ``supports`` counts people with accounts, ``paper`` is the office's last count of signatures.
    ``needed`` and ``due_on`` are written when they begin to bind: later rules do not change them.
    ``due_verified``: the rule behind the date was compared with its source.
    """

    __tablename__ = "register_entry"
    __table_args__ = (
        pair(),
        UniqueConstraint("tenant_id", "register", "year", "number"),
        UniqueConstraint("tenant_id", "author_id", "form_key"),
        one_of("register", Register),
        one_of("state", State),
        one_of("content_state", ContentState),
        same_tenant("area_id", "area"),
        same_tenant("consultation_id", "consultation"),
        same_tenant("joined_id", "register_entry"),
        CheckConstraint("(number IS NULL) = (year IS NULL)", name="numbered"),
        CheckConstraint("supports >= 0", name="supports"),
        CheckConstraint("paper >= 0", name="paper"),
        CheckConstraint("needed > 0", name="needed"),
        CheckConstraint("joined_id <> id", name="joined"),
        CheckConstraint("state = 'draft' OR number IS NOT NULL", name="has_number"),
        CheckConstraint("published_at IS NULL OR length(text) > 0", name="published"),
        CheckConstraint(
            "state NOT IN ('agreed', 'partly', 'refused', 'forwarded', 'left', 'withdrawn', "
            "'lapsed') OR closed_at IS NOT NULL",
            name="closed",
        ),
        CheckConstraint(
            "state NOT IN ('agreed', 'partly', 'refused', 'forwarded', 'left') "
            "OR length(answer) > 0",
            name="answered",
        ),
        Index("ix_register_entry_list", "tenant_id", "register", "published_at", "id"),
        Index("ix_register_entry_due", "tenant_id", "state", "due_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    register: Mapped[str]
    year: Mapped[int | None]
    number: Mapped[int | None]
    title: Mapped[str]
    text: Mapped[str] = mapped_column(default="")  # as published; empty until then
    form: Mapped[str] = mapped_column(default="")  # of a consultation, as it is wished
    reason: Mapped[str] = mapped_column(default="")
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    author_name: Mapped[str] = mapped_column(default="")  # empty without consent
    language: Mapped[str] = mapped_column(default="pl")
    state: Mapped[str] = mapped_column(default=State.DRAFT)
    content_state: Mapped[str] = mapped_column(default=ContentState.VISIBLE)
    area_id: Mapped[int | None]
    supports: Mapped[int] = mapped_column(default=0)
    paper: Mapped[int] = mapped_column(default=0)
    needed: Mapped[int | None]
    gathering_until: Mapped[date | None]  # last day
    received_on: Mapped[date | None]
    due_on: Mapped[date | None]  # last day of the office's or the council's time
    due_verified: Mapped[bool] = mapped_column(default=False)
    extended_from: Mapped[date | None]  # the last day before it was extended
    extension_reason: Mapped[str] = mapped_column(default="")
    joined_id: Mapped[int | None]  # examined together with this one
    answer: Mapped[str] = mapped_column(default="")
    forwarded_to: Mapped[str] = mapped_column(default="")
    closing_reason: Mapped[str] = mapped_column(default="")  # of withdrawing
    consultation_id: Mapped[int | None]  # what came of a request
    folded: Mapped[str] = mapped_column(default="")  # of what is published; for search
    form_key: Mapped[str | None]  # of the form it came from: sent twice, it is kept once
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]

    @property
    def consultation_scope(self) -> None:
        """Registers are of the whole municipality."""
        return


class Original(OfTenant, Base):
    """What came in, before redaction: read by the office alone, never by anybody else.

    Personal data: name, contact, the text and what is blacked out in it. The row goes, with its
    file, 90 days after the matter is closed (personal.KEPT); the office's own files go by their
    rules.
    """

    __tablename__ = "register_original"
    __table_args__ = (same_tenant("entry_id", "register_entry"),)
    public = False

    entry_id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    text: Mapped[str]
    name: Mapped[str] = mapped_column(default="")
    contact: Mapped[str] = mapped_column(default="")
    name_is_public: Mapped[bool] = mapped_column(default=False)
    passages: Mapped[str | None]  # blacked out, one a line; None: nobody has chosen yet


class EntrySupport(OfTenant, Base):
    """One person's support, or interest. The primary key is the rule "once per person".

    Kept until 90 days after the matter is closed; the number stays.
    """

    __tablename__ = "register_support"
    __table_args__ = (
        same_tenant("entry_id", "register_entry"),
        Index("ix_register_support_person", "person_id", "given_at"),
    )

    entry_id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    given_at: Mapped[datetime]


class PaperCount(OfTenant, Base):
    """A count of signatures on paper by the office; the last one holds, the others stay written."""

    __tablename__ = "register_paper_count"
    __table_args__ = (
        same_tenant("entry_id", "register_entry"),
        CheckConstraint("signatures >= 0", name="signatures"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(index=True)
    signatures: Mapped[int]
    note: Mapped[str]
    counted_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    counted_at: Mapped[datetime]


def subject_of(entry: Entry) -> str:
    """Return how the audit names an entry."""
    return f"{entry.register}:{entry.id}"
