"""A count of many: guards ask once a statement, a stopped count says why."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

# Guards, written out: a migration never imports the application.
SQLITE_GUARDS = (
    "CREATE TRIGGER participation_goes_only_at_the_count AFTER DELETE ON participation FOR EACH ROW WHEN NOT EXISTS (SELECT 1 FROM poll p WHERE p.id = OLD.poll_id AND p.tenant_id = OLD.tenant_id AND (p.state = 'cancelled' OR (p.state = 'counted' AND NOT EXISTS (SELECT 1 FROM poll_result r WHERE r.poll_id = p.id)))) AND NOT ((SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) = 'working_up' AND EXISTS (SELECT 1 FROM vote_verdict v JOIN vote_case c ON c.id = v.case_id WHERE c.poll_id = OLD.poll_id AND v.verdict = 'take_out' AND v.confirmed_by IS NOT NULL AND c.person_key = OLD.person_key)) BEGIN SELECT RAISE(ABORT, 'append_only: participation rows go only when they are counted, or never will be'); END",
    "CREATE TRIGGER ballot_goes_only_at_the_count AFTER DELETE ON ballot FOR EACH ROW WHEN NOT EXISTS (SELECT 1 FROM poll p WHERE p.id = OLD.poll_id AND p.tenant_id = OLD.tenant_id AND (p.state = 'cancelled' OR (p.state = 'counted' AND NOT EXISTS (SELECT 1 FROM poll_result r WHERE r.poll_id = p.id)))) AND NOT ((SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) = 'working_up' AND EXISTS (SELECT 1 FROM vote_verdict v JOIN vote_case c ON c.id = v.case_id WHERE c.poll_id = OLD.poll_id AND v.verdict = 'take_out' AND v.confirmed_by IS NOT NULL) AND NOT EXISTS (SELECT 1 FROM receipt r WHERE r.poll_id = OLD.poll_id AND r.link_tag = OLD.link_tag AND NOT r.taken_out)) BEGIN SELECT RAISE(ABORT, 'append_only: ballot rows go only when they are counted, or never will be'); END",
    "CREATE TRIGGER receipt_goes_only_at_the_count AFTER DELETE ON receipt FOR EACH ROW WHEN NOT EXISTS (SELECT 1 FROM poll p WHERE p.id = OLD.poll_id AND p.tenant_id = OLD.tenant_id AND (p.state = 'cancelled' OR (p.state = 'counted' AND NOT EXISTS (SELECT 1 FROM poll_result r WHERE r.poll_id = p.id)))) AND NOT ((SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) = 'working_up' AND EXISTS (SELECT 1 FROM vote_verdict v JOIN vote_case c ON c.id = v.case_id WHERE c.poll_id = OLD.poll_id AND v.verdict = 'take_out' AND v.confirmed_by IS NOT NULL) AND OLD.batch IS NULL AND NOT OLD.taken_out AND (SELECT count(*) FROM receipt r WHERE r.poll_id = OLD.poll_id AND NOT r.taken_out) >= (SELECT count(*) FROM participation p WHERE p.poll_id = OLD.poll_id AND p.channel <> 'paper')) BEGIN SELECT RAISE(ABORT, 'append_only: receipt rows go only when they are counted, or never will be'); END",
    "CREATE TRIGGER card_goes_only_at_the_count AFTER DELETE ON card FOR EACH ROW WHEN NOT EXISTS (SELECT 1 FROM poll p WHERE p.id = OLD.poll_id AND p.tenant_id = OLD.tenant_id AND (p.state = 'cancelled' OR (p.state = 'counted' AND NOT EXISTS (SELECT 1 FROM poll_result r WHERE r.poll_id = p.id)))) AND NOT (OLD.state = 'once' AND (SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) = 'working_up') BEGIN SELECT RAISE(ABORT, 'append_only: card rows go only when they are counted, or never will be'); END",
    "CREATE TRIGGER card_keying_goes_only_at_the_count AFTER DELETE ON card_keying FOR EACH ROW WHEN NOT EXISTS (SELECT 1 FROM poll p WHERE p.id = OLD.poll_id AND p.tenant_id = OLD.tenant_id AND (p.state = 'cancelled' OR (p.state = 'counted' AND NOT EXISTS (SELECT 1 FROM poll_result r WHERE r.poll_id = p.id)))) AND NOT ((SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) = 'working_up' AND NOT EXISTS (SELECT 1 FROM card c WHERE c.poll_id = OLD.poll_id AND c.serial = OLD.serial AND c.state <> 'once')) BEGIN SELECT RAISE(ABORT, 'append_only: card_keying rows go only when they are counted, or never will be'); END",
    "CREATE TRIGGER ballot_final_comes_only_at_the_count AFTER INSERT ON ballot_final FOR EACH ROW WHEN NOT EXISTS (SELECT 1 FROM poll p WHERE p.id = NEW.poll_id AND p.tenant_id = NEW.tenant_id AND (FALSE OR (p.state = 'counted' AND NOT EXISTS (SELECT 1 FROM poll_result r WHERE r.poll_id = p.id)))) BEGIN SELECT RAISE(ABORT, 'closed: ballot_final rows come only when they are counted'); END",
    "CREATE TRIGGER receipt_final_comes_only_at_the_count AFTER INSERT ON receipt_final FOR EACH ROW WHEN NOT EXISTS (SELECT 1 FROM poll p WHERE p.id = NEW.poll_id AND p.tenant_id = NEW.tenant_id AND (FALSE OR (p.state = 'counted' AND NOT EXISTS (SELECT 1 FROM poll_result r WHERE r.poll_id = p.id)))) BEGIN SELECT RAISE(ABORT, 'closed: receipt_final rows come only when they are counted'); END",
    "CREATE TRIGGER participation_final_comes_only_at_the_count AFTER INSERT ON participation_final FOR EACH ROW WHEN NOT EXISTS (SELECT 1 FROM poll p WHERE p.id = NEW.poll_id AND p.tenant_id = NEW.tenant_id AND (FALSE OR (p.state = 'counted' AND NOT EXISTS (SELECT 1 FROM poll_result r WHERE r.poll_id = p.id)))) BEGIN SELECT RAISE(ABORT, 'closed: participation_final rows come only when they are counted'); END",
    "CREATE TRIGGER count_stop_never_changes BEFORE UPDATE ON count_stop FOR EACH ROW WHEN TRUE BEGIN SELECT RAISE(ABORT, 'append_only: count_stop rows are never changed'); END",
    "CREATE TRIGGER count_stop_never_goes BEFORE DELETE ON count_stop FOR EACH ROW WHEN TRUE BEGIN SELECT RAISE(ABORT, 'append_only: count_stop rows are never removed'); END",
)
SQLITE_DROPS = (
    "DROP TRIGGER count_stop_never_goes",
    "DROP TRIGGER count_stop_never_changes",
    "DROP TRIGGER participation_final_comes_only_at_the_count",
    "DROP TRIGGER receipt_final_comes_only_at_the_count",
    "DROP TRIGGER ballot_final_comes_only_at_the_count",
    "DROP TRIGGER card_keying_goes_only_at_the_count",
    "DROP TRIGGER card_goes_only_at_the_count",
    "DROP TRIGGER receipt_goes_only_at_the_count",
    "DROP TRIGGER ballot_goes_only_at_the_count",
    "DROP TRIGGER participation_goes_only_at_the_count",
)
FORMER_SQLITE_GUARDS = (
    "CREATE TRIGGER participation_goes_only_at_the_count BEFORE DELETE ON participation FOR EACH ROW WHEN (SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'cancelled' AND ((SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'counted' OR EXISTS (SELECT 1 FROM poll_result r WHERE r.poll_id = OLD.poll_id)) AND NOT ((SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) = 'working_up' AND EXISTS (SELECT 1 FROM vote_verdict v JOIN vote_case c ON c.id = v.case_id WHERE c.poll_id = OLD.poll_id AND v.verdict = 'take_out' AND v.confirmed_by IS NOT NULL AND c.person_key = OLD.person_key)) BEGIN SELECT RAISE(ABORT, 'append_only: participation rows go only when they are counted, or never will be'); END",
    "CREATE TRIGGER ballot_goes_only_at_the_count BEFORE DELETE ON ballot FOR EACH ROW WHEN (SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'cancelled' AND ((SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'counted' OR EXISTS (SELECT 1 FROM poll_result r WHERE r.poll_id = OLD.poll_id)) AND NOT ((SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) = 'working_up' AND EXISTS (SELECT 1 FROM vote_verdict v JOIN vote_case c ON c.id = v.case_id WHERE c.poll_id = OLD.poll_id AND v.verdict = 'take_out' AND v.confirmed_by IS NOT NULL) AND NOT EXISTS (SELECT 1 FROM receipt r WHERE r.poll_id = OLD.poll_id AND r.link_tag = OLD.link_tag AND NOT r.taken_out)) BEGIN SELECT RAISE(ABORT, 'append_only: ballot rows go only when they are counted, or never will be'); END",
    "CREATE TRIGGER receipt_goes_only_at_the_count BEFORE DELETE ON receipt FOR EACH ROW WHEN (SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'cancelled' AND ((SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'counted' OR EXISTS (SELECT 1 FROM poll_result r WHERE r.poll_id = OLD.poll_id)) AND NOT ((SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) = 'working_up' AND EXISTS (SELECT 1 FROM vote_verdict v JOIN vote_case c ON c.id = v.case_id WHERE c.poll_id = OLD.poll_id AND v.verdict = 'take_out' AND v.confirmed_by IS NOT NULL) AND OLD.batch IS NULL AND NOT OLD.taken_out AND (SELECT count(*) FROM receipt r WHERE r.poll_id = OLD.poll_id AND NOT r.taken_out) > (SELECT count(*) FROM participation p WHERE p.poll_id = OLD.poll_id AND p.channel <> 'paper')) BEGIN SELECT RAISE(ABORT, 'append_only: receipt rows go only when they are counted, or never will be'); END",
    "CREATE TRIGGER card_goes_only_at_the_count BEFORE DELETE ON card FOR EACH ROW WHEN (SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'cancelled' AND ((SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'counted' OR EXISTS (SELECT 1 FROM poll_result r WHERE r.poll_id = OLD.poll_id)) AND NOT (OLD.state = 'once' AND (SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) = 'working_up') BEGIN SELECT RAISE(ABORT, 'append_only: card rows go only when they are counted, or never will be'); END",
    "CREATE TRIGGER card_keying_goes_only_at_the_count BEFORE DELETE ON card_keying FOR EACH ROW WHEN (SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'cancelled' AND ((SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'counted' OR EXISTS (SELECT 1 FROM poll_result r WHERE r.poll_id = OLD.poll_id)) AND NOT ((SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) = 'working_up' AND NOT EXISTS (SELECT 1 FROM card c WHERE c.poll_id = OLD.poll_id AND c.serial = OLD.serial AND c.state <> 'once')) BEGIN SELECT RAISE(ABORT, 'append_only: card_keying rows go only when they are counted, or never will be'); END",
    "CREATE TRIGGER ballot_final_comes_only_at_the_count BEFORE INSERT ON ballot_final FOR EACH ROW WHEN (SELECT p.state FROM poll p WHERE p.id = NEW.poll_id) <> 'counted' OR EXISTS (SELECT 1 FROM poll_result r WHERE r.poll_id = NEW.poll_id) BEGIN SELECT RAISE(ABORT, 'closed: ballot_final rows come only when they are counted'); END",
    "CREATE TRIGGER receipt_final_comes_only_at_the_count BEFORE INSERT ON receipt_final FOR EACH ROW WHEN (SELECT p.state FROM poll p WHERE p.id = NEW.poll_id) <> 'counted' OR EXISTS (SELECT 1 FROM poll_result r WHERE r.poll_id = NEW.poll_id) BEGIN SELECT RAISE(ABORT, 'closed: receipt_final rows come only when they are counted'); END",
    "CREATE TRIGGER participation_final_comes_only_at_the_count BEFORE INSERT ON participation_final FOR EACH ROW WHEN (SELECT p.state FROM poll p WHERE p.id = NEW.poll_id) <> 'counted' OR EXISTS (SELECT 1 FROM poll_result r WHERE r.poll_id = NEW.poll_id) BEGIN SELECT RAISE(ABORT, 'closed: participation_final rows come only when they are counted'); END",
)
FORMER_SQLITE_DROPS = (
    "DROP TRIGGER participation_final_comes_only_at_the_count",
    "DROP TRIGGER receipt_final_comes_only_at_the_count",
    "DROP TRIGGER ballot_final_comes_only_at_the_count",
    "DROP TRIGGER card_keying_goes_only_at_the_count",
    "DROP TRIGGER card_goes_only_at_the_count",
    "DROP TRIGGER receipt_goes_only_at_the_count",
    "DROP TRIGGER ballot_goes_only_at_the_count",
    "DROP TRIGGER participation_goes_only_at_the_count",
)
POSTGRESQL_GUARDS = (
    "CREATE FUNCTION participation_goes_only_at_the_count() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM gone WHERE NOT EXISTS (SELECT 1 FROM poll p WHERE p.id = gone.poll_id AND p.tenant_id = gone.tenant_id AND (p.state = 'cancelled' OR (p.state = 'counted' AND NOT EXISTS (SELECT 1 FROM poll_result r WHERE r.poll_id = p.id)))) AND NOT ((SELECT p.state FROM poll p WHERE p.id = gone.poll_id) = 'working_up' AND EXISTS (SELECT 1 FROM vote_verdict v JOIN vote_case c ON c.id = v.case_id WHERE c.poll_id = gone.poll_id AND v.verdict = 'take_out' AND v.confirmed_by IS NOT NULL AND c.person_key = gone.person_key))) THEN RAISE EXCEPTION 'append_only: participation rows go only when they are counted, or never will be' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$",
    "CREATE TRIGGER participation_goes_only_at_the_count AFTER DELETE ON participation REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION participation_goes_only_at_the_count()",
    "CREATE FUNCTION ballot_goes_only_at_the_count() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM gone WHERE NOT EXISTS (SELECT 1 FROM poll p WHERE p.id = gone.poll_id AND p.tenant_id = gone.tenant_id AND (p.state = 'cancelled' OR (p.state = 'counted' AND NOT EXISTS (SELECT 1 FROM poll_result r WHERE r.poll_id = p.id)))) AND NOT ((SELECT p.state FROM poll p WHERE p.id = gone.poll_id) = 'working_up' AND EXISTS (SELECT 1 FROM vote_verdict v JOIN vote_case c ON c.id = v.case_id WHERE c.poll_id = gone.poll_id AND v.verdict = 'take_out' AND v.confirmed_by IS NOT NULL) AND NOT EXISTS (SELECT 1 FROM receipt r WHERE r.poll_id = gone.poll_id AND r.link_tag = gone.link_tag AND NOT r.taken_out))) THEN RAISE EXCEPTION 'append_only: ballot rows go only when they are counted, or never will be' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$",
    "CREATE TRIGGER ballot_goes_only_at_the_count AFTER DELETE ON ballot REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION ballot_goes_only_at_the_count()",
    "CREATE FUNCTION receipt_goes_only_at_the_count() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM gone WHERE NOT EXISTS (SELECT 1 FROM poll p WHERE p.id = gone.poll_id AND p.tenant_id = gone.tenant_id AND (p.state = 'cancelled' OR (p.state = 'counted' AND NOT EXISTS (SELECT 1 FROM poll_result r WHERE r.poll_id = p.id)))) AND NOT ((SELECT p.state FROM poll p WHERE p.id = gone.poll_id) = 'working_up' AND EXISTS (SELECT 1 FROM vote_verdict v JOIN vote_case c ON c.id = v.case_id WHERE c.poll_id = gone.poll_id AND v.verdict = 'take_out' AND v.confirmed_by IS NOT NULL) AND gone.batch IS NULL AND NOT gone.taken_out AND (SELECT count(*) FROM receipt r WHERE r.poll_id = gone.poll_id AND NOT r.taken_out) >= (SELECT count(*) FROM participation p WHERE p.poll_id = gone.poll_id AND p.channel <> 'paper'))) THEN RAISE EXCEPTION 'append_only: receipt rows go only when they are counted, or never will be' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$",
    "CREATE TRIGGER receipt_goes_only_at_the_count AFTER DELETE ON receipt REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION receipt_goes_only_at_the_count()",
    "CREATE FUNCTION card_goes_only_at_the_count() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM gone WHERE NOT EXISTS (SELECT 1 FROM poll p WHERE p.id = gone.poll_id AND p.tenant_id = gone.tenant_id AND (p.state = 'cancelled' OR (p.state = 'counted' AND NOT EXISTS (SELECT 1 FROM poll_result r WHERE r.poll_id = p.id)))) AND NOT (gone.state = 'once' AND (SELECT p.state FROM poll p WHERE p.id = gone.poll_id) = 'working_up')) THEN RAISE EXCEPTION 'append_only: card rows go only when they are counted, or never will be' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$",
    "CREATE TRIGGER card_goes_only_at_the_count AFTER DELETE ON card REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION card_goes_only_at_the_count()",
    "CREATE FUNCTION card_keying_goes_only_at_the_count() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM gone WHERE NOT EXISTS (SELECT 1 FROM poll p WHERE p.id = gone.poll_id AND p.tenant_id = gone.tenant_id AND (p.state = 'cancelled' OR (p.state = 'counted' AND NOT EXISTS (SELECT 1 FROM poll_result r WHERE r.poll_id = p.id)))) AND NOT ((SELECT p.state FROM poll p WHERE p.id = gone.poll_id) = 'working_up' AND NOT EXISTS (SELECT 1 FROM card c WHERE c.poll_id = gone.poll_id AND c.serial = gone.serial AND c.state <> 'once'))) THEN RAISE EXCEPTION 'append_only: card_keying rows go only when they are counted, or never will be' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$",
    "CREATE TRIGGER card_keying_goes_only_at_the_count AFTER DELETE ON card_keying REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION card_keying_goes_only_at_the_count()",
    "CREATE FUNCTION ballot_final_comes_only_at_the_count() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM come WHERE NOT EXISTS (SELECT 1 FROM poll p WHERE p.id = come.poll_id AND p.tenant_id = come.tenant_id AND (FALSE OR (p.state = 'counted' AND NOT EXISTS (SELECT 1 FROM poll_result r WHERE r.poll_id = p.id))))) THEN RAISE EXCEPTION 'closed: ballot_final rows come only when they are counted' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$",
    "CREATE TRIGGER ballot_final_comes_only_at_the_count AFTER INSERT ON ballot_final REFERENCING NEW TABLE AS come FOR EACH STATEMENT EXECUTE FUNCTION ballot_final_comes_only_at_the_count()",
    "CREATE FUNCTION receipt_final_comes_only_at_the_count() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM come WHERE NOT EXISTS (SELECT 1 FROM poll p WHERE p.id = come.poll_id AND p.tenant_id = come.tenant_id AND (FALSE OR (p.state = 'counted' AND NOT EXISTS (SELECT 1 FROM poll_result r WHERE r.poll_id = p.id))))) THEN RAISE EXCEPTION 'closed: receipt_final rows come only when they are counted' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$",
    "CREATE TRIGGER receipt_final_comes_only_at_the_count AFTER INSERT ON receipt_final REFERENCING NEW TABLE AS come FOR EACH STATEMENT EXECUTE FUNCTION receipt_final_comes_only_at_the_count()",
    "CREATE FUNCTION participation_final_comes_only_at_the_count() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM come WHERE NOT EXISTS (SELECT 1 FROM poll p WHERE p.id = come.poll_id AND p.tenant_id = come.tenant_id AND (FALSE OR (p.state = 'counted' AND NOT EXISTS (SELECT 1 FROM poll_result r WHERE r.poll_id = p.id))))) THEN RAISE EXCEPTION 'closed: participation_final rows come only when they are counted' USING ERRCODE = 'check_violation'; END IF; RETURN NULL; END $$",
    "CREATE TRIGGER participation_final_comes_only_at_the_count AFTER INSERT ON participation_final REFERENCING NEW TABLE AS come FOR EACH STATEMENT EXECUTE FUNCTION participation_final_comes_only_at_the_count()",
    "CREATE FUNCTION count_stop_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TRUE THEN RAISE EXCEPTION 'append_only: count_stop rows are never changed' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER count_stop_never_changes BEFORE UPDATE ON count_stop FOR EACH ROW EXECUTE FUNCTION count_stop_never_changes()",
    "CREATE FUNCTION count_stop_never_goes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TRUE THEN RAISE EXCEPTION 'append_only: count_stop rows are never removed' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER count_stop_never_goes BEFORE DELETE ON count_stop FOR EACH ROW EXECUTE FUNCTION count_stop_never_goes()",
)
POSTGRESQL_DROPS = (
    "DROP TRIGGER count_stop_never_goes ON count_stop",
    "DROP FUNCTION count_stop_never_goes()",
    "DROP TRIGGER count_stop_never_changes ON count_stop",
    "DROP FUNCTION count_stop_never_changes()",
    "DROP TRIGGER participation_final_comes_only_at_the_count ON participation_final",
    "DROP FUNCTION participation_final_comes_only_at_the_count()",
    "DROP TRIGGER receipt_final_comes_only_at_the_count ON receipt_final",
    "DROP FUNCTION receipt_final_comes_only_at_the_count()",
    "DROP TRIGGER ballot_final_comes_only_at_the_count ON ballot_final",
    "DROP FUNCTION ballot_final_comes_only_at_the_count()",
    "DROP TRIGGER card_keying_goes_only_at_the_count ON card_keying",
    "DROP FUNCTION card_keying_goes_only_at_the_count()",
    "DROP TRIGGER card_goes_only_at_the_count ON card",
    "DROP FUNCTION card_goes_only_at_the_count()",
    "DROP TRIGGER receipt_goes_only_at_the_count ON receipt",
    "DROP FUNCTION receipt_goes_only_at_the_count()",
    "DROP TRIGGER ballot_goes_only_at_the_count ON ballot",
    "DROP FUNCTION ballot_goes_only_at_the_count()",
    "DROP TRIGGER participation_goes_only_at_the_count ON participation",
    "DROP FUNCTION participation_goes_only_at_the_count()",
)
FORMER_POSTGRESQL_GUARDS = (
    "CREATE FUNCTION participation_goes_only_at_the_count() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'cancelled' AND ((SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'counted' OR EXISTS (SELECT 1 FROM poll_result r WHERE r.poll_id = OLD.poll_id)) AND NOT ((SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) = 'working_up' AND EXISTS (SELECT 1 FROM vote_verdict v JOIN vote_case c ON c.id = v.case_id WHERE c.poll_id = OLD.poll_id AND v.verdict = 'take_out' AND v.confirmed_by IS NOT NULL AND c.person_key = OLD.person_key)) THEN RAISE EXCEPTION 'append_only: participation rows go only when they are counted, or never will be' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER participation_goes_only_at_the_count BEFORE DELETE ON participation FOR EACH ROW EXECUTE FUNCTION participation_goes_only_at_the_count()",
    "CREATE FUNCTION ballot_goes_only_at_the_count() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'cancelled' AND ((SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'counted' OR EXISTS (SELECT 1 FROM poll_result r WHERE r.poll_id = OLD.poll_id)) AND NOT ((SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) = 'working_up' AND EXISTS (SELECT 1 FROM vote_verdict v JOIN vote_case c ON c.id = v.case_id WHERE c.poll_id = OLD.poll_id AND v.verdict = 'take_out' AND v.confirmed_by IS NOT NULL) AND NOT EXISTS (SELECT 1 FROM receipt r WHERE r.poll_id = OLD.poll_id AND r.link_tag = OLD.link_tag AND NOT r.taken_out)) THEN RAISE EXCEPTION 'append_only: ballot rows go only when they are counted, or never will be' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER ballot_goes_only_at_the_count BEFORE DELETE ON ballot FOR EACH ROW EXECUTE FUNCTION ballot_goes_only_at_the_count()",
    "CREATE FUNCTION receipt_goes_only_at_the_count() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'cancelled' AND ((SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'counted' OR EXISTS (SELECT 1 FROM poll_result r WHERE r.poll_id = OLD.poll_id)) AND NOT ((SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) = 'working_up' AND EXISTS (SELECT 1 FROM vote_verdict v JOIN vote_case c ON c.id = v.case_id WHERE c.poll_id = OLD.poll_id AND v.verdict = 'take_out' AND v.confirmed_by IS NOT NULL) AND OLD.batch IS NULL AND NOT OLD.taken_out AND (SELECT count(*) FROM receipt r WHERE r.poll_id = OLD.poll_id AND NOT r.taken_out) > (SELECT count(*) FROM participation p WHERE p.poll_id = OLD.poll_id AND p.channel <> 'paper')) THEN RAISE EXCEPTION 'append_only: receipt rows go only when they are counted, or never will be' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER receipt_goes_only_at_the_count BEFORE DELETE ON receipt FOR EACH ROW EXECUTE FUNCTION receipt_goes_only_at_the_count()",
    "CREATE FUNCTION card_goes_only_at_the_count() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'cancelled' AND ((SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'counted' OR EXISTS (SELECT 1 FROM poll_result r WHERE r.poll_id = OLD.poll_id)) AND NOT (OLD.state = 'once' AND (SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) = 'working_up') THEN RAISE EXCEPTION 'append_only: card rows go only when they are counted, or never will be' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER card_goes_only_at_the_count BEFORE DELETE ON card FOR EACH ROW EXECUTE FUNCTION card_goes_only_at_the_count()",
    "CREATE FUNCTION card_keying_goes_only_at_the_count() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'cancelled' AND ((SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) <> 'counted' OR EXISTS (SELECT 1 FROM poll_result r WHERE r.poll_id = OLD.poll_id)) AND NOT ((SELECT p.state FROM poll p WHERE p.id = OLD.poll_id) = 'working_up' AND NOT EXISTS (SELECT 1 FROM card c WHERE c.poll_id = OLD.poll_id AND c.serial = OLD.serial AND c.state <> 'once')) THEN RAISE EXCEPTION 'append_only: card_keying rows go only when they are counted, or never will be' USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER card_keying_goes_only_at_the_count BEFORE DELETE ON card_keying FOR EACH ROW EXECUTE FUNCTION card_keying_goes_only_at_the_count()",
    "CREATE FUNCTION ballot_final_comes_only_at_the_count() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (SELECT p.state FROM poll p WHERE p.id = NEW.poll_id) <> 'counted' OR EXISTS (SELECT 1 FROM poll_result r WHERE r.poll_id = NEW.poll_id) THEN RAISE EXCEPTION 'closed: ballot_final rows come only when they are counted' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER ballot_final_comes_only_at_the_count BEFORE INSERT ON ballot_final FOR EACH ROW EXECUTE FUNCTION ballot_final_comes_only_at_the_count()",
    "CREATE FUNCTION receipt_final_comes_only_at_the_count() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (SELECT p.state FROM poll p WHERE p.id = NEW.poll_id) <> 'counted' OR EXISTS (SELECT 1 FROM poll_result r WHERE r.poll_id = NEW.poll_id) THEN RAISE EXCEPTION 'closed: receipt_final rows come only when they are counted' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER receipt_final_comes_only_at_the_count BEFORE INSERT ON receipt_final FOR EACH ROW EXECUTE FUNCTION receipt_final_comes_only_at_the_count()",
    "CREATE FUNCTION participation_final_comes_only_at_the_count() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF (SELECT p.state FROM poll p WHERE p.id = NEW.poll_id) <> 'counted' OR EXISTS (SELECT 1 FROM poll_result r WHERE r.poll_id = NEW.poll_id) THEN RAISE EXCEPTION 'closed: participation_final rows come only when they are counted' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER participation_final_comes_only_at_the_count BEFORE INSERT ON participation_final FOR EACH ROW EXECUTE FUNCTION participation_final_comes_only_at_the_count()",
)
FORMER_POSTGRESQL_DROPS = (
    "DROP TRIGGER participation_final_comes_only_at_the_count ON participation_final",
    "DROP FUNCTION participation_final_comes_only_at_the_count()",
    "DROP TRIGGER receipt_final_comes_only_at_the_count ON receipt_final",
    "DROP FUNCTION receipt_final_comes_only_at_the_count()",
    "DROP TRIGGER ballot_final_comes_only_at_the_count ON ballot_final",
    "DROP FUNCTION ballot_final_comes_only_at_the_count()",
    "DROP TRIGGER card_keying_goes_only_at_the_count ON card_keying",
    "DROP FUNCTION card_keying_goes_only_at_the_count()",
    "DROP TRIGGER card_goes_only_at_the_count ON card",
    "DROP FUNCTION card_goes_only_at_the_count()",
    "DROP TRIGGER receipt_goes_only_at_the_count ON receipt",
    "DROP FUNCTION receipt_goes_only_at_the_count()",
    "DROP TRIGGER ballot_goes_only_at_the_count ON ballot",
    "DROP FUNCTION ballot_goes_only_at_the_count()",
    "DROP TRIGGER participation_goes_only_at_the_count ON participation",
    "DROP FUNCTION participation_goes_only_at_the_count()",
)


def upgrade() -> None:
    _run(FORMER_SQLITE_DROPS, FORMER_POSTGRESQL_DROPS)
    # Another index of the table begins with the poll as well.
    op.drop_index("ix_ballot_poll", table_name="ballot")
    op.create_index(
        "ix_participation_on_paper",
        "participation",
        ["tenant_id", "poll_id"],
        sqlite_where=sa.text("channel = 'paper'"),
        postgresql_where=sa.text("channel = 'paper'"),
    )
    op.create_table(
        "count_stop",
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("approval_id", sa.Integer(), nullable=False),
        sa.Column("refusal", sa.Text(), nullable=False),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["approval_id"], ["approval.id"], name=op.f("fk_count_stop_approval_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "poll_id"],
            ["poll.tenant_id", "poll.id"],
            name=op.f("fk_count_stop_tenant_id_poll_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["municipality.id"], name=op.f("fk_count_stop_tenant_id")
        ),
        sa.PrimaryKeyConstraint("poll_id", "approval_id", name=op.f("pk_count_stop")),
    )
    op.create_index(op.f("ix_count_stop_tenant_id"), "count_stop", ["tenant_id"])
    _run(SQLITE_GUARDS, POSTGRESQL_GUARDS)


def downgrade() -> None:
    _run(SQLITE_DROPS, POSTGRESQL_DROPS)
    op.drop_table("count_stop")
    op.drop_index("ix_participation_on_paper", table_name="participation")
    op.create_index("ix_ballot_poll", "ballot", ["poll_id"])
    _run(FORMER_SQLITE_GUARDS, FORMER_POSTGRESQL_GUARDS)


def _run(sqlite: tuple[str, ...], postgresql: tuple[str, ...]) -> None:
    for statement in sqlite if op.get_bind().dialect.name == "sqlite" else postgresql:
        op.execute(statement)
