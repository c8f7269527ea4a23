"""Documents that are a zip archive of XML: their parts, read with every limit in place."""

import io
import zipfile
import zlib
from collections.abc import Mapping
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException  # type: ignore[import-untyped]
from defusedxml.ElementTree import iterparse  # type: ignore[import-untyped]

from deliberate.documents.formats.outcome import BROKEN, PASSWORD, TOO_HARD, BadDocument

MOST_XML = 40 * 1024 * 1024  # of one part; the text of a thousand pages is a tenth of that
DEEPEST = 150  # elements in one another; a table in a table in a list has about forty


class Packed:
    """An archive of which only the parts that are asked for are unpacked, up to MOST_XML each."""

    def __init__(self, data: bytes) -> None:
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
            raise BadDocument(BROKEN) from error
        self.names = frozenset(self._archive.namelist())

    def part(self, name: str) -> bytes:
        """Return a part, or raise BadDocument when it is missing, broken, locked or too big."""
        try:
            info = self._archive.getinfo(name)
            if info.file_size > MOST_XML:
                raise BadDocument(TOO_HARD)
            if info.flag_bits & 1:
                raise BadDocument(PASSWORD)
            return self._archive.read(info)
        except (
            KeyError, OSError, EOFError, ValueError, NotImplementedError, RuntimeError,
            zipfile.BadZipFile, zlib.error,
        ) as error:  # fmt: skip
            raise BadDocument(BROKEN) from error

    def xml(self, name: str, namespaces: Mapping[str, str]) -> Element:
        """Return the root of a part; its names are short where ``namespaces`` has a prefix.

        A document type with entities is refused: no office program writes one.
        """
        root: Element | None = None
        depth = 0
        try:
            for event, element in iterparse(
                io.BytesIO(self.part(name)), events=("start", "end"), forbid_dtd=True
            ):
                depth += 1 if event == "start" else -1
                if depth > DEEPEST:
                    raise BadDocument(TOO_HARD)
                if event == "start":
                    root = element if root is None else root
                    _shorten(element, namespaces)
        except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
            raise BadDocument(BROKEN) from error
        if root is None:
            raise BadDocument(BROKEN)
        return root


def _shorten(element: Element, namespaces: Mapping[str, str]) -> None:
    element.tag = _short(element.tag, namespaces)
    for name in list(element.attrib):
        if (short := _short(name, namespaces)) != name:
            element.set(short, element.attrib.pop(name))


def _short(name: str, namespaces: Mapping[str, str]) -> str:
    if not name.startswith("{"):
        return name
    space, _, local = name[1:].partition("}")
    return f"{namespaces[space]}:{local}" if space in namespaces else name
