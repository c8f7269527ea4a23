"""The tables of documents, their units and the remarks on them."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from deliberate.authorship.models import Authored
from deliberate.documents.kinds import Channel, Level, RemarkKind, RemarkState
from deliberate.kernel.tables import Base, OfTenant, one_of, pair, same_tenant
from deliberate.subjects.states import ContentState

# The rows of public lists; said as subjects.states.shown() says it, so that the index serves it.
LISTED = text("content_state IN ('archived', 'collapsed', 'visible')")


class Document(OfTenant, Base):
    """A text put up for remarks in one consultation. ``version_no`` 0: nothing is read in yet.

    What an officer prepares lies beside it as units of version ``version_no + 1``, seen by nobody
    else until it is kept.
    """

    __tablename__ = "document"
    __table_args__ = (
        pair(),
        same_tenant("consultation_id", "consultation"),
        same_tenant("file_id", "file"),
        same_tenant("draft_file_id", "file"),
        CheckConstraint("version_no >= 0", name="version_no"),
        CheckConstraint("last_unit >= 0", name="last_unit"),
        Index("ix_document_consultation", "tenant_id", "consultation_id", "position"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int]
    position: Mapped[int]  # in the order of the consultation's documents
    title: Mapped[str]
    language: Mapped[str] = mapped_column(default="pl")
    file_id: Mapped[int | None]  # the file that people download; None for pasted text
    draft_file_id: Mapped[int | None]  # of what is being prepared
    version_no: Mapped[int] = mapped_column(default=0)  # the one that stands
    last_unit: Mapped[int] = mapped_column(default=0)  # the highest number given to a unit
    revision: Mapped[int] = mapped_column(default=1)  # rises with each change: two tabs meet here
    created_at: Mapped[datetime]

    @property
    def consultation_scope(self) -> int:
        return self.consultation_id


class DocumentVersion(OfTenant, Base):
    """One reading-in of a document, kept for good: what changed is seen between two of them."""

    __tablename__ = "document_version"
    __table_args__ = (
        same_tenant("document_id", "document"),
        same_tenant("file_id", "file"),
        UniqueConstraint("tenant_id", "document_id", "no"),
        CheckConstraint("no > 0", name="no"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int]
    no: Mapped[int]
    note: Mapped[str] = mapped_column(default="")  # why: "po uwagach", "wersja do uchwały"
    file_name: Mapped[str] = mapped_column(default="")  # as the officer called it; "": pasted
    file_id: Mapped[int | None]  # what was read in
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]


class Unit(OfTenant, Base):
    """One numbered place in a document, the same over all its versions: remarks point at it.

    ``number`` is given once and never again, so an address or a letter that names it stays right.
    """

    __tablename__ = "unit"
    __table_args__ = (
        pair(),
        same_tenant("document_id", "document"),
        UniqueConstraint("tenant_id", "document_id", "number"),
        CheckConstraint("number > 0", name="number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int]
    number: Mapped[int]
    remarks: Mapped[int] = mapped_column(default=0)  # counter of those that may be shown


class UnitText(OfTenant, Base):
    """How a unit stands in one version; where it is missing, that version does not have it."""

    __tablename__ = "unit_text"
    __table_args__ = (
        same_tenant("unit_id", "unit"),
        one_of("level", Level),
        Index("ix_unit_text_order", "document_id", "version_no", "position"),
    )

    unit_id: Mapped[int] = mapped_column(primary_key=True)
    version_no: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int]
    position: Mapped[int]  # from 1, without gaps, in reading order
    level: Mapped[str]
    label: Mapped[str]  # "§ 6", "ust. 2", "pkt 3", "lit. a"; "" for plain text
    path: Mapped[str]  # "§ 6 ust. 2 pkt 3": how letters and tables name the place
    text: Mapped[str]


class Remark(OfTenant, Authored, Base):
    """One remark, on a unit or on the whole. Numbered with the proposals of its consultation.

    Remarks that came on paper or by telephone are entered by an officer: they have no author's
    account, ``author_name`` is the label that the officer chose ("mieszkanka", "A.K."), and
    ``entered_by`` says who entered them. ``same_as`` is the hash of the folded text: remarks that
    share it are one mass letter, each listed and counted.
    """

    __tablename__ = "remark"
    __table_args__ = (
        pair(),
        UniqueConstraint("tenant_id", "consultation_id", "number"),
        UniqueConstraint("tenant_id", "author_id", "form_key"),
        one_of("kind", RemarkKind),
        one_of("channel", Channel),
        one_of("state", RemarkState),
        one_of("content_state", ContentState),
        same_tenant("consultation_id", "consultation"),
        same_tenant("document_id", "document"),
        same_tenant("on_unit_id", "unit"),
        CheckConstraint("on_unit_id IS NULL OR document_id IS NOT NULL", name="place"),
        CheckConstraint("state <> 'withdrawn' OR withdrawn_at IS NOT NULL", name="withdrawn"),
        CheckConstraint("(channel = 'web') = (entered_by IS NULL)", name="entered"),
        CheckConstraint("length(body) > 0 OR length(wording) > 0", name="said"),
        Index("ix_remark_unit", "tenant_id", "on_unit_id", "number"),
        # What a document has is counted from the index alone.
        Index(
            "ix_remark_document",
            "tenant_id",
            "document_id",
            "number",
            sqlite_where=LISTED,
            postgresql_where=LISTED,
        ),
        # Mass letters are counted and put together from the index alone.
        Index(
            "ix_remark_same",
            "tenant_id",
            "consultation_id",
            "same_as",
            "number",
            "id",
            sqlite_where=LISTED,
            postgresql_where=LISTED,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int]
    number: Mapped[int]
    document_id: Mapped[int | None]
    on_unit_id: Mapped[int | None]  # None: the whole; unit_id is the office unit of Authored
    document_version: Mapped[int | None]  # what its author read
    place: Mapped[str]  # "§ 6 ust. 2", frozen: as it was called on that day; "" for the whole
    kind: Mapped[str]
    wording: Mapped[str] = mapped_column(default="")  # proposed wording
    body: Mapped[str] = mapped_column(default="")  # why; of a question and a general one, all
    channel: Mapped[str] = mapped_column(default=Channel.WEB)
    received_on: Mapped[date]  # Warsaw's calendar
    is_late: Mapped[bool] = mapped_column(default=False)  # "po terminie": kept, not counted
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    same_as: Mapped[str]
    state: Mapped[str] = mapped_column(default=RemarkState.GIVEN)
    state_reason: Mapped[str] = mapped_column(default="")
    withdrawn_at: Mapped[datetime | None]
    content_state: Mapped[str] = mapped_column(default=ContentState.VISIBLE)
    folded: Mapped[str]  # for search
    form_key: Mapped[str | None]  # of the form it came from: sent twice, it is kept once

    @property
    def consultation_scope(self) -> int:
        return self.consultation_id


class RemarkSender(OfTenant, Base):
    """Who sent a remark, where the law asks for it or an answer must reach them. Never public.

    Kept until ``kept_until`` and removed by the retention job; the remark stays.
    """

    __tablename__ = "remark_sender"
    __table_args__ = (same_tenant("remark_id", "remark"),)
    public = False

    remark_id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(default="")  # or of the legal person
    address: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    owns_land: Mapped[bool | None]  # asked by the spatial plan's form alone
    case_number: Mapped[str] = mapped_column(default="")  # znak sprawy of the letter
    kept_until: Mapped[date]
