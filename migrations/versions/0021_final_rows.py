"""Counted rows without foreign keys: the guard of their coming asks for municipality and poll.

Foreign keys are asked row by row, under the lock that holds up everybody: of 100,000 votes that
took more than a second. A sealed poll never goes, so what a row named at the count stays there.
Ballots and codes of one poll lie together, so that no index beside the key is needed either. What a vote writes has no hidden row numbers on
SQLite any more, which kept the order in which people came.
"""

from contextlib import AbstractContextManager

import sqlalchemy as sa
from alembic import op
from alembic.operations.base import BatchOperations

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

KEYS = {"ballot_final": "id", "receipt_final": "leaf"}  # unique within a poll
PERSONS = "participation_final"
# Guards, written out: a migration never imports the application. SQLite builds the tables anew.
SQLITE_GUARDS = (
    "CREATE TRIGGER eligibility_never_changes BEFORE UPDATE ON eligibility FOR EACH ROW WHEN TRUE BEGIN SELECT RAISE(ABORT, 'append_only: eligibility rows are never changed'); END",
    "CREATE TRIGGER eligibility_goes_with_the_persons BEFORE DELETE ON eligibility FOR EACH ROW WHEN (SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'cancelled' AND NOT EXISTS (SELECT 1 FROM poll_totals t WHERE t.poll_id = OLD.poll_id) BEGIN SELECT RAISE(ABORT, 'append_only: eligibility rows stay until the persons of a vote are forgotten'); END",
    "CREATE TRIGGER participation_comes_while_open BEFORE INSERT ON participation FOR EACH ROW WHEN (SELECT p.state FROM poll p WHERE p.id = NEW.poll_id) NOT IN ('sealed', 'receiving') AND NOT (NEW.channel = 'paper' AND (SELECT p.state FROM poll p WHERE p.id = NEW.poll_id) = 'working_up') BEGIN SELECT RAISE(ABORT, 'closed: no participation outside a receiving poll, but for posted cards'); END",
    "CREATE TRIGGER participation_goes_only_at_the_count AFTER DELETE ON participation FOR EACH ROW WHEN NOT EXISTS (SELECT 1 FROM poll p WHERE p.id = OLD.poll_id AND p.tenant_id = OLD.tenant_id AND (p.state = 'cancelled' OR (p.state = 'counted' AND NOT EXISTS (SELECT 1 FROM poll_result r WHERE r.poll_id = p.id)))) AND NOT ((SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) = 'working_up' AND EXISTS (SELECT 1 FROM vote_verdict v JOIN vote_case c ON c.id = v.case_id WHERE c.poll_id = OLD.poll_id AND v.verdict = 'take_out' AND v.confirmed_by IS NOT NULL AND c.person_key = OLD.person_key)) BEGIN SELECT RAISE(ABORT, 'append_only: participation rows go only when they are counted, or never will be'); END",
    "CREATE TRIGGER ballot_final_comes_only_at_the_count AFTER INSERT ON ballot_final FOR EACH ROW WHEN NOT EXISTS (SELECT 1 FROM poll p WHERE p.id = NEW.poll_id AND p.tenant_id = NEW.tenant_id AND (FALSE OR (p.state = 'counted' AND NOT EXISTS (SELECT 1 FROM poll_result r WHERE r.poll_id = p.id)))) BEGIN SELECT RAISE(ABORT, 'closed: ballot_final rows come only when they are counted'); END",
    "CREATE TRIGGER ballot_final_never_changes BEFORE UPDATE ON ballot_final FOR EACH ROW WHEN TRUE BEGIN SELECT RAISE(ABORT, 'append_only: ballot_final rows are never changed'); END",
    "CREATE TRIGGER ballot_final_never_goes BEFORE DELETE ON ballot_final FOR EACH ROW WHEN TRUE BEGIN SELECT RAISE(ABORT, 'append_only: ballot_final rows are never removed'); END",
    "CREATE TRIGGER receipt_final_comes_only_at_the_count AFTER INSERT ON receipt_final FOR EACH ROW WHEN NOT EXISTS (SELECT 1 FROM poll p WHERE p.id = NEW.poll_id AND p.tenant_id = NEW.tenant_id AND (FALSE OR (p.state = 'counted' AND NOT EXISTS (SELECT 1 FROM poll_result r WHERE r.poll_id = p.id)))) BEGIN SELECT RAISE(ABORT, 'closed: receipt_final rows come only when they are counted'); END",
    "CREATE TRIGGER receipt_final_never_changes BEFORE UPDATE ON receipt_final FOR EACH ROW WHEN TRUE BEGIN SELECT RAISE(ABORT, 'append_only: receipt_final rows are never changed'); END",
    "CREATE TRIGGER receipt_final_never_goes BEFORE DELETE ON receipt_final FOR EACH ROW WHEN TRUE BEGIN SELECT RAISE(ABORT, 'append_only: receipt_final rows are never removed'); END",
    "CREATE TRIGGER participation_final_comes_only_at_the_count AFTER INSERT ON participation_final FOR EACH ROW WHEN NOT EXISTS (SELECT 1 FROM poll p WHERE p.id = NEW.poll_id AND p.tenant_id = NEW.tenant_id AND (FALSE OR (p.state = 'counted' AND NOT EXISTS (SELECT 1 FROM poll_result r WHERE r.poll_id = p.id)))) BEGIN SELECT RAISE(ABORT, 'closed: participation_final rows come only when they are counted'); END",
    "CREATE TRIGGER participation_final_never_changes BEFORE UPDATE ON participation_final FOR EACH ROW WHEN TRUE BEGIN SELECT RAISE(ABORT, 'append_only: participation_final rows are never changed'); END",
    "CREATE TRIGGER participation_final_goes_with_the_persons BEFORE DELETE ON participation_final FOR EACH ROW WHEN (SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'cancelled' AND NOT EXISTS (SELECT 1 FROM poll_totals t WHERE t.poll_id = OLD.poll_id) BEGIN SELECT RAISE(ABORT, 'append_only: who took part stays until the persons of a vote are forgotten'); END",
    "CREATE TRIGGER participation_changes_only_with_its_vote BEFORE UPDATE ON participation FOR EACH ROW WHEN OLD.tenant_id <> NEW.tenant_id OR OLD.poll_id <> NEW.poll_id OR OLD.person_key <> NEW.person_key OR OLD.channel <> NEW.channel OR OLD.idem_hash = NEW.idem_hash OR NOT (EXISTS (SELECT 1 FROM poll p WHERE p.id = OLD.poll_id AND p.revote AND p.state IN ('sealed', 'receiving')) AND EXISTS (SELECT 1 FROM replaced_receipt x WHERE x.poll_id = OLD.poll_id AND x.idem_hash = OLD.idem_hash)) OR EXISTS (SELECT 1 FROM replaced_receipt x WHERE x.poll_id = NEW.poll_id AND x.idem_hash = NEW.idem_hash) BEGIN SELECT RAISE(ABORT, 'append_only: a participation changes only with a vote that was replaced'); END",
)


