"""Official answers."""

from __future__ import annotations

from flask import Flask

from deliberate.answers.models import Answer, Position
from deliberate.kernel import clock
from tests.make.base import add


def published_answer(app: Flask, tenant: int, consultation: int, kind: str, subject: int) -> int:
    now = clock.now()
    return add(
        app,
        Answer(
            tenant_id=tenant,
            consultation_id=consultation,
            subject_kind=kind,
            subject_id=subject,
            position=Position.ACCEPTED,
            justification="Posadzimy drzewa w miejscach, które wskazali mieszkańcy.",
            signed_as="Urząd Miasta, Wydział Inwestycji",
            saved_at=now,
            published_at=now,
        ),
    )
