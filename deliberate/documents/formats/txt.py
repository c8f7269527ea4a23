"""Reading plain text, from a file or from what somebody pasted."""

from deliberate.algorithms.units import Line
from deliberate.documents.formats.letters import decoded
from deliberate.documents.formats.outcome import Reading
from deliberate.documents.formats.wrapping import unwrapped


def read(data: bytes) -> Reading:
    return read_text(decoded(data))


def read_text(text: str) -> Reading:
    return Reading(paragraphs=tuple(Line(paragraph) for paragraph in unwrapped(text.splitlines())))
