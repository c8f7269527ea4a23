"""The file of a backup: a tar, locked as a whole while a vote could be read out of it.

The tar has ``manifest.json`` (kind of database, step, sums of every file, heads of the audit
chains), ``database`` and ``files/…``. What it is locked with stands in its second line
(kernel.lockedfile): the names of files in ``keys/``, one a vote.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import secrets
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from deliberate.cli.application import Refusal
from deliberate.kernel import lockedfile
from deliberate.voting import keys

MANIFEST, DATABASE, FILES = "manifest.json", "database", "files"
KEY_NAME = re.compile(rf"poll-\d+-{keys.BACKUP}\.key")

Manifest = dict[str, Any]


def write(
    archive: Path, manifest: Manifest, parts: Mapping[str, Path], locks: Mapping[str, bytes]
) -> None:
    """Write the parts with their sums. locks: file name → key; none: a plain tar.

    What is readable never touches the disk of the copies, and the archive is there whole or not.
    """
    sums = {name: _sum(path) for name, path in parts.items()}
    text = json.dumps(manifest | {"sums": sums}, indent=1, sort_keys=True).encode()
    draft = archive.with_name(f".{archive.name}.{secrets.token_hex(4)}")
    try:
        # Whoever may read it may read everything.
        with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            _fill(file, text, parts, locks)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(archive)
    except OSError as error:
        raise Refusal(f"Nie da się zapisać {archive}: {error.strerror}.") from error
    finally:
        draft.unlink(missing_ok=True)


def read(archive: Path, folder: Path, keys_folder: Path) -> Manifest:
    """Unpack what the manifest names into an empty folder, check every sum; refuse all else."""
    try:
        with _opened(archive, keys_folder) as tar:
            tar.extractall(folder, filter="data")
            names = tar.getnames()
    except lockedfile.WrongKeys as error:
        raise Refusal("Klucze nie pasują do tej kopii albo zmieniono jej początek.") from error
    except lockedfile.Damaged as error:
        raise Refusal(f"Kopia jest ucięta albo zmieniona (część {error.piece}).") from error
    except (tarfile.TarError, EOFError) as error:
        raise Refusal("Kopia jest uszkodzona albo nie jest archiwum tar.") from error
    if MANIFEST not in names:
        raise Refusal("To nie jest kopia zapisana przez deliberate backup.")
    manifest: Manifest = json.loads((folder / MANIFEST).read_text())
    sums = manifest["sums"]
    if not isinstance(sums, dict) or set(names) != {MANIFEST, *sums}:
        raise Refusal("Kopia ma inne pliki niż jej spis.")
    for name, expected in sums.items():
        if _sum(folder / name) != expected:
            raise Refusal(f"Kopia jest uszkodzona: {name}.")
    return manifest


def _fill(
    file: BinaryIO, manifest: bytes, parts: Mapping[str, Path], locks: Mapping[str, bytes]
) -> None:
    locked = lockedfile.Writer(file, locks) if locks else None
    output: Any = locked or file  # Any: a stream of tar only calls write(), but its type asks more
    with tarfile.open(fileobj=output, mode="w|", bufsize=lockedfile.PIECE) as tar:
        first = tarfile.TarInfo(MANIFEST)
        first.size, first.mode = len(manifest), 0o600
        tar.addfile(first, io.BytesIO(manifest))
        for name, path in parts.items():
            tar.add(path, name)
    if locked is not None:
        locked.finish()


@contextmanager
def _opened(archive: Path, keys_folder: Path) -> Iterator[tarfile.TarFile]:
    if not lockedfile.is_locked(archive):
        with tarfile.open(archive, "r:") as tar:
            yield tar
        return
    locks = _read_locks(archive, keys_folder)
    with archive.open("rb") as file:
        reader = lockedfile.Reader(file, locks)
        stream: Any = reader  # Any: as above, read() alone is called
        with tarfile.open(fileobj=stream, mode="r|", bufsize=lockedfile.PIECE) as tar:
            yield tar
        reader.finish()


def _read_locks(archive: Path, keys_folder: Path) -> dict[str, bytes]:
    names = lockedfile.names(archive)
    if not all(KEY_NAME.fullmatch(name) for name in names):
        raise lockedfile.Damaged(0)
    if missing := [name for name in names if not (keys_folder / name).exists()]:
        raise Refusal(
            f"W {keys_folder} brakuje kluczy: {', '.join(missing)}. "
            "Bez nich nikt nie odczyta tej kopii; po zniszczeniu klucza tak ma być."
        )
    return {name: read_key(keys_folder / name) for name in names}


def read_key(path: Path) -> bytes:
    try:
        return keys.read_backup_key(path)
    except keys.KeyMissing as error:
        raise Refusal(f"Plik {path} nie jest kluczem.") from error
    except OSError as error:
        raise Refusal(f"Klucza {path} nie da się odczytać.") from error


def _sum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
