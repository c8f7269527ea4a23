"""Which consultation the address names, for every page below /konsultacje/<slug>."""

from __future__ import annotations

from flask import abort, redirect, request, url_for

from deliberate.access.decorators import may
from deliberate.consultations import queries
from deliberate.consultations.models import Consultation
from deliberate.consultations.permissions import Permission
from deliberate.consultations.states import UNPUBLISHED
from deliberate.tenancy.current import current_tenant


def open_consultation(slug: str) -> Consultation:
    """Return the consultation; drafts only to those who may see them, else 404.

    A former address leads to the present one (301), so a poster keeps its worth.
    """
    tenant = current_tenant()
    found = queries.find_consultation(tenant, slug)
    if found is None:
        moved = queries.find_moved(tenant, slug) if request.method == "GET" else None
        if moved is not None and request.endpoint is not None:
            parts = {**request.args, **(request.view_args or {}), "slug": moved}
            abort(redirect(url_for(request.endpoint, **parts), code=301))
        abort(404)
    if found.state in UNPUBLISHED and not may(Permission.SEE_DRAFTS, found):
        abort(404)
    return found


def open_published(slug: str) -> Consultation:
    """Return the consultation if it is published; 404 for drafts even to their writers."""
    found = open_consultation(slug)
    return found if found.state not in UNPUBLISHED else abort(404)
