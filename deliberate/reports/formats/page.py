"""One HTML file without anything beside it: for BIP, which takes files and no addresses of ours."""

from __future__ import annotations

from flask import current_app

from deliberate.reports.snapshot import LICENCE, Snapshot


def as_html(snapshot: Snapshot) -> bytes:
    # Without the context of a request, which a job has not got.
    template = current_app.jinja_env.get_template("paper/report.html")
    return template.render(report=snapshot, licence=LICENCE).encode()
