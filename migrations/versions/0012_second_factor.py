"""A second factor: an app's secret, codes for when it is lost, and which sign-in proved it."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

FORMER = "purpose IN ('sign_in', 'introduce', 'change_email')"
PURPOSES = "purpose IN ('sign_in', 'introduce', 'second_step', 'change_email')"

# Guards, written out: a migration never imports the application.
SQLITE_GUARDS = (
    "CREATE TRIGGER second_factor_step_grows BEFORE UPDATE OF last_step ON second_factor FOR EACH ROW WHEN OLD.confirmed_at = NEW.confirmed_at AND NEW.last_step <= OLD.last_step BEGIN SELECT RAISE(ABORT, 'frozen: a code that was used is never accepted again'); END",
    "CREATE TRIGGER recovery_code_is_frozen BEFORE UPDATE ON recovery_code FOR EACH ROW WHEN (OLD.used_at IS NOT NULL) AND (OLD.hash IS NOT NEW.hash OR OLD.person_id IS NOT NEW.person_id OR OLD.used_at IS NOT NEW.used_at) BEGIN SELECT RAISE(ABORT, 'frozen: recovery_code can no longer be changed'); END",
)
POSTGRESQL_GUARDS = (
    "CREATE FUNCTION second_factor_step_grows() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF OLD.confirmed_at = NEW.confirmed_at AND NEW.last_step <= OLD.last_step THEN RAISE EXCEPTION 'frozen: a code that was used is never accepted again' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER second_factor_step_grows BEFORE UPDATE OF last_step ON second_factor FOR EACH ROW EXECUTE FUNCTION second_factor_step_grows()",
    "CREATE FUNCTION recovery_code_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (OLD.used_at IS NOT NULL) AND (OLD.hash IS DISTINCT FROM NEW.hash OR OLD.person_id IS DISTINCT FROM NEW.person_id OR OLD.used_at IS DISTINCT FROM NEW.used_at) THEN RAISE EXCEPTION 'frozen: recovery_code can no longer be changed' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER recovery_code_is_frozen BEFORE UPDATE ON recovery_code FOR EACH ROW EXECUTE FUNCTION recovery_code_is_frozen()",
)
SQLITE_DROPS = (
    "DROP TRIGGER recovery_code_is_frozen",
    "DROP TRIGGER second_factor_step_grows",
)
POSTGRESQL_DROPS = (
    "DROP TRIGGER recovery_code_is_frozen ON recovery_code",
    "DROP FUNCTION recovery_code_is_frozen()",
    "DROP TRIGGER second_factor_step_grows ON second_factor",
    "DROP FUNCTION second_factor_step_grows()",
)


def upgrade() -> None:
    op.create_table(
        "second_factor",
        sa.Column("person_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_step", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_second_factor_person_id")
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_second_factor")),
    )
    op.create_table(
        "recovery_code",
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_recovery_code_person_id")
        ),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_recovery_code")),
    )
    op.create_index(op.f("ix_recovery_code_person_id"), "recovery_code", ["person_id"])
    op.add_column(
        "sign_in_session", sa.Column("second_factor_at", sa.DateTime(timezone=True), nullable=True)
    )
    _hold_purposes(PURPOSES)
    sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in SQLITE_GUARDS if sqlite else POSTGRESQL_GUARDS:
        op.execute(statement)


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in SQLITE_DROPS if sqlite else POSTGRESQL_DROPS:
        op.execute(statement)
    # Whoever stands between the two factors signs in anew: the former program knows one.
    op.execute("DELETE FROM email_token WHERE purpose = 'second_step'")
    _hold_purposes(FORMER)
    with op.batch_alter_table("sign_in_session") as batch:
        batch.drop_column("second_factor_at")
    op.drop_table("recovery_code")
    op.drop_table("second_factor")


def _hold_purposes(listed: str) -> None:
    name = op.f("ck_email_token_purpose")
    with op.batch_alter_table("email_token") as batch:
        batch.drop_constraint(name, type_="check")
        batch.create_check_constraint(name, listed)