def upgrade() -> None:
    for table, column in KEYS.items():
        op.drop_index(f"ix_{table}_poll", table_name=table)
        with _rebuilt(table) as batch:
            batch.drop_constraint(op.f(f"fk_{table}_tenant_id_poll_id"), type_="foreignkey")
            batch.drop_constraint(op.f(f"pk_{table}"), type_="primary")
            batch.create_primary_key(op.f(f"pk_{table}"), ["poll_id", column])
    with _rebuilt(PERSONS) as batch:
        batch.drop_constraint(op.f(f"fk_{PERSONS}_tenant_id_poll_id"), type_="foreignkey")
        batch.drop_constraint(op.f(f"fk_{PERSONS}_tenant_id"), type_="foreignkey")
    _lay_out(with_rowid=False)
    _guard_again()


def downgrade() -> None:
    _lay_out(with_rowid=True)
    to_poll = ("poll", ["tenant_id", "poll_id"], ["tenant_id", "id"])
    for table, column in KEYS.items():
        with _rebuilt(table) as batch:
            batch.drop_constraint(op.f(f"pk_{table}"), type_="primary")
            batch.create_primary_key(op.f(f"pk_{table}"), [column])
            batch.create_foreign_key(op.f(f"fk_{table}_tenant_id_poll_id"), *to_poll)
        op.create_index(f"ix_{table}_poll", table, ["poll_id"])
    with _rebuilt(PERSONS) as batch:
        batch.create_foreign_key(op.f(f"fk_{PERSONS}_tenant_id_poll_id"), *to_poll)
        batch.create_foreign_key(
            op.f(f"fk_{PERSONS}_tenant_id"), "municipality", ["tenant_id"], ["id"]
        )
    _guard_again()


def _rebuilt(table: str) -> AbstractContextManager[BatchOperations]:
    return op.batch_alter_table(table, table_kwargs={"sqlite_with_rowid": False})


def _lay_out(*, with_rowid: bool) -> None:
    """Build what a vote writes anew on SQLite: without the tree that keeps the order of coming."""
    if op.get_bind().dialect.name != "sqlite":
        return
    op.execute("PRAGMA legacy_alter_table=ON")  # guards of other tables name these
    for table in ("participation", "eligibility"):
        kwargs = {"sqlite_with_rowid": with_rowid}
        with op.batch_alter_table(table, recreate="always", table_kwargs=kwargs):
            pass
    op.execute("PRAGMA legacy_alter_table=OFF")


def _guard_again() -> None:
    """Make the guards that went with the tables."""
    if op.get_bind().dialect.name == "sqlite":
        for statement in SQLITE_GUARDS:
            op.execute(sa.text(statement.replace(":", r"\:")))
