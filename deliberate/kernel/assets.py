"""Addresses of built front-end files (hashed, cached for a year) and of icons."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

from flask import Flask, g, url_for
from markupsafe import Markup

from deliberate import paths


@lru_cache(maxsize=1)
def _manifest() -> dict[str, str]:
    path = paths.STATIC / "build" / "manifest.json"
    if not path.is_file():
        raise RuntimeError("static/build/ is missing: run `make assets` once.")
    manifest: dict[str, str] = json.loads(path.read_text())
    return manifest


def asset(name: str) -> str:
    """Return the address of a built file; KeyError when the build does not make it."""
    return _folder() + _manifest()[name]


def built(name: str) -> Path:
    """Return where a built file lies, for what reads it itself; KeyError as above."""
    return paths.STATIC / "build" / _manifest()[name]


def _folder() -> str:
    """Return where built files lie; asked once a request, since a page has a hundred icons."""
    if "built_files" not in g:
        g.built_files = url_for("static", filename="build/")
    folder: str = g.built_files
    return folder


def icon(name: str) -> Markup:
    """Return an icon of the sprite. It is decoration: the words stand beside it."""
    return _drawn(asset("icons.svg"), name)


@lru_cache(maxsize=1024)
def _drawn(sprite: str, name: str) -> Markup:
    return Markup(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>'
    ).format(sprite, name)


def build_version() -> str:
    """Return a text that changes when any built file changes."""
    return _manifest()["app.css"] + _manifest()["app.js"]


def init_app(app: Flask) -> None:
    app.jinja_env.globals["asset"] = asset
    app.jinja_env.globals["icon"] = icon
