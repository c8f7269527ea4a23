"""Receipts: a leaf that hangs on everything it covers, and a code that people can copy."""

import hashlib

import pytest

from deliberate.voting import receipts

NONCE = bytes(range(32))
SECTIONS = {1: "[2,5]", 2: "[7]"}
LEAF = receipts.leaf(7, NONCE, SECTIONS)


def test_a_leaf_is_what_its_description_says() -> None:
    text = b"\x00" + (7).to_bytes(8, "big") + NONCE + b"[[1,[2,5]],[2,[7]]]"

    assert hashlib.sha256(text).hexdigest() == LEAF


def test_sections_stand_by_number_in_whatever_order_they_come() -> None:
    assert receipts.leaf(7, NONCE, {2: "[7]", 1: "[2,5]"}) == LEAF
    assert receipts.all_choices({10: "[1]", 9: "[]"}) == "[[9,[]],[10,[1]]]"


@pytest.mark.parametrize(
    ("poll", "nonce", "sections"),
    [
        (8, NONCE, SECTIONS),
        (7, bytes(32), SECTIONS),
        (7, NONCE, {1: "[2,5]", 2: "[8]"}),
        (7, NONCE, {1: "[2,5]", 3: "[7]"}),
        (7, NONCE, {1: "[7]", 2: "[2,5]"}),
        (7, NONCE, {1: "[2,5]"}),
    ],
)
def test_any_other_input_is_another_leaf(poll: int, nonce: bytes, sections: dict[int, str]) -> None:
    assert receipts.leaf(poll, nonce, sections) != LEAF


def test_a_nonce_hangs_on_both_halves() -> None:
    mixed = {
        receipts.mix(secret, browser) for secret in (b"a" * 32, b"b" * 32) for browser in ("", "x")
    }

    assert len(mixed) == 4
    assert {len(nonce) for nonce in mixed} == {32}


@pytest.mark.parametrize(
    ("leaf", "code"),
    [
        ("0" * 64, "0000-0000-0000"),
        ("f" * 64, "ZZZZ-ZZZZ-ZZZZ"),
        ("0123456789abcde" + "f" * 49, "04HM-ASW9-NF6Y"),
    ],
)
def test_a_code_is_the_beginning_of_its_leaf(leaf: str, code: str) -> None:
    assert receipts.code(leaf) == code
    assert receipts.beginning(code) == leaf[:15]


@pytest.mark.parametrize(
    "written",
    [
        "1V0K-11VV-00ZZ",
        "1v0k11vv00zz",
        "IVOK-LIUV-oOzz",
        " 1V0K 11VV 00ZZ ",
        "1V0K–11VV–00ZZ",
        "1V0K\u00a011VV\t00ZZ",
    ],
)
def test_misread_letters_and_other_strokes_are_the_same_code(written: str) -> None:
    assert receipts.beginning(written) == receipts.beginning("1V0K-11VV-00ZZ") is not None


@pytest.mark.parametrize(
    "written", ["", "1V0K-11VV-00Z", "1V0K-11VV-00ZZ0", "1V0K-11VV-00Z?", "Ż" * 12]
)
def test_what_is_no_code_names_no_leaf(written: str) -> None:
    assert receipts.beginning(written) is None
