"""Reports of consultations, version by version."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

# Guards, written out: a migration never imports the application.
SQLITE_GUARDS = (
    "CREATE TRIGGER report_is_frozen BEFORE UPDATE ON report FOR EACH ROW WHEN (TRUE) AND (OLD.tenant_id IS NOT NEW.tenant_id OR OLD.consultation_id IS NOT NEW.consultation_id OR OLD.no IS NOT NEW.no OR OLD.reason IS NOT NEW.reason OR OLD.asked_by IS NOT NEW.asked_by OR OLD.asked_at IS NOT NEW.asked_at) BEGIN SELECT RAISE(ABORT, 'frozen: report can no longer be changed'); END",
    "CREATE TRIGGER report_state_steps BEFORE UPDATE OF state ON report FOR EACH ROW WHEN OLD.state <> NEW.state AND NOT ((OLD.state = 'making' AND NEW.state IN ('ready')) OR (OLD.state = 'ready' AND NEW.state IN ('published'))) BEGIN SELECT RAISE(ABORT, 'transition: no such step of report.state'); END",
    "CREATE TRIGGER report_never_changes_once_published BEFORE UPDATE ON report FOR EACH ROW WHEN OLD.state = 'published' BEGIN SELECT RAISE(ABORT, 'frozen: a published report never changes; a correction is a new version'); END",
    "CREATE TRIGGER report_never_goes_once_published BEFORE DELETE ON report FOR EACH ROW WHEN OLD.state = 'published' BEGIN SELECT RAISE(ABORT, 'append_only: a published report is never removed'); END",
    "CREATE TRIGGER report_entry_never_changes BEFORE UPDATE ON report_entry FOR EACH ROW WHEN TRUE BEGIN SELECT RAISE(ABORT, 'append_only: report_entry rows are never changed'); END",
    "CREATE TRIGGER report_entry_never_goes_once_published BEFORE DELETE ON report_entry FOR EACH ROW WHEN EXISTS (SELECT 1 FROM report AS r WHERE r.id = OLD.report_id AND r.state = 'published') BEGIN SELECT RAISE(ABORT, 'append_only: a published report keeps its report_entry rows'); END",
    "CREATE TRIGGER report_entry_never_comes_once_published BEFORE INSERT ON report_entry FOR EACH ROW WHEN EXISTS (SELECT 1 FROM report AS r WHERE r.id = NEW.report_id AND r.state = 'published') BEGIN SELECT RAISE(ABORT, 'append_only: nothing is added to a published report (report_entry)'); END",
    "CREATE TRIGGER report_file_never_changes BEFORE UPDATE ON report_file FOR EACH ROW WHEN TRUE BEGIN SELECT RAISE(ABORT, 'append_only: report_file rows are never changed'); END",
    "CREATE TRIGGER report_file_never_goes_once_published BEFORE DELETE ON report_file FOR EACH ROW WHEN EXISTS (SELECT 1 FROM report AS r WHERE r.id = OLD.report_id AND r.state = 'published') BEGIN SELECT RAISE(ABORT, 'append_only: a published report keeps its report_file rows'); END",
    "CREATE TRIGGER report_file_never_comes_once_published BEFORE INSERT ON report_file FOR EACH ROW WHEN EXISTS (SELECT 1 FROM report AS r WHERE r.id = NEW.report_id AND r.state = 'published') BEGIN SELECT RAISE(ABORT, 'append_only: nothing is added to a published report (report_file)'); END",
)
POSTGRESQL_GUARDS = (
    "CREATE FUNCTION report_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (TRUE) AND (OLD.tenant_id IS DISTINCT FROM NEW.tenant_id OR OLD.consultation_id IS DISTINCT FROM NEW.consultation_id OR OLD.no IS DISTINCT FROM NEW.no OR OLD.reason IS DISTINCT FROM NEW.reason OR OLD.asked_by IS DISTINCT FROM NEW.asked_by OR OLD.asked_at IS DISTINCT FROM NEW.asked_at) THEN RAISE EXCEPTION 'frozen: report can no longer be changed' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER report_is_frozen BEFORE UPDATE ON report FOR EACH ROW EXECUTE FUNCTION report_is_frozen()",
    "CREATE FUNCTION report_state_steps() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF OLD.state <> NEW.state AND NOT ((OLD.state = 'making' AND NEW.state IN ('ready')) OR (OLD.state = 'ready' AND NEW.state IN ('published'))) THEN RAISE EXCEPTION 'transition: no such step of report.state' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER report_state_steps BEFORE UPDATE OF state ON report FOR EACH ROW EXECUTE FUNCTION report_state_steps()",
    "CREATE FUNCTION report_never_changes_once_published() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF OLD.state = 'published' THEN RAISE EXCEPTION 'frozen: a published report never changes; a correction is a new version' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER report_never_changes_once_published BEFORE UPDATE ON report FOR EACH ROW EXECUTE FUNCTION report_never_changes_once_published()",
    "CREATE FUNCTION report_never_goes_once_published() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF OLD.state = 'published' THEN RAISE EXCEPTION 'append_only: a published report is never removed' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER report_never_goes_once_published BEFORE DELETE ON report FOR EACH ROW EXECUTE FUNCTION report_never_goes_once_published()",
    "CREATE FUNCTION report_entry_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TRUE THEN RAISE EXCEPTION 'append_only: report_entry rows are never changed' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER report_entry_never_changes BEFORE UPDATE ON report_entry FOR EACH ROW EXECUTE FUNCTION report_entry_never_changes()",
    "CREATE FUNCTION report_entry_never_goes_once_published() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM report AS r WHERE r.id = OLD.report_id AND r.state = 'published') THEN RAISE EXCEPTION 'append_only: a published report keeps its report_entry rows' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER report_entry_never_goes_once_published BEFORE DELETE ON report_entry FOR EACH ROW EXECUTE FUNCTION report_entry_never_goes_once_published()",
    "CREATE FUNCTION report_entry_never_comes_once_published() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM report AS r WHERE r.id = NEW.report_id AND r.state = 'published') THEN RAISE EXCEPTION 'append_only: nothing is added to a published report (report_entry)' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER report_entry_never_comes_once_published BEFORE INSERT ON report_entry FOR EACH ROW EXECUTE FUNCTION report_entry_never_comes_once_published()",
    "CREATE FUNCTION report_file_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TRUE THEN RAISE EXCEPTION 'append_only: report_file rows are never changed' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER report_file_never_changes BEFORE UPDATE ON report_file FOR EACH ROW EXECUTE FUNCTION report_file_never_changes()",
    "CREATE FUNCTION report_file_never_goes_once_published() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM report AS r WHERE r.id = OLD.report_id AND r.state = 'published') THEN RAISE EXCEPTION 'append_only: a published report keeps its report_file rows' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER report_file_never_goes_once_published BEFORE DELETE ON report_file FOR EACH ROW EXECUTE FUNCTION report_file_never_goes_once_published()",
    "CREATE FUNCTION report_file_never_comes_once_published() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM report AS r WHERE r.id = NEW.report_id AND r.state = 'published') THEN RAISE EXCEPTION 'append_only: nothing is added to a published report (report_file)' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER report_file_never_comes_once_published BEFORE INSERT ON report_file FOR EACH ROW EXECUTE FUNCTION report_file_never_comes_once_published()",
)
SQLITE_DROPS = (
    "DROP TRIGGER report_file_never_comes_once_published",
    "DROP TRIGGER report_file_never_goes_once_published",
    "DROP TRIGGER report_file_never_changes",
    "DROP TRIGGER report_entry_never_comes_once_published",
    "DROP TRIGGER report_entry_never_goes_once_published",
    "DROP TRIGGER report_entry_never_changes",
    "DROP TRIGGER report_never_goes_once_published",
    "DROP TRIGGER report_never_changes_once_published",
    "DROP TRIGGER report_state_steps",
    "DROP TRIGGER report_is_frozen",
)
POSTGRESQL_DROPS = (
    "DROP TRIGGER report_file_never_comes_once_published ON report_file",
    "DROP FUNCTION report_file_never_comes_once_published()",
    "DROP TRIGGER report_file_never_goes_once_published ON report_file",
    "DROP FUNCTION report_file_never_goes_once_published()",
    "DROP TRIGGER report_file_never_changes ON report_file",
    "DROP FUNCTION report_file_never_changes()",
    "DROP TRIGGER report_entry_never_comes_once_published ON report_entry",
    "DROP FUNCTION report_entry_never_comes_once_published()",
    "DROP TRIGGER report_entry_never_goes_once_published ON report_entry",
    "DROP FUNCTION report_entry_never_goes_once_published()",
    "DROP TRIGGER report_entry_never_changes ON report_entry",
    "DROP FUNCTION report_entry_never_changes()",
    "DROP TRIGGER report_never_goes_once_published ON report",
    "DROP FUNCTION report_never_goes_once_published()",
    "DROP TRIGGER report_never_changes_once_published ON report",
    "DROP FUNCTION report_never_changes_once_published()",
    "DROP TRIGGER report_state_steps ON report",
    "DROP FUNCTION report_state_steps()",
    "DROP TRIGGER report_is_frozen ON report",
    "DROP FUNCTION report_is_frozen()",
)


def upgrade() -> None:
    op.create_table(
        "report_draft",
        sa.Column("consultation_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("responsible", sa.Text(), nullable=False),
        sa.Column("case_number", sa.Text(), nullable=False),
        sa.Column("initiator", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("minority", sa.Text(), nullable=False),
        sa.Column("conclusions", sa.Text(), nullable=False),
        sa.Column("next_steps", sa.Text(), nullable=False),
        sa.Column("evaluation", sa.Text(), nullable=False),
        sa.Column("annexes", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("saved_by", sa.Integer(), nullable=True),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "consultation_id"],
            ["consultation.tenant_id", "consultation.id"],
            name=op.f("fk_report_draft_tenant_id_consultation_id"),
        ),
        sa.ForeignKeyConstraint(["saved_by"], ["person.id"], name=op.f("fk_report_draft_saved_by")),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["municipality.id"], name=op.f("fk_report_draft_tenant_id")
        ),
        sa.PrimaryKeyConstraint("consultation_id", name=op.f("pk_report_draft")),
    )
    op.create_index(op.f("ix_report_draft_tenant_id"), "report_draft", ["tenant_id"])
    op.create_table(
        "report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("responsible", sa.Text(), nullable=False),
        sa.Column("case_number", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by", sa.Integer(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('making', 'ready', 'published')", name=op.f("ck_report_state")
        ),
        sa.CheckConstraint("no > 0", name=op.f("ck_report_no")),
        sa.CheckConstraint("no = 1 OR length(reason) >= 10", name=op.f("ck_report_reasoned")),
        sa.CheckConstraint("(state = 'making') = (made_at IS NULL)", name=op.f("ck_report_made")),
        sa.CheckConstraint(
            "(state = 'published') = (published_at IS NOT NULL)", name=op.f("ck_report_published")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "consultation_id"],
            ["consultation.tenant_id", "consultation.id"],
            name=op.f("fk_report_tenant_id_consultation_id"),
        ),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("fk_report_asked_by")),
        sa.ForeignKeyConstraint(
            ["published_by"], ["person.id"], name=op.f("fk_report_published_by")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["municipality.id"], name=op.f("fk_report_tenant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_report_tenant_id_id")),
        sa.UniqueConstraint(
            "tenant_id",
            "consultation_id",
            "no",
            name=op.f("uq_report_tenant_id_consultation_id_no"),
        ),
    )
    op.create_index(op.f("ix_report_tenant_id"), "report", ["tenant_id"])
    op.create_index(
        "uq_report_unpublished",
        "report",
        ["tenant_id", "consultation_id"],
        unique=True,
        sqlite_where=sa.text("state <> 'published'"),
        postgresql_where=sa.text("state <> 'published'"),
    )
    op.create_table(
        "report_entry",
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "report_id"],
            ["report.tenant_id", "report.id"],
            name=op.f("fk_report_entry_tenant_id_report_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["municipality.id"], name=op.f("fk_report_entry_tenant_id")
        ),
        sa.PrimaryKeyConstraint("report_id", "position", name=op.f("pk_report_entry")),
    )
    op.create_index(op.f("ix_report_entry_tenant_id"), "report_entry", ["tenant_id"])
    op.create_table(
        "report_file",
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "report_id"],
            ["report.tenant_id", "report.id"],
            name=op.f("fk_report_file_tenant_id_report_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "file_id"],
            ["file.tenant_id", "file.id"],
            name=op.f("fk_report_file_tenant_id_file_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["municipality.id"], name=op.f("fk_report_file_tenant_id")
        ),
        sa.PrimaryKeyConstraint("report_id", "name", name=op.f("pk_report_file")),
    )
    op.create_index(op.f("ix_report_file_tenant_id"), "report_file", ["tenant_id"])
    sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in SQLITE_GUARDS if sqlite else POSTGRESQL_GUARDS:
        op.execute(statement)


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in SQLITE_DROPS if sqlite else POSTGRESQL_DROPS:
        op.execute(statement)
    for table in ("report_file", "report_entry", "report", "report_draft"):
        op.drop_table(table)
