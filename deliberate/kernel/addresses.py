"""Addresses that pages repeat, asked of the router once; what builds one is made when asked for."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from flask import Flask, request
from flask import url_for as build
from werkzeug import routing

REMEMBERED = 8_000  # addresses, in each process
LONGEST = 80  # characters of a value that is remembered

ANY_ID = 2147483646  # as the routes take it; no row will ever have it


def url_for(endpoint: str, **values: Any) -> str:
    """Return what Flask's own gives, for templates: a page has twenty, mostly the same as ever.

    An address within the site follows from where the site begins, the endpoint and its values.
    """
    # With _external it also follows from the host; what somebody searched for is asked once.
    if "_external" in values or not all(map(_is_short, values.values())):
        return build(endpoint, **values)
    return _built(request.script_root, endpoint, tuple(values.items()))


def _is_short(value: object) -> bool:
    return type(value) is int or value is None or (type(value) is str and len(value) <= LONGEST)


@lru_cache(REMEMBERED)
def _built(_root: str, endpoint: str, values: tuple[tuple[str, Any], ...]) -> str:
    return build(endpoint, **dict(values))


def url_pattern(endpoint: str, number: str = "id", **values: str | int) -> str:
    """Return the address of ``endpoint`` with %d where ``number`` goes: ``pattern % row.id``.

    For lists. A router that builds three addresses for each of sixty voices takes longer than
    everything else that is said of them.
    """
    places: dict[str, Any] = {**values, number: ANY_ID}
    address = build(endpoint, **places)
    return address.replace("%", "%%").replace(str(ANY_ID), "%d")


class Rule(routing.Rule):
    """A route that compiles its builders of addresses when the first address is built.

    Werkzeug compiles two for each route at the start. There are hundreds of routes, so that was
    nearly all of the time in which the application starts, and with it each command.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        compile_it = super()._compile_builder
        compiled: Callable[..., tuple[str, str]] | None = None

        def build_with(rule: Rule, /, **values: Any) -> tuple[str, str]:
            nonlocal compiled
            if compiled is None:
                compiled = compile_it(append_unknown)
            return compiled(rule, **values)

        return build_with


def init_app(app: Flask) -> None:
    app.url_rule_class = Rule
    app.jinja_env.globals.update(url_for=url_for, url_pattern=url_pattern)
