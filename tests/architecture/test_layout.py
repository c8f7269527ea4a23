"""What every template must be, and what no source file may hold."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import meta, nodes

import deliberate
from deliberate import paths

PACKAGE = Path(deliberate.__file__).parent
SOURCES = sorted(PACKAGE.rglob("*.py"))
TEMPLATES = sorted(
    str(path.relative_to(paths.TEMPLATES))
    for path in paths.TEMPLATES.rglob("*")
    if path.suffix in {".html", ".txt"}
)
# Where Markup is made: what people write, escaped piece by piece, and icons of our own.
# What people wrote, icons, and a part of a page in another language (our own templates' output).
MAKERS_OF_MARKUP = {PACKAGE / "kernel" / name for name in ("prose.py", "assets.py", "i18n.py")}
# Glued from constants of ours; what a person sends is always a bound value.
KNOWN_TO_BE_GLUED = {
    "cli/backup.py": "f'DROP DATABASE \"{name}\" WITH (FORCE)'",  # a name of our own making
    "subjects/visibility.py": "f\"'{state}'\"",
}
RAW_SQL = {"text", "literal_column", "exec_driver_sql", "DDL"}

JINJA = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
INLINE = re.compile(
    r"<style|<script(?![^>]*\ssrc=)|<[^>]*\s(?:style|on[a-z]+|hx-on[^=\s]*)\s*=|[\"']js(?:on)?:",
    re.IGNORECASE,
)


def source_of(template: str) -> str:
    return (paths.TEMPLATES / template).read_text()


@pytest.fixture(scope="module")
def trees(migrated_app: Flask) -> dict[str, nodes.Template]:
    """Give every template as Jinja reads it; each is read once."""
    return {name: migrated_app.jinja_env.parse(source_of(name)) for name in TEMPLATES}


@pytest.fixture(scope="module")
def shapes(trees: dict[str, nodes.Template]) -> set[str]:
    """Name the templates that others extend."""
    return {
        extends.template.value
        for tree in trees.values()
        for extends in tree.find_all(nodes.Extends)
        if isinstance(extends.template, nodes.Const)
    }


def test_there_is_something_to_look_at() -> None:
    assert len(TEMPLATES) > 20
    assert len(SOURCES) > 20


@pytest.mark.parametrize("template", TEMPLATES)
def test_template_is_what_its_name_says(
    trees: dict[str, nodes.Template], shapes: set[str], template: str
) -> None:
    source, tree = source_of(template), trees[template]
    name = template.rpartition("/")[2]
    extends = any(tree.find_all(nodes.Extends))

    if template.startswith(("macros/", "emails/", "paper/")) or template in shapes:
        return
    if name.startswith("_"):
        assert not extends, "a partial stands in a page, it is not one"
        assert source.startswith("{#"), "a partial's first line says what it needs"
    elif ".hx." in name:
        assert not extends, "only HTMX sees it: it is made of partials"
    else:
        assert extends, "a page stands in the layout"
        assert "title" in {block.name for block in tree.find_all(nodes.Block)}, "a page has a title"


@pytest.mark.parametrize("template", TEMPLATES)
def test_templates_that_a_template_names_are_there(
    trees: dict[str, nodes.Template], template: str
) -> None:
    named = meta.find_referenced_templates(trees[template])

    assert {name for name in named if name is not None} <= set(TEMPLATES)


def test_templates_that_the_code_names_are_there() -> None:
    named = {
        argument.value
        for path in SOURCES
        for call in calls(path, {"render_template", "render", "answer"})
        for argument in call.args
        if isinstance(argument, ast.Constant) and str(argument.value).endswith((".html", ".txt"))
    }

    assert named
    assert named <= set(TEMPLATES)


@pytest.mark.parametrize("template", TEMPLATES)
def test_nothing_is_inline(template: str) -> None:
    """Our policy forbids scripts and styles in pages; letters and files have no other place."""
    if template in {"emails/layout.html", "paper/report.html"}:
        return
    html = JINJA.sub("", source_of(template))

    assert INLINE.findall(html) == []


@pytest.mark.parametrize("template", TEMPLATES)
def test_nothing_goes_out_unescaped(template: str) -> None:
    assert re.findall(r"\|\s*safe\b|autoescape|Markup", source_of(template)) == []


def test_markup_is_made_in_three_places_only() -> None:
    makers = {path for path in SOURCES if any(calls(path, {"Markup"}))}

    assert makers <= MAKERS_OF_MARKUP


def test_no_value_is_written_into_sql() -> None:
    glued = {
        str(path.relative_to(PACKAGE)): ast.unparse(call.args[0])
        for path in SOURCES
        for call in calls(path, RAW_SQL)
        if call.args and is_glued(call.args[0])
    }

    assert glued == KNOWN_TO_BE_GLUED


def test_rules_are_told_what_time_it_is() -> None:
    rules = [path for path in SOURCES if "rules" in path.relative_to(PACKAGE).with_suffix("").parts]

    assert rules
    assert [path for path in rules if any(calls(path, {"now", "db_now", "today"}))] == []


@cache
def all_calls(path: Path) -> list[tuple[str | None, ast.Call]]:
    """Return every call in a file with the last word of what is called."""
    found = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
    return [(_called(node.func), node) for node in found]


def _called(function: ast.expr) -> str | None:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", None)


def calls(path: Path, names: set[str]) -> Iterator[ast.Call]:
    return (node for name, node in all_calls(path) if name in names)


def is_glued(argument: ast.expr) -> bool:
    """Tell an f-string, ``%``, ``+`` or ``.format()`` from a text that is all there."""
    if isinstance(argument, ast.JoinedStr):
        return any(isinstance(part, ast.FormattedValue) for part in argument.values)
    if isinstance(argument, ast.Call):
        return isinstance(argument.func, ast.Attribute) and argument.func.attr == "format"
    return isinstance(argument, ast.BinOp)
