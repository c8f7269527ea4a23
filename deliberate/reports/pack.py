"""The pack for BIP of one published version, put together when somebody asks for it.

Its parts lie in the storage and never change, so the same version gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from deliberate.consultations import queries as consultations
from deliberate.consultations.models import Consultation
from deliberate.kernel.storage import storage
from deliberate.reports import queries
from deliberate.reports.formats.archive import as_zip
from deliberate.reports.models import Report
from deliberate.reports.snapshot import LICENCE
from deliberate.tenancy.links import absolute
from deliberate.tenancy.models import Municipality


def pack(
    tenant: Municipality, consultation: Consultation, report: Report, versions: Sequence[Report]
) -> bytes:
    files = {file.name: storage().get(file.sha256) for file in queries.list_files(report)}
    return as_zip(metadata(tenant, consultation, report, versions), files)


def metadata(
    tenant: Municipality, consultation: Consultation, report: Report, versions: Sequence[Report]
) -> dict[str, object]:
    """Return what BIP shows of each item: art. 8 ust. 6 ustawy o dostępie do informacji publicznej.

    Who produced it and when, who answers for it, when it was published, what was changed.
    """
    return {
        "title": consultation.title,
        "kind": "raport z konsultacji",
        "language": "pl",
        "municipality": tenant.official_name,
        "office": f"{tenant.office_name}, {tenant.office_address}",
        "unit": consultations.around(consultation).unit or tenant.lead_unit or tenant.office_name,
        "responsible_person": report.responsible,
        "case_number": report.case_number,
        "version": report.no,
        "produced_at": _moment(report.made_at),
        "published_at": _moment(report.published_at),
        "address": absolute(tenant, "reports.show", slug=consultation.slug, no=report.no),
        "licence": LICENCE,
        "history": [
            {
                "version": version.no,
                "published_at": _moment(version.published_at),
                "reason": version.reason,
            }
            for version in sorted(versions, key=lambda each: each.no)
            if version.no <= report.no
        ],
    }


def _moment(moment: datetime | None) -> str:
    return moment.isoformat() if moment is not None else ""
