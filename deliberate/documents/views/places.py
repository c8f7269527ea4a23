"""The places that a remark may be on, as the form and its address name them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import request
from wtforms import SelectChoice

from deliberate.consultations.models import Consultation
from deliberate.documents import listing, texts
from deliberate.documents.content import Place
from deliberate.documents.kinds import Level
from deliberate.kernel.i18n import say
from deliberate.kernel.texts import N_

NOWHERE = "0:0:0"  # the matter as a whole, where no document stands
LONGEST_OPTION = 70


def list_choices(consultation: Consultation) -> list[SelectChoice]:
    """Return every place that a remark may be on, a group for each document."""
    choices = []
    for put in texts.list_standing(consultation):
        document = put.document
        whole = key_of(document.id, document.version_no, 0)
        label = say(N_("Całość: %(title)s"), title=document.title)
        choices.append(SelectChoice(value=whole, label=label, optgroup=document.title))
        choices += [
            SelectChoice(
                value=key_of(document.id, document.version_no, row.number),
                label=_option(row.path, row.level, row.opening),
                optgroup=document.title,
            )
            for row in texts.list_places(document, document.version_no)
        ]
    return choices or [SelectChoice(value=NOWHERE, label=say(N_("Cała sprawa")))]


def _option(path: str, level: str, opening: str) -> str:
    if level in {Level.HEADING, Level.TEXT}:
        path = f"{path} – {' '.join(opening.split())}"
    return path if len(path) <= LONGEST_OPTION else path[: LONGEST_OPTION - 1] + "…"


def key_of(document_id: int, version: int, number: int) -> str:
    return f"{document_id}:{version}:{number}"


def _read_key(key: str | None) -> tuple[int, int, int] | None:
    parts = (key or "").split(":")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() for part in parts):
        return None
    document_id, version, number = (int(part[:11]) for part in parts)
    return document_id, version, number


def nearest(key: str | None, choices: Sequence[SelectChoice]) -> str:
    """Return the choice that is this place in the version that stands now; else the first."""
    values = [str(choice.value) for choice in choices]
    if key in values:
        return str(key)
    if read := _read_key(key):
        document_id, _, number = read
        for value in values:
            if value.startswith(f"{document_id}:") and value.endswith(f":{number}"):
                return value
    return values[0]


def find(consultation: Consultation, key: str | None) -> Place | None:
    """Return the place that the form names, in the version that its author read."""
    read = _read_key(key)
    if read is None:
        return None
    document_id, version, number = read
    if document_id == 0:
        return Place() if not texts.has_document(consultation) else None
    if max(read) > listing.BIGGEST_NUMBER:
        return None
    document = texts.find_document(consultation, document_id)
    if document is None or not texts.is_public(consultation, document, version):
        return None
    return texts.place_in(document, version, number or None)


def asked(consultation: Consultation) -> Place | None:
    """Return the place that the address names: ``dokument`` and ``jednostka``."""
    number = listing.number(request.args.get("jednostka"))
    document_id = listing.number(request.args.get("dokument"))
    if document_id is None:
        if number is None:
            return None
        standing = texts.list_standing(consultation)
        document = standing[0].document if standing else None
    else:
        document = texts.find_document(consultation, document_id)
    if document is None:
        return None
    return texts.place_in(document, document.version_no, number)


def args_of(key: str | None, *, unit: bool = True) -> dict[str, Any]:
    """Return the place of a form as parameters of an address."""
    read = _read_key(key)
    if read is None or not read[0]:
        return {}
    document_id, _, number = read
    return {"dokument": document_id} | ({"jednostka": number} if unit and number else {})
