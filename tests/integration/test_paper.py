"""Typeset documents: data is never markup, the same bytes each time, bounded in time."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path

import pypdf
import pytest

from deliberate import paths
from deliberate.kernel import paper
from deliberate.kernel.paper import NotTypeset

AT = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
HOSTILE = (
    '#eval("1")',
    "$x$",
    "\\u{202e}",
    '#read("/etc/passwd")',
    '#import "@preview/cetz:0.3.0"',
    "*b* _i_ `c` <l> @r // k /* w */",
    "https://przyklad.example/" + "a" * 300,
    "Łąka, Київ, naïve, Ελλάδα",
)


@pytest.fixture
def template(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a template of one text, beside those of the application."""
    folder = tmp_path / "paper"
    folder.mkdir()
    (folder / "_common.typ").write_text((paths.TEMPLATES / "paper/_common.typ").read_text())
    path = folder / "one.typ"
    path.write_text(
        '#import "_common.typ": data, document-of\n#show: document-of\n= #data.title\n#data.text'
    )
    monkeypatch.setattr(paper.paths, "TEMPLATES", tmp_path)
    return path


def text_of(data: bytes) -> str:
    pdf = pypdf.PdfReader(io.BytesIO(data))
    return "".join("".join(page.extract_text() for page in pdf.pages).split())


@pytest.mark.usefixtures("template")
@pytest.mark.parametrize("text", HOSTILE)
def test_what_people_wrote_is_printed_and_never_understood(text: str) -> None:
    made = paper.typeset("one", {"title": "T", "text": text}, language="pl", at=AT)

    assert "".join(text.split()) in text_of(made)


@pytest.mark.usefixtures("template")
def test_the_document_is_tagged_and_names_its_language_and_title() -> None:
    made = paper.typeset("one", {"title": "Tytuł", "text": "a"}, language="uk", at=AT)
    pdf = pypdf.PdfReader(io.BytesIO(made))
    root = pdf.trailer["/Root"]

    assert root["/Lang"] == "uk"
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert pdf.metadata is not None
    assert pdf.metadata.title == "Tytuł"
    assert b"pdfuaid" in root["/Metadata"].get_object().get_data()
    fonts = {str(font["/BaseFont"]) for font in _fonts(pdf)}
    assert all("Deliberate" in name for name in fonts)


@pytest.mark.usefixtures("template")
def test_the_same_data_give_the_same_bytes() -> None:
    twice = {
        paper.typeset("one", {"title": "T", "text": "Tekst"}, language="pl", at=AT)
        for _ in range(2)
    }

    assert len(twice) == 1


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("a\u202eb\u200bc\x00", "abc"),
        ("😀", "[U+1F600]"),
        ("日", "[U+65E5]"),
        ("Zażółć ґ €", "Zażółć ґ €"),
    ],
)
def test_letters_that_cannot_be_seen_are_named_or_left_out(text: str, printed: str) -> None:
    assert paper.printable(text) == printed


def test_a_document_that_takes_too_long_is_given_up(template: Path) -> None:
    template.write_text('#import "_common.typ": data\n#for i in range(99999999) { [#i] }')

    with pytest.raises(NotTypeset, match="more than"):
        paper.typeset("one", {"title": "T"}, language="pl", at=AT, seconds=0.5)


def test_what_went_wrong_is_told_without_what_people_wrote(template: Path) -> None:
    template.write_text('#import "_common.typ": data\n#panic(data.text)')

    with pytest.raises(NotTypeset) as trouble:
        paper.typeset("one", {"title": "T", "text": "Tajne"}, language="pl", at=AT)
    assert "Tajne" not in str(trouble.value)
    assert trouble.value.__cause__ is None


def _fonts(pdf: pypdf.PdfReader) -> list[pypdf.generic.DictionaryObject]:
    return [
        font.get_object() for page in pdf.pages for font in page["/Resources"]["/Font"].values()
    ]
