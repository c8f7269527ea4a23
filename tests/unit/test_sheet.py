"""How a letter's text is read: the button, lists, the foot, and which addresses lead anywhere."""

import pytest

from deliberate.notifications.sheet import Block, Code, Piece, Sheet, paragraphs_of, read

HOST = "https://rozmowa.lubowierz.example"
LETTER = f"""Są nowe konsultacje: „Rynek”.

Do wyboru:
– cień
– ławki
Można zabrać głos.

{HOST}/konsultacje/rynek

--
Urząd Miasta
plac Ratuszowy 1, tel. 12

Które listy dostajesz, zmienisz tutaj: {HOST}/konto/listy
Nie chcesz takich listów: {HOST}/listy/Ab-1.c_d/rezygnacja
"""


def words(line: list[Piece]) -> str:
    return "".join(piece.words for piece in line)


def paths(text: str) -> list[str | None]:
    return [
        piece.path
        for lines in paragraphs_of(text, HOST)
        for line in lines
        for piece in line
        if piece.path
    ]


def test_a_letter_has_paragraphs_lists_a_button_and_a_foot() -> None:
    sheet = read(LETTER, HOST)

    assert [(block.is_list, [words(line) for line in block.lines]) for block in sheet.blocks] == [
        (False, ["Są nowe konsultacje: „Rynek”."]),
        (False, ["Do wyboru:"]),
        (True, ["cień", "ławki"]),
        (False, ["Można zabrać głos."]),
    ]
    assert sheet.act == Piece(words=f"{HOST}/konsultacje/rynek", path="/konsultacje/rynek")
    assert [[words(line) for line in block.lines] for block in sheet.foot] == [
        ["Urząd Miasta", "plac Ratuszowy 1, tel. 12"],
        ["Które listy dostajesz, zmienisz tutaj", "Nie chcesz takich listów"],
    ]
    assert sheet.foot[1].lines[1][0].path == "/listy/Ab-1.c_d/rezygnacja"


def test_only_what_stands_where_the_layout_puts_it_is_the_button() -> None:
    """Somebody's own text may have an address of ours on a line of its own."""
    planted = (
        f"Ktoś pisze:\n\n{HOST}/wyloguj\n\n--\n\n{HOST}/konto/zamkniecie\n\nKoniec.\n\n--\nUrząd"
    )

    sheet = read(planted, HOST)

    assert sheet.act is None
    assert [block.lines for block in sheet.foot] == [[[Piece(words="Urząd")]]]


def test_a_letter_may_be_one_line_or_nothing() -> None:
    line = Block(lines=[[Piece(words="Tak.")]])

    assert read("Tak.\n", HOST) == Sheet(code=None, blocks=[line], act=None, foot=[])
    assert read("", HOST) == Sheet(code=None, blocks=[], act=None, foot=[])


def test_digits_are_a_code_in_the_letter_that_brings_one_only() -> None:
    letter = "\nKod: 418 207\n\nWpisz go na stronie.\n"

    sheet = read(letter, HOST, has_code=True)

    assert sheet.code == Code(label="Kod:", digits="418 207")
    assert [words(block.lines[0]) for block in sheet.blocks] == ["Wpisz go na stronie."]
    assert read(letter, HOST).code is None
    assert read("Nikt nie zapyta.\n\nKod: 418 207", HOST, has_code=True).code is None


@pytest.mark.parametrize(
    ("text", "led"),
    [
        (f"Tu: {HOST}/konto.", ["/konto"]),
        (f"({HOST}/konto) i „{HOST}/moje”", ["/konto", "/moje"]),
        (f"{HOST}/a#odpowiedz-7?x=1&y=ą", ["/a#odpowiedz-7?x=1&y=ą"]),
        ("https://zly.example/konto", []),
        (f"{HOST}.zly.example/konto", []),
        (f"{HOST}@zly.example/konto", []),
        (f"https://zly.example/?do={HOST}/konto", []),
        (f"{HOST}//zly.example/x", []),
        (f"{HOST}/\\zly.example/x", []),
        ("javascript:alert(1)", []),
        (HOST, []),
    ],
)
def test_only_addresses_of_our_own_pages_lead_on(text: str, led: list[str]) -> None:
    assert paths(text) == led
