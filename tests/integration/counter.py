"""Remarks on a document as the counter enters them."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from deliberate.documents.models import Document, DocumentVersion, Remark, Unit, UnitText
from deliberate.kernel import clock
from deliberate.kernel.db import db, transaction

DESK = "/urzad/konsultacje/program/uwagi"
ENTRY = f"{DESK}/wpis"
TABLE = f"{DESK}/wczytanie"
PATHS = ("§ 6", "§ 6 ust. 1", "§ 6 ust. 2", "§ 7", "§ 7 ust. 1")


def put_up(app: Flask, tenant: int, consultation: int, title: str = "Program") -> int:
    """Make a document whose first version has PATHS."""
    now = clock.now()
    with app.app_context(), transaction():
        row = Document(
            tenant_id=tenant,
            consultation_id=consultation,
            position=1,
            title=title,
            version_no=0,
            last_unit=len(PATHS),
            created_at=now,
        )
        db.session.add(row)
        db.session.flush()
        for number, path in enumerate(PATHS, start=1):
            unit = Unit(tenant_id=tenant, document_id=row.id, number=number)
            db.session.add(unit)
            db.session.flush()
            db.session.add(
                UnitText(
                    tenant_id=tenant,
                    unit_id=unit.id,
                    version_no=1,
                    document_id=row.id,
                    position=number,
                    level="section" if "ust" in path else "paragraph",
                    label=path,
                    path=path,
                    text=f"Treść {path}.",
                )
            )
        db.session.flush()
        db.session.add(DocumentVersion(tenant_id=tenant, document_id=row.id, no=1, made_at=now))
        row.version_no = 1
        return row.id


def today() -> date:
    return clock.local(clock.now()).date()


def letter(**changed: Any) -> dict[str, Any]:
    return {
        "channel": "paper",
        "received_on": today().isoformat(),
        "who": "resident",
        "label": "mieszkanka",
        "language": "pl",
        "owns_land": "",
        "form_key": "0123456789abcdef",
        "parts-0-place": "§ 6 ust. 2",
        "parts-0-kind": "change",
        "parts-0-body": "Drzewa mają zostać, bo dają cień.",
        "parts-0-wording": "",
        **changed,
    }


def send(client: FlaskClient, **changed: Any) -> TestResponse:
    return client.post(ENTRY, data=letter(**changed), content_type="multipart/form-data")


def remarks(app: Flask) -> list[Remark]:
    with app.app_context():
        return list(db.session.scalars(select(Remark).order_by(Remark.number)))


def corrected(**changed: str) -> dict[str, str]:
    return {
        "received_on": today().isoformat(),
        "who": "resident",
        "label": "mieszkanka",
        "language": "pl",
        "owns_land": "",
        "place": "§ 7",
        "kind": "change",
        "body": "Drzewa mają zostać, bo dają dużo cienia.",
        "wording": "",
        "reason": "błąd w przepisywaniu",
        "based_on": "1",
        **changed,
    }
