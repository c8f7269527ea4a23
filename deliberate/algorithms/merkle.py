"""A Merkle tree over leaves that are hashes already: one short text holds them all to account."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

NODE = b"\x01"  # before two hashes that are joined; a leaf is hashed after 0x00, so none is a node
EMPTY = hashlib.sha256(b"").digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """Return the root of the tree over leaves (32 bytes each) in the order given.

    The tree is that of RFC 6962, section 2.1: the left half holds the largest power of two that is
    smaller than the number of leaves. Without leaves: SHA-256 of nothing.
    """
    row = list(leaves)
    if not row:
        return EMPTY
    # Joining neighbours row by row, the odd one carried along, gives the same tree.
    while len(row) > 1:
        joined = [join(row[i], row[i + 1]) for i in range(0, len(row) - 1, 2)]
        row = joined + row[len(joined) * 2 :]
    return row[0]


def proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """Return what a leaf is joined with on its way to the root, from the bottom up (RFC 6962).

    Raises IndexError where there is no such leaf.
    """
    if not 0 <= index < len(leaves):
        raise IndexError(index)
    path: list[bytes] = []
    row = list(leaves)
    while len(row) > 1:
        beside = index ^ 1
        if beside < len(row):
            path.append(row[beside])
        joined = [join(row[i], row[i + 1]) for i in range(0, len(row) - 1, 2)]
        row = joined + row[len(joined) * 2 :]
        index //= 2
    return path


def follows(leaf: bytes, index: int, size: int, path: Sequence[bytes], expected: bytes) -> bool:
    """Tell whether a path leads from a leaf at ``index`` among ``size`` to the expected root."""
    steps, value, last = iter(path), leaf, size - 1
    if not 0 <= index <= last:
        return False
    try:
        while last:
            if index % 2:
                value = join(next(steps), value)
            elif index < last:
                value = join(value, next(steps))
            index, last = index // 2, last // 2
    except StopIteration:
        return False
    return next(steps, None) is None and value == expected


def join(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(NODE + left + right).digest()
