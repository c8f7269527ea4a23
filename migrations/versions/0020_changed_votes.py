"""Votes that their voters change: the leaf stays in the log, and nothing says what came after it."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

# Guards, written out: a migration never imports the application.
SQLITE_GUARDS = (
    "CREATE TRIGGER replaced_receipt_names_a_vote_that_is_there BEFORE INSERT ON replaced_receipt FOR EACH ROW WHEN NOT (EXISTS (SELECT 1 FROM poll p WHERE p.id = NEW.poll_id AND p.revote AND p.state IN ('sealed', 'receiving')) AND EXISTS (SELECT 1 FROM receipt r WHERE r.leaf = NEW.leaf AND r.poll_id = NEW.poll_id AND coalesce(r.batch, 0) = coalesce(NEW.batch, 0)) AND EXISTS (SELECT 1 FROM participation p WHERE p.tenant_id = NEW.tenant_id AND p.poll_id = NEW.poll_id AND p.idem_hash = NEW.idem_hash AND p.channel IN ('web', 'code'))) BEGIN SELECT RAISE(ABORT, 'closed: a vote is replaced while people vote, by rules that say so, on the web'); END",
    "CREATE TRIGGER replaced_receipt_is_frozen BEFORE UPDATE ON replaced_receipt FOR EACH ROW WHEN (TRUE) AND (OLD.leaf IS NOT NEW.leaf OR OLD.tenant_id IS NOT NEW.tenant_id OR OLD.poll_id IS NOT NEW.poll_id OR OLD.idem_hash IS NOT NEW.idem_hash) BEGIN SELECT RAISE(ABORT, 'frozen: replaced_receipt can no longer be changed'); END",
    "CREATE TRIGGER replaced_receipt_goes_only_at_the_count AFTER DELETE ON replaced_receipt FOR EACH ROW WHEN NOT EXISTS (SELECT 1 FROM poll p WHERE p.id = OLD.poll_id AND p.tenant_id = OLD.tenant_id AND (p.state = 'cancelled' OR (p.state = 'counted' AND NOT EXISTS (SELECT 1 FROM poll_result r WHERE r.poll_id = p.id)))) AND NOT (FALSE) BEGIN SELECT RAISE(ABORT, 'append_only: replaced_receipt rows go only when they are counted, or never will be'); END",
    "CREATE TRIGGER participation_changes_only_with_its_vote BEFORE UPDATE ON participation FOR EACH ROW WHEN OLD.tenant_id <> NEW.tenant_id OR OLD.poll_id <> NEW.poll_id OR OLD.person_key <> NEW.person_key OR OLD.channel <> NEW.channel OR OLD.idem_hash = NEW.idem_hash OR NOT (EXISTS (SELECT 1 FROM poll p WHERE p.id = OLD.poll_id AND p.revote AND p.state IN ('sealed', 'receiving')) AND EXISTS (SELECT 1 FROM replaced_receipt x WHERE x.poll_id = OLD.poll_id AND x.idem_hash = OLD.idem_hash)) OR EXISTS (SELECT 1 FROM replaced_receipt x WHERE x.poll_id = NEW.poll_id AND x.idem_hash = NEW.idem_hash) BEGIN SELECT RAISE(ABORT, 'append_only: a participation changes only with a vote that was replaced'); END",
    "CREATE TRIGGER ballot_goes_only_at_the_count AFTER DELETE ON ballot FOR EACH ROW WHEN NOT EXISTS (SELECT 1 FROM poll p WHERE p.id = OLD.poll_id AND p.tenant_id = OLD.tenant_id AND (p.state = 'cancelled' OR (p.state = 'counted' AND NOT EXISTS (SELECT 1 FROM poll_result r WHERE r.poll_id = p.id)))) AND NOT (((SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) = 'working_up' AND EXISTS (SELECT 1 FROM vote_verdict v JOIN vote_case c ON c.id = v.case_id WHERE c.poll_id = OLD.poll_id AND v.verdict = 'take_out' AND v.confirmed_by IS NOT NULL) AND NOT EXISTS (SELECT 1 FROM receipt r WHERE r.poll_id = OLD.poll_id AND r.link_tag = OLD.link_tag AND NOT r.taken_out)) OR (EXISTS (SELECT 1 FROM poll p WHERE p.id = OLD.poll_id AND p.revote AND p.state IN ('sealed', 'receiving')) AND NOT EXISTS (SELECT 1 FROM receipt r WHERE r.poll_id = OLD.poll_id AND r.link_tag = OLD.link_tag))) BEGIN SELECT RAISE(ABORT, 'append_only: ballot rows go only when they are counted, or never will be'); END",
    "CREATE TRIGGER receipt_goes_only_at_the_count AFTER DELETE ON receipt FOR EACH ROW WHEN NOT EXISTS (SELECT 1 FROM poll p WHERE p.id = OLD.poll_id AND p.tenant_id = OLD.tenant_id AND (p.state = 'cancelled' OR (p.state = 'counted' AND NOT EXISTS (SELECT 1 FROM poll_result r WHERE r.poll_id = p.id)))) AND NOT (((SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) = 'working_up' AND EXISTS (SELECT 1 FROM vote_verdict v JOIN vote_case c ON c.id = v.case_id WHERE c.poll_id = OLD.poll_id AND v.verdict = 'take_out' AND v.confirmed_by IS NOT NULL) AND OLD.batch IS NULL AND NOT OLD.taken_out AND (SELECT count(*) FROM receipt r WHERE r.poll_id = OLD.poll_id AND NOT r.taken_out) >= (SELECT count(*) FROM participation p WHERE p.poll_id = OLD.poll_id AND p.channel <> 'paper')) OR (EXISTS (SELECT 1 FROM poll p WHERE p.id = OLD.poll_id AND p.revote AND p.state IN ('sealed', 'receiving')) AND EXISTS (SELECT 1 FROM replaced_receipt x WHERE x.leaf = OLD.leaf AND x.poll_id = OLD.poll_id))) BEGIN SELECT RAISE(ABORT, 'append_only: receipt rows go only when they are counted, or never will be'); END",
)
SQLITE_DROPS = (
    "DROP TRIGGER receipt_goes_only_at_the_count",
    "DROP TRIGGER ballot_goes_only_at_the_count",
    "DROP TRIGGER participation_changes_only_with_its_vote",
    "DROP TRIGGER replaced_receipt_goes_only_at_the_count",
    "DROP TRIGGER replaced_receipt_is_frozen",
    "DROP TRIGGER replaced_receipt_names_a_vote_that_is_there",
)
FORMER_SQLITE_GUARDS = (
    "CREATE TRIGGER participation_never_changes BEFORE UPDATE ON participation FOR EACH ROW WHEN TRUE BEGIN SELECT RAISE(ABORT, 'append_only: participation rows are never changed'); END",
    "CREATE TRIGGER ballot_goes_only_at_the_count AFTER DELETE ON ballot FOR EACH ROW WHEN NOT EXISTS (SELECT 1 FROM poll p WHERE p.id = OLD.poll_id AND p.tenant_id = OLD.tenant_id AND (p.state = 'cancelled' OR (p.state = 'counted' AND NOT EXISTS (SELECT 1 FROM poll_result r WHERE r.poll_id = p.id)))) AND NOT ((SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) = 'working_up' AND EXISTS (SELECT 1 FROM vote_verdict v JOIN vote_case c ON c.id = v.case_id WHERE c.poll_id = OLD.poll_id AND v.verdict = 'take_out' AND v.confirmed_by IS NOT NULL) AND NOT EXISTS (SELECT 1 FROM receipt r WHERE r.poll_id = OLD.poll_id AND r.link_tag = OLD.link_tag AND NOT r.taken_out)) BEGIN SELECT RAISE(ABORT, 'append_only: ballot rows go only when they are counted, or never will be'); END",
    "CREATE TRIGGER receipt_goes_only_at_the_count AFTER DELETE ON receipt FOR EACH ROW WHEN NOT EXISTS (SELECT 1 FROM poll p WHERE p.id = OLD.poll_id AND p.tenant_id = OLD.tenant_id AND (p.state = 'cancelled' OR (p.state = 'counted' AND NOT EXISTS (SELECT 1 FROM poll_result r WHERE r.poll_id = p.id)))) AND NOT ((SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) = 'working_up' AND EXISTS (SELECT 1 FROM vote_verdict v JOIN vote_case c ON c.id = v.case_id WHERE c.poll_id = OLD.poll_id AND v.verdict = 'take_out' AND v.confirmed_by IS NOT NULL) AND OLD.batch IS NULL AND NOT OLD.taken_out AND (SELECT count(*) FROM receipt r WHERE r.poll_id = OLD.poll_id AND NOT r.taken_out) >= (SELECT count(*) FROM participation p WHERE p.poll_id = OLD.poll_id AND p.channel <> 'paper')) BEGIN SELECT RAISE(ABORT, 'append_only: receipt rows go only when they are counted, or never will be'); END",
)
FORMER_SQLITE_DROPS = (
    "DROP TRIGGER receipt_goes_only_at_the_count",
    "DROP TRIGGER ballot_goes_only_at_the_count",
    "DROP TRIGGER participation_never_changes",
)
POSTGRESQL_GUARDS = (
    "CREATE FUNCTION replaced_receipt_names_a_vote_that_is_there() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT (EXISTS (SELECT 1 FROM poll p WHERE p.id = NEW.poll_id AND p.revote AND p.state IN ('sealed', 'receiving')) AND EXISTS (SELECT 1 FROM receipt r WHERE r.leaf = NEW.leaf AND r.poll_id = NEW.poll_id AND coalesce(r.batch, 0) = coalesce(NEW.batch, 0)) AND EXISTS (SELECT 1 FROM participation p WHERE p.tenant_id = NEW.tenant_id AND p.poll_id = NEW.poll_id AND p.idem_hash = NEW.idem_hash AND p.channel IN ('web', 'code'))) THEN RAISE EXCEPTION 'closed: a vote is replaced while people vote, by rules that say so, on the web' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER replaced_receipt_names_a_vote_that_is_there BEFORE INSERT ON replaced_receipt FOR EACH ROW EXECUTE FUNCTION replaced_receipt_names_a_vote_that_is_there()",
    "CREATE FUNCTION replaced_receipt_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (TRUE) AND (OLD.leaf IS DISTINCT FROM NEW.leaf OR OLD.tenant_id IS DISTINCT FROM NEW.tenant_id OR OLD.poll_id IS DISTINCT FROM NEW.poll_id OR OLD.idem_hash IS DISTINCT FROM NEW.idem_hash) THEN RAISE EXCEPTION 'frozen: replaced_receipt can no longer be changed' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER replaced_receipt_is_frozen BEFORE UPDATE ON replaced_receipt FOR EACH ROW EXECUTE FUNCTION replaced_receipt_is_frozen()",
    "CREATE FUNCTION replaced_receipt_goes_only_at_the_count() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM gone WHERE NOT EXISTS (SELECT 1 FROM poll p WHERE p.id = gone.poll_id AND p.tenant_id = gone.tenant_id AND (p.state = 'cancelled' OR (p.state = 'counted' AND NOT EXISTS (SELECT 1 FROM poll_result r WHERE r.poll_id = p.id)))) AND NOT (FALSE)) THEN RAISE EXCEPTION 'append_only: replaced_receipt rows go only when they are counted, or never will be' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$",
    "CREATE TRIGGER replaced_receipt_goes_only_at_the_count AFTER DELETE ON replaced_receipt REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION replaced_receipt_goes_only_at_the_count()",
    "CREATE FUNCTION participation_changes_only_with_its_vote() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF OLD.tenant_id <> NEW.tenant_id OR OLD.poll_id <> NEW.poll_id OR OLD.person_key <> NEW.person_key OR OLD.channel <> NEW.channel OR OLD.idem_hash = NEW.idem_hash OR NOT (EXISTS (SELECT 1 FROM poll p WHERE p.id = OLD.poll_id AND p.revote AND p.state IN ('sealed', 'receiving')) AND EXISTS (SELECT 1 FROM replaced_receipt x WHERE x.poll_id = OLD.poll_id AND x.idem_hash = OLD.idem_hash)) OR EXISTS (SELECT 1 FROM replaced_receipt x WHERE x.poll_id = NEW.poll_id AND x.idem_hash = NEW.idem_hash) THEN RAISE EXCEPTION 'append_only: a participation changes only with a vote that was replaced' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER participation_changes_only_with_its_vote BEFORE UPDATE ON participation FOR EACH ROW EXECUTE FUNCTION participation_changes_only_with_its_vote()",
    "CREATE FUNCTION ballot_goes_only_at_the_count() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM gone WHERE NOT EXISTS (SELECT 1 FROM poll p WHERE p.id = gone.poll_id AND p.tenant_id = gone.tenant_id AND (p.state = 'cancelled' OR (p.state = 'counted' AND NOT EXISTS (SELECT 1 FROM poll_result r WHERE r.poll_id = p.id)))) AND NOT (((SELECT p.state FROM poll p WHERE p.id = gone.poll_id) = 'working_up' AND EXISTS (SELECT 1 FROM vote_verdict v JOIN vote_case c ON c.id = v.case_id WHERE c.poll_id = gone.poll_id AND v.verdict = 'take_out' AND v.confirmed_by IS NOT NULL) AND NOT EXISTS (SELECT 1 FROM receipt r WHERE r.poll_id = gone.poll_id AND r.link_tag = gone.link_tag AND NOT r.taken_out)) OR (EXISTS (SELECT 1 FROM poll p WHERE p.id = gone.poll_id AND p.revote AND p.state IN ('sealed', 'receiving')) AND NOT EXISTS (SELECT 1 FROM receipt r WHERE r.poll_id = gone.poll_id AND r.link_tag = gone.link_tag)))) THEN RAISE EXCEPTION 'append_only: ballot rows go only when they are counted, or never will be' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$",
    "CREATE TRIGGER ballot_goes_only_at_the_count AFTER DELETE ON ballot REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION ballot_goes_only_at_the_count()",
    "CREATE FUNCTION receipt_goes_only_at_the_count() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM gone WHERE NOT EXISTS (SELECT 1 FROM poll p WHERE p.id = gone.poll_id AND p.tenant_id = gone.tenant_id AND (p.state = 'cancelled' OR (p.state = 'counted' AND NOT EXISTS (SELECT 1 FROM poll_result r WHERE r.poll_id = p.id)))) AND NOT (((SELECT p.state FROM poll p WHERE p.id = gone.poll_id) = 'working_up' AND EXISTS (SELECT 1 FROM vote_verdict v JOIN vote_case c ON c.id = v.case_id WHERE c.poll_id = gone.poll_id AND v.verdict = 'take_out' AND v.confirmed_by IS NOT NULL) AND gone.batch IS NULL AND NOT gone.taken_out AND (SELECT count(*) FROM receipt r WHERE r.poll_id = gone.poll_id AND NOT r.taken_out) >= (SELECT count(*) FROM participation p WHERE p.poll_id = gone.poll_id AND p.channel <> 'paper')) OR (EXISTS (SELECT 1 FROM poll p WHERE p.id = gone.poll_id AND p.revote AND p.state IN ('sealed', 'receiving')) AND EXISTS (SELECT 1 FROM replaced_receipt x WHERE x.leaf = gone.leaf AND x.poll_id = gone.poll_id)))) THEN RAISE EXCEPTION 'append_only: receipt rows go only when they are counted, or never will be' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$",
    "CREATE TRIGGER receipt_goes_only_at_the_count AFTER DELETE ON receipt REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION receipt_goes_only_at_the_count()",
)
POSTGRESQL_DROPS = (
    "DROP TRIGGER receipt_goes_only_at_the_count ON receipt",
    "DROP FUNCTION receipt_goes_only_at_the_count()",
    "DROP TRIGGER ballot_goes_only_at_the_count ON ballot",
    "DROP FUNCTION ballot_goes_only_at_the_count()",
    "DROP TRIGGER participation_changes_only_with_its_vote ON participation",
    "DROP FUNCTION participation_changes_only_with_its_vote()",
    "DROP TRIGGER replaced_receipt_goes_only_at_the_count ON replaced_receipt",
    "DROP FUNCTION replaced_receipt_goes_only_at_the_count()",
    "DROP TRIGGER replaced_receipt_is_frozen ON replaced_receipt",
    "DROP FUNCTION replaced_receipt_is_frozen()",
    "DROP TRIGGER replaced_receipt_names_a_vote_that_is_there ON replaced_receipt",
    "DROP FUNCTION replaced_receipt_names_a_vote_that_is_there()",
)
FORMER_POSTGRESQL_GUARDS = (
    "CREATE FUNCTION participation_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TRUE THEN RAISE EXCEPTION 'append_only: participation rows are never changed' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER participation_never_changes BEFORE UPDATE ON participation FOR EACH ROW EXECUTE FUNCTION participation_never_changes()",
    "CREATE FUNCTION ballot_goes_only_at_the_count() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM gone WHERE NOT EXISTS (SELECT 1 FROM poll p WHERE p.id = gone.poll_id AND p.tenant_id = gone.tenant_id AND (p.state = 'cancelled' OR (p.state = 'counted' AND NOT EXISTS (SELECT 1 FROM poll_result r WHERE r.poll_id = p.id)))) AND NOT ((SELECT p.state FROM poll p WHERE p.id = gone.poll_id) = 'working_up' AND EXISTS (SELECT 1 FROM vote_verdict v JOIN vote_case c ON c.id = v.case_id WHERE c.poll_id = gone.poll_id AND v.verdict = 'take_out' AND v.confirmed_by IS NOT NULL) AND NOT EXISTS (SELECT 1 FROM receipt r WHERE r.poll_id = gone.poll_id AND r.link_tag = gone.link_tag AND NOT r.taken_out))) THEN RAISE EXCEPTION 'append_only: ballot rows go only when they are counted, or never will be' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$",
    "CREATE TRIGGER ballot_goes_only_at_the_count AFTER DELETE ON ballot REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION ballot_goes_only_at_the_count()",
    "CREATE FUNCTION receipt_goes_only_at_the_count() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM gone WHERE NOT EXISTS (SELECT 1 FROM poll p WHERE p.id = gone.poll_id AND p.tenant_id = gone.tenant_id AND (p.state = 'cancelled' OR (p.state = 'counted' AND NOT EXISTS (SELECT 1 FROM poll_result r WHERE r.poll_id = p.id)))) AND NOT ((SELECT p.state FROM poll p WHERE p.id = gone.poll_id) = 'working_up' AND EXISTS (SELECT 1 FROM vote_verdict v JOIN vote_case c ON c.id = v.case_id WHERE c.poll_id = gone.poll_id AND v.verdict = 'take_out' AND v.confirmed_by IS NOT NULL) AND gone.batch IS NULL AND NOT gone.taken_out AND (SELECT count(*) FROM receipt r WHERE r.poll_id = gone.poll_id AND NOT r.taken_out) >= (SELECT count(*) FROM participation p WHERE p.poll_id = gone.poll_id AND p.channel <> 'paper'))) THEN RAISE EXCEPTION 'append_only: receipt rows go only when they are counted, or never will be' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$",
    "CREATE TRIGGER receipt_goes_only_at_the_count AFTER DELETE ON receipt REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION receipt_goes_only_at_the_count()",
)
FORMER_POSTGRESQL_DROPS = (
    "DROP TRIGGER receipt_goes_only_at_the_count ON receipt",
    "DROP FUNCTION receipt_goes_only_at_the_count()",
    "DROP TRIGGER ballot_goes_only_at_the_count ON ballot",
    "DROP FUNCTION ballot_goes_only_at_the_count()",
    "DROP TRIGGER participation_never_changes ON participation",
    "DROP FUNCTION participation_never_changes()",
)


def upgrade() -> None:
    _run(FORMER_SQLITE_DROPS, FORMER_POSTGRESQL_DROPS)
    op.add_column(
        "receipt_final",
        sa.Column("replaced", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.add_column(
        "poll_result", sa.Column("replaced", sa.Integer(), nullable=False, server_default="0")
    )
    op.create_table(
        "replaced_receipt",
        sa.Column("leaf", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("idem_hash", sa.Text(), nullable=False),
        sa.Column("batch", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "poll_id"],
            ["poll.tenant_id", "poll.id"],
            name=op.f("fk_replaced_receipt_tenant_id_poll_id"),
        ),
        sa.PrimaryKeyConstraint("leaf", name=op.f("pk_replaced_receipt")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_replaced_receipt_once_a_form",
        "replaced_receipt",
        ["poll_id", "idem_hash"],
        unique=True,
    )
    _run(SQLITE_GUARDS, POSTGRESQL_GUARDS)


def downgrade() -> None:
    _refuse_what_has_no_place_before()
    _run(SQLITE_DROPS, POSTGRESQL_DROPS)
    op.drop_table("replaced_receipt")
    op.drop_column("poll_result", "replaced")
    op.drop_column("receipt_final", "replaced")
    _run(FORMER_SQLITE_GUARDS, FORMER_POSTGRESQL_GUARDS)


def _refuse_what_has_no_place_before() -> None:
    """The former program would count the leaves of changed votes as votes."""
    for changed in (
        "SELECT count(*) FROM poll WHERE revote AND state <> 'draft'",
        "SELECT count(*) FROM receipt_final WHERE replaced",
    ):
        if op.get_bind().scalar(sa.text(changed)):
            raise RuntimeError("There are votes that can be changed, which is not known before.")


def _run(sqlite: tuple[str, ...], postgresql: tuple[str, ...]) -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in sqlite if is_sqlite else postgresql:
        op.execute(sa.text(statement.replace(":", r"\:")))
