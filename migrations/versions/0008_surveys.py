"""Surveys: questions, answers, paper."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# Guards, written out: a migration never imports the application.
SQLITE_GUARDS = (
    "CREATE TRIGGER survey_is_frozen BEFORE UPDATE ON survey FOR EACH ROW WHEN (TRUE) AND (OLD.tenant_id IS NOT NEW.tenant_id OR OLD.consultation_id IS NOT NEW.consultation_id OR OLD.number IS NOT NEW.number OR OLD.created_at IS NOT NEW.created_at) BEGIN SELECT RAISE(ABORT, 'frozen: survey can no longer be changed'); END",
    "CREATE TRIGGER survey_state_steps BEFORE UPDATE OF state ON survey FOR EACH ROW WHEN OLD.state <> NEW.state AND NOT ((OLD.state = 'draft' AND NEW.state IN ('offered')) OR (OLD.state = 'offered' AND NEW.state IN ('draft', 'published'))) BEGIN SELECT RAISE(ABORT, 'transition: no such step of survey.state'); END",
    "CREATE TRIGGER survey_content_is_frozen BEFORE UPDATE ON survey FOR EACH ROW WHEN EXISTS (SELECT 1 FROM survey_sheet h WHERE h.survey_id = OLD.id) AND (OLD.is_anonymous <> NEW.is_anonymous OR NEW.state = 'draft' OR (OLD.content <> NEW.content AND NOT EXISTS (SELECT 1 FROM survey_correction c WHERE c.survey_id = OLD.id AND c.former = OLD.content AND c.present = NEW.content))) BEGIN SELECT RAISE(ABORT, 'frozen: an answered survey changes only by a public correction'); END",
    "CREATE TRIGGER survey_never_goes_once_offered BEFORE DELETE ON survey FOR EACH ROW WHEN OLD.state <> 'draft' BEGIN SELECT RAISE(ABORT, 'frozen: a survey that people see is never removed'); END",
    "CREATE TRIGGER survey_correction_never_changes BEFORE UPDATE ON survey_correction FOR EACH ROW WHEN TRUE BEGIN SELECT RAISE(ABORT, 'append_only: survey_correction rows are never changed'); END",
    "CREATE TRIGGER survey_correction_never_goes BEFORE DELETE ON survey_correction FOR EACH ROW WHEN TRUE BEGIN SELECT RAISE(ABORT, 'append_only: survey_correction rows are never removed'); END",
    "CREATE TRIGGER survey_participation_is_frozen BEFORE UPDATE ON survey_participation FOR EACH ROW WHEN (TRUE) AND (OLD.tenant_id IS NOT NEW.tenant_id OR OLD.survey_id IS NOT NEW.survey_id OR OLD.person_id IS NOT NEW.person_id OR OLD.day IS NOT NEW.day OR OLD.idem_hash IS NOT NEW.idem_hash) BEGIN SELECT RAISE(ABORT, 'frozen: survey_participation can no longer be changed'); END",
    "CREATE TRIGGER survey_sheet_comes_while_offered BEFORE INSERT ON survey_sheet FOR EACH ROW WHEN (SELECT s.state FROM survey s WHERE s.id = NEW.survey_id) <> 'offered' BEGIN SELECT RAISE(ABORT, 'closed: no sheets before a survey is offered nor after its results'); END",
    "CREATE TRIGGER survey_sheet_is_nameless BEFORE INSERT ON survey_sheet FOR EACH ROW WHEN (NEW.person_id IS NOT NULL OR NEW.given_at IS NOT NULL) AND (SELECT s.is_anonymous FROM survey s WHERE s.id = NEW.survey_id) BEGIN SELECT RAISE(ABORT, 'anonymous: no person and no moment beside what was said'); END",
    "CREATE TRIGGER survey_sheet_gets_no_name BEFORE UPDATE OF person_id ON survey_sheet FOR EACH ROW WHEN NEW.person_id IS NOT NULL AND OLD.person_id IS NOT NEW.person_id BEGIN SELECT RAISE(ABORT, 'anonymous: a sheet only ever loses its name'); END",
    "CREATE TRIGGER survey_sheet_is_frozen BEFORE UPDATE ON survey_sheet FOR EACH ROW WHEN (TRUE) AND (OLD.id IS NOT NEW.id OR OLD.tenant_id IS NOT NEW.tenant_id OR OLD.survey_id IS NOT NEW.survey_id OR OLD.channel IS NOT NEW.channel OR OLD.batch IS NOT NEW.batch OR OLD.paper_no IS NOT NEW.paper_no OR OLD.entered_by IS NOT NEW.entered_by OR OLD.entered_on IS NOT NEW.entered_on) BEGIN SELECT RAISE(ABORT, 'frozen: survey_sheet can no longer be changed'); END",
    "CREATE TRIGGER survey_sheet_stays_once_published BEFORE DELETE ON survey_sheet FOR EACH ROW WHEN (SELECT s.state FROM survey s WHERE s.id = OLD.survey_id) = 'published' BEGIN SELECT RAISE(ABORT, 'frozen: results rest on this sheet'); END",
    "CREATE TRIGGER survey_reply_comes_while_offered BEFORE INSERT ON survey_reply FOR EACH ROW WHEN (SELECT s.state FROM survey s WHERE s.id = NEW.survey_id) <> 'offered' BEGIN SELECT RAISE(ABORT, 'closed: no answers before a survey is offered nor after its results'); END",
    "CREATE TRIGGER survey_reply_is_frozen BEFORE UPDATE ON survey_reply FOR EACH ROW WHEN (TRUE) AND (OLD.sheet_id IS NOT NEW.sheet_id OR OLD.question_no IS NOT NEW.question_no OR OLD.tenant_id IS NOT NEW.tenant_id OR OLD.survey_id IS NOT NEW.survey_id OR OLD.chosen IS NOT NEW.chosen OR OLD.body IS NOT NEW.body) BEGIN SELECT RAISE(ABORT, 'frozen: survey_reply can no longer be changed'); END",
    "CREATE TRIGGER survey_reply_stays_once_published BEFORE DELETE ON survey_reply FOR EACH ROW WHEN (SELECT s.state FROM survey s WHERE s.id = OLD.survey_id) = 'published' BEGIN SELECT RAISE(ABORT, 'frozen: results rest on this answer'); END",
)
POSTGRESQL_GUARDS = (
    "CREATE FUNCTION survey_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (TRUE) AND (OLD.tenant_id IS DISTINCT FROM NEW.tenant_id OR OLD.consultation_id IS DISTINCT FROM NEW.consultation_id OR OLD.number IS DISTINCT FROM NEW.number OR OLD.created_at IS DISTINCT FROM NEW.created_at) THEN RAISE EXCEPTION 'frozen: survey can no longer be changed' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER survey_is_frozen BEFORE UPDATE ON survey FOR EACH ROW EXECUTE FUNCTION survey_is_frozen()",
    "CREATE FUNCTION survey_state_steps() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF OLD.state <> NEW.state AND NOT ((OLD.state = 'draft' AND NEW.state IN ('offered')) OR (OLD.state = 'offered' AND NEW.state IN ('draft', 'published'))) THEN RAISE EXCEPTION 'transition: no such step of survey.state' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER survey_state_steps BEFORE UPDATE OF state ON survey FOR EACH ROW EXECUTE FUNCTION survey_state_steps()",
    "CREATE FUNCTION survey_content_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM survey_sheet h WHERE h.survey_id = OLD.id) AND (OLD.is_anonymous <> NEW.is_anonymous OR NEW.state = 'draft' OR (OLD.content <> NEW.content AND NOT EXISTS (SELECT 1 FROM survey_correction c WHERE c.survey_id = OLD.id AND c.former = OLD.content AND c.present = NEW.content))) THEN RAISE EXCEPTION 'frozen: an answered survey changes only by a public correction' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER survey_content_is_frozen BEFORE UPDATE ON survey FOR EACH ROW EXECUTE FUNCTION survey_content_is_frozen()",
    "CREATE FUNCTION survey_never_goes_once_offered() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF OLD.state <> 'draft' THEN RAISE EXCEPTION 'frozen: a survey that people see is never removed' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER survey_never_goes_once_offered BEFORE DELETE ON survey FOR EACH ROW EXECUTE FUNCTION survey_never_goes_once_offered()",
    "CREATE FUNCTION survey_correction_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TRUE THEN RAISE EXCEPTION 'append_only: survey_correction rows are never changed' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER survey_correction_never_changes BEFORE UPDATE ON survey_correction FOR EACH ROW EXECUTE FUNCTION survey_correction_never_changes()",
    "CREATE FUNCTION survey_correction_never_goes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TRUE THEN RAISE EXCEPTION 'append_only: survey_correction rows are never removed' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER survey_correction_never_goes BEFORE DELETE ON survey_correction FOR EACH ROW EXECUTE FUNCTION survey_correction_never_goes()",
    "CREATE FUNCTION survey_participation_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (TRUE) AND (OLD.tenant_id IS DISTINCT FROM NEW.tenant_id OR OLD.survey_id IS DISTINCT FROM NEW.survey_id OR OLD.person_id IS DISTINCT FROM NEW.person_id OR OLD.day IS DISTINCT FROM NEW.day OR OLD.idem_hash IS DISTINCT FROM NEW.idem_hash) THEN RAISE EXCEPTION 'frozen: survey_participation can no longer be changed' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER survey_participation_is_frozen BEFORE UPDATE ON survey_participation FOR EACH ROW EXECUTE FUNCTION survey_participation_is_frozen()",
    "CREATE FUNCTION survey_sheet_comes_while_offered() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (SELECT s.state FROM survey s WHERE s.id = NEW.survey_id) <> 'offered' THEN RAISE EXCEPTION 'closed: no sheets before a survey is offered nor after its results' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER survey_sheet_comes_while_offered BEFORE INSERT ON survey_sheet FOR EACH ROW EXECUTE FUNCTION survey_sheet_comes_while_offered()",
    "CREATE FUNCTION survey_sheet_is_nameless() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (NEW.person_id IS NOT NULL OR NEW.given_at IS NOT NULL) AND (SELECT s.is_anonymous FROM survey s WHERE s.id = NEW.survey_id) THEN RAISE EXCEPTION 'anonymous: no person and no moment beside what was said' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER survey_sheet_is_nameless BEFORE INSERT ON survey_sheet FOR EACH ROW EXECUTE FUNCTION survey_sheet_is_nameless()",
    "CREATE FUNCTION survey_sheet_gets_no_name() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.person_id IS NOT NULL AND OLD.person_id IS DISTINCT FROM NEW.person_id THEN RAISE EXCEPTION 'anonymous: a sheet only ever loses its name' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER survey_sheet_gets_no_name BEFORE UPDATE OF person_id ON survey_sheet FOR EACH ROW EXECUTE FUNCTION survey_sheet_gets_no_name()",
    "CREATE FUNCTION survey_sheet_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (TRUE) AND (OLD.id IS DISTINCT FROM NEW.id OR OLD.tenant_id IS DISTINCT FROM NEW.tenant_id OR OLD.survey_id IS DISTINCT FROM NEW.survey_id OR OLD.channel IS DISTINCT FROM NEW.channel OR OLD.batch IS DISTINCT FROM NEW.batch OR OLD.paper_no IS DISTINCT FROM NEW.paper_no OR OLD.entered_by IS DISTINCT FROM NEW.entered_by OR OLD.entered_on IS DISTINCT FROM NEW.entered_on) THEN RAISE EXCEPTION 'frozen: survey_sheet can no longer be changed' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER survey_sheet_is_frozen BEFORE UPDATE ON survey_sheet FOR EACH ROW EXECUTE FUNCTION survey_sheet_is_frozen()",
    "CREATE FUNCTION survey_sheet_stays_once_published() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (SELECT s.state FROM survey s WHERE s.id = OLD.survey_id) = 'published' THEN RAISE EXCEPTION 'frozen: results rest on this sheet' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER survey_sheet_stays_once_published BEFORE DELETE ON survey_sheet FOR EACH ROW EXECUTE FUNCTION survey_sheet_stays_once_published()",
    "CREATE FUNCTION survey_reply_comes_while_offered() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (SELECT s.state FROM survey s WHERE s.id = NEW.survey_id) <> 'offered' THEN RAISE EXCEPTION 'closed: no answers before a survey is offered nor after its results' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER survey_reply_comes_while_offered BEFORE INSERT ON survey_reply FOR EACH ROW EXECUTE FUNCTION survey_reply_comes_while_offered()",
    "CREATE FUNCTION survey_reply_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (TRUE) AND (OLD.sheet_id IS DISTINCT FROM NEW.sheet_id OR OLD.question_no IS DISTINCT FROM NEW.question_no OR OLD.tenant_id IS DISTINCT FROM NEW.tenant_id OR OLD.survey_id IS DISTINCT FROM NEW.survey_id OR OLD.chosen IS DISTINCT FROM NEW.chosen OR OLD.body IS DISTINCT FROM NEW.body) THEN RAISE EXCEPTION 'frozen: survey_reply can no longer be changed' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER survey_reply_is_frozen BEFORE UPDATE ON survey_reply FOR EACH ROW EXECUTE FUNCTION survey_reply_is_frozen()",
    "CREATE FUNCTION survey_reply_stays_once_published() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (SELECT s.state FROM survey s WHERE s.id = OLD.survey_id) = 'published' THEN RAISE EXCEPTION 'frozen: results rest on this answer' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER survey_reply_stays_once_published BEFORE DELETE ON survey_reply FOR EACH ROW EXECUTE FUNCTION survey_reply_stays_once_published()",
)
SQLITE_DROPS = (
    "DROP TRIGGER survey_reply_stays_once_published",
    "DROP TRIGGER survey_reply_is_frozen",
    "DROP TRIGGER survey_reply_comes_while_offered",
    "DROP TRIGGER survey_sheet_stays_once_published",
    "DROP TRIGGER survey_sheet_is_frozen",
    "DROP TRIGGER survey_sheet_gets_no_name",
    "DROP TRIGGER survey_sheet_is_nameless",
    "DROP TRIGGER survey_sheet_comes_while_offered",
    "DROP TRIGGER survey_participation_is_frozen",
    "DROP TRIGGER survey_correction_never_goes",
    "DROP TRIGGER survey_correction_never_changes",
    "DROP TRIGGER survey_never_goes_once_offered",
    "DROP TRIGGER survey_content_is_frozen",
    "DROP TRIGGER survey_state_steps",
    "DROP TRIGGER survey_is_frozen",
)
POSTGRESQL_DROPS = (
    "DROP TRIGGER survey_reply_stays_once_published ON survey_reply",
    "DROP FUNCTION survey_reply_stays_once_published()",
    "DROP TRIGGER survey_reply_is_frozen ON survey_reply",
    "DROP FUNCTION survey_reply_is_frozen()",
    "DROP TRIGGER survey_reply_comes_while_offered ON survey_reply",
    "DROP FUNCTION survey_reply_comes_while_offered()",
    "DROP TRIGGER survey_sheet_stays_once_published ON survey_sheet",
    "DROP FUNCTION survey_sheet_stays_once_published()",
    "DROP TRIGGER survey_sheet_is_frozen ON survey_sheet",
    "DROP FUNCTION survey_sheet_is_frozen()",
    "DROP TRIGGER survey_sheet_gets_no_name ON survey_sheet",
    "DROP FUNCTION survey_sheet_gets_no_name()",
    "DROP TRIGGER survey_sheet_is_nameless ON survey_sheet",
    "DROP FUNCTION survey_sheet_is_nameless()",
    "DROP TRIGGER survey_sheet_comes_while_offered ON survey_sheet",
    "DROP FUNCTION survey_sheet_comes_while_offered()",
    "DROP TRIGGER survey_participation_is_frozen ON survey_participation",
    "DROP FUNCTION survey_participation_is_frozen()",
    "DROP TRIGGER survey_correction_never_goes ON survey_correction",
    "DROP FUNCTION survey_correction_never_goes()",
    "DROP TRIGGER survey_correction_never_changes ON survey_correction",
    "DROP FUNCTION survey_correction_never_changes()",
    "DROP TRIGGER survey_never_goes_once_offered ON survey",
    "DROP FUNCTION survey_never_goes_once_offered()",
    "DROP TRIGGER survey_content_is_frozen ON survey",
    "DROP FUNCTION survey_content_is_frozen()",
    "DROP TRIGGER survey_state_steps ON survey",
    "DROP FUNCTION survey_state_steps()",
    "DROP TRIGGER survey_is_frozen ON survey",
    "DROP FUNCTION survey_is_frozen()",
)


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    op.create_table(
        "survey",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("is_anonymous", sa.Boolean(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'published') = (published_at IS NOT NULL)", name=op.f("ck_survey_published")
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'offered', 'published')", name=op.f("ck_survey_state")
        ),
        sa.CheckConstraint("number > 0", name=op.f("ck_survey_number")),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name=op.f("fk_survey_created_by")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "consultation_id"],
            ["consultation.tenant_id", "consultation.id"],
            name=op.f("fk_survey_tenant_id_consultation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["municipality.id"], name=op.f("fk_survey_tenant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey")),
        sa.UniqueConstraint(
            "tenant_id",
            "consultation_id",
            "number",
            name=op.f("uq_survey_tenant_id_consultation_id_number"),
        ),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_survey_tenant_id_id")),
    )
    op.create_table(
        "survey_participation",
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("idem_hash", sa.Text(), nullable=False),
        sa.Column("former_address", sa.Text(), nullable=True),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_survey_participation_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "survey_id"],
            ["survey.tenant_id", "survey.id"],
            name=op.f("fk_survey_participation_tenant_id_survey_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["municipality.id"], name=op.f("fk_survey_participation_tenant_id")
        ),
        sa.PrimaryKeyConstraint("survey_id", "person_id", name=op.f("pk_survey_participation")),
    )
    op.create_table(
        "survey_sheet",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("batch", sa.Integer(), nullable=True),
        sa.Column("paper_no", sa.Integer(), nullable=True),
        sa.Column("entered_by", sa.Integer(), nullable=True),
        sa.Column("entered_on", sa.Date(), nullable=True),
        sa.Column("idem_hash", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(channel = 'paper') = (batch IS NOT NULL) AND (batch IS NULL) = (paper_no IS NULL) AND (batch IS NULL) = (entered_by IS NULL) AND (batch IS NULL) = (entered_on IS NULL) AND (batch IS NULL) = (idem_hash IS NULL)",
            name=op.f("ck_survey_sheet_paper"),
        ),
        sa.CheckConstraint(
            "channel = 'web' OR person_id IS NULL", name=op.f("ck_survey_sheet_person")
        ),
        sa.CheckConstraint("channel IN ('web', 'paper')", name=op.f("ck_survey_sheet_channel")),
        sa.ForeignKeyConstraint(
            ["entered_by"], ["person.id"], name=op.f("fk_survey_sheet_entered_by")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_survey_sheet_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "survey_id"],
            ["survey.tenant_id", "survey.id"],
            name=op.f("fk_survey_sheet_tenant_id_survey_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["municipality.id"], name=op.f("fk_survey_sheet_tenant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_sheet")),
        sa.UniqueConstraint(
            "survey_id", "batch", "paper_no", name=op.f("uq_survey_sheet_survey_id_batch_paper_no")
        ),
        sa.UniqueConstraint(
            "survey_id", "idem_hash", name=op.f("uq_survey_sheet_survey_id_idem_hash")
        ),
        sa.UniqueConstraint(
            "survey_id", "person_id", name=op.f("uq_survey_sheet_survey_id_person_id")
        ),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_survey_sheet_tenant_id_id")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "survey_reply",
        sa.Column("sheet_id", sa.Text(), nullable=False),
        sa.Column("question_no", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("chosen", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("text_state", sa.Text(), nullable=True),
        sa.CheckConstraint("(body = '') <> (chosen = '')", name=op.f("ck_survey_reply_said")),
        sa.CheckConstraint(
            "(body = '') = (text_state IS NULL)", name=op.f("ck_survey_reply_text_has_state")
        ),
        sa.CheckConstraint(
            "text_state IN ('waiting', 'shown', 'hidden')", name=op.f("ck_survey_reply_text_state")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "sheet_id"],
            ["survey_sheet.tenant_id", "survey_sheet.id"],
            name=op.f("fk_survey_reply_tenant_id_sheet_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "survey_id"],
            ["survey.tenant_id", "survey.id"],
            name=op.f("fk_survey_reply_tenant_id_survey_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["municipality.id"], name=op.f("fk_survey_reply_tenant_id")
        ),
        sa.PrimaryKeyConstraint("sheet_id", "question_no", name=op.f("pk_survey_reply")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "survey_correction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("former", sa.Text(), nullable=False),
        sa.Column("present", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("corrected_by", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("length(reason) >= 10", name=op.f("ck_survey_correction_reasoned")),
        sa.ForeignKeyConstraint(
            ["corrected_by"], ["person.id"], name=op.f("fk_survey_correction_corrected_by")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "survey_id"],
            ["survey.tenant_id", "survey.id"],
            name=op.f("fk_survey_correction_tenant_id_survey_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["municipality.id"], name=op.f("fk_survey_correction_tenant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_correction")),
    )
    op.create_index(op.f("ix_survey_tenant_id"), "survey", ["tenant_id"], unique=False)
    op.create_index(
        op.f("ix_survey_participation_tenant_id"),
        "survey_participation",
        ["tenant_id"],
        unique=False,
    )
    op.create_index(
        "ix_survey_sheet_survey",
        "survey_sheet",
        ["tenant_id", "survey_id", "channel"],
        unique=False,
    )
    op.create_index(
        "ix_survey_reply_question",
        "survey_reply",
        ["survey_id", "question_no", "text_state"],
        unique=False,
    )
    op.create_index(
        "ix_survey_correction_survey", "survey_correction", ["tenant_id", "survey_id"], unique=False
    )
    op.create_index(
        op.f("ix_survey_correction_tenant_id"), "survey_correction", ["tenant_id"], unique=False
    )
    for statement in SQLITE_GUARDS if sqlite else POSTGRESQL_GUARDS:
        op.execute(statement)


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in SQLITE_DROPS if sqlite else POSTGRESQL_DROPS:
        op.execute(statement)
    op.drop_table("survey_correction")
    op.drop_table("survey_reply")
    op.drop_table("survey_sheet")
    op.drop_table("survey_participation")
    op.drop_table("survey")
