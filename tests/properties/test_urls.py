"""Where the browser would really go, asked of another parser."""

import re
from urllib.parse import urljoin, urlsplit

from hypothesis import given
from hypothesis import strategies as st

from deliberate.kernel import urls

HERE = "https://lubowierz.example/zaloguj"
pieces = st.sampled_from(
    ["/", "\\", "//", "evil.pl", ":", "@", "https:", "%2f", "%5c", "%25", "..", ".", "?", "#", "\t"]
)
targets = st.lists(pieces | st.text(max_size=2), max_size=8).map("".join)


@given(targets)
def test_nobody_is_sent_to_another_host(target: str) -> None:
    if safe := urls.safe_next(target):
        # Browsers read "\" as "/" and drop tabs and line ends.
        as_browser = re.sub(r"[\t\r\n]", "", safe.replace("\\", "/"))

        assert urlsplit(urljoin(HERE, as_browser))[:2] == ("https", "lubowierz.example")


@given(st.text(max_size=200))
def test_a_slug_is_always_fit_for_a_path(title: str) -> None:
    slug = urls.slugify(title)

    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug)
    assert len(slug) <= urls.LONGEST_SLUG
    assert urls.slugify(slug) == slug
