"""What a count says of areas, and a phase added for a vote that is done again."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

# Guards, written out: a migration never imports the application.
SQLITE_GUARDS = (
    "CREATE TRIGGER phase_comes_for_a_vote_done_again BEFORE INSERT ON phase FOR EACH ROW WHEN EXISTS (SELECT 1 FROM consultation AS c WHERE c.id = NEW.consultation_id AND c.state NOT IN ('draft', 'awaiting_approval')) AND EXISTS (SELECT 1 FROM phase AS p WHERE p.consultation_id = NEW.consultation_id) AND NOT (NEW.activities = 'vote' AND EXISTS (SELECT 1 FROM extra_phase AS e JOIN approval AS a ON a.tenant_id = e.tenant_id AND a.act = 'consultation.add_vote' AND a.subject_kind = 'consultation' AND a.subject_id = e.consultation_id AND a.approved AND a.asked_by <> a.decided_by AND a.spent_at IS NULL WHERE e.consultation_id = NEW.consultation_id AND e.starts_at = NEW.starts_at AND e.ends_at = NEW.ends_at)) BEGIN SELECT RAISE(ABORT, 'two_persons: a published consultation gets a phase by two persons, for a vote'); END",
)
SQLITE_DROPS = ("DROP TRIGGER phase_comes_for_a_vote_done_again",)
POSTGRESQL_GUARDS = (
    "CREATE FUNCTION phase_comes_for_a_vote_done_again() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM consultation AS c WHERE c.id = NEW.consultation_id AND c.state NOT IN ('draft', 'awaiting_approval')) AND EXISTS (SELECT 1 FROM phase AS p WHERE p.consultation_id = NEW.consultation_id) AND NOT (NEW.activities = 'vote' AND EXISTS (SELECT 1 FROM extra_phase AS e JOIN approval AS a ON a.tenant_id = e.tenant_id AND a.act = 'consultation.add_vote' AND a.subject_kind = 'consultation' AND a.subject_id = e.consultation_id AND a.approved AND a.asked_by <> a.decided_by AND a.spent_at IS NULL WHERE e.consultation_id = NEW.consultation_id AND e.starts_at = NEW.starts_at AND e.ends_at = NEW.ends_at)) THEN RAISE EXCEPTION 'two_persons: a published consultation gets a phase by two persons, for a vote' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER phase_comes_for_a_vote_done_again BEFORE INSERT ON phase FOR EACH ROW EXECUTE FUNCTION phase_comes_for_a_vote_done_again()",
)
POSTGRESQL_DROPS = (
    "DROP TRIGGER phase_comes_for_a_vote_done_again ON phase",
    "DROP FUNCTION phase_comes_for_a_vote_done_again()",
)


def upgrade() -> None:
    op.add_column("poll_result", sa.Column("areas", sa.Text(), nullable=False, server_default="[]"))
    op.create_table(
        "extra_phase",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_extra_phase_dates")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "consultation_id"],
            ["consultation.tenant_id", "consultation.id"],
            name=op.f("fk_extra_phase_tenant_id_consultation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["municipality.id"], name=op.f("fk_extra_phase_tenant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extra_phase")),
    )
    op.create_index(op.f("ix_extra_phase_tenant_id"), "extra_phase", ["tenant_id"])
    _run(SQLITE_GUARDS, POSTGRESQL_GUARDS)


def downgrade() -> None:
    _run(SQLITE_DROPS, POSTGRESQL_DROPS)
    op.drop_index(op.f("ix_extra_phase_tenant_id"), table_name="extra_phase")
    op.drop_table("extra_phase")
    op.drop_column("poll_result", "areas")


def _run(sqlite: tuple[str, ...], postgresql: tuple[str, ...]) -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in sqlite if is_sqlite else postgresql:
        op.execute(sa.text(statement.replace(":", r"\:")))
