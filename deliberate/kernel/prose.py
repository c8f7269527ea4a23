"""What people write, made into safe HTML. The only place where text becomes markup.

People write plain text with two marks: ``**bold**`` and lines that begin with "- ". Paragraphs are
parted by an empty line, addresses of the web become links, everything else is shown as written.
What is stored is the text, never the HTML.
"""

import re
import unicodedata
from functools import lru_cache
from itertools import groupby

from markupsafe import Markup, escape

from deliberate.kernel.texts import no_orphans
from deliberate.kernel.urls import web_url

ITEM = "- "
BOLD = "**"
ELLIPSIS = "…"
# Texts, in each process: those of about thirty pages. By type as well (typed=True below): Markup
# equals the text of the same letters, and what was safe must never answer for what is not.
REMEMBERED = 2_000


def clean(text: str) -> str:
    """Return the text as it is stored: one form of each letter, no invisible characters.

    Control and format characters go (they turn the direction of reading, or hide words from a
    search), and lone surrogates, which no database takes. Lines end in one way; spaces at the end
    of a line and outside of the text go; more than two empty lines become two.
    """
    if text.isprintable() and unicodedata.is_normalized("NFC", text):
        return text.strip()  # one line, and nothing to do: nearly every text of a list
    text = _LINE_END.sub("\n", text)
    # Nearly every text is printable as it is, and lists clean the beginnings of twenty.
    if not text.replace("\n", "").replace("\t", "").isprintable():
        text = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in _INVISIBLE)
    text = unicodedata.normalize("NFC", text)
    text = "\n".join(line.rstrip() for line in text.split("\n"))
    return _EMPTY_LINES.sub("\n\n\n", text).strip()


@lru_cache(REMEMBERED, typed=True)
def render(text: str) -> Markup:
    """Return HTML made of p, br, strong, ul, li and a; nothing of the text is markup.

    A text is read far oftener than it is written, so what became of it is remembered.
    """
    lines = clean(text).split("\n")
    html = "\n".join(
        _list(list(group)) if kind == "list" else _paragraph(list(group))
        for kind, group in groupby(lines, _kind)
        if kind != "empty"
    )
    return Markup(html)  # noqa: S704 - every piece of text went through escape() below


def plain(text: str) -> str:
    """Return the text without its marks, for letters and for search; its lines stay."""
    lines = (
        "– " + line.removeprefix(ITEM) if _kind(line) == "list" else line
        for line in clean(text).split("\n")
    )
    return "\n".join("".join(part for part, _ in _by_weight(line)) for line in lines)


@lru_cache(REMEMBERED, typed=True)
def excerpt(text: str, n: int) -> str:
    """Return the beginning in one line, at most ``n`` characters, cut between words."""
    line = " ".join(plain(text).split())
    if len(line) <= n:
        return line
    room = n - len(ELLIPSIS)
    head = line[: room + 1]
    # A word longer than the room has no space before it and is cut where the room ends.
    head = head.rsplit(" ", 1)[0] if " " in head else head[:room]
    return head.rstrip(" ,;:–-") + ELLIPSIS


_LINE_END = re.compile("\r\n?|[\N{NEXT LINE}\N{LINE SEPARATOR}\N{PARAGRAPH SEPARATOR}]")
_EMPTY_LINES = re.compile(r"\n{4,}")
_INVISIBLE = {"Cc", "Cf", "Cs"}

_ADDRESS = re.compile(r"""(?<!\w)https?://[^\s<>"„”“«»]+""", re.IGNORECASE)
_CLOSING = ".,;:!?'’*…)]}"
_PAIRS = {")": "(", "]": "[", "}": "{"}


def _kind(line: str) -> str:
    if not line:
        return "empty"
    return "list" if line.startswith(ITEM) else "paragraph"


# What follows returns HTML as plain strings: pieces of text are escaped in _linked alone.


def _paragraph(lines: list[str]) -> str:
    return "<p>" + "<br>\n".join(map(_inline, lines)) + "</p>"


def _list(lines: list[str]) -> str:
    items = ("<li>" + _inline(line.removeprefix(ITEM)) + "</li>" for line in lines)
    return "<ul>" + "".join(items) + "</ul>"


def _inline(line: str) -> str:
    if BOLD not in line:
        return _linked(line)
    return "".join(
        "<strong>" + _linked(part) + "</strong>" if is_bold else _linked(part)
        for part, is_bold in _by_weight(line)
    )


def _by_weight(line: str) -> list[tuple[str, bool]]:
    """Part a line into what is bold and what is not; joined, the parts are the line unmarked.

    A mark without its second one, or with a space or nothing inside it, is just two asterisks.
    """
    first, *rest = line.split(BOLD)
    parts = [(first, False)]
    while rest:
        inside = rest.pop(0)
        if rest and inside and inside == inside.strip():
            parts += [(inside, True), (rest.pop(0), False)]
        else:
            parts.append((BOLD + inside, False))
    return parts


def _linked(text: str) -> str:
    """Escape a text, keep together what belongs together, and link the addresses in it."""
    if "://" not in text:
        return str(escape(no_orphans(text)))
    html = ""
    end = 0
    for match in _ADDRESS.finditer(text):
        address = _without_closing(match[0])
        if web_url(address) is None:
            continue
        html += str(escape(no_orphans(text[end : match.start()])))
        html += '<a href="{0}" rel="nofollow ugc noopener">{0}</a>'.format(escape(address))
        end = match.start() + len(address)
    return html + str(escape(no_orphans(text[end:])))


def _without_closing(address: str) -> str:
    """Leave out the punctuation of the sentence; a bracket stays if it was opened inside."""
    while address and address[-1] in _CLOSING:
        closing = address[-1]
        opening = _PAIRS.get(closing)
        if opening and address.count(opening) >= address.count(closing):
            break
        address = address[:-1]
    return address
