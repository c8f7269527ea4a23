"""The tree of the public log: vectors worked by hand from RFC 6962, every proof of small ones."""

import hashlib

import pytest

from deliberate.algorithms import merkle


def leaf(text: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + text).digest()


def node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


A, B, C, D, E = (leaf(letter) for letter in (b"a", b"b", b"c", b"d", b"e"))


def split(leaves: list[bytes]) -> bytes:
    """Return the root as RFC 6962, section 2.1 writes it: split, not joined row by row."""
    if len(leaves) == 1:
        return leaves[0]
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return node(split(leaves[:half]), split(leaves[half:]))


@pytest.mark.parametrize(
    ("leaves", "root"),
    [
        ([], hashlib.sha256().digest()),
        ([A], A),
        ([A, B], node(A, B)),
        ([A, B, C], node(node(A, B), C)),
        ([A, B, C, D, E], node(node(node(A, B), node(C, D)), E)),
    ],
)
def test_small_trees_by_hand(leaves: list[bytes], root: bytes) -> None:
    assert merkle.root(leaves) == root


def test_the_vectors_of_the_log_of_certificates() -> None:
    """The eight leaves and roots with which implementations of RFC 6962 are tested."""
    inputs = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657"]
    inputs.append("606162636465666768696a6b6c6d6e6f")
    leaves = [leaf(bytes.fromhex(text)) for text in inputs]
    roots = {
        1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        4: "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    }

    assert {size: merkle.root(leaves[:size]).hex() for size in roots} == roots


@pytest.mark.parametrize("size", range(1, 34))
def test_every_leaf_has_a_proof_and_no_other(size: int) -> None:
    leaves = [leaf(str(number).encode()) for number in range(size)]
    root = merkle.root(leaves)

    assert root == split(leaves)
    for index, own in enumerate(leaves):
        path = merkle.proof(leaves, index)
        assert merkle.follows(own, index, size, path, root)
        assert not merkle.follows(leaf(b"x"), index, size, path, root)
        assert not merkle.follows(own, index, size, path, leaf(b"x"))
        assert not merkle.follows(own, index, size, [*path, own], root)
        assert not merkle.follows(own, size, size, path, root)
        assert not merkle.follows(own, -1, size, path, root)
        if path:
            assert not merkle.follows(own, index, size, path[:-1], root)
            assert not merkle.follows(own, index, size, [leaf(b"x"), *path[1:]], root)
        if size > 1:
            assert not merkle.follows(own, (index + 1) % size, size, path, root)


@pytest.mark.parametrize("index", [-1, 3])
def test_no_leaf_no_proof(index: int) -> None:
    with pytest.raises(IndexError):
        merkle.proof([A, B, C], index)
