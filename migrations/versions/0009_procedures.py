"""Statutory procedures: dated rules, announcements, election silence, days of absence."""

from datetime import date

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

# Guards, written out: a migration never imports the application. A published consultation was
# frozen but for the law by which people are asked.
SQLITE_FORMER = (
    "CREATE TRIGGER consultation_is_frozen BEFORE UPDATE ON consultation FOR EACH ROW WHEN (OLD.state NOT IN ('draft', 'awaiting_approval')) AND (OLD.tenant_id IS NOT NEW.tenant_id OR OLD.template IS NOT NEW.template OR OLD.published_at IS NOT NEW.published_at) BEGIN SELECT RAISE(ABORT, 'frozen: consultation can no longer be changed'); END",
)
POSTGRESQL_FORMER = (
    "CREATE FUNCTION consultation_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (OLD.state NOT IN ('draft', 'awaiting_approval')) AND (OLD.tenant_id IS DISTINCT FROM NEW.tenant_id OR OLD.template IS DISTINCT FROM NEW.template OR OLD.published_at IS DISTINCT FROM NEW.published_at) THEN RAISE EXCEPTION 'frozen: consultation can no longer be changed' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER consultation_is_frozen BEFORE UPDATE ON consultation FOR EACH ROW EXECUTE FUNCTION consultation_is_frozen()",
)
SQLITE_FORMER_DROPS = ("DROP TRIGGER consultation_is_frozen",)
POSTGRESQL_FORMER_DROPS = (
    "DROP TRIGGER consultation_is_frozen ON consultation",
    "DROP FUNCTION consultation_is_frozen()",
)
SQLITE_GUARDS = (
    "CREATE TRIGGER consultation_is_frozen BEFORE UPDATE ON consultation FOR EACH ROW WHEN (OLD.state NOT IN ('draft', 'awaiting_approval')) AND (OLD.tenant_id IS NOT NEW.tenant_id OR OLD.template IS NOT NEW.template OR OLD.published_at IS NOT NEW.published_at OR OLD.procedure IS NOT NEW.procedure) BEGIN SELECT RAISE(ABORT, 'frozen: consultation can no longer be changed'); END",
    "CREATE TRIGGER announcement_never_goes BEFORE DELETE ON announcement FOR EACH ROW WHEN OLD.done_on IS NOT NULL BEGIN SELECT RAISE(ABORT, 'append_only: an announcement that was made is never removed'); END",
)
POSTGRESQL_GUARDS = (
    "CREATE FUNCTION consultation_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (OLD.state NOT IN ('draft', 'awaiting_approval')) AND (OLD.tenant_id IS DISTINCT FROM NEW.tenant_id OR OLD.template IS DISTINCT FROM NEW.template OR OLD.published_at IS DISTINCT FROM NEW.published_at OR OLD.procedure IS DISTINCT FROM NEW.procedure) THEN RAISE EXCEPTION 'frozen: consultation can no longer be changed' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER consultation_is_frozen BEFORE UPDATE ON consultation FOR EACH ROW EXECUTE FUNCTION consultation_is_frozen()",
    "CREATE FUNCTION announcement_never_goes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF OLD.done_on IS NOT NULL THEN RAISE EXCEPTION 'append_only: an announcement that was made is never removed' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER announcement_never_goes BEFORE DELETE ON announcement FOR EACH ROW EXECUTE FUNCTION announcement_never_goes()",
)
SQLITE_DROPS = (
    "DROP TRIGGER announcement_never_goes",
    "DROP TRIGGER consultation_is_frozen",
)
POSTGRESQL_DROPS = (
    "DROP TRIGGER announcement_never_goes ON announcement",
    "DROP FUNCTION announcement_never_goes()",
    "DROP TRIGGER consultation_is_frozen ON consultation",
    "DROP FUNCTION consultation_is_frozen()",
)

# Columns with their checks in words that both databases read: a table is not rebuilt for them, as
# SQLite would lose its guards. Dropped from the last, so that no check names what is gone.
COLUMNS = (
    (
        "consultation",
        "procedure",
        "TEXT DEFAULT 'general' NOT NULL CONSTRAINT ck_consultation_procedure CHECK (procedure IN ('general', 'spatial_plan', 'revitalisation', 'development_strategy', 'ngo_programme', 'ngo_local_law'))",
    ),
    ("consultation", "case_number", "TEXT DEFAULT '' NOT NULL"),
    ("consultation", "responsible_person", "TEXT DEFAULT '' NOT NULL"),
    ("consultation", "planned_forms", "TEXT DEFAULT '' NOT NULL"),
    ("consultation", "contents", "TEXT DEFAULT '' NOT NULL"),
    ("membership", "absent_from", "DATE"),
    (
        "membership",
        "absent_until",
        "DATE CONSTRAINT ck_membership_absence CHECK (absent_from <= absent_until)",
    ),
    ("municipality", "silence_from", "{moment}"),
    (
        "municipality",
        "silence_until",
        "{moment} CONSTRAINT ck_municipality_silence CHECK (silence_from < silence_until)",
    ),
    (
        "municipality",
        "silence_mode",
        "TEXT DEFAULT 'banner' NOT NULL CONSTRAINT ck_municipality_silence_mode CHECK (silence_mode IN ('banner', 'pre_moderation', 'read_only'))",
    ),
)
MOMENT = {"sqlite": "DATETIME", "postgresql": "TIMESTAMP WITH TIME ZONE"}

