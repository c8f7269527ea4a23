"""Which place of a document a letter means."""

import pytest

from deliberate.documents.naming import Named, find_named, is_whole, parted

PATHS = (
    "Rozdział 2", "§ 6", "§ 6 ust. 1", "§ 6 ust. 2", "§ 6 ust. 2 pkt 3", "§ 6 ust. 2 pkt 3 lit. a",
    "§ 7", "§ 7 ust. 1", "§ 16 ust. 2", "art. 5a", "6.3",
)  # fmt: skip
UNITS = [
    Named(document_id=1, number=number, path=path, document="Program")
    for number, path in enumerate(PATHS, start=1)
]


@pytest.mark.parametrize(
    ("typed", "path"),
    [
        ("§ 6 ust. 2", "§ 6 ust. 2"),
        ("§6ust.2", "§ 6 ust. 2"),
        ("paragraf 6, ustęp 2", "§ 6 ust. 2"),
        ("PAR. 6 UST. 2 PUNKT 3", "§ 6 ust. 2 pkt 3"),
        ("§ 6 ust. 2 pkt 3 litera a)", "§ 6 ust. 2 pkt 3 lit. a"),
        ("6.2.3.a", "§ 6 ust. 2 pkt 3 lit. a"),
        ("16 2", "§ 16 ust. 2"),
        ("artykuł 5a", "art. 5a"),
        ("rozdz. 2", "Rozdział 2"),
        ("6.3", "6.3"),
        ("pkt 3", "§ 6 ust. 2 pkt 3"),
        ("lit. a", "§ 6 ust. 2 pkt 3 lit. a"),
    ],
)
def test_it_is_found_however_people_write_it(typed: str, path: str) -> None:
    assert [unit.path for unit in find_named(typed, UNITS)] == [path]


@pytest.mark.parametrize(
    ("typed", "paths"),
    [
        ("ust. 1", ["§ 6 ust. 1", "§ 7 ust. 1"]),
        ("ust. 2", ["§ 6 ust. 2", "§ 16 ust. 2"]),
        ("§ 66", []),
        ("drzewa", []),
        ("…", []),
        ("", []),
    ],
)
def test_several_or_none_are_said_to_be_so(typed: str, paths: list[str]) -> None:
    assert [unit.path for unit in find_named(typed, UNITS)] == paths


@pytest.mark.parametrize("typed", ["", "  ", "Całość", "do całości", "CAŁY dokument"])
def test_the_whole_has_names_too(typed: str) -> None:
    assert is_whole(typed)
    assert not is_whole("§ 6")


def test_the_title_of_a_document_may_stand_before_the_place() -> None:
    titles = ["Program", "Program – uzasadnienie"]

    assert parted("program: § 6", titles) == ("Program", "§ 6")
    assert parted("Program – uzasadnienie, § 6", titles) == ("Program – uzasadnienie", "§ 6")
    assert parted("§ 6", titles) == ("", "§ 6")
