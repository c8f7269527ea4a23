"""Codes that are sent, decisions that are told, and the day on which a vote forgets its persons."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

# Guards, written out: a migration never imports the application.
SQLITE_GUARDS = (
    "CREATE TRIGGER eligibility_goes_with_the_persons BEFORE DELETE ON eligibility FOR EACH ROW WHEN (SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'cancelled' AND NOT EXISTS (SELECT 1 FROM poll_totals t WHERE t.poll_id = OLD.poll_id) BEGIN SELECT RAISE(ABORT, 'append_only: eligibility rows stay until the persons of a vote are forgotten'); END",
    "CREATE TRIGGER participation_final_goes_with_the_persons BEFORE DELETE ON participation_final FOR EACH ROW WHEN (SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'cancelled' AND NOT EXISTS (SELECT 1 FROM poll_totals t WHERE t.poll_id = OLD.poll_id) BEGIN SELECT RAISE(ABORT, 'append_only: who took part stays until the persons of a vote are forgotten'); END",
    "CREATE TRIGGER vote_case_goes_with_the_persons BEFORE DELETE ON vote_case FOR EACH ROW WHEN (SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'cancelled' AND NOT EXISTS (SELECT 1 FROM poll_totals t WHERE t.poll_id = OLD.poll_id) BEGIN SELECT RAISE(ABORT, 'append_only: a case stays until the persons of a vote are forgotten'); END",
    "CREATE TRIGGER vote_verdict_goes_with_the_persons BEFORE DELETE ON vote_verdict FOR EACH ROW WHEN (SELECT p.state FROM poll p WHERE p.id = (SELECT c.poll_id FROM vote_case c WHERE c.id = OLD.case_id)) <> 'cancelled' AND NOT EXISTS (SELECT 1 FROM poll_totals t WHERE t.poll_id = (SELECT c.poll_id FROM vote_case c WHERE c.id = OLD.case_id)) BEGIN SELECT RAISE(ABORT, 'append_only: a verdict stays until the persons of a vote are forgotten'); END",
    "CREATE TRIGGER voting_code_goes_with_the_persons BEFORE DELETE ON voting_code FOR EACH ROW WHEN (SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'cancelled' AND NOT EXISTS (SELECT 1 FROM poll_totals t WHERE t.poll_id = OLD.poll_id) BEGIN SELECT RAISE(ABORT, 'append_only: codes stay until the persons of a vote are forgotten'); END",
    "CREATE TRIGGER code_batch_is_frozen BEFORE UPDATE ON code_batch FOR EACH ROW WHEN (TRUE) AND (OLD.id IS NOT NEW.id OR OLD.tenant_id IS NOT NEW.tenant_id OR OLD.poll_id IS NOT NEW.poll_id OR OLD.no IS NOT NEW.no OR OLD.codes IS NOT NEW.codes OR OLD.ordered_by IS NOT NEW.ordered_by OR OLD.ordered_at IS NOT NEW.ordered_at OR OLD.list_hash IS NOT NEW.list_hash OR OLD.instead_of IS NOT NEW.instead_of) BEGIN SELECT RAISE(ABORT, 'frozen: code_batch can no longer be changed'); END",
    "CREATE TRIGGER code_batch_comes_instead_of_void_codes BEFORE INSERT ON code_batch FOR EACH ROW WHEN NEW.instead_of IS NOT NULL AND NEW.codes + (SELECT coalesce(sum(b.codes), 0) FROM code_batch b WHERE b.poll_id = NEW.poll_id AND b.instead_of = NEW.instead_of AND b.withdrawn_at IS NULL) > (SELECT count(*) FROM voting_code c JOIN code_batch b ON b.id = c.batch_id WHERE b.poll_id = NEW.poll_id AND b.no = NEW.instead_of AND c.state = 'void') BEGIN SELECT RAISE(ABORT, 'issued: in place of void codes come no more than there are'); END",
    "CREATE TRIGGER code_batch_is_printed_once_by_two BEFORE UPDATE OF printed_at ON code_batch FOR EACH ROW WHEN OLD.printed_at IS NOT NULL OR NEW.withdrawn_at IS NOT NULL OR NOT EXISTS (SELECT 1 FROM approval a WHERE a.tenant_id = NEW.tenant_id AND a.act = 'poll.codes' AND a.subject_kind = 'code_batch' AND a.subject_id = NEW.id AND a.approved AND a.asked_by <> a.decided_by) OR (NEW.list_hash IS NOT NULL AND NEW.codes <> (SELECT count(*) FROM code_addressee d WHERE d.batch_id = NEW.id)) BEGIN SELECT RAISE(ABORT, 'two_persons: codes are made once, after a second person agreed'); END",
    "CREATE TRIGGER code_batch_is_withdrawn_before_it_is_printed BEFORE UPDATE OF withdrawn_at ON code_batch FOR EACH ROW WHEN OLD.withdrawn_at IS NOT NULL OR OLD.printed_at IS NOT NULL BEGIN SELECT RAISE(ABORT, 'frozen: codes are withdrawn once, before they are made'); END",
    "CREATE TRIGGER code_addressee_comes_with_its_batch BEFORE INSERT ON code_addressee FOR EACH ROW WHEN NOT EXISTS (SELECT 1 FROM code_batch b WHERE b.id = NEW.batch_id AND b.list_hash IS NOT NULL AND b.printed_at IS NULL AND b.withdrawn_at IS NULL AND b.codes > (SELECT count(*) FROM code_addressee d WHERE d.batch_id = b.id)) BEGIN SELECT RAISE(ABORT, 'closed: addressees come with an order, as many as its codes'); END",
    "CREATE TRIGGER code_addressee_never_changes BEFORE UPDATE ON code_addressee FOR EACH ROW WHEN TRUE BEGIN SELECT RAISE(ABORT, 'frozen: an addressee stays as two persons saw it'); END",
    "CREATE TRIGGER code_holder_comes_before_the_end BEFORE INSERT ON code_holder FOR EACH ROW WHEN (SELECT p.state FROM poll p WHERE p.id = NEW.poll_id) NOT IN ('sealed', 'receiving', 'paused') BEGIN SELECT RAISE(ABORT, 'closed: codes are given between the sealing and the end'); END",
    "CREATE TRIGGER code_holder_only_forgets_its_batch BEFORE UPDATE ON code_holder FOR EACH ROW WHEN NEW.batch_id IS NOT NULL OR OLD.tenant_id <> NEW.tenant_id OR OLD.poll_id <> NEW.poll_id OR OLD.hash <> NEW.hash OR OLD.kind <> NEW.kind BEGIN SELECT RAISE(ABORT, 'frozen: who got a code is not changed; only the batch is forgotten'); END",
    "CREATE TRIGGER code_holder_stays_once_it_has_a_code BEFORE DELETE ON code_holder FOR EACH ROW WHEN OLD.batch_id IS NULL AND (SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'cancelled' AND NOT EXISTS (SELECT 1 FROM poll_totals t WHERE t.poll_id = OLD.poll_id) BEGIN SELECT RAISE(ABORT, 'append_only: one person, one code, until the persons of a vote are forgotten'); END",
    "CREATE TRIGGER decision_letter_follows_a_decision BEFORE INSERT ON decision_letter FOR EACH ROW WHEN NOT EXISTS (SELECT 1 FROM vote_case c WHERE c.id = NEW.case_id AND c.kind = 'suspicion') OR (SELECT p.state FROM vote_case c JOIN poll p ON p.id = c.poll_id WHERE c.id = NEW.case_id) <> 'working_up' OR NOT EXISTS (SELECT 1 FROM vote_verdict v WHERE v.case_id = NEW.case_id AND v.confirmed_by IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'closed: a letter of decision follows what two persons decided about a held vote'); END",
    "CREATE TRIGGER decision_letter_is_printed_once BEFORE UPDATE ON decision_letter FOR EACH ROW WHEN OLD.case_id <> NEW.case_id OR OLD.tenant_id <> NEW.tenant_id OR OLD.way <> NEW.way OR (OLD.written_at IS NOT NULL AND OLD.written_at IS NOT NEW.written_at) BEGIN SELECT RAISE(ABORT, 'frozen: a letter of decision is printed, and does not change'); END",
    "CREATE TRIGGER decision_letter_stays_until_the_count BEFORE DELETE ON decision_letter FOR EACH ROW WHEN (SELECT p.state FROM vote_case c JOIN poll p ON p.id = c.poll_id WHERE c.id = OLD.case_id) IN ('sealed', 'receiving', 'paused', 'working_up') BEGIN SELECT RAISE(ABORT, 'append_only: decision_letter rows stay until the votes are counted'); END",
    "CREATE TRIGGER poll_totals_come_after_the_protests BEFORE INSERT ON poll_totals FOR EACH ROW WHEN NOT EXISTS (SELECT 1 FROM poll p WHERE p.id = NEW.poll_id AND p.state IN ('published', 'annulled') AND coalesce(p.published_at, p.counted_at) <= datetime(CURRENT_TIMESTAMP, '-59 days')) BEGIN SELECT RAISE(ABORT, 'closed: the persons of a vote are forgotten 60 days after its result'); END",
    "CREATE TRIGGER poll_totals_never_changes BEFORE UPDATE ON poll_totals FOR EACH ROW WHEN TRUE BEGIN SELECT RAISE(ABORT, 'append_only: poll_totals rows are never changed'); END",
    "CREATE TRIGGER poll_totals_never_goes BEFORE DELETE ON poll_totals FOR EACH ROW WHEN TRUE BEGIN SELECT RAISE(ABORT, 'append_only: poll_totals rows are never removed'); END",
)
SQLITE_DROPS = (
    "DROP TRIGGER poll_totals_never_goes",
    "DROP TRIGGER poll_totals_never_changes",
    "DROP TRIGGER poll_totals_come_after_the_protests",
    "DROP TRIGGER decision_letter_stays_until_the_count",
    "DROP TRIGGER decision_letter_is_printed_once",
    "DROP TRIGGER decision_letter_follows_a_decision",
    "DROP TRIGGER code_holder_stays_once_it_has_a_code",
    "DROP TRIGGER code_holder_only_forgets_its_batch",
    "DROP TRIGGER code_holder_comes_before_the_end",
    "DROP TRIGGER code_addressee_never_changes",
    "DROP TRIGGER code_addressee_comes_with_its_batch",
    "DROP TRIGGER code_batch_is_withdrawn_before_it_is_printed",
    "DROP TRIGGER code_batch_is_printed_once_by_two",
    "DROP TRIGGER code_batch_comes_instead_of_void_codes",
    "DROP TRIGGER code_batch_is_frozen",
    "DROP TRIGGER voting_code_goes_with_the_persons",
    "DROP TRIGGER vote_verdict_goes_with_the_persons",
    "DROP TRIGGER vote_case_goes_with_the_persons",
    "DROP TRIGGER participation_final_goes_with_the_persons",
    "DROP TRIGGER eligibility_goes_with_the_persons",
)
FORMER_SQLITE_GUARDS = (
    "CREATE TRIGGER eligibility_goes_only_with_a_cancelled_poll BEFORE DELETE ON eligibility FOR EACH ROW WHEN (SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'cancelled' BEGIN SELECT RAISE(ABORT, 'append_only: eligibility rows go only when the poll is cancelled'); END",
    "CREATE TRIGGER participation_final_never_goes BEFORE DELETE ON participation_final FOR EACH ROW WHEN TRUE BEGIN SELECT RAISE(ABORT, 'append_only: participation_final rows are never removed'); END",
    "CREATE TRIGGER vote_case_goes_only_with_a_cancelled_poll BEFORE DELETE ON vote_case FOR EACH ROW WHEN (SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'cancelled' BEGIN SELECT RAISE(ABORT, 'append_only: a case stays on record'); END",
    "CREATE TRIGGER vote_verdict_never_goes BEFORE DELETE ON vote_verdict FOR EACH ROW WHEN (SELECT p.state FROM vote_case c JOIN poll p ON p.id = c.poll_id WHERE c.id = OLD.case_id) <> 'cancelled' BEGIN SELECT RAISE(ABORT, 'append_only: a verdict stays on record'); END",
    "CREATE TRIGGER voting_code_never_goes BEFORE DELETE ON voting_code FOR EACH ROW WHEN TRUE BEGIN SELECT RAISE(ABORT, 'append_only: codes stay on record'); END",
    "CREATE TRIGGER code_batch_is_frozen BEFORE UPDATE ON code_batch FOR EACH ROW WHEN (TRUE) AND (OLD.id IS NOT NEW.id OR OLD.tenant_id IS NOT NEW.tenant_id OR OLD.poll_id IS NOT NEW.poll_id OR OLD.no IS NOT NEW.no OR OLD.codes IS NOT NEW.codes OR OLD.ordered_by IS NOT NEW.ordered_by OR OLD.ordered_at IS NOT NEW.ordered_at) BEGIN SELECT RAISE(ABORT, 'frozen: code_batch can no longer be changed'); END",
    "CREATE TRIGGER code_batch_is_printed_once_by_two BEFORE UPDATE OF printed_at ON code_batch FOR EACH ROW WHEN OLD.printed_at IS NOT NULL OR NOT EXISTS (SELECT 1 FROM approval a WHERE a.tenant_id = NEW.tenant_id AND a.act = 'poll.codes' AND a.subject_kind = 'code_batch' AND a.subject_id = NEW.id AND a.approved AND a.asked_by <> a.decided_by) BEGIN SELECT RAISE(ABORT, 'two_persons: codes are made once, after a second person agreed'); END",
)
FORMER_SQLITE_DROPS = (
    "DROP TRIGGER code_batch_is_printed_once_by_two",
    "DROP TRIGGER code_batch_is_frozen",
    "DROP TRIGGER voting_code_never_goes",
    "DROP TRIGGER vote_verdict_never_goes",
    "DROP TRIGGER vote_case_goes_only_with_a_cancelled_poll",
    "DROP TRIGGER participation_final_never_goes",
    "DROP TRIGGER eligibility_goes_only_with_a_cancelled_poll",
)
POSTGRESQL_GUARDS = (
    "CREATE FUNCTION eligibility_goes_with_the_persons() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'cancelled' AND NOT EXISTS (SELECT 1 FROM poll_totals t WHERE t.poll_id = OLD.poll_id) THEN RAISE EXCEPTION 'append_only: eligibility rows stay until the persons of a vote are forgotten' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER eligibility_goes_with_the_persons BEFORE DELETE ON eligibility FOR EACH ROW EXECUTE FUNCTION eligibility_goes_with_the_persons()",
    "CREATE FUNCTION participation_final_goes_with_the_persons() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'cancelled' AND NOT EXISTS (SELECT 1 FROM poll_totals t WHERE t.poll_id = OLD.poll_id) THEN RAISE EXCEPTION 'append_only: who took part stays until the persons of a vote are forgotten' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER participation_final_goes_with_the_persons BEFORE DELETE ON participation_final FOR EACH ROW EXECUTE FUNCTION participation_final_goes_with_the_persons()",
    "CREATE FUNCTION vote_case_goes_with_the_persons() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'cancelled' AND NOT EXISTS (SELECT 1 FROM poll_totals t WHERE t.poll_id = OLD.poll_id) THEN RAISE EXCEPTION 'append_only: a case stays until the persons of a vote are forgotten' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER vote_case_goes_with_the_persons BEFORE DELETE ON vote_case FOR EACH ROW EXECUTE FUNCTION vote_case_goes_with_the_persons()",
    "CREATE FUNCTION vote_verdict_goes_with_the_persons() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (SELECT p.state FROM poll p WHERE p.id = (SELECT c.poll_id FROM vote_case c WHERE c.id = OLD.case_id)) <> 'cancelled' AND NOT EXISTS (SELECT 1 FROM poll_totals t WHERE t.poll_id = (SELECT c.poll_id FROM vote_case c WHERE c.id = OLD.case_id)) THEN RAISE EXCEPTION 'append_only: a verdict stays until the persons of a vote are forgotten' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER vote_verdict_goes_with_the_persons BEFORE DELETE ON vote_verdict FOR EACH ROW EXECUTE FUNCTION vote_verdict_goes_with_the_persons()",
    "CREATE FUNCTION voting_code_goes_with_the_persons() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'cancelled' AND NOT EXISTS (SELECT 1 FROM poll_totals t WHERE t.poll_id = OLD.poll_id) THEN RAISE EXCEPTION 'append_only: codes stay until the persons of a vote are forgotten' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER voting_code_goes_with_the_persons BEFORE DELETE ON voting_code FOR EACH ROW EXECUTE FUNCTION voting_code_goes_with_the_persons()",
    "CREATE FUNCTION code_batch_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (TRUE) AND (OLD.id IS DISTINCT FROM NEW.id OR OLD.tenant_id IS DISTINCT FROM NEW.tenant_id OR OLD.poll_id IS DISTINCT FROM NEW.poll_id OR OLD.no IS DISTINCT FROM NEW.no OR OLD.codes IS DISTINCT FROM NEW.codes OR OLD.ordered_by IS DISTINCT FROM NEW.ordered_by OR OLD.ordered_at IS DISTINCT FROM NEW.ordered_at OR OLD.list_hash IS DISTINCT FROM NEW.list_hash OR OLD.instead_of IS DISTINCT FROM NEW.instead_of) THEN RAISE EXCEPTION 'frozen: code_batch can no longer be changed' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER code_batch_is_frozen BEFORE UPDATE ON code_batch FOR EACH ROW EXECUTE FUNCTION code_batch_is_frozen()",
    "CREATE FUNCTION code_batch_comes_instead_of_void_codes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.instead_of IS NOT NULL AND NEW.codes + (SELECT coalesce(sum(b.codes), 0) FROM code_batch b WHERE b.poll_id = NEW.poll_id AND b.instead_of = NEW.instead_of AND b.withdrawn_at IS NULL) > (SELECT count(*) FROM voting_code c JOIN code_batch b ON b.id = c.batch_id WHERE b.poll_id = NEW.poll_id AND b.no = NEW.instead_of AND c.state = 'void') THEN RAISE EXCEPTION 'issued: in place of void codes come no more than there are' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER code_batch_comes_instead_of_void_codes BEFORE INSERT ON code_batch FOR EACH ROW EXECUTE FUNCTION code_batch_comes_instead_of_void_codes()",
    "CREATE FUNCTION code_batch_is_printed_once_by_two() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF OLD.printed_at IS NOT NULL OR NEW.withdrawn_at IS NOT NULL OR NOT EXISTS (SELECT 1 FROM approval a WHERE a.tenant_id = NEW.tenant_id AND a.act = 'poll.codes' AND a.subject_kind = 'code_batch' AND a.subject_id = NEW.id AND a.approved AND a.asked_by <> a.decided_by) OR (NEW.list_hash IS NOT NULL AND NEW.codes <> (SELECT count(*) FROM code_addressee d WHERE d.batch_id = NEW.id)) THEN RAISE EXCEPTION 'two_persons: codes are made once, after a second person agreed' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER code_batch_is_printed_once_by_two BEFORE UPDATE OF printed_at ON code_batch FOR EACH ROW EXECUTE FUNCTION code_batch_is_printed_once_by_two()",
    "CREATE FUNCTION code_batch_is_withdrawn_before_it_is_printed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF OLD.withdrawn_at IS NOT NULL OR OLD.printed_at IS NOT NULL THEN RAISE EXCEPTION 'frozen: codes are withdrawn once, before they are made' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER code_batch_is_withdrawn_before_it_is_printed BEFORE UPDATE OF withdrawn_at ON code_batch FOR EACH ROW EXECUTE FUNCTION code_batch_is_withdrawn_before_it_is_printed()",
    "CREATE FUNCTION code_addressee_comes_with_its_batch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT EXISTS (SELECT 1 FROM code_batch b WHERE b.id = NEW.batch_id AND b.list_hash IS NOT NULL AND b.printed_at IS NULL AND b.withdrawn_at IS NULL AND b.codes > (SELECT count(*) FROM code_addressee d WHERE d.batch_id = b.id)) THEN RAISE EXCEPTION 'closed: addressees come with an order, as many as its codes' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER code_addressee_comes_with_its_batch BEFORE INSERT ON code_addressee FOR EACH ROW EXECUTE FUNCTION code_addressee_comes_with_its_batch()",
    "CREATE FUNCTION code_addressee_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TRUE THEN RAISE EXCEPTION 'frozen: an addressee stays as two persons saw it' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER code_addressee_never_changes BEFORE UPDATE ON code_addressee FOR EACH ROW EXECUTE FUNCTION code_addressee_never_changes()",
    "CREATE FUNCTION code_holder_comes_before_the_end() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (SELECT p.state FROM poll p WHERE p.id = NEW.poll_id) NOT IN ('sealed', 'receiving', 'paused') THEN RAISE EXCEPTION 'closed: codes are given between the sealing and the end' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER code_holder_comes_before_the_end BEFORE INSERT ON code_holder FOR EACH ROW EXECUTE FUNCTION code_holder_comes_before_the_end()",
    "CREATE FUNCTION code_holder_only_forgets_its_batch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.batch_id IS NOT NULL OR OLD.tenant_id <> NEW.tenant_id OR OLD.poll_id <> NEW.poll_id OR OLD.hash <> NEW.hash OR OLD.kind <> NEW.kind THEN RAISE EXCEPTION 'frozen: who got a code is not changed; only the batch is forgotten' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER code_holder_only_forgets_its_batch BEFORE UPDATE ON code_holder FOR EACH ROW EXECUTE FUNCTION code_holder_only_forgets_its_batch()",
    "CREATE FUNCTION code_holder_stays_once_it_has_a_code() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF OLD.batch_id IS NULL AND (SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'cancelled' AND NOT EXISTS (SELECT 1 FROM poll_totals t WHERE t.poll_id = OLD.poll_id) THEN RAISE EXCEPTION 'append_only: one person, one code, until the persons of a vote are forgotten' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER code_holder_stays_once_it_has_a_code BEFORE DELETE ON code_holder FOR EACH ROW EXECUTE FUNCTION code_holder_stays_once_it_has_a_code()",
    "CREATE FUNCTION decision_letter_follows_a_decision() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT EXISTS (SELECT 1 FROM vote_case c WHERE c.id = NEW.case_id AND c.kind = 'suspicion') OR (SELECT p.state FROM vote_case c JOIN poll p ON p.id = c.poll_id WHERE c.id = NEW.case_id) <> 'working_up' OR NOT EXISTS (SELECT 1 FROM vote_verdict v WHERE v.case_id = NEW.case_id AND v.confirmed_by IS NOT NULL) THEN RAISE EXCEPTION 'closed: a letter of decision follows what two persons decided about a held vote' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER decision_letter_follows_a_decision BEFORE INSERT ON decision_letter FOR EACH ROW EXECUTE FUNCTION decision_letter_follows_a_decision()",
    "CREATE FUNCTION decision_letter_is_printed_once() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF OLD.case_id <> NEW.case_id OR OLD.tenant_id <> NEW.tenant_id OR OLD.way <> NEW.way OR (OLD.written_at IS NOT NULL AND OLD.written_at IS DISTINCT FROM NEW.written_at) THEN RAISE EXCEPTION 'frozen: a letter of decision is printed, and does not change' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER decision_letter_is_printed_once BEFORE UPDATE ON decision_letter FOR EACH ROW EXECUTE FUNCTION decision_letter_is_printed_once()",
    "CREATE FUNCTION decision_letter_stays_until_the_count() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (SELECT p.state FROM vote_case c JOIN poll p ON p.id = c.poll_id WHERE c.id = OLD.case_id) IN ('sealed', 'receiving', 'paused', 'working_up') THEN RAISE EXCEPTION 'append_only: decision_letter rows stay until the votes are counted' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER decision_letter_stays_until_the_count BEFORE DELETE ON decision_letter FOR EACH ROW EXECUTE FUNCTION decision_letter_stays_until_the_count()",
    "CREATE FUNCTION poll_totals_come_after_the_protests() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT EXISTS (SELECT 1 FROM poll p WHERE p.id = NEW.poll_id AND p.state IN ('published', 'annulled') AND coalesce(p.published_at, p.counted_at) <= CURRENT_TIMESTAMP - interval '59 days') THEN RAISE EXCEPTION 'closed: the persons of a vote are forgotten 60 days after its result' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER poll_totals_come_after_the_protests BEFORE INSERT ON poll_totals FOR EACH ROW EXECUTE FUNCTION poll_totals_come_after_the_protests()",
    "CREATE FUNCTION poll_totals_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TRUE THEN RAISE EXCEPTION 'append_only: poll_totals rows are never changed' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER poll_totals_never_changes BEFORE UPDATE ON poll_totals FOR EACH ROW EXECUTE FUNCTION poll_totals_never_changes()",
    "CREATE FUNCTION poll_totals_never_goes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TRUE THEN RAISE EXCEPTION 'append_only: poll_totals rows are never removed' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER poll_totals_never_goes BEFORE DELETE ON poll_totals FOR EACH ROW EXECUTE FUNCTION poll_totals_never_goes()",
)
POSTGRESQL_DROPS = (
    "DROP TRIGGER poll_totals_never_goes ON poll_totals",
    "DROP FUNCTION poll_totals_never_goes()",
    "DROP TRIGGER poll_totals_never_changes ON poll_totals",
    "DROP FUNCTION poll_totals_never_changes()",
    "DROP TRIGGER poll_totals_come_after_the_protests ON poll_totals",
    "DROP FUNCTION poll_totals_come_after_the_protests()",
    "DROP TRIGGER decision_letter_stays_until_the_count ON decision_letter",
    "DROP FUNCTION decision_letter_stays_until_the_count()",
    "DROP TRIGGER decision_letter_is_printed_once ON decision_letter",
    "DROP FUNCTION decision_letter_is_printed_once()",
    "DROP TRIGGER decision_letter_follows_a_decision ON decision_letter",
    "DROP FUNCTION decision_letter_follows_a_decision()",
    "DROP TRIGGER code_holder_stays_once_it_has_a_code ON code_holder",
    "DROP FUNCTION code_holder_stays_once_it_has_a_code()",
    "DROP TRIGGER code_holder_only_forgets_its_batch ON code_holder",
    "DROP FUNCTION code_holder_only_forgets_its_batch()",
    "DROP TRIGGER code_holder_comes_before_the_end ON code_holder",
    "DROP FUNCTION code_holder_comes_before_the_end()",
    "DROP TRIGGER code_addressee_never_changes ON code_addressee",
    "DROP FUNCTION code_addressee_never_changes()",
    "DROP TRIGGER code_addressee_comes_with_its_batch ON code_addressee",
    "DROP FUNCTION code_addressee_comes_with_its_batch()",
    "DROP TRIGGER code_batch_is_withdrawn_before_it_is_printed ON code_batch",
    "DROP FUNCTION code_batch_is_withdrawn_before_it_is_printed()",
    "DROP TRIGGER code_batch_is_printed_once_by_two ON code_batch",
    "DROP FUNCTION code_batch_is_printed_once_by_two()",
    "DROP TRIGGER code_batch_comes_instead_of_void_codes ON code_batch",
    "DROP FUNCTION code_batch_comes_instead_of_void_codes()",
    "DROP TRIGGER code_batch_is_frozen ON code_batch",
    "DROP FUNCTION code_batch_is_frozen()",
    "DROP TRIGGER voting_code_goes_with_the_persons ON voting_code",
    "DROP FUNCTION voting_code_goes_with_the_persons()",
    "DROP TRIGGER vote_verdict_goes_with_the_persons ON vote_verdict",
    "DROP FUNCTION vote_verdict_goes_with_the_persons()",
    "DROP TRIGGER vote_case_goes_with_the_persons ON vote_case",
    "DROP FUNCTION vote_case_goes_with_the_persons()",
    "DROP TRIGGER participation_final_goes_with_the_persons ON participation_final",
    "DROP FUNCTION participation_final_goes_with_the_persons()",
    "DROP TRIGGER eligibility_goes_with_the_persons ON eligibility",
    "DROP FUNCTION eligibility_goes_with_the_persons()",
)
FORMER_POSTGRESQL_GUARDS = (
    "CREATE FUNCTION eligibility_goes_only_with_a_cancelled_poll() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'cancelled' THEN RAISE EXCEPTION 'append_only: eligibility rows go only when the poll is cancelled' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER eligibility_goes_only_with_a_cancelled_poll BEFORE DELETE ON eligibility FOR EACH ROW EXECUTE FUNCTION eligibility_goes_only_with_a_cancelled_poll()",
    "CREATE FUNCTION participation_final_never_goes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TRUE THEN RAISE EXCEPTION 'append_only: participation_final rows are never removed' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER participation_final_never_goes BEFORE DELETE ON participation_final FOR EACH ROW EXECUTE FUNCTION participation_final_never_goes()",
    "CREATE FUNCTION vote_case_goes_only_with_a_cancelled_poll() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'cancelled' THEN RAISE EXCEPTION 'append_only: a case stays on record' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER vote_case_goes_only_with_a_cancelled_poll BEFORE DELETE ON vote_case FOR EACH ROW EXECUTE FUNCTION vote_case_goes_only_with_a_cancelled_poll()",
    "CREATE FUNCTION vote_verdict_never_goes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (SELECT p.state FROM vote_case c JOIN poll p ON p.id = c.poll_id WHERE c.id = OLD.case_id) <> 'cancelled' THEN RAISE EXCEPTION 'append_only: a verdict stays on record' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER vote_verdict_never_goes BEFORE DELETE ON vote_verdict FOR EACH ROW EXECUTE FUNCTION vote_verdict_never_goes()",
    "CREATE FUNCTION voting_code_never_goes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TRUE THEN RAISE EXCEPTION 'append_only: codes stay on record' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER voting_code_never_goes BEFORE DELETE ON voting_code FOR EACH ROW EXECUTE FUNCTION voting_code_never_goes()",
    "CREATE FUNCTION code_batch_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (TRUE) AND (OLD.id IS DISTINCT FROM NEW.id OR OLD.tenant_id IS DISTINCT FROM NEW.tenant_id OR OLD.poll_id IS DISTINCT FROM NEW.poll_id OR OLD.no IS DISTINCT FROM NEW.no OR OLD.codes IS DISTINCT FROM NEW.codes OR OLD.ordered_by IS DISTINCT FROM NEW.ordered_by OR OLD.ordered_at IS DISTINCT FROM NEW.ordered_at) THEN RAISE EXCEPTION 'frozen: code_batch can no longer be changed' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER code_batch_is_frozen BEFORE UPDATE ON code_batch FOR EACH ROW EXECUTE FUNCTION code_batch_is_frozen()",
    "CREATE FUNCTION code_batch_is_printed_once_by_two() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF OLD.printed_at IS NOT NULL OR NOT EXISTS (SELECT 1 FROM approval a WHERE a.tenant_id = NEW.tenant_id AND a.act = 'poll.codes' AND a.subject_kind = 'code_batch' AND a.subject_id = NEW.id AND a.approved AND a.asked_by <> a.decided_by) THEN RAISE EXCEPTION 'two_persons: codes are made once, after a second person agreed' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER code_batch_is_printed_once_by_two BEFORE UPDATE OF printed_at ON code_batch FOR EACH ROW EXECUTE FUNCTION code_batch_is_printed_once_by_two()",
)
FORMER_POSTGRESQL_DROPS = (
    "DROP TRIGGER code_batch_is_printed_once_by_two ON code_batch",
    "DROP FUNCTION code_batch_is_printed_once_by_two()",
    "DROP TRIGGER code_batch_is_frozen ON code_batch",
    "DROP FUNCTION code_batch_is_frozen()",
    "DROP TRIGGER voting_code_never_goes ON voting_code",
    "DROP FUNCTION voting_code_never_goes()",
    "DROP TRIGGER vote_verdict_never_goes ON vote_verdict",
    "DROP FUNCTION vote_verdict_never_goes()",
    "DROP TRIGGER vote_case_goes_only_with_a_cancelled_poll ON vote_case",
    "DROP FUNCTION vote_case_goes_only_with_a_cancelled_poll()",
    "DROP TRIGGER participation_final_never_goes ON participation_final",
    "DROP FUNCTION participation_final_never_goes()",
    "DROP TRIGGER eligibility_goes_only_with_a_cancelled_poll ON eligibility",
    "DROP FUNCTION eligibility_goes_only_with_a_cancelled_poll()",
)


def upgrade() -> None:
    _run(FORMER_SQLITE_DROPS, FORMER_POSTGRESQL_DROPS)
    op.add_column(
        "outbox", sa.Column("is_secret", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("code_batch", sa.Column("list_hash", sa.Text(), nullable=True))
    op.add_column("code_batch", sa.Column("instead_of", sa.Integer(), nullable=True))
    op.add_column(
        "code_batch", sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True)
    )
    _create_tables()
    _run(SQLITE_GUARDS, POSTGRESQL_GUARDS)


def downgrade() -> None:
    _refuse_what_has_no_place_before()
    _run(SQLITE_DROPS, POSTGRESQL_DROPS)
    for table in ("poll_totals", "decision_letter", "code_holder", "code_addressee"):
        op.drop_table(table)
    for column in ("withdrawn_at", "instead_of", "list_hash"):
        op.drop_column("code_batch", column)
    op.drop_column("outbox", "is_secret")
    _run(FORMER_SQLITE_GUARDS, FORMER_POSTGRESQL_GUARDS)


def _refuse_what_has_no_place_before() -> None:
    """The former program would give people second codes, and say that nobody took part."""
    for table in ("code_holder", "poll_totals"):
        if op.get_bind().scalar(sa.text(f"SELECT count(*) FROM {table}")):  # noqa: S608 - our own words
            raise RuntimeError(
                f"There are rows of {table}, which the former version does not know."
            )
    secret = sa.text("SELECT count(*) FROM outbox WHERE is_secret")
    if op.get_bind().scalar(secret):
        raise RuntimeError("There are letters that the former version would keep.")


def _create_tables() -> None:
    op.create_table(
        "code_addressee",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "batch_id"],
            ["code_batch.tenant_id", "code_batch.id"],
            name=op.f("fk_code_addressee_tenant_id_batch_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_code_addressee")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_code_addressee_batch", "code_addressee", ["batch_id"])
    op.create_table(
        "code_holder",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('home', 'contact', 'counter')", name=op.f("ck_code_holder_kind")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "poll_id"],
            ["poll.tenant_id", "poll.id"],
            name=op.f("fk_code_holder_tenant_id_poll_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["municipality.id"], name=op.f("fk_code_holder_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "poll_id", "hash", name=op.f("pk_code_holder")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_code_holder_batch", "code_holder", ["batch_id"])
    op.create_table(
        "decision_letter",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("way IN ('email', 'sms', 'paper')", name=op.f("ck_decision_letter_way")),
        sa.CheckConstraint(
            "way = 'paper' OR written_at IS NOT NULL", name=op.f("ck_decision_letter_sent_at_once")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "case_id"],
            ["vote_case.tenant_id", "vote_case.id"],
            name=op.f("fk_decision_letter_tenant_id_case_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["municipality.id"], name=op.f("fk_decision_letter_tenant_id")
        ),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_decision_letter")),
    )
    op.create_index(op.f("ix_decision_letter_tenant_id"), "decision_letter", ["tenant_id"])
    op.create_table(
        "poll_totals",
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("persons", sa.Integer(), nullable=False),
        sa.Column("codes", sa.Text(), nullable=False),
        sa.Column("handed", sa.Integer(), nullable=False),
        sa.Column("cases", sa.Text(), nullable=False),
        sa.Column("forgotten_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "poll_id"],
            ["poll.tenant_id", "poll.id"],
            name=op.f("fk_poll_totals_tenant_id_poll_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["municipality.id"], name=op.f("fk_poll_totals_tenant_id")
        ),
        sa.PrimaryKeyConstraint("poll_id", name=op.f("pk_poll_totals")),
    )
    op.create_index(op.f("ix_poll_totals_tenant_id"), "poll_totals", ["tenant_id"])


def _run(sqlite: tuple[str, ...], postgresql: tuple[str, ...]) -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in sqlite if is_sqlite else postgresql:
        op.execute(sa.text(statement.replace(":", r"\:")))
