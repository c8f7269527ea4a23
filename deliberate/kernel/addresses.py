"""Addresses of many things of one kind, asked of the router once."""

from __future__ import annotations

from typing import Any

from flask import Flask, url_for

ANY_ID = 2147483646  # as the routes take it; no row will ever have it


def url_pattern(endpoint: str, number: str = "id", **values: str | int) -> str:
    """Return the address of ``endpoint`` with %d where ``number`` goes: ``pattern % row.id``.

    For lists. A router that builds three addresses for each of sixty voices takes longer than
    everything else that is said of them.
    """
    places: dict[str, Any] = {**values, number: ANY_ID}
    address = url_for(endpoint, **places)
    return address.replace("%", "%%").replace(str(ANY_ID), "%d")


def init_app(app: Flask) -> None:
    app.jinja_env.globals["url_pattern"] = url_pattern
