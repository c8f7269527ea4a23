"""A mail server that keeps what it is given, for tests of what leaves the house."""

from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class Mailbox:
    """Letters in the order in which they came, and their bytes; ``url`` is where to send them."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.raw: list[bytes] = []
        self._controller = _AnyPort(self, hostname="127.0.0.1", port=0)

    @property
    def url(self) -> str:
        return f"smtp://{self._controller.hostname}:{self._controller.port}"

    def start(self) -> None:
        self._controller.start()

    def stop(self) -> None:
        self._controller.stop()

    async def handle_DATA(  # noqa: N802 - aiosmtpd looks for this name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        assert isinstance(envelope.content, bytes)
        self.raw.append(envelope.content)
        letter = BytesParser(EmailMessage, policy=default).parsebytes(envelope.content)
        self.letters.append(letter)
        return "250 OK"


def text_of(letter: EmailMessage) -> str:
    return _part(letter, "plain")


def html_of(letter: EmailMessage) -> str:
    return _part(letter, "html")


def _part(letter: EmailMessage, kind: str) -> str:
    """Return the part of a kind; every letter has the text first, the HTML after it."""
    assert letter.get_content_type() == "multipart/alternative"
    parts = {part.get_content_subtype(): part for part in letter.iter_parts()}
    assert list(parts) == ["plain", "html"]
    content = parts[kind].get_content()
    assert isinstance(content, str)
    return content.replace("\r\n", "\n")


class _AnyPort(Controller):
    def _trigger_server(self) -> None:
        # The port that the system chose is needed for aiosmtpd's own first connection.
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()
