"""Whatever stands in a letter: all of its words stay, in order, and only our pages are led to."""

from hypothesis import given
from hypothesis import strategies as st

from deliberate.notifications.sheet import Block, Sheet, read

HOST = "https://rozmowa.lubowierz.example"
PARTS = [
    HOST,
    HOST + "/konto",
    "\n",
    "\n\n",
    "\n--\n",
    "- ",
    "– ",
    ": ",
    "//",
    "\\",
    "Kod: 418 207",
]
TEXTS = st.lists(st.one_of(st.sampled_from(PARTS), st.text(max_size=12))).map("".join)


def bare(text: str) -> str:
    """Leave out what the look may replace: spaces, marks of items, the line above the foot."""
    return "".join(c for c in text if not c.isspace() and c not in "-–:")


def shown(blocks: list[Block]) -> list[str]:
    return [piece.words for block in blocks for line in block.lines for piece in line]


def everything(sheet: Sheet) -> str:
    code = [sheet.code.label, sheet.code.digits] if sheet.code else []
    act = [sheet.act.words] if sheet.act else []
    return "".join([*code, *shown(sheet.blocks), *act, *shown(sheet.foot)])


@given(TEXTS, st.booleans())
def test_no_word_of_a_letter_is_lost(text: str, has_code: bool) -> None:
    sheet = read(text, HOST, has_code=has_code)
    named = [
        piece
        for block in sheet.foot
        for line in block.lines
        for piece in line
        if piece.path and piece.words != HOST + piece.path
    ]

    if not named:  # an address in the foot may stand behind the words before it
        assert bare(everything(sheet)) == bare(text)


@given(TEXTS)
def test_every_path_is_one_of_our_pages(text: str) -> None:
    sheet = read(text, HOST)
    lines = [line for block in (*sheet.blocks, *sheet.foot) for line in block.lines]

    for piece in [*(piece for line in lines for piece in line), *filter(None, [sheet.act])]:
        if piece.path is not None:
            assert piece.path.startswith("/")
            assert not piece.path.startswith(("//", "/\\"))
            assert HOST + piece.path in text
