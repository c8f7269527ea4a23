"""Letters: written as rows of ``outbox``, sent by the worker, readable at /poczta in the demo.

Nothing is sent for what was rolled back, nothing twice (``dedupe``), nothing before its moment
(``not_before``: thirty seconds of undo). Headers are made by ``email.message``, which refuses
line breaks; user texts never become headers other than a cleaned subject. A letter leaves as the
text that was written and as HTML made of it by the caller's ``Rendition``; one to many readers also
says in its headers where its ``WayOut`` is, so that mail programs can offer a button (RFC 8058).
"""

from __future__ import annotations

import logging
import smtplib
import ssl
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from email import quoprimime
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import EmailPolicy, Policy
from email.utils import format_datetime, make_msgid
from urllib.parse import unquote, urlsplit

from sqlalchemy import ColumnElement, delete, func, or_, select, update
from sqlalchemy.exc import IntegrityError

from deliberate.kernel import clock
from deliberate.kernel.db import db, insert_rows, transaction
from deliberate.kernel.models import TELEPHONE, Outbox

log = logging.getLogger(__name__)

Rendition = Callable[[Outbox], str]  # a letter as HTML
WayOut = Callable[[Outbox], str | None]  # where one POST stops such letters; None: a personal one

KEPT_AFTER_SENDING = timedelta(days=30)
KEPT_SECRET = timedelta(days=7)  # a letter of which nothing is kept, and which nobody takes
MOST_TRIES = 10
LATER = timedelta(minutes=5)


class _WholeHeader(UnstructuredHeader, BaseHeader):
    """A header on one line: the library would hide a long address in encoded words."""

    max_count = 1

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


_HEADERS = HeaderRegistry()
_HEADERS.map_to_type("list-unsubscribe", _WholeHeader)
_POLICY = EmailPolicy(header_factory=_HEADERS)


def _no_way_out(_letter: Outbox) -> None:
    return None


def write(
    *,
    kind: str,
    address: str,
    subject: str,
    body: str,
    locale: str,
    tenant_id: int | None,
    person_id: int | None = None,
    not_before: datetime | None = None,
    dedupe: str | None = None,
    is_secret: bool = False,
) -> None:
    """Add a letter to the caller's transaction; one with the same ``dedupe`` is not added again.

    is_secret: its row goes as it leaves.
    """
    now = clock.now()
    row = Outbox(
        tenant_id=tenant_id,
        person_id=person_id,
        kind=kind,
        address=address,
        subject=_on_one_line(subject),
        body=body,
        locale=locale,
        dedupe=dedupe,
        created_at=now,
        not_before=not_before or now,
        is_secret=is_secret,
    )
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        if dedupe is None:
            raise


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretLetter:
    """A letter made before the transaction that gives it away; its row goes as it leaves."""

    kind: str
    address: str
    subject: str
    body: str
    locale: str
    tenant_id: int
    dedupe: str


def write_secrets(letters: Sequence[SecretLetter]) -> None:
    """Add many letters at once to the caller's transaction.

    IntegrityError where one with the same ``dedupe`` waits: the caller's lock lets none be.
    """
    now = clock.now()
    rows = [
        {
            **asdict(letter),
            "subject": _on_one_line(letter.subject),
            "created_at": now,
            "not_before": now,
            "is_secret": True,
        }
        for letter in letters
    ]
    insert_rows(Outbox, rows)


def _on_one_line(subject: str) -> str:
    return " ".join(subject.split())[:200]


def cancel(dedupe: str, *, now: datetime) -> bool:
    """Withdraw a letter that has not left. Returns whether it was still here."""
    stopped = db.session.execute(
        update(Outbox)
        .where(Outbox.dedupe == dedupe, Outbox.sent_at.is_(None), Outbox.cancelled_at.is_(None))
        .values(cancelled_at=now)
    )
    return bool(stopped.rowcount)  # type: ignore[attr-defined]


def take_back(dedupe: str) -> None:
    """Remove a letter that has not left, without a trace."""
    db.session.execute(delete(Outbox).where(Outbox.dedupe == dedupe, Outbox.sent_at.is_(None)))


