"""Whatever people write, the page stays whole and their words stay theirs."""

from html.parser import HTMLParser

from hypothesis import example, given
from hypothesis import strategies as st

from deliberate.kernel import prose

ALLOWED = {"p", "br", "strong", "ul", "li", "a"}
pieces = st.sampled_from(
    [
        "**", "*", "- ", "\n", "\n\n", " ", "słowo", "<", ">", '"', "'", "&", "&lt;", "(", ")",
        "https://", "http://a.pl", "https://a.pl/b_(c)", "javascript:", "<script>", "</p>",
        "<img src=x onerror=alert(1)>", "{{ x }}", " hx-get=/x", "@", "\u202e", "\u0000", "\r",
    ]
)  # fmt: skip
writing = st.lists(pieces | st.text(max_size=4), max_size=30).map("".join) | st.text()


class Reader(HTMLParser):
    """Reads a fragment as a browser would: tags with attributes, and the text between."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ALLOWED
        names = [name for name, _ in attrs]
        assert names == (["href", "rel"] if tag == "a" else [])
        if tag == "a":
            assert (attrs[0][1] or "").lower().startswith(("http://", "https://"))
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def unknown_decl(self, data: str) -> None:
        raise AssertionError(data)

    handle_comment = handle_decl = handle_pi = unknown_decl


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    reader.close()
    return reader


@given(writing)
@example("<script>https://a.pl/<b>")
@example("**https://a.pl/**<b>**\n- **x")
def test_only_allowed_tags_come_out_and_each_is_closed(text: str) -> None:
    assert read(prose.render(text)).open == []


def signs(text: str) -> str:
    """Return what can be seen, but for the dash that stands for a list's mark in plain text."""
    return "".join(text.replace("–", "").split())


@given(writing)
def test_the_page_shows_the_words_of_the_plain_text(text: str) -> None:
    shown = "".join(read(prose.render(text)).text)

    assert signs(shown) == signs(prose.plain(text))


@given(writing)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    cleaned = prose.clean(text)

    assert prose.clean(cleaned) == cleaned
    assert cleaned.encode().decode() == cleaned
    assert "\n\n\n\n" not in cleaned


@given(writing, st.integers(1, 60))
def test_an_excerpt_is_one_line_no_longer_than_asked(text: str, n: int) -> None:
    excerpt = prose.excerpt(text, n)

    assert len(excerpt) <= n
    assert "\n" not in excerpt
