"""Who may vote: said at voting, by code, on a list; and votes about which two persons decide."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

# Guards, written out: a migration never imports the application.
SQLITE_GUARDS = (
    "CREATE TRIGGER voter_comes_while_open BEFORE INSERT ON voter FOR EACH ROW WHEN (SELECT p.state FROM poll p WHERE p.id = NEW.poll_id) NOT IN ('sealed', 'receiving') BEGIN SELECT RAISE(ABORT, 'closed: no voter outside a sealed, receiving poll'); END",
    "CREATE TRIGGER voter_is_frozen BEFORE UPDATE ON voter FOR EACH ROW WHEN (TRUE) AND (OLD.tenant_id IS NOT NEW.tenant_id OR OLD.poll_id IS NOT NEW.poll_id OR OLD.person_key IS NOT NEW.person_key OR OLD.given_name IS NOT NEW.given_name OR OLD.surname IS NOT NEW.surname OR OLD.street IS NOT NEW.street OR OLD.house_no IS NOT NEW.house_no OR OLD.flat IS NOT NEW.flat OR OLD.contact_kind IS NOT NEW.contact_kind OR OLD.contact_hash IS NOT NEW.contact_hash) BEGIN SELECT RAISE(ABORT, 'frozen: voter can no longer be changed'); END",
    "CREATE TRIGGER voter_stays_until_the_count BEFORE DELETE ON voter FOR EACH ROW WHEN (SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) IN ('sealed', 'receiving', 'paused', 'working_up') BEGIN SELECT RAISE(ABORT, 'append_only: who voted stays until the votes are counted'); END",
    "CREATE TRIGGER vote_case_comes_while_open BEFORE INSERT ON vote_case FOR EACH ROW WHEN (SELECT p.state FROM poll p WHERE p.id = NEW.poll_id) NOT IN ('sealed', 'receiving') BEGIN SELECT RAISE(ABORT, 'closed: no vote_case outside a sealed, receiving poll'); END",
    "CREATE TRIGGER vote_case_is_frozen BEFORE UPDATE ON vote_case FOR EACH ROW WHEN (TRUE) AND (OLD.id IS NOT NEW.id OR OLD.tenant_id IS NOT NEW.tenant_id OR OLD.poll_id IS NOT NEW.poll_id OR OLD.kind IS NOT NEW.kind OR OLD.person_key IS NOT NEW.person_key OR OLD.opened_at IS NOT NEW.opened_at) BEGIN SELECT RAISE(ABORT, 'frozen: vote_case can no longer be changed'); END",
    "CREATE TRIGGER vote_case_goes_only_with_a_cancelled_poll BEFORE DELETE ON vote_case FOR EACH ROW WHEN (SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'cancelled' BEGIN SELECT RAISE(ABORT, 'append_only: a case stays on record'); END",
    "CREATE TRIGGER vote_verdict_comes_before_the_count BEFORE INSERT ON vote_verdict FOR EACH ROW WHEN NOT (SELECT p.state FROM vote_case c JOIN poll p ON p.id = c.poll_id WHERE c.id = NEW.case_id) IN ('sealed', 'receiving', 'paused', 'working_up') BEGIN SELECT RAISE(ABORT, 'closed: a case is decided before the count'); END",
    "CREATE TRIGGER vote_verdict_begins_unconfirmed BEFORE INSERT ON vote_verdict FOR EACH ROW WHEN NEW.confirmed_by IS NOT NULL BEGIN SELECT RAISE(ABORT, 'two_persons: a verdict is said by one and confirmed by another afterwards'); END",
    "CREATE TRIGGER vote_verdict_is_settled_once BEFORE UPDATE ON vote_verdict FOR EACH ROW WHEN OLD.confirmed_by IS NOT NULL OR OLD.case_id <> NEW.case_id OR NOT (SELECT p.state FROM vote_case c JOIN poll p ON p.id = c.poll_id WHERE c.id = NEW.case_id) IN ('sealed', 'receiving', 'paused', 'working_up') BEGIN SELECT RAISE(ABORT, 'frozen: a verdict that two persons gave stays, and comes before the count'); END",
    "CREATE TRIGGER vote_verdict_is_confirmed_as_it_was_said BEFORE UPDATE ON vote_verdict FOR EACH ROW WHEN NEW.confirmed_by IS NOT NULL AND (OLD.verdict <> NEW.verdict OR OLD.reason <> NEW.reason OR OLD.said_by <> NEW.said_by) BEGIN SELECT RAISE(ABORT, 'two_persons: what is confirmed is what the other person said'); END",
    "CREATE TRIGGER vote_verdict_never_goes BEFORE DELETE ON vote_verdict FOR EACH ROW WHEN (SELECT p.state FROM vote_case c JOIN poll p ON p.id = c.poll_id WHERE c.id = OLD.case_id) <> 'cancelled' BEGIN SELECT RAISE(ABORT, 'append_only: a verdict stays on record'); END",
    "CREATE TRIGGER poll_counts_only_decided_cases BEFORE UPDATE OF state ON poll FOR EACH ROW WHEN NEW.state = 'counted' AND OLD.state <> NEW.state AND EXISTS (SELECT 1 FROM vote_case c LEFT JOIN vote_verdict v ON v.case_id = c.id WHERE c.poll_id = NEW.id AND v.confirmed_by IS NULL) BEGIN SELECT RAISE(ABORT, 'cases: every case is decided by two persons before the count'); END",
    "CREATE TRIGGER receipt_is_marked_as_taken_out BEFORE UPDATE OF taken_out ON receipt FOR EACH ROW WHEN OLD.taken_out <> NEW.taken_out AND (OLD.taken_out OR (SELECT p.state FROM poll p WHERE p.id = NEW.poll_id) <> 'working_up' OR (SELECT count(*) FROM receipt r WHERE r.poll_id = NEW.poll_id AND NOT r.taken_out) <= (SELECT count(*) FROM participation p WHERE p.poll_id = NEW.poll_id)) BEGIN SELECT RAISE(ABORT, 'append_only: a receipt is marked only for a vote that two persons took out'); END",
    "CREATE TRIGGER code_batch_is_frozen BEFORE UPDATE ON code_batch FOR EACH ROW WHEN (TRUE) AND (OLD.id IS NOT NEW.id OR OLD.tenant_id IS NOT NEW.tenant_id OR OLD.poll_id IS NOT NEW.poll_id OR OLD.no IS NOT NEW.no OR OLD.codes IS NOT NEW.codes OR OLD.ordered_by IS NOT NEW.ordered_by OR OLD.ordered_at IS NOT NEW.ordered_at) BEGIN SELECT RAISE(ABORT, 'frozen: code_batch can no longer be changed'); END",
    "CREATE TRIGGER code_batch_is_printed_once_by_two BEFORE UPDATE OF printed_at ON code_batch FOR EACH ROW WHEN OLD.printed_at IS NOT NULL OR NOT EXISTS (SELECT 1 FROM approval a WHERE a.tenant_id = NEW.tenant_id AND a.act = 'poll.codes' AND a.subject_kind = 'code_batch' AND a.subject_id = NEW.id AND a.approved AND a.asked_by <> a.decided_by) BEGIN SELECT RAISE(ABORT, 'two_persons: codes are made once, after a second person agreed'); END",
    "CREATE TRIGGER code_batch_never_goes BEFORE DELETE ON code_batch FOR EACH ROW WHEN TRUE BEGIN SELECT RAISE(ABORT, 'append_only: a batch of codes stays on record'); END",
    "CREATE TRIGGER voting_code_comes_unused_when_printed BEFORE INSERT ON voting_code FOR EACH ROW WHEN NEW.state <> 'unused' OR NEW.serial < 1 OR NOT EXISTS (SELECT 1 FROM code_batch b WHERE b.id = NEW.batch_id AND b.poll_id = NEW.poll_id AND b.printed_at IS NOT NULL AND NEW.serial <= b.codes) OR (SELECT p.state FROM poll p WHERE p.id = NEW.poll_id) NOT IN ('sealed', 'receiving', 'paused') BEGIN SELECT RAISE(ABORT, 'closed: codes come unused, as many as were ordered, when they are printed'); END",
    "CREATE TRIGGER voting_code_is_frozen BEFORE UPDATE ON voting_code FOR EACH ROW WHEN (TRUE) AND (OLD.hash IS NOT NEW.hash OR OLD.tenant_id IS NOT NEW.tenant_id OR OLD.poll_id IS NOT NEW.poll_id OR OLD.batch_id IS NOT NEW.batch_id OR OLD.serial IS NOT NEW.serial) BEGIN SELECT RAISE(ABORT, 'frozen: voting_code can no longer be changed'); END",
    "CREATE TRIGGER voting_code_is_used_or_void_once BEFORE UPDATE ON voting_code FOR EACH ROW WHEN OLD.state <> 'unused' OR (SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) NOT IN ('sealed', 'receiving', 'paused', 'working_up') OR (NEW.state = 'used' AND NOT EXISTS (SELECT 1 FROM participation p WHERE p.tenant_id = NEW.tenant_id AND p.poll_id = NEW.poll_id AND p.person_key = NEW.person_key)) BEGIN SELECT RAISE(ABORT, 'frozen: a code is used by a vote or made void, once, before the count'); END",
    "CREATE TRIGGER voting_code_never_goes BEFORE DELETE ON voting_code FOR EACH ROW WHEN TRUE BEGIN SELECT RAISE(ABORT, 'append_only: codes stay on record'); END",
    "CREATE TRIGGER roll_line_comes_later_by_two BEFORE INSERT ON roll_line FOR EACH ROW WHEN NEW.account_key IS NOT NULL OR NEW.confirmed_by IS NOT NULL OR ((SELECT p.state FROM poll p WHERE p.id = NEW.poll_id) <> 'draft' AND (NEW.added_by IS NULL OR (SELECT p.state FROM poll p WHERE p.id = NEW.poll_id) NOT IN ('sealed', 'receiving', 'paused'))) BEGIN SELECT RAISE(ABORT, 'frozen: a closed list is sealed with the ballot; later two persons add to it'); END",
    "CREATE TRIGGER roll_line_is_frozen BEFORE UPDATE ON roll_line FOR EACH ROW WHEN (TRUE) AND (OLD.tenant_id IS NOT NEW.tenant_id OR OLD.poll_id IS NOT NEW.poll_id OR OLD.no IS NOT NEW.no OR OLD.name IS NOT NEW.name OR OLD.email IS NOT NEW.email OR OLD.added_by IS NOT NEW.added_by) BEGIN SELECT RAISE(ABORT, 'frozen: roll_line can no longer be changed'); END",
    "CREATE TRIGGER roll_line_is_confirmed_and_tied_once BEFORE UPDATE ON roll_line FOR EACH ROW WHEN (OLD.confirmed_by IS NOT NULL AND OLD.confirmed_by IS NOT NEW.confirmed_by) OR (OLD.account_key IS NOT NULL AND OLD.account_key IS NOT NEW.account_key) BEGIN SELECT RAISE(ABORT, 'frozen: a line is confirmed once, and belongs to one account'); END",
    "CREATE TRIGGER roll_line_stays_until_the_count BEFORE DELETE ON roll_line FOR EACH ROW WHEN (SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) IN ('sealed', 'receiving', 'paused', 'working_up') BEGIN SELECT RAISE(ABORT, 'append_only: a sealed list stays until the votes are counted'); END",
    "CREATE TRIGGER poll_is_frozen BEFORE UPDATE ON poll FOR EACH ROW WHEN (OLD.state <> 'draft') AND (OLD.tenant_id IS NOT NEW.tenant_id OR OLD.subject_kind IS NOT NEW.subject_kind OR OLD.subject_id IS NOT NEW.subject_id OR OLD.consultation_id IS NOT NEW.consultation_id OR OLD.repeat_no IS NOT NEW.repeat_no OR OLD.repeats_id IS NOT NEW.repeats_id OR OLD.title IS NOT NEW.title OR OLD.electorate IS NOT NEW.electorate OR OLD.electorate_terms IS NOT NEW.electorate_terms OR OLD.needs IS NOT NEW.needs OR OLD.age_rule IS NOT NEW.age_rule OR OLD.age IS NOT NEW.age OR OLD.area_lock IS NOT NEW.area_lock OR OLD.areas_most IS NOT NEW.areas_most OR OLD.revote IS NOT NEW.revote OR OLD.publication IS NOT NEW.publication OR OLD.effect IS NOT NEW.effect OR OLD.decided_by IS NOT NEW.decided_by OR OLD.decision_due IS NOT NEW.decision_due OR OLD.result_due IS NOT NEW.result_due OR OLD.order_seed IS NOT NEW.order_seed OR OLD.randomness_source IS NOT NEW.randomness_source OR OLD.randomness_shape IS NOT NEW.randomness_shape OR OLD.randomness_at IS NOT NEW.randomness_at OR OLD.signing_key IS NOT NEW.signing_key OR OLD.rules IS NOT NEW.rules OR OLD.rules_hash IS NOT NEW.rules_hash OR OLD.opens_at IS NOT NEW.opens_at OR OLD.sealed_at IS NOT NEW.sealed_at) BEGIN SELECT RAISE(ABORT, 'frozen: poll can no longer be changed'); END",
    "CREATE TRIGGER participation_goes_only_at_the_count BEFORE DELETE ON participation FOR EACH ROW WHEN (SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'cancelled' AND ((SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'counted' OR EXISTS (SELECT 1 FROM poll_result r WHERE r.poll_id = OLD.poll_id)) AND NOT ((SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) = 'working_up' AND EXISTS (SELECT 1 FROM vote_verdict v JOIN vote_case c ON c.id = v.case_id WHERE c.poll_id = OLD.poll_id AND v.verdict = 'take_out' AND v.confirmed_by IS NOT NULL AND c.person_key = OLD.person_key)) BEGIN SELECT RAISE(ABORT, 'append_only: participation rows go only when they are counted, or never will be'); END",
    "CREATE TRIGGER ballot_goes_only_at_the_count BEFORE DELETE ON ballot FOR EACH ROW WHEN (SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'cancelled' AND ((SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'counted' OR EXISTS (SELECT 1 FROM poll_result r WHERE r.poll_id = OLD.poll_id)) AND NOT ((SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) = 'working_up' AND EXISTS (SELECT 1 FROM vote_verdict v JOIN vote_case c ON c.id = v.case_id WHERE c.poll_id = OLD.poll_id AND v.verdict = 'take_out' AND v.confirmed_by IS NOT NULL) AND NOT EXISTS (SELECT 1 FROM receipt r WHERE r.poll_id = OLD.poll_id AND r.link_tag = OLD.link_tag AND NOT r.taken_out)) BEGIN SELECT RAISE(ABORT, 'append_only: ballot rows go only when they are counted, or never will be'); END",
    "CREATE TRIGGER receipt_goes_only_at_the_count BEFORE DELETE ON receipt FOR EACH ROW WHEN (SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'cancelled' AND ((SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'counted' OR EXISTS (SELECT 1 FROM poll_result r WHERE r.poll_id = OLD.poll_id)) AND NOT ((SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) = 'working_up' AND EXISTS (SELECT 1 FROM vote_verdict v JOIN vote_case c ON c.id = v.case_id WHERE c.poll_id = OLD.poll_id AND v.verdict = 'take_out' AND v.confirmed_by IS NOT NULL) AND OLD.batch IS NULL AND NOT OLD.taken_out AND (SELECT count(*) FROM receipt r WHERE r.poll_id = OLD.poll_id AND NOT r.taken_out) > (SELECT count(*) FROM participation p WHERE p.poll_id = OLD.poll_id)) BEGIN SELECT RAISE(ABORT, 'append_only: receipt rows go only when they are counted, or never will be'); END",
)
SQLITE_DROPS = (
    "DROP TRIGGER receipt_goes_only_at_the_count",
    "DROP TRIGGER ballot_goes_only_at_the_count",
    "DROP TRIGGER participation_goes_only_at_the_count",
    "DROP TRIGGER poll_is_frozen",
    "DROP TRIGGER roll_line_stays_until_the_count",
    "DROP TRIGGER roll_line_is_confirmed_and_tied_once",
    "DROP TRIGGER roll_line_is_frozen",
    "DROP TRIGGER roll_line_comes_later_by_two",
    "DROP TRIGGER voting_code_never_goes",
    "DROP TRIGGER voting_code_is_used_or_void_once",
    "DROP TRIGGER voting_code_is_frozen",
    "DROP TRIGGER voting_code_comes_unused_when_printed",
    "DROP TRIGGER code_batch_never_goes",
    "DROP TRIGGER code_batch_is_printed_once_by_two",
    "DROP TRIGGER code_batch_is_frozen",
    "DROP TRIGGER receipt_is_marked_as_taken_out",
    "DROP TRIGGER poll_counts_only_decided_cases",
    "DROP TRIGGER vote_verdict_never_goes",
    "DROP TRIGGER vote_verdict_is_confirmed_as_it_was_said",
    "DROP TRIGGER vote_verdict_is_settled_once",
    "DROP TRIGGER vote_verdict_begins_unconfirmed",
    "DROP TRIGGER vote_verdict_comes_before_the_count",
    "DROP TRIGGER vote_case_goes_only_with_a_cancelled_poll",
    "DROP TRIGGER vote_case_is_frozen",
    "DROP TRIGGER vote_case_comes_while_open",
    "DROP TRIGGER voter_stays_until_the_count",
    "DROP TRIGGER voter_is_frozen",
    "DROP TRIGGER voter_comes_while_open",
)
FORMER_SQLITE_GUARDS = (
    "CREATE TRIGGER poll_is_frozen BEFORE UPDATE ON poll FOR EACH ROW WHEN (OLD.state <> 'draft') AND (OLD.tenant_id IS NOT NEW.tenant_id OR OLD.subject_kind IS NOT NEW.subject_kind OR OLD.subject_id IS NOT NEW.subject_id OR OLD.consultation_id IS NOT NEW.consultation_id OR OLD.repeat_no IS NOT NEW.repeat_no OR OLD.repeats_id IS NOT NEW.repeats_id OR OLD.title IS NOT NEW.title OR OLD.electorate IS NOT NEW.electorate OR OLD.needs IS NOT NEW.needs OR OLD.age_rule IS NOT NEW.age_rule OR OLD.age IS NOT NEW.age OR OLD.area_lock IS NOT NEW.area_lock OR OLD.areas_most IS NOT NEW.areas_most OR OLD.revote IS NOT NEW.revote OR OLD.publication IS NOT NEW.publication OR OLD.effect IS NOT NEW.effect OR OLD.decided_by IS NOT NEW.decided_by OR OLD.decision_due IS NOT NEW.decision_due OR OLD.result_due IS NOT NEW.result_due OR OLD.order_seed IS NOT NEW.order_seed OR OLD.randomness_source IS NOT NEW.randomness_source OR OLD.randomness_shape IS NOT NEW.randomness_shape OR OLD.randomness_at IS NOT NEW.randomness_at OR OLD.signing_key IS NOT NEW.signing_key OR OLD.rules IS NOT NEW.rules OR OLD.rules_hash IS NOT NEW.rules_hash OR OLD.opens_at IS NOT NEW.opens_at OR OLD.sealed_at IS NOT NEW.sealed_at) BEGIN SELECT RAISE(ABORT, 'frozen: poll can no longer be changed'); END",
    "CREATE TRIGGER participation_goes_only_at_the_count BEFORE DELETE ON participation FOR EACH ROW WHEN (SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'cancelled' AND ((SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'counted' OR EXISTS (SELECT 1 FROM poll_result r WHERE r.poll_id = OLD.poll_id)) BEGIN SELECT RAISE(ABORT, 'append_only: participation rows go only when they are counted, or never will be'); END",
    "CREATE TRIGGER ballot_goes_only_at_the_count BEFORE DELETE ON ballot FOR EACH ROW WHEN (SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'cancelled' AND ((SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'counted' OR EXISTS (SELECT 1 FROM poll_result r WHERE r.poll_id = OLD.poll_id)) BEGIN SELECT RAISE(ABORT, 'append_only: ballot rows go only when they are counted, or never will be'); END",
    "CREATE TRIGGER receipt_goes_only_at_the_count BEFORE DELETE ON receipt FOR EACH ROW WHEN (SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'cancelled' AND ((SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'counted' OR EXISTS (SELECT 1 FROM poll_result r WHERE r.poll_id = OLD.poll_id)) BEGIN SELECT RAISE(ABORT, 'append_only: receipt rows go only when they are counted, or never will be'); END",
)
FORMER_SQLITE_DROPS = (
    "DROP TRIGGER receipt_goes_only_at_the_count",
    "DROP TRIGGER ballot_goes_only_at_the_count",
    "DROP TRIGGER participation_goes_only_at_the_count",
    "DROP TRIGGER poll_is_frozen",
)
POSTGRESQL_GUARDS = (
    "CREATE FUNCTION voter_comes_while_open() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (SELECT p.state FROM poll p WHERE p.id = NEW.poll_id) NOT IN ('sealed', 'receiving') THEN RAISE EXCEPTION 'closed: no voter outside a sealed, receiving poll' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER voter_comes_while_open BEFORE INSERT ON voter FOR EACH ROW EXECUTE FUNCTION voter_comes_while_open()",
    "CREATE FUNCTION voter_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (TRUE) AND (OLD.tenant_id IS DISTINCT FROM NEW.tenant_id OR OLD.poll_id IS DISTINCT FROM NEW.poll_id OR OLD.person_key IS DISTINCT FROM NEW.person_key OR OLD.given_name IS DISTINCT FROM NEW.given_name OR OLD.surname IS DISTINCT FROM NEW.surname OR OLD.street IS DISTINCT FROM NEW.street OR OLD.house_no IS DISTINCT FROM NEW.house_no OR OLD.flat IS DISTINCT FROM NEW.flat OR OLD.contact_kind IS DISTINCT FROM NEW.contact_kind OR OLD.contact_hash IS DISTINCT FROM NEW.contact_hash) THEN RAISE EXCEPTION 'frozen: voter can no longer be changed' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER voter_is_frozen BEFORE UPDATE ON voter FOR EACH ROW EXECUTE FUNCTION voter_is_frozen()",
    "CREATE FUNCTION voter_stays_until_the_count() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) IN ('sealed', 'receiving', 'paused', 'working_up') THEN RAISE EXCEPTION 'append_only: who voted stays until the votes are counted' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER voter_stays_until_the_count BEFORE DELETE ON voter FOR EACH ROW EXECUTE FUNCTION voter_stays_until_the_count()",
    "CREATE FUNCTION vote_case_comes_while_open() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (SELECT p.state FROM poll p WHERE p.id = NEW.poll_id) NOT IN ('sealed', 'receiving') THEN RAISE EXCEPTION 'closed: no vote_case outside a sealed, receiving poll' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER vote_case_comes_while_open BEFORE INSERT ON vote_case FOR EACH ROW EXECUTE FUNCTION vote_case_comes_while_open()",
    "CREATE FUNCTION vote_case_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (TRUE) AND (OLD.id IS DISTINCT FROM NEW.id OR OLD.tenant_id IS DISTINCT FROM NEW.tenant_id OR OLD.poll_id IS DISTINCT FROM NEW.poll_id OR OLD.kind IS DISTINCT FROM NEW.kind OR OLD.person_key IS DISTINCT FROM NEW.person_key OR OLD.opened_at IS DISTINCT FROM NEW.opened_at) THEN RAISE EXCEPTION 'frozen: vote_case can no longer be changed' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER vote_case_is_frozen BEFORE UPDATE ON vote_case FOR EACH ROW EXECUTE FUNCTION vote_case_is_frozen()",
    "CREATE FUNCTION vote_case_goes_only_with_a_cancelled_poll() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'cancelled' THEN RAISE EXCEPTION 'append_only: a case stays on record' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER vote_case_goes_only_with_a_cancelled_poll BEFORE DELETE ON vote_case FOR EACH ROW EXECUTE FUNCTION vote_case_goes_only_with_a_cancelled_poll()",
    "CREATE FUNCTION vote_verdict_comes_before_the_count() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT (SELECT p.state FROM vote_case c JOIN poll p ON p.id = c.poll_id WHERE c.id = NEW.case_id) IN ('sealed', 'receiving', 'paused', 'working_up') THEN RAISE EXCEPTION 'closed: a case is decided before the count' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER vote_verdict_comes_before_the_count BEFORE INSERT ON vote_verdict FOR EACH ROW EXECUTE FUNCTION vote_verdict_comes_before_the_count()",
    "CREATE FUNCTION vote_verdict_begins_unconfirmed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.confirmed_by IS NOT NULL THEN RAISE EXCEPTION 'two_persons: a verdict is said by one and confirmed by another afterwards' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER vote_verdict_begins_unconfirmed BEFORE INSERT ON vote_verdict FOR EACH ROW EXECUTE FUNCTION vote_verdict_begins_unconfirmed()",
    "CREATE FUNCTION vote_verdict_is_settled_once() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF OLD.confirmed_by IS NOT NULL OR OLD.case_id <> NEW.case_id OR NOT (SELECT p.state FROM vote_case c JOIN poll p ON p.id = c.poll_id WHERE c.id = NEW.case_id) IN ('sealed', 'receiving', 'paused', 'working_up') THEN RAISE EXCEPTION 'frozen: a verdict that two persons gave stays, and comes before the count' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER vote_verdict_is_settled_once BEFORE UPDATE ON vote_verdict FOR EACH ROW EXECUTE FUNCTION vote_verdict_is_settled_once()",
    "CREATE FUNCTION vote_verdict_is_confirmed_as_it_was_said() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.confirmed_by IS NOT NULL AND (OLD.verdict <> NEW.verdict OR OLD.reason <> NEW.reason OR OLD.said_by <> NEW.said_by) THEN RAISE EXCEPTION 'two_persons: what is confirmed is what the other person said' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER vote_verdict_is_confirmed_as_it_was_said BEFORE UPDATE ON vote_verdict FOR EACH ROW EXECUTE FUNCTION vote_verdict_is_confirmed_as_it_was_said()",
    "CREATE FUNCTION vote_verdict_never_goes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (SELECT p.state FROM vote_case c JOIN poll p ON p.id = c.poll_id WHERE c.id = OLD.case_id) <> 'cancelled' THEN RAISE EXCEPTION 'append_only: a verdict stays on record' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER vote_verdict_never_goes BEFORE DELETE ON vote_verdict FOR EACH ROW EXECUTE FUNCTION vote_verdict_never_goes()",
    "CREATE FUNCTION poll_counts_only_decided_cases() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.state = 'counted' AND OLD.state <> NEW.state AND EXISTS (SELECT 1 FROM vote_case c LEFT JOIN vote_verdict v ON v.case_id = c.id WHERE c.poll_id = NEW.id AND v.confirmed_by IS NULL) THEN RAISE EXCEPTION 'cases: every case is decided by two persons before the count' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER poll_counts_only_decided_cases BEFORE UPDATE OF state ON poll FOR EACH ROW EXECUTE FUNCTION poll_counts_only_decided_cases()",
    "CREATE FUNCTION receipt_is_marked_as_taken_out() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF OLD.taken_out <> NEW.taken_out AND (OLD.taken_out OR (SELECT p.state FROM poll p WHERE p.id = NEW.poll_id) <> 'working_up' OR (SELECT count(*) FROM receipt r WHERE r.poll_id = NEW.poll_id AND NOT r.taken_out) <= (SELECT count(*) FROM participation p WHERE p.poll_id = NEW.poll_id)) THEN RAISE EXCEPTION 'append_only: a receipt is marked only for a vote that two persons took out' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER receipt_is_marked_as_taken_out BEFORE UPDATE OF taken_out ON receipt FOR EACH ROW EXECUTE FUNCTION receipt_is_marked_as_taken_out()",
    "CREATE FUNCTION code_batch_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (TRUE) AND (OLD.id IS DISTINCT FROM NEW.id OR OLD.tenant_id IS DISTINCT FROM NEW.tenant_id OR OLD.poll_id IS DISTINCT FROM NEW.poll_id OR OLD.no IS DISTINCT FROM NEW.no OR OLD.codes IS DISTINCT FROM NEW.codes OR OLD.ordered_by IS DISTINCT FROM NEW.ordered_by OR OLD.ordered_at IS DISTINCT FROM NEW.ordered_at) THEN RAISE EXCEPTION 'frozen: code_batch can no longer be changed' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER code_batch_is_frozen BEFORE UPDATE ON code_batch FOR EACH ROW EXECUTE FUNCTION code_batch_is_frozen()",
    "CREATE FUNCTION code_batch_is_printed_once_by_two() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF OLD.printed_at IS NOT NULL OR NOT EXISTS (SELECT 1 FROM approval a WHERE a.tenant_id = NEW.tenant_id AND a.act = 'poll.codes' AND a.subject_kind = 'code_batch' AND a.subject_id = NEW.id AND a.approved AND a.asked_by <> a.decided_by) THEN RAISE EXCEPTION 'two_persons: codes are made once, after a second person agreed' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER code_batch_is_printed_once_by_two BEFORE UPDATE OF printed_at ON code_batch FOR EACH ROW EXECUTE FUNCTION code_batch_is_printed_once_by_two()",
    "CREATE FUNCTION code_batch_never_goes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TRUE THEN RAISE EXCEPTION 'append_only: a batch of codes stays on record' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER code_batch_never_goes BEFORE DELETE ON code_batch FOR EACH ROW EXECUTE FUNCTION code_batch_never_goes()",
    "CREATE FUNCTION voting_code_comes_unused_when_printed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.state <> 'unused' OR NEW.serial < 1 OR NOT EXISTS (SELECT 1 FROM code_batch b WHERE b.id = NEW.batch_id AND b.poll_id = NEW.poll_id AND b.printed_at IS NOT NULL AND NEW.serial <= b.codes) OR (SELECT p.state FROM poll p WHERE p.id = NEW.poll_id) NOT IN ('sealed', 'receiving', 'paused') THEN RAISE EXCEPTION 'closed: codes come unused, as many as were ordered, when they are printed' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER voting_code_comes_unused_when_printed BEFORE INSERT ON voting_code FOR EACH ROW EXECUTE FUNCTION voting_code_comes_unused_when_printed()",
    "CREATE FUNCTION voting_code_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (TRUE) AND (OLD.hash IS DISTINCT FROM NEW.hash OR OLD.tenant_id IS DISTINCT FROM NEW.tenant_id OR OLD.poll_id IS DISTINCT FROM NEW.poll_id OR OLD.batch_id IS DISTINCT FROM NEW.batch_id OR OLD.serial IS DISTINCT FROM NEW.serial) THEN RAISE EXCEPTION 'frozen: voting_code can no longer be changed' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER voting_code_is_frozen BEFORE UPDATE ON voting_code FOR EACH ROW EXECUTE FUNCTION voting_code_is_frozen()",
    "CREATE FUNCTION voting_code_is_used_or_void_once() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF OLD.state <> 'unused' OR (SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) NOT IN ('sealed', 'receiving', 'paused', 'working_up') OR (NEW.state = 'used' AND NOT EXISTS (SELECT 1 FROM participation p WHERE p.tenant_id = NEW.tenant_id AND p.poll_id = NEW.poll_id AND p.person_key = NEW.person_key)) THEN RAISE EXCEPTION 'frozen: a code is used by a vote or made void, once, before the count' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER voting_code_is_used_or_void_once BEFORE UPDATE ON voting_code FOR EACH ROW EXECUTE FUNCTION voting_code_is_used_or_void_once()",
    "CREATE FUNCTION voting_code_never_goes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TRUE THEN RAISE EXCEPTION 'append_only: codes stay on record' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER voting_code_never_goes BEFORE DELETE ON voting_code FOR EACH ROW EXECUTE FUNCTION voting_code_never_goes()",
    "CREATE FUNCTION roll_line_comes_later_by_two() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.account_key IS NOT NULL OR NEW.confirmed_by IS NOT NULL OR ((SELECT p.state FROM poll p WHERE p.id = NEW.poll_id) <> 'draft' AND (NEW.added_by IS NULL OR (SELECT p.state FROM poll p WHERE p.id = NEW.poll_id) NOT IN ('sealed', 'receiving', 'paused'))) THEN RAISE EXCEPTION 'frozen: a closed list is sealed with the ballot; later two persons add to it' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER roll_line_comes_later_by_two BEFORE INSERT ON roll_line FOR EACH ROW EXECUTE FUNCTION roll_line_comes_later_by_two()",
    "CREATE FUNCTION roll_line_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (TRUE) AND (OLD.tenant_id IS DISTINCT FROM NEW.tenant_id OR OLD.poll_id IS DISTINCT FROM NEW.poll_id OR OLD.no IS DISTINCT FROM NEW.no OR OLD.name IS DISTINCT FROM NEW.name OR OLD.email IS DISTINCT FROM NEW.email OR OLD.added_by IS DISTINCT FROM NEW.added_by) THEN RAISE EXCEPTION 'frozen: roll_line can no longer be changed' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER roll_line_is_frozen BEFORE UPDATE ON roll_line FOR EACH ROW EXECUTE FUNCTION roll_line_is_frozen()",
    "CREATE FUNCTION roll_line_is_confirmed_and_tied_once() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (OLD.confirmed_by IS NOT NULL AND OLD.confirmed_by IS DISTINCT FROM NEW.confirmed_by) OR (OLD.account_key IS NOT NULL AND OLD.account_key IS DISTINCT FROM NEW.account_key) THEN RAISE EXCEPTION 'frozen: a line is confirmed once, and belongs to one account' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER roll_line_is_confirmed_and_tied_once BEFORE UPDATE ON roll_line FOR EACH ROW EXECUTE FUNCTION roll_line_is_confirmed_and_tied_once()",
    "CREATE FUNCTION roll_line_stays_until_the_count() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) IN ('sealed', 'receiving', 'paused', 'working_up') THEN RAISE EXCEPTION 'append_only: a sealed list stays until the votes are counted' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER roll_line_stays_until_the_count BEFORE DELETE ON roll_line FOR EACH ROW EXECUTE FUNCTION roll_line_stays_until_the_count()",
    "CREATE FUNCTION poll_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (OLD.state <> 'draft') AND (OLD.tenant_id IS DISTINCT FROM NEW.tenant_id OR OLD.subject_kind IS DISTINCT FROM NEW.subject_kind OR OLD.subject_id IS DISTINCT FROM NEW.subject_id OR OLD.consultation_id IS DISTINCT FROM NEW.consultation_id OR OLD.repeat_no IS DISTINCT FROM NEW.repeat_no OR OLD.repeats_id IS DISTINCT FROM NEW.repeats_id OR OLD.title IS DISTINCT FROM NEW.title OR OLD.electorate IS DISTINCT FROM NEW.electorate OR OLD.electorate_terms IS DISTINCT FROM NEW.electorate_terms OR OLD.needs IS DISTINCT FROM NEW.needs OR OLD.age_rule IS DISTINCT FROM NEW.age_rule OR OLD.age IS DISTINCT FROM NEW.age OR OLD.area_lock IS DISTINCT FROM NEW.area_lock OR OLD.areas_most IS DISTINCT FROM NEW.areas_most OR OLD.revote IS DISTINCT FROM NEW.revote OR OLD.publication IS DISTINCT FROM NEW.publication OR OLD.effect IS DISTINCT FROM NEW.effect OR OLD.decided_by IS DISTINCT FROM NEW.decided_by OR OLD.decision_due IS DISTINCT FROM NEW.decision_due OR OLD.result_due IS DISTINCT FROM NEW.result_due OR OLD.order_seed IS DISTINCT FROM NEW.order_seed OR OLD.randomness_source IS DISTINCT FROM NEW.randomness_source OR OLD.randomness_shape IS DISTINCT FROM NEW.randomness_shape OR OLD.randomness_at IS DISTINCT FROM NEW.randomness_at OR OLD.signing_key IS DISTINCT FROM NEW.signing_key OR OLD.rules IS DISTINCT FROM NEW.rules OR OLD.rules_hash IS DISTINCT FROM NEW.rules_hash OR OLD.opens_at IS DISTINCT FROM NEW.opens_at OR OLD.sealed_at IS DISTINCT FROM NEW.sealed_at) THEN RAISE EXCEPTION 'frozen: poll can no longer be changed' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER poll_is_frozen BEFORE UPDATE ON poll FOR EACH ROW EXECUTE FUNCTION poll_is_frozen()",
    "CREATE FUNCTION participation_goes_only_at_the_count() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'cancelled' AND ((SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'counted' OR EXISTS (SELECT 1 FROM poll_result r WHERE r.poll_id = OLD.poll_id)) AND NOT ((SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) = 'working_up' AND EXISTS (SELECT 1 FROM vote_verdict v JOIN vote_case c ON c.id = v.case_id WHERE c.poll_id = OLD.poll_id AND v.verdict = 'take_out' AND v.confirmed_by IS NOT NULL AND c.person_key = OLD.person_key)) THEN RAISE EXCEPTION 'append_only: participation rows go only when they are counted, or never will be' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER participation_goes_only_at_the_count BEFORE DELETE ON participation FOR EACH ROW EXECUTE FUNCTION participation_goes_only_at_the_count()",
    "CREATE FUNCTION ballot_goes_only_at_the_count() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'cancelled' AND ((SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'counted' OR EXISTS (SELECT 1 FROM poll_result r WHERE r.poll_id = OLD.poll_id)) AND NOT ((SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) = 'working_up' AND EXISTS (SELECT 1 FROM vote_verdict v JOIN vote_case c ON c.id = v.case_id WHERE c.poll_id = OLD.poll_id AND v.verdict = 'take_out' AND v.confirmed_by IS NOT NULL) AND NOT EXISTS (SELECT 1 FROM receipt r WHERE r.poll_id = OLD.poll_id AND r.link_tag = OLD.link_tag AND NOT r.taken_out)) THEN RAISE EXCEPTION 'append_only: ballot rows go only when they are counted, or never will be' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER ballot_goes_only_at_the_count BEFORE DELETE ON ballot FOR EACH ROW EXECUTE FUNCTION ballot_goes_only_at_the_count()",
    "CREATE FUNCTION receipt_goes_only_at_the_count() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'cancelled' AND ((SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'counted' OR EXISTS (SELECT 1 FROM poll_result r WHERE r.poll_id = OLD.poll_id)) AND NOT ((SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) = 'working_up' AND EXISTS (SELECT 1 FROM vote_verdict v JOIN vote_case c ON c.id = v.case_id WHERE c.poll_id = OLD.poll_id AND v.verdict = 'take_out' AND v.confirmed_by IS NOT NULL) AND OLD.batch IS NULL AND NOT OLD.taken_out AND (SELECT count(*) FROM receipt r WHERE r.poll_id = OLD.poll_id AND NOT r.taken_out) > (SELECT count(*) FROM participation p WHERE p.poll_id = OLD.poll_id)) THEN RAISE EXCEPTION 'append_only: receipt rows go only when they are counted, or never will be' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER receipt_goes_only_at_the_count BEFORE DELETE ON receipt FOR EACH ROW EXECUTE FUNCTION receipt_goes_only_at_the_count()",
)
POSTGRESQL_DROPS = (
    "DROP TRIGGER receipt_goes_only_at_the_count ON receipt",
    "DROP FUNCTION receipt_goes_only_at_the_count()",
    "DROP TRIGGER ballot_goes_only_at_the_count ON ballot",
    "DROP FUNCTION ballot_goes_only_at_the_count()",
    "DROP TRIGGER participation_goes_only_at_the_count ON participation",
    "DROP FUNCTION participation_goes_only_at_the_count()",
    "DROP TRIGGER poll_is_frozen ON poll",
    "DROP FUNCTION poll_is_frozen()",
    "DROP TRIGGER roll_line_stays_until_the_count ON roll_line",
    "DROP FUNCTION roll_line_stays_until_the_count()",
    "DROP TRIGGER roll_line_is_confirmed_and_tied_once ON roll_line",
    "DROP FUNCTION roll_line_is_confirmed_and_tied_once()",
    "DROP TRIGGER roll_line_is_frozen ON roll_line",
    "DROP FUNCTION roll_line_is_frozen()",
    "DROP TRIGGER roll_line_comes_later_by_two ON roll_line",
    "DROP FUNCTION roll_line_comes_later_by_two()",
    "DROP TRIGGER voting_code_never_goes ON voting_code",
    "DROP FUNCTION voting_code_never_goes()",
    "DROP TRIGGER voting_code_is_used_or_void_once ON voting_code",
    "DROP FUNCTION voting_code_is_used_or_void_once()",
    "DROP TRIGGER voting_code_is_frozen ON voting_code",
    "DROP FUNCTION voting_code_is_frozen()",
    "DROP TRIGGER voting_code_comes_unused_when_printed ON voting_code",
    "DROP FUNCTION voting_code_comes_unused_when_printed()",
    "DROP TRIGGER code_batch_never_goes ON code_batch",
    "DROP FUNCTION code_batch_never_goes()",
    "DROP TRIGGER code_batch_is_printed_once_by_two ON code_batch",
    "DROP FUNCTION code_batch_is_printed_once_by_two()",
    "DROP TRIGGER code_batch_is_frozen ON code_batch",
    "DROP FUNCTION code_batch_is_frozen()",
    "DROP TRIGGER receipt_is_marked_as_taken_out ON receipt",
    "DROP FUNCTION receipt_is_marked_as_taken_out()",
    "DROP TRIGGER poll_counts_only_decided_cases ON poll",
    "DROP FUNCTION poll_counts_only_decided_cases()",
    "DROP TRIGGER vote_verdict_never_goes ON vote_verdict",
    "DROP FUNCTION vote_verdict_never_goes()",
    "DROP TRIGGER vote_verdict_is_confirmed_as_it_was_said ON vote_verdict",
    "DROP FUNCTION vote_verdict_is_confirmed_as_it_was_said()",
    "DROP TRIGGER vote_verdict_is_settled_once ON vote_verdict",
    "DROP FUNCTION vote_verdict_is_settled_once()",
    "DROP TRIGGER vote_verdict_begins_unconfirmed ON vote_verdict",
    "DROP FUNCTION vote_verdict_begins_unconfirmed()",
    "DROP TRIGGER vote_verdict_comes_before_the_count ON vote_verdict",
    "DROP FUNCTION vote_verdict_comes_before_the_count()",
    "DROP TRIGGER vote_case_goes_only_with_a_cancelled_poll ON vote_case",
    "DROP FUNCTION vote_case_goes_only_with_a_cancelled_poll()",
    "DROP TRIGGER vote_case_is_frozen ON vote_case",
    "DROP FUNCTION vote_case_is_frozen()",
    "DROP TRIGGER vote_case_comes_while_open ON vote_case",
    "DROP FUNCTION vote_case_comes_while_open()",
    "DROP TRIGGER voter_stays_until_the_count ON voter",
    "DROP FUNCTION voter_stays_until_the_count()",
    "DROP TRIGGER voter_is_frozen ON voter",
    "DROP FUNCTION voter_is_frozen()",
    "DROP TRIGGER voter_comes_while_open ON voter",
    "DROP FUNCTION voter_comes_while_open()",
)
FORMER_POSTGRESQL_GUARDS = (
    "CREATE FUNCTION poll_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (OLD.state <> 'draft') AND (OLD.tenant_id IS DISTINCT FROM NEW.tenant_id OR OLD.subject_kind IS DISTINCT FROM NEW.subject_kind OR OLD.subject_id IS DISTINCT FROM NEW.subject_id OR OLD.consultation_id IS DISTINCT FROM NEW.consultation_id OR OLD.repeat_no IS DISTINCT FROM NEW.repeat_no OR OLD.repeats_id IS DISTINCT FROM NEW.repeats_id OR OLD.title IS DISTINCT FROM NEW.title OR OLD.electorate IS DISTINCT FROM NEW.electorate OR OLD.needs IS DISTINCT FROM NEW.needs OR OLD.age_rule IS DISTINCT FROM NEW.age_rule OR OLD.age IS DISTINCT FROM NEW.age OR OLD.area_lock IS DISTINCT FROM NEW.area_lock OR OLD.areas_most IS DISTINCT FROM NEW.areas_most OR OLD.revote IS DISTINCT FROM NEW.revote OR OLD.publication IS DISTINCT FROM NEW.publication OR OLD.effect IS DISTINCT FROM NEW.effect OR OLD.decided_by IS DISTINCT FROM NEW.decided_by OR OLD.decision_due IS DISTINCT FROM NEW.decision_due OR OLD.result_due IS DISTINCT FROM NEW.result_due OR OLD.order_seed IS DISTINCT FROM NEW.order_seed OR OLD.randomness_source IS DISTINCT FROM NEW.randomness_source OR OLD.randomness_shape IS DISTINCT FROM NEW.randomness_shape OR OLD.randomness_at IS DISTINCT FROM NEW.randomness_at OR OLD.signing_key IS DISTINCT FROM NEW.signing_key OR OLD.rules IS DISTINCT FROM NEW.rules OR OLD.rules_hash IS DISTINCT FROM NEW.rules_hash OR OLD.opens_at IS DISTINCT FROM NEW.opens_at OR OLD.sealed_at IS DISTINCT FROM NEW.sealed_at) THEN RAISE EXCEPTION 'frozen: poll can no longer be changed' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER poll_is_frozen BEFORE UPDATE ON poll FOR EACH ROW EXECUTE FUNCTION poll_is_frozen()",
    "CREATE FUNCTION participation_goes_only_at_the_count() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'cancelled' AND ((SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'counted' OR EXISTS (SELECT 1 FROM poll_result r WHERE r.poll_id = OLD.poll_id)) THEN RAISE EXCEPTION 'append_only: participation rows go only when they are counted, or never will be' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER participation_goes_only_at_the_count BEFORE DELETE ON participation FOR EACH ROW EXECUTE FUNCTION participation_goes_only_at_the_count()",
    "CREATE FUNCTION ballot_goes_only_at_the_count() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'cancelled' AND ((SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'counted' OR EXISTS (SELECT 1 FROM poll_result r WHERE r.poll_id = OLD.poll_id)) THEN RAISE EXCEPTION 'append_only: ballot rows go only when they are counted, or never will be' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER ballot_goes_only_at_the_count BEFORE DELETE ON ballot FOR EACH ROW EXECUTE FUNCTION ballot_goes_only_at_the_count()",
    "CREATE FUNCTION receipt_goes_only_at_the_count() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'cancelled' AND ((SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'counted' OR EXISTS (SELECT 1 FROM poll_result r WHERE r.poll_id = OLD.poll_id)) THEN RAISE EXCEPTION 'append_only: receipt rows go only when they are counted, or never will be' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER receipt_goes_only_at_the_count BEFORE DELETE ON receipt FOR EACH ROW EXECUTE FUNCTION receipt_goes_only_at_the_count()",
)
FORMER_POSTGRESQL_DROPS = (
    "DROP TRIGGER receipt_goes_only_at_the_count ON receipt",
    "DROP FUNCTION receipt_goes_only_at_the_count()",
    "DROP TRIGGER ballot_goes_only_at_the_count ON ballot",
    "DROP FUNCTION ballot_goes_only_at_the_count()",
    "DROP TRIGGER participation_goes_only_at_the_count ON participation",
    "DROP FUNCTION participation_goes_only_at_the_count()",
    "DROP TRIGGER poll_is_frozen ON poll",
    "DROP FUNCTION poll_is_frozen()",
)


def upgrade() -> None:
    _run(FORMER_SQLITE_DROPS, FORMER_POSTGRESQL_DROPS)
    op.add_column(
        "poll", sa.Column("electorate_terms", sa.Text(), nullable=False, server_default="{}")
    )
    for table in ("receipt", "receipt_final"):
        op.add_column(
            table, sa.Column("taken_out", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    _create_tables()
    _run(SQLITE_GUARDS, POSTGRESQL_GUARDS)


def downgrade() -> None:
    _refuse_what_has_no_place_before()
    _run(SQLITE_DROPS, POSTGRESQL_DROPS)
    _drop_tables()
    for table in ("receipt_final", "receipt"):
        op.drop_column(table, "taken_out")
    op.drop_column("poll", "electorate_terms")
    _run(FORMER_SQLITE_GUARDS, FORMER_POSTGRESQL_GUARDS)


def _refuse_what_has_no_place_before() -> None:
    """The former program knows one electorate, and would let people vote twice."""
    other = op.get_bind().scalar(
        sa.text("SELECT count(*) FROM poll WHERE electorate <> 'residents' AND state <> 'draft'")
    )
    if other:
        raise RuntimeError("There are votes of electorates that the former version does not know.")


def _create_tables() -> None:
    op.create_table(
        "voter",
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("person_key", sa.Text(), nullable=False),
        sa.Column("given_name", sa.Text(), nullable=False),
        sa.Column("surname", sa.Text(), nullable=False),
        sa.Column("street", sa.Text(), nullable=False),
        sa.Column("house_no", sa.Text(), nullable=False),
        sa.Column("flat", sa.Text(), nullable=False),
        sa.Column("contact_kind", sa.Text(), nullable=False),
        sa.Column("contact_hash", sa.Text(), nullable=False),
        sa.CheckConstraint("contact_kind IN ('email', 'sms')", name=op.f("ck_voter_contact_kind")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "poll_id"],
            ["poll.tenant_id", "poll.id"],
            name=op.f("fk_voter_tenant_id_poll_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["municipality.id"], name=op.f("fk_voter_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "poll_id", "person_key", name=op.f("pk_voter")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "contact_code",
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("contact_hash", sa.Text(), nullable=False),
        sa.Column("code_hash", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("0 <= tries", name=op.f("ck_contact_code_tries")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "poll_id"],
            ["poll.tenant_id", "poll.id"],
            name=op.f("fk_contact_code_tenant_id_poll_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["municipality.id"], name=op.f("fk_contact_code_tenant_id")
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_contact_code")),
    )
    op.create_index("ix_contact_code_expires_at", "contact_code", ["expires_at"], unique=False)
    op.create_index(op.f("ix_contact_code_tenant_id"), "contact_code", ["tenant_id"], unique=False)
    op.create_table(
        "vote_signal",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value_hash", sa.Text(), nullable=False),
        sa.Column("hour", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('contact', 'network', 'home')", name=op.f("ck_vote_signal_kind")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "poll_id"],
            ["poll.tenant_id", "poll.id"],
            name=op.f("fk_vote_signal_tenant_id_poll_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vote_signal")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_vote_signal_poll", "vote_signal", ["poll_id", "kind", "value_hash"], unique=False
    )
    op.create_table(
        "vote_case",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("person_key", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('household', 'not_mine', 'disputed')", name=op.f("ck_vote_case_kind")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "poll_id"],
            ["poll.tenant_id", "poll.id"],
            name=op.f("fk_vote_case_tenant_id_poll_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["municipality.id"], name=op.f("fk_vote_case_tenant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vote_case")),
        sa.UniqueConstraint(
            "poll_id", "person_key", "kind", name=op.f("uq_vote_case_poll_id_person_key_kind")
        ),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_vote_case_tenant_id_id")),
    )
    op.create_index(op.f("ix_vote_case_tenant_id"), "vote_case", ["tenant_id"], unique=False)
    op.create_table(
        "vote_verdict",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("said_by", sa.Integer(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("verdict IN ('keep', 'take_out')", name=op.f("ck_vote_verdict_verdict")),
        sa.CheckConstraint(
            "(confirmed_by IS NULL) = (confirmed_at IS NULL)",
            name=op.f("ck_vote_verdict_confirmed"),
        ),
        sa.CheckConstraint("confirmed_by <> said_by", name=op.f("ck_vote_verdict_two_persons")),
        sa.CheckConstraint("length(reason) >= 10", name=op.f("ck_vote_verdict_reason")),
        sa.ForeignKeyConstraint(
            ["confirmed_by"], ["person.id"], name=op.f("fk_vote_verdict_confirmed_by")
        ),
        sa.ForeignKeyConstraint(["said_by"], ["person.id"], name=op.f("fk_vote_verdict_said_by")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "case_id"],
            ["vote_case.tenant_id", "vote_case.id"],
            name=op.f("fk_vote_verdict_tenant_id_case_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["municipality.id"], name=op.f("fk_vote_verdict_tenant_id")
        ),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_vote_verdict")),
    )
    op.create_index(op.f("ix_vote_verdict_tenant_id"), "vote_verdict", ["tenant_id"], unique=False)
    op.create_table(
        "code_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("codes", sa.Integer(), nullable=False),
        sa.Column("ordered_by", sa.Integer(), nullable=False),
        sa.Column("ordered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("printed_by", sa.Integer(), nullable=True),
        sa.Column("printed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("1 <= codes AND codes <= 1000", name=op.f("ck_code_batch_codes")),
        sa.ForeignKeyConstraint(
            ["ordered_by"], ["person.id"], name=op.f("fk_code_batch_ordered_by")
        ),
        sa.ForeignKeyConstraint(
            ["printed_by"], ["person.id"], name=op.f("fk_code_batch_printed_by")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "poll_id"],
            ["poll.tenant_id", "poll.id"],
            name=op.f("fk_code_batch_tenant_id_poll_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["municipality.id"], name=op.f("fk_code_batch_tenant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_code_batch")),
        sa.UniqueConstraint("poll_id", "no", name=op.f("uq_code_batch_poll_id_no")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_code_batch_tenant_id_id")),
    )
    op.create_index(op.f("ix_code_batch_tenant_id"), "code_batch", ["tenant_id"], unique=False)
    op.create_table(
        "voting_code",
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("void_reason", sa.Text(), nullable=False),
        sa.Column("person_key", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(state = 'used') = (person_key IS NOT NULL)",
            name=op.f("ck_voting_code_used_has_person"),
        ),
        sa.CheckConstraint(
            "(state = 'void') = (length(void_reason) >= 10)",
            name=op.f("ck_voting_code_void_has_reason"),
        ),
        sa.CheckConstraint(
            "state IN ('unused', 'used', 'void')", name=op.f("ck_voting_code_state")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "batch_id"],
            ["code_batch.tenant_id", "code_batch.id"],
            name=op.f("fk_voting_code_tenant_id_batch_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "poll_id"],
            ["poll.tenant_id", "poll.id"],
            name=op.f("fk_voting_code_tenant_id_poll_id"),
        ),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_voting_code")),
        sa.UniqueConstraint("batch_id", "serial", name=op.f("uq_voting_code_batch_id_serial")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_voting_code_poll", "voting_code", ["poll_id", "state"], unique=False)
    op.create_table(
        "roll_line",
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("added_by", sa.Integer(), nullable=True),
        sa.Column("confirmed_by", sa.Integer(), nullable=True),
        sa.Column("account_key", sa.Text(), nullable=True),
        sa.CheckConstraint("confirmed_by <> added_by", name=op.f("ck_roll_line_two_persons")),
        sa.CheckConstraint(
            "confirmed_by IS NULL OR added_by IS NOT NULL", name=op.f("ck_roll_line_added_first")
        ),
        sa.ForeignKeyConstraint(["added_by"], ["person.id"], name=op.f("fk_roll_line_added_by")),
        sa.ForeignKeyConstraint(
            ["confirmed_by"], ["person.id"], name=op.f("fk_roll_line_confirmed_by")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "poll_id"],
            ["poll.tenant_id", "poll.id"],
            name=op.f("fk_roll_line_tenant_id_poll_id"),
        ),
        sa.PrimaryKeyConstraint("poll_id", "no", name=op.f("pk_roll_line")),
        sa.UniqueConstraint(
            "poll_id", "account_key", name=op.f("uq_roll_line_poll_id_account_key")
        ),
        sa.UniqueConstraint("poll_id", "email", name=op.f("uq_roll_line_poll_id_email")),
        sqlite_with_rowid=False,
    )


def _drop_tables() -> None:
    op.drop_table("roll_line")
    op.drop_index("ix_voting_code_poll", table_name="voting_code")
    op.drop_table("voting_code")
    op.drop_index("ix_code_batch_tenant_id", table_name="code_batch")
    op.drop_table("code_batch")
    op.drop_index("ix_vote_verdict_tenant_id", table_name="vote_verdict")
    op.drop_table("vote_verdict")
    op.drop_index("ix_vote_case_tenant_id", table_name="vote_case")
    op.drop_table("vote_case")
    op.drop_index("ix_vote_signal_poll", table_name="vote_signal")
    op.drop_table("vote_signal")
    op.drop_index("ix_contact_code_tenant_id", table_name="contact_code")
    op.drop_index("ix_contact_code_expires_at", table_name="contact_code")
    op.drop_table("contact_code")
    op.drop_table("voter")


def _run(sqlite: tuple[str, ...], postgresql: tuple[str, ...]) -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in sqlite if is_sqlite else postgresql:
        op.execute(sa.text(statement.replace(":", r"\:")))