# The country's rules: key, value, unit, source, whether the number was compared with its source.
# We say them from this day on; what was announced before is not judged by them.
SINCE = date(2024, 1, 1)
PLANNING = "ustawa o planowaniu i zagospodarowaniu przestrzennym"
REVITALISATION = "ustawa o rewitalizacji, art. 6 (czytano tekst z 2020 r.)"
STRATEGY = "ustawa o zasadach prowadzenia polityki rozwoju, art. 6"
BENEFIT = "ustawa o działalności pożytku publicznego i o wolontariacie"
RULES = (
    ("spatial_plan.remarks.days", "28", "dni", f"{PLANNING}, rozdz. 1a", False),
    (
        "spatial_plan.forms",
        "remarks+open_meeting|expert_panel|workshop+outdoor_meeting|study_walk|survey|geo_survey|interview|consultation_point|designer_hours",
        "grupy form",
        f"{PLANNING}, art. 8i",
        True,
    ),
    (
        "spatial_plan.channels",
        "press+board+website_bip+customary",
        "miejsca",
        f"{PLANNING}, art. 8h",
        True,
    ),
    ("spatial_plan.who", "anyone", "osoby", f"{PLANNING}, art. 8e ust. 3", True),
    ("revitalisation.remarks.days", "30", "dni", REVITALISATION, False),
    ("revitalisation.notice.days", "7", "dni", REVITALISATION, False),
    ("revitalisation.forms.other", "2", "formy", REVITALISATION, False),
    ("development_strategy.remarks.days", "35", "dni", STRATEGY, False),
    ("development_strategy.report.days", "30", "dni", STRATEGY, False),
    ("ngo_programme.adopted_by", "11-30", "dzień roku", f"{BENEFIT}, art. 5a", True),
    ("ngo_programme.reported_by", "05-31", "dzień roku", f"{BENEFIT}, art. 5a", True),
    ("ngo_programme.contents", "11", "części", f"{BENEFIT}, art. 5a", True),
    ("ngo_programme.resolution", "council", "uchwała", f"{BENEFIT}, art. 5 ust. 5", True),
    ("ngo_local_law.resolution", "council", "uchwała", f"{BENEFIT}, art. 5 ust. 5", True),
)


def upgrade() -> None:
    dialect = op.get_bind().dialect.name
    sqlite = dialect == "sqlite"
    for table, column, definition in COLUMNS:
        kind = definition.format(moment=MOMENT[dialect])
        op.execute(f"ALTER TABLE {table} ADD COLUMN {column} {kind}")
    op.create_table(
        "announcement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("has_file", sa.Boolean(), nullable=False),
        sa.Column("ticked_by", sa.Integer(), nullable=True),
        sa.Column("ticked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "channel IN ('press', 'board', 'website_bip', 'customary', 'social', 'leaflet')",
            name=op.f("ck_announcement_channel"),
        ),
        sa.CheckConstraint(
            "planned_on IS NOT NULL OR done_on IS NOT NULL", name=op.f("ck_announcement_day")
        ),
        sa.CheckConstraint(
            "(done_on IS NULL) = (ticked_at IS NULL)", name=op.f("ck_announcement_ticked")
        ),
        sa.CheckConstraint(
            "done_on IS NULL OR length(words) > 0 OR length(url) > 0 OR has_file",
            name=op.f("ck_announcement_evidence"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "consultation_id"],
            ["consultation.tenant_id", "consultation.id"],
            name=op.f("fk_announcement_tenant_id_consultation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["ticked_by"], ["person.id"], name=op.f("fk_announcement_ticked_by")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["municipality.id"], name=op.f("fk_announcement_tenant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcement")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_announcement_tenant_id_id")),
        sa.UniqueConstraint(
            "tenant_id",
            "consultation_id",
            "channel",
            name=op.f("uq_announcement_tenant_id_consultation_id_channel"),
        ),
    )
    op.create_index(op.f("ix_announcement_tenant_id"), "announcement", ["tenant_id"], unique=False)
    for statement in SQLITE_FORMER_DROPS if sqlite else POSTGRESQL_FORMER_DROPS:
        op.execute(statement)
    for statement in SQLITE_GUARDS if sqlite else POSTGRESQL_GUARDS:
        op.execute(statement)
    legal_rule = sa.table(
        "legal_rule",
        sa.column("key", sa.Text()),
        sa.column("value", sa.Text()),
        sa.column("unit", sa.Text()),
        sa.column("source", sa.Text()),
        sa.column("verified", sa.Boolean()),
        sa.column("valid_from", sa.Date()),
    )
    op.bulk_insert(
        legal_rule,
        [
            {
                "key": f"procedure.{key}",
                "value": value,
                "unit": unit,
                "source": source,
                "verified": verified,
                "valid_from": SINCE,
            }
            for key, value, unit, source, verified in RULES
        ],
    )


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    op.execute("DELETE FROM legal_rule WHERE key LIKE 'procedure.%'")
    for statement in SQLITE_DROPS if sqlite else POSTGRESQL_DROPS:
        op.execute(statement)
    op.drop_table("announcement")
    for table, column, _ in reversed(COLUMNS):
        op.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
    for statement in SQLITE_FORMER if sqlite else POSTGRESQL_FORMER:
        op.execute(statement)
