"""Alembic's environment: the application's metadata against the URL that the caller set."""

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import NullPool, create_engine, text

import deliberate.app  # noqa: F401 - imports every feature, so the metadata is complete
from deliberate.kernel.tables import Base, UTCDateTime


def render_item(kind: str, item: object, _autogen_context: AutogenContext) -> str | bool:
    if kind == "type" and isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"  # a migration never imports the application
    return False


engine = create_engine(context.config.get_main_option("sqlalchemy.url"), poolclass=NullPool)
with engine.connect() as connection:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET lock_timeout = '4s'"))
        connection.commit()
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_item=render_item,
        render_as_batch=connection.dialect.name == "sqlite",
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()
engine.dispose()
