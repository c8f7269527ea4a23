"""Where a person may be sent, what may be linked, how a path is named."""

import pytest

from deliberate.kernel import urls


@pytest.mark.parametrize(
    "target",
    [
        "/",
        "/konsultacje/rynek-2026/propozycje/7",
        "/g/lubowierz/propozycje?strona=2&szukaj=drzewa%20na%20rynku",
        "/zaloguj?next=/konsultacje",
        "/zaloguj?next=%2F%2Fevil.pl",
        "/propozycje#wpis-12",
        "/propozycje?adres=https://example.pl//a",
        "/szukaj?q=a/../b",
        "/łąka",
        "/%C5%82%C4%85ka",
    ],
)
def test_a_path_on_this_host_is_kept_as_it_is(target: str) -> None:
    assert urls.safe_next(target) == target


@pytest.mark.parametrize(
    "target",
    [
        None,
        "",
        " ",
        " /a",
        "a",
        "a/b",
        "./a",
        "../a",
        "?a=1",
        "#a",
        "//evil.pl",
        "///evil.pl",
        "////evil.pl",
        "/\\evil.pl",
        "\\\\evil.pl",
        "\\/evil.pl",
        "/\\/evil.pl",
        "/\t/evil.pl",
        "\t//evil.pl",
        "/\n/evil.pl",
        "/\r/evil.pl",
        "/a\r\nSet-Cookie: x=1",
        "/\x00/evil.pl",
        "/\x0b/evil.pl",
        "/\x85/evil.pl",
        "/\xa0/evil.pl",
        "/\u2028/evil.pl",
        "/\u3000/evil.pl",
        "/\u200b/evil.pl",
        "/\ufeff/evil.pl",
        "/\u202e/evil.pl",
        "/%2fevil.pl",
        "/%2Fevil.pl",
        "/%2f%2fevil.pl",
        "%2f%2fevil.pl",
        "/%5cevil.pl",
        "/%5C%5Cevil.pl",
        "/%252fevil.pl",
        "/%25252fevil.pl",
        "/%255cevil.pl",
        "/%09/evil.pl",
        "/%0d%0aLocation:%20//evil.pl",
        "/%00/evil.pl",
        "/a//evil.pl",
        "/a/%2f/evil.pl",
        "/./evil.pl",
        "/.//evil.pl",
        "/..//evil.pl",
        "/a/../..//evil.pl",
        "/%2e%2e//evil.pl",
        "/%2e/evil.pl",
        "/a/..",
        "/a?x=1\\evil",
        "/a?x=\r\nSet-Cookie:a",
        "/a#\x00",
        "http://evil.pl",
        "https://evil.pl/",
        "HTTPS://evil.pl",
        "https:evil.pl",
        "https:/evil.pl",
        "https:///evil.pl",
        "http:\\\\evil.pl",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "mailto:a@evil.pl",
        "@evil.pl",
        "user@evil.pl",
        "localhost@evil.pl/",
        "evil.pl",
        "www.evil.pl/a",
        ":80/a",
        "/" + "a" * urls.LONGEST_URL,
    ],
)
def test_everything_else_leads_nowhere(target: str | None) -> None:
    assert urls.safe_next(target) is None


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("https://example.pl", "https://example.pl"),
        ("  http://example.pl/a?b=c#d \n", "http://example.pl/a?b=c#d"),
        ("HTTPS://Example.PL:8443/", "HTTPS://Example.PL:8443/"),
        ("https://łódź.example.pl/plan", "https://łódź.example.pl/plan"),
        ("https://xn--d-5ga.pl", "https://xn--d-5ga.pl"),
        ("https://127.0.0.1/", "https://127.0.0.1/"),
        ("https://example.pl./", "https://example.pl./"),
        ("https://example.pl/mail@adres", "https://example.pl/mail@adres"),
    ],
)
def test_an_address_of_the_web_is_taken(text: str, address: str) -> None:
    assert urls.web_url(text) == address


@pytest.mark.parametrize(
    "text",
    [
        None, "", " ", "example.pl", "www.example.pl", "/a", "//example.pl", "javascript:alert(1)",
        " javascript:alert(1)", "java\tscript:alert(1)", "data:text/html,x", "vbscript:x",
        "file:///etc/passwd", "ftp://example.pl", "mailto:a@example.pl", "https:", "https://",
        "https:///a", "https:example.pl", "https://localhost/", "https://intranet/a",
        "https://bank.pl@example.com", "https://a:b@example.com", "https://exa mple.pl",
        "https://example.pl/\r\nX: y", "https://example.pl\\@evil.pl", "https://example.pl:x/",
        "https://example.pl:99999/", "https://[::1]/", "https://[x", "https://-a.pl", "https://.pl",
        "https://a..pl", "https://example.pl/\u202egpj", "https://a.pl/" + "a" * urls.LONGEST_URL,
        "https://exam\u2100ple.pl/", "https://a_.pl.",
    ],
)  # fmt: skip
def test_no_other_address_is_taken(text: str | None) -> None:
    assert urls.web_url(text) is None


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Łąka nad Wisłą", "laka-nad-wisla"),
        ("Zażółć gęślą jaźń", "zazolc-gesla-jazn"),
        ("  Rynek 2026: co dalej?  ", "rynek-2026-co-dalej"),
        ("Ścieżka – etap II/III", "sciezka-etap-ii-iii"),
        ("Straße", "strasse"),
        ("O'Connor", "oconnor"),
        ("Більше дерев у центрі", "bilshe-derev-u-tsentri"),
        ("Її об’єкт: щука й ґанок", "ii-obiekt-shchuka-i-ganok"),
        ("!!!", "bez-nazwy"),
        ("", "bez-nazwy"),
        ("漢字", "bez-nazwy"),
        ("a" * 80, "a" * 60),
        ("drzewo " * 12, "drzewo-drzewo-drzewo-drzewo-drzewo-drzewo-drzewo-drzewo"),
    ],
)
def test_a_title_becomes_a_name_for_a_path(title: str, slug: str) -> None:
    assert urls.slugify(title) == slug
    assert len(slug) <= urls.LONGEST_SLUG
