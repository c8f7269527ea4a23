"""Who may call what: the reviewed table beside this file.

``access.txt`` is the review: one route a line, with its methods and who may call it. A route that
is new, gone or opened wider fails here until somebody has looked at the line. That routes do what
it says is shown by a walk over all of them as everyone (tests/integration/test_access_walk.py).
"""

import inspect
from pathlib import Path

import pytest
from flask import Blueprint, Flask

from deliberate.access import roles
from deliberate.access.decorators import Undeclared, check_declared
from deliberate.app import FEATURES
from deliberate.kernel.security import WITHOUT_TOKEN
from tests.routes import OPEN, SHOW_WHAT_WAS_SENT, access, methods, routes

TABLE = Path(__file__).with_name("access.txt")


def test_the_table_says_who_may_call_what(app: Flask) -> None:
    now = sorted(
        f"{rule.endpoint} {'+'.join(methods(rule))} {access(app, rule)}" for rule in routes(app)
    )
    reviewed = TABLE.read_text().splitlines()

    assert now == reviewed, "Look at each line that differs, then write it into access.txt."


def test_roles_give_what_features_declare() -> None:
    declared = {str(each) for feature in FEATURES for each in feature.permissions or ()}
    given = frozenset().union(*roles.PERMISSIONS.values())

    assert given == declared


def test_every_guarded_view_asks_for_a_declared_permission(app: Flask) -> None:
    declared = {str(each) for feature in FEATURES for each in feature.permissions or ()}

    assert {access(app, rule) for rule in routes(app)} - OPEN <= declared


def test_an_undeclared_route_stops_the_start() -> None:
    silent = Flask("silent")
    bp = Blueprint("bp", "bp")
    bp.add_url_rule("/cicho", endpoint="quiet", view_func=lambda: "")
    silent.register_blueprint(bp)

    with pytest.raises(Undeclared, match=r"/cicho \(bp\.quiet\)"):
        check_declared(silent)


def test_what_only_shows_what_it_was_sent_writes_nothing(app: Flask) -> None:
    """The ballot that every visitor reads alike brings no token to the page after it."""
    for name in SHOW_WHAT_WAS_SENT:
        view = inspect.getsource(inspect.unwrap(app.view_functions[name]))
        assert "transaction" not in view, name


def test_acts_that_need_no_token_are_these_only() -> None:
    assert sorted(WITHOUT_TOKEN) == ["installation.csp_report", "notifications.stop_now"]
