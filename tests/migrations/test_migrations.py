"""The migrations lead to the models' tables and to the registry's guards, and back."""

import sys
from pathlib import Path

from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, inspect, text

import deliberate
from deliberate import paths
from deliberate.app import FEATURES
from deliberate.kernel.migrate import alembic_config

GUARDS = {guard.name: guard for feature in FEATURES for guard in feature.guards}


def installed_guards(engine: Engine) -> dict[str, str]:
    """Return name and text of each trigger (its function's text on PostgreSQL)."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            rows = connection.execute(
                text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            )
        else:
            rows = connection.execute(
                text(
                    "SELECT t.tgname, p.prosrc FROM pg_trigger t "
                    "JOIN pg_proc p ON p.oid = t.tgfoid WHERE NOT t.tgisinternal"
                )
            )
        return {row[0]: row[1] for row in rows}


def declared_guards(engine: Engine) -> dict[str, str]:
    dialect = engine.dialect.name
    if dialect == "sqlite":
        return {name: guard.ddl(dialect)[0] for name, guard in GUARDS.items()}
    return {name: guard.ddl(dialect)[0].split("$$")[1] for name, guard in GUARDS.items()}


def test_every_step_goes_up_down_and_up_again(empty_url: str) -> None:
    config = alembic_config(empty_url)
    engine = create_engine(empty_url)
    steps = reversed(list(ScriptDirectory.from_config(config).walk_revisions()))
    for step in steps:
        command.upgrade(config, step.revision)
        after = installed_guards(engine)
        command.downgrade(config, "-1")
        command.upgrade(config, step.revision)
        assert installed_guards(engine) == after

    command.check(config)  # raises if a model and its table have parted
    assert installed_guards(engine) == declared_guards(engine)
    command.downgrade(config, "base")
    assert inspect(engine).get_table_names() == ["alembic_version"]
    assert installed_guards(engine) == {}
    engine.dispose()


def test_the_written_head_is_the_newest_step(empty_url: str) -> None:
    head = ScriptDirectory.from_config(alembic_config(empty_url)).get_current_head()

    assert (paths.MIGRATIONS / ".current-head").read_text().strip() == head


def test_the_application_imports_every_models_module() -> None:
    """Without this a table nobody imports would be missing from autogenerate, silently."""
    package = Path(deliberate.__file__).parent
    for path in package.rglob("models.py"):
        name = ".".join(("deliberate", *path.relative_to(package).with_suffix("").parts))
        assert name in sys.modules


def test_no_migration_imports_the_application() -> None:
    for path in (paths.MIGRATIONS / "versions").glob("*.py"):
        assert "deliberate" not in path.read_text()
