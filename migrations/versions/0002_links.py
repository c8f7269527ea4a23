"""Links between things of all kinds."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# Guards, written out: a migration never imports the application.
SQLITE_GUARDS = (
    "CREATE TRIGGER link_never_changes BEFORE UPDATE ON link FOR EACH ROW WHEN TRUE BEGIN SELECT RAISE(ABORT, 'append_only: a link is made and removed, never changed'); END",
)
POSTGRESQL_GUARDS = (
    "CREATE FUNCTION link_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TRUE THEN RAISE EXCEPTION 'append_only: a link is made and removed, never changed' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER link_never_changes BEFORE UPDATE ON link FOR EACH ROW EXECUTE FUNCTION link_never_changes()",
)
SQLITE_DROPS = ("DROP TRIGGER link_never_changes",)
POSTGRESQL_DROPS = (
    "DROP TRIGGER link_never_changes ON link",
    "DROP FUNCTION link_never_changes()",
)


def upgrade() -> None:
    op.create_table(
        "link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("from_kind", sa.Text(), nullable=False),
        sa.Column("from_id", sa.Integer(), nullable=False),
        sa.Column("relation", sa.Text(), nullable=False),
        sa.Column("to_kind", sa.Text(), nullable=False),
        sa.Column("to_id", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "relation IN ('continues', 'grew_from', 'merged_into', 'answers', 'concerns')",
            name=op.f("ck_link_relation"),
        ),
        sa.CheckConstraint("from_kind <> to_kind OR from_id <> to_id", name=op.f("ck_link_ends")),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_link_made_by")),
        sa.ForeignKeyConstraint(["tenant_id"], ["municipality.id"], name=op.f("fk_link_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link")),
        sa.UniqueConstraint(
            "tenant_id",
            "from_kind",
            "from_id",
            "to_kind",
            "to_id",
            "relation",
            name=op.f("uq_link_tenant_id_from_kind_from_id_to_kind_to_id_relation"),
        ),
    )
    op.create_index(op.f("ix_link_tenant_id"), "link", ["tenant_id"], unique=False)
    op.create_index("ix_link_to", "link", ["tenant_id", "to_kind", "to_id"], unique=False)
    sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in SQLITE_GUARDS if sqlite else POSTGRESQL_GUARDS:
        op.execute(statement)


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in SQLITE_DROPS if sqlite else POSTGRESQL_DROPS:
        op.execute(statement)
    op.drop_index("ix_link_to", table_name="link")
    op.drop_index(op.f("ix_link_tenant_id"), table_name="link")
    op.drop_table("link")
