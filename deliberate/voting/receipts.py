"""A voter's receipt: the leaf of all their choices in the public log, and the code that names it.

Pure. The nonce keeps a leaf from being guessed from its choices, of which there are few.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from deliberate.voting import canonical

LEAF = b"\x00"
# Crockford's base 32: no I, L, O, U; whoever reads them means 1, 1, 0 and V.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MEANT = str.maketrans({"I": "1", "L": "1", "O": "0", "U": "V"})
CHARACTERS, GROUP = 12, 4
BITS = CHARACTERS * 5


def leaf(poll_id: int, nonce: bytes, sections: Mapping[int, str]) -> str:
    """Return SHA-256 (hex) of 0x00, the poll (8 bytes), the nonce (32) and all choices.

    sections: section → canonical text of its ballot; only those that the voter voted in.
    """
    text = all_choices(sections)
    return hashlib.sha256(LEAF + poll_id.to_bytes(8, "big") + nonce + text.encode()).hexdigest()


def all_choices(sections: Mapping[int, str]) -> str:
    """Return the choices of all sections as one text: ``[[1,[2,5]],[2,[7]]]``, by section."""
    return "[" + ",".join(f"[{no},{sections[no]}]" for no in sorted(sections)) + "]"


def mix(secret: bytes, browser: str) -> bytes:
    """Return the nonce: ours, and 128 bits of the voter's browser where it runs scripts.

    Neither side alone knows it before the vote.
    """
    return hashlib.sha256(secret + browser.encode()).digest()


def code(leaf_hex: str) -> str:
    """Return the first 60 bits of a leaf as people write them down: ``7KQ4-M2XD-9TRA``."""
    number = int(leaf_hex[: BITS // 4], 16)
    letters = [ALPHABET[(number >> shift) & 31] for shift in range(BITS - 5, -1, -5)]
    text = "".join(letters)
    return "-".join(text[i : i + GROUP] for i in range(0, CHARACTERS, GROUP))


def beginning(written: str) -> str | None:
    """Return the first 15 hex digits of the leaf that a written code names, or None.

    Spaces, hyphens and the case of letters decide nothing.
    """
    text = "".join(c for c in written.upper() if c not in " -–\u00a0\t").translate(_MEANT)
    if len(text) != CHARACTERS or any(c not in ALPHABET for c in text):
        return None
    number = 0
    for letter in text:
        number = number << 5 | ALPHABET.index(letter)
    return f"{number:0{BITS // 4}x}"


def head_body(
    *, poll_id: int, no: int, leaves: int, root: str, previous: str, day: str, **final: object
) -> str:
    """Return what is signed of a head, as canonical JSON; ``final``: what the last one covers."""
    said = {
        "poll": poll_id,
        "no": no,
        "leaves": leaves,
        "root": root,
        "previous": previous,
        "day": day,
    }
    return canonical.canonical(said | final)
