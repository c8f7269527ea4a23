"""Routes build addresses with what is compiled when it is first needed."""

from __future__ import annotations

from types import CodeType
from typing import Any

import pytest
from flask import Flask, url_for
from werkzeug import routing

from deliberate.kernel import addresses


def test_a_route_compiles_nothing_before_its_address_is_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made: list[str] = []
    real = routing.Rule._get_func_code

    def watched(code: CodeType, name: str) -> Any:
        made.append(name)
        return real(code, name)

    app = Flask("routes", static_folder=None)
    addresses.init_app(app)
    monkeypatch.setattr(routing.Rule, "_get_func_code", staticmethod(watched))
    app.add_url_rule("/glos/<int:id>", endpoint="voice")
    app.add_url_rule("/glos", endpoint="voices", defaults={"order": "newest"})
    app.add_url_rule("/glos/od/<order>", endpoint="voices")
    assert made == []

    with app.test_request_context():
        for _ in range(2):
            assert url_for("voice", id=7) == "/glos/7"
            assert url_for("voice", id=7, rule="a b") == "/glos/7?rule=a+b"
            assert url_for("voices", order="newest") == "/glos"
            assert url_for("voices", order="oldest") == "/glos/od/oldest"
    assert len(made) == 3
