"""Registers: requests for a consultation, council initiatives, petitions."""

from datetime import date

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

# Guards, written out: a migration never imports the application.
SQLITE_GUARDS = (
    "CREATE TRIGGER register_entry_is_frozen BEFORE UPDATE ON register_entry FOR EACH ROW WHEN (TRUE) AND (OLD.tenant_id IS NOT NEW.tenant_id OR OLD.register IS NOT NEW.register OR OLD.created_at IS NOT NEW.created_at) BEGIN SELECT RAISE(ABORT, 'frozen: register_entry can no longer be changed'); END",
    "CREATE TRIGGER register_entry_state_steps BEFORE UPDATE OF state ON register_entry FOR EACH ROW WHEN OLD.state <> NEW.state AND NOT ((OLD.state = 'draft' AND NEW.state IN ('gathering', 'withdrawn')) OR (OLD.state = 'gathering' AND NEW.state IN ('submitted', 'withdrawn', 'lapsed')) OR (OLD.state = 'submitted' AND NEW.state IN ('agreed', 'partly', 'refused', 'forwarded', 'left', 'withdrawn'))) BEGIN SELECT RAISE(ABORT, 'transition: no such step of register_entry.state'); END",
    "CREATE TRIGGER register_entry_keeps_its_number BEFORE UPDATE OF number ON register_entry FOR EACH ROW WHEN OLD.number IS NOT NULL AND OLD.number IS NOT NEW.number BEGIN SELECT RAISE(ABORT, 'published: an entry keeps its number'); END",
    "CREATE TRIGGER register_entry_stays_published BEFORE UPDATE OF published_at ON register_entry FOR EACH ROW WHEN OLD.published_at IS NOT NULL AND OLD.published_at IS NOT NEW.published_at BEGIN SELECT RAISE(ABORT, 'published: an entry of a public register stays in it'); END",
    "CREATE TRIGGER register_entry_stays BEFORE DELETE ON register_entry FOR EACH ROW WHEN OLD.number IS NOT NULL BEGIN SELECT RAISE(ABORT, 'published: an entry of a register is never removed'); END",
    "CREATE TRIGGER register_paper_count_never_changes BEFORE UPDATE ON register_paper_count FOR EACH ROW WHEN TRUE BEGIN SELECT RAISE(ABORT, 'append_only: register_paper_count rows are never changed'); END",
    "CREATE TRIGGER register_paper_count_never_goes BEFORE DELETE ON register_paper_count FOR EACH ROW WHEN TRUE BEGIN SELECT RAISE(ABORT, 'append_only: register_paper_count rows are never removed'); END",
)
POSTGRESQL_GUARDS = (
    "CREATE FUNCTION register_entry_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (TRUE) AND (OLD.tenant_id IS DISTINCT FROM NEW.tenant_id OR OLD.register IS DISTINCT FROM NEW.register OR OLD.created_at IS DISTINCT FROM NEW.created_at) THEN RAISE EXCEPTION 'frozen: register_entry can no longer be changed' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER register_entry_is_frozen BEFORE UPDATE ON register_entry FOR EACH ROW EXECUTE FUNCTION register_entry_is_frozen()",
    "CREATE FUNCTION register_entry_state_steps() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF OLD.state <> NEW.state AND NOT ((OLD.state = 'draft' AND NEW.state IN ('gathering', 'withdrawn')) OR (OLD.state = 'gathering' AND NEW.state IN ('submitted', 'withdrawn', 'lapsed')) OR (OLD.state = 'submitted' AND NEW.state IN ('agreed', 'partly', 'refused', 'forwarded', 'left', 'withdrawn'))) THEN RAISE EXCEPTION 'transition: no such step of register_entry.state' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER register_entry_state_steps BEFORE UPDATE OF state ON register_entry FOR EACH ROW EXECUTE FUNCTION register_entry_state_steps()",
    "CREATE FUNCTION register_entry_keeps_its_number() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF OLD.number IS NOT NULL AND OLD.number IS DISTINCT FROM NEW.number THEN RAISE EXCEPTION 'published: an entry keeps its number' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER register_entry_keeps_its_number BEFORE UPDATE OF number ON register_entry FOR EACH ROW EXECUTE FUNCTION register_entry_keeps_its_number()",
    "CREATE FUNCTION register_entry_stays_published() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF OLD.published_at IS NOT NULL AND OLD.published_at IS DISTINCT FROM NEW.published_at THEN RAISE EXCEPTION 'published: an entry of a public register stays in it' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER register_entry_stays_published BEFORE UPDATE OF published_at ON register_entry FOR EACH ROW EXECUTE FUNCTION register_entry_stays_published()",
    "CREATE FUNCTION register_entry_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF OLD.number IS NOT NULL THEN RAISE EXCEPTION 'published: an entry of a register is never removed' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER register_entry_stays BEFORE DELETE ON register_entry FOR EACH ROW EXECUTE FUNCTION register_entry_stays()",
    "CREATE FUNCTION register_paper_count_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TRUE THEN RAISE EXCEPTION 'append_only: register_paper_count rows are never changed' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER register_paper_count_never_changes BEFORE UPDATE ON register_paper_count FOR EACH ROW EXECUTE FUNCTION register_paper_count_never_changes()",
    "CREATE FUNCTION register_paper_count_never_goes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TRUE THEN RAISE EXCEPTION 'append_only: register_paper_count rows are never removed' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER register_paper_count_never_goes BEFORE DELETE ON register_paper_count FOR EACH ROW EXECUTE FUNCTION register_paper_count_never_goes()",
)
SQLITE_DROPS = (
    "DROP TRIGGER register_paper_count_never_goes",
    "DROP TRIGGER register_paper_count_never_changes",
    "DROP TRIGGER register_entry_stays",
    "DROP TRIGGER register_entry_stays_published",
    "DROP TRIGGER register_entry_keeps_its_number",
    "DROP TRIGGER register_entry_state_steps",
    "DROP TRIGGER register_entry_is_frozen",
)
POSTGRESQL_DROPS = (
    "DROP TRIGGER register_paper_count_never_goes ON register_paper_count",
    "DROP FUNCTION register_paper_count_never_goes()",
    "DROP TRIGGER register_paper_count_never_changes ON register_paper_count",
    "DROP FUNCTION register_paper_count_never_changes()",
    "DROP TRIGGER register_entry_stays ON register_entry",
    "DROP FUNCTION register_entry_stays()",
    "DROP TRIGGER register_entry_stays_published ON register_entry",
    "DROP FUNCTION register_entry_stays_published()",
    "DROP TRIGGER register_entry_keeps_its_number ON register_entry",
    "DROP FUNCTION register_entry_keeps_its_number()",
    "DROP TRIGGER register_entry_state_steps ON register_entry",
    "DROP FUNCTION register_entry_state_steps()",
    "DROP TRIGGER register_entry_is_frozen ON register_entry",
    "DROP FUNCTION register_entry_is_frozen()",
)

