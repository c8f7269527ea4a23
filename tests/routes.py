"""Every route of the application, for tests that look at who may call what."""

from flask import Flask
from werkzeug.routing import Rule

OPEN = {"public", "signed_in"}
# A form that everybody may see leads to these; they change nothing.
SHOW_WHAT_WAS_SENT = {
    "voting.change_choice",
    "voting.choose_before_code",
    "voting.letter_code",
    "voting.you",
}


def routes(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]


def methods(rule: Rule) -> list[str]:
    return sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})


def access(app: Flask, rule: Rule) -> str:
    return str(app.view_functions[rule.endpoint].access)  # type: ignore[attr-defined]
