"""Bytes of uploaded files: a folder, one file a content, its name the hash of what is in it."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path
from typing import Protocol

from flask import current_app


class Storage(Protocol):
    """Where bytes lie. Names are SHA-256 hashes; the original name is data, never a path."""

    def put(self, content: bytes) -> str: ...

    def get(self, sha256: str) -> bytes: ...

    def remove(self, sha256: str) -> None: ...


class Folder:
    """A local folder; two levels, so that no directory grows too long."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, content: bytes) -> str:
        """Keep the bytes and return their hash. Written aside and renamed: never half a file."""
        sha256 = hashlib.sha256(content).hexdigest()
        target = self._path(sha256)
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as aside:
                aside.write(content)
                aside.flush()
                os.fsync(aside.fileno())
            Path(aside.name).replace(target)
        return sha256

    def get(self, sha256: str) -> bytes:
        """Return the bytes; FileNotFoundError when they are not here."""
        return self._path(sha256).read_bytes()

    def remove(self, sha256: str) -> None:
        self._path(sha256).unlink(missing_ok=True)

    def _path(self, sha256: str) -> Path:
        if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
            raise ValueError(f"Not a SHA-256 name: {sha256!r}")
        return self.root / sha256[:2] / sha256


def storage() -> Storage:
    """Return the storage of the running application."""
    kept: Storage = current_app.extensions["deliberate.storage"]
    return kept
