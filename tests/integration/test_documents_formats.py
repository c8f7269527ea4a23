"""The text of documents, as an office sends them: good ones, careless ones, and made to harm."""

import io
import zipfile
from pathlib import Path

import docx
import pypdf
import pytest
import typst
from docx.enum.text import WD_BREAK
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from deliberate.algorithms.units import Line, parse
from deliberate.documents.formats import outcome, packed
from deliberate.documents.reading import BadDocument, read, read_pasted
from deliberate.kernel import apart, filetypes


def texts(name: str, data: bytes) -> list[str]:
    return [line.text for line in read(name, data).paragraphs]


def refusal(name: str, data: bytes) -> str:
    with pytest.raises(BadDocument) as refused:
        read(name, data)
    return refused.value.message


def saved(document: "docx.document.Document") -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def zipped(**parts: str | bytes) -> bytes:
    """Make an archive; "__" in a name is a slash, "_x" its ending: word__document_x is XML."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_x", ".xml"), content)
    return out.getvalue()


# DOCX.

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def word(body: str, **parts: str | bytes) -> bytes:
    return zipped(word__document_x=f"<w:document {W}><w:body>{body}</w:body></w:document>", **parts)


def paragraph(text: str, *, level: int | None = None, list_id: int = 1) -> str:
    place = f'<w:ilvl w:val="{level}"/><w:numId w:val="{list_id}"/>'
    properties = f"<w:pPr><w:numPr>{place}</w:numPr></w:pPr>" if level is not None else ""
    return f"<w:p>{properties}<w:r><w:t>{text}</w:t></w:r></w:p>"


def numbering(*levels: tuple[str, str], lists: str = "") -> str:
    patterns = "".join(
        f'<w:lvl w:ilvl="{n}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
        for n, (form, text) in enumerate(levels)
    )
    return (
        f'<w:numbering {W}><w:abstractNum w:abstractNumId="7">{patterns}</w:abstractNum>'
        f'<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>{lists}</w:numbering>'
    )


ACT = (("decimal", "§ %1."), ("decimal", "%2."), ("decimal", "%3)"), ("lowerLetter", "%4)"))


def test_numbers_that_word_draws_by_itself_are_read() -> None:
    body = "".join(
        paragraph(text, level=level)
        for text, level in [
            ("Cele", 0), ("Pierwszy.", 1), ("Są:", 1), ("raz;", 2), ("dwa:", 2), ("a", 3),
            ("b", 3), ("trzy.", 2), ("Zadania", 0), ("Znowu pierwszy.", 1),
        ]
    )  # fmt: skip

    data = word(body, word__numbering_x=numbering(*ACT))

    assert texts("program.docx", data) == [
        "§ 1. Cele", "1. Pierwszy.", "2. Są:", "1) raz;", "2) dwa:", "a) a", "b) b", "3) trzy.",
        "§ 2. Zadania", "1. Znowu pierwszy.",
    ]  # fmt: skip
    assert parse(read("program.docx", data).paragraphs)[5].path == "§ 1 ust. 2 pkt 2 lit. a"


@pytest.mark.parametrize(
    ("form", "text", "numbers"),
    [
        ("decimal", "%1)", ["1)", "2)", "3)"]),
        ("upperRoman", "%1.", ["I.", "II.", "III."]),
        ("lowerRoman", "(%1)", ["(i)", "(ii)", "(iii)"]),
        ("upperLetter", "%1.", ["A.", "B.", "C."]),
        ("decimalZero", "%1", ["01", "02", "03"]),
        ("bullet", "–", ["–", "–", "–"]),
        ("bullet", "", ["•", "•", "•"]),
        ("none", "Uwaga:", ["Uwaga:", "Uwaga:", "Uwaga:"]),
    ],
)
def test_forms_of_numbers(form: str, text: str, numbers: list[str]) -> None:
    data = word(paragraph("x", level=0) * 3, word__numbering_x=numbering((form, text)))

    assert texts("a.docx", data) == [f"{number} x" for number in numbers]


def test_two_lists_of_one_pattern_count_on_until_one_says_where_it_starts() -> None:
    lists = (
        '<w:num w:numId="2"><w:abstractNumId w:val="7"/></w:num>'
        '<w:num w:numId="3"><w:abstractNumId w:val="7"/><w:lvlOverride w:ilvl="0">'
        '<w:startOverride w:val="5"/></w:lvlOverride></w:num>'
    )
    body = "".join(paragraph("x", level=0, list_id=n) for n in (1, 2, 3, 3, 0, 9))

    data = word(body, word__numbering_x=numbering(("decimal", "%1."), lists=lists))

    assert texts("a.docx", data) == ["1. x", "2. x", "5. x", "6. x", "x", "x"]


def test_a_whole_office_document() -> None:
    document = docx.Document()
    document.add_heading("Program współpracy", 0)
    document.add_heading("Cele", 1)
    document.add_paragraph("Zwykły akapit.")
    document.add_paragraph("pierwszy", style="List Number")
    document.add_paragraph("drugi", style="List Number")
    document.add_paragraph("kropka", style="List Bullet")
    broken = document.add_paragraph("1. Przed")
    broken.add_run().add_break(WD_BREAK.LINE)
    broken.add_run("2. Po złamaniu")
    table = document.add_table(2, 2)
    for place, text in enumerate(["Zadanie", "Kwota", "Pływanie", "30 000 zł"]):
        table.cell(place // 2, place % 2).text = text
    document.add_table(1, 1).cell(0, 0).text = "W ramce."

    assert read("program.docx", saved(document)).paragraphs == (
        Line("Program współpracy", 1),
        Line("Cele", 1),
        Line("Zwykły akapit."),
        Line("1. pierwszy"),
        Line("2. drugi"),
        Line("• kropka"),
        Line("1. Przed"),
        Line("2. Po złamaniu"),
        Line("Zadanie | Kwota", is_row=True),
        Line("Pływanie | 30 000 zł", is_row=True),
        Line("W ramce."),
    )


def test_what_is_left_out_is_said() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("Zostaje. ")
    paragraph._p.append(parse_xml(f"<w:ins {nsdecls('w')}><w:r><w:t>Dodane.</w:t></w:r></w:ins>"))
    paragraph._p.append(
        parse_xml(f"<w:del {nsdecls('w')}><w:r><w:delText>Skreślone.</w:delText></w:r></w:del>")
    )
    paragraph._p.append(parse_xml(f"<w:r {nsdecls('w')}><w:footnoteReference w:id='2'/></w:r>"))
    paragraph._p.append(parse_xml(f"<w:r {nsdecls('w')}><w:pict/></w:r>"))
    contents = document.styles.add_style("TOC 1", 1)
    document.add_paragraph("1. Cele 3", style=contents)

    found = read("a.docx", saved(document))

    assert [line.text for line in found.paragraphs] == ["Zostaje. Dodane."]
    assert set(found.warnings) == {
        outcome.CHANGES_TAKEN,
        outcome.NOTES_LEFT_OUT,
        outcome.PICTURES_LEFT_OUT,
        outcome.CONTENTS_LEFT_OUT,
    }


# ODT.

ODF = (
    " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "text", "table", "style", "draw")
    )
    + ' xmlns:xml="http://www.w3.org/XML/1998/namespace"'
)
LIST_STYLE = """\
<text:list-style style:name="L1">
<text:list-level-style-number text:level="1" style:num-prefix="§ " style:num-format="1" style:num-suffix="."/>
<text:list-level-style-number text:level="2" style:num-format="1" style:num-suffix=")"/>
<text:list-level-style-number text:level="3" style:num-format="a" style:num-suffix=")"/>
</text:list-style>
<text:list-style style:name="L2"><text:list-level-style-bullet text:level="1" text:bullet-char="–"/></text:list-style>
"""  # noqa: E501


def odt(body: str, *, styles: str = LIST_STYLE, manifest: str = "<manifest/>") -> bytes:
    content = (
        f"<office:document-content {ODF}>"
        f"<office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    return zipped(content_x=content, **{"META-INF__manifest_x": manifest})


def items(*texts: str) -> str:
    return "".join(f"<text:list-item><text:p>{text}</text:p></text:list-item>" for text in texts)


def test_numbers_of_lists_in_odt() -> None:
    inner = f"<text:list>{items('raz', 'dwa')}</text:list>"
    deep = f"<text:list-item><text:p>są</text:p>{inner}</text:list-item>"
    body = (
        '<text:h text:outline-level="2">Cele<text:s text:c="3"/>programu</text:h>'
        f'<text:list text:style-name="L1">{items("Pierwszy")}{deep}</text:list>'
        "<text:p>Między listami<text:line-break/>drugi wiersz.</text:p>"
        '<text:list text:style-name="L1" text:continue-numbering="true">'
        f"{items('Dalej')}</text:list>"
        f'<text:list text:style-name="L1">{items("Od nowa")}</text:list>'
        f'<text:list text:style-name="L2">{items("kreska")}</text:list>'
    )

    assert read("a.odt", odt(body)).paragraphs == (
        Line("Cele programu", 2),
        Line("§ 1. Pierwszy"),
        Line("§ 2. są"),
        Line("1) raz"),
        Line("2) dwa"),
        Line("Między listami"),
        Line("drugi wiersz."),
        Line("§ 3. Dalej"),
        Line("§ 1. Od nowa"),
        Line("– kreska"),
    )


def test_tables_notes_and_pictures_in_odt() -> None:
    cells = "".join(
        f"<table:table-cell><text:p>{text}</text:p></table:table-cell>" for text in ("a", "b")
    )
    body = (
        "<text:tracked-changes><text:p>Skreślone</text:p></text:tracked-changes>"
        "<text:table-of-content><text:p>1. Cele 3</text:p></text:table-of-content>"
        "<text:p>Raz<text:note><text:note-body><text:p>przypis</text:p></text:note-body></text:note>"
        "<draw:frame><draw:image/></draw:frame></text:p>"
        f"<table:table><table:table-header-rows><table:table-row>{cells}</table:table-row>"
        f"</table:table-header-rows></table:table>"
    )

    found = read("a.odt", odt(body))

    assert found.paragraphs == (Line("Raz"), Line("a | b", is_row=True))
    assert set(found.warnings) == {
        outcome.CHANGES_TAKEN,
        outcome.NOTES_LEFT_OUT,
        outcome.PICTURES_LEFT_OUT,
        outcome.CONTENTS_LEFT_OUT,
    }


# HTML and plain text.

PAGE = """\
<!doctype html><html><head><title>Tytuł okna</title><style>p { color: red }</style></head><body>
<h1>Strategia</h1><script>alert("<p>nie</p>")</script>
<p>Pierwszy &amp; <b>ważny</b><br>drugi wiersz<p>Bez końca
<ol start=3><li>trzy<li>cztery<ol type="a"><li>lit</ol></ol><ul><li>kropka</ul>
<table><tr><th>Rok<th>Osoby<tr><td>2025<td><p>9 412</p></table><img src=x>
<h2>Cele</h2>Na końcu"""


def test_a_page_is_read_as_it_is_seen() -> None:
    found = read("strona.html", PAGE.encode())

    assert found.paragraphs == (
        Line("Strategia", 1),
        Line("Pierwszy & ważny"),
        Line("drugi wiersz"),
        Line("Bez końca"),
        Line("3. trzy"),
        Line("4. cztery"),
        Line("a) lit"),
        Line("– kropka"),
        Line("Rok | Osoby", is_row=True),
        Line("2025 | 9 412", is_row=True),
        Line("Cele", 2),
        Line("Na końcu"),
    )
    assert found.warnings == (outcome.PICTURES_LEFT_OUT,)


@pytest.mark.parametrize(
    "data",
    [
        "Zażółć gęślą jaźń".encode(),
        "\ufeffZażółć gęślą jaźń".encode(),
        "\ufeffZażółć gęślą jaźń".encode("utf-16-le"),
        "\ufeffZażółć gęślą jaźń".encode("utf-16-be"),
        "Zażółć gęślą jaźń".encode("cp1250"),
        "Zażółć gęślą jaźń".encode("iso-8859-2"),
    ],
)
def test_polish_letters_in_every_code(data: bytes) -> None:
    assert texts("a.txt", data) == ["Zażółć gęślą jaźń"]
    assert texts("a.html", data) == ["Zażółć gęślą jaźń"]


def test_a_page_says_its_own_code() -> None:
    page = '<meta charset="iso-8859-2"><p>źrebię'.encode("iso-8859-2")

    assert texts("a.htm", page) == ["źrebię"]


def test_lines_broken_to_fit_a_page_become_paragraphs() -> None:
    text = (
        "§ 1. Gmina wspiera organizacje, które\n"
        "działają na jej terenie, a zwłaszcza star-\n"
        "szym.\n"
        "2) nauka pływania\n"
        "\n"
        "Drugi akapit.\n"
        "Trzeci akapit."
    )

    assert [line.text for line in read_pasted(text).paragraphs] == [
        "§ 1. Gmina wspiera organizacje, które działają na jej terenie, a zwłaszcza starszym.",
        "2) nauka pływania",
        "Drugi akapit.",
        "Trzeci akapit.",
    ]


def test_lines_longer_than_a_page_are_paragraphs_already() -> None:
    long = "Gmina wspiera organizacje. " * 10

    assert len(read_pasted(f"{long}\n{long}\nkrótki").paragraphs) == 3


def test_signs_that_nobody_sees_are_left_out() -> None:
    assert [line.text for line in read_pasted("a\x00b\u00adc\ud800 d\u200b").paragraphs] == [
        "abc d"
    ]


# PDF.


def pdf(source: str, folder: Path) -> bytes:
    path = folder / "a.typ"
    path.write_text('#set text(lang: "pl", hyphenate: true)\n' + source)
    return typst.compile(str(path))


def test_headers_footers_and_parted_words_of_a_pdf(tmp_path: Path) -> None:
    names = ["sportowe", "kulturalne", "międzypokoleniowe", "przeciwpowodziowe", "edukacyjne"]
    paragraphs = [
        f"§ {n}. " + " ".join(f"Zadania {names[n * k % 5]} gminy." for k in range(n, n + 13))
        for n in range(1, 31)
    ]
    source = (
        "#set page(header: [Projekt z dnia 5 maja 2026 r.], width: 12cm, height: 18cm, "
        "footer: context [Strona #counter(page).display() z 9])\n#set par(justify: true)\n"
    )

    found = read("a.pdf", pdf(source + "\n\n".join(paragraphs), tmp_path))

    assert [line.text for line in found.paragraphs] == paragraphs
    assert found.warnings == (outcome.PAGES_JOINED,)


def test_a_pdf_under_a_password_is_refused_and_one_that_only_forbids_printing_is_read(
    tmp_path: Path,
) -> None:
    plain = pdf("Gmina wspiera organizacje pozarządowe.", tmp_path)

    assert refusal("a.pdf", locked(plain, "tajne")) == outcome.PASSWORD
    assert texts("a.pdf", locked(plain, "")) == ["Gmina wspiera organizacje pozarządowe."]


def locked(data: bytes, password: str) -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(data))
    writer.encrypt(password, owner_password="inne", algorithm="AES-256")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_a_scan_is_told_with_a_way_on(tmp_path: Path) -> None:
    message = refusal("a.pdf", pdf("#rect(width: 10cm, height: 10cm)", tmp_path))

    assert message == outcome.SCAN
    assert "są same obrazy" in message
    assert "wklej tekst" in message
    assert "bez podziału na części" in message


def test_a_pdf_that_does_not_say_its_letters_is_told(tmp_path: Path) -> None:
    writer = pypdf.PdfWriter(
        clone_from=io.BytesIO(pdf("Gmina wspiera organizacje pozarządowe.", tmp_path))
    )
    for page in writer.pages:
        for font in page["/Resources"]["/Font"].values():
            del font.get_object()["/ToUnicode"]
    out = io.BytesIO()
    writer.write(out)

    assert refusal("a.pdf", out.getvalue()) == outcome.NO_TEXT


def test_pages_without_text_among_others_are_told(tmp_path: Path) -> None:
    found = read("a.pdf", pdf("Gmina wspiera organizacje.#pagebreak()#rect()", tmp_path))

    assert outcome.SOME_PAGES_EMPTY in found.warnings


def test_two_hundred_pages_are_read_in_time(tmp_path: Path) -> None:
    data = pdf("\n\n".join(f"§ {n}. " + "Gmina wspiera. " * 240 for n in range(1, 241)), tmp_path)

    assert len(pypdf.PdfReader(io.BytesIO(data)).pages) >= 200
    assert len(read("a.pdf", data).paragraphs) == 240


# Trouble.

BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;">]>'
DEEP = f"{'<w:sdt>' * 5_000}{'</w:sdt>' * 5_000}"


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.docx", b"", filetypes.EMPTY),
        ("a.txt", b"", filetypes.EMPTY),
        ("a.pdf", b"%PDF-1.7" + b" " * filetypes.MOST_BYTES, filetypes.TOO_BIG),
        ("a.txt", b" " * (filetypes.MOST_BYTES + 1), filetypes.TOO_BIG),
        ("a.txt", b" \n\t ", outcome.EMPTY),
        ("a.html", b"<script>1</script>", outcome.EMPTY),
        ("a.txt", b"MZ\x90\x00\x03\x00\x00", outcome.BROKEN),
        ("a.html", b"<p>a\x00b", outcome.BROKEN),
        ("a.txt", b"\xff\xfea", outcome.BROKEN),
        ("a.doc", b"\xd0\xcf\x11\xe0", outcome.OLD_WORD),
        ("a.rtf", b"{\\rtf1}", outcome.OLD_WORD),
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 512, outcome.PASSWORD),
        ("a.xlsx", zipped(xl__workbook_x="<a/>"), outcome.NOT_READ),
        ("bez-koncowki", b"tekst", outcome.NOT_READ),
        ("a.docx", b"PK\x03\x04 nic", filetypes.OTHER_INSIDE),
        ("a.odt", b"%PDF-1.7", filetypes.OTHER_INSIDE),
        ("a.docx", word(paragraph("Tekst"))[:-30], filetypes.OTHER_INSIDE),
        ("a.docx", word("<w:p>"), outcome.BROKEN),
        ("a.docx", word(""), outcome.EMPTY),
        ("a.docx", word("<w:p>&#0;</w:p>"), outcome.BROKEN),
        ("a.docx", word(paragraph("a"), **{"word__vbaProject.bin": b"1"}), filetypes.HAS_MACROS),
        ("a.docx", zipped(word__document_x=f"{BOMB}<a>&b;</a>"), outcome.BROKEN),
        ("a.docx", zipped(word__document_x=f"{BOMB}<a>&b;</a>".encode("utf-16")), outcome.BROKEN),
        ("a.docx", word(DEEP), outcome.TOO_HARD),
        ("a.docx", zipped(word__document_x=" " * (packed.MOST_XML + 1)), outcome.TOO_HARD),
        ("a.docx", zipped(word__document_x=" " * filetypes.MOST_UNPACKED + " "), filetypes.BOMB),
        ("a.odt", zipped(**{"META-INF__manifest_x": "<a/>"}), outcome.BROKEN),
        ("a.odt", odt("", manifest="<encryption-data/>"), outcome.PASSWORD),
        ("a.odt", odt(f"{BOMB}"), outcome.BROKEN),
        ("a.pdf", b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n", outcome.BROKEN),
        ("a.pdf", b"%PDF-1.7\n" + b"\x00\xff" * 5_000, outcome.BROKEN),
        ("a.txt", ("akapit\n\n" * 20_001).encode(), outcome.TOO_LONG),
        ("a.txt", ("słowo " * 400_000).encode(), outcome.TOO_LONG),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_a_sentence(
    name: str, data: bytes, message: str
) -> None:
    assert refusal(name, data) == message


def test_a_locked_part_of_an_archive_is_a_password() -> None:
    data = bytearray(word(paragraph("Tekst")))
    for sign, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(sign) + flags] |= 1

    assert refusal("a.docx", bytes(data)) == outcome.PASSWORD


@pytest.mark.parametrize("place", range(0, 1_500, 131))
def test_a_file_with_any_byte_changed_is_read_or_refused(place: int) -> None:
    data = bytearray(word(paragraph("Tekst", level=0) * 9, word__numbering_x=numbering(*ACT)))
    data[place % len(data)] ^= 0xFF
    try:
        outcomes = [line.text for line in read("a.docx", bytes(data)).paragraphs]
    except BadDocument as bad:
        outcomes = [bad.message]

    assert all(outcomes)
    assert outcomes


def test_pasted_text_that_is_too_long_or_empty_is_refused() -> None:
    with pytest.raises(BadDocument) as refused:
        read_pasted("a" * (outcome.MOST_CHARACTERS + 1))
    assert refused.value.message == outcome.TOO_LONG
    with pytest.raises(BadDocument) as refused:
        read_pasted("\n \t")
    assert refused.value.message == outcome.EMPTY


def test_reading_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "MOST_WAITING", 0.01)

    assert refusal("a.txt", b"Tekst") == outcome.TOO_HARD
