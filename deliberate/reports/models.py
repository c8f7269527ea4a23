"""The tables of reports: what an officer writes, and versions that stay as they were published."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from deliberate.kernel.tables import Base, OfTenant, one_of, pair, same_tenant
from deliberate.reports.kinds import State


class ReportDraft(OfTenant, Base):
    """The office's own texts of a consultation's report, kept between its versions."""

    __tablename__ = "report_draft"
    __table_args__ = (same_tenant("consultation_id", "consultation"),)
    public = False

    consultation_id: Mapped[int] = mapped_column(primary_key=True)
    responsible: Mapped[str] = mapped_column(default="")  # for BIP: who answers for the contents
    case_number: Mapped[str] = mapped_column(default="")  # znak sprawy
    initiator: Mapped[str] = mapped_column(default="")
    summary: Mapped[str] = mapped_column(default="")
    minority: Mapped[str] = mapped_column(default="")
    conclusions: Mapped[str] = mapped_column(default="")
    next_steps: Mapped[str] = mapped_column(default="")
    evaluation: Mapped[str] = mapped_column(default="")
    annexes: Mapped[str] = mapped_column(default="")
    revision: Mapped[int] = mapped_column(default=1)  # rises with each saving: two tabs meet here
    saved_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    saved_at: Mapped[datetime]


class Report(OfTenant, Base):
    """One version of a consultation's report: made from the data of one moment, published whole.

    ``content`` is JSON of its ten parts without the table of everything, whose rows are
    ReportEntry. A mistake is mended by the next version, which says why.
    """

    __tablename__ = "report"
    __table_args__ = (
        pair(),
        UniqueConstraint("tenant_id", "consultation_id", "no"),
        same_tenant("consultation_id", "consultation"),
        one_of("state", State),
        CheckConstraint("no > 0", name="no"),
        CheckConstraint("no = 1 OR length(reason) >= 10", name="reasoned"),
        CheckConstraint("(state = 'making') = (made_at IS NULL)", name="made"),
        CheckConstraint("(state = 'published') = (published_at IS NOT NULL)", name="published"),
        # One in the works at a time.
        Index(
            "uq_report_unpublished",
            "tenant_id",
            "consultation_id",
            unique=True,
            sqlite_where=text("state <> 'published'"),
            postgresql_where=text("state <> 'published'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int]
    no: Mapped[int]
    state: Mapped[str] = mapped_column(default=State.MAKING)
    reason: Mapped[str] = mapped_column(default="")  # why there is a version after the first
    responsible: Mapped[str]
    case_number: Mapped[str] = mapped_column(default="")
    content: Mapped[str] = mapped_column(default="")
    entries: Mapped[int] = mapped_column(default=0)
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    made_at: Mapped[datetime | None]  # of this moment are its numbers
    published_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    published_at: Mapped[datetime | None]

    @property
    def consultation_scope(self) -> int:
        return self.consultation_id


class ReportEntry(OfTenant, Base):
    """One row of the table of everything, as it stood when the version was made.

    Without names of people. ``data`` is JSON. What was hidden since is not shown from here: the
    thing itself is asked (reports.queries.list_hidden).
    """

    __tablename__ = "report_entry"
    __table_args__ = (same_tenant("report_id", "report"),)

    report_id: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)  # from 1
    kind: Mapped[str]  # of the subject
    subject_id: Mapped[int]
    data: Mapped[str]


class ReportFile(OfTenant, Base):
    """One file of a version. Its bytes are those of ``file``; the hash is held here as well."""

    __tablename__ = "report_file"
    __table_args__ = (same_tenant("report_id", "report"), same_tenant("file_id", "file"))

    report_id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]
    file_id: Mapped[int]
    media_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
