"""The documentation names what there is: each setting, command, permission, method and deadline."""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import Path

import click
import pytest

from deliberate import paths
from deliberate.access.roles import PERMISSIONS
from deliberate.algorithms.counting import METHODS
from deliberate.app import FEATURES, create_app
from deliberate.cli import commands
from deliberate.config import Settings
from deliberate.kernel import retention
from deliberate.proposals.exports import HEADER

DOCS = paths.ROOT / "docs"
PAGES = (*paths.ROOT.glob("*.md"), *DOCS.rglob("*.md"))
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


def rows(page: str, pattern: str) -> list[str]:
    """Return what stands in the first cell of a page's tables, where it matches."""
    text = (DOCS / page).read_text(encoding="utf-8")
    return re.findall(rf"^\| `({pattern})` \|", text, flags=re.MULTILINE)


def leaves(group: click.Group, path: str) -> Iterator[str]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from leaves(command, f"{path} {name}")
        else:
            yield f"{path} {name}"


def read_settings() -> set[str]:
    """Return every DELIBERATE_… that config.py asks the environment for."""
    tree = ast.parse((paths.ROOT / "deliberate" / "config.py").read_text(encoding="utf-8"))
    texts = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    return {text for text in texts if re.fullmatch(r"DELIBERATE_[A-Z_]+", str(text))}


def test_settings_table_is_what_the_configuration_reads() -> None:
    documented = rows("install.md", "DELIBERATE_[A-Z_]+")

    assert len(documented) == len(set(documented))
    assert set(documented) == read_settings()
    assert {f"DELIBERATE_{field.name.upper()}" for field in fields(Settings)} == set(documented)


def test_every_command_has_a_line() -> None:
    assert sorted(rows("operations.md", "deliberate [a-z -]+")) == sorted(
        leaves(commands, "deliberate")
    )


def test_every_permission_has_a_line_that_names_its_roles() -> None:
    text = (DOCS / "operations.md").read_text(encoding="utf-8")
    documented: Mapping[str, set[str]] = {
        name: set(roles.split(", "))
        for name, roles in re.findall(r"^\| `(\w+:\w+)` \| .+ \| ([^|]+) \|$", text, re.MULTILINE)
    }
    given: dict[str, set[str]] = {}
    for role, permissions in PERMISSIONS.items():
        for permission in permissions:
            given.setdefault(permission, set()).add(str(role))
    everybody = given.pop("desk:see")

    assert documented["desk:see"] == {"all roles below"}
    assert everybody == set().union(*given.values())
    assert {name: roles for name, roles in documented.items() if name != "desk:see"} == given


def test_every_daily_job_is_named() -> None:
    text = (DOCS / "operations.md").read_text(encoding="utf-8")
    daily = [job.name for feature in FEATURES for job in feature.jobs if job.daily]

    assert daily
    assert [name for name in daily if f"`{name}`" not in text] == []


def test_every_retention_rule_has_a_line(tmp_path: Path) -> None:
    database_url = f"sqlite:///{tmp_path / 'nothing.db'}"
    app = create_app(Settings.for_tests(database_url=database_url, folder=tmp_path))
    with app.app_context():
        keys = [rule.key for rule in retention.list_rules()]

    assert sorted(rows("operations.md", r"[a-z]+(?:\.[a-z_]+)?")) == sorted(keys)


def test_notice_names_every_package_that_is_installed() -> None:
    lock = (paths.ROOT / "requirements" / "run.txt").read_text("utf-8")
    notice = (paths.ROOT / "NOTICE").read_text("utf-8").partition("Only with the extra")[0]
    installed = re.findall(r"^([a-z0-9-]+)==", lock, re.MULTILINE)

    assert installed
    assert set(re.findall(r"^  ([a-z0-9-]+) {2,}", notice, re.MULTILINE)) == set(installed)


def test_every_counting_method_has_a_page_with_its_source() -> None:
    for key, method in METHODS.items():
        text = (DOCS / "counting" / f"{key}.md").read_text(encoding="utf-8")
        assert f"Key `{key}`, version {method.version}." in text
        assert re.sub(r"\*", "", text).count(method.source.rpartition(", ")[0]) == 1


def test_every_field_of_open_data_is_explained() -> None:
    text = (DOCS / "open-data.md").read_text(encoding="utf-8")

    assert [field for field in HEADER if f"`{field}`" not in text] == []


def test_every_decision_is_listed_in_order() -> None:
    folder = DOCS / "decisions"
    listed = re.findall(r"\]\((\d{4}-[\w-]+\.md)\)", (folder / "README.md").read_text("utf-8"))

    assert listed == sorted(path.name for path in folder.glob("0*.md"))
    assert [name[:4] for name in listed] == [f"{no:04}" for no in range(1, len(listed) + 1)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_and_pictures_lead_somewhere(page: Path) -> None:
    targets = [target for target in LINK.findall(page.read_text("utf-8")) if "://" not in target]

    assert [target for target in targets if not (page.parent / target).exists()] == []
