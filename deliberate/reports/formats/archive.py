"""The pack for BIP: all files of a version, what the law wants said of them, and their sums."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from xml.etree import ElementTree as Tree  # only written here, never parsed

from deliberate.kernel import prose

FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # the earliest that the format knows: the same bytes each time
SMALL_ALREADY = (".pdf", ".docx")


def packed(name: str) -> zipfile.ZipInfo:
    """Return the entry of a file in an archive, without the hour at which it was written."""
    entry = zipfile.ZipInfo(name, date_time=FIRST_DAY)
    entry.compress_type = zipfile.ZIP_DEFLATED
    if name.endswith(SMALL_ALREADY):
        entry.compress_type = zipfile.ZIP_STORED
    entry.external_attr = 0o644 << 16
    return entry


def as_zip(metadata: Mapping[str, object], files: Mapping[str, bytes]) -> bytes:
    """Return the pack: ``files`` by name, ``metadata`` as JSON and XML, and SHA256SUMS."""
    described = {
        **metadata,
        "files": [
            {"name": name, "size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
            for name, data in files.items()
        ],
    }
    whole = {
        **files,
        "metadata.json": json.dumps(described, ensure_ascii=False, indent=1).encode(),
        "metadata.xml": _xml(described),
    }
    sums = "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in whole.items())
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in {**whole, "SHA256SUMS": sums.encode()}.items():
            archive.writestr(packed(name), data)
    return out.getvalue()


def _xml(described: Mapping[str, object]) -> bytes:
    root = Tree.Element("report")
    for key, value in described.items():
        _add(root, key, value)
    Tree.indent(root)
    written: bytes = Tree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _add(parent: Tree.Element, key: str, value: object) -> None:
    element = Tree.SubElement(parent, key)
    if isinstance(value, list):
        for each in value:
            item = Tree.SubElement(element, "item")
            for name, inner in each.items():
                _add(item, name, inner)
    else:
        element.text = prose.clean(str(value))
