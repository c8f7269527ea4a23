"""Answers to questions, and what waits for which department."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

FORMER = "position IN ('accepted', 'partly', 'not_accepted', 'out_of_scope')"
POSITIONS = "position IN ('accepted', 'partly', 'not_accepted', 'out_of_scope', 'answered')"

# SQLite changes a constraint by building the table anew, which loses its triggers: they are
# written out. A migration never imports the application.
SQLITE_GUARDS = (
    "CREATE TRIGGER answer_never_goes_once_published BEFORE DELETE ON answer FOR EACH ROW WHEN OLD.published_at IS NOT NULL BEGIN SELECT RAISE(ABORT, 'append_only: a published answer is never removed'); END",
    "CREATE TRIGGER answer_is_frozen BEFORE UPDATE ON answer FOR EACH ROW WHEN (OLD.published_at IS NOT NULL) AND (OLD.tenant_id IS NOT NEW.tenant_id OR OLD.consultation_id IS NOT NEW.consultation_id OR OLD.subject_kind IS NOT NEW.subject_kind OR OLD.subject_id IS NOT NEW.subject_id OR OLD.batch IS NOT NEW.batch OR OLD.published_at IS NOT NEW.published_at) BEGIN SELECT RAISE(ABORT, 'frozen: answer can no longer be changed'); END",
    "CREATE TRIGGER answer_changes_in_public BEFORE UPDATE ON answer FOR EACH ROW WHEN OLD.published_at IS NOT NULL AND (OLD.position IS NOT NEW.position OR OLD.justification IS NOT NEW.justification OR OLD.unit_id IS NOT NEW.unit_id OR OLD.signed_as IS NOT NEW.signed_as) AND NOT EXISTS (SELECT 1 FROM answer_change c WHERE c.tenant_id = OLD.tenant_id AND c.answer_id = OLD.id AND c.published_at IS NOT NULL AND c.former_position = OLD.position AND c.former_justification = OLD.justification AND c.former_signed_as = OLD.signed_as AND c.position = NEW.position AND c.justification = NEW.justification AND c.signed_as = NEW.signed_as) BEGIN SELECT RAISE(ABORT, 'frozen: a published answer changes only with its former text kept'); END",
    "CREATE TRIGGER answer_change_is_frozen BEFORE UPDATE ON answer_change FOR EACH ROW WHEN OLD.published_at IS NOT NULL BEGIN SELECT RAISE(ABORT, 'frozen: a published change of an answer stays as it is'); END",
    "CREATE TRIGGER answer_change_never_goes_once_published BEFORE DELETE ON answer_change FOR EACH ROW WHEN OLD.published_at IS NOT NULL BEGIN SELECT RAISE(ABORT, 'append_only: a published change of an answer is never removed'); END",
)
SQLITE_DROPS = (
    "DROP TRIGGER answer_change_never_goes_once_published",
    "DROP TRIGGER answer_change_is_frozen",
    "DROP TRIGGER answer_changes_in_public",
    "DROP TRIGGER answer_is_frozen",
    "DROP TRIGGER answer_never_goes_once_published",
)


def upgrade() -> None:
    op.create_table(
        "answer_assignment",
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("theme", sa.Text(), nullable=False),
        sa.Column("assigned_by", sa.Integer(), nullable=True),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("length(theme) <= 60", name=op.f("ck_answer_assignment_theme")),
        sa.CheckConstraint(
            "unit_id IS NOT NULL OR theme <> ''", name=op.f("ck_answer_assignment_says_something")
        ),
        sa.ForeignKeyConstraint(
            ["assigned_by"], ["person.id"], name=op.f("fk_answer_assignment_assigned_by")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "consultation_id"],
            ["consultation.tenant_id", "consultation.id"],
            name=op.f("fk_answer_assignment_tenant_id_consultation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "unit_id"],
            ["org_unit.tenant_id", "org_unit.id"],
            name=op.f("fk_answer_assignment_tenant_id_unit_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["municipality.id"], name=op.f("fk_answer_assignment_tenant_id")
        ),
        sa.PrimaryKeyConstraint(
            "tenant_id", "subject_kind", "subject_id", name=op.f("pk_answer_assignment")
        ),
    )
    op.create_index(
        "ix_answer_assignment_consultation", "answer_assignment", ["tenant_id", "consultation_id"]
    )
    op.create_index(op.f("ix_answer_assignment_tenant_id"), "answer_assignment", ["tenant_id"])
    _hold_positions(POSITIONS)


def downgrade() -> None:
    _hold_positions(FORMER)
    op.drop_table("answer_assignment")


def _hold_positions(listed: str) -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in SQLITE_DROPS if sqlite else ():
        op.execute(statement)
    for table in ("answer", "answer_change"):
        name = op.f(f"ck_{table}_position")
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint(name, type_="check")
            batch.create_check_constraint(name, listed)
    for statement in SQLITE_GUARDS if sqlite else ():
        op.execute(statement)
