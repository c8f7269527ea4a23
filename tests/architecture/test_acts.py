"""Every act that is recorded has words in the reading room, and no words wait for nothing."""

import ast
from collections.abc import Iterator
from pathlib import Path

import deliberate
from deliberate.consultations.states import ChangeKind
from deliberate.pages.acts import ACTS

PACKAGE = Path(deliberate.__file__).parent
# Whose names are put together where they are recorded.
GLUED = {
    "consultations/actions/changes.py": {f"consultation.{kind}" for kind in ChangeKind},
    "moderation/actions.py": {"moderation.hidden", "moderation.visible"},
    "tenancy/actions.py": {"area.changed", "municipality.changed", "org_unit.changed"},
}
# What hands on the name it was given; those who give it are found by themselves.
HANDED_ON = {
    "answers/changes.py",
    "approvals/actions.py",
    "documents/counter.py",
    "documents/preparing.py",
    "organisations/actions.py",
    "reports/actions.py",
    "voting/actions/carding.py",
    "voting/actions/coding.py",
    "voting/actions/deciding.py",
    "voting/actions/enrolling.py",
}


def recorded() -> Iterator[tuple[str, ast.expr]]:
    """Give the first argument of each call of ``record`` and of ``_record``, with its file."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(
                ("entries.record", "audit.record", "_record")
            ):
                yield str(path.relative_to(PACKAGE)), node.args[0]


def test_the_table_holds_what_is_recorded() -> None:
    named = {arg.value for _, arg in recorded() if isinstance(arg, ast.Constant)}

    assert named | set().union(*GLUED.values()) == set(ACTS)


def test_names_are_put_together_only_where_the_test_knows_it() -> None:
    assert {path for path, arg in recorded() if not isinstance(arg, ast.Constant)} == {
        *GLUED,
        *HANDED_ON,
    }
