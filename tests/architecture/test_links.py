"""Whoever ties two things, or unties them, records it: the record lies above what ties."""

import ast
from pathlib import Path

import deliberate

PACKAGE = Path(deliberate.__file__).parent
TYING = ("links.tie", "links.untie")
RECORDING = ("audit.record", "entries.record", "note_change")


def called(function: ast.AST) -> set[str]:
    calls = (node for node in ast.walk(function) if isinstance(node, ast.Call))
    return {ast.unparse(call.func) for call in calls}


def test_who_ties_records_it_too() -> None:
    tying = [
        (f"{path.relative_to(PACKAGE)}:{node.name}", called(node))
        for path in sorted(PACKAGE.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef) and called(node) & set(TYING)
    ]

    assert tying
    assert [name for name, calls in tying if not calls & set(RECORDING)] == []


def test_what_ties_is_called_by_that_name() -> None:
    """Under another name, the test above would not see it."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and node.module == "deliberate.subjects":
                names = {(alias.name, alias.asname) for alias in node.names}
                assert not {each for each in names if each[0] == "actions"} - {("actions", "links")}
            if isinstance(node, ast.ImportFrom):
                assert node.module != "deliberate.subjects.actions", path
