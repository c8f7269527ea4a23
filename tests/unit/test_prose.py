"""What people write, as it is stored and as it is shown."""

import pytest
from markupsafe import Markup

from deliberate.kernel import prose


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("", ""),
        ("Dzień dobry", "<p>Dzień dobry</p>"),
        ("jeden\ndwa\n\ntrzy", "<p>jeden<br>\ndwa</p>\n<p>trzy</p>"),
        ("To **ważne** i **pilne**.", "<p>To <strong>ważne</strong> i <strong>pilne</strong>.</p>"),
        ("Powody:\n- cień\n- woda", "<p>Powody:</p>\n<ul><li>cień</li><li>woda</li></ul>"),
        ("- **a**\n\n- b", "<ul><li><strong>a</strong></li></ul>\n<ul><li>b</li></ul>"),
        ("-bez odstępu", "<p>-bez odstępu</p>"),
        ("2 ** 3 ** 4", "<p>2 ** 3 ** 4</p>"),
        ("**niedomknięte", "<p>**niedomknięte</p>"),
        ("****", "<p>****</p>"),
        ("<b>&\"'", "<p>&lt;b&gt;&amp;&#34;&#39;</p>"),
        (
            "<b> http://a.pl",
            '<p>&lt;b&gt; <a href="http://a.pl" rel="nofollow ugc noopener">http://a.pl</a></p>',
        ),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
    ],
)
def test_two_marks_and_nothing_else(text: str, html: str) -> None:
    rendered = prose.render(text)

    assert rendered == html
    assert isinstance(rendered, Markup)


@pytest.mark.parametrize(
    ("text", "address", "rest"),
    [
        ("Zob. https://example.pl/a.", "https://example.pl/a", "."),
        ("(https://example.pl/a)", "https://example.pl/a", ")"),
        ("https://pl.wikipedia.org/wiki/A_(b)", "https://pl.wikipedia.org/wiki/A_(b)", ""),
        ("(https://pl.wikipedia.org/wiki/A_(b)),", "https://pl.wikipedia.org/wiki/A_(b)", "),"),
        ("„http://example.pl”", "http://example.pl", "”"),
        ("HTTPS://EXAMPLE.PL/?a=1&b=2!", "HTTPS://EXAMPLE.PL/?a=1&amp;b=2", "!"),
        ("https://xn--d-5ga.pl/x", "https://xn--d-5ga.pl/x", ""),
    ],
)
def test_addresses_become_links_without_the_punctuation_of_the_sentence(
    text: str, address: str, rest: str
) -> None:
    link = f'<a href="{address}" rel="nofollow ugc noopener">{address}</a>'

    assert f"{link}{rest}</p>" in prose.render(text)


def test_an_address_in_bold_is_both() -> None:
    assert prose.render("**https://a.pl**") == (
        '<p><strong><a href="https://a.pl" rel="nofollow ugc noopener">https://a.pl</a>'
        "</strong></p>"
    )


@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "https://bank.pl@example.com/",
        "https://",
        "http://localhost:8000/",
        "xhttps://example.pl",
        "https://[::1]/",
        "//example.pl",
        "ftp://example.pl",
    ],
)
def test_what_is_no_plain_address_of_the_web_stays_text(text: str) -> None:
    assert "<a" not in prose.render(text)


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("  a  \n\t\nb\t ", "a\n\nb"),
        ("a\n\n\n\n\nb", "a\n\n\nb"),
        ("z\u0307o\u0301łc\u0301", "żółć"),
        ("do\u202eb\u200bra\ufeff\u2066", "dobra"),
        ("a\x00b\x07c\x85", "abc"),
        ("a\ud800b", "ab"),
        ("kolumna\tdruga", "kolumna\tdruga"),
        ("so\u00adfa", "sofa"),
    ],
)
def test_a_text_is_cleaned_of_what_nobody_sees(text: str, cleaned: str) -> None:
    assert prose.clean(text) == cleaned


def test_a_plain_text_has_no_marks_and_keeps_its_lines() -> None:
    text = "Powody **dwa**:\n- cień\n- woda\n\n2 ** 3"

    assert prose.plain(text) == "Powody dwa:\n– cień\n– woda\n\n2 ** 3"


@pytest.mark.parametrize(
    ("n", "text"),
    [
        (100, "Drzewa na rynku, a pod nimi ławki."),
        (34, "Drzewa na rynku, a pod nimi ławki."),
        (33, "Drzewa na rynku, a pod nimi…"),
        (17, "Drzewa na rynku…"),
        (16, "Drzewa na…"),
        (15, "Drzewa na…"),
        (4, "Drz…"),
        (1, "…"),
    ],
)
def test_an_excerpt_ends_between_words(n: int, text: str) -> None:
    assert prose.excerpt("**Drzewa** na rynku,\na pod nimi ławki.", n) == text


def test_a_number_keeps_its_unit_and_one_letter_words_do_not_end_a_line() -> None:
    html = prose.render("Remont w szkole to **61 000 zł**\n- i jeszcze 24 m²")

    assert html == (
        "<p>Remont w\u00a0szkole to <strong>61\u00a0000\u00a0zł</strong></p>\n"
        "<ul><li>i\u00a0jeszcze 24\u00a0m²</li></ul>"
    )
