"""Reports of a consultation."""

from __future__ import annotations

import json

from flask import Flask

from deliberate.kernel import clock, ids
from deliberate.kernel.db import db, transaction
from deliberate.kernel.models import StoredFile
from deliberate.kernel.storage import storage
from deliberate.reports.kinds import State as ReportState
from deliberate.reports.models import Report, ReportEntry, ReportFile


def report(app: Flask, tenant: int, consultation: int, *, rows: int = 0) -> int:
    """Make a published report of a consultation: a file, a part, ``rows`` rows of nothing."""
    now = clock.now()
    with app.app_context(), transaction():
        made = Report(
            tenant_id=tenant,
            consultation_id=consultation,
            no=1,
            responsible="Anna N.",
            asked_at=now,
        )
        db.session.add(made)
        db.session.flush()
        content = b'{"entries": []}'
        file = StoredFile(
            tenant_id=tenant,
            token=ids.new_token(),
            sha256=storage().put(content),
            name="raport.json",
            media_type="application/json",
            size=len(content),
            subject_kind="report",
            subject_id=made.id,
            uploaded_at=now,
        )
        db.session.add(file)
        db.session.flush()
        db.session.add(
            ReportFile(
                tenant_id=tenant,
                report_id=made.id,
                name=file.name,
                position=1,
                file_id=file.id,
                media_type=file.media_type,
                size=file.size,
                sha256=file.sha256,
            )
        )
        entry = {"number": 1, "what": "uwaga", "text": "Tekst.", "same": 1, "url": "/"}
        db.session.add_all(
            ReportEntry(
                tenant_id=tenant,
                report_id=made.id,
                position=position,
                kind="hidden",
                subject_id=position,
                data=json.dumps(entry),
            )
            for position in range(1, rows + 1)
        )
        db.session.flush()
        parts = [
            {"key": "subject", "title": "Przedmiot", "blocks": []},
            {"key": "table", "title": "Tabela", "blocks": [{"kind": "entries"}]},
        ]
        made.content, made.entries = json.dumps(parts), rows
        made.made_at, made.state = now, ReportState.READY
        db.session.flush()
        made.published_at, made.state = now, ReportState.PUBLISHED
        db.session.flush()
        return made.id
