"""The report for everybody: the version that stands, each version, its files, the pack for BIP."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence

from flask import Response, abort, render_template, request, send_file
from flask.typing import ResponseReturnValue

from deliberate.access.decorators import public
from deliberate.consultations.current import open_published
from deliberate.consultations.models import Consultation
from deliberate.kernel.pagination import page_number
from deliberate.kernel.refusals import Refused
from deliberate.kernel.storage import storage
from deliberate.reports import pack, queries, rules
from deliberate.reports.models import Report, ReportFile
from deliberate.reports.views import bp
from deliberate.tenancy.current import current_tenant

PAGE = "/konsultacje/<slug>/raport"
VERSION = PAGE + "/<int(max=2147483647):no>"


@bp.get(PAGE)
@public
def latest(slug: str) -> ResponseReturnValue:
    consultation = open_published(slug)
    versions = queries.list_published(consultation)
    if not versions:
        return render_template("reports/none.html", consultation=consultation)
    return _page(consultation, versions[0], versions)


@bp.get(VERSION)
@public
def show(slug: str, no: int) -> ResponseReturnValue:
    consultation = open_published(slug)
    versions = queries.list_published(consultation)
    return _page(consultation, _chosen(versions, no), versions)


@bp.get(VERSION + "/pliki/<name>")
@public
def file(slug: str, no: int, name: str) -> ResponseReturnValue:
    report = _published(open_published(slug), no)
    found = next((each for each in queries.list_files(report) if each.name == name), None)
    return send(report, found or abort(404))


@bp.get(VERSION + "/paczka-bip.zip")
@public
def bip_pack(slug: str, no: int) -> ResponseReturnValue:
    consultation = open_published(slug)
    report = _published(consultation, no)
    _refuse_withheld(report)
    content = pack.pack(
        current_tenant(), consultation, report, queries.list_published(consultation)
    )
    response = Response(content, mimetype="application/zip")
    name = f"raport-{consultation.slug}-{report.no}-bip.zip"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _chosen(versions: Sequence[Report], no: int) -> Report:
    return next((report for report in versions if report.no == no), None) or abort(404)


def _published(consultation: Consultation, no: int) -> Report:
    return _chosen(queries.list_published(consultation), no)


def _refuse_withheld(report: Report) -> None:
    """Files cannot lose a row: while something in them is hidden, none of them is given out."""
    if queries.list_hidden(report):
        raise Refused(rules.WITHHELD)


def send(report: Report, wanted: ReportFile) -> Response:
    _refuse_withheld(report)
    try:
        content = storage().get(wanted.sha256)
    except FileNotFoundError:
        abort(404)
    response = send_file(
        io.BytesIO(content),
        mimetype=wanted.media_type,
        as_attachment=True,
        download_name=wanted.name,
        etag=False,  # kernel.caching has one that a hidden thing changes
        max_age=None,
    )
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def _page(
    consultation: Consultation, report: Report, versions: Sequence[Report]
) -> ResponseReturnValue:
    return render_template(
        "reports/show.html",
        versions=versions,
        is_latest=report is versions[0],
        **contents(consultation, report),
    )


def contents(consultation: Consultation, report: Report) -> dict[str, object]:
    """Return what a version shows, published or at the desk."""
    hidden = queries.list_hidden(report)
    return {
        "consultation": consultation,
        "report": report,
        "parts": json.loads(report.content),
        "page": queries.page_of_entries(report, page_number(request.args.get("strona")), hidden),
        "files": queries.list_files(report),
        "hidden": len(hidden),
    }
