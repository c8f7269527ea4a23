"""Published answers are corrected with a reason; the former text stays."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# Guards, written out: a migration never imports the application. An answer was frozen whole; now
# its words may change, with a row that keeps the former ones.
SQLITE_FORMER = (
    "CREATE TRIGGER answer_is_frozen BEFORE UPDATE ON answer FOR EACH ROW WHEN (OLD.published_at IS NOT NULL) AND (OLD.tenant_id IS NOT NEW.tenant_id OR OLD.consultation_id IS NOT NEW.consultation_id OR OLD.subject_kind IS NOT NEW.subject_kind OR OLD.subject_id IS NOT NEW.subject_id OR OLD.position IS NOT NEW.position OR OLD.justification IS NOT NEW.justification OR OLD.unit_id IS NOT NEW.unit_id OR OLD.signed_as IS NOT NEW.signed_as OR OLD.batch IS NOT NEW.batch OR OLD.published_at IS NOT NEW.published_at) BEGIN SELECT RAISE(ABORT, 'frozen: answer can no longer be changed'); END",
)
POSTGRESQL_FORMER = (
    "CREATE FUNCTION answer_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (OLD.published_at IS NOT NULL) AND (OLD.tenant_id IS DISTINCT FROM NEW.tenant_id OR OLD.consultation_id IS DISTINCT FROM NEW.consultation_id OR OLD.subject_kind IS DISTINCT FROM NEW.subject_kind OR OLD.subject_id IS DISTINCT FROM NEW.subject_id OR OLD.position IS DISTINCT FROM NEW.position OR OLD.justification IS DISTINCT FROM NEW.justification OR OLD.unit_id IS DISTINCT FROM NEW.unit_id OR OLD.signed_as IS DISTINCT FROM NEW.signed_as OR OLD.batch IS DISTINCT FROM NEW.batch OR OLD.published_at IS DISTINCT FROM NEW.published_at) THEN RAISE EXCEPTION 'frozen: answer can no longer be changed' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER answer_is_frozen BEFORE UPDATE ON answer FOR EACH ROW EXECUTE FUNCTION answer_is_frozen()",
)
SQLITE_FORMER_DROPS = ("DROP TRIGGER answer_is_frozen",)
POSTGRESQL_FORMER_DROPS = (
    "DROP TRIGGER answer_is_frozen ON answer",
    "DROP FUNCTION answer_is_frozen()",
)
SQLITE_GUARDS = (
    "CREATE TRIGGER answer_is_frozen BEFORE UPDATE ON answer FOR EACH ROW WHEN (OLD.published_at IS NOT NULL) AND (OLD.tenant_id IS NOT NEW.tenant_id OR OLD.consultation_id IS NOT NEW.consultation_id OR OLD.subject_kind IS NOT NEW.subject_kind OR OLD.subject_id IS NOT NEW.subject_id OR OLD.batch IS NOT NEW.batch OR OLD.published_at IS NOT NEW.published_at) BEGIN SELECT RAISE(ABORT, 'frozen: answer can no longer be changed'); END",
    "CREATE TRIGGER answer_changes_in_public BEFORE UPDATE ON answer FOR EACH ROW WHEN OLD.published_at IS NOT NULL AND (OLD.position IS NOT NEW.position OR OLD.justification IS NOT NEW.justification OR OLD.unit_id IS NOT NEW.unit_id OR OLD.signed_as IS NOT NEW.signed_as) AND NOT EXISTS (SELECT 1 FROM answer_change c WHERE c.tenant_id = OLD.tenant_id AND c.answer_id = OLD.id AND c.published_at IS NOT NULL AND c.former_position = OLD.position AND c.former_justification = OLD.justification AND c.former_signed_as = OLD.signed_as AND c.position = NEW.position AND c.justification = NEW.justification AND c.signed_as = NEW.signed_as) BEGIN SELECT RAISE(ABORT, 'frozen: a published answer changes only with its former text kept'); END",
    "CREATE TRIGGER answer_change_is_frozen BEFORE UPDATE ON answer_change FOR EACH ROW WHEN OLD.published_at IS NOT NULL BEGIN SELECT RAISE(ABORT, 'frozen: a published change of an answer stays as it is'); END",
    "CREATE TRIGGER answer_change_never_goes_once_published BEFORE DELETE ON answer_change FOR EACH ROW WHEN OLD.published_at IS NOT NULL BEGIN SELECT RAISE(ABORT, 'append_only: a published change of an answer is never removed'); END",
)
POSTGRESQL_GUARDS = (
    "CREATE FUNCTION answer_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (OLD.published_at IS NOT NULL) AND (OLD.tenant_id IS DISTINCT FROM NEW.tenant_id OR OLD.consultation_id IS DISTINCT FROM NEW.consultation_id OR OLD.subject_kind IS DISTINCT FROM NEW.subject_kind OR OLD.subject_id IS DISTINCT FROM NEW.subject_id OR OLD.batch IS DISTINCT FROM NEW.batch OR OLD.published_at IS DISTINCT FROM NEW.published_at) THEN RAISE EXCEPTION 'frozen: answer can no longer be changed' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER answer_is_frozen BEFORE UPDATE ON answer FOR EACH ROW EXECUTE FUNCTION answer_is_frozen()",
    "CREATE FUNCTION answer_changes_in_public() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF OLD.published_at IS NOT NULL AND (OLD.position IS DISTINCT FROM NEW.position OR OLD.justification IS DISTINCT FROM NEW.justification OR OLD.unit_id IS DISTINCT FROM NEW.unit_id OR OLD.signed_as IS DISTINCT FROM NEW.signed_as) AND NOT EXISTS (SELECT 1 FROM answer_change c WHERE c.tenant_id = OLD.tenant_id AND c.answer_id = OLD.id AND c.published_at IS NOT NULL AND c.former_position = OLD.position AND c.former_justification = OLD.justification AND c.former_signed_as = OLD.signed_as AND c.position = NEW.position AND c.justification = NEW.justification AND c.signed_as = NEW.signed_as) THEN RAISE EXCEPTION 'frozen: a published answer changes only with its former text kept' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER answer_changes_in_public BEFORE UPDATE ON answer FOR EACH ROW EXECUTE FUNCTION answer_changes_in_public()",
    "CREATE FUNCTION answer_change_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF OLD.published_at IS NOT NULL THEN RAISE EXCEPTION 'frozen: a published change of an answer stays as it is' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER answer_change_is_frozen BEFORE UPDATE ON answer_change FOR EACH ROW EXECUTE FUNCTION answer_change_is_frozen()",
    "CREATE FUNCTION answer_change_never_goes_once_published() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF OLD.published_at IS NOT NULL THEN RAISE EXCEPTION 'append_only: a published change of an answer is never removed' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER answer_change_never_goes_once_published BEFORE DELETE ON answer_change FOR EACH ROW EXECUTE FUNCTION answer_change_never_goes_once_published()",
)
SQLITE_DROPS = (
    "DROP TRIGGER answer_change_never_goes_once_published",
    "DROP TRIGGER answer_change_is_frozen",
    "DROP TRIGGER answer_changes_in_public",
    "DROP TRIGGER answer_is_frozen",
)
POSTGRESQL_DROPS = (
    "DROP TRIGGER answer_change_never_goes_once_published ON answer_change",
    "DROP FUNCTION answer_change_never_goes_once_published()",
    "DROP TRIGGER answer_change_is_frozen ON answer_change",
    "DROP FUNCTION answer_change_is_frozen()",
    "DROP TRIGGER answer_changes_in_public ON answer",
    "DROP FUNCTION answer_changes_in_public()",
    "DROP TRIGGER answer_is_frozen ON answer",
    "DROP FUNCTION answer_is_frozen()",
)


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    op.create_table(
        "answer_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("answer_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Text(), nullable=False),
        sa.Column("justification", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("signed_as", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("former_position", sa.Text(), nullable=False),
        sa.Column("former_justification", sa.Text(), nullable=False),
        sa.Column("former_signed_as", sa.Text(), nullable=False),
        sa.Column("written_by", sa.Integer(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.Integer(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "position IN ('accepted', 'partly', 'not_accepted', 'out_of_scope')",
            name=op.f("ck_answer_change_position"),
        ),
        sa.CheckConstraint("length(justification) >= 40", name=op.f("ck_answer_change_justified")),
        sa.CheckConstraint("length(reason) >= 10", name=op.f("ck_answer_change_reasoned")),
        sa.CheckConstraint("published_by <> written_by", name=op.f("ck_answer_change_two_persons")),
        sa.CheckConstraint(
            "(published_at IS NULL) = (published_by IS NULL)",
            name=op.f("ck_answer_change_published_whole"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "answer_id"],
            ["answer.tenant_id", "answer.id"],
            name=op.f("fk_answer_change_tenant_id_answer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "unit_id"],
            ["org_unit.tenant_id", "org_unit.id"],
            name=op.f("fk_answer_change_tenant_id_unit_id"),
        ),
        sa.ForeignKeyConstraint(
            ["written_by"], ["person.id"], name=op.f("fk_answer_change_written_by")
        ),
        sa.ForeignKeyConstraint(
            ["published_by"], ["person.id"], name=op.f("fk_answer_change_published_by")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["municipality.id"], name=op.f("fk_answer_change_tenant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_change")),
    )
    op.create_index(op.f("ix_answer_change_tenant_id"), "answer_change", ["tenant_id"])
    op.create_index("ix_answer_change_answer", "answer_change", ["tenant_id", "answer_id"])
    op.create_index(
        "uq_answer_change_waiting",
        "answer_change",
        ["tenant_id", "answer_id"],
        unique=True,
        sqlite_where=sa.text("published_at IS NULL"),
        postgresql_where=sa.text("published_at IS NULL"),
    )
    for statement in SQLITE_FORMER_DROPS if sqlite else POSTGRESQL_FORMER_DROPS:
        op.execute(statement)
    for statement in SQLITE_GUARDS if sqlite else POSTGRESQL_GUARDS:
        op.execute(statement)


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in SQLITE_DROPS if sqlite else POSTGRESQL_DROPS:
        op.execute(statement)
    for statement in SQLITE_FORMER if sqlite else POSTGRESQL_FORMER:
        op.execute(statement)
    op.drop_table("answer_change")
