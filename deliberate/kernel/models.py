"""Tables of the kernel: letters and tasks that wait, files, attempts counted for limits."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, false
from sqlalchemy.orm import Mapped, mapped_column

from deliberate.kernel.tables import Base, OfTenant, pair

TELEPHONE = "tel:"  # how the address of a message to a telephone begins (kernel.sms)


class Outbox(Base):
    """A letter to send. Written in the transaction that causes it, so none precedes its cause.

    Personal data: the address and the text, kept 30 days after sending (``mail.forget``).
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_waiting", "not_before", "id"),
        CheckConstraint("tries >= 0", name="tries"),
    )
    public = False

    id: Mapped[int] = mapped_column(primary_key=True)
    tenant_id: Mapped[int | None] = mapped_column(ForeignKey("municipality.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str]  # key of a NoticeKind, or of a letter that cannot be switched off
    address: Mapped[str]
    subject: Mapped[str]
    body: Mapped[str]
    locale: Mapped[str]
    dedupe: Mapped[str | None] = mapped_column(unique=True)  # the same letter is written once
    created_at: Mapped[datetime]
    not_before: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None]  # class of the last failure, never its text
    # A letter of which nothing is kept: its row goes as it leaves, and a week after it was written.
    is_secret: Mapped[bool] = mapped_column(default=False, server_default=false())


class Task(Base):
    """A piece of work for later, done in steps that each leave a trace."""

    __tablename__ = "task"
    __table_args__ = (Index("ix_task_waiting", "run_at", "id"),)
    public = False

    id: Mapped[int] = mapped_column(primary_key=True)
    tenant_id: Mapped[int | None] = mapped_column(ForeignKey("municipality.id"))
    kind: Mapped[str]  # name of a Job
    payload: Mapped[str]  # JSON
    dedupe: Mapped[str | None] = mapped_column(unique=True)
    run_at: Mapped[datetime]
    done: Mapped[int] = mapped_column(default=0)
    of: Mapped[int] = mapped_column(default=1)
    tries: Mapped[int] = mapped_column(default=0)
    finished_at: Mapped[datetime | None]
    error: Mapped[str | None]


class StoredFile(OfTenant, Base):
    """A file or picture that someone uploaded; its bytes lie in kernel.storage under ``sha256``.

    Seen only while the thing it belongs to is seen; ``subject_kind`` is None until it is attached,
    and what stays unattached for a day is removed.
    """

    __tablename__ = "file"
    __table_args__ = (
        pair(),
        Index("ix_file_subject", "tenant_id", "subject_kind", "subject_id"),
        CheckConstraint("size > 0", name="size"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(unique=True)  # what the URL shows
    sha256: Mapped[str]
    name: Mapped[str]  # as the person called it; shown, never used as a path
    media_type: Mapped[str]
    size: Mapped[int]  # bytes
    width: Mapped[int | None]
    height: Mapped[int | None]
    alt: Mapped[str] = mapped_column(default="")
    subject_kind: Mapped[str | None]
    subject_id: Mapped[int | None]
    uploaded_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    uploaded_at: Mapped[datetime]


class Attempt(Base):
    """How often something was tried from somewhere within one window; old windows are removed."""

    __tablename__ = "attempt"
    public = False

    bucket: Mapped[str] = mapped_column(primary_key=True)
    key_hash: Mapped[str] = mapped_column(primary_key=True)  # no address, no account in the clear
    window_start: Mapped[datetime] = mapped_column(primary_key=True)
    n: Mapped[int]