def send_due(
    smtp_url: str,
    sender: str,
    *,
    html: Rendition,
    way_out: WayOut = _no_way_out,
    limit: int = 50,
) -> int:
    """Send what is due over one connection, oldest first. Returns how many letters left."""
    due = _due(clock.now(), limit)
    if not due:
        return 0
    sent = 0
    try:
        with _connect(smtp_url) as server:
            for letter in due:
                message = _message(letter, sender, html(letter), way_out(letter))
                sent += _send(server, letter, message)
    except (OSError, smtplib.SMTPException) as trouble:
        log.warning("mail server not reached: %s", type(trouble).__name__)
    return sent


def forget(now: datetime) -> int:
    """Remove letters that left or were cancelled 30 days ago, and old secrets. Returns how many."""
    gone = db.session.execute(delete(Outbox).where(is_old(now)))
    return gone.rowcount  # type: ignore[attr-defined, no-any-return]


def is_old(now: datetime) -> ColumnElement[bool]:
    """Tell which letters ``forget`` removes."""
    ended = func.coalesce(Outbox.sent_at, Outbox.cancelled_at)
    return or_(
        ended < now - KEPT_AFTER_SENDING, Outbox.is_secret & (Outbox.created_at < now - KEPT_SECRET)
    )


def note_tried(letter_id: int, error: str | None, *, later: timedelta) -> None:
    """Note that a letter has left, or what stopped it; of a secret one that has left, nothing."""
    now = clock.now()
    with transaction():
        if error is None:
            this = Outbox.id == letter_id
            db.session.execute(delete(Outbox).where(this, Outbox.is_secret))
        db.session.execute(
            update(Outbox)
            .where(Outbox.id == letter_id)
            .values(
                sent_at=now if error is None else None,
                tries=Outbox.tries + 1,
                error=error,
                not_before=Outbox.not_before if error is None else now + later,
            )
        )


def _due(now: datetime, limit: int) -> list[Outbox]:
    return list(
        db.session.scalars(
            select(Outbox)
            .where(
                ~Outbox.address.startswith(TELEPHONE),
                Outbox.sent_at.is_(None),
                Outbox.cancelled_at.is_(None),
                Outbox.not_before <= now,
                Outbox.tries < MOST_TRIES,
            )
            .order_by(Outbox.not_before, Outbox.id)
            .limit(limit)
        )
    )


def _send(server: smtplib.SMTP, letter: Outbox, message: EmailMessage) -> bool:
    letter_id = letter.id
    error: str | None = None
    try:
        server.send_message(message)
    except smtplib.SMTPResponseException as trouble:
        error = f"{type(trouble).__name__} {trouble.smtp_code}"
    except smtplib.SMTPRecipientsRefused:
        error = "SMTPRecipientsRefused"
    note_tried(letter_id, error, later=LATER)
    return error is None


def _message(letter: Outbox, sender: str, html: str, way_out: str | None) -> EmailMessage:
    message = EmailMessage(policy=_POLICY)
    message["From"] = sender
    message["To"] = Address(addr_spec=letter.address)
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(clock.now())
    message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2].rstrip(">"))
    message["Auto-Submitted"] = "auto-generated"
    if way_out is not None:
        message["List-Unsubscribe"] = f"<{way_out}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(letter.body)
    message.add_alternative(html, subtype="html", cte=_shorter_encoding(html))
    message["Content-Language"] = letter.locale  # both calls above take away all of "Content-"
    return message


def _shorter_encoding(html: str) -> str:
    """Both keep lines short. Left to itself, the library looks at ten lines, which are ours."""
    said = html.encode()
    quoted = quoprimime.body_length(said)  # three for each byte of a letter that is not Latin
    return "quoted-printable" if quoted < len(said) * 4 / 3 else "base64"


def _connect(smtp_url: str) -> smtplib.SMTP:
    parts = urlsplit(smtp_url)
    host, port = parts.hostname or "localhost", parts.port or 25
    if parts.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            host, port, timeout=20, context=ssl.create_default_context()
        )
    else:
        server = smtplib.SMTP(host, port, timeout=20)
        if parts.scheme == "smtp+starttls":
            server.starttls(context=ssl.create_default_context())
    if parts.username and parts.password:
        server.login(unquote(parts.username), unquote(parts.password))
    return server
