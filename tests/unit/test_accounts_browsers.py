"""A rough name of a browser."""

import pytest

from deliberate.accounts import browsers, codes

MOZILLA = "Mozilla/5.0"
WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (f"{MOZILLA} (Android 14; Mobile; rv:130.0) Gecko/130.0 Firefox/130.0", "Firefox, Android"),
        (
            f"{MOZILLA} (Windows NT 10.0) {WEBKIT} Chrome/130.0 Safari/537.36 Edg/130.0",
            "Edge, Windows",
        ),
        (f"{MOZILLA} (X11; Linux x86_64) {WEBKIT} Chrome/130.0 Safari/537.36", "Chrome, Linux"),
        (
            f"{MOZILLA} (iPhone; CPU iPhone OS 17_0 like Mac OS X) {WEBKIT} Safari/604.1",
            "Safari, iPhone",
        ),
        ("curl/8", ""),
        ("", ""),
    ],
)
def test_the_name_is_program_and_system(user_agent: str, name: str) -> None:
    assert browsers.name_of(user_agent) == name


def test_a_code_copied_from_paper_is_read_as_it_was_meant() -> None:
    assert codes.read_letter_code("7kq4-m2xo li") == "7KQ4M2X011"


def test_a_code_for_paper_has_no_letters_that_look_like_others() -> None:
    drawn = {character for _ in range(200) for character in codes.new_letter_code()}

    assert drawn <= set(codes.ALPHABET)
    assert not drawn & set("ILOU")
    assert codes.read_letter_code(codes.in_groups("7KQ4M2XD", 4)) == "7KQ4M2XD"
