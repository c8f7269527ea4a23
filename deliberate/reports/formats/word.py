"""DOCX for offices that go on writing: headings, tables whose header repeats, the language set.

Written as XML straight into the archive: a table of five thousand rows as objects of a library
takes minutes and a gigabyte. The same report gives the same bytes.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from xml.sax.saxutils import escape, quoteattr

from deliberate.kernel import prose
from deliberate.reports.blocks import Block
from deliberate.reports.entries import Entry
from deliberate.reports.formats.archive import packed
from deliberate.reports.snapshot import Snapshot

HEAD = (
    "Numer",
    "Kiedy, jak, kto",
    "Miejsce, temat",
    "Treść",
    "Stanowisko",
    "Uzasadnienie",
)
WIDTH = 14_000  # twentieths of a point between the margins of a lying A4
WIDTHS = (900, 2_100, 1_800, 4_200, 1_600, 3_400)

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"


def as_docx(snapshot: Snapshot) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in _frame(snapshot).items():
            archive.writestr(packed(name), text)
        with archive.open(packed("word/document.xml"), "w") as document:
            for piece in _document(snapshot):
                document.write(piece.encode())
    return out.getvalue()


def _document(snapshot: Snapshot) -> Iterator[str]:
    yield f"{XML}<w:document {W}><w:body>"
    yield _paragraph(snapshot.heading, style="Title")
    yield from _facts(snapshot.facts)
    for number, part in enumerate(snapshot.parts, start=1):
        yield _paragraph(f"{number}. {part['title']}", style="Heading1")
        for block in part["blocks"]:
            yield from _block(block, snapshot.entries)
    yield (
        '<w:sectPr><w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/>'
        '<w:pgMar w:top="1134" w:right="1134" w:bottom="1134" w:left="1134"'
        ' w:header="567" w:footer="567" w:gutter="0"/></w:sectPr></w:body></w:document>'
    )


def _block(block: Block, entries: Sequence[Entry]) -> Iterator[str]:
    match block["kind"]:
        case "facts":
            yield from _facts(block["rows"])
        case "text":
            yield from _titled(block["title"])
            yield from _paragraphs(block["text"])
        case "list":
            yield from _titled(block["title"])
            for item in block["items"]:
                yield _paragraph(item, style="ListBullet")
        case "table":
            yield _paragraph(block["caption"], style="Heading2")
            width = WIDTH // len(block["head"])
            yield from _table(
                block["caption"], block["head"], block["rows"], [width] * len(block["head"])
            )
        case "entries" if entries:
            caption = "Uwagi i propozycje ze stanowiskami"
            yield from _table(caption, HEAD, map(_cells, entries), WIDTHS)
        case "entries":
            yield _paragraph("Nie zgłoszono żadnej uwagi ani propozycji.")


def _cells(entry: Entry) -> Sequence[str]:
    late = "po terminie" if entry.is_late else ""
    same = f"jednakowe pisma: {entry.same}" if entry.same > 1 else ""
    changed = f"zmieniono: {entry.changed}" if entry.changed else ""
    return (
        f"{entry.number}\n{entry.what}",
        _lines(entry.date, entry.channel, entry.author, late, same),
        _lines(entry.place, entry.theme, changed),
        prose.plain(entry.text),
        entry.position or "–",
        _lines(prose.plain(entry.reason), entry.signed_as) or "–",
    )


def _lines(*texts: str) -> str:
    return "\n".join(text for text in texts if text)


def _titled(title: str) -> Iterator[str]:
    if title:
        yield _paragraph(title, style="Heading2")


def _facts(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    for label, value in rows:
        yield (f"<w:p>{_run(label + ': ', bold=True)}{_run(value)}</w:p>")


def _paragraphs(text: str) -> Iterator[str]:
    for part in prose.plain(text).split("\n\n"):
        if part.strip():
            yield _paragraph(part.strip())


def _table(
    caption: str, head: Sequence[str], rows: Iterable[Sequence[str]], widths: Sequence[int]
) -> Iterator[str]:
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    yield (
        '<w:tbl><w:tblPr><w:tblStyle w:val="TableGrid"/>'
        f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        '<w:tblLook w:val="0420" w:firstRow="1" w:lastRow="0" w:firstColumn="1"'
        ' w:lastColumn="0" w:noHBand="0" w:noVBand="1"/>'
        f"<w:tblCaption w:val={_attribute(caption)}/></w:tblPr><w:tblGrid>{columns}</w:tblGrid>"
    )
    yield (
        "<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>"
        + "".join(_cell(label, width, bold=True) for label, width in zip(head, widths, strict=True))
        + "</w:tr>"
    )
    for row in rows:
        cells = "".join(_cell(text, width) for text, width in zip(row, widths, strict=True))
        yield f"<w:tr>{cells}</w:tr>"
    yield "</w:tbl>" + _paragraph("")


def _cell(text: str, width: int, *, bold: bool = False) -> str:
    paragraphs = "".join(
        f'<w:p><w:pPr><w:pStyle w:val="TableText"/></w:pPr>{_run(part, bold=bold)}</w:p>'
        for part in prose.clean(text).split("\n\n")
    )
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{paragraphs}</w:tc>'


def _paragraph(text: str, *, style: str = "") -> str:
    look = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{look}{_run(text)}</w:p>"


def _run(text: str, *, bold: bool = False) -> str:
    look = "<w:rPr><w:b/></w:rPr>" if bold else ""
    lines = "<w:br/>".join(
        f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in _kept(text).split("\n")
    )
    return f"<w:r>{look}{lines}</w:r>" if text else ""


def _kept(text: str) -> str:
    """Return the text without what XML cannot hold; its outer spaces stay."""
    return text if text.isprintable() else prose.clean(text)


def _attribute(text: str) -> str:
    return quoteattr(prose.clean(text).replace("\n", " "))


def _frame(snapshot: Snapshot) -> dict[str, str]:
    """Return all other parts of the package."""
    stamp = f"{snapshot.made_at:%Y-%m-%dT%H:%M:%SZ}"
    override = '<Override PartName="/{}" ContentType="{}"/>'
    return {
        "[Content_Types].xml": (
            f'{XML}<Types xmlns="{PACKAGE}/content-types">'
            '<Default Extension="rels" ContentType='
            '"application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            + override.format("word/document.xml", f"{WORD}.document.main+xml")
            + override.format("word/styles.xml", f"{WORD}.styles+xml")
            + override.format("word/numbering.xml", f"{WORD}.numbering+xml")
            + override.format(
                "docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml"
            )
            + "</Types>"
        ),
        "_rels/.rels": (
            f'{XML}<Relationships xmlns="{PACKAGE}/relationships">'
            f'<Relationship Id="r1" Type="{OFFICE}/officeDocument" Target="word/document.xml"/>'
            f'<Relationship Id="r2" Type="{PACKAGE}/relationships/metadata/core-properties"'
            ' Target="docProps/core.xml"/></Relationships>'
        ),
        "word/_rels/document.xml.rels": (
            f'{XML}<Relationships xmlns="{PACKAGE}/relationships">'
            f'<Relationship Id="r1" Type="{OFFICE}/styles" Target="styles.xml"/>'
            f'<Relationship Id="r2" Type="{OFFICE}/numbering" Target="numbering.xml"/>'
            "</Relationships>"
        ),
        "docProps/core.xml": (
            f'{XML}<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties"'
            ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
            ' xmlns:dcterms="http://purl.org/dc/terms/"'
            ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
            f"<dc:title>{escape(prose.clean(snapshot.heading))}</dc:title>"
            f"<dc:creator>{escape(prose.clean(snapshot.office))}</dc:creator>"
            "<dc:language>pl-PL</dc:language>"
            f'<dcterms:created xsi:type="dcterms:W3CDTF">{stamp}</dcterms:created>'
            f'<dcterms:modified xsi:type="dcterms:W3CDTF">{stamp}</dcterms:modified>'
            "</cp:coreProperties>"
        ),
        "word/numbering.xml": (
            f'{XML}<w:numbering {W}><w:abstractNum w:abstractNumId="0">'
            '<w:multiLevelType w:val="hybridMultilevel"/><w:lvl w:ilvl="0"><w:start w:val="1"/>'
            '<w:numFmt w:val="bullet"/><w:lvlText w:val="•"/><w:lvlJc w:val="left"/>'
            '<w:pPr><w:ind w:left="567" w:hanging="283"/></w:pPr></w:lvl></w:abstractNum>'
            '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
        ),
        "word/styles.xml": _styles(),
    }


def _styles() -> str:
    return (
        f"{XML}<w:styles {W}><w:docDefaults><w:rPrDefault><w:rPr>"
        '<w:rFonts w:ascii="Calibri" w:hAnsi="Calibri" w:cs="Calibri"/><w:sz w:val="22"/>'
        '<w:lang w:val="pl-PL" w:eastAsia="pl-PL" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
        '<w:pPrDefault><w:pPr><w:spacing w:after="120" w:line="264" w:lineRule="auto"/></w:pPr>'
        "</w:pPrDefault></w:docDefaults>"
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/>'
        "</w:style>"
        + _style("Title", "Title", size=40, bold=True)
        + _style("Heading1", "heading 1", size=30, bold=True, outline=0)
        + _style("Heading2", "heading 2", size=24, bold=True, outline=1)
        + _style("TableText", "Table Text", size=18, after=40)
        + '<w:style w:type="paragraph" w:styleId="ListBullet"><w:name w:val="List Bullet"/>'
        '<w:basedOn w:val="Normal"/><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/>'
        "</w:numPr></w:pPr></w:style>"
        '<w:style w:type="table" w:styleId="TableGrid"><w:name w:val="Table Grid"/><w:tblPr>'
        "<w:tblBorders>"
        + "".join(
            f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="8A96A1"/>'
            for side in ("top", "left", "bottom", "right", "insideH", "insideV")
        )
        + '</w:tblBorders><w:tblCellMar><w:left w:w="85" w:type="dxa"/>'
        '<w:right w:w="85" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style></w:styles>'
    )


def _style(
    key: str,
    name: str,
    *,
    size: int,
    bold: bool = False,
    outline: int | None = None,
    after: int = 120,
) -> str:
    level = f'<w:outlineLvl w:val="{outline}"/>' if outline is not None else ""
    keep = "<w:keepNext/>" if outline is not None else ""
    weight = "<w:b/>" if bold else ""
    return (
        f'<w:style w:type="paragraph" w:styleId="{key}"><w:name w:val="{name}"/>'
        f'<w:basedOn w:val="Normal"/><w:pPr>{keep}<w:spacing w:after="{after}"/>{level}</w:pPr>'
        f'<w:rPr>{weight}<w:sz w:val="{size}"/></w:rPr></w:style>'
    )
