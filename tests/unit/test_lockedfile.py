"""A locked file opens whole, with all of its keys and in their order, or not at all."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest

from deliberate.kernel import lockedfile
from deliberate.kernel.lockedfile import PIECE, TAG, Damaged, Reader, Writer, WrongKeys

KEYS = {"poll-3": bytes(range(32)), "poll-5": bytes(range(1, 33))}
WHOLE = PIECE + TAG


def locked(content: bytes, keys: dict[str, bytes] = KEYS) -> bytes:
    file = io.BytesIO()
    writer = Writer(file, keys)
    for start in range(0, len(content), 300_000):  # other cuts than the pieces have
        writer.write(content[start : start + 300_000])
    writer.finish()
    return file.getvalue()


def unlocked(file: bytes, keys: dict[str, bytes] = KEYS) -> bytes:
    reader = Reader(io.BytesIO(file), keys)
    content = b""
    while part := reader.read(700_001):
        content += part
    reader.finish()
    return content


def content(size: int) -> bytes:
    return (bytes(range(251)) * (size // 251 + 1))[:size]


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 2 * PIECE + 77])
def test_what_was_locked_comes_back(size: int) -> None:
    assert unlocked(locked(content(size))) == content(size)


def test_nothing_of_it_can_be_read(tmp_path: Path) -> None:
    path = tmp_path / "locked"
    path.write_bytes(locked(b"Jan Kowalski " * 1000))

    assert b"Kowalski" not in path.read_bytes()
    assert lockedfile.is_locked(path)
    assert lockedfile.names(path) == ["poll-3", "poll-5"]


def test_the_same_content_is_locked_otherwise_each_time() -> None:
    assert locked(b"tak")[-TAG:] != locked(b"tak")[-TAG:]


@pytest.mark.parametrize(
    "keys",
    [
        {"poll-3": bytes(range(32)), "poll-5": bytes(range(2, 34))},
        {"poll-3": bytes(range(1, 33)), "poll-5": bytes(range(32))},  # the right ones, swapped
        {"poll-3": bytes(range(32)), "poll-5": b""},
    ],
)
def test_every_key_is_needed_in_its_place(keys: dict[str, bytes]) -> None:
    with pytest.raises(WrongKeys):
        unlocked(locked(content(100)), keys)


def pieces(file: bytes) -> tuple[bytes, list[bytes]]:
    start = file.index(b"\n", len(lockedfile.FIRST_LINE)) + 1
    return file[:start], [file[at : at + WHOLE] for at in range(start, len(file), WHOLE)]


def cut_a_byte(head: bytes, body: list[bytes]) -> bytes:
    return (head + b"".join(body))[:-1]


def cut_a_piece(head: bytes, body: list[bytes]) -> bytes:
    return head + b"".join(body[:-1])


def cut_all(head: bytes, body: list[bytes]) -> bytes:
    return head


def swap(head: bytes, body: list[bytes]) -> bytes:
    return head + body[1] + body[0] + b"".join(body[2:])


def leave_out(head: bytes, body: list[bytes]) -> bytes:
    return head + b"".join(body[1:])


def double(head: bytes, body: list[bytes]) -> bytes:
    return head + body[0] + b"".join(body)


def add_bytes(head: bytes, body: list[bytes]) -> bytes:
    return head + b"".join(body) + b"more"


def flip(head: bytes, body: list[bytes]) -> bytes:
    return head + body[0][:9] + bytes([body[0][9] ^ 1]) + body[0][10:] + b"".join(body[1:])


def from_another(head: bytes, body: list[bytes]) -> bytes:
    _, others = pieces(locked(content(3 * PIECE)))
    return head + others[0] + b"".join(body[1:])


@pytest.mark.parametrize(
    "change",
    [
        cut_a_byte,
        cut_a_piece,
        cut_all,
        swap,
        leave_out,
        double,
        add_bytes,
        flip,
        from_another,
    ],
)
def test_what_was_changed_does_not_open(change: Callable[[bytes, list[bytes]], bytes]) -> None:
    head, body = pieces(locked(content(3 * PIECE)))
    assert len(body) == 3

    with pytest.raises(Damaged):
        unlocked(change(head, body))


def test_other_names_do_not_open() -> None:
    file = locked(content(100)).replace(b"poll-5", b"poll-6", 1)

    with pytest.raises(WrongKeys):
        unlocked(file, {"poll-3": KEYS["poll-3"], "poll-6": KEYS["poll-5"]})


@pytest.mark.parametrize(
    "second",
    [b"", b"{}", b"[]", b"nonsense", b'{"keys": []}', b'{"keys": [3]}', b'{"keys":["poll-3"]}'],
)
def test_a_second_line_that_is_none_is_no_locked_file(second: bytes) -> None:
    with pytest.raises(Damaged):
        unlocked(lockedfile.FIRST_LINE + second + b"\n" + b"x" * 100)
