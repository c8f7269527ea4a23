"""Running the migrations from anywhere: no alembic.ini, no working directory assumed."""

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import NullPool, create_engine

from deliberate import paths


def alembic_config(database_url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(paths.MIGRATIONS))
    config.set_main_option("sqlalchemy.url", database_url.replace("%", "%%"))
    return config


def upgrade(database_url: str) -> None:
    """Bring the database to the newest step."""
    command.upgrade(alembic_config(database_url), "head")


def state(database_url: str) -> tuple[str | None, str | None]:
    """Return (the step the database is at, the newest step)."""
    engine = create_engine(database_url, poolclass=NullPool)
    with engine.connect() as connection:
        at = MigrationContext.configure(connection).get_current_revision()
    engine.dispose()
    return at, ScriptDirectory.from_config(alembic_config(database_url)).get_current_head()


def list_steps_after(database_url: str, at: str | None) -> list[tuple[str, str]]:
    """Return the steps that a database at a step still has to go: name and first words of each."""
    script = ScriptDirectory.from_config(alembic_config(database_url))
    steps = list(script.walk_revisions(base=at or "base", head="heads"))
    return [(step.revision, step.doc) for step in reversed(steps) if step.revision != at]


def empty(database_url: str) -> None:
    """Take every step back and forward again: all tables anew, without a row."""
    config = alembic_config(database_url)
    command.downgrade(config, "base")
    command.upgrade(config, "head")
