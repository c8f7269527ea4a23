"""Whole addresses of a municipality's pages, for letters: the worker has no request to build on."""

from __future__ import annotations

from flask import current_app

from deliberate.config import Settings
from deliberate.tenancy.models import Municipality


def absolute(tenant: Municipality, endpoint: str, **values: object) -> str:
    settings: Settings = current_app.extensions["deliberate.settings"]
    path = current_app.url_map.bind("").build(endpoint, dict(values))
    return settings.origin(host=tenant.host, slug=tenant.slug) + path
