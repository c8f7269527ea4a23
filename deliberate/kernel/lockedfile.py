"""A file that is read with all of several keys only: destroy any one, and every copy is noise.

A line that says what it is, a line of JSON (names of the keys, salt, wrapped key), then pieces of
one MiB. Each piece is AES-256-GCM under a random key of the file's own, and its nonce is its
number and whether it is the last one: a piece that is changed, swapped, left out or added does not
open (the STREAM construction; Hoang, Reyhanitabar, Rogaway, Vizár, CRYPTO 2015). The file's key is
wrapped under HKDF-SHA256 over all keys, one after another, with the names as context.
"""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

FIRST_LINE = b"deliberate locked file 1\n"
PIECE, TAG = 1 << 20, 16  # bytes
SIZE = 32  # of every key
NONCE = 12
LONGEST_LINE = 1 << 16  # of names; a file that is none may have no line end at all


class WrongKeys(Exception):
    """These are not the keys that the file was locked with, or its second line was changed."""


class Damaged(Exception):
    """The file is cut, or somebody changed it. ``piece``: where, from 1; 0: in its first lines."""

    def __init__(self, piece: int) -> None:
        super().__init__(f"piece {piece}")
        self.piece = piece


class Writer:
    """Locks what is written to it. Only after ``finish`` is the file one that can be read."""

    def __init__(self, file: BinaryIO, keys: Mapping[str, bytes]) -> None:
        """keys: by name; their order counts."""
        key, salt = secrets.token_bytes(SIZE), secrets.token_bytes(SIZE)
        named = {"keys": list(keys), "salt": _text(salt)}
        nonce = secrets.token_bytes(NONCE)
        wrapped = nonce + _wrapping(keys, salt).encrypt(nonce, key, _canonical(named))
        file.write(FIRST_LINE + _canonical(named | {"wrapped": _text(wrapped)}) + b"\n")
        self._file, self._cipher = file, AESGCM(key)
        self._number, self._waiting = 0, bytearray()

    def write(self, data: bytes) -> int:
        self._waiting += data
        while len(self._waiting) > PIECE:  # what is left over may be the last piece
            self._add(bytes(self._waiting[:PIECE]), is_last=False)
            del self._waiting[:PIECE]
        return len(data)

    def finish(self) -> None:
        self._add(bytes(self._waiting), is_last=True)

    def _add(self, piece: bytes, *, is_last: bool) -> None:
        nonce = _nonce(self._number, is_last=is_last)
        self._file.write(self._cipher.encrypt(nonce, piece, None))
        self._number += 1


class Reader:
    """Unlocks a file piece by piece. Believe the file only after ``finish``: it may be cut."""

    def __init__(self, file: BinaryIO, keys: Mapping[str, bytes]) -> None:
        """keys: by name; those of ``names`` at least."""
        said = _read_lines(file)
        own = {name: keys[name] for name in _names(said)}
        self._file, self._cipher = file, AESGCM(_unwrap(said, own))
        self._pieces, self._there = self._unlock(), b""

    def read(self, size: int) -> bytes:
        while len(self._there) < size and (piece := next(self._pieces, b"")):
            self._there += piece
        taken, self._there = self._there[:size], self._there[size:]
        return taken

    def finish(self) -> None:
        """Read to the end, which must be there."""
        for _ in self._pieces:
            pass

    def _unlock(self) -> Iterator[bytes]:
        number, piece = 0, self._file.read(PIECE + TAG)
        is_last = False
        while not is_last:
            after = self._file.read(PIECE + TAG)
            is_last = not after
            try:
                yield self._cipher.decrypt(_nonce(number, is_last=is_last), piece, None)
            except InvalidTag as error:
                raise Damaged(number + 1) from error
            number, piece = number + 1, after


def is_locked(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(FIRST_LINE)) == FIRST_LINE


def names(path: Path) -> Sequence[str]:
    """Return the names of the keys without which the file is noise."""
    with path.open("rb") as file:
        return _names(_read_lines(file))


def _read_lines(file: BinaryIO) -> dict[str, object]:
    if file.readline(LONGEST_LINE) != FIRST_LINE:
        raise Damaged(0)
    try:
        said = json.loads(file.readline(LONGEST_LINE))
    except ValueError as error:
        raise Damaged(0) from error
    return said if isinstance(said, dict) else {}


def _names(said: Mapping[str, object]) -> list[str]:
    found = said.get("keys")
    if not isinstance(found, list) or not found or not all(isinstance(n, str) for n in found):
        raise Damaged(0)
    return found


def _unwrap(said: Mapping[str, object], keys: Mapping[str, bytes]) -> bytes:
    try:
        salt = base64.b64decode(str(said["salt"]), validate=True)
        wrapped = base64.b64decode(str(said["wrapped"]), validate=True)
        named = _canonical({"keys": list(keys), "salt": _text(salt)})
        return _wrapping(keys, salt).decrypt(wrapped[:NONCE], wrapped[NONCE:], named)
    except (KeyError, ValueError) as error:
        raise Damaged(0) from error
    except InvalidTag as error:
        raise WrongKeys from error


def _wrapping(keys: Mapping[str, bytes], salt: bytes) -> AESGCM:
    derived = HKDF(SHA256(), SIZE, salt, b"deliberate locked file 1")
    return AESGCM(derived.derive(b"".join(keys.values())))


def _nonce(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(NONCE - 1, "big") + bytes([is_last])


def _canonical(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode()
