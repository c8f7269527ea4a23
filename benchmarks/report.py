"""Measure the making of a report of 5,000 remarks: ``python benchmarks/report.py``.

Seconds by file, the most memory of the process itself and of what typesets beside it. Goals:
60 s and 500 MB, both together.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import threading
import time
from pathlib import Path

from flask import Flask
from sqlalchemy import insert, select

from deliberate.answers.models import Answer
from deliberate.app import create_app
from deliberate.authorship.models import Capacity
from deliberate.config import Settings
from deliberate.consultations.models import Consultation
from deliberate.documents.models import Remark
from deliberate.kernel import clock, jobs, migrate
from deliberate.kernel.actor import SYSTEM
from deliberate.kernel.db import db, transaction
from deliberate.reports import actions
from deliberate.reports.models import Report, ReportDraft, ReportFile
from tests import make

SECONDS, MEGABYTES = 60, 500
BODY = (
    "Proponuję zmianę nr {n} tego zapisu tak, aby program obejmował też małe organizacje, które "
    "działają krócej niż rok i nie mają osobowości prawnej. Teraz są pominięte, a to one {n} razy "
    "w miesiącu spotykają się z ludźmi. Zapis powinien też mówić, kto i kiedy to sprawdza."
)
REASON = (
    "Zapis nr {n} zostanie zmieniony zgodnie z uwagą. Sprawdzaniem zajmie się wydział, raz w roku, "
    "a wynik będzie w BIP razem ze sprawozdaniem z wykonania programu."
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--remarks", type=int, default=5_000)
    number = parser.parse_args().remarks
    with tempfile.TemporaryDirectory() as folder:
        app = _app(Path(folder))
        _fill(app, number)
        _measure(app, number)


def _app(folder: Path) -> Flask:
    url = f"sqlite:///{folder / 'report.db'}"
    migrate.upgrade(url)
    return create_app(Settings.for_tests(database_url=url, folder=folder))


def _fill(app: Flask, number: int) -> None:
    tenant = make.municipality(app)
    consultation = make.consultation(app, tenant, began=40, days_left=-3)
    entered_by, now = make.person(app), clock.now()
    with app.app_context(), transaction():
        ids = range(1, number + 1)
        db.session.execute(
            insert(Remark),
            [
                {
                    "id": n,
                    "tenant_id": tenant,
                    "consultation_id": consultation,
                    "number": n,
                    "place": f"§ {n % 60 + 1} ust. {n % 4 + 1}",
                    "kind": "change",
                    "body": BODY.format(n=n),
                    "channel": "paper",
                    "received_on": now.date(),
                    "is_late": False,
                    "entered_by": entered_by,
                    "same_as": str(n),
                    "folded": "",
                    "author_name": "mieszkanka",
                    "capacity": Capacity.GUEST,
                    "capacity_label": "gość",
                    "created_at": now,
                }
                for n in ids
            ],
        )
        db.session.execute(
            insert(Answer),
            [
                {
                    "tenant_id": tenant,
                    "consultation_id": consultation,
                    "subject_kind": "remark",
                    "subject_id": n,
                    "position": "partly",
                    "justification": REASON.format(n=n),
                    "signed_as": "Urząd Miasta, Wydział Inwestycji",
                    "saved_at": now,
                    "published_at": now,
                }
                for n in ids
            ],
        )
        db.session.get_one(Consultation, consultation).last_number = number
        db.session.add(
            ReportDraft(
                tenant_id=tenant,
                consultation_id=consultation,
                responsible="Anna Nowak",
                summary="Podsumowanie.",
                conclusions="Wnioski.",
                next_steps="Co dalej.",
                saved_at=now,
            )
        )


def _measure(app: Flask, number: int) -> None:
    with app.app_context():
        with transaction():
            consultation = db.session.scalars(select(Consultation)).one()
            actions.ask_version(consultation, reason="", actor=SYSTEM, now=clock.now())
        most = _Most()
        began = time.monotonic()
        jobs.run_due()
        seconds = time.monotonic() - began
        together = most.stop()
        state = db.session.scalars(select(Report.state)).one()
        files = db.session.execute(select(ReportFile.name, ReportFile.size)).all()
    for name, size in files:
        print(f"{name:>16} {size / 1024 / 1024:6.1f} MB")
    print(f"{number} remarks: {state}, {seconds:.1f} s, at most {together} MB together")
    if seconds > SECONDS or together > MEGABYTES or state != "ready":
        raise SystemExit("The goal was missed.")


class _Most:
    """The most memory of this process and its children at one moment, looked at often."""

    def __init__(self) -> None:
        self._most, self._ended = 0, threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def stop(self) -> int:
        self._ended.set()
        self._thread.join()
        own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return max(self._most, own) // 1024

    def _watch(self) -> None:
        while not self._ended.wait(0.02):
            children = Path("/proc/self/task").glob("*/children")
            pids = ["self", *(pid for each in children for pid in _words(each))]
            self._most = max(self._most, sum(map(_resident, pids)))


def _words(path: Path) -> list[str]:
    try:
        return path.read_text().split()
    except OSError:
        return []


def _resident(pid: str) -> int:
    """Return kilobytes; 0 for a process that has ended meanwhile."""
    words = _words(Path(f"/proc/{pid}/status"))
    return int(words[words.index("VmRSS:") + 1]) if "VmRSS:" in words else 0


if __name__ == "__main__":
    main()