# Numbers with where they come from; whether each was compared with its source. We say them from
# this day on. A municipality sets its own numbers for requests.
SINCE = date(2024, 1, 1)
COMMUNE = "ustawa o samorządzie gminnym, art. 41a"
COUNTY = "ustawa o samorządzie powiatowym, art. 42a"
PETITIONS = "ustawa o petycjach z 11 lipca 2014 r."
RULES = (
    ("initiative.gmina.5000", "100", "podpisy", f"{COMMUNE} (próg ludności niesprawdzony)"),
    ("initiative.gmina.20000", "200", "podpisy", f"{COMMUNE} (niesprawdzone)"),
    ("initiative.gmina.above", "300", "podpisy", f"{COMMUNE} (próg ludności niesprawdzony)"),
    ("initiative.county.100000", "300", "podpisy", f"{COUNTY} (niesprawdzone)"),
    ("initiative.county.above", "500", "podpisy", f"{COUNTY} (niesprawdzone)"),
    ("initiative.months", "3", "miesiące", f"{COMMUNE} (niesprawdzone)"),
    ("petition.months", "3", "miesiące", f"{PETITIONS}, art. 10 (niesprawdzone)"),
    ("petition.extension_months", "3", "miesiące", f"{PETITIONS}, art. 10 (niesprawdzone)"),
    ("petition.summary_by", "06-30", "dzień roku", f"{PETITIONS}, art. 14 (niesprawdzone)"),
)


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    op.create_table(
        "register_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("register", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("author_name", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("content_state", sa.Text(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=True),
        sa.Column("supports", sa.Integer(), nullable=False),
        sa.Column("paper", sa.Integer(), nullable=False),
        sa.Column("needed", sa.Integer(), nullable=True),
        sa.Column("gathering_until", sa.Date(), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("due_verified", sa.Boolean(), nullable=False),
        sa.Column("extended_from", sa.Date(), nullable=True),
        sa.Column("extension_reason", sa.Text(), nullable=False),
        sa.Column("joined_id", sa.Integer(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("forwarded_to", sa.Text(), nullable=False),
        sa.Column("closing_reason", sa.Text(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=True),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("form_key", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "content_state IN ('visible', 'held', 'collapsed', 'hidden', 'removed', 'erased', 'archived')",
            name=op.f("ck_register_entry_content_state"),
        ),
        sa.CheckConstraint(
            "register IN ('consultation_request', 'council_initiative', 'petition')",
            name=op.f("ck_register_entry_register"),
        ),
        sa.CheckConstraint(
            "state = 'draft' OR number IS NOT NULL", name=op.f("ck_register_entry_has_number")
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'gathering', 'submitted', 'agreed', 'partly', 'refused', 'forwarded', 'left', 'withdrawn', 'lapsed')",
            name=op.f("ck_register_entry_state"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('agreed', 'partly', 'refused', 'forwarded', 'left') OR length(answer) > 0",
            name=op.f("ck_register_entry_answered"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('agreed', 'partly', 'refused', 'forwarded', 'left', 'withdrawn', 'lapsed') OR closed_at IS NOT NULL",
            name=op.f("ck_register_entry_closed"),
        ),
        sa.CheckConstraint(
            "(number IS NULL) = (year IS NULL)", name=op.f("ck_register_entry_numbered")
        ),
        sa.CheckConstraint("joined_id <> id", name=op.f("ck_register_entry_joined")),
        sa.CheckConstraint("needed > 0", name=op.f("ck_register_entry_needed")),
        sa.CheckConstraint("paper >= 0", name=op.f("ck_register_entry_paper")),
        sa.CheckConstraint(
            "published_at IS NULL OR length(text) > 0", name=op.f("ck_register_entry_published")
        ),
        sa.CheckConstraint("supports >= 0", name=op.f("ck_register_entry_supports")),
        sa.ForeignKeyConstraint(
            ["author_id"], ["person.id"], name=op.f("fk_register_entry_author_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "area_id"],
            ["area.tenant_id", "area.id"],
            name=op.f("fk_register_entry_tenant_id_area_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "consultation_id"],
            ["consultation.tenant_id", "consultation.id"],
            name=op.f("fk_register_entry_tenant_id_consultation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "joined_id"],
            ["register_entry.tenant_id", "register_entry.id"],
            name=op.f("fk_register_entry_tenant_id_joined_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["municipality.id"], name=op.f("fk_register_entry_tenant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_entry")),
        sa.UniqueConstraint(
            "tenant_id",
            "author_id",
            "form_key",
            name=op.f("uq_register_entry_tenant_id_author_id_form_key"),
        ),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_register_entry_tenant_id_id")),
        sa.UniqueConstraint(
            "tenant_id",
            "register",
            "year",
            "number",
            name=op.f("uq_register_entry_tenant_id_register_year_number"),
        ),
    )
    op.create_index(
        op.f("ix_register_entry_author_id"), "register_entry", ["author_id"], unique=False
    )
    op.create_index(
        "ix_register_entry_due", "register_entry", ["tenant_id", "state", "due_on"], unique=False
    )
    op.create_index(
        "ix_register_entry_list",
        "register_entry",
        ["tenant_id", "register", "published_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_register_entry_tenant_id"), "register_entry", ["tenant_id"], unique=False
    )
    op.create_table(
        "register_original",
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("name_is_public", sa.Boolean(), nullable=False),
        sa.Column("passages", sa.Text(), nullable=True),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "entry_id"],
            ["register_entry.tenant_id", "register_entry.id"],
            name=op.f("fk_register_original_tenant_id_entry_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["municipality.id"], name=op.f("fk_register_original_tenant_id")
        ),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_register_original")),
    )
    op.create_index(
        op.f("ix_register_original_tenant_id"), "register_original", ["tenant_id"], unique=False
    )
    op.create_table(
        "register_paper_count",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("signatures", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("counted_by", sa.Integer(), nullable=True),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("signatures >= 0", name=op.f("ck_register_paper_count_signatures")),
        sa.ForeignKeyConstraint(
            ["counted_by"], ["person.id"], name=op.f("fk_register_paper_count_counted_by")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "entry_id"],
            ["register_entry.tenant_id", "register_entry.id"],
            name=op.f("fk_register_paper_count_tenant_id_entry_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["municipality.id"], name=op.f("fk_register_paper_count_tenant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_paper_count")),
    )
    op.create_index(
        op.f("ix_register_paper_count_entry_id"), "register_paper_count", ["entry_id"], unique=False
    )
    op.create_index(
        op.f("ix_register_paper_count_tenant_id"),
        "register_paper_count",
        ["tenant_id"],
        unique=False,
    )
    op.create_table(
        "register_support",
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_register_support_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "entry_id"],
            ["register_entry.tenant_id", "register_entry.id"],
            name=op.f("fk_register_support_tenant_id_entry_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["municipality.id"], name=op.f("fk_register_support_tenant_id")
        ),
        sa.PrimaryKeyConstraint("entry_id", "person_id", name=op.f("pk_register_support")),
    )
    op.create_index(
        "ix_register_support_person", "register_support", ["person_id", "given_at"], unique=False
    )
    op.create_index(
        op.f("ix_register_support_tenant_id"), "register_support", ["tenant_id"], unique=False
    )
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
                "key": f"petitions.{key}",
                "value": value,
                "unit": unit,
                "source": source,
                "verified": False,
                "valid_from": SINCE,
            }
            for key, value, unit, source in RULES
        ],
    )


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    op.execute("DELETE FROM legal_rule WHERE key LIKE 'petitions.%'")
    for statement in SQLITE_DROPS if sqlite else POSTGRESQL_DROPS:
        op.execute(statement)
    op.drop_index(op.f("ix_register_support_tenant_id"), table_name="register_support")
    op.drop_index("ix_register_support_person", table_name="register_support")
    op.drop_table("register_support")
    op.drop_index(op.f("ix_register_paper_count_tenant_id"), table_name="register_paper_count")
    op.drop_index(op.f("ix_register_paper_count_entry_id"), table_name="register_paper_count")
    op.drop_table("register_paper_count")
    op.drop_index(op.f("ix_register_original_tenant_id"), table_name="register_original")
    op.drop_table("register_original")
    op.drop_index(op.f("ix_register_entry_tenant_id"), table_name="register_entry")
    op.drop_index("ix_register_entry_list", table_name="register_entry")
    op.drop_index("ix_register_entry_due", table_name="register_entry")
    op.drop_index(op.f("ix_register_entry_author_id"), table_name="register_entry")
    op.drop_table("register_entry")
